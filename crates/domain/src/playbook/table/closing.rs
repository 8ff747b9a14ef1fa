//! `[closing]`: what a case of this scenario needs to be closed.

use super::rung::Remedy;
use super::words::inner;
use super::{Node, Read, Reading};
use crate::names::names;
use crate::playbook::fault::Wrong;
use crate::playbook::line::{Conditions, Length};
use crate::playbook::read::{Id, Lines, read_names};
use crate::playbook::text::Text;

names! {
    /// What counts as the confirmation.
    By {
        Buyer, "buyer", "买家确认";
        Platform, "platform", "平台完结";
        Timeout, "timeout", "超时无回复";
    }
}

read_names!(By);

/// A result that a person chooses from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its id.
    pub id: String,
    /// For people.
    pub title: Text,
    /// Proposed once one of these was carried out.
    pub of: Vec<Remedy>,
    /// Proposed only then; without `of`, proposed as soon as it holds.
    pub when: Conditions,
}

/// How a case ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closing {
    /// Besides the desk's own rules.
    pub needs: Conditions,
    /// The results to choose from.
    pub results: Vec<Outcome>,
    /// What counts as the confirmation.
    pub by: Vec<By>,
    /// After the result was told, this long without an answer is a time-out.
    pub silence: Option<Length>,
    /// Satisfaction is asked for only then; always when there is none.
    pub satisfaction: Option<Conditions>,
    /// Return visit this long after closing.
    pub follow_up: Option<Length>,
}

impl Read for Closing {
    fn read(reading: &mut Reading<'_>, node: Node<'_>) -> Option<Self> {
        inner(reading, node, |fields| {
            let satisfaction = fields.node("satisfaction").is_some().then(|| fields.conditions("satisfaction"));
            let closing = Self {
                needs: fields.conditions("needs"),
                results: fields.need("results"),
                by: fields.need("by"),
                silence: fields.opt("silence"),
                satisfaction,
                follow_up: fields.opt("follow_up"),
            };
            if closing.results.is_empty() {
                fields.fault_at("results", Wrong::new("no result", "at least one result to choose from"));
            }
            if closing.by.is_empty() {
                fields.fault_at("by", Wrong::new("nothing", "buyer, platform or timeout"));
            }
            if closing.by.contains(&By::Timeout) && closing.silence.is_none() {
                fields.fault_at("by", Wrong::new("timeout without silence", "the key silence: how long without an answer is a time-out"));
            }
            closing
        })
    }
    fn blank() -> Self {
        Self::default()
    }
}

impl Read for Outcome {
    fn read(reading: &mut Reading<'_>, node: Node<'_>) -> Option<Self> {
        inner(reading, node, |fields| Self {
            id: fields.need::<Id>("id").0,
            title: fields.need("title"),
            of: fields.or("of", Vec::new()),
            when: fields.conditions("when"),
        })
    }
    fn blank() -> Self {
        Self { id: String::new(), title: Text::default(), of: Vec::new(), when: Conditions::default() }
    }
}
