//! The buyer as cases and orders show them: masked, with what the shop knows of them. Owns the projection.

use crate::error::{Result, not_found};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::time::Micros;
use aftercare_store::{Row, Tx, values};
use serde_json::{Value, json};

/// Cases that are counted and shown at most.
const CASES: i64 = 100;

/// The masked record.
pub(crate) fn masked(tx: &mut Tx<'_>, shop: ShopId, buyer: Id) -> Result<Value> {
    let sql = "SELECT name_masked, phone_masked, address_masked, level, orders_count, no_contact,
        (SELECT COUNT(*) FROM (SELECT 1 FROM cases c WHERE c.shop_id = $1 AND c.buyer_id = $2 LIMIT $3) AS some_cases), erased_at
        FROM buyer WHERE shop_id = $1 AND id = $2";
    let read = |row: &Row| {
        Ok(json!({
            "id": buyer, "masked_name": row.get::<String>(0)?, "masked_phone": row.get::<String>(1)?, "masked_address": row.get::<String>(2)?,
            "level": row.get::<String>(3)?, "orders": row.get::<i64>(4)?, "no_contact": row.get::<bool>(5)?, "cases": row.get::<i64>(6)?,
            "erased_at": row.get::<Option<Micros>>(7)?,
        }))
    };
    tx.query_opt(sql, &values![shop, buyer, CASES], read)?.ok_or_else(|| not_found("buyer"))
}

/// The buyer's cases, newest first.
pub(crate) fn history(tx: &mut Tx<'_>, shop: ShopId, buyer: Id) -> Result<Value> {
    let sql = "SELECT id, case_no, order_no, scenario, title, stage, result, opened_at, closed_at FROM cases
        WHERE shop_id = $1 AND buyer_id IS NOT NULL AND buyer_id = $2 ORDER BY id DESC LIMIT 20";
    Ok(tx.query(sql, &values![shop, buyer], case_row)?.into())
}

/// A case in a list of an order or a buyer.
pub(crate) fn case_row(row: &Row) -> std::result::Result<Value, aftercare_store::DbError> {
    Ok(json!({
        "case_id": row.get::<Id>(0)?, "case_no": row.get::<String>(1)?, "order_no": row.get::<String>(2)?, "scenario": row.get::<String>(3)?,
        "title": row.get::<String>(4)?, "stage": row.get::<String>(5)?, "result": row.get::<String>(6)?, "opened_at": row.get::<Micros>(7)?,
        "closed_at": row.get::<Option<Micros>>(8)?,
    }))
}
