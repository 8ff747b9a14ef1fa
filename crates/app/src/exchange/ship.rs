//! Sends goods again (补发换发): from what is held or from the shelf, with the remark that the quality is checked first.
//!
//! Owns the parcel out and the stock it takes. A whole unit is made good once: without a request of its own the parcel holds the unit.

use super::{held, load, move_stock, release, shelves};
use crate::case::open::LineQuantity;
use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::error::{Result, bad_input, not_found};
use crate::ids::new_id;
use crate::ledger::units;
use crate::order::remark;
use crate::parcel::{self, NewParcelRow};
use crate::{Context, Desk, promise, task};
use aftercare_domain::case::Happened;
use aftercare_domain::id::Id;
use aftercare_domain::ledger::Wants;
use aftercare_domain::parcel::{Direction, Purpose, State};
use aftercare_domain::people::{Action, Team};
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_domain::reservation::choose;
use aftercare_store::{DbError, Row, values};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A parcel that leaves for the case.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewShipment {
    /// exchange, reship (a whole unit again), part (a part or gift).
    pub kind: String,
    /// The variant that leaves.
    pub sku: String,
    /// Pieces.
    pub quantity: i64,
    /// The carrier's code.
    pub carrier: String,
    /// Its number.
    pub waybill: String,
    /// The line it stands for; absent: the lines of the request.
    #[serde(default)]
    pub line_no: Option<i64>,
    /// The reservation it leaves with; absent: the case's own of this variant and quantity.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub reservation_id: Option<Id>,
    /// The request it answers; absent: the live one of its kind.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub request_id: Option<Id>,
}

impl Desk {
    /// Registers a parcel that leaves for the case.
    pub async fn ship(&self, context: &Context, at: CaseRef, input: NewShipment) -> Result<Changed> {
        let purpose = Purpose::parse(&input.kind).filter(|purpose| matches!(purpose, Purpose::Exchange | Purpose::Reship | Purpose::Part));
        let purpose = purpose.ok_or_else(|| bad_input("kind", "exchange, reship or part"))?;
        let waybill = parcel::waybill(&input.waybill)?;
        if !(1..=64).contains(&input.sku.len()) || !(1..=100_000).contains(&input.quantity) {
            return Err(bad_input("sku", "1 to 64 bytes, and a positive quantity"));
        }
        if input.carrier.is_empty() || input.carrier.len() > 40 || input.carrier.bytes().any(|b| b.is_ascii_digit()) {
            return Err(bad_input("carrier", "1 to 40 bytes, no digits"));
        }
        let repeat = Repeat::of(context, format!("ship/{}", at.id), &input);
        self.change(context, at, Action::Ship, false, repeat, move |change| {
            change.must_be_open()?;
            let id = new_id(change.context.now);
            let (request, lines) = stands_for(change, &input, purpose, id)?;
            let reservation = take_from_shelf(change, &input)?;
            leave(change, id, &input, &waybill, purpose, request, &lines)?;
            change.event(
                "goods_sent",
                json!({ "parcel": id, "kind": purpose, "sku": input.sku, "quantity": input.quantity, "reservation": reservation,
                    "request": request, "lines": lines }),
            );
            if purpose != Purpose::Part {
                remark::quality(change, &format!("{} {}×{}", purpose.zh(), input.sku, input.quantity))?;
            }
            what_was_asked_is_done(change)?;
            change.happened(Happened::WorkStarted)?;
            Ok(json!({ "parcel_id": id, "request_id": request, "reservation_id": reservation }))
        })
        .await
    }
}

