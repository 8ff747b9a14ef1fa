//! Somebody was hurt or is in danger: a supervisor is told at once. Owns the words of that task and what it marks.

use crate::command::Change;
use crate::error::Result;
use crate::task;
use aftercare_domain::people::Team;

/// Puts the case before a supervisor; once told, not again while that task is open.
pub(crate) fn tell(change: &mut Change<'_, '_>) -> Result<()> {
    change.mark("safety");
    change.mark("supervisor_told");
    change.case.queue_key = crate::queue::key(&change.case);
    let case = change.case.id;
    task::tell(change, Team::Supervisor, "safety", case, "涉及人身安全，请立即接手：请买家停止使用，确认有无受伤")
}
