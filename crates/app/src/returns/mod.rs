//! What comes back (退货): the buyer's waybill, the scan at the gate, the shelf of unknown parcels, the inspection. One file per command.
//!
//! Owns finding the case of a parcel in the warehouse's hands. Units are booked by the ledger; what follows for the money, people decide.

mod claim;
mod inspect;
mod list;
mod scan;
pub(crate) mod unscanned;
pub(crate) mod view;
mod waybill;

pub use claim::ClaimParcel;
pub use inspect::{InspectedUnits, NewInspection};
pub use list::{ReturnItem, Returns, ReturnsQuery};
pub use scan::{ScanReturn, Scanned, ScannedLine, Warning};
pub use waybill::NewReturn;

use crate::case::open::LineQuantity;
use crate::error::Result;
use aftercare_domain::id::{Id, ShopId};
use aftercare_store::{DbError, Row, Tx, values};
use serde_json::Value;

/// The live request of a case under which goods come back, with its lines: the one given, else the latest of such a kind.
pub(crate) fn request_of(tx: &mut Tx<'_>, shop: ShopId, case: Id, given: Option<Id>) -> Result<Option<(Id, Vec<LineQuantity>)>> {
    let sql = "SELECT id, lines FROM request WHERE shop_id = $1 AND case_id = $2 AND (id = $3 OR ($3 IS NULL AND kind IN ('return_refund', 'exchange', 'repair')
        AND ended_at IS NULL)) ORDER BY id DESC LIMIT 1";
    let read = |row: &Row| {
        let lines = serde_json::from_value(row.get::<Value>(1)?).map_err(|e| DbError::Shape(e.to_string()))?;
        Ok((row.get(0)?, lines))
    };
    Ok(tx.query_opt(sql, &values![shop, case, given], read)?)
}
