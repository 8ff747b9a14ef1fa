//! A condition taken apart for editing: fact, comparison, values. Owns how they are named.

use crate::playbook::catalogue::Catalogue;
use crate::playbook::line::{Operand, Test, show};
use serde::Serialize;

/// `evidence.photos`, `>=`, `2`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parts {
    /// The fact it asks about.
    pub fact: String,
    /// `yes`, `no`, `known`, `unknown`, `is`, `is not`, `in`, `not in`, `before`, `since`, or a comparison by size.
    pub op: &'static str,
    /// What it is compared with, as written.
    pub values: Vec<String>,
    /// Compared with another fact instead of a value.
    pub with_fact: bool,
}

impl Parts {
    /// The parts of a test.
    pub fn of(test: &Test, catalogue: &Catalogue) -> Self {
        let fact = catalogue.fact(test.fact());
        let written = |operand: &Operand| match operand {
            Operand::Value(value) => show(value, fact, 0).en,
            Operand::Length(length) => length.to_string(),
            Operand::Day(day) => day.to_string(),
            Operand::Fact(other) => catalogue.fact(*other).name.clone(),
        };
        let (op, values) = match test {
            Test::Is { no, .. } => (if *no { "no" } else { "yes" }, Vec::new()),
            Test::Known { no, .. } => (if *no { "unknown" } else { "known" }, Vec::new()),
            Test::Compare { op, with, .. } => (op.as_str(), vec![written(with)]),
            Test::Date { side, of, .. } => (side.as_str(), vec![written(of)]),
            Test::Among { no, of, list, .. } => {
                let op = match (no, list) {
                    (false, false) => "is",
                    (true, false) => "is not",
                    (false, true) => "in",
                    (true, true) => "not in",
                };
                (op, of.iter().map(|value| show(value, fact, 0).en.trim_matches('"').to_owned()).collect())
            }
        };
        Self { fact: fact.name.clone(), op, values, with_fact: test.other().is_some() }
    }
}
