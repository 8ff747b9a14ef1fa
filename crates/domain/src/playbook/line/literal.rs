//! Literals of each type of fact: `30 元`, `20 kg`, `48 h`, `fresh`. Owns their reading.

use super::length::Length;
use super::tokens::{Token, Tokens};
use crate::playbook::catalogue::Fact;
use crate::playbook::fault::Wrong;
use crate::playbook::value::{Kind, Unit, Value};
use crate::time::Micros;

/// Reads a whole line as one value of this fact, as policy switches and people's answers give it.
///
/// # Errors
/// Says what stands there instead.
pub fn literal(line: &str, fact: &Fact) -> Result<Value, Wrong> {
    match fact.kind {
        Kind::Text => return Ok(Value::Text(line.to_owned())),
        Kind::Date => {
            return Micros::parse(line)
                .map(Value::Date)
                .ok_or_else(|| Wrong::new(format!("\"{line}\""), "a time such as 2026-11-24T10:05:00+08:00"));
        }
        _ => {}
    }
    let mut tokens = Tokens::of(line)?;
    let value = match fact.kind {
        Kind::Bool if tokens.skip("true") => Value::Bool(true),
        Kind::Bool if tokens.skip("false") => Value::Bool(false),
        Kind::Bool => return Err(tokens.wrong("true or false")),
        Kind::Choice => choice(&mut tokens, fact)?,
        Kind::Duration => Value::Duration(Length::take(&mut tokens)?.span()),
        _ => size(&mut tokens, fact)?,
    };
    tokens.must_end()?;
    Ok(value)
}

/// One of the fact's choices.
pub(super) fn choice(tokens: &mut Tokens, fact: &Fact) -> Result<Value, Wrong> {
    let codes = || fact.choices.iter().map(|(code, _)| code.as_str());
    let wrong = tokens.wrong(format!("one of {}", codes().collect::<Vec<_>>().join(", ")));
    match tokens.take() {
        Some(Token::Word(word)) => fact.choice(&word).ok_or_else(|| wrong.near(&word, codes())),
        _ => Err(wrong),
    }
}

/// A number, an amount of money or a count.
pub(super) fn size(tokens: &mut Tokens, fact: &Fact) -> Result<Value, Wrong> {
    match (fact.kind, fact.unit) {
        (Kind::Money, _) => money(tokens).map(Value::Money),
        (Kind::Number, Some(Unit::Gram)) => grams(tokens).map(Value::Number),
        (Kind::Number, Some(Unit::Percent)) => {
            let n = whole(tokens, "a share such as 30 %")?;
            if tokens.skip("%") { Ok(Value::Number(n)) } else { Err(tokens.wrong("%")) }
        }
        (Kind::Number, None) => whole(tokens, "a whole number").map(Value::Number),
        _ => whole(tokens, "a whole number").map(Value::Count),
    }
}

/// Money in major units with at most two decimals: `30 元`.
pub(super) fn money(tokens: &mut Tokens) -> Result<i64, Wrong> {
    const EXPECTED: &str = "an amount such as 30 元 or 29.90 元";
    let hundredths = hundredths(tokens, EXPECTED)?;
    if tokens.skip("元") { Ok(hundredths) } else { Err(tokens.wrong("元")) }
}

/// A number with at most two decimals, times a hundred.
pub(super) fn hundredths(tokens: &mut Tokens, expected: &str) -> Result<i64, Wrong> {
    let wrong = tokens.wrong(expected);
    let Some(Token::Digits(digits)) = tokens.take() else { return Err(wrong) };
    let (whole, part) = digits.split_once('.').unwrap_or((&digits, ""));
    let part_size: Option<i64> = match part.len() {
        0 if !digits.contains('.') => Some(0),
        1 => part.parse::<u8>().ok().map(|d| i64::from(d) * 10),
        2 => part.parse::<u8>().ok().map(i64::from),
        _ => None,
    };
    let whole: Option<i64> = if whole.len() <= 12 { whole.parse().ok() } else { None };
    whole.zip(part_size).map(|(whole, part)| whole * 100 + part).ok_or(wrong)
}

fn grams(tokens: &mut Tokens) -> Result<i64, Wrong> {
    let n = whole(tokens, "a weight such as 20 kg or 500 g")?;
    if tokens.skip("kg") {
        Ok(n * 1_000)
    } else if tokens.skip("g") {
        Ok(n)
    } else {
        Err(tokens.wrong("kg or g"))
    }
}

fn whole(tokens: &mut Tokens, expected: &str) -> Result<i64, Wrong> {
    let wrong = tokens.wrong(expected);
    match tokens.take() {
        Some(Token::Digits(digits)) if digits.len() <= 12 => digits.parse().map_err(|_| wrong),
        _ => Err(wrong),
    }
}
