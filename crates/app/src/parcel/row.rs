//! A parcel's own row. Owns the list of its columns.

use crate::error::{Result, not_found};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::parcel::{Direction, Purpose, State};
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Row, Tx, values};
use serde_json::Value;

/// A parcel as stored.
#[derive(Clone, Debug)]
pub(crate) struct ParcelRow {
    pub(crate) id: Id,
    pub(crate) direction: Direction,
    pub(crate) purpose: Purpose,
    pub(crate) order: Option<Id>,
    pub(crate) case: Option<Id>,
    pub(crate) request: Option<Id>,
    pub(crate) key: Option<Id>,
    pub(crate) carrier: String,
    pub(crate) waybill: String,
    pub(crate) state: Option<State>,
    pub(crate) verdict: String,
    pub(crate) refused: bool,
    pub(crate) lines: Value,
    pub(crate) shipped_at: Option<Micros>,
    pub(crate) last_event_at: Option<Micros>,
    pub(crate) signed_at: Option<Micros>,
    pub(crate) signed_by: String,
    pub(crate) returned_at: Option<Micros>,
    pub(crate) scanned_at: Option<Micros>,
    pub(crate) inspected_at: Option<Micros>,
    pub(crate) created_at: Micros,
}

/// The columns in the order of [`ParcelRow::read`].
pub(crate) const SELECT: &str =
    "SELECT id, direction, purpose, order_id, case_id, request_id, key_id, carrier, waybill, state, verdict, refused, lines,
    shipped_at, last_event_at, signed_at, signed_by, returned_at, scanned_at, inspected_at, created_at FROM parcel";

impl ParcelRow {
    /// Reads a row selected with the columns above.
    pub(crate) fn read(row: &Row) -> std::result::Result<Self, DbError> {
        let unknown = |what: &str| DbError::Shape(format!("unknown {what} of a parcel"));
        Ok(Self {
            id: row.get(0)?,
            direction: Direction::parse(&row.get::<String>(1)?).ok_or_else(|| unknown("direction"))?,
            purpose: Purpose::parse(&row.get::<String>(2)?).ok_or_else(|| unknown("purpose"))?,
            order: row.get(3)?,
            case: row.get(4)?,
            request: row.get(5)?,
            key: row.get(6)?,
            carrier: row.get(7)?,
            waybill: row.get(8)?,
            state: State::parse(&row.get::<String>(9)?),
            verdict: row.get(10)?,
            refused: row.get(11)?,
            lines: row.get(12)?,
            shipped_at: row.get(13)?,
            last_event_at: row.get(14)?,
            signed_at: row.get(15)?,
            signed_by: row.get(16)?,
            returned_at: row.get(17)?,
            scanned_at: row.get(18)?,
            inspected_at: row.get(19)?,
            created_at: row.get(20)?,
        })
    }

    /// The parcel, locked. Lock its cases before, as every command does.
    pub(crate) fn lock(tx: &mut Tx<'_>, shop: ShopId, id: Id) -> Result<Self> {
        let sql = format!("{SELECT} WHERE shop_id = $1 AND id = $2 FOR UPDATE");
        tx.query_opt(&sql, &values![shop, id], Self::read)?.ok_or_else(|| not_found("parcel"))
    }

    /// The parcel, to look at.
    pub(crate) fn load(tx: &mut Tx<'_>, shop: ShopId, id: Id) -> Result<Self> {
        let sql = format!("{SELECT} WHERE shop_id = $1 AND id = $2");
        tx.query_opt(&sql, &values![shop, id], Self::read)?.ok_or_else(|| not_found("parcel"))
    }

    /// The open cases it concerns: its own, and those of its order. In the order in which they are locked.
    pub(crate) fn open_cases(&self, tx: &mut Tx<'_>, shop: ShopId) -> Result<Vec<Id>> {
        let sql = "SELECT id FROM cases WHERE shop_id = $1 AND order_id = $2 AND open = 1 ORDER BY id LIMIT 20";
        let mut cases = match self.order {
            Some(order) => tx.query(sql, &values![shop, order], |row| row.get::<Id>(0))?,
            None => Vec::new(),
        };
        if let Some(own) = self.case
            && !cases.contains(&own)
        {
            let open = "SELECT id FROM cases WHERE shop_id = $1 AND id = $2 AND open = 1";
            cases.extend(tx.query_opt(open, &values![shop, own], |row| row.get::<Id>(0))?);
            cases.sort_unstable();
        }
        Ok(cases)
    }
}
