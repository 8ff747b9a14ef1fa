//! Amounts: `lesser of return_freight.estimate and 10% of line.paid`. Owns their shape, reading and writing.

use super::literal::{hundredths, money};
use super::parse::{fact, fact_of};
use super::tokens::{Token, Tokens};
use crate::playbook::catalogue::{Catalogue, FactId};
use crate::playbook::fault::Wrong;
use crate::playbook::text::Text;
use crate::playbook::value::{self, Kind, Unit};

/// Parts of one amount.
const PART_LIMIT: usize = 8;

/// A share of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// Hundredths of a per cent.
    Fixed(i64),
    /// A number fact in per cent.
    Fact(FactId),
}

/// The smallest part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// Minor units.
    Money(i64),
    /// A money fact.
    Fact(FactId),
    /// A share of a money fact, rounded down.
    Share(Share, FactId),
    /// A whole multiple of a money fact.
    Times(i64, FactId),
}

/// Added or taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// plus
    Plus,
    /// minus, never below zero
    Minus,
}

/// A first term and what is added or taken away, from left to right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// The first.
    pub first: Term,
    /// The others.
    pub rest: Vec<(Step, Term)>,
}

/// An amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amount {
    /// One sum.
    Sum(Sum),
    /// The smallest of several.
    Lesser(Vec<Sum>),
    /// The greatest of several.
    Greater(Vec<Sum>),
}

/// Reads an amount.
///
/// # Errors
/// The first thing that is wrong.
pub fn amount(line: &str, catalogue: &Catalogue) -> Result<Amount, Wrong> {
    let mut tokens = Tokens::of(line)?;
    let (lesser, greater) = (tokens.skip("lesser"), tokens.skip("greater"));
    if !lesser && !greater {
        let sum = sum(&mut tokens, catalogue)?;
        tokens.must_end()?;
        return Ok(Amount::Sum(sum));
    }
    if !tokens.skip("of") {
        return Err(tokens.wrong("of"));
    }
    let mut parts = vec![sum(&mut tokens, catalogue)?];
    while tokens.skip("and") {
        if parts.len() == PART_LIMIT {
            return Err(tokens.wrong(format!("at most {PART_LIMIT} parts")));
        }
        parts.push(sum(&mut tokens, catalogue)?);
    }
    if parts.len() < 2 {
        return Err(tokens.wrong("and with another amount"));
    }
    tokens.must_end()?;
    Ok(if lesser { Amount::Lesser(parts) } else { Amount::Greater(parts) })
}

fn sum(tokens: &mut Tokens, catalogue: &Catalogue) -> Result<Sum, Wrong> {
    let first = term(tokens, catalogue)?;
    let mut rest = Vec::new();
    loop {
        let step = if tokens.skip("plus") {
            Step::Plus
        } else if tokens.skip("minus") {
            Step::Minus
        } else {
            return Ok(Sum { first, rest });
        };
        if rest.len() == PART_LIMIT {
            return Err(tokens.wrong(format!("at most {PART_LIMIT} parts")));
        }
        rest.push((step, term(tokens, catalogue)?));
    }
}

fn term(tokens: &mut Tokens, catalogue: &Catalogue) -> Result<Term, Wrong> {
    match tokens.peek() {
        Some(Token::Digits(_)) => from_number(tokens, catalogue),
        Some(Token::Word(_)) => from_fact(tokens, catalogue),
        _ => Err(tokens.wrong("an amount: 30 元, 10% of a fact, 3 times a fact, or a money fact")),
    }
}

