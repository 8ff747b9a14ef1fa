//! Fills texts with what is known. Owns how a value reads in a sentence to the buyer.

use crate::playbook::catalogue::{Catalogue, Fact};
use crate::playbook::eval::Facts;
use crate::playbook::read::Said;
use crate::playbook::text::Text;
use crate::playbook::value::{self, Value};
use std::collections::BTreeMap;

/// Values of script variables that are no facts, by name.
#[derive(Clone, Debug, Default)]
pub struct Variables(BTreeMap<&'static str, Text>);

impl Variables {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same words in both languages.
    pub fn set(&mut self, name: &'static str, words: impl Into<String>) {
        let words = words.into();
        self.0.insert(name, Text::new(words.clone(), words));
    }

    /// An amount, minor units.
    pub fn money(&mut self, name: &'static str, minor: i64) {
        self.set(name, value::money_in_full(minor));
    }

    /// An instant, in the shop's local time.
    pub fn time(&mut self, name: &'static str, at: crate::time::Micros, offset_min: i32) {
        self.0.insert(name, value::day_and_time(at, offset_min));
    }
}

/// A text with its variables filled in; what is not known stays in braces and is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The text.
    pub text: Text,
    /// Names of variables that nobody knows, each once.
    pub missing: Vec<String>,
}

impl Filled {
    /// The text when nothing is missing.
    pub fn complete(&self) -> Option<&Text> {
        self.missing.is_empty().then_some(&self.text)
    }
}

/// Fills both languages of a text.
pub fn fill(said: &Said, facts: &Facts, catalogue: &Catalogue, variables: &Variables) -> Filled {
    let mut missing = Vec::new();
    let mut one = |words: &str, chinese: bool| {
        let mut filled = String::with_capacity(words.len());
        let mut parts = words.split('{');
        filled.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let (name, rest) = part.split_once('}').unwrap_or((part, ""));
            match known(name, facts, catalogue, variables) {
                Some(text) => filled.push_str(text.of(chinese)),
                None => {
                    filled.push_str(&format!("{{{name}}}"));
                    if !missing.iter().any(|known| known == name) {
                        missing.push(name.to_owned());
                    }
                }
            }
            filled.push_str(rest);
        }
        filled
    };
    let text = Text::new(one(&said.0.zh, true), one(&said.0.en, false));
    Filled { text, missing }
}

fn known(name: &str, facts: &Facts, catalogue: &Catalogue, variables: &Variables) -> Option<Text> {
    if let Some(words) = variables.0.get(name) {
        return Some(words.clone());
    }
    let id = catalogue.find(name)?;
    facts.get(id).map(|value| in_words(value, catalogue.fact(id), facts.offset_min))
}

fn in_words(value: &Value, fact: &Fact, offset_min: i32) -> Text {
    let same = |words: String| Text::new(words.clone(), words);
    match value {
        Value::Bool(yes) => Text::new(if *yes { "是" } else { "否" }, if *yes { "yes" } else { "no" }),
        Value::Choice(i) => {
            let (code, zh) = fact.choices.get(usize::from(*i)).cloned().unwrap_or_default();
            Text::new(zh, code.replace('_', " "))
        }
        Value::Number(n) => same(value::number(*n, fact.unit)),
        Value::Money(minor) => same(value::money_in_full(*minor)),
        Value::Duration(span) => value::length(*span),
        Value::Text(text) => same(text.clone()),
        Value::Date(at) => value::day_and_time(*at, offset_min),
        Value::Count(n) => same(n.to_string()),
    }
}
