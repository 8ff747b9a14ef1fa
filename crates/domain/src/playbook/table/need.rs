//! `[[fact]]`: what has to be known, and how it is asked for.

use super::words::{Gate, inner};
use super::{Fields, Node, Read, Reading};
use crate::playbook::catalogue::Asked;
use crate::playbook::line::{Condition, Conditions};
use crate::playbook::read::{Lines, Said};
use crate::playbook::text::Text;

/// A question, and how often it may be put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The question.
    pub text: Said,
    /// How often at most.
    pub at_most: u32,
}

/// Something that has to be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// What has to hold.
    pub need: Condition,
    /// By when.
    pub before: Gate,
    /// Only then it is needed.
    pub when: Conditions,
    /// Each alone is a way out.
    pub unless: Conditions,
    /// The question; without it the catalogue says who finds out.
    pub ask: Option<Ask>,
    /// Who is asked; without it the catalogue says so.
    pub of: Option<Asked>,
    /// The reason told with the question.
    pub why: Option<Said>,
    /// What serves when it cannot be given.
    pub instead: Option<Said>,
}

impl Need {
    pub(super) fn read(fields: &mut Fields<'_, '_, '_>) -> Self {
        Self {
            need: fields.need("need"),
            before: fields.or("before", Gate::Diagnosis),
            when: fields.conditions("when"),
            unless: fields.conditions("unless"),
            ask: fields.opt("ask"),
            of: fields.opt("of"),
            why: fields.opt("why"),
            instead: fields.opt("instead"),
        }
    }
}

impl Read for Ask {
    fn read(reading: &mut Reading<'_>, node: Node<'_>) -> Option<Self> {
        let (zh, en, at_most) = inner(reading, node, |fields| (fields.need("zh"), fields.need("en"), fields.or("at_most", 1)))?;
        Some(Self { text: Said::checked(reading, node, Text { zh, en }), at_most })
    }
    fn blank() -> Self {
        Self { text: Said::blank(), at_most: 1 }
    }
}
