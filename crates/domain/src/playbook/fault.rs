//! Mistakes in playbook files, each with its place. Owns their form; a pack with one fault is not loaded.

use serde::{Deserialize, Serialize};
use std::fmt;

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Fault {
    /// Path of the file below `playbooks/`.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    /// What stands there.
    pub found: String,
    /// What should.
    pub expected: String,
    /// The known name closest to what stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest: Option<String>,
}

impl Fault {
    /// A fault at a byte offset of a file's text.
    pub(super) fn at(file: &str, text: &str, offset: usize, wrong: Wrong) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self {
            file: file.to_owned(),
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
            found: wrong.found,
            expected: wrong.expected,
            nearest: wrong.nearest,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: found {}, expected {}", self.file, self.line, self.column, self.found, self.expected)?;
        match &self.nearest {
            Some(name) => write!(f, "; did you mean {name}?"),
            None => Ok(()),
        }
    }
}

/// A mistake without its place in a file; `at` is a byte offset in the text that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Where in the text.
    pub at: usize,
    /// What stands there.
    pub found: String,
    /// What should.
    pub expected: String,
    /// The known name closest to it.
    pub nearest: Option<String>,
}

impl Wrong {
    /// A mistake at the start of the text.
    pub fn new(found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { at: 0, found: found.into(), expected: expected.into(), nearest: None }
    }

    /// The same at another place.
    #[must_use]
    pub fn at(mut self, at: usize) -> Self {
        self.at = at;
        self
    }

    /// The same with the nearest of the known names.
    #[must_use]
    pub fn near<'a>(mut self, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        self.nearest = super::text::nearest(name, known).map(str::to_owned);
        self
    }
}
