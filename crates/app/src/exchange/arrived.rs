//! What was sent again has arrived (新件签收). Owns that the units it stands for are made good with that.

use crate::case::open::LineQuantity;
use crate::command::Change;
use crate::error::{Error, Result};
use crate::ledger::units;
use crate::parcel::ParcelRow;
use aftercare_domain::case::Happened;
use aftercare_domain::parcel::Purpose;
use aftercare_domain::refusal::Code;
use serde_json::json;

/// The carrier says that a parcel of the case's own was signed for.
pub(crate) fn arrived(change: &mut Change<'_, '_>, parcel: &ParcelRow) -> Result<()> {
    change.event("goods_arrived", json!({ "parcel": parcel.id, "kind": parcel.purpose, "request": parcel.request }));
    let lines: Vec<LineQuantity> = serde_json::from_value(parcel.lines.clone()).unwrap_or_default();
    let whole = matches!(parcel.purpose, Purpose::Exchange | Purpose::Reship);
    if whole && !lines.is_empty() && change.case.order.is_some() {
        match units::replaced(change, parcel.request.unwrap_or(parcel.id), &lines) {
            // The request let go of the units meanwhile, or they were refunded: the arrival is on record, nothing is counted twice.
            Err(Error::Refused(refusal)) if refusal.code == Code::AlreadyMadeGood => {
                change.event("units_not_replaced", json!({ "parcel": parcel.id, "code": refusal.code.as_str() }));
            }
            outcome => outcome?,
        }
    }
    if change.case.open { change.happened(Happened::WorkDone) } else { Ok(()) }
}
