//! A script of the playbook being used: whether it fits, what sending it marks, and that a frozen text goes out as it stands.

use super::after;
use super::books::{Book, Playbooks};
use super::facts::{self, Known};
use crate::case::row::CaseRow;
use crate::command::Change;
use crate::error::{Result, not_found};
use aftercare_domain::china;
use aftercare_domain::contact::{Channel, Fit};
use aftercare_domain::playbook::Facts;
use aftercare_domain::playbook::answer::Variables;
use aftercare_domain::time::Micros;
use aftercare_store::Tx;

/// What is to be said, and the script it comes from.
#[derive(Clone, Copy)]
pub(crate) struct Use<'a> {
    pub script: Option<&'a str>,
    pub channel: Channel,
    pub text: &'a str,
}

/// What comes of using a script.
#[derive(Debug, Default)]
pub(crate) struct Used {
    /// Whether it fits the problem.
    pub fit: Fit,
    /// What sending it marks, as marks are kept.
    pub marks: Vec<String>,
}

fn used(book: &Book, facts: &Facts, id: &str, of: Use<'_>) -> Result<Used> {
    let table = book.playbook.scripts.iter().find(|script| script.id == id).ok_or_else(|| not_found("script"))?;
    let script = book.asking(facts).script(id, &Variables::new()).ok_or_else(|| not_found("script"))?;
    // what is said on the phone is a summary in one's own words
    let altered = script.frozen && of.channel != Channel::Phone && !table.is_kept_by(of.text);
    let fit = match script.unfit_line {
        _ if altered => Fit::Altered,
        Some(unfit) => Fit::Misfit(unfit.0.line.zh),
        None => Fit::Fits,
    };
    let marks = script.marks.iter().map(|mark| mark.trim_start_matches("contact.").to_owned()).collect();
    Ok(Used { fit, marks })
}

/// For a look without a change; without a script or a playbook everything fits.
pub(crate) fn looked_at(tx: &mut Tx<'_>, playbooks: &Playbooks, case: &CaseRow, of: Use<'_>, now: Micros) -> Result<Used> {
    let Some(id) = of.script else { return Ok(Used::default()) };
    let Some(book) = playbooks.pinned(tx, &case.scenario, case.playbook_version)? else { return Ok(Used::default()) };
    let known = Known::load(tx, case, china::midnight(now))?;
    used(&book, &facts::project(case, &known, &book.catalogue, Some(&book.playbook), now).facts, id, of)
}

/// For saying it inside a change.
pub(crate) fn sent(change: &mut Change<'_, '_>, of: Use<'_>) -> Result<Used> {
    let Some(id) = of.script else { return Ok(Used::default()) };
    let Some(look) = after::look(change)? else { return Ok(Used::default()) };
    used(&look.book, &look.facts, id, of)
}
