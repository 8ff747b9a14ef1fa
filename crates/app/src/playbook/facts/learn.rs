//! Writes facts by name. Owns the small conversions; a name the catalogue does not have is a fault of the program, found by a test.

use aftercare_domain::playbook::{Catalogue, Facts, Value};
use aftercare_domain::time::Micros;
use serde_json::Value as Json;

/// Facts being learned, and the instants at which time alone changes one of them.
pub(crate) struct Learner<'a> {
    pub facts: Facts,
    pub catalogue: &'a Catalogue,
    pub turns: Vec<Micros>,
}

impl<'a> Learner<'a> {
    pub(crate) fn new(catalogue: &'a Catalogue, now: Micros, offset_min: i32) -> Self {
        Self { facts: Facts::new(catalogue, now, offset_min), catalogue, turns: Vec::new() }
    }

    fn set(&mut self, name: &str, value: Value) {
        debug_assert!(self.catalogue.find(name).is_some_and(|id| self.catalogue.fact(id).kind == value.kind()), "{name} is no such fact");
        self.facts.set(self.catalogue, name, value);
    }

    pub(crate) fn is(&mut self, name: &str, yes: bool) {
        self.set(name, Value::Bool(yes));
    }

    pub(crate) fn money(&mut self, name: &str, minor: i64) {
        self.set(name, Value::Money(minor));
    }

    pub(crate) fn count(&mut self, name: &str, n: i64) {
        self.set(name, Value::Count(n));
    }

    pub(crate) fn text(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.set(name, Value::Text(text.to_owned()));
        }
    }

    /// One of the fact's choices; another word is not known.
    pub(crate) fn choice(&mut self, name: &str, code: &str) {
        if let Some(id) = self.catalogue.find(name)
            && let Some(value) = self.catalogue.fact(id).choice(code)
        {
            self.facts.put(id, Some(value));
        }
    }

    /// An instant, when it is known.
    pub(crate) fn date(&mut self, name: &str, at: Option<Micros>) {
        if let Some(at) = at {
            self.set(name, Value::Date(at));
        }
    }

    /// How long ago an instant was, when it is known.
    pub(crate) fn since(&mut self, name: &str, at: Option<Micros>) {
        if let Some(at) = at {
            let length = self.facts.since(at);
            self.set(name, Value::Duration(length));
        }
    }

    /// A value as people, products and orders carry it; anything that is not of the fact's type is left out.
    pub(crate) fn told(&mut self, name: &str, json: &Json) {
        let Some(id) = self.catalogue.find(name) else { return };
        if let Ok(value) = self.catalogue.fact(id).read(json) {
            self.facts.put(id, Some(value));
        }
    }

    /// Something that is true after an instant.
    pub(crate) fn after(&mut self, name: &str, at: Micros) {
        let (now, yes) = (self.facts.now, self.facts.now >= at);
        self.is(name, yes);
        if at > now {
            self.turns.push(at);
        }
    }

    /// The choice's code of a fact.
    pub(crate) fn code(&self, name: &str) -> &str {
        let Some(id) = self.catalogue.find(name) else { return "" };
        match self.facts.get(id) {
            Some(Value::Choice(i)) => self.catalogue.fact(id).code(*i),
            _ => "",
        }
    }

    /// Whether a bool fact is known to hold.
    pub(crate) fn holds(&self, name: &str) -> bool {
        self.facts.named(self.catalogue, name) == Some(&Value::Bool(true))
    }

    /// An instant by name.
    pub(crate) fn at(&self, name: &str) -> Option<Micros> {
        self.catalogue.find(name).and_then(|id| self.facts.date(id))
    }
}
