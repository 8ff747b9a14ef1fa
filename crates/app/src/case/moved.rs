//! Rows that change their case when cases are merged or split. Owns the list of tables and the words sealed in them.
//!
//! A row keeps its id, so that what was moved can be moved back. Between keys, words are opened and sealed again.

use crate::command::Change;
use crate::error::Result;
use aftercare_domain::id::{Id, ShopId};
use aftercare_store::vault::DataKey;
use aftercare_store::{Tx, Value, values};
use serde_json::{Map, Value as Json, json};

/// A table whose rows belong to a case, and its sealed columns with the field each was sealed for.
struct Table {
    name: &'static str,
    sealed: &'static [(&'static str, &'static str)],
}

const TABLES: &[Table] = &[
    Table { name: "request", sealed: &[("note_sealed", "request.note")] },
    Table { name: "contact", sealed: &[("body_sealed", "contact.body"), ("override_sealed", "contact.override")] },
    Table { name: "evidence", sealed: &[("name_sealed", "evidence.name")] },
    Table { name: "diagnosis", sealed: &[("note_sealed", "diagnosis.note")] },
    Table { name: "remedy", sealed: &[("note_sealed", "remedy.note")] },
    Table { name: "offer", sealed: &[("text_sealed", "offer.text")] },
    Table { name: "approval", sealed: &[("ask_sealed", "approval.ask"), ("note_sealed", "approval.note")] },
    Table { name: "effect", sealed: &[("text_sealed", "effect.text"), ("serial_sealed", "effect.serial")] },
    Table {
        name: "promise",
        sealed: &[("text_sealed", "promise.text"), ("proof_sealed", "promise.proof"), ("reason_sealed", "promise.reason")],
    },
    Table { name: "task", sealed: &[("text_sealed", "task.text"), ("note_sealed", "task.note")] },
    Table { name: "reservation", sealed: &[] },
    Table { name: "inspection", sealed: &[("note_sealed", "inspection.note")] },
    Table { name: "parcel", sealed: &[] },
    Table { name: "carrier_claim", sealed: &[] },
];

/// Rows of one table in one move.
const MOST: i64 = 2_000;

/// The keys on both sides, where they differ.
pub(crate) type Keys = Option<(DataKey, DataKey)>;

/// Moves everything that hangs on the case of `change` to `to`, with its running clocks; answers the ids by table.
pub(crate) fn all(change: &mut Change<'_, '_>, to: Id, keys: &Keys) -> Result<Json> {
    let (shop, from) = (change.case.shop, change.case.id);
    let mut moved = Map::new();
    for table in TABLES {
        let sql = format!("SELECT id FROM {} WHERE shop_id = $1 AND case_id = $2 ORDER BY id LIMIT $3", table.name);
        let ids = change.tx.query(&sql, &values![shop, from, MOST], |row| row.get::<Id>(0))?;
        carry(change.tx, shop, table, &ids, from, to, keys)?;
        if !ids.is_empty() {
            moved.insert(table.name.to_owned(), json!(ids));
        }
    }
    let clocks =
        "SELECT id FROM deadline WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL AND subject_id IS NOT NULL ORDER BY id LIMIT $3";
    let clocks = change.tx.query(clocks, &values![shop, from, MOST], |row| row.get::<Id>(0))?;
    moved.insert("deadline".into(), json!(clocks));
    along(change.tx, shop, &clocks, from, to)?;
    holds(change, &ids_of(&moved, "request"), to)?;
    change.deadlines_moved();
    Ok(Json::Object(moved))
}

/// Moves the rows named in `moved` from the case of `change` to `to`, as far as they are still there.
pub(crate) fn back(change: &mut Change<'_, '_>, moved: &Json, to: Id, keys: &Keys) -> Result<()> {
    let (shop, from) = (change.case.shop, change.case.id);
    for table in TABLES {
        carry(change.tx, shop, table, &ids(moved, table.name), from, to, keys)?;
    }
    along(change.tx, shop, &ids(moved, "deadline"), from, to)?;
    holds(change, &ids(moved, "request"), to)?;
    change.deadlines_moved();
    Ok(())
}

