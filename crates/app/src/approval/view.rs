//! The approvals of a case for its page. Owns this projection.

use crate::command::CaseRef;
use crate::error::Result;
use crate::shown;
use aftercare_domain::id::Id;
use aftercare_domain::time::Micros;
use aftercare_store::vault::DataKey;
use aftercare_store::{Row, Tx, values};
use serde_json::{Value, json};

/// Approvals of one case in one answer.
const LIMIT: i64 = 100;

/// Every approval, oldest first, with the words of both sides for those who may read the case.
pub(crate) fn shown(tx: &mut Tx<'_>, at: CaseRef, key: &DataKey) -> Result<Value> {
    let sql = "SELECT a.id, a.subject, a.subject_id, a.amount_minor, a.case_version, a.state, a.why, s.display_name, a.asked_at, d.display_name, a.decided_at, a.expires_at,
        a.spending, a.cap_minor, a.used_at, a.ask_sealed, a.note_sealed FROM approval a LEFT JOIN staff s ON s.id = a.asked_by LEFT JOIN staff d ON d.id = a.decided_by
        WHERE a.shop_id = $1 AND a.case_id = $2 ORDER BY a.id LIMIT $3";
    let words = |sealed: Option<Vec<u8>>, field: &str| sealed.and_then(|sealed| shown::text(key, field, &sealed));
    let read = |row: &Row| {
        Ok(json!({
            "id": row.get::<Id>(0)?, "subject": row.get::<String>(1)?, "subject_id": row.get::<Option<Id>>(2)?, "amount_minor": row.get::<i64>(3)?,
            "case_version": row.get::<i64>(4)?, "state": row.get::<String>(5)?, "why": row.get::<Value>(6)?, "asked_by": row.get::<Option<String>>(7)?,
            "asked_at": row.get::<Micros>(8)?, "decided_by": row.get::<Option<String>>(9)?, "decided_at": row.get::<Option<Micros>>(10)?,
            "expires_at": row.get::<Micros>(11)?, "spending": row.get::<String>(12)?, "cap_minor": row.get::<Option<i64>>(13)?,
            "used_at": row.get::<Option<Micros>>(14)?, "ask": words(row.get(15)?, "approval.ask"), "note": words(row.get(16)?, "approval.note"),
        }))
    };
    Ok(Value::from(tx.query(sql, &values![at.shop, at.id, LIMIT], read)?))
}
