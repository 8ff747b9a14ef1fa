//! The offers of a case for its page. Owns this projection.

use super::Words;
use crate::command::CaseRef;
use crate::error::Result;
use crate::shown;
use aftercare_domain::id::Id;
use aftercare_domain::time::{Micros, Span};
use aftercare_store::vault::DataKey;
use aftercare_store::{Row, Tx, values};
use serde_json::{Value, json};

/// Offers of one case in one answer.
const LIMIT: i64 = 100;

/// Every offer, oldest first, with its words for those who may read the case.
pub(crate) fn shown(tx: &mut Tx<'_>, at: CaseRef, key: &DataKey) -> Result<Value> {
    let sql = "SELECT id, rung, remedy, means, amount_minor, cap_minor, state, text_sealed, valid_until, sent_at, answered_at, at, approval_id, lines,
        promise_team, promise_within_us, acts FROM offer WHERE shop_id = $1 AND case_id = $2 ORDER BY id LIMIT $3";
    let read = |row: &Row| {
        let words = row.get::<Option<Vec<u8>>>(7)?.map(|sealed| shown::json(key, "offer.text", &sealed));
        let words: Option<Words> = words.and_then(|words| serde_json::from_value(words).ok());
        let within_h = row.get::<Option<i64>>(15)?.map(|within| within / Span::hours(1).0);
        let team: String = row.get(14)?;
        let promise = words.as_ref().filter(|_| !team.is_empty()).map(|w| json!({ "team": team, "within_h": within_h, "text": w.promise }));
        let mut offer = json!({
            "id": row.get::<Id>(0)?, "rung": row.get::<String>(1)?, "remedy": row.get::<String>(2)?, "means": row.get::<String>(3)?,
            "amount_minor": row.get::<i64>(4)?, "cap_minor": row.get::<Option<i64>>(5)?, "state": row.get::<String>(6)?,
            "valid_until": row.get::<Option<Micros>>(8)?, "sent_at": row.get::<Option<Micros>>(9)?, "answered_at": row.get::<Option<Micros>>(10)?,
            "at": row.get::<Micros>(11)?, "approval_id": row.get::<Option<Id>>(12)?, "lines": row.get::<Value>(13)?, "then": row.get::<Value>(16)?,
            "promise": promise, "text": words.as_ref().map(Words::text),
        });
        if let Some(words) = words {
            offer["what"] = json!(words.what);
            offer["why"] = json!(words.why);
            offer["by_when"] = json!(words.by_when);
            offer["buyer_must"] = json!(words.buyer_must);
            offer["follows"] = json!(words.follows);
        }
        Ok(offer)
    };
    Ok(Value::from(tx.query(sql, &values![at.shop, at.id, LIMIT], read)?))
}
