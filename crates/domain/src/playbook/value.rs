//! Values of facts and their units. Owns how a value is written for people; knows no fact by name.

use super::text::Text;
use crate::names::names;
use crate::time::{Micros, Span};

names! {
    /// What kind of value a fact has.
    Kind {
        Bool, "bool", "是否";
        Choice, "enum", "选项";
        Number, "number", "数值";
        Money, "money", "金额";
        Duration, "duration", "时长";
        Text, "text", "文本";
        Date, "date", "时间";
        Count, "count", "数量";
    }
}

names! {
    /// The unit of a number fact.
    Unit {
        Gram, "g", "克";
        Percent, "%", "%";
    }
}

/// A value of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// The position among the fact's choices.
    Choice(u16),
    /// In the fact's unit.
    Number(i64),
    /// Minor units of the order's currency.
    Money(i64),
    /// A length of time.
    Duration(Span),
    /// Words; never compared but for equality.
    Text(String),
    /// An instant.
    Date(Micros),
    /// A number of things.
    Count(i64),
}

impl Value {
    /// Its kind.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Bool(_) => Kind::Bool,
            Self::Choice(_) => Kind::Choice,
            Self::Number(_) => Kind::Number,
            Self::Money(_) => Kind::Money,
            Self::Duration(_) => Kind::Duration,
            Self::Text(_) => Kind::Text,
            Self::Date(_) => Kind::Date,
            Self::Count(_) => Kind::Count,
        }
    }

    /// The number behind a value that can be compared by size.
    pub const fn size(&self) -> Option<i64> {
        match self {
            Self::Number(n) | Self::Money(n) | Self::Count(n) => Some(*n),
            Self::Duration(span) => Some(span.0),
            Self::Date(at) => Some(at.0),
            Self::Bool(_) | Self::Choice(_) | Self::Text(_) => None,
        }
    }
}

/// Money as it is written: `30 元`, `29.90 元`.
pub fn money(minor: i64) -> String {
    let (sign, minor) = (if minor < 0 { "-" } else { "" }, minor.unsigned_abs());
    if minor % 100 == 0 { format!("{sign}{} 元", minor / 100) } else { format!("{sign}{}.{:02} 元", minor / 100, minor % 100) }
}

/// Money in a text to the buyer, always with both decimals: `30.00 元`.
pub fn money_in_full(minor: i64) -> String {
    let (sign, minor) = (if minor < 0 { "-" } else { "" }, minor.unsigned_abs());
    format!("{sign}{}.{:02} 元", minor / 100, minor % 100)
}

/// A number in its unit, as it is written in a condition.
pub fn number(n: i64, unit: Option<Unit>) -> String {
    match unit {
        Some(Unit::Gram) if n != 0 && n % 1_000 == 0 => format!("{} kg", n / 1_000),
        Some(Unit::Gram) => format!("{n} g"),
        Some(Unit::Percent) => format!("{n} %"),
        None => n.to_string(),
    }
}

/// A length as people say it, in at most two units: `31 h 20 min`, `4 d 3 h`.
pub fn length(span: Span) -> Text {
    const UNITS: [(i64, &str, &str); 4] = [(86_400, "d", "天"), (3_600, "h", "小时"), (60, "min", "分钟"), (1, "s", "秒")];
    let sign = if span.0 < 0 { "-" } else { "" };
    let seconds = (span.0 / 1_000_000).abs();
    // up to three days are easier to judge in hours
    let from = if seconds >= 3 * 86_400 { 0 } else { 1 };
    let first = (from..UNITS.len()).find(|i| seconds >= UNITS[*i].0).unwrap_or(UNITS.len() - 1);
    let (size, en, zh) = UNITS[first];
    let mut text = Text::new(format!("{sign}{} {zh}", seconds / size), format!("{sign}{} {en}", seconds / size));
    if let Some((small, en, zh)) = UNITS.get(first + 1)
        && seconds % size >= *small
    {
        let rest = seconds % size / small;
        text.zh.push_str(&format!(" {rest} {zh}"));
        text.en.push_str(&format!(" {rest} {en}"));
    }
    text
}

/// The local day and minute of an instant, `offset_min` minutes east of UTC: `2026-11-24 10:05`.
pub fn local_time(at: Micros, offset_min: i32) -> String {
    let local = at + Span::minutes(i64::from(offset_min));
    local.to_timestamp().strftime("%Y-%m-%d %H:%M").to_string()
}

/// The local day and time as it is said to a buyer: `2月10日 10:00`.
pub fn day_and_time(at: Micros, offset_min: i32) -> Text {
    let local = jiff::tz::TimeZone::UTC.to_datetime((at + Span::minutes(i64::from(offset_min))).to_timestamp());
    let zh = format!("{}月{}日 {}", local.month(), local.day(), local.strftime("%H:%M"));
    Text::new(zh, local.strftime("%-d %B, %H:%M").to_string())
}

/// The local day of an instant.
pub fn local_day(at: Micros, offset_min: i32) -> jiff::civil::Date {
    let local = at + Span::minutes(i64::from(offset_min));
    jiff::tz::TimeZone::UTC.to_datetime(local.to_timestamp()).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_lengths_are_written_for_people() {
        assert_eq!(
            (money(3_000), money(2_990), money_in_full(3_000), money(-5)),
            ("30 元".into(), "29.90 元".into(), "30.00 元".into(), "-0.05 元".into())
        );
        assert_eq!(
            (number(20_000, Some(Unit::Gram)), number(30, Some(Unit::Percent)), number(7, None)),
            ("20 kg".into(), "30 %".into(), "7".into())
        );
        let check = |span: Span, zh: &str, en: &str| assert_eq!(length(span), Text::new(zh, en));
        check(Span::hours(31), "31 小时", "31 h");
        check(Span::minutes(31 * 60 + 20), "31 小时 20 分钟", "31 h 20 min");
        check(Span::hours(99), "4 天 3 小时", "4 d 3 h");
        check(Span::seconds(0), "0 秒", "0 s");
        check(Span::minutes(-5), "-5 分钟", "-5 min");
    }

    #[test]
    fn the_local_day_is_the_shops() {
        let at = Micros::parse("2026-02-09T16:30:00Z").expect("a time");
        assert_eq!(local_day(at, 480).to_string(), "2026-02-10");
        assert_eq!(local_time(at, 480), "2026-02-10 00:30");
        assert_eq!(day_and_time(at, 480), Text::new("2月10日 00:30", "10 February, 00:30"));
    }
}
