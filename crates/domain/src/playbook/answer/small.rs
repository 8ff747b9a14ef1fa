//! Causes, severity, the call flow and what closing still needs.

use super::ending::{self, Proposed};
use super::{Asking, Variables, fill};
use crate::playbook::eval::{Line, Truth, all, explain};
use crate::playbook::table::{Act, By, Outcome, Remedy};
use crate::playbook::text::Text;
use serde::Serialize;
use serde_json::{Value, json};

/// A cause proposed for the diagnosis.
#[derive(Clone, Debug, Serialize)]
pub struct CauseNow<'a> {
    /// A value of `diagnosis.cause`.
    pub cause: &'a str,
    /// A value of `diagnosis.party`.
    pub party: &'a str,
    /// Whether the facts speak for it.
    pub ok: Truth,
    /// What speaks for it, in words.
    pub note: Option<&'a Text>,
    /// Line by line.
    pub because: Vec<Line>,
}

/// How grave the case is held to be.
#[derive(Clone, Debug, Serialize)]
pub struct SeverityNow<'a> {
    /// 1 gravest … 4 slight.
    pub level: u8,
    /// Why.
    pub why: Option<&'a Text>,
}

/// A part of the call flow.
#[derive(Clone, Debug, Serialize)]
pub struct CallNow<'a> {
    /// Its id.
    pub id: &'a str,
    /// For people.
    pub title: &'a Text,
    /// What is said; unknown variables stay in braces.
    pub say: Option<Text>,
    /// What can come of it: `{id, title, then}`.
    pub outcomes: Vec<Value>,
}

/// What closing needs.
#[derive(Clone, Debug, Serialize)]
pub struct ClosingNow<'a> {
    /// The results to choose from: `{id, title}`.
    pub results: Vec<Value>,
    /// The one shown as chosen, and why; a person may choose another.
    pub proposed: Option<Proposed<'a>>,
    /// What counts as the confirmation.
    pub by: &'a [By],
    /// Besides the desk's own rules, line by line.
    pub needs: Vec<Line>,
    /// Whether those hold.
    pub met: Truth,
    /// After the result was told, hours without an answer until it counts as a time-out.
    pub silence_h: Option<i64>,
    /// Whether satisfaction is asked for.
    pub satisfaction: bool,
}

fn titled(outcome: &Outcome) -> Value {
    json!({ "id": outcome.id, "title": outcome.title })
}

impl<'a> Asking<'a> {
    /// The causes that are not ruled out, those the facts speak for first.
    pub fn causes(&self) -> Vec<CauseNow<'a>> {
        let mut causes: Vec<CauseNow<'a>> = self
            .book
            .causes
            .iter()
            .map(|cause| CauseNow {
                cause: &cause.cause,
                party: &cause.party,
                // without a condition of its own a cause is only one of those to think of
                ok: if cause.when.is_empty() { Truth::Unknown } else { all(&cause.when, self.facts) },
                note: cause.note.as_ref(),
                because: explain(&cause.when, self.facts, self.catalogue),
            })
            .filter(|cause| !cause.ok.is_no())
            .collect();
        causes.sort_by_key(|cause| cause.ok);
        causes
    }

    /// The first severity whose conditions hold.
    pub fn severity(&self) -> Option<SeverityNow<'a>> {
        let found = self.book.severities.iter().find(|severity| all(&severity.when, self.facts).is_yes())?;
        Some(SeverityNow { level: found.level, why: found.why.as_ref() })
    }

    /// The call flow.
    pub fn calls(&self) -> Vec<CallNow<'a>> {
        let existing = self.book.calls.iter().filter(|call| !all(&call.when, self.facts).is_no());
        existing
            .map(|call| CallNow {
                id: &call.id,
                title: &call.title,
                say: call.say.as_ref().map(|said| fill(said, self.facts, self.catalogue, &Variables::new()).text),
                outcomes: call
                    .outcomes
                    .iter()
                    .map(|outcome| json!({ "id": outcome.id, "title": outcome.title, "then": outcome.then.map(Act::as_str) }))
                    .collect(),
            })
            .collect()
    }

    /// What closing needs, and how the case seems to end. `carried` are the remedies carried out, oldest first.
    pub fn closing(&self, carried: &[Remedy]) -> ClosingNow<'a> {
        let closing = &self.book.head.closing;
        ClosingNow {
            results: closing.results.iter().map(titled).collect(),
            proposed: ending::proposed(closing, self.facts, self.catalogue, carried),
            by: &closing.by,
            needs: explain(&closing.needs, self.facts, self.catalogue),
            met: all(&closing.needs, self.facts),
            silence_h: closing.silence.map(|length| length.span().0 / 3_600_000_000),
            satisfaction: closing.satisfaction.as_ref().is_none_or(|when| !all(when, self.facts).is_no()),
        }
    }
}
