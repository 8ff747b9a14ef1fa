//! Parcels (包裹) in the database: what left for the buyer, what comes back, and what carriers report of either.
//!
//! Owns the parcel rows and finding them by their waybill. What a trace means is the domain's judgement.

pub(crate) mod row;
mod seal;
mod track;
pub(crate) mod view;
pub(crate) mod watch;

pub(crate) use row::ParcelRow;
pub(crate) use track::take_in;
pub use track::{NewReport, NewTracking, Tracked};

use crate::error::{Result, bad_input};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::parcel::Direction;
use aftercare_domain::search::plain_number;
use aftercare_domain::time::Micros;
use aftercare_store::{Tx, values};

/// Rows under one waybill: orders sent in one parcel share it.
const SHARED: i64 = 20;

/// A waybill as it is stored and compared: trimmed, in capitals.
///
/// # Errors
/// `bad_input` when it is empty, longer than 40 or holds anything but letters, digits and `-`.
pub(crate) fn waybill(text: &str) -> Result<String> {
    let plain = text.trim().to_uppercase();
    if plain.is_empty() || plain.len() > 40 || !plain.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return Err(bad_input("waybill", "1 to 40 letters, digits or -"));
    }
    Ok(plain)
}

/// The last four letters or digits, by which people ask for a parcel.
pub(crate) fn tail(waybill: &str) -> String {
    let plain = plain_number(waybill);
    if plain.len() < 4 { String::new() } else { plain[plain.len() - 4..].to_owned() }
}

/// A parcel to add.
#[derive(Clone, Debug)]
pub(crate) struct NewParcelRow<'a> {
    pub(crate) id: Id,
    pub(crate) direction: Direction,
    pub(crate) purpose: aftercare_domain::parcel::Purpose,
    pub(crate) order: Option<Id>,
    pub(crate) case: Option<Id>,
    pub(crate) request: Option<Id>,
    pub(crate) carrier: &'a str,
    pub(crate) waybill: &'a str,
    pub(crate) state: &'a str,
    pub(crate) lines: serde_json::Value,
    pub(crate) shipped_at: Option<Micros>,
    pub(crate) signed_at: Option<Micros>,
    pub(crate) scanned_at: Option<Micros>,
}

const PARCEL: &[&str] = &[
    "shop_id",
    "id",
    "direction",
    "purpose",
    "order_id",
    "case_id",
    "request_id",
    "carrier",
    "waybill",
    "waybill_tail",
    "state",
    "lines",
    "shipped_at",
    "signed_at",
    "last_event_at",
    "scanned_at",
    "created_at",
];

/// Adds a parcel.
pub(crate) fn insert(tx: &mut Tx<'_>, shop: ShopId, now: Micros, new: NewParcelRow<'_>) {
    let row = values![
        shop,
        new.id,
        new.direction.as_str(),
        new.purpose.as_str(),
        new.order,
        new.case,
        new.request,
        new.carrier,
        new.waybill,
        tail(new.waybill),
        new.state,
        new.lines,
        new.shipped_at,
        new.signed_at,
        new.signed_at.or(new.shipped_at),
        new.scanned_at,
        now
    ];
    tx.insert("parcel", PARCEL, row);
}

/// The rows under a waybill, oldest first.
pub(crate) fn by_waybill(tx: &mut Tx<'_>, shop: ShopId, waybill: &str) -> Result<Vec<ParcelRow>> {
    let sql = format!("{} WHERE shop_id = $1 AND waybill = $2 ORDER BY id LIMIT $3", row::SELECT);
    Ok(tx.query(&sql, &values![shop, waybill, SHARED], ParcelRow::read)?)
}

/// The parcels of an order, oldest first.
pub(crate) fn of(tx: &mut Tx<'_>, shop: ShopId, order: Id) -> Result<Vec<ParcelRow>> {
    let sql = format!("{} WHERE shop_id = $1 AND order_id = $2 ORDER BY id LIMIT 100", row::SELECT);
    Ok(tx.query(&sql, &values![shop, order], ParcelRow::read)?)
}

/// The carrier's word for an outgoing parcel of an order, taken in with the order or again later; one that a feed spoke of before is joined.
pub(crate) fn of_order(tx: &mut Tx<'_>, shop: ShopId, order: Id, now: Micros, new: &crate::order::NewParcel) -> Result<()> {
    let waybill = new.waybill.trim().to_uppercase();
    let known = if waybill.is_empty() { Vec::new() } else { by_waybill(tx, shop, &waybill)? };
    if let Some(row) = known.iter().find(|row| row.order == Some(order)) {
        let sql =
            "UPDATE parcel SET shipped_at = COALESCE(shipped_at, $3), signed_at = COALESCE(signed_at, $4) WHERE shop_id = $1 AND id = $2";
        tx.execute(sql, &values![shop, row.id, new.shipped_at, new.signed_at])?;
        return Ok(());
    }
    if let Some(row) = known.iter().find(|row| row.order.is_none() && row.direction == Direction::Out) {
        let sql = "UPDATE parcel SET order_id = $3, carrier = $4, shipped_at = COALESCE(shipped_at, $5) WHERE shop_id = $1 AND id = $2";
        tx.execute(sql, &values![shop, row.id, order, &new.carrier, new.shipped_at])?;
        return Ok(());
    }
    let state = if new.state.is_empty() { "picked_up" } else { &new.state };
    let id = crate::ids::new_id(now);
    let row = NewParcelRow {
        id,
        direction: Direction::Out,
        purpose: aftercare_domain::parcel::Purpose::Order,
        order: Some(order),
        case: None,
        request: None,
        carrier: &new.carrier,
        waybill: &waybill,
        state,
        lines: serde_json::json!([]),
        shipped_at: new.shipped_at,
        signed_at: new.signed_at,
        scanned_at: None,
    };
    insert(tx, shop, now, row);
    Ok(())
}
