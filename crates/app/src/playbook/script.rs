//! A script of the playbook being used: whether it fits, what sending it marks, and that a frozen text goes out as it stands.

use super::advice::Reader;
use super::after;
use super::books::{Book, Playbooks};
use super::facts::{self, Known, midnight};
use super::standing;
use crate::case::row::CaseRow;
use crate::command::Change;
use crate::error::{Result, bad_input, not_found};
use aftercare_domain::contact::Fit;
use aftercare_domain::playbook::Facts;
use aftercare_domain::playbook::answer::Variables;
use aftercare_domain::time::Micros;
use aftercare_store::Tx;

/// What comes of using a script.
#[derive(Debug, Default)]
pub(crate) struct Used {
    /// Whether it fits the problem.
    pub fit: Fit,
    /// What sending it marks, as marks are kept.
    pub marks: Vec<String>,
}

fn used(book: &Book, facts: &Facts, id: &str) -> Result<Used> {
    let script = book.asking(facts).script(id, &Variables::new()).ok_or_else(|| not_found("script"))?;
    let fit = script.unfit_line.map_or(Fit::Fits, |unfit| Fit::Misfit(unfit.0.line.zh));
    let marks = script.marks.iter().map(|mark| mark.trim_start_matches("contact.").to_owned()).collect();
    Ok(Used { fit, marks })
}

/// For a look without a change; without a script or a playbook everything fits.
pub(crate) fn looked_at(tx: &mut Tx<'_>, playbooks: &Playbooks, case: &CaseRow, id: Option<&str>, now: Micros) -> Result<Used> {
    let Some(id) = id else { return Ok(Used::default()) };
    let Some(book) = playbooks.pinned(tx, &case.scenario, case.playbook_version)? else { return Ok(Used::default()) };
    let known = Known::load(tx, case, midnight(now))?;
    used(&book, &facts::project(case, &known, &book.catalogue, Some(&book.playbook), now).facts, id)
}

/// For sending `text` inside a change.
pub(crate) fn sent(change: &mut Change<'_, '_>, id: Option<&str>, text: &str) -> Result<Used> {
    let Some(id) = id else { return Ok(Used::default()) };
    let Some(look) = after::look(change)? else { return Ok(Used::default()) };
    let asking = look.book.asking(&look.facts);
    if look.book.playbook.scripts.iter().any(|script| script.id == id && script.frozen) {
        let actor = &change.context.actor;
        let reader = Reader { id: actor.id(), role: actor.who.role, agent_no: actor.agent_no.clone() };
        let (key, offers) = (change.key()?, standing::offers(change.tx, &change.case)?);
        let variables = standing::variables(change.tx, &change.case, &asking, &look.known, &key, &offers, &reader)?;
        let filled = asking.script(id, &variables).and_then(|script| script.text);
        if filled.is_none_or(|filled| filled.zh != text && filled.en != text) {
            return Err(bad_input("text", "this text goes out as it stands, with every variable filled in"));
        }
    }
    used(&look.book, &look.facts, id)
}
