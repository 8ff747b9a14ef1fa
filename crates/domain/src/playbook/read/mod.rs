//! Reads TOML tables by their keys and notes every mistake with its place. Owns the walking; what a table means stands in `table`.

mod file;
mod lines;
mod plain;

pub(super) use file::{Entry, File, file};
pub(super) use lines::Lines;
pub use lines::Said;
pub(super) use plain::{Id, name, read_names};

use super::catalogue::Catalogue;
use super::fault::{Fault, Wrong};
use toml::de::{DeTable, DeValue};

/// What a definition or a reference is about. Ids are unique within one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Noun {
    Step,
    Offer,
    Deadline,
    Rule,
    Script,
    Call,
    Window,
    Exception,
    Criterion,
}

impl Noun {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Offer => "offer",
            Self::Deadline => "deadline",
            Self::Rule => "rule",
            Self::Script => "script",
            Self::Call => "call",
            Self::Window => "window",
            Self::Exception => "exception",
            Self::Criterion => "criterion",
        }
    }
}

/// An id that a table defines or speaks of, with its place.
#[derive(Clone, Debug)]
pub(super) struct Mention {
    pub noun: Noun,
    pub id: String,
    pub at: usize,
}

/// One file being read.
pub(super) struct Reading<'a> {
    pub file: &'a str,
    pub text: &'a str,
    pub catalogue: &'a Catalogue,
    pub faults: Vec<Fault>,
    /// Ids defined by the tables read so far.
    pub defined: Vec<Mention>,
    /// Ids spoken of by the tables read so far.
    pub spoken_of: Vec<Mention>,
}

/// A value in the file and where it starts.
#[derive(Clone, Copy)]
pub(super) struct Node<'n> {
    pub value: &'n DeValue<'n>,
    pub at: usize,
}

/// Something that stands in a playbook file.
pub(super) trait Read: Sized {
    /// Reads it; on a mistake the fault is noted and there is nothing.
    fn read(reading: &mut Reading<'_>, node: Node<'_>) -> Option<Self>;
    /// Stands in for what could not be read; a pack with a fault is never used.
    fn blank() -> Self;
}

impl<'a> Reading<'a> {
    pub(super) fn new(file: &'a str, text: &'a str, catalogue: &'a Catalogue) -> Self {
        Self { file, text, catalogue, faults: Vec::new(), defined: Vec::new(), spoken_of: Vec::new() }
    }

    /// Notes a fault at a byte offset of the file.
    pub(super) fn fault(&mut self, at: usize, wrong: Wrong) {
        self.faults.push(Fault::at(self.file, self.text, at, wrong));
    }

    /// Notes that something else should stand at this node.
    pub(super) fn not(&mut self, node: Node<'_>, expected: impl Into<String>) {
        self.fault(node.at, Wrong::new(show(node.value), expected));
    }

    /// The keys of a table.
    pub(super) fn fields<'r, 'n>(&'r mut self, node: Node<'n>) -> Option<Fields<'r, 'a, 'n>> {
        match node.value {
            DeValue::Table(table) => Some(Fields { reading: self, table, at: node.at, asked: Vec::new() }),
            _ => {
                self.not(node, "a table { key = value }");
                None
            }
        }
    }
}

/// A table whose keys are taken one by one; what nobody asked for is a fault.
pub(super) struct Fields<'r, 'a, 'n> {
    pub reading: &'r mut Reading<'a>,
    table: &'n DeTable<'n>,
    pub at: usize,
    asked: Vec<&'static str>,
}

impl<'n> Fields<'_, '_, 'n> {
    /// The value under a key.
    pub(super) fn node(&mut self, key: &'static str) -> Option<Node<'n>> {
        self.asked.push(key);
        self.table.get(key).map(|value| Node { value: value.get_ref(), at: value.span().start })
    }

    /// An optional value.
    pub(super) fn opt<T: Read>(&mut self, key: &'static str) -> Option<T> {
        let node = self.node(key)?;
        T::read(self.reading, node)
    }

    /// A value with a default.
    pub(super) fn or<T: Read>(&mut self, key: &'static str, default: T) -> T {
        self.opt(key).unwrap_or(default)
    }

    /// A value that has to be there.
    pub(super) fn need<T: Read>(&mut self, key: &'static str) -> T {
        let Some(node) = self.node(key) else {
            self.reading.fault(self.at, Wrong::new("a table without it", format!("the key {key}")));
            return T::blank();
        };
        T::read(self.reading, node).unwrap_or_else(T::blank)
    }

    /// The id that names this table.
    pub(super) fn define(&mut self, noun: Noun) -> String {
        let at = self.table.get("id").map_or(self.at, |value| value.span().start);
        let id: plain::Id = self.need("id");
        self.reading.defined.push(Mention { noun, id: id.0.clone(), at });
        id.0
    }

    /// An optional id of something defined elsewhere.
    pub(super) fn refer(&mut self, key: &'static str, noun: Noun) -> Option<String> {
        let node = self.node(key)?;
        let id = plain::Id::read(self.reading, node)?;
        self.reading.spoken_of.push(Mention { noun, id: id.0.clone(), at: node.at });
        Some(id.0)
    }

    /// A list of ids of things defined elsewhere.
    pub(super) fn refer_all(&mut self, key: &'static str, noun: Noun) -> Vec<String> {
        let Some(node) = self.node(key) else { return Vec::new() };
        let DeValue::Array(array) = node.value else {
            self.reading.not(node, "a list of ids");
            return Vec::new();
        };
        let mut ids = Vec::new();
        for item in array {
            let node = Node { value: item.get_ref(), at: item.span().start };
            if let Some(id) = plain::Id::read(self.reading, node) {
                self.reading.spoken_of.push(Mention { noun, id: id.0.clone(), at: node.at });
                ids.push(id.0);
            }
        }
        ids
    }

    /// Notes a fault at a key, or at the table where the key is absent.
    pub(super) fn fault_at(&mut self, key: &str, wrong: Wrong) {
        let at = self.table.get(key).map_or(self.at, |value| value.span().start);
        self.reading.fault(at, wrong);
    }

    /// Notes a fault unless exactly one of these keys is there.
    pub(super) fn exactly_one(&mut self, keys: &[&str]) {
        let present: Vec<&str> = keys.iter().copied().filter(|key| self.table.contains_key(*key)).collect();
        let expected = || format!("exactly one of {}", keys.join(", "));
        match present.as_slice() {
            [_] => {}
            [] => self.reading.fault(self.at, Wrong::new("a table without any of them", expected())),
            [_, second, ..] => self.fault_at(second, Wrong::new(present.join(" and "), expected())),
        }
    }

    /// Every key has been asked for now; any other is a fault.
    pub(super) fn done(self) {
        let Self { reading, table, asked, .. } = self;
        for key in table.keys() {
            let name: &str = key.get_ref();
            if !asked.contains(&name) {
                let expected = format!("one of the keys {}", asked.join(", "));
                reading.fault(key.span().start, Wrong::new(format!("the key {name}"), expected).near(name, asked.iter().copied()));
            }
        }
    }
}

/// What stands there, for a fault.
fn show(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("\"{text}\""),
        DeValue::Integer(n) => n.to_string(),
        DeValue::Boolean(b) => b.to_string(),
        DeValue::Datetime(at) => at.to_string(),
        DeValue::Float(_) => "a fraction".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}