fn from_number(tokens: &mut Tokens, catalogue: &Catalogue) -> Result<Term, Wrong> {
    let place = tokens.place();
    let mut ahead = tokens.clone();
    let n = hundredths(&mut ahead, "a number with at most two decimals")?;
    if ahead.skip("%") {
        *tokens = ahead;
        if !tokens.skip("of") {
            return Err(tokens.wrong("of and a money fact"));
        }
        return Ok(Term::Share(Share::Fixed(n), fact_of(tokens, catalogue, Kind::Money)?));
    }
    if ahead.skip("times") {
        if n % 100 != 0 {
            return Err(Wrong::new("a fraction", "a whole multiple; write a share with %").at(place));
        }
        *tokens = ahead;
        return Ok(Term::Times(n / 100, fact_of(tokens, catalogue, Kind::Money)?));
    }
    money(tokens).map(Term::Money)
}

fn from_fact(tokens: &mut Tokens, catalogue: &Catalogue) -> Result<Term, Wrong> {
    let place = tokens.place();
    let id = fact(tokens, catalogue)?;
    let found = catalogue.fact(id);
    match (found.kind, found.unit) {
        (Kind::Money, _) => Ok(Term::Fact(id)),
        (Kind::Number, Some(Unit::Percent)) => {
            if !tokens.skip("of") {
                return Err(tokens.wrong("of and a money fact"));
            }
            Ok(Term::Share(Share::Fact(id), fact_of(tokens, catalogue, Kind::Money)?))
        }
        _ => Err(Wrong::new(format!("\"{}\", a fact of type {}", found.name, found.kind), "a money fact or a share in %").at(place)),
    }
}

impl Amount {
    /// The sums it is made of.
    pub fn sums(&self) -> &[Sum] {
        match self {
            Self::Sum(sum) => std::slice::from_ref(sum),
            Self::Lesser(sums) | Self::Greater(sums) => sums,
        }
    }

    /// The canonical line in English; reading it gives the same amount. The Chinese is for people.
    pub fn show(&self, catalogue: &Catalogue) -> Text {
        let sums: Vec<Text> = self.sums().iter().map(|sum| sum.show(catalogue)).collect();
        let join = |by: &str, of: fn(&Text) -> &str| sums.iter().map(of).collect::<Vec<_>>().join(by);
        let (zh, en) = (join(" 与 ", |t| &t.zh), join(" and ", |t| &t.en));
        match self {
            Self::Sum(_) => Text::new(zh, en),
            Self::Lesser(_) => Text::new(format!("{zh} 取小"), format!("lesser of {en}")),
            Self::Greater(_) => Text::new(format!("{zh} 取大"), format!("greater of {en}")),
        }
    }
}

impl Sum {
    fn show(&self, catalogue: &Catalogue) -> Text {
        let mut text = self.first.show(catalogue);
        for (step, term) in &self.rest {
            let (zh, en) = if *step == Step::Plus { ("加", "plus") } else { ("减", "minus") };
            let term = term.show(catalogue);
            text = Text::new(format!("{} {zh} {}", text.zh, term.zh), format!("{} {en} {}", text.en, term.en));
        }
        text
    }
}

impl Term {
    fn show(self, catalogue: &Catalogue) -> Text {
        let named = |id: FactId| Text::new(catalogue.fact(id).label.zh.clone(), catalogue.fact(id).name.clone());
        match self {
            Self::Money(minor) => Text::new(value::money(minor), value::money(minor)),
            Self::Fact(id) => named(id),
            Self::Share(Share::Fixed(n), id) => {
                Text::new(format!("{}的 {}", named(id).zh, percent(n)), format!("{} of {}", percent(n), named(id).en))
            }
            Self::Share(Share::Fact(share), id) => {
                Text::new(format!("{}乘 {}", named(id).zh, named(share).zh), format!("{} of {}", named(share).en, named(id).en))
            }
            Self::Times(n, id) => Text::new(format!("{}的 {n} 倍", named(id).zh), format!("{n} times {}", named(id).en)),
        }
    }
}

fn percent(hundredths: i64) -> String {
    match (hundredths / 100, hundredths % 100) {
        (whole, 0) => format!("{whole}%"),
        (whole, part) if part % 10 == 0 => format!("{whole}.{}%", part / 10),
        (whole, part) => format!("{whole}.{part:02}%"),
    }
}
