//! Waiting and held words as the case page shows them. Owns the projection; personal data is masked.

use super::FIELD;
use crate::command::CaseRef;
use crate::error::Result;
use crate::shown;
use aftercare_domain::contact::{Hindrance, Why, by_itself};
use aftercare_domain::id::Id;
use aftercare_domain::time::Micros;
use aftercare_store::vault::DataKey;
use aftercare_store::{Row, Tx, values};
use serde_json::{Value, json};

/// What has neither left nor been cancelled, the earliest first.
pub(crate) fn shown(tx: &mut Tx<'_>, at: CaseRef, key: &DataKey) -> Result<Value> {
    let sql = "SELECT l.id, l.channel, l.body_sealed, l.marks, l.send_at, l.unless_answered, l.state, l.reasons, l.allowed_from, l.tries, l.written_at, s.display_name
        FROM later_send l LEFT JOIN staff s ON s.id = l.actor_id WHERE l.shop_id = $1 AND l.case_id = $2 AND l.ended_at IS NULL ORDER BY l.send_at, l.id LIMIT 50";
    let read = |row: &Row| {
        let channel: String = row.get(1)?;
        let itself = crate::case::gate::channel(&channel).is_ok_and(by_itself);
        let reasons: Vec<String> = serde_json::from_value(row.get::<Value>(7)?).unwrap_or_default();
        Ok(json!({
            "id": row.get::<Id>(0)?, "channel": channel, "by_itself": itself, "text": shown::text(key, FIELD, &row.get::<Vec<u8>>(2)?),
            "marks": row.get::<Value>(3)?, "send_at": row.get::<Micros>(4)?, "unless_answered": row.get::<bool>(5)?, "state": row.get::<String>(6)?,
            "reasons": reasons.iter().map(|code| worded(code)).collect::<Vec<_>>(), "allowed_from": row.get::<Option<Micros>>(8)?,
            "tries": row.get::<i64>(9)?, "written_at": row.get::<Micros>(10)?, "actor": row.get::<Option<String>>(11)?,
        }))
    };
    Ok(Value::from(tx.query(sql, &values![at.shop, at.id], read)?))
}

fn worded(code: &str) -> Value {
    let (zh, en) = match (Why::parse(code), Hindrance::parse(code)) {
        (Some(why), _) => (why.zh(), why.en()),
        (_, Some(hindrance)) => (hindrance.zh(), hindrance.en()),
        _ => (code, code),
    };
    json!({ "code": code, "message": { "zh": zh, "en": en } })
}
