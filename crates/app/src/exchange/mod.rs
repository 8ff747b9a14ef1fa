//! Goods that go out again (换货、补寄): stock held with an end, given free, or sent. One file per command.
//!
//! Owns reservations and what leaves the shelf for a case. Whether units may be made good once more is the ledger's decision.

pub(crate) mod act;
mod arrived;
mod release;
mod reserve;
mod ship;
pub(crate) mod view;

pub(crate) use arrived::arrived;
pub(crate) use release::{no_longer_asked, ran_out};
pub use reserve::NewReservation;
use reserve::{Wanted, hold};
pub use ship::NewShipment;

use crate::command::Change;
use crate::error::{Result, not_found};
use aftercare_domain::id::Id;
use aftercare_domain::reservation::{State, Stock};
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Row, values};

/// The clock of a reservation on the case.
pub(crate) const CLOCK: &str = "reservation";

/// A reservation as its commands need it.
pub(crate) struct Reservation {
    pub(crate) id: Id,
    pub(crate) sku: String,
    pub(crate) warehouse: String,
    pub(crate) quantity: i64,
    pub(crate) state: State,
    pub(crate) until: Micros,
}

const SELECT: &str = "SELECT id, sku, warehouse, quantity, state, until FROM reservation WHERE shop_id = $1 AND case_id = $2";

fn read(row: &Row) -> std::result::Result<Reservation, DbError> {
    let state: String = row.get(4)?;
    Ok(Reservation {
        id: row.get(0)?,
        sku: row.get(1)?,
        warehouse: row.get(2)?,
        quantity: row.get(3)?,
        state: State::parse(&state).ok_or_else(|| DbError::Shape(format!("reservation in state {state}")))?,
        until: row.get(5)?,
    })
}

/// The reservation, locked with its case.
fn load(change: &mut Change<'_, '_>, id: Id) -> Result<Reservation> {
    let sql = format!("{SELECT} AND id = $3");
    change.tx.query_opt(&sql, &values![change.case.shop, change.case.id, id], read)?.ok_or_else(|| not_found("reservation"))
}

/// What the case still holds, oldest first.
pub(crate) fn held(change: &mut Change<'_, '_>) -> Result<Vec<Reservation>> {
    let sql = format!("{SELECT} AND state = 'held' ORDER BY id LIMIT 100");
    Ok(change.tx.query(&sql, &values![change.case.shop, change.case.id], read)?)
}

/// What every warehouse has of a variant, the one that ships first; locked, so that two cannot take the last piece.
fn shelves(change: &mut Change<'_, '_>, sku: &str) -> Result<Vec<Stock>> {
    let sql = "SELECT warehouse, on_hand, reserved FROM stock WHERE shop_id = $1 AND sku = $2
        ORDER BY CASE WHEN warehouse = 'main' THEN 0 ELSE 1 END, warehouse LIMIT 100 FOR UPDATE";
    let read = |row: &Row| Ok(Stock { warehouse: row.get(0)?, on_hand: row.get(1)?, reserved: row.get(2)? });
    Ok(change.tx.query(sql, &values![change.case.shop, sku], read)?)
}

/// Changes what is there and what is held of it.
fn move_stock(change: &mut Change<'_, '_>, sku: &str, warehouse: &str, on_hand: i64, reserved: i64) -> Result<()> {
    let sql = "UPDATE stock SET on_hand = on_hand + $4, reserved = reserved + $5, version = version + 1 WHERE shop_id = $1 AND sku = $2 AND warehouse = $3";
    change.tx.execute(sql, &values![change.case.shop, sku, warehouse, on_hand, reserved])?;
    Ok(())
}
