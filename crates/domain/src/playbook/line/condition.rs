//! Conditions: what a line says. Owns their shape and how they are written, canonical and in Chinese.

use super::length::Length;
use crate::names::names;
use crate::playbook::catalogue::{Catalogue, Fact, FactId};
use crate::playbook::text::Text;
use crate::playbook::value::{self, Value};

names! {
    /// A comparison by size.
    Op {
        AtLeast, ">=", "≥";
        AtMost, "<=", "≤";
        More, ">", ">";
        Less, "<", "<";
        Equal, "=", "=";
        NotEqual, "!=", "≠";
    }
}

names! {
    /// On which side of a day or instant.
    Side {
        Before, "before", "早于";
        Since, "since", "不早于";
    }
}

/// The right side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A literal.
    Value(Value),
    /// A length, which keeps its unit.
    Length(Length),
    /// A local day of the shop.
    Day(jiff::civil::Date),
    /// Another fact of the same type.
    Fact(FactId),
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// A bool fact is true, or (`no`) false.
    Is {
        /// Which.
        fact: FactId,
        /// Whether it has to be false.
        no: bool,
    },
    /// A comparison by size.
    Compare {
        /// Which.
        fact: FactId,
        /// How.
        op: Op,
        /// With what.
        with: Operand,
    },
    /// An enum or text fact is, or is not, among these values.
    Among {
        /// Which.
        fact: FactId,
        /// Whether it must not be among them.
        no: bool,
        /// The values; one for `is`.
        of: Vec<Value>,
        /// Whether it was written as a list.
        list: bool,
    },
    /// A date fact lies before, or not before, a day or another date.
    Date {
        /// Which.
        fact: FactId,
        /// On which side.
        side: Side,
        /// Of what.
        of: Operand,
    },
    /// Whether the fact is known; the only test that an absent fact answers.
    Known {
        /// Which.
        fact: FactId,
        /// Whether it has to be unknown.
        no: bool,
    },
}

/// A line, or a group of lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// One line.
    Test(Test),
    /// One of them.
    Any(Vec<Condition>),
    /// Every one of them.
    All(Vec<Condition>),
}

/// A list of conditions that have to hold together; an empty one holds.
pub type Conditions = Vec<Condition>;

impl Condition {
    /// Every single line in it.
    pub fn tests(&self) -> Vec<&Test> {
        match self {
            Self::Test(test) => vec![test],
            Self::Any(inner) | Self::All(inner) => inner.iter().flat_map(Self::tests).collect(),
        }
    }
}

impl Test {
    /// The fact it asks about.
    pub const fn fact(&self) -> FactId {
        match self {
            Self::Is { fact, .. }
            | Self::Compare { fact, .. }
            | Self::Among { fact, .. }
            | Self::Date { fact, .. }
            | Self::Known { fact, .. } => *fact,
        }
    }

    /// The fact it is compared with, when it is.
    pub const fn other(&self) -> Option<FactId> {
        match self {
            Self::Compare { with: Operand::Fact(other), .. } | Self::Date { of: Operand::Fact(other), .. } => Some(*other),
            _ => None,
        }
    }

    /// The canonical line; reading it gives the same test.
    pub fn line(&self, catalogue: &Catalogue) -> String {
        let fact = catalogue.fact(self.fact());
        let name = &fact.name;
        match self {
            Self::Is { no: false, .. } => name.clone(),
            Self::Is { no: true, .. } => format!("not {name}"),
            Self::Compare { op, with, .. } => format!("{name} {op} {}", operand(with, fact, catalogue).en),
            Self::Among { no, of, list: false, .. } => format!("{name} {} {}", if *no { "is not" } else { "is" }, codes(of, fact).join("")),
            Self::Among { no, of, .. } => format!("{name} {} [{}]", if *no { "not in" } else { "in" }, codes(of, fact).join(", ")),
            Self::Date { side, of, .. } => format!("{name} {side} {}", operand(of, fact, catalogue).en),
            Self::Known { no, .. } => format!("{name} is {}", if *no { "unknown" } else { "known" }),
        }
    }

    /// The line in both languages; the English is the canonical one.
    pub fn show(&self, catalogue: &Catalogue) -> Text {
        let fact = catalogue.fact(self.fact());
        let label = &fact.label.zh;
        let zh = match self {
            Self::Is { no, .. } => format!("{label}：{}", if *no { "否" } else { "是" }),
            Self::Compare { op, with, .. } => format!("{label} {} {}", op.zh(), operand(with, fact, catalogue).zh),
            Self::Among { no, of, .. } => format!("{label}{} {}", if *no { "不是" } else { "是" }, labels(of, fact).join("、")),
            Self::Date { side, of, .. } => format!("{label} {} {}", side.zh(), operand(of, fact, catalogue).zh),
            Self::Known { no, .. } => format!("{label}{}", if *no { "未知" } else { "已知" }),
        };
        Text::new(zh, self.line(catalogue))
    }
}

fn operand(operand: &Operand, fact: &Fact, catalogue: &Catalogue) -> Text {
    match operand {
        Operand::Value(value) => show(value, fact, 0),
        Operand::Length(length) => length.show(),
        Operand::Day(day) => Text::new(day.to_string(), day.to_string()),
        Operand::Fact(other) => Text::new(catalogue.fact(*other).label.zh.clone(), catalogue.fact(*other).name.clone()),
    }
}

fn codes(of: &[Value], fact: &Fact) -> Vec<String> {
    of.iter().map(|value| show(value, fact, 0).en).collect()
}

fn labels(of: &[Value], fact: &Fact) -> Vec<String> {
    of.iter().map(|value| show(value, fact, 0).zh).collect()
}

/// A value of a fact for people, as it also stands in a line.
pub fn show(value: &Value, fact: &Fact, offset_min: i32) -> Text {
    let same = |text: String| Text::new(text.clone(), text);
    match value {
        Value::Bool(true) => Text::new("是", "true"),
        Value::Bool(false) => Text::new("否", "false"),
        Value::Choice(i) => fact.choices.get(usize::from(*i)).map(|(code, zh)| Text::new(zh, code)).unwrap_or_default(),
        Value::Number(n) => same(value::number(*n, fact.unit)),
        Value::Money(minor) => same(value::money(*minor)),
        Value::Duration(span) => value::length(*span),
        Value::Text(text) => same(format!("\"{text}\"")),
        Value::Date(at) => same(value::local_time(*at, offset_min)),
        Value::Count(n) => same(n.to_string()),
    }
}
