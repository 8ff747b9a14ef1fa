//! What a playbook answers about one case: steps due, facts missing, offers in order, clocks, rules, texts, proposals.
//!
//! Owns the answers; each is one pass over the tables. Nothing here acts, and no advice walls off a lawful request.

mod clocks;
mod ending;
mod keeping;
mod ladder;
mod needs;
mod proposal;
mod rules;
mod said;
mod scripts;
mod small;
mod steps;

pub use clocks::{ClockNow, ClockState, End};
pub use ending::Proposed;
pub use keeping::Kept;
pub use ladder::{Chosen, FreightNow, PromiseNow, RungNow, Tried};
pub use needs::NeedNow;
pub use proposal::{Proposal, Words, propose};
pub use rules::Fires;
pub use said::{Filled, Variables, fill};
pub use scripts::{ScriptNow, Unfit};
pub use small::{CallNow, CauseNow, ClosingNow, SeverityNow};
pub use steps::StepNow;

use super::catalogue::Catalogue;
use super::eval::Facts;
use super::pack::Playbook;

/// A playbook and what is known about a case: the question all answers belong to.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// The policy in force.
    pub book: &'a Playbook,
    /// What its lines speak of.
    pub catalogue: &'a Catalogue,
    /// What is known.
    pub facts: &'a Facts,
}

#[cfg(test)]
mod tests;
