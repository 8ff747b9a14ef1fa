//! Comparing what is expected with what is there. Owns the forms an expected value may have.

use super::times;
use aftercare_domain::money::units;
use aftercare_domain::time::{Micros, Span};
use serde_json::{Map, Value};

/// What expectations are read against.
#[derive(Clone, Copy)]
pub struct At {
    /// The story's present.
    pub now: Micros,
    /// Its beginning.
    pub start: Micros,
}

/// 元 as written, in fen.
pub fn fen(value: &Value) -> Result<i64, String> {
    let number = value.as_f64().ok_or_else(|| format!("expected an amount in 元, got {value}"))?;
    let fen = (number * 100.0).round();
    if (number * 100.0 - fen).abs() > 1e-6 || fen.abs() > 1e15 {
        return Err(format!("{value}: an amount has at most two decimals"));
    }
    Ok(fen as i64)
}

/// The differences between the fields expected and a row; empty when they agree.
pub fn row(at: At, expected: &Map<String, Value>, actual: &Value) -> Vec<String> {
    expected.iter().filter_map(|(name, wanted)| field(at, name, wanted, actual)).collect()
}

/// One field: by its own name, else as the `_minor` field that 元 are compared with.
pub fn field(at: At, name: &str, wanted: &Value, actual: &Value) -> Option<String> {
    let found = super::path::find(actual, name);
    let minor = super::path::find(actual, &format!("{name}_minor"));
    if found.is_null() && !minor.is_null() {
        return match amount(wanted, &minor) {
            Ok(true) => None,
            Ok(false) => Some(format!("{name}: expected {}, found {}", shown(wanted), yuan(&minor))),
            Err(why) => Some(format!("{name}: {why}")),
        };
    }
    (!agrees(at, wanted, &found)).then(|| format!("{name}: expected {}, found {}", shown(wanted), shown(&found)))
}

fn amount(wanted: &Value, minor: &Value) -> Result<bool, String> {
    match wanted.as_str() {
        Some(text) => {
            let (operator, number) = operator(text).ok_or_else(|| format!("expected an amount, got {wanted}"))?;
            let number: f64 = number.parse().map_err(|_| format!("expected an amount, got {wanted}"))?;
            Ok(holds(operator, minor.as_f64().unwrap_or(f64::NAN), number * 100.0))
        }
        None => Ok(minor.as_i64() == Some(fen(wanted)?)),
    }
}

/// Whether a value is what was expected.
pub fn agrees(at: At, wanted: &Value, found: &Value) -> bool {
    match (wanted, found) {
        (Value::String(text), _) if text == "(absent)" => found.is_null(),
        (Value::String(text), _) if text == "(present)" => !found.is_null(),
        (Value::String(text), _) if operator(text).is_some() => operator(text).is_some_and(|(sign, right)| compares(sign, right, found)),
        (Value::String(text), Value::String(there)) => text == there || same_time(at, text, there),
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        // Refusals and some rows carry numbers as text.
        (Value::Number(a), Value::String(b)) => b.parse().ok() == a.as_f64(),
        (Value::Object(fields), Value::Object(_)) => row(at, fields, found).is_empty(),
        (Value::Array(rows), Value::Array(there)) => {
            rows.len() == there.len() && rows.iter().zip(there).all(|(wanted, found)| agrees(at, wanted, found))
        }
        _ => wanted == found,
    }
}

fn same_time(at: At, wanted: &str, found: &str) -> bool {
    let Some(there) = Micros::parse(found) else { return false };
    times::instant(wanted, at.now, at.start).is_some_and(|wanted| (wanted - there).0.abs() <= Span::seconds(1).0)
}

fn operator(text: &str) -> Option<(&str, &str)> {
    let (sign, right) = text.split_once(' ')?;
    [">=", "<=", ">", "<", "!=", "~"].contains(&sign).then_some((sign, right.trim()))
}

fn compares(sign: &str, right: &str, found: &Value) -> bool {
    let text = super::path::plain(found);
    match sign {
        "~" => text.contains(right),
        "!=" => text != right,
        _ => match (text.parse::<f64>(), right.parse::<f64>()) {
            (Ok(left), Ok(right)) => holds(sign, left, right),
            _ => false,
        },
    }
}

fn holds(sign: &str, left: f64, right: f64) -> bool {
    match sign {
        ">=" => left >= right,
        "<=" => left <= right,
        ">" => left > right,
        "<" => left < right,
        "!=" => left != right,
        _ => false,
    }
}

fn yuan(minor: &Value) -> String {
    minor.as_i64().map_or_else(|| minor.to_string(), units)
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => format!("“{text}”"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_compared_as_written() {
        let start = Micros::parse("2026-11-24T10:00:00+08:00").expect("a time");
        let at = At { now: start, start };
        let check = |wanted: Value, found: Value, expect: bool| assert_eq!(agrees(at, &wanted, &found), expect, "{wanted} {found}");
        check(json!("open"), json!("open"), true);
        check(json!("open"), json!("kept"), false);
        check(json!(2), json!(2), true);
        check(json!("+24 h"), json!("2026-11-25T02:00:00Z"), true);
        check(json!("day 2 10:00"), json!("2026-11-25T02:00:05Z"), false);
        check(json!(">= 2"), json!(3), true);
        check(json!("> 3"), json!(3), false);
        check(json!("~ 打款"), json!("明天打款"), true);
        check(json!("!= x"), json!("x"), false);
        check(json!("(absent)"), Value::Null, true);
        check(json!("(present)"), Value::Null, false);
        check(json!({ "a": 1 }), json!({ "a": 1, "b": 2 }), true);
        check(json!(["a"]), json!(["a", "b"]), false);
    }

    #[test]
    fn amounts_are_yuan_where_the_field_is_fen() {
        let start = Micros(0);
        let at = At { now: start, start };
        let row = json!({ "refunded_minor": 3997, "n": 1 });
        let check =
            |name: &str, wanted: Value, expect: bool| assert_eq!(field(at, name, &wanted, &row).is_none(), expect, "{name} {wanted}");
        check("refunded", json!(39.97), true);
        check("refunded", json!(39.98), false);
        check("refunded", json!("<= 40"), true);
        check("refunded_minor", json!(3997), true);
        check("refunded", json!("x"), false);
        assert_eq!(fen(&json!(598)), Ok(59_800));
        assert!(fen(&json!(0.001)).is_err());
    }
}
