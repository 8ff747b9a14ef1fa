//! The effects of a case for its page. Owns this projection; proofs are shown as there or not, never in full.

use crate::command::CaseRef;
use crate::error::Result;
use crate::shown;
use aftercare_domain::id::Id;
use aftercare_domain::time::Micros;
use aftercare_store::vault::DataKey;
use aftercare_store::{Row, Tx, values};
use serde_json::{Value, json};

/// Effects of one case in one answer.
const LIMIT: i64 = 200;

/// Every effect, oldest first.
pub(crate) fn shown(tx: &mut Tx<'_>, at: CaseRef, key: &DataKey) -> Result<Value> {
    let sql = "SELECT id, kind, manual, team, state, amount_minor, payment_no, not_before, next_at, attempt, platform_ref, code, at, ended_at, asks, class, remedy_id,
        request_id, offer_id, approval_id, after_id, serial_sealed, note_sealed, body FROM effect WHERE shop_id = $1 AND case_id = $2 ORDER BY at, id LIMIT $3";
    let words = |sealed: Option<Vec<u8>>, field: &str| sealed.and_then(|sealed| shown::text(key, field, &sealed));
    let read = |row: &Row| {
        let body: Value = row.get(23)?;
        Ok(json!({
            "id": row.get::<Id>(0)?, "kind": row.get::<String>(1)?, "manual": row.get::<bool>(2)?, "team": row.get::<String>(3)?, "state": row.get::<String>(4)?,
            "amount_minor": row.get::<i64>(5)?, "payment_no": row.get::<String>(6)?, "not_before": row.get::<Micros>(7)?, "next_at": row.get::<Micros>(8)?,
            "attempt": row.get::<i64>(9)?, "platform_ref": row.get::<Option<String>>(10)?, "code": row.get::<String>(11)?, "at": row.get::<Micros>(12)?,
            "ended_at": row.get::<Option<Micros>>(13)?, "asks": row.get::<i64>(14)?, "class": row.get::<String>(15)?, "remedy_id": row.get::<Option<Id>>(16)?,
            "request_id": row.get::<Option<Id>>(17)?, "offer_id": row.get::<Option<Id>>(18)?, "approval_id": row.get::<Option<Id>>(19)?,
            "after_id": row.get::<Option<Id>>(20)?, "proved": row.get::<Option<Vec<u8>>>(21)?.is_some(), "note": words(row.get(22)?, "effect.note"),
            "means": body["means"], "parts": body["parts"],
        }))
    };
    Ok(Value::from(tx.query(sql, &values![at.shop, at.id, LIMIT], read)?))
}
