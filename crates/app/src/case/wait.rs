//! Waiting for somebody, with an end. Owns what a wait that ran out leaves on record.

use crate::case::deadline;
use crate::command::Change;
use crate::error::Result;
use aftercare_domain::id::Id;
use serde_json::json;

/// Nobody came: it is the shop's move again, and closing by time-out is open.
pub(crate) fn ran_out(change: &mut Change<'_, '_>, deadline: Id) -> Result<()> {
    change.mark("wait_ran_out");
    change.event("wait_ran_out", json!({ "deadline": deadline }));
    deadline::end_one(change, deadline, "missed")
}
