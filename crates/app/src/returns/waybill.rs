//! The buyer's waybill (退货单号) comes in: the parcel is expected now. Owns that one waybill is on one case.

use super::request_of;
use crate::case::open::LineQuantity;
use crate::command::{CaseRef, Changed, Repeat};
use crate::error::{Result, bad_input};
use crate::ids::new_id;
use crate::parcel::{self, NewParcelRow, ParcelRow};
use crate::{Context, Desk};
use aftercare_domain::case::Happened;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::parcel::{Direction, Purpose, State};
use aftercare_domain::people::Action;
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_store::{Tx, values};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A parcel of the buyer's.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReturn {
    /// The carrier's code.
    pub carrier: String,
    /// Its number.
    pub waybill: String,
    /// The request it answers; absent: the live one in which goods come back.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub request_id: Option<Id>,
    /// What is inside; absent: what the request says.
    #[serde(default)]
    pub lines: Option<Vec<LineQuantity>>,
}

impl Desk {
    /// Registers the waybill of a return. A parcel that came before its waybill was known is claimed by it.
    pub async fn return_waybill(&self, context: &Context, at: CaseRef, input: NewReturn) -> Result<Changed> {
        let waybill = parcel::waybill(&input.waybill)?;
        if input.carrier.is_empty() || input.carrier.len() > 40 || input.carrier.bytes().any(|b| b.is_ascii_digit()) {
            return Err(bad_input("carrier", "1 to 40 bytes, no digits"));
        }
        let repeat = Repeat::of(context, format!("returns/waybill/{}", at.id), &input);
        self.change(context, at, Action::ReturnWaybill, false, repeat, move |change| {
            change.must_be_open()?;
            let (shop, case, now) = (change.case.shop, change.case.id, change.context.now);
            let request = request_of(change.tx, shop, case, input.request_id)?;
            let lines = input.lines.clone().or_else(|| request.as_ref().map(|(_, lines)| lines.clone())).unwrap_or_default();
            let request = request.map(|(id, _)| id);
            let known = parcel::by_waybill(change.tx, shop, &waybill)?;
            let id = match known.iter().find(|row| row.direction == Direction::In || row.order == change.case.order) {
                Some(row) => {
                    taken_by_another(change.tx, shop, row, case)?;
                    let sql = "UPDATE parcel SET case_id = $3, order_id = COALESCE(order_id, $4), request_id = $5, lines = $6, carrier = $7, shipped_at = COALESCE(shipped_at, $8)
                        WHERE shop_id = $1 AND id = $2";
                    let params = values![shop, row.id, case, change.case.order, request, json!(lines), &input.carrier, now];
                    change.tx.execute(sql, &params)?;
                    row.id
                }
                None => {
                    let id = new_id(now);
                    let row = NewParcelRow {
                        id,
                        direction: Direction::In,
                        purpose: Purpose::Return,
                        order: change.case.order,
                        case: Some(case),
                        request,
                        carrier: &input.carrier,
                        waybill: &waybill,
                        state: State::Created.as_str(),
                        lines: json!(lines),
                        shipped_at: Some(now),
                        signed_at: None,
                        scanned_at: None,
                    };
                    parcel::insert(change.tx, shop, now, row);
                    id
                }
            };
            change.event("return_shipped", json!({ "parcel": id, "request": request, "lines": lines }));
            change.happened(Happened::WorkStarted)?;
            Ok(json!({ "parcel_id": id }))
        })
        .await
    }
}

fn taken_by_another(tx: &mut Tx<'_>, shop: ShopId, row: &ParcelRow, case: Id) -> Result<()> {
    let Some(other) = row.case.filter(|other| *other != case) else { return Ok(()) };
    let sql = "SELECT case_no FROM cases WHERE shop_id = $1 AND id = $2";
    let case_no = tx.query_opt(sql, &values![shop, other], |row| row.get::<String>(0))?.unwrap_or_default();
    Err(Refusal::new(Code::WaybillTaken).with("case_no", case_no).into())
}
