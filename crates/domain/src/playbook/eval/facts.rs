//! What is known about one case at one moment. Owns the values by fact; absent is not zero.

use crate::playbook::catalogue::{Catalogue, FactId};
use crate::playbook::value::Value;
use crate::time::{Micros, Span};

/// The known facts of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    values: Vec<Option<Value>>,
    /// The present.
    pub now: Micros,
    /// The shop's local days, minutes east of UTC.
    pub offset_min: i32,
}

impl Facts {
    /// Nothing known yet.
    pub fn new(catalogue: &Catalogue, now: Micros, offset_min: i32) -> Self {
        Self { values: vec![None; catalogue.len()], now, offset_min }
    }

    /// The value of a fact, when somebody knows it.
    pub fn get(&self, id: FactId) -> Option<&Value> {
        self.values.get(id.index())?.as_ref()
    }

    /// Learns a fact. A name that the catalogue does not have, or a value of another type, is left out.
    pub fn set(&mut self, catalogue: &Catalogue, name: &str, value: Value) {
        if let Some(id) = catalogue.find(name).filter(|id| catalogue.fact(*id).kind == value.kind()) {
            self.values[id.index()] = Some(value);
        }
    }

    /// Learns a fact, or that it is not known.
    pub fn put(&mut self, id: FactId, value: Option<Value>) {
        self.values[id.index()] = value;
    }

    /// The value by name.
    pub fn named(&self, catalogue: &Catalogue, name: &str) -> Option<&Value> {
        catalogue.find(name).and_then(|id| self.get(id))
    }

    /// An instant by name.
    pub fn date(&self, id: FactId) -> Option<Micros> {
        match self.get(id) {
            Some(Value::Date(at)) => Some(*at),
            _ => None,
        }
    }

    /// How long ago an instant was; never negative.
    pub fn since(&self, at: Micros) -> Span {
        Span((self.now - at).0.max(0))
    }
}
