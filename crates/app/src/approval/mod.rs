//! A second person's binding yes or no (审批). One file per command; what other commands need inside their change is here.
//!
//! Owns the approval rows. An approved amount counts on the approver's day from the decision on, and comes back when it was not used.
//! What changes money, goods or remedy of the case voids what was asked before (`Change::material`).

mod ask;
mod decide;
mod list;
mod view;

pub(crate) use ask::spending;
pub use ask::{AskApproval, NewApproval, ask};
pub use decide::{Approve, Decline};
pub(crate) use view::shown;

use crate::authority;
use crate::command::Change;
use crate::effect::Spender;
use crate::error::{Result, not_found};
use crate::safety::{Safety, holds};
use crate::timer::{self, Timer};
use aftercare_domain::approval::{Approval, State, Subject, Use};
use aftercare_domain::id::Id;
use aftercare_domain::people::authority::{Cap, Spending};
use aftercare_domain::refusal::Code;
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Row, values};
use serde_json::json;

/// An approval as stored.
pub(crate) struct Stored {
    pub(crate) id: Id,
    pub(crate) approval: Approval,
    pub(crate) subject_id: Option<Id>,
    pub(crate) spending: Spending,
    pub(crate) cap: Option<Cap>,
    decided_at: Option<Micros>,
    used: bool,
}

const COLUMNS: &str = "id, subject, subject_id, amount_minor, spending, cap_minor, case_version, state, asked_by, decided_by, decided_at, used_at, expires_at";

fn read(row: &Row) -> std::result::Result<Stored, DbError> {
    let (subject, spending, state): (String, String, String) = (row.get(1)?, row.get(4)?, row.get(7)?);
    let shape = || DbError::Shape(format!("approval of {subject}, {spending}, {state}"));
    let approval = Approval {
        subject: Subject::parse(&subject).ok_or_else(shape)?,
        amount_minor: row.get(3)?,
        case_version: row.get(6)?,
        state: State::parse(&state).ok_or_else(shape)?,
        asked_by: row.get(8)?,
        decided_by: row.get(9)?,
        expires_at: row.get(12)?,
    };
    Ok(Stored {
        id: row.get(0)?,
        approval,
        subject_id: row.get(2)?,
        spending: Spending::parse(&spending).ok_or_else(shape)?,
        cap: row.get::<Option<i64>>(5)?.map(|amount_minor| Cap { amount_minor, soft: true }),
        decided_at: row.get(10)?,
        used: row.get::<Option<Micros>>(11)?.is_some(),
    })
}

/// The approval, locked with its case.
pub(crate) fn load(change: &mut Change<'_, '_>, id: Id) -> Result<Stored> {
    let sql = format!("SELECT {COLUMNS} FROM approval WHERE shop_id = $1 AND case_id = $2 AND id = $3");
    change.tx.query_opt(&sql, &values![change.case.shop, change.case.id, id], read)?.ok_or_else(|| not_found("approval"))
}

/// Uses an approval for exactly this: once, for its amount, on the matter as it was. Answers on whose day it counts.
///
/// # Errors
/// `approval_missing`, `approval_void`, `approval_expired`.
pub fn spend(change: &mut Change<'_, '_>, id: Id, subject: Subject, offer: Option<Id>, amount_minor: i64) -> Result<Spender> {
    let stored = load(change, id)?;
    let of_offer = stored.approval.subject == Subject::Offer && stored.subject_id.is_some() && stored.subject_id == offer;
    let about = Use {
        subject: if of_offer { Subject::Offer } else { subject },
        amount_minor,
        material_version: if holds(Safety::ApprovalMatter) { change.case.material_version } else { 0 },
        now: change.context.now,
    };
    stored.approval.covers(about)?;
    if stored.used {
        return Err(Code::ApprovalVoid.into());
    }
    let (Some(who), Some(at)) = (stored.approval.decided_by, stored.decided_at) else { return Err(Code::ApprovalMissing.into()) };
    let sql = "UPDATE approval SET used_at = $3 WHERE shop_id = $1 AND id = $2";
    change.tx.execute(sql, &values![change.case.shop, id, change.context.now])?;
    change.event("approval_used", json!({ "approval": id, "amount_minor": amount_minor }));
    Ok(Spender { who, day: authority::day(at) })
}

/// What it was used for was taken back whole, before any of it left: it may be used again, on the matter as it stands now. The day of
/// whoever gave it bears it again.
pub(crate) fn give_back(change: &mut Change<'_, '_>, id: Id) -> Result<()> {
    let stored = load(change, id)?;
    // Its own use comes first: that of another would have voided it.
    let sql = "SELECT MIN(case_version) FROM event WHERE shop_id = $1 AND case_id = $2 AND case_version > $3 AND kind = 'approval_used'";
    let at = values![change.case.shop, change.case.id, stored.approval.case_version];
    let used_on = change.tx.query_opt(sql, &at, |row| row.get::<Option<i64>>(0))?.flatten();
    let serves = |on: &i64| stored.approval.serves_again(*on, change.context.now, change.case.material_version);
    let (Some(who), Some(at), Some(_)) = (stored.approval.decided_by, stored.decided_at, used_on.filter(serves)) else { return Ok(()) };
    let amount_minor = stored.approval.amount_minor;
    authority::count(change, stored.spending, who, authority::day(at), amount_minor)?;
    let sql = "UPDATE approval SET used_at = NULL, case_version = $3 WHERE shop_id = $1 AND id = $2";
    change.tx.execute(sql, &values![change.case.shop, id, change.case.version + 1])?;
    change.event("approval_given_back", json!({ "approval": id, "amount_minor": amount_minor }));
    Ok(())
}

/// Money, goods or remedy changed: what was asked before is void. The frame calls it; `version` is the one being made.
pub(crate) fn void_older(change: &mut Change<'_, '_>, version: i64) -> Result<()> {
    if !holds(Safety::ApprovalMatter) {
        return Ok(());
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM approval WHERE shop_id = $1 AND case_id = $2 AND state IN ('pending', 'approved') AND used_at IS NULL AND case_version < $3"
    );
    for stored in change.tx.query(&sql, &values![change.case.shop, change.case.id, version], read)? {
        end(change, &stored, State::Void)?;
    }
    Ok(())
}

/// Its time is up.
pub(crate) fn on_timer(change: &mut Change<'_, '_>, timer: &Timer) -> Result<()> {
    let stored = load(change, timer.subject)?;
    let live = matches!(stored.approval.state, State::Pending | State::Approved) && !stored.used;
    if live { end(change, &stored, State::Expired) } else { Ok(()) }
}

/// Ends one without its having been used.
fn end(change: &mut Change<'_, '_>, stored: &Stored, state: State) -> Result<()> {
    if let (State::Approved, Some(who), Some(at)) = (stored.approval.state, stored.approval.decided_by, stored.decided_at) {
        authority::count(change, stored.spending, who, authority::day(at), -stored.approval.amount_minor)?;
    }
    let sql = "UPDATE approval SET state = $3 WHERE shop_id = $1 AND id = $2";
    change.tx.execute(sql, &values![change.case.shop, stored.id, state.as_str()])?;
    timer::cancel(change, "approval", stored.id)?;
    let kind = if state == State::Void { "approval_void" } else { "approval_expired" };
    change.event(kind, json!({ "approval": stored.id, "amount_minor": stored.approval.amount_minor }));
    Ok(())
}
