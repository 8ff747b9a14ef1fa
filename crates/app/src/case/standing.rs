//! What is still under way on a case, counted once per change: whose move it is and what stands in the way of closing.
//!
//! Owns the one statement that counts; the judgement is the domain's.

use crate::case::row::CaseRow;
use crate::command::Change;
use crate::error::Result;
use aftercare_domain::case::{CloseFacts, Confirmation, Happened, Moves, Stage, WaitingOn};
use aftercare_store::{DbError, Row, Tx, values};

/// Counts over everything that hangs on a case.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "named as the tables' states")]
pub struct Standing {
    pub open_promises: i64,
    pub unknown_effects: i64,
    pub automatic_effects: i64,
    pub person_effects: i64,
    pub money_tasks: i64,
    pub pending_approvals: i64,
    pub live_reservations: i64,
    pub open_requests: i64,
    pub next_task_team: Option<String>,
    pub parcels_moving: i64,
    pub parcels_to_inspect: i64,
    pub returns_agreed: i64,
    pub offers_sent: i64,
    pub prepared_contacts: i64,
    pub waits_for: Option<String>,
}

const COUNT: &str = "SELECT
 (SELECT COUNT(*) FROM promise WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL),
 (SELECT COUNT(*) FROM effect WHERE shop_id = $1 AND case_id = $2 AND state IN ('unknown', 'needs_person')),
 (SELECT COUNT(*) FROM effect WHERE shop_id = $1 AND case_id = $2 AND state IN ('held', 'queued', 'in_flight')),
 (SELECT COUNT(*) FROM effect WHERE shop_id = $1 AND case_id = $2 AND state = 'awaiting_person'),
 (SELECT COUNT(*) FROM task t WHERE t.shop_id = $1 AND t.case_id = $2 AND t.state IN ('open', 'taken') AND (t.effect_id IS NOT NULL
    OR t.kind NOT IN ('remind', 'remark', 'escalate', 'task', 'reply', 'call', 'flag', 'diagnose', 'ask_evidence', 'satisfaction', 'report')
    AND EXISTS (SELECT 1 FROM offer o WHERE o.shop_id = t.shop_id AND o.case_id = t.case_id AND o.id = t.subject_id))),
 (SELECT COUNT(*) FROM approval WHERE shop_id = $1 AND case_id = $2 AND state = 'pending'),
 (SELECT COUNT(*) FROM reservation WHERE shop_id = $1 AND case_id = $2 AND state = 'held'),
 (SELECT COUNT(*) FROM request r WHERE r.shop_id = $1 AND r.case_id = $2 AND r.ended_at IS NULL AND r.state IN ('open', 'modified')
    AND r.kind NOT IN ('inquiry', 'help', 'complaint', 'order_change')
    AND NOT EXISTS (SELECT 1 FROM offer o WHERE o.shop_id = r.shop_id AND o.case_id = r.case_id AND o.state = 'accepted' AND o.answered_at >= r.applied_at)
    AND NOT EXISTS (SELECT 1 FROM effect e WHERE e.shop_id = r.shop_id AND e.case_id = r.case_id AND e.state = 'succeeded' AND e.amount_minor > 0 AND e.at >= r.applied_at)
    AND NOT EXISTS (SELECT 1 FROM parcel p WHERE p.shop_id = r.shop_id AND p.case_id = r.case_id AND p.direction = 'out' AND p.created_at >= r.applied_at)),
 (SELECT team FROM task WHERE shop_id = $1 AND case_id = $2 AND state IN ('open', 'taken') ORDER BY CASE WHEN due_at IS NULL THEN 1 ELSE 0 END, due_at, id LIMIT 1),
 (SELECT COUNT(*) FROM parcel WHERE shop_id = $1 AND case_id = $2 AND signed_at IS NULL AND state NOT IN ('lost', 'cancelled')),
 (SELECT COUNT(*) FROM parcel WHERE shop_id = $1 AND case_id = $2 AND direction = 'in' AND (signed_at IS NOT NULL OR scanned_at IS NOT NULL) AND inspected_at IS NULL),
 (SELECT COUNT(*) FROM request r WHERE r.shop_id = $1 AND r.case_id = $2 AND r.state = 'agreed' AND r.ended_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM parcel p WHERE p.shop_id = r.shop_id AND p.case_id = r.case_id AND p.direction = 'in')),
 (SELECT COUNT(*) FROM offer WHERE shop_id = $1 AND case_id = $2 AND state = 'sent'),
 (SELECT COUNT(*) FROM contact WHERE shop_id = $1 AND case_id = $2 AND direction = 'out' AND sent_at IS NULL),
 (SELECT rule FROM deadline WHERE shop_id = $1 AND case_id = $2 AND clock = 'wait' AND ended_at IS NULL ORDER BY id DESC LIMIT 1)";

