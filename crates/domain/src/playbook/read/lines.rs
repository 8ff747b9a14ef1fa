//! Lines inside a file: conditions, amounts, anchors and texts with variables. Owns the way from a place in a line to a place in the file.

use super::{Fields, Node, Read, Reading};
use crate::playbook::catalogue::FactId;
use crate::playbook::fault::Wrong;
use crate::playbook::line::{Amount, Condition, Conditions, Sum, Term, amount, test};
use crate::playbook::text::Text;
use crate::playbook::value::Kind;
use toml::de::DeValue;

/// How deep groups of conditions may be nested, the list itself included.
const DEPTH_LIMIT: usize = 4;
/// Entries of one list of conditions.
const WIDTH_LIMIT: usize = 40;

/// The place in the file of a place in a text value: behind its opening quotes.
pub(super) fn inside(file: &str, value_at: usize, at: usize) -> usize {
    let quotes = if file[value_at..].starts_with("\"\"\"") || file[value_at..].starts_with("'''") { 3 } else { 1 };
    let place = (value_at + quotes + at).min(file.len());
    // escapes in the text may shift the place; it stays at the start of a letter
    (0..=place).rev().find(|i| file.is_char_boundary(*i)).unwrap_or(value_at)
}

impl Read for Condition {
    fn read(reading: &mut Reading<'_>, node: Node<'_>) -> Option<Self> {
        one(reading, node, 2)
    }
    fn blank() -> Self {
        Self::All(Vec::new())
    }
}

fn one(reading: &mut Reading<'_>, node: Node<'_>, depth: usize) -> Option<Condition> {
    if let DeValue::String(text) = node.value {
        let read = test(text, reading.catalogue);
        return read.map_err(|wrong| reading.fault(inside(reading.text, node.at, wrong.at), wrong)).ok().map(Condition::Test);
    }
    if !matches!(node.value, DeValue::Table(_)) {
        reading.not(node, "a condition in quotes, { any = [ … ] } or { all = [ … ] }");
        return None;
    }
    if depth > DEPTH_LIMIT {
        reading.not(node, format!("at most {DEPTH_LIMIT} levels of conditions"));
        return None;
    }
    let mut fields = reading.fields(node)?;
    fields.exactly_one(&["any", "all"]);
    let any = fields.node("any").and_then(|list| many(fields.reading, list, depth + 1));
    let all = fields.node("all").and_then(|list| many(fields.reading, list, depth + 1));
    fields.done();
    any.map(Condition::Any).or(all.map(Condition::All))
}

fn many(reading: &mut Reading<'_>, node: Node<'_>, depth: usize) -> Option<Conditions> {
    match node.value {
        DeValue::Array(list) if !list.is_empty() && list.len() <= WIDTH_LIMIT => {
            let items = list.iter().map(|item| Node { value: item.get_ref(), at: item.span().start });
            Some(items.filter_map(|item| one(reading, item, depth)).collect())
        }
        _ => {
            reading.not(node, format!("a list of 1 to {WIDTH_LIMIT} conditions"));
            None
        }
    }
}

/// Keys whose values are lines.
pub(in crate::playbook) trait Lines {
    /// Optional conditions; none hold.
    fn conditions(&mut self, key: &'static str) -> Conditions;
    /// Conditions that have to be there.
    fn conditions_needed(&mut self, key: &'static str) -> Conditions;
    /// The anchor: a date fact.
    fn anchor(&mut self, key: &'static str) -> Option<FactId>;
}

impl Lines for Fields<'_, '_, '_> {
    fn conditions(&mut self, key: &'static str) -> Conditions {
        self.node(key).and_then(|node| many(self.reading, node, 2)).unwrap_or_default()
    }
    fn conditions_needed(&mut self, key: &'static str) -> Conditions {
        let node = self.node(key);
        match node {
            Some(node) => many(self.reading, node, 2).unwrap_or_default(),
            None => {
                self.reading.fault(self.at, Wrong::new("a table without it", format!("the key {key}")));
                Conditions::new()
            }
        }
    }
    fn anchor(&mut self, key: &'static str) -> Option<FactId> {
        let node = self.node(key)?;
        let name = String::read(self.reading, node)?;
        let catalogue = self.reading.catalogue;
        let wrong = match catalogue.find(&name) {
            Some(id) if catalogue.fact(id).kind == Kind::Date => return Some(id),
            Some(id) => Wrong::new(format!("\"{name}\", a fact of type {}", catalogue.fact(id).kind), "a date fact"),
            None => {
                let dates = catalogue.facts().filter(|(_, fact)| fact.kind == Kind::Date).map(|(_, fact)| fact.name.as_str());
                Wrong::new(format!("\"{name}\""), "a date fact of the catalogue").near(&name, dates)
            }
        };
        self.reading.fault(node.at, wrong);
        None
    }
}

impl Read for Amount {
    fn read(reading: &mut Reading<'_>, node: Node<'_>) -> Option<Self> {
        let text = String::read(reading, node)?;
        let read = amount(&text, reading.catalogue);
        read.map_err(|wrong| reading.fault(inside(reading.text, node.at, wrong.at), wrong)).ok()
    }
    fn blank() -> Self {
        Self::Sum(Sum { first: Term::Money(0), rest: Vec::new() })
    }
}

/// A text said to somebody, with variables in braces: facts or script variables of the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said(pub Text);

impl Read for Said {
    fn read(reading: &mut Reading<'_>, node: Node<'_>) -> Option<Self> {
        let text = Text::read(reading, node)?;
        Some(Self::checked(reading, node, text))
    }
    fn blank() -> Self {
        Self::default()
    }
}

impl Said {
    /// Notes every variable that the catalogue does not know.
    pub(in crate::playbook) fn checked(reading: &mut Reading<'_>, node: Node<'_>, text: Text) -> Self {
        for (language, words) in [("zh", &text.zh), ("en", &text.en)] {
            for name in variables(words) {
                check_variable(reading, node, language, name);
            }
        }
        Self(text)
    }
}

/// The names in braces, in order; an unclosed brace gives the rest of the text.
pub(in crate::playbook) fn variables(words: &str) -> impl Iterator<Item = &str> {
    words.split('{').skip(1).map(|rest| rest.split_once('}').map_or(rest, |(name, _)| name))
}

fn check_variable(reading: &mut Reading<'_>, node: Node<'_>, language: &str, name: &str) {
    let catalogue = reading.catalogue;
    let known = || catalogue.names().chain(catalogue.variables().iter().map(|variable| variable.name.as_str()));
    if !known().any(|candidate| candidate == name) {
        let wrong = Wrong::new(format!("{{{name}}} in {language}"), "a fact or script variable of the catalogue").near(name, known());
        reading.fault(node.at, wrong);
    }
}
