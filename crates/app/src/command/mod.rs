//! How every command runs: idempotency, one transaction, one answer. Owns the order; knows no business.

mod ask;
mod change;

pub use ask::Ask;
pub use change::{CaseRef, Change, Changed};
pub(crate) use change::{run, write_history};

use crate::error::{Error, Result};
use crate::{Context, Desk};
use aftercare_domain::refusal::Code;
use aftercare_store::{Tx, values, vault};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What makes a repeat of a command recognisable: route, key and the hash of its input.
#[derive(Clone, Debug)]
pub struct Repeat {
    route: String,
    key: Option<String>,
    body_hash: [u8; 32],
}

impl Repeat {
    /// The repeat mark of `input` at `route` (the command's name and the objects in its address).
    pub fn of(context: &Context, route: impl Into<String>, input: &impl Serialize) -> Self {
        let body = serde_json::to_vec(input).unwrap_or_default();
        Self { route: route.into(), key: context.key.clone(), body_hash: vault::sha256(&body) }
    }
}

impl Desk {
    /// Runs `decide` in one transaction. A repeat with the same key and body gets the first answer without running again;
    /// with another body it is refused. Refusals are not stored: they are decided again.
    pub async fn command<T, F>(&self, context: &Context, repeat: Repeat, mut decide: F) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let (actor, now) = (context.actor.id(), context.now);
        self.store
            .write(move |tx| {
                let Some(key) = repeat.key.as_deref() else { return decide(tx) };
                let sql = "SELECT body_hash, answer FROM idempotency WHERE actor_id = $1 AND route = $2 AND idem_key = $3";
                let first = tx.query_opt(sql, &values![actor, &repeat.route, key], |row| {
                    Ok((row.get::<[u8; 32]>(0)?, row.get::<serde_json::Value>(1)?))
                })?;
                if let Some((hash, answer)) = first {
                    return if hash == repeat.body_hash { recall(answer) } else { Err(Code::KeyReused.into()) };
                }
                let answer = decide(tx)?;
                const COLUMNS: &[&str] = &["actor_id", "route", "idem_key", "body_hash", "answer", "created_at"];
                let text = serde_json::to_string(&answer).map_err(|e| aftercare_store::DbError::Shape(e.to_string()))?;
                tx.insert("idempotency", COLUMNS, values![actor, &repeat.route, key, repeat.body_hash, text, now]);
                Ok(answer)
            })
            .await
    }
}

fn recall<T: DeserializeOwned>(answer: serde_json::Value) -> Result<T> {
    serde_json::from_value(answer).map_err(|e| Error::Db(aftercare_store::DbError::Shape(e.to_string())))
}
