//! Lengths of time as they are written: `36 h`. Owns their text form; the unit is kept as it was written.

use super::tokens::{Token, Tokens};
use crate::names::names;
use crate::playbook::fault::Wrong;
use crate::playbook::text::Text;
use crate::time::Span;
use std::fmt;

names! {
    /// The unit of a length.
    LengthUnit {
        Seconds, "s", "秒";
        Minutes, "min", "分钟";
        Hours, "h", "小时";
        Days, "d", "天";
    }
}

impl LengthUnit {
    const fn one(self) -> Span {
        match self {
            Self::Seconds => Span::seconds(1),
            Self::Minutes => Span::minutes(1),
            Self::Hours => Span::hours(1),
            Self::Days => Span::days(1),
        }
    }
}

/// A whole number of a unit; a day is 24 hours to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// How many.
    pub n: u32,
    /// Of what.
    pub unit: LengthUnit,
}

impl Length {
    /// The length itself.
    pub const fn span(self) -> Span {
        Span(self.unit.one().0 * self.n as i64)
    }

    /// For people.
    pub fn show(self) -> Text {
        Text::new(format!("{} {}", self.n, self.unit.zh()), self.to_string())
    }

    /// Reads `36 h`, `7 d`, `30 min`, `90 s`.
    ///
    /// # Errors
    /// Says what stands there instead.
    pub fn read(line: &str) -> Result<Self, Wrong> {
        let mut tokens = Tokens::of(line)?;
        let length = Self::take(&mut tokens)?;
        tokens.must_end()?;
        Ok(length)
    }

    pub(super) fn take(tokens: &mut Tokens) -> Result<Self, Wrong> {
        const EXPECTED: &str = "a length such as 36 h, 7 d, 30 min or 90 s";
        let Some(Token::Digits(digits)) = tokens.peek().cloned() else { return Err(tokens.wrong(EXPECTED)) };
        let n = digits.parse().map_err(|_| tokens.wrong(EXPECTED))?;
        tokens.take();
        let unit = match tokens.peek() {
            Some(Token::Word(word)) => LengthUnit::parse(word),
            _ => None,
        };
        let unit = unit.ok_or_else(|| tokens.wrong("the unit: d, h, min or s"))?;
        tokens.take();
        Ok(Self { n, unit })
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.n, self.unit)
    }
}
