//! What the buyer asks for (诉求), on which lines and units. One file per command; loading and ending inside a change are here.
//!
//! Owns the request rows; units are held in the order's ledger.

pub mod agree;
pub mod ask;
mod on_platform;
pub mod refuse;

use crate::case::facts;
use crate::case::open::LineQuantity;
use crate::command::Change;
use crate::error::{Result, not_found};
use crate::exchange;
use crate::ledger::units;
use aftercare_domain::id::Id;
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_store::{DbError, Row, values};
use serde_json::{Value, json};

/// A request as its commands need it.
pub(crate) struct Request {
    pub(crate) kind: String,
    pub(crate) state: String,
    pub(crate) amount_minor: Option<i64>,
    pub(crate) lines: Vec<LineQuantity>,
}

impl Request {
    /// Refuses what has ended in one of the given states.
    pub(crate) fn must_be(&self, states: &[&str]) -> Result<()> {
        if states.contains(&self.state.as_str()) {
            return Ok(());
        }
        Err(Refusal::new(Code::RequestEnded).with("state", &self.state).into())
    }
}

/// The request, locked with its case.
pub(crate) fn load(change: &mut Change<'_, '_>, id: Id) -> Result<Request> {
    let sql = "SELECT kind, state, amount_minor, lines FROM request WHERE shop_id = $1 AND case_id = $2 AND id = $3";
    let read = |row: &Row| {
        let lines = serde_json::from_value(row.get::<Value>(3)?).map_err(|e| DbError::Shape(e.to_string()))?;
        Ok(Request { kind: row.get(0)?, state: row.get(1)?, amount_minor: row.get(2)?, lines })
    };
    change.tx.query_opt(sql, &values![change.case.shop, change.case.id, id], read)?.ok_or_else(|| not_found("request"))
}

/// Ends a request as `done`, `withdrawn`, `refused`, `superseded` or `lapsed`; one that has ended stays as it is.
pub fn end(change: &mut Change<'_, '_>, id: Id, state: &str) -> Result<()> {
    let sql = "UPDATE request SET state = $4, ended_at = $5 WHERE shop_id = $1 AND case_id = $2 AND id = $3 AND ended_at IS NULL";
    let params = values![change.case.shop, change.case.id, id, state, change.context.now];
    if change.tx.execute(sql, &params)? == 1 {
        change.event("request_ended", json!({ "request": id, "state": state }));
        units::give_back(change, id)?;
        exchange::no_longer_asked(change)?;
    }
    Ok(())
}

/// Ends every live request of the case, as when it is archived; what they hold and did not use is given back.
pub(crate) fn end_all(change: &mut Change<'_, '_>, state: &str) -> Result<()> {
    let sql = "SELECT id FROM request WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL ORDER BY id";
    let live = change.tx.query(sql, &values![change.case.shop, change.case.id], |row| row.get::<Id>(0))?;
    live.into_iter().try_for_each(|id| end(change, id, state))
}

/// Notes on the case when a step of the request's own life was taken, for playbooks' clocks. A due time that the platform named
/// belonged to the step before.
fn dated(change: &mut Change<'_, '_>, fact: &str) {
    let now = json!(change.context.now);
    facts::set(change, fact, now);
    facts::set(change, "platform.due_at", Value::Null);
    facts::set(change, "platform.due_known", Value::Null);
}