fn read(row: &Row) -> std::result::Result<Standing, DbError> {
    Ok(Standing {
        open_promises: row.get(0)?,
        unknown_effects: row.get(1)?,
        automatic_effects: row.get(2)?,
        person_effects: row.get(3)?,
        money_tasks: row.get(4)?,
        pending_approvals: row.get(5)?,
        live_reservations: row.get(6)?,
        open_requests: row.get(7)?,
        next_task_team: row.get(8)?,
        parcels_moving: row.get(9)?,
        parcels_to_inspect: row.get(10)?,
        returns_agreed: row.get(11)?,
        offers_sent: row.get(12)?,
        prepared_contacts: row.get(13)?,
        waits_for: row.get(14)?,
    })
}

impl Standing {
    /// Counts what hangs on the case now.
    pub fn of(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Self> {
        Ok(tx.query_opt(COUNT, &values![case.shop, case.id], read)?.unwrap_or_default())
    }

    /// Whether nothing that was decided is still to be done.
    pub fn idle(&self) -> bool {
        let open = [
            self.open_promises,
            self.unknown_effects,
            self.automatic_effects,
            self.person_effects,
            self.money_tasks,
            self.live_reservations,
            self.parcels_moving,
            self.parcels_to_inspect,
            self.returns_agreed,
        ];
        open.iter().all(|count| *count == 0)
    }

    /// Whose move it is.
    pub fn waiting_on(&self, case: &CaseRow) -> WaitingOn {
        let task = self.next_task_team.as_deref().map(|team| match team {
            "parcel_desk" => WaitingOn::Carrier,
            other => WaitingOn::parse(other).unwrap_or(WaitingOn::Agent),
        });
        let moves = Moves {
            buyer_unanswered: case.last_contact_from == "buyer" || self.prepared_contacts > 0,
            approval_pending: self.pending_approvals > 0,
            finance: self.person_effects > 0 || self.unknown_effects > 0,
            effect_under_way: self.automatic_effects > 0,
            task,
            buyer_to_send: self.returns_agreed > 0,
            parcel_moving: self.parcels_moving > 0,
            parcel_to_inspect: self.parcels_to_inspect > 0,
            platform_decides: case.marks.get("platform_decides").is_some(),
            buyer_asked: self.offers_sent > 0 || case.last_contact_from == "agent",
        };
        let said = self.waits_for.as_deref().and_then(WaitingOn::parse);
        // what somebody said holds until the buyer speaks or a decision is due
        said.filter(|_| !moves.buyer_unanswered && !moves.approval_pending).unwrap_or_else(|| aftercare_domain::case::whose_move(&moves))
    }

    /// The facts on which closing is judged.
    pub fn close_facts(&self, case: &CaseRow, result: &str, confirmation: Option<Confirmation>) -> CloseFacts {
        let count = |n: i64| usize::try_from(n).unwrap_or(0);
        CloseFacts {
            result: Some(result.to_owned()),
            confirmation,
            wait_ran_out: case.marks.get("wait_ran_out").is_some(),
            platform_ended: case.marks.get("platform_ended").is_some(),
            open_promises: count(self.open_promises),
            unknown_effects: count(self.unknown_effects),
            running_effects: count(self.automatic_effects + self.person_effects),
            money_tasks: count(self.money_tasks),
            pending_approvals: count(self.pending_approvals),
            live_reservations: count(self.live_reservations),
            // the platform's own end answers whatever was asked there
            open_requests: if confirmation == Some(Confirmation::Platform) { 0 } else { count(self.open_requests) },
        }
    }
}

/// A piece of work ended well: with the last one the case waits for the buyer's word.
pub fn work_ended(change: &mut Change<'_, '_>) -> Result<()> {
    if change.stage()? == Stage::Execution && Standing::of(change.tx, &change.case)?.idle() {
        change.happened(Happened::WorkDone)?;
    }
    Ok(())
}
