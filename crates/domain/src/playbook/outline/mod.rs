//! A playbook's text as blocks and rows, each with its place, so that a screen can show sentences and edit the text behind them.
//!
//! Owns places and wording of rows. The text stays the one truth: nothing here writes, and faults are `pack`'s.

mod parts;
mod place;
mod shape;
mod walk;

pub use parts::Parts;
pub use shape::{KEYS, Key, Shape, word_sets};
pub use walk::outline;

use super::text::Text;
use serde::Serialize;

/// From where to where in the text, in UTF-16 units, as browsers count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// First unit.
    pub from: usize,
    /// Behind the last one.
    pub to: usize,
    /// Line of the start, from 1.
    pub line: usize,
    /// Line of the end.
    pub last_line: usize,
}

/// One table of the file; the head of the file comes first.
#[derive(Clone, Debug, Serialize)]
pub struct Block {
    /// `head`, `offer`, `closing` …
    pub table: &'static str,
    /// Its place among its kind, from 0.
    pub n: usize,
    /// Its id, where it has one.
    pub id: String,
    /// What people call it.
    pub title: Option<Text>,
    /// The whole block, its heading line included.
    pub at: Span,
    /// Whether it stands as a `[[table]]` of its own, so that it can change places with its neighbours.
    pub apart: bool,
    /// Its keys in the order of the text.
    pub rows: Vec<Row>,
    /// Keys it could have and has not.
    pub absent: Vec<&'static str>,
}

/// One key of a block, or of a small table in it (`promise.within`).
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Its name.
    pub key: String,
    /// What it holds.
    pub shape: Shape,
    /// The closed set its words come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set: Option<&'static str>,
    /// The value.
    pub at: Span,
    /// The key with its value, which is what taking it away takes; absent where it must stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whole: Option<Span>,
    /// For people; absent when the value cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<Text>,
    /// A single value as it is edited: without quotes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Both languages, each with its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub both: Option<Both>,
    /// Conditions or words, one by one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
}

/// A text in two languages.
#[derive(Clone, Debug, Serialize)]
pub struct Both {
    /// Chinese.
    pub zh: Placed,
    /// English.
    pub en: Placed,
}

/// A text and where it stands, quotes included.
#[derive(Clone, Debug, Serialize)]
pub struct Placed {
    /// The words.
    pub value: String,
    /// Their place.
    pub at: Span,
}

/// One condition, one group of conditions, or one word of a list.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    /// Its place, quotes included.
    pub at: Span,
    /// As it is edited: without quotes.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// For people; absent when it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<Text>,
    /// The parts of a condition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parts: Option<Parts>,
    /// `any` or `all`, of a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<&'static str>,
    /// The conditions of a group.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Self>,
}

#[cfg(test)]
mod tests;
