//! The reservations of a case as the case page shows them. Owns the projection.

use crate::error::Result;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::time::Micros;
use aftercare_store::{Row, Tx, values};
use serde_json::{Value, json};

/// Reservations, oldest first.
pub(crate) fn of_case(tx: &mut Tx<'_>, shop: ShopId, case: Id) -> Result<Value> {
    let sql = "SELECT id, sku, warehouse, quantity, state, until, at, ended_at FROM reservation WHERE shop_id = $1 AND case_id = $2 ORDER BY id LIMIT 100";
    let read = |row: &Row| {
        let warehouse: String = row.get(2)?;
        Ok(json!({
            "id": row.get::<Id>(0)?, "sku": row.get::<String>(1)?, "transfer": warehouse != crate::shop::goods::MAIN, "warehouse": warehouse,
            "quantity": row.get::<i64>(3)?, "state": row.get::<String>(4)?, "until": row.get::<Micros>(5)?, "at": row.get::<Micros>(6)?,
            "ended_at": row.get::<Option<Micros>>(7)?,
        }))
    };
    Ok(tx.query(sql, &values![shop, case], read)?.into())
}
