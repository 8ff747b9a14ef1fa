//! The chain of hashes over everything that happened: each seal covers the feed and the audit up to a place, and the seal before it.
//!
//! Owns the chain. A worker seals afterwards, in commit order, never past the horizon below which a commit may still appear.
//! Whoever can write the whole file can make a new chain: only a seal kept elsewhere proves that the old one is still there.

use crate::error::{Error, Result};
use crate::{Context, Desk};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Log, Row, Tx, Value, values, vault};
use serde::{Deserialize, Serialize};

/// Rows of each kind under one seal.
const PAGE: i64 = 500;

/// One seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Seal {
    /// Its place in the chain, from 1.
    pub n: i64,
    /// Covers the feed up to here.
    pub feed_place: i64,
    /// Covers the audit up to here.
    pub audit_place: i64,
    /// SHA-256 in hexadecimal digits.
    pub hash: String,
    /// When it was made.
    #[schema(value_type = String, format = "date-time")]
    pub at: Micros,
}

/// What a check of the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every seal is what its rows make it; so many of them.
    Sound(i64),
    /// The first seal whose rows are not what they were.
    Broken(i64),
    /// The chain does not contain the seal kept elsewhere.
    Missing(i64),
}

impl Desk {
    /// Seals what is waiting; answers how many seals were added.
    pub async fn seal_audit(&self) -> Result<usize> {
        let mut added = 0;
        loop {
            let now = self.clock.now();
            match self.store.write(move |tx: &mut Tx<'_>| seal_next(tx, now)).await {
                Ok(true) => added += 1,
                Ok(false) | Err(Error::Db(DbError::Unique(_))) => return Ok(added),
                Err(error) => return Err(error),
            }
        }
    }

    /// The last seal, to be kept elsewhere.
    pub async fn last_seal(&self, context: &Context) -> Result<Option<Seal>> {
        context.actor.may(Action::ReadAudit, &Object::desk("audit"))?;
        self.store.read(|tx| Ok(tx.query_opt(LAST, &values![], read)?)).await
    }

    /// Computes the whole chain again. `kept` is a seal from elsewhere that must be part of it.
    pub async fn verify_audit(&self, kept: Option<Seal>) -> Result<Verdict> {
        let mut before: Option<Seal> = None;
        let mut found = kept.is_none();
        loop {
            let from = before.clone();
            let checked = self.store.read(move |tx| check_next(tx, from.as_ref())).await?;
            match checked {
                None if !found => return Ok(Verdict::Missing(kept.map_or(0, |seal| seal.n))),
                None => return Ok(Verdict::Sound(before.map_or(0, |seal| seal.n))),
                Some((seal, sound)) => {
                    if !sound {
                        return Ok(Verdict::Broken(seal.n));
                    }
                    found |= kept.as_ref() == Some(&seal);
                    before = Some(seal);
                }
            }
        }
    }
}

fn read(row: &Row) -> std::result::Result<Seal, DbError> {
    let hash: [u8; 32] = row.get(3)?;
    Ok(Seal { n: row.get(0)?, feed_place: row.get(1)?, audit_place: row.get(2)?, hash: vault::hex(&hash), at: row.get(4)? })
}

const LAST: &str = "SELECT n, feed_place, audit_place, hash, at FROM seal WHERE n > 0 ORDER BY n DESC LIMIT 1";

fn seal_next(tx: &mut Tx<'_>, now: Micros) -> Result<bool> {
    let before = tx.query_opt(LAST, &values![], read)?;
    let (feed_from, audit_from) = before.as_ref().map_or((0, 0), |seal| (seal.feed_place, seal.audit_place));
    let feed_to = tx.page_end(Log::Feed, feed_from, PAGE)?.unwrap_or(feed_from);
    let audit_to = tx.page_end(Log::Audit, audit_from, PAGE)?.unwrap_or(audit_from);
    if (feed_to, audit_to) == (feed_from, audit_from) {
        return Ok(false);
    }
    let n = before.as_ref().map_or(1, |seal| seal.n + 1);
    let hash = hash(tx, before.as_ref(), feed_to, audit_to, now)?;
    // Two nodes may seal at once: the number is unique, so one of them finds it taken.
    tx.insert("seal", &["n", "feed_place", "audit_place", "hash", "at"], values![n, feed_to, audit_to, hash, now]);
    Ok(true)
}

fn check_next(tx: &mut Tx<'_>, before: Option<&Seal>) -> Result<Option<(Seal, bool)>> {
    let n = before.map_or(1, |seal| seal.n + 1);
    let sql = "SELECT n, feed_place, audit_place, hash, at FROM seal WHERE n >= $1 ORDER BY n LIMIT 1";
    let Some(seal) = tx.query_opt(sql, &values![n], read)? else { return Ok(None) };
    let again = vault::hex(&hash(tx, before, seal.feed_place, seal.audit_place, seal.at)?);
    let sound = seal.n == n && again == seal.hash;
    Ok(Some((seal, sound)))
}

/// Over the seal before, its own time, then every row of the feed with the events of its case's version, then every audit row.
fn hash(tx: &mut Tx<'_>, before: Option<&Seal>, feed_to: i64, audit_to: i64, at: Micros) -> Result<[u8; 32]> {
    let (feed_from, audit_from, head) = before.map_or((0, 0, ""), |seal| (seal.feed_place, seal.audit_place, seal.hash.as_str()));
    let mut text = Canonical(Vec::new());
    text.row("seal", &values![head, at]);
    let by = tx.place();
    let feed = format!("SELECT shop_id, case_id, case_version, at FROM feed WHERE {by} > $1 AND {by} <= $2 ORDER BY {by}, seq");
    let rows = tx.query(&feed, &values![feed_from, feed_to], |row| {
        Ok((row.values().to_vec(), (row.get::<ShopId>(0)?, row.get::<Id>(1)?, row.get::<i64>(2)?)))
    })?;
    for (row, (shop, case, version)) in &rows {
        text.row("feed", row);
        let events = "SELECT n, kind, schema, actor_id, actor_role, at, playbook_version, payload FROM event WHERE shop_id = $1 AND case_id = $2 AND case_version = $3 ORDER BY n";
        for event in tx.query(events, &values![*shop, *case, *version], |row| Ok(row.values().to_vec()))? {
            text.row("event", &event);
        }
    }
    let audit = format!(
        "SELECT shop_id, actor_id, actor_role, action, object, payload, at FROM audit WHERE {by} > $1 AND {by} <= $2 ORDER BY {by}, seq"
    );
    for row in tx.query(&audit, &values![audit_from, audit_to], |row| Ok(row.values().to_vec()))? {
        text.row("audit", &row);
    }
    Ok(vault::sha256(&text.0))
}

/// Bytes that only these rows give: every value with its kind and length.
struct Canonical(Vec<u8>);

impl Canonical {
    fn row(&mut self, table: &str, row: &[Value]) {
        self.part(b'r', table.as_bytes());
        for value in row {
            match value {
                Value::Null => self.part(b'0', &[]),
                Value::Int(n) => self.part(b'i', &n.to_be_bytes()),
                Value::Text(text) => self.part(b't', text.as_bytes()),
                Value::Blob(bytes) => self.part(b'b', bytes),
            }
        }
    }

    fn part(&mut self, kind: u8, bytes: &[u8]) {
        self.0.push(kind);
        self.0.extend((bytes.len() as u64).to_be_bytes());
        self.0.extend(bytes);
    }
}
