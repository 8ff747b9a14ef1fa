//! `[[call]]`, `[[cause]]`, `[[severity]]`, `[[document]]`: the call flow, proposals, and further text of the process document.

use super::words::{Act, Source, inner};
use super::{Fields, Node, Read, Reading};
use crate::names::names;
use crate::playbook::fault::Wrong;
use crate::playbook::line::Conditions;
use crate::playbook::read::{Id, Lines, Noun, Said, read_names};
use crate::playbook::text::Text;

/// One part of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its id.
    pub id: String,
    /// For people.
    pub title: Text,
    /// What is said.
    pub say: Option<Said>,
    /// What can come of it.
    pub outcomes: Vec<CallOutcome>,
    /// Only then.
    pub when: Conditions,
}

/// What can come of a part of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallOutcome {
    /// Its id.
    pub id: String,
    /// For people.
    pub title: Text,
    /// What it leads to.
    pub then: Option<Act>,
}

impl Call {
    pub(super) fn read(fields: &mut Fields<'_, '_, '_>) -> Self {
        Self {
            id: fields.define(Noun::Call),
            title: fields.need("title"),
            say: fields.opt("say"),
            outcomes: fields.or("outcomes", Vec::new()),
            when: fields.conditions("when"),
        }
    }
}

impl Read for CallOutcome {
    fn read(reading: &mut Reading<'_>, node: Node<'_>) -> Option<Self> {
        inner(reading, node, |fields| Self { id: fields.need::<Id>("id").0, title: fields.need("title"), then: fields.opt("then") })
    }
    fn blank() -> Self {
        Self { id: String::new(), title: Text::default(), then: None }
    }
}

/// A cause proposed for the diagnosis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// A value of `diagnosis.cause`.
    pub cause: String,
    /// A value of `diagnosis.party`.
    pub party: String,
    /// Only then.
    pub when: Conditions,
    /// What speaks for it.
    pub note: Option<Text>,
}

impl Cause {
    pub(super) fn read(fields: &mut Fields<'_, '_, '_>) -> Self {
        Self {
            cause: choice_of(fields, "cause", "diagnosis.cause"),
            party: choice_of(fields, "party", "diagnosis.party"),
            when: fields.conditions("when"),
            note: fields.opt("note"),
        }
    }
}

/// The value of a key as one of an enum fact's choices.
fn choice_of(fields: &mut Fields<'_, '_, '_>, key: &'static str, fact: &str) -> String {
    let text: String = fields.need(key);
    let catalogue = fields.reading.catalogue;
    let fact = catalogue.find(fact).map(|id| catalogue.fact(id));
    if let Some(fact) = fact
        && !text.is_empty()
        && fact.choice(&text).is_none()
    {
        let codes = || fact.choices.iter().map(|(code, _)| code.as_str());
        fields.fault_at(key, Wrong::new(format!("\"{text}\""), format!("a value of {}", fact.name)).near(&text, codes()));
    }
    text
}

/// A proposal of how grave the case is; the first true one counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Severity {
    /// 1 gravest … 4 slight.
    pub level: u8,
    /// Then.
    pub when: Conditions,
    /// Why.
    pub why: Option<Text>,
}

impl Severity {
    pub(super) fn read(fields: &mut Fields<'_, '_, '_>) -> Self {
        let level: u32 = fields.need("level");
        if !(1..=4).contains(&level) {
            fields.fault_at("level", Wrong::new(level.to_string(), "1 to 4"));
        }
        Self { level: level.clamp(1, 4) as u8, when: fields.conditions_needed("when"), why: fields.opt("why") }
    }
}

names! {
    /// Sections of the process document that take further text.
    Section {
        Purpose, "purpose", "目的与适用";
        Responsibilities, "responsibilities", "职责分工";
        Notes, "notes", "注意事项";
        Law, "law", "依据";
    }
}

read_names!(Section);

/// Further text of the process document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Where it stands.
    pub section: Section,
    /// The text.
    pub text: Text,
    /// Where it comes from.
    pub source: Option<Source>,
}

impl Document {
    pub(super) fn read(fields: &mut Fields<'_, '_, '_>) -> Self {
        Self { section: fields.need("section"), text: fields.need("text"), source: fields.opt("source") }
    }
}
