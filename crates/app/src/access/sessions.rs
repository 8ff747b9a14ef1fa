//! One's own sessions: the list, ending one, ending all. Owns these commands; nobody sees or ends another person's here.

use crate::error::{Error, Result, not_found};
use crate::{Context, Desk, audit};
use aftercare_domain::id::Id;
use aftercare_domain::time::Micros;
use aftercare_store::{Row, Tx, values, vault};
use serde::Serialize;
use serde_json::json;

/// Sessions of one person in one answer.
const LIMIT: i64 = 100;

/// A session of one's own.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct MySession {
    /// The beginning of its hash, to end it by.
    pub id: String,
    /// Browser and system, in a word each; empty for programs.
    pub device: String,
    /// Whether it is the one that asks.
    pub current: bool,
    /// Whether the second factor was given in it.
    pub factor: bool,
    /// Signed in.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Micros,
    /// Last used, to some minutes.
    #[schema(value_type = String, format = "date-time")]
    pub seen_at: Micros,
    /// Ends at the latest.
    #[schema(value_type = String, format = "date-time")]
    pub expires_at: Micros,
}

impl Desk {
    /// One's own sessions, newest first. `session`: the secret of the one that asks.
    pub async fn sessions(&self, context: &Context, session: Option<&str>) -> Result<Vec<MySession>> {
        let (id, now) = (context.actor.id(), context.now);
        let mine = session.map(|secret| vault::sha256(secret.as_bytes()));
        let sql = "SELECT token_hash, device, factor_at, created_at, seen_at, expires_at FROM session
            WHERE staff_id = $1 AND expires_at > $2 ORDER BY created_at DESC LIMIT $3";
        let read = move |row: &Row| {
            let hash: [u8; 32] = row.get(0)?;
            Ok(MySession {
                id: name_of(&hash),
                device: row.get(1)?,
                current: mine == Some(hash),
                factor: row.get::<Option<Micros>>(2)?.is_some(),
                created_at: row.get(3)?,
                seen_at: row.get(4)?,
                expires_at: row.get(5)?,
            })
        };
        self.store.read(move |tx| Ok::<_, Error>(tx.query(sql, &values![id, now, LIMIT], read)?)).await
    }

    /// Ends one session of one's own at once.
    pub async fn end_session(&self, context: &Context, session: &str) -> Result<()> {
        let (frame, wanted) = (context.clone(), session.to_owned());
        self.store
            .write(move |tx: &mut Tx<'_>| {
                let mine = "SELECT token_hash FROM session WHERE staff_id = $1 ORDER BY created_at DESC LIMIT $2";
                let all = tx.query(mine, &values![frame.actor.id(), LIMIT], |row| row.get::<[u8; 32]>(0))?;
                let hash = all.into_iter().find(|hash| name_of(hash) == wanted).ok_or_else(|| not_found("session"))?;
                tx.execute("DELETE FROM session WHERE token_hash = $1", &values![hash])?;
                audit::note(tx, &frame.actor, None, "session_ended", &wanted, &json!({}), frame.now);
                Ok(())
            })
            .await
    }

    /// Ends every session of one's own, the present one too.
    pub async fn end_all_sessions(&self, context: &Context) -> Result<()> {
        let frame = context.clone();
        self.store
            .write(move |tx| {
                let id: Id = frame.actor.id();
                super::people::end_sessions(tx, id)?;
                audit::note(tx, &frame.actor, None, "sessions_ended", &id.to_string(), &json!({}), frame.now);
                Ok(())
            })
            .await
    }
}

fn name_of(hash: &[u8; 32]) -> String {
    vault::hex(&hash[..8])
}
