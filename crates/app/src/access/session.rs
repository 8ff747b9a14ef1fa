//! Sessions and API tokens: from a secret to the actor behind it. Owns expiry and ending.

use crate::context::Actor;
use crate::error::Result;
use crate::{Context, Desk};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Role, policy};
use aftercare_domain::refusal::Code;
use aftercare_domain::time::{Micros, Span};
use aftercare_store::{DbError, Row, Tx, values, vault};

/// A session ends after this long without a request.
pub const IDLE: Span = Span::minutes(12 * 60);
/// A session ends after this long in any case.
pub const LONGEST: Span = Span::hours(24);
/// `seen_at` is written at most this often.
const SEEN_EVERY: Span = Span::minutes(5);

struct Found {
    actor: Actor,
    seen_at: Micros,
    disabled: bool,
}

fn read(row: &Row) -> std::result::Result<Found, DbError> {
    let role: String = row.get(3)?;
    let role = Role::parse(&role).ok_or_else(|| DbError::Shape(format!("unknown role {role}")))?;
    let who = policy::Actor { id: row.get(0)?, role, shops: Default::default(), only: None };
    let actor = Actor { who, agent_no: row.get(1)?, display_name: row.get(2)?, system: false, buyer: false };
    Ok(Found { actor, seen_at: row.get(4)?, disabled: row.get(5)? })
}

impl Desk {
    /// The actor behind a session's secret; refused when it is unknown, ended, too old, or its owner disabled.
    pub async fn signed_in(&self, secret: &str) -> Result<Actor> {
        let (now, hash) = (self.clock.now(), vault::sha256(secret.as_bytes()));
        let found = self.store.read(move |tx| find(tx, hash, now)).await?;
        if now - found.seen_at > SEEN_EVERY {
            self.store
                .write::<_, DbError, _>(move |tx| tx.execute("UPDATE session SET seen_at = $2 WHERE token_hash = $1", &values![hash, now]))
                .await?;
        }
        Ok(found.actor)
    }

    /// Ends one session.
    pub async fn sign_out(&self, secret: &str) -> Result<()> {
        let hash = vault::sha256(secret.as_bytes());
        self.store.write::<_, DbError, _>(move |tx| tx.execute("DELETE FROM session WHERE token_hash = $1", &values![hash])).await?;
        Ok(())
    }

    /// The actor behind an API token.
    pub async fn token_holder(&self, secret: &str) -> Result<Actor> {
        let (now, hash) = (self.clock.now(), vault::sha256(secret.as_bytes()));
        self.store
            .read(move |tx| {
                let sql = "SELECT s.id, s.agent_no, s.display_name, s.role, t.created_at, s.disabled, t.scopes FROM api_token t JOIN staff s ON s.id = t.staff_id
                    WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2)";
                let both = |row: &Row| Ok((read(row)?, row.get::<String>(6)?));
                let (found, scopes) = tx.query_opt(sql, &values![hash, now], both)?.filter(|(found, _)| !found.disabled).ok_or(Code::NotSignedIn)?;
                let mut actor = with_shops(tx, found.actor)?;
                actor.who.only = Some(super::token::parse_scopes(&scopes));
                Ok(actor)
            })
            .await
    }

    /// A person as they stand now, for work they left to the desk: today's role and shops, within the scopes it was started with.
    pub(crate) async fn actor_of(&self, staff: Id, scopes: Option<String>) -> Result<Actor> {
        self.store
            .read(move |tx| {
                let sql = "SELECT id, agent_no, display_name, role, created_at, disabled FROM staff WHERE id = $1";
                let found = tx.query_opt(sql, &values![staff], read)?.filter(|found| !found.disabled).ok_or(Code::NotSignedIn)?;
                let mut actor = with_shops(tx, found.actor)?;
                actor.who.only = scopes.as_deref().map(super::token::parse_scopes);
                Ok(actor)
            })
            .await
    }

    /// The frame for a request of `actor` now.
    pub fn context(&self, actor: Actor) -> Context {
        Context { actor, now: self.clock.now(), key: None, if_match: None, trial: None }
    }
}

fn find(tx: &mut Tx<'_>, hash: [u8; 32], now: Micros) -> Result<Found> {
    let sql = "SELECT s.id, s.agent_no, s.display_name, s.role, e.seen_at, s.disabled FROM session e JOIN staff s ON s.id = e.staff_id
        WHERE e.token_hash = $1 AND e.expires_at > $2 AND e.seen_at > $3";
    let found = tx.query_opt(sql, &values![hash, now, now - IDLE], read)?.filter(|found| !found.disabled).ok_or(Code::NotSignedIn)?;
    let actor = with_shops(tx, found.actor)?;
    Ok(Found { actor, ..found })
}

pub(super) fn with_shops(tx: &mut Tx<'_>, mut actor: Actor) -> Result<Actor> {
    let sql = "SELECT shop_id FROM staff_shop WHERE staff_id = $1 ORDER BY shop_id";
    actor.who.shops = tx.query(sql, &values![actor.id()], |row| row.get::<ShopId>(0))?.into_iter().collect();
    Ok(actor)
}

/// Adds a session row and hands out its secret, which is not stored.
pub(super) fn begin(tx: &mut Tx<'_>, staff: Id, now: Micros, secret: &str) {
    const COLUMNS: &[&str] = &["token_hash", "staff_id", "created_at", "seen_at", "expires_at"];
    tx.insert("session", COLUMNS, values![vault::sha256(secret.as_bytes()), staff, now, now, now + LONGEST]);
}
