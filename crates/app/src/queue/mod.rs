//! The queue: cases in the order in which time runs out. Owns the order and the pages.

pub(crate) mod counters;
mod list;
mod saved;
mod verify;

pub use counters::Figure;
pub(crate) use list::parse_cursor;
pub use list::{Page, QueueItem, QueueQuery, View};
pub use saved::{NewView, SavedView, SavedViews, Shows};
pub use verify::Miscount;

use crate::case::row::CaseRow;
use aftercare_domain::case::queue::{self, Stake, Times};

/// The case's static place in the queue, by the domain's rule.
pub(crate) fn key(case: &CaseRow) -> i64 {
    let times = Times {
        next_deadline_at: case.next_deadline_at,
        unknown_since: (case.next_state == "unknown").then_some(case.updated_at),
        opened_at: case.opened_at,
    };
    let safety = case.marks.get("safety").is_some();
    let best_seller = case.facts.get("line.best_seller") == Some(&serde_json::Value::Bool(true));
    queue::key(times, Stake { amount_minor: case.amount_minor, severity: u8::try_from(case.severity).unwrap_or(3), safety, best_seller })
}
