//! Which steps are due now, and until when.

use super::Asking;
use crate::case::WaitingOn;
use crate::people::Team;
use crate::playbook::eval::all;
use crate::playbook::table::{Act, Gate, Step};
use crate::playbook::text::Text;
use crate::time::Micros;
use serde::Serialize;
use std::collections::BTreeSet;

/// A step as it stands.
#[derive(Clone, Debug, Serialize)]
pub struct StepNow<'a> {
    /// Its id.
    pub id: &'a str,
    /// For people.
    pub title: &'a Text,
    /// The part of the process it belongs in front of.
    pub before: Gate,
    /// Whether it is done.
    pub done: bool,
    /// Steps that come first and are not done.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<&'a str>,
    /// Due then, when its anchor is known.
    pub due_at: Option<Micros>,
    /// Past due and not done.
    pub late: bool,
    /// A move that has to be made before a platform clock runs out.
    pub must: bool,
    /// The text that does it.
    pub script: Option<&'a str>,
    /// Whose task it is.
    pub team: Option<Team>,
    /// The button that does it.
    #[serde(rename = "do")]
    pub act: Option<Act>,
    /// Whose move it is meanwhile.
    pub waits_on: WaitingOn,
    /// Why.
    pub why: Option<&'a Text>,
}

impl<'a> Asking<'a> {
    /// The steps that exist for this case: forced moves first, then what can be done, then what comes later, then what is done.
    pub fn steps(&self) -> Vec<StepNow<'a>> {
        let existing: Vec<&Step> = self.book.steps.iter().filter(|step| all(&step.when, self.facts).is_yes()).collect();
        let open: BTreeSet<&str> =
            existing.iter().filter(|step| !all(&step.done, self.facts).is_yes()).map(|step| step.id.as_str()).collect();
        let mut steps: Vec<StepNow<'a>> = existing.into_iter().map(|step| self.step(step, &open)).collect();
        steps.sort_by_key(|step| (step.done, !step.must, !step.after.is_empty()));
        steps
    }

    fn step(&self, step: &'a Step, open: &BTreeSet<&str>) -> StepNow<'a> {
        let done = !open.contains(step.id.as_str());
        let anchor = step.from.or_else(|| self.catalogue.find("case.opened_at"));
        let due_at = step.within.zip(anchor.and_then(|id| self.facts.date(id))).map(|(within, from)| from + within.span());
        StepNow {
            id: &step.id,
            title: &step.title,
            before: step.before,
            done,
            after: if done { Vec::new() } else { step.after.iter().map(String::as_str).filter(|id| open.contains(id)).collect() },
            due_at,
            late: !done && due_at.is_some_and(|due| due <= self.facts.now),
            must: step.must,
            script: step.script.as_deref(),
            team: step.team,
            act: step.act,
            waits_on: step.waits_on,
            why: step.why.as_ref(),
        }
    }
}