/// The request and the units the parcel stands for; a whole unit that no request holds is held in the parcel's name.
fn stands_for(change: &mut Change<'_, '_>, input: &NewShipment, purpose: Purpose, parcel: Id) -> Result<(Option<Id>, Vec<LineQuantity>)> {
    let sql =
        "SELECT id, lines FROM request WHERE shop_id = $1 AND case_id = $2 AND (id = $3 OR ($3 IS NULL AND kind = $4 AND ended_at IS NULL))
        ORDER BY id DESC LIMIT 1";
    let read = |row: &Row| {
        let lines: Vec<LineQuantity> = serde_json::from_value(row.get::<Value>(1)?).map_err(|e| DbError::Shape(e.to_string()))?;
        Ok((row.get::<Id>(0)?, lines))
    };
    let kind = if purpose == Purpose::Part { "repair" } else { purpose.as_str() };
    let request = change.tx.query_opt(sql, &values![change.case.shop, change.case.id, input.request_id, kind], read)?;
    if input.request_id.is_some() && request.is_none() {
        return Err(not_found("request"));
    }
    let of_request = request.as_ref().map(|(_, lines)| lines.clone()).unwrap_or_default();
    let lines = match input.line_no {
        Some(line_no) => vec![LineQuantity { line_no, quantity: input.quantity }],
        None => of_request,
    };
    if purpose != Purpose::Part && request.is_none() && change.case.order.is_some() {
        if lines.is_empty() {
            return Err(bad_input("line_no", "say which line this stands for, or ship for a request"));
        }
        for line in &lines {
            units::hold(change, parcel, line.line_no, line.quantity, Wants::Stay)?;
        }
    }
    Ok((request.map(|(id, _)| id), lines))
}

/// Takes the pieces: those held for the case, else free ones. A variant the shop keeps no count of is not counted here either.
fn take_from_shelf(change: &mut Change<'_, '_>, input: &NewShipment) -> Result<Option<Id>> {
    let fits = |held: &super::Reservation| held.sku == input.sku && held.quantity == input.quantity;
    let with = match input.reservation_id {
        Some(id) => Some(load(change, id)?),
        None => held(change)?.into_iter().find(fits),
    };
    if let Some(held) = with {
        if !fits(&held) {
            return Err(bad_input("reservation_id", format!("it holds {} of {}", held.quantity, held.sku)));
        }
        let state = held.state.ship()?;
        release::end(change, &held, state, held.quantity)?;
        return Ok(Some(held.id));
    }
    let shelves = shelves(change, &input.sku)?;
    if !shelves.is_empty() {
        let place = shelves[choose(&shelves, input.quantity)?].warehouse.clone();
        move_stock(change, &input.sku, &place, -input.quantity, 0)?;
    }
    Ok(None)
}

fn leave(
    change: &mut Change<'_, '_>,
    id: Id,
    input: &NewShipment,
    waybill: &str,
    purpose: Purpose,
    request: Option<Id>,
    lines: &[LineQuantity],
) -> Result<()> {
    let (shop, case, now) = (change.case.shop, change.case.id, change.context.now);
    let known = parcel::by_waybill(change.tx, shop, waybill)?;
    if known.iter().any(|row| row.direction == Direction::In || row.case == Some(case)) {
        return Err(Refusal::new(Code::WaybillTaken).with("case_no", &change.case.case_no).into());
    }
    let row = NewParcelRow {
        id,
        direction: Direction::Out,
        purpose,
        order: change.case.order,
        case: Some(case),
        request,
        carrier: &input.carrier,
        waybill,
        state: State::AwaitingPickup.as_str(),
        lines: json!(lines),
        shipped_at: Some(now),
        signed_at: None,
        scanned_at: None,
    };
    parcel::insert(change.tx, shop, now, row);
    Ok(())
}

/// The warehouse's tasks to ship are done and its promises of an accepted offer are kept.
fn what_was_asked_is_done(change: &mut Change<'_, '_>) -> Result<()> {
    task::done_of_kind(change, "ship")?;
    let sql = "SELECT id FROM promise WHERE shop_id = $1 AND case_id = $2 AND team = $3 AND offer_id IS NOT NULL AND effect_id IS NULL AND ended_at IS NULL
        ORDER BY id LIMIT 20";
    let params = values![change.case.shop, change.case.id, Team::Warehouse.as_str()];
    let kept = change.tx.query(sql, &params, |row| row.get::<Id>(0))?;
    kept.into_iter().try_for_each(|id| promise::keep(change, id, None))
}
