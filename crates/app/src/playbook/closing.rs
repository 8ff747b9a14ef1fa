//! What the playbook demands of closing besides the desk's own rules: its results, its confirmations, its needs, its silence.

use super::after;
use crate::case::close::CloseCase;
use crate::command::Change;
use crate::error::{Result, bad_input};
use aftercare_domain::playbook::Value;
use aftercare_domain::playbook::eval::{all, explain};
use aftercare_domain::refusal::{Code, Refusal};

/// What the playbook has to say about this closing.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    /// The buyer was told the result and has been silent for as long as the playbook waits.
    pub silent: bool,
}

/// Checks a closing against the case's playbook; a case without one has nothing to meet.
///
/// # Errors
/// `bad_input` for a result the playbook does not have, `confirmation_not_accepted`, `closing_needs` with the lines that are open.
pub(crate) fn check(change: &mut Change<'_, '_>, input: &CloseCase) -> Result<Judged> {
    let Some(look) = after::look(change)? else { return Ok(Judged::default()) };
    let closing = &look.book.playbook.head.closing;
    if !closing.results.iter().any(|result| result.id == input.result) {
        let known: Vec<&str> = closing.results.iter().map(|result| result.id.as_str()).collect();
        return Err(bad_input("result", format!("one of {}", known.join(", "))));
    }
    if !closing.by.iter().any(|by| by.as_str() == input.confirmation) {
        return Err(Refusal::new(Code::ConfirmationNotAccepted).with("confirmation", &input.confirmation).into());
    }
    // what is decided with the closing itself counts already
    let (mut facts, catalogue) = (look.facts, &look.book.catalogue);
    facts.set(catalogue, "case.result_recorded", Value::Bool(true));
    if let Some(cause) = &input.cause {
        let choice = catalogue.find("diagnosis.cause").and_then(|id| catalogue.fact(id).choice(cause));
        facts.set(catalogue, "diagnosis.cause", choice.ok_or_else(|| bad_input("cause", "a cause of the catalogue"))?);
    }
    if !all(&closing.needs, &facts).is_yes() {
        let open = explain(&closing.needs, &facts, catalogue).into_iter().filter(|line| !line.ok.is_yes());
        let lines: Vec<String> = open.map(|line| line.line.zh).collect();
        return Err(Refusal::new(Code::ClosingNeeds).with("lines", lines.join("；")).into());
    }
    let date = |name: &str| catalogue.find(name).and_then(|id| facts.date(id));
    let told = date("case.told_result_at");
    let spoke_since = told.zip(date("contact.buyer_wrote_at")).is_some_and(|(told, wrote)| wrote > told);
    let silent = told.zip(closing.silence).is_some_and(|(told, silence)| told + silence.span() <= facts.now);
    Ok(Judged { silent: silent && !spoke_since })
}
