//! What the buyer asks for (诉求), on which lines and units. Owns the request rows; units are held in the order's ledger.

use crate::command::Change;
use crate::error::Result;
use aftercare_domain::id::Id;
use aftercare_store::values;
use serde_json::json;

/// Ends a request as `done`, `withdrawn` or `refused`; one that has ended stays as it is.
pub fn end(change: &mut Change<'_, '_>, id: Id, state: &str) -> Result<()> {
    let sql = "UPDATE request SET state = $4, ended_at = $5 WHERE shop_id = $1 AND case_id = $2 AND id = $3 AND ended_at IS NULL";
    let params = values![change.case.shop, change.case.id, id, state, change.context.now];
    if change.tx.execute(sql, &params)? == 1 {
        change.event("request_ended", json!({ "request": id, "state": state }));
    }
    Ok(())
}
