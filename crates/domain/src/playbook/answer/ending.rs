//! Which result a closing is proposed with, and why: from what was carried out, or from what is known. Owns the choice; a person makes it.

use crate::playbook::Catalogue;
use crate::playbook::eval::{Facts, all, explain};
use crate::playbook::table::{Closing, Remedy};
use crate::playbook::text::Text;
use serde::Serialize;

/// A result shown as chosen until somebody chooses another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proposed<'a> {
    /// Its id.
    pub id: &'a str,
    /// What speaks for it, in words.
    pub why: Text,
}

/// The result to propose: one whose facts alone speak for it; else the one of what was carried out last. `carried` is oldest first.
pub fn proposed<'a>(closing: &'a Closing, facts: &Facts, catalogue: &Catalogue, carried: &[Remedy]) -> Option<Proposed<'a>> {
    let known = closing.results.iter().find(|result| result.of.is_empty() && !result.when.is_empty() && all(&result.when, facts).is_yes());
    if let Some(result) = known {
        let lines = explain(&result.when, facts, catalogue);
        let said = |of: fn(&Text) -> &str, comma: &str| lines.iter().map(|line| of(&line.line)).collect::<Vec<_>>().join(comma);
        let why = Text { zh: said(|text| &text.zh, "；"), en: said(|text| &text.en, "; ") };
        return Some(Proposed { id: &result.id, why });
    }
    carried.iter().rev().find_map(|remedy| {
        let leads = |result: &&'a crate::playbook::table::Outcome| result.of.contains(remedy) && !all(&result.when, facts).is_no();
        let result = closing.results.iter().find(leads)?;
        let why = Text { zh: format!("已办：{}", remedy.zh()), en: format!("carried out: {}", remedy.as_str().replace('_', " ")) };
        Some(Proposed { id: &result.id, why })
    })
}
