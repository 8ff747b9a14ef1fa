//! How every command runs: idempotency, one transaction, one answer. Owns the order; knows no business.

mod ask;
mod change;
mod pair;

pub use ask::Ask;
pub use change::{CaseRef, Change, Changed, Held};
pub(crate) use change::{run, write_history};

use crate::error::{Error, Result};
use crate::safety::{Safety, holds};
use crate::{Context, Desk};
use aftercare_domain::id::Id;
use aftercare_domain::refusal::Code;
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Row, Tx, values, vault};
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
    /// with another body it is refused. Refusals are not stored: they are decided again. A rehearsal ends with what it would have answered
    /// and leaves nothing.
    pub async fn command<T, F>(&self, context: &Context, repeat: Repeat, mut decide: F) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let (actor, now, trial) = (context.actor.id(), context.now, context.trial.is_some());
        self.store
            .write(move |tx| {
                if trial {
                    let answer = decide(tx)?;
                    tx.flush()?;
                    let answer = serde_json::to_value(&answer).map_err(|e| DbError::Shape(e.to_string()))?;
                    return Err(Error::TakenBack(answer));
                }
                let Some(key) = repeat.key.as_deref() else { return decide(tx) };
                if holds(Safety::RepeatClaim) && !claim(tx, actor, &repeat, key, now)? {
                    return recall(tx, actor, &repeat, key);
                }
                let answer = decide(tx)?;
                let text = serde_json::to_string(&answer).map_err(|e| DbError::Shape(e.to_string()))?;
                let sql = "UPDATE idempotency SET answer = $4 WHERE actor_id = $1 AND route = $2 AND idem_key = $3";
                tx.execute(sql, &values![actor, &repeat.route, key, text])?;
                Ok(answer)
            })
            .await
    }
}

/// Puts the key down before anything is decided, so that a copy under way waits here for the first and then finds its answer.
/// False when somebody was first.
fn claim(tx: &mut Tx<'_>, actor: Id, repeat: &Repeat, key: &str, now: Micros) -> Result<bool> {
    let sql = "INSERT INTO idempotency (actor_id, route, idem_key, body_hash, answer, created_at) VALUES ($1, $2, $3, $4, 'null', $5)
        ON CONFLICT (actor_id, route, idem_key) DO NOTHING";
    Ok(tx.execute(sql, &values![actor, &repeat.route, key, repeat.body_hash, now])? == 1)
}

/// The first answer under this key; another body is refused.
fn recall<T: DeserializeOwned>(tx: &mut Tx<'_>, actor: Id, repeat: &Repeat, key: &str) -> Result<T> {
    let sql = "SELECT body_hash, answer FROM idempotency WHERE actor_id = $1 AND route = $2 AND idem_key = $3";
    let read = |row: &Row| Ok((row.get::<[u8; 32]>(0)?, row.get::<serde_json::Value>(1)?));
    // The row is there unless the first copy was refused at this very moment: then this one decides anew.
    let (hash, answer) = tx.query_opt(sql, &values![actor, &repeat.route, key], read)?.ok_or(DbError::Conflict)?;
    if hash != repeat.body_hash {
        return Err(Code::KeyReused.into());
    }
    serde_json::from_value(answer).map_err(|e| DbError::Shape(e.to_string()).into())
}
