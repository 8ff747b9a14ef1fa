//! Decides lines and amounts over known facts. Owns what each operator means.

use super::facts::Facts;
use super::truth::Truth;
use crate::playbook::catalogue::FactId;
use crate::playbook::line::{Amount, Condition, Op, Operand, Share, Side, Step, Sum, Term, Test};
use crate::playbook::value::{Value, local_day};

/// Whether every one holds; an empty list holds.
pub fn all(conditions: &[Condition], facts: &Facts) -> Truth {
    conditions.iter().fold(Truth::Yes, |so_far, one| so_far.and(condition(one, facts)))
}

/// Whether one of them holds; an empty list does not.
pub fn any(conditions: &[Condition], facts: &Facts) -> Truth {
    conditions.iter().fold(Truth::No, |so_far, one| so_far.or(condition(one, facts)))
}

/// Whether a line or group of lines holds.
pub fn condition(condition: &Condition, facts: &Facts) -> Truth {
    match condition {
        Condition::Test(line) => test(line, facts),
        Condition::Any(inner) => any(inner, facts),
        Condition::All(inner) => all(inner, facts),
    }
}

/// Whether a line holds.
pub fn test(line: &Test, facts: &Facts) -> Truth {
    let value = facts.get(line.fact());
    if let Test::Known { no, .. } = line {
        return Truth::of(value.is_some() != *no);
    }
    let Some(value) = value else { return Truth::Unknown };
    match line {
        Test::Is { no, .. } => Truth::of((*value == Value::Bool(true)) != *no),
        Test::Among { no, of, .. } => Truth::of(of.contains(value) != *no),
        Test::Compare { op, with, .. } => match (value.size(), size_of(with, facts)) {
            (Some(left), Some(right)) => Truth::of(holds(*op, left, right)),
            _ => Truth::Unknown,
        },
        Test::Date { side, of, .. } => date(*side, value, of, facts),
        Test::Known { .. } => Truth::Unknown,
    }
}

fn holds(op: Op, left: i64, right: i64) -> bool {
    match op {
        Op::AtLeast => left >= right,
        Op::AtMost => left <= right,
        Op::More => left > right,
        Op::Less => left < right,
        Op::Equal => left == right,
        Op::NotEqual => left != right,
    }
}

fn size_of(operand: &Operand, facts: &Facts) -> Option<i64> {
    match operand {
        Operand::Value(value) => value.size(),
        Operand::Length(length) => Some(length.span().0),
        Operand::Fact(other) => facts.get(*other).and_then(Value::size),
        Operand::Day(_) => None,
    }
}

fn date(side: Side, value: &Value, of: &Operand, facts: &Facts) -> Truth {
    let Value::Date(at) = value else { return Truth::Unknown };
    let before = match of {
        Operand::Day(day) => local_day(*at, facts.offset_min) < *day,
        Operand::Fact(other) => match facts.date(*other) {
            Some(other) => *at < other,
            None => return Truth::Unknown,
        },
        Operand::Value(_) | Operand::Length(_) => return Truth::Unknown,
    };
    Truth::of(before == (side == Side::Before))
}

/// An amount in minor units, never negative.
///
/// # Errors
/// The first fact that nobody knows.
pub fn amount(amount: &Amount, facts: &Facts) -> Result<i64, FactId> {
    let sums = amount.sums().iter().map(|one| sum(one, facts)).collect::<Result<Vec<i64>, FactId>>()?;
    let chosen = match amount {
        Amount::Sum(_) | Amount::Lesser(_) => sums.into_iter().min(),
        Amount::Greater(_) => sums.into_iter().max(),
    };
    Ok(chosen.unwrap_or(0).max(0))
}

fn sum(sum: &Sum, facts: &Facts) -> Result<i64, FactId> {
    let mut total = term(sum.first, facts)?;
    for (step, part) in &sum.rest {
        let part = term(*part, facts)?;
        total = match step {
            Step::Plus => total.saturating_add(part),
            Step::Minus => total.saturating_sub(part).max(0),
        };
    }
    Ok(total)
}

fn term(term: Term, facts: &Facts) -> Result<i64, FactId> {
    let of = |id: FactId| facts.get(id).and_then(Value::size).ok_or(id);
    match term {
        Term::Money(minor) => Ok(minor),
        Term::Fact(id) => of(id),
        Term::Share(Share::Fixed(hundredths), id) => Ok(part(of(id)?, hundredths)),
        Term::Share(Share::Fact(share), id) => Ok(part(of(id)?, of(share)?.saturating_mul(100))),
        Term::Times(n, id) => Ok(of(id)?.saturating_mul(n)),
    }
}

/// A share in hundredths of a per cent, rounded down.
fn part(minor: i64, hundredths: i64) -> i64 {
    let exact = i128::from(minor) * i128::from(hundredths) / 10_000;
    i64::try_from(exact).unwrap_or(i64::MAX)
}
