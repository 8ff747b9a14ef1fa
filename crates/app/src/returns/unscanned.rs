//! Signed for and not scanned (签收未扫): the platform's clock runs from the signature, so the warehouse hears of it after 12 hours and the
//! supervisor after 36. Owns those two alarms; they end with the scan.

use crate::command::Change;
use crate::error::Result;
use crate::parcel::ParcelRow;
use crate::task;
use crate::timer::{self, Timer};
use aftercare_domain::id::Id;
use aftercare_domain::people::Team;
use aftercare_domain::time::{Micros, Span};
use aftercare_store::values;
use serde_json::json;

/// The kind of timer.
pub(crate) const KIND: &str = "return_unscanned";

/// Hours after the signature, who hears of it then, and the kind of task by which a rule of the shop would have told them.
const ALARMS: &[(i64, Team, &str)] = &[(12, Team::Warehouse, "reminder"), (36, Team::Supervisor, "escalation")];
/// Rules of the playbook that act at the same hour come first.
const RULES_FIRST: Span = Span::seconds(1);

/// Sets the alarms when a return was signed for; nothing when it was before, or when it is scanned already.
pub(crate) fn signed(change: &mut Change<'_, '_>, parcel: &ParcelRow, signed: Option<Micros>) -> Result<()> {
    let Some(at) = signed.filter(|_| parcel.signed_at.is_none() && parcel.scanned_at.is_none()) else { return Ok(()) };
    change.event("return_signed", json!({ "parcel": parcel.id, "signed_at": at }));
    for (hours, _, _) in ALARMS {
        timer::set(change, KIND, parcel.id, at + Span::hours(*hours) + RULES_FIRST, json!({ "hours": hours }));
    }
    Ok(())
}

/// The parcel is in hand: no more alarms about it.
pub(crate) fn scanned(change: &mut Change<'_, '_>, parcel: Id) -> Result<()> {
    timer::cancel(change, KIND, parcel)?;
    task::cancel_of_subject(change, parcel)
}

/// Tells the team, unless a rule of the shop has given it a task since.
pub(crate) fn on_timer(change: &mut Change<'_, '_>, timer: &Timer) -> Result<()> {
    let hours = timer.body["hours"].as_i64().unwrap_or(0);
    let Some((_, team, by_rule)) = ALARMS.iter().find(|(due, ..)| *due == hours) else { return Ok(()) };
    let parcel = ParcelRow::load(change.tx, change.case.shop, timer.subject)?;
    let Some(signed) = parcel.signed_at.filter(|_| parcel.scanned_at.is_none() && change.case.open) else { return Ok(()) };
    change.event("return_not_scanned", json!({ "parcel": parcel.id, "hours": hours, "team": team.as_str() }));
    let sql =
        "SELECT 1 FROM task WHERE shop_id = $1 AND case_id = $2 AND team = $3 AND kind = $4 AND subject_id IS NULL AND ended_at IS NULL
        AND at >= $5 LIMIT 1";
    let params = values![change.case.shop, change.case.id, team.as_str(), *by_rule, signed];
    if change.tx.query_opt(sql, &params, |_| Ok(()))?.is_some() {
        return Ok(());
    }
    let text = format!("退货包裹 {}{} 签收已 {hours} 小时，仓库还没有扫描；平台的时间从签收起算", parcel.carrier, parcel.waybill);
    task::tell(change, *team, "signed_not_scanned", parcel.id, &text)
}
