//! `[[step]]` and `[[rule]]`: what is done in which order, and what may happen by itself.

use super::Fields;
use super::words::{Act, Gate};
use crate::case::WaitingOn;
use crate::people::Team;
use crate::playbook::catalogue::FactId;
use crate::playbook::line::{Amount, Conditions, Length};
use crate::playbook::read::{Lines, Noun, Said};
use crate::playbook::text::Text;

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its id.
    pub id: String,
    /// For people.
    pub title: Text,
    /// The part of the process it belongs in front of.
    pub before: Gate,
    /// It exists only then.
    pub when: Conditions,
    /// Later until these steps are done.
    pub after: Vec<String>,
    /// Done when these hold.
    pub done: Conditions,
    /// Due within this long …
    pub within: Option<Length>,
    /// … counted from here; from the opening of the case where absent.
    pub from: Option<FactId>,
    /// Whose move it is meanwhile.
    pub waits_on: WaitingOn,
    /// Opens a task for this team.
    pub team: Option<Team>,
    /// The button that does it.
    pub act: Option<Act>,
    /// The text that does it.
    pub script: Option<String>,
    /// A move that has to be made before a platform clock runs out.
    pub must: bool,
    /// Why.
    pub why: Option<Text>,
}

impl Step {
    pub(super) fn read(fields: &mut Fields<'_, '_, '_>) -> Self {
        Self {
            id: fields.define(Noun::Step),
            title: fields.need("title"),
            before: fields.need("before"),
            when: fields.conditions("when"),
            after: fields.refer_all("after", Noun::Step),
            done: fields.conditions_needed("done"),
            within: fields.opt("within"),
            from: fields.anchor("from"),
            waits_on: fields.or("waits_on", WaitingOn::Agent),
            team: fields.opt("team"),
            act: fields.opt("do"),
            script: fields.refer("script", Noun::Script),
            must: fields.or("must", false),
            why: fields.opt("why"),
        }
    }
}

/// Something that may happen by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its id; the shop's switch bears the same name.
    pub id: String,
    /// For people.
    pub title: Text,
    /// Every one has to hold for certain.
    pub when: Conditions,
    /// Each alone keeps it from firing, an unknown one too.
    pub unless: Conditions,
    /// What it does.
    pub act: Act,
    /// How much, for money.
    pub amount: Option<Amount>,
    /// Whom it concerns, for tasks, reminders, escalations.
    pub team: Option<Team>,
    /// By when.
    pub within: Option<Length>,
    /// The words of a task, reminder or remark.
    pub text: Option<Said>,
    /// Whether it is on when the pack is published.
    pub on: bool,
    /// Shown with the event.
    pub why: Text,
}

impl Rule {
    pub(super) fn read(fields: &mut Fields<'_, '_, '_>) -> Self {
        Self {
            id: fields.define(Noun::Rule),
            title: fields.need("title"),
            when: fields.conditions_needed("when"),
            unless: fields.conditions("unless"),
            act: fields.need("do"),
            amount: fields.opt("amount"),
            team: fields.opt("team"),
            within: fields.opt("within"),
            text: fields.opt("text"),
            on: fields.or("on", false),
            why: fields.need("why"),
        }
    }
}
