//! Reads one condition line and checks it against the types of the catalogue. Owns the grammar.

use super::condition::{Op, Operand, Side, Test};
use super::length::Length;
use super::literal::{choice, size};
use super::tokens::{Token, Tokens};
use crate::playbook::catalogue::{Catalogue, Fact, FactId};
use crate::playbook::fault::Wrong;
use crate::playbook::value::{Kind, Value};

/// Values in one list.
const LIST_LIMIT: usize = 64;

/// Reads a condition line.
///
/// # Errors
/// The first thing that is wrong: what stands there, what should, and the nearest known name.
pub fn test(line: &str, catalogue: &Catalogue) -> Result<Test, Wrong> {
    let mut tokens = Tokens::of(line)?;
    let test = one(&mut tokens, catalogue)?;
    tokens.must_end()?;
    Ok(test)
}

fn one(tokens: &mut Tokens, catalogue: &Catalogue) -> Result<Test, Wrong> {
    let not = tokens.skip("not");
    let place = tokens.place();
    let id = fact(tokens, catalogue)?;
    let fact = catalogue.fact(id);
    let is_not_bool = |rest: &str| Wrong::new(format!("\"{}\", a fact of type {}", fact.name, fact.kind), rest).at(place);
    if not {
        return if fact.kind == Kind::Bool { Ok(Test::Is { fact: id, no: true }) } else { Err(is_not_bool("a bool fact after not")) };
    }
    if tokens.peek().is_none() {
        return if fact.kind == Kind::Bool { Ok(Test::Is { fact: id, no: false }) } else { Err(tokens.wrong(what_follows(fact))) };
    }
    if tokens.skip("is") {
        return is(tokens, id, fact);
    }
    match fact.kind {
        Kind::Bool => Err(tokens.wrong("the end of the line, is known or is unknown: a bool fact stands alone or after not")),
        Kind::Choice | Kind::Text => among(tokens, id, fact),
        Kind::Date => date(tokens, id, catalogue),
        Kind::Number | Kind::Money | Kind::Duration | Kind::Count => compare(tokens, id, fact, catalogue),
    }
}

fn is(tokens: &mut Tokens, id: FactId, fact: &Fact) -> Result<Test, Wrong> {
    let no = tokens.skip("not");
    if !no && tokens.skip("known") {
        return Ok(Test::Known { fact: id, no: false });
    }
    if !no && tokens.skip("unknown") {
        return Ok(Test::Known { fact: id, no: true });
    }
    match fact.kind {
        Kind::Choice | Kind::Text => Ok(Test::Among { fact: id, no, of: vec![one_value(tokens, fact)?], list: false }),
        _ => Err(tokens.wrong(format!("known or unknown, since {} is a {}", fact.name, fact.kind))),
    }
}

fn among(tokens: &mut Tokens, id: FactId, fact: &Fact) -> Result<Test, Wrong> {
    let no = tokens.skip("not");
    if !tokens.skip("in") {
        return Err(tokens.wrong(what_follows(fact)));
    }
    if !tokens.skip("[") {
        return Err(tokens.wrong("a list such as [a, b]"));
    }
    let mut of = vec![one_value(tokens, fact)?];
    while tokens.skip(",") {
        if of.len() == LIST_LIMIT {
            return Err(tokens.wrong(format!("at most {LIST_LIMIT} values")));
        }
        of.push(one_value(tokens, fact)?);
    }
    if !tokens.skip("]") {
        return Err(tokens.wrong("\",\" or \"]\""));
    }
    Ok(Test::Among { fact: id, no, of, list: true })
}

fn one_value(tokens: &mut Tokens, fact: &Fact) -> Result<Value, Wrong> {
    if fact.kind == Kind::Choice {
        return choice(tokens, fact);
    }
    let wrong = tokens.wrong("text in double quotes");
    match tokens.take() {
        Some(Token::Quoted(text)) => Ok(Value::Text(text)),
        _ => Err(wrong),
    }
}

fn date(tokens: &mut Tokens, id: FactId, catalogue: &Catalogue) -> Result<Test, Wrong> {
    let side = Side::ALL.iter().copied().find(|side| tokens.skip(side.as_str()));
    let Some(side) = side else { return Err(tokens.wrong(what_follows(catalogue.fact(id)))) };
    let wrong = tokens.wrong("a day such as 2026-02-10, or another date fact");
    let of = match tokens.peek() {
        Some(Token::Digits(digits)) => {
            let day = digits.parse().map(Operand::Day).map_err(|_| wrong)?;
            tokens.take();
            day
        }
        Some(Token::Word(_)) => Operand::Fact(fact_of(tokens, catalogue, Kind::Date)?),
        _ => return Err(wrong),
    };
    Ok(Test::Date { fact: id, side, of })
}

fn compare(tokens: &mut Tokens, id: FactId, fact: &Fact, catalogue: &Catalogue) -> Result<Test, Wrong> {
    let op = Op::ALL.iter().copied().find(|op| tokens.skip(op.as_str()));
    let Some(op) = op else { return Err(tokens.wrong(what_follows(fact))) };
    let with = match tokens.peek() {
        Some(Token::Word(_)) => Operand::Fact(fact_of(tokens, catalogue, fact.kind)?),
        _ if fact.kind == Kind::Duration => Operand::Length(Length::take(tokens)?),
        _ => Operand::Value(size(tokens, fact)?),
    };
    if let Operand::Fact(other) = with
        && catalogue.fact(other).unit != fact.unit
    {
        return Err(tokens.wrong(format!("a fact in the same unit as {}", fact.name)));
    }
    Ok(Test::Compare { fact: id, op, with })
}

/// The next token as a fact of the catalogue.
pub(super) fn fact(tokens: &mut Tokens, catalogue: &Catalogue) -> Result<FactId, Wrong> {
    let wrong = tokens.wrong("a fact of the catalogue");
    match tokens.take() {
        Some(Token::Word(name)) => catalogue.find(&name).ok_or_else(|| wrong.near(&name, catalogue.names())),
        _ => Err(wrong),
    }
}

/// The next token as a fact of one type.
pub(super) fn fact_of(tokens: &mut Tokens, catalogue: &Catalogue, kind: Kind) -> Result<FactId, Wrong> {
    let place = tokens.place();
    let id = fact(tokens, catalogue)?;
    let found = catalogue.fact(id);
    if found.kind == kind {
        Ok(id)
    } else {
        Err(Wrong::new(format!("\"{}\", a fact of type {}", found.name, found.kind), format!("a fact of type {kind}")).at(place))
    }
}

fn what_follows(fact: &Fact) -> String {
    let rest = match fact.kind {
        Kind::Bool => "the end of the line",
        Kind::Choice => "is, is not, in [...] or not in [...]",
        Kind::Text => "is, is not, in [...] or not in [...] with text in double quotes",
        Kind::Date => "before or since, is known or is unknown",
        Kind::Number | Kind::Money | Kind::Duration | Kind::Count => "one of >= <= > < = !=, is known or is unknown",
    };
    format!("{rest} after a fact of type {}", fact.kind)
}
