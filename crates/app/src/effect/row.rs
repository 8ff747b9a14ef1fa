//! The effect's row as its commands and the worker need it. Owns its reading, and the writing of a new state.

use crate::command::Change;
use crate::error::{Result, not_found};
use aftercare_domain::effect::{Class, Kind, State};
use aftercare_domain::id::Id;
use aftercare_domain::ledger::Leg;
use aftercare_store::{DbError, Row, values};
use serde_json::Value;

/// An effect as stored.
#[derive(Clone, Debug)]
pub(crate) struct Effect {
    pub(crate) id: Id,
    pub(crate) kind: Kind,
    pub(crate) state: State,
    pub(crate) amount_minor: i64,
    pub(crate) payment_no: String,
    pub(crate) class: Option<Class>,
    pub(crate) order: Option<Id>,
    pub(crate) remedy: Option<Id>,
    pub(crate) request: Option<Id>,
    pub(crate) offer: Option<Id>,
    pub(crate) approval: Option<Id>,
    pub(crate) body: Value,
    pub(crate) spender: Option<(Id, i64)>,
    pub(crate) stage_before: String,
}

const COLUMNS: &str = "id, kind, state, amount_minor, payment_no, class, order_id, remedy_id, request_id, offer_id, approval_id, body, spender_id, spent_day, stage_before";

fn read(row: &Row) -> std::result::Result<Effect, DbError> {
    let (kind, state, class): (String, String, String) = (row.get(1)?, row.get(2)?, row.get(5)?);
    let shape = || DbError::Shape(format!("effect {kind}, {state}"));
    let spender: Option<Id> = row.get(12)?;
    let day: Option<i64> = row.get(13)?;
    Ok(Effect {
        id: row.get(0)?,
        kind: Kind::parse(&kind).ok_or_else(shape)?,
        state: State::parse(&state).ok_or_else(shape)?,
        amount_minor: row.get(3)?,
        payment_no: row.get(4)?,
        class: Class::parse(&class),
        order: row.get(6)?,
        remedy: row.get(7)?,
        request: row.get(8)?,
        offer: row.get(9)?,
        approval: row.get(10)?,
        body: row.get(11)?,
        spender: spender.zip(day),
        stage_before: row.get(14)?,
    })
}

impl Effect {
    /// The effect, locked.
    pub(crate) fn lock(change: &mut Change<'_, '_>, id: Id) -> Result<Self> {
        let sql = format!("SELECT {COLUMNS} FROM effect WHERE shop_id = $1 AND case_id = $2 AND id = $3 FOR UPDATE");
        change.tx.query_opt(&sql, &values![change.case.shop, change.case.id, id], read)?.ok_or_else(|| not_found("effect"))
    }

    /// The legs of a remedy, in the order in which they were planned, locked.
    pub(crate) fn of_remedy(change: &mut Change<'_, '_>, remedy: Id) -> Result<Vec<Self>> {
        let sql =
            format!("SELECT {COLUMNS} FROM effect WHERE shop_id = $1 AND case_id = $2 AND remedy_id = $3 ORDER BY id LIMIT 100 FOR UPDATE");
        Ok(change.tx.query(&sql, &values![change.case.shop, change.case.id, remedy], read)?)
    }

    /// Those that wait for this one.
    pub(crate) fn waiting_for(change: &mut Change<'_, '_>, id: Id) -> Result<Vec<Self>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM effect WHERE shop_id = $1 AND after_id = $2 AND state IN ('held', 'queued', 'awaiting_person') FOR UPDATE"
        );
        Ok(change.tx.query(&sql, &values![change.case.shop, id], read)?)
    }

    /// Refunds of the case that have not left yet.
    pub(crate) fn unsent_refunds(change: &mut Change<'_, '_>) -> Result<Vec<Self>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM effect WHERE shop_id = $1 AND case_id = $2 AND kind = 'refund' AND state IN ('held', 'queued', 'awaiting_person') AND attempt = 0 FOR UPDATE"
        );
        Ok(change.tx.query(&sql, &values![change.case.shop, change.case.id], read)?)
    }

    /// The pieces of a refund this leg carries.
    pub(crate) fn leg(&self) -> Result<Leg> {
        let parts = serde_json::from_value(self.body["parts"].clone()).map_err(|e| DbError::Shape(format!("leg of {}: {e}", self.id)))?;
        Ok(Leg { payment_no: self.payment_no.clone(), parts })
    }

    /// In whose name a refund's units are held.
    pub(crate) fn holder(&self) -> Option<Id> {
        self.body["holder"].as_str().and_then(Id::parse)
    }
}
