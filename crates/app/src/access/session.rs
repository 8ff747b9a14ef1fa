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

/// What a session or token says of the person behind it: these columns, in this order, then those of the session or token.
const PERSON: &str = "s.id, s.agent_no, s.display_name, s.role, s.disabled, c.name, c.actions, c.reveals, c.sees_costs, c.limits";
/// How many they are.
const OWN: usize = 10;

fn read(row: &Row) -> std::result::Result<(Actor, bool), DbError> {
    let role: String = row.get(3)?;
    let role = Role::parse(&role).ok_or_else(|| DbError::Shape(format!("unknown role {role}")))?;
    let mut who = policy::Actor { id: row.get(0)?, role, shops: Default::default(), only: None, custom: None };
    if let Some(name) = row.get::<Option<String>>(5)? {
        who.only = Some(super::token::parse_scopes(&row.get::<String>(6)?));
        who.custom = Some(super::role::narrowed(name, &row.get::<String>(7)?, row.get(8)?, &row.get::<String>(9)?)?);
    }
    let actor = Actor { who, agent_no: row.get(1)?, display_name: row.get(2)?, factor_at: None, system: false, buyer: false };
    Ok((actor, row.get(4)?))
}

impl Desk {
    /// The actor behind a session's secret; refused when it is unknown, ended, too old, or its owner disabled.
    pub async fn signed_in(&self, secret: &str) -> Result<Actor> {
        let (now, hash) = (self.clock.now(), vault::sha256(secret.as_bytes()));
        let (actor, seen_at) = self.store.read(move |tx| find(tx, hash, now)).await?;
        if now - seen_at > SEEN_EVERY {
            self.store
                .write::<_, DbError, _>(move |tx| tx.execute("UPDATE session SET seen_at = $2 WHERE token_hash = $1", &values![hash, now]))
                .await?;
        }
        Ok(actor)
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
                let sql = format!(
                    "SELECT {PERSON}, t.scopes FROM api_token t JOIN staff s ON s.id = t.staff_id LEFT JOIN custom_role c ON c.id = s.custom_role_id
                    WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2)"
                );
                let both = |row: &Row| Ok((read(row)?, row.get::<String>(OWN)?));
                let found = tx.query_opt(&sql, &values![hash, now], both)?.filter(|((_, disabled), _)| !disabled);
                let ((actor, _), scopes) = found.ok_or(Code::NotSignedIn)?;
                let mut actor = with_shops(tx, actor)?;
                let scopes = super::token::parse_scopes(&scopes);
                actor.who.only = Some(actor.who.only.map_or(scopes.clone(), |own| &own & &scopes));
                Ok(actor)
            })
            .await
    }

    /// A person as they stand now, for work they left to the desk: today's role, rights and shops, within what
    /// they were when it was started.
    pub(crate) async fn actor_of(&self, staff: Id, scopes: Option<String>) -> Result<Actor> {
        self.store
            .read(move |tx| {
                let mut actor = person(tx, staff)?;
                if let Some(scopes) = scopes.as_deref().map(super::token::parse_scopes) {
                    actor.who.only = Some(actor.who.only.map_or(scopes.clone(), |own| &own & &scopes));
                }
                Ok(actor)
            })
            .await
    }

    /// The frame for a request of `actor` now.
    pub fn context(&self, actor: Actor) -> Context {
        Context { actor, now: self.clock.now(), key: None, if_match: None, trial: None }
    }
}

/// The actor of a live session, and when it was last seen. Where a second factor is demanded and not set up, nothing is left to them but
/// what concerns themselves.
fn find(tx: &mut Tx<'_>, hash: [u8; 32], now: Micros) -> Result<(Actor, Micros)> {
    let sql = format!(
        "SELECT {PERSON}, e.seen_at, e.factor_at, f.confirmed_at FROM session e JOIN staff s ON s.id = e.staff_id
        LEFT JOIN custom_role c ON c.id = s.custom_role_id LEFT JOIN second_factor f ON f.staff_id = s.id
        WHERE e.token_hash = $1 AND e.expires_at > $2 AND e.seen_at > $3"
    );
    let all = |row: &Row| {
        let times: (Micros, Option<Micros>, Option<Micros>) = (row.get(OWN)?, row.get(OWN + 1)?, row.get(OWN + 2)?);
        Ok((read(row)?, times))
    };
    let found = tx.query_opt(&sql, &values![hash, now, now - IDLE], all)?.filter(|((_, disabled), _)| !disabled);
    let ((mut actor, _), (seen_at, factor_at, factor)) = found.ok_or(Code::NotSignedIn)?;
    actor.factor_at = factor_at;
    let mut actor = with_shops(tx, actor)?;
    if factor.is_none() && super::factor::demanded(tx, actor.id(), actor.who.role)? {
        actor.who.only = Some(Default::default());
    }
    Ok((actor, seen_at))
}

/// The actor of a session that was begun in this transaction.
pub(super) fn just_begun(tx: &mut Tx<'_>, secret: &str, now: Micros) -> Result<Actor> {
    Ok(find(tx, vault::sha256(secret.as_bytes()), now)?.0)
}

/// The person as they stand now, for what is done later in their name; refused when they have left.
pub(crate) fn person(tx: &mut Tx<'_>, staff: Id) -> Result<Actor> {
    let sql = format!("SELECT {PERSON} FROM staff s LEFT JOIN custom_role c ON c.id = s.custom_role_id WHERE s.id = $1");
    let found = tx.query_opt(&sql, &values![staff], read)?.filter(|(_, disabled)| !disabled);
    with_shops(tx, found.ok_or(Code::NotSignedIn)?.0)
}

fn with_shops(tx: &mut Tx<'_>, mut actor: Actor) -> Result<Actor> {
    let sql = "SELECT shop_id FROM staff_shop WHERE staff_id = $1 ORDER BY shop_id";
    actor.who.shops = tx.query(sql, &values![actor.id()], |row| row.get::<ShopId>(0))?.into_iter().collect();
    Ok(actor)
}

/// Adds a session row and hands out its secret, which is not stored.
pub(super) fn begin(tx: &mut Tx<'_>, staff: Id, now: Micros, secret: &str, factor_at: Option<Micros>, device: &str) {
    const COLUMNS: &[&str] = &["token_hash", "staff_id", "created_at", "seen_at", "expires_at", "factor_at", "device"];
    tx.insert("session", COLUMNS, values![vault::sha256(secret.as_bytes()), staff, now, now, now + LONGEST, factor_at, device]);
}