/// The units that moved requests hold in the order's ledger.
fn holds(change: &mut Change<'_, '_>, requests: &[Id], to: Id) -> Result<()> {
    let Some(order) = change.case.order else { return Ok(()) };
    for request in requests {
        let sql = "UPDATE unit_hold SET case_id = $4 WHERE shop_id = $1 AND order_id = $2 AND holder_id = $3";
        change.tx.execute(sql, &values![change.case.shop, order, *request, to])?;
    }
    Ok(())
}

fn ids_of(moved: &Map<String, Json>, table: &str) -> Vec<Id> {
    let all = moved.get(table).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    all.iter().filter_map(|id| Id::parse(id.as_str()?)).collect()
}

fn ids(moved: &Json, table: &str) -> Vec<Id> {
    moved.as_object().map(|moved| ids_of(moved, table)).unwrap_or_default()
}

fn carry(tx: &mut Tx<'_>, shop: ShopId, table: &Table, ids: &[Id], from: Id, to: Id, keys: &Keys) -> Result<()> {
    let name = table.name;
    let sql = format!("UPDATE {name} SET case_id = $4 WHERE shop_id = $1 AND case_id = $2 AND id = $3");
    for id in ids {
        if tx.execute(&sql, &values![shop, from, *id, to])? == 1
            && let Some((old, new)) = keys
        {
            seal_again(tx, shop, table, to, *id, old, new)?;
        }
    }
    Ok(())
}

fn seal_again(tx: &mut Tx<'_>, shop: ShopId, table: &Table, case: Id, id: Id, old: &DataKey, new: &DataKey) -> Result<()> {
    let name = table.name;
    for (column, field) in table.sealed {
        let sql = format!("SELECT {column} FROM {name} WHERE shop_id = $1 AND case_id = $2 AND id = $3");
        let sealed = tx.query_opt(&sql, &values![shop, case, id], |row| row.get::<Option<Vec<u8>>>(0))?.flatten();
        let Some(sealed) = sealed else { continue };
        let words = new.seal_bytes(field, &old.open_bytes(field, &sealed)?);
        let sql = format!("UPDATE {name} SET {column} = $4 WHERE shop_id = $1 AND case_id = $2 AND id = $3");
        tx.execute(&sql, &values![shop, case, id, words])?;
    }
    Ok(())
}

/// Deadlines with their timers, and the timers of what moved.
fn along(tx: &mut Tx<'_>, shop: ShopId, clocks: &[Id], from: Id, to: Id) -> Result<()> {
    for id in clocks {
        let sql = "UPDATE deadline SET case_id = $4 WHERE shop_id = $1 AND id = $2 AND case_id = $3";
        tx.execute(sql, &values![shop, *id, from, to])?;
    }
    let sql = "SELECT id, subject_id, kind FROM timer WHERE shop_id = $1 AND case_id = $2 ORDER BY id LIMIT $3";
    let read = |row: &aftercare_store::Row| Ok((row.get::<Id>(0)?, row.get::<Id>(1)?, row.get::<String>(2)?));
    for (timer, subject, kind) in tx.query(sql, &values![shop, from, MOST], read)? {
        if !follows(tx, shop, &kind, subject, to)? {
            continue;
        }
        let params: [Value; 3] = values![shop, timer, to];
        tx.execute("UPDATE timer SET case_id = $3 WHERE shop_id = $1 AND id = $2", &params)?;
    }
    Ok(())
}

/// Whether what a timer is about lies on the case it would follow to.
fn follows(tx: &mut Tx<'_>, shop: ShopId, kind: &str, subject: Id, to: Id) -> Result<bool> {
    let sql = match kind {
        "deadline" => "SELECT 1 FROM deadline WHERE shop_id = $1 AND id = $2 AND case_id = $3",
        "promise_step" => "SELECT 1 FROM promise WHERE shop_id = $1 AND id = $2 AND case_id = $3",
        "offer" => "SELECT 1 FROM offer WHERE shop_id = $1 AND id = $2 AND case_id = $3",
        "approval" => "SELECT 1 FROM approval WHERE shop_id = $1 AND id = $2 AND case_id = $3",
        "reservation" => "SELECT 1 FROM reservation WHERE shop_id = $1 AND id = $2 AND case_id = $3",
        _ => return Ok(false),
    };
    Ok(tx.query_opt(sql, &values![shop, subject, to], |_| Ok(()))?.is_some())
}
