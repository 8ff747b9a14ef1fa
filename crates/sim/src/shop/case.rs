//! A case as a script: what was said and done, by whom and when. Owns its shape only.

use super::verb::Verb;
use aftercare_domain::time::Micros;
use serde::{Deserialize, Serialize};

/// One thing said or done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// When.
    pub at: Micros,
    /// Sign-in name of the member of staff who does or records it, or `platform`, `carrier`.
    pub actor: String,
    /// What.
    #[serde(flatten)]
    pub verb: Verb,
}

/// A problem from its first word to where it stands now. Steps that speak of "the" offer, promise, task, return, parcel or
/// effect mean the latest one of the case that still waits for such a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseScript {
    /// Unique name.
    pub key: String,
    /// Code of the shop.
    pub shop: String,
    /// The order; absent when the buyer asks before buying or cannot be matched.
    pub order_no: Option<String>,
    /// The buyer's nick.
    pub buyer: String,
    /// What kind of problem it is.
    pub scenario: String,
    /// Short title.
    pub title: String,
    /// The buyer's mood at the start.
    pub mood: String,
    /// Where the script has led: `intake`, `diagnosis`, `negotiation`, `execution`, `confirmation` or `closed`.
    pub stage: String,
    /// Sign-in name of the agent who has it.
    pub owner: String,
    /// What happened, oldest first; the first step opens the case.
    pub steps: Vec<Step>,
}
