//! The inspections of a case as the case page shows them. Owns the projection.

use crate::error::Result;
use crate::shown;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::time::Micros;
use aftercare_store::vault::DataKey;
use aftercare_store::{Row, Tx, values};
use serde_json::{Value, json};

/// Inspections, oldest first.
pub(crate) fn of_case(tx: &mut Tx<'_>, key: &DataKey, shop: ShopId, case: Id) -> Result<Value> {
    let sql =
        "SELECT i.id, i.parcel_id, i.units, i.photos, i.video, i.verdict, i.outcome, i.note_sealed, i.at, s.display_name FROM inspection i
        LEFT JOIN staff s ON s.id = i.actor_id WHERE i.shop_id = $1 AND i.case_id = $2 ORDER BY i.id LIMIT 100";
    let read = |row: &Row| {
        let outcome: Value = row.get(6)?;
        let notes = row.get::<Option<Vec<u8>>>(7)?.map(|sealed| shown::json(key, "inspection.note", &sealed));
        Ok(json!({
            "id": row.get::<Id>(0)?, "parcel_id": row.get::<Id>(1)?, "units": row.get::<Value>(2)?, "photos": row.get::<i64>(3)?, "video": row.get::<bool>(4)?,
            "condition": row.get::<String>(5)?, "intact": outcome["intact"], "received": outcome["received"], "absent": outcome["absent"],
            "proposal": outcome["proposal"], "deduction_minor": outcome["deduction_minor"], "notes": notes, "at": row.get::<Micros>(8)?,
            "actor": row.get::<Option<String>>(9)?,
        }))
    };
    Ok(tx.query(sql, &values![shop, case], read)?.into())
}
