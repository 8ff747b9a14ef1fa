//! People as administrators see them: the list, adding, disabling, a new password of one's own. Owns these commands over staff rows.

use super::{password, staff::NewStaff, throttle};
use crate::error::{Error, Result, bad_input, not_found};
use crate::{Context, Desk, audit};
use aftercare_domain::id::Id;
use aftercare_domain::people::{Action, Role, policy::Object};
use aftercare_domain::refusal::Code;
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Row, Tx, values};
use serde::Serialize;
use serde_json::json;

/// People in one answer.
const LIMIT: i64 = 500;
/// Wrong passwords that cost nothing when one's own is changed, and the longest wait after more of them.
const FREE_TRIES: i64 = 5;
const LONGEST_S: i64 = 900;

/// One person, for lists and for choosing whom to give a case to.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Colleague {
    /// Their id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id,
    /// The name to sign in with.
    pub name: String,
    /// Shown to colleagues.
    pub display_name: String,
    /// Shown beside remarks.
    pub agent_no: String,
    /// The one role.
    pub role: String,
    /// The shop's own role that narrows the built-in one.
    pub custom_role: Option<String>,
    /// Whether signing in asks for a second factor.
    pub factor: bool,
    /// Cannot sign in any more.
    pub disabled: bool,
}

impl Desk {
    /// Everybody, by name.
    pub async fn colleagues(&self, context: &Context) -> Result<Vec<Colleague>> {
        context.actor.may(Action::ReadQueue, &Object::desk("staff"))?;
        let sql = "SELECT s.id, s.name, s.display_name, s.agent_no, s.role, s.disabled, c.name, f.confirmed_at FROM staff s
            LEFT JOIN custom_role c ON c.id = s.custom_role_id LEFT JOIN second_factor f ON f.staff_id = s.id ORDER BY s.name LIMIT $1";
        let read = |row: &Row| {
            Ok(Colleague {
                id: row.get(0)?,
                name: row.get(1)?,
                display_name: row.get(2)?,
                agent_no: row.get(3)?,
                role: row.get(4)?,
                disabled: row.get(5)?,
                custom_role: row.get(6)?,
                factor: row.get::<Option<Micros>>(7)?.is_some(),
            })
        };
        self.store.read(move |tx| Ok::<_, Error>(tx.query(sql, &values![LIMIT], read)?)).await
    }

    /// Adds a person, for shops the actor sees; for all of these when none are named.
    pub async fn hire(&self, context: &Context, new: NewStaff) -> Result<Id> {
        context.actor.may(Action::ManageUsers, &Object::desk("staff"))?;
        super::role::may_hand_out(context, new.role)?;
        if new.shops.iter().any(|shop| !context.actor.sees(*shop)) {
            return Err(not_found("shop"));
        }
        self.add_staff_by(context, new).await
    }

    /// Ends a person's sessions and tokens and lets them in no more. Nobody does it to themselves.
    pub async fn disable_staff(&self, context: &Context, name: &str) -> Result<()> {
        context.actor.may(Action::ManageUsers, &Object::desk("staff"))?;
        let (frame, name) = (context.clone(), name.to_owned());
        self.store
            .write(move |tx| {
                let sql = "SELECT id, role FROM staff WHERE name = $1 FOR UPDATE";
                let read = |row: &Row| Ok((row.get::<Id>(0)?, row.get::<String>(1)?));
                let (id, role) = tx.query_opt(sql, &values![name.as_str()], read)?.ok_or_else(|| not_found("staff"))?;
                if id == frame.actor.id() {
                    return Err(bad_input("name", "nobody disables themselves"));
                }
                if role == Role::Owner.as_str() && frame.actor.who.role != Role::Owner {
                    return Err(Code::RoleFixed.into());
                }
                tx.execute("UPDATE staff SET disabled = 1, version = version + 1 WHERE id = $1", &values![id])?;
                end_sessions(tx, id)?;
                tx.execute("UPDATE api_token SET revoked_at = $2 WHERE staff_id = $1 AND revoked_at IS NULL", &values![id, frame.now])?;
                audit::note(tx, &frame.actor, None, "staff_disabled", &id.to_string(), &json!({}), frame.now);
                Ok(())
            })
            .await
    }

    /// Sets a new password of one's own; every session ends, the present one too.
    pub async fn change_password(&self, context: &Context, present: &str, new: &str) -> Result<()> {
        password::check(new)?;
        let (id, now) = (context.actor.id(), context.now);
        // Whoever sits at an open session must not find the password out by trying.
        let counted =
            throttle::Counted { subject: self.vault.blind("own password", &id.to_string()), free: FREE_TRIES, longest_s: LONGEST_S };
        self.store.write(move |tx| throttle::attempt(tx, &[counted], now)).await?;
        let sql = "SELECT password_hash FROM staff WHERE id = $1";
        let stored = self.store.read(move |tx| Ok::<_, Error>(tx.query_opt(sql, &values![id], |row| row.get::<String>(0))?)).await?;
        let (present, new) = (present.to_owned(), new.to_owned());
        let work = move || {
            (present.len() <= password::LONGEST && password::fits(&present, stored.as_deref())).then(|| password::hash(&new)).transpose()
        };
        let hash = tokio::task::spawn_blocking(work).await.map_err(|e| DbError::Engine(e.to_string()))?;
        let hash = hash.map_err(|e| DbError::Engine(e.to_string()))?.ok_or(Code::WrongPassword)?;
        let frame = context.clone();
        self.store
            .write(move |tx| {
                tx.execute("UPDATE staff SET password_hash = $2, version = version + 1 WHERE id = $1", &values![id, hash.as_str()])?;
                throttle::passed(tx, counted, &[])?;
                end_sessions(tx, id)?;
                audit::note(tx, &frame.actor, None, "password_changed", &id.to_string(), &json!({}), frame.now);
                Ok(())
            })
            .await
    }
}

pub(super) fn end_sessions(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    tx.execute("DELETE FROM session WHERE staff_id = $1", &values![id])?;
    Ok(())
}

/// A token as administrators see it; the secret was shown once.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct TokenRow {
    /// The beginning of its hash, to end it by.
    pub id: String,
    /// Whose role and shops it has.
    pub staff: String,
    /// What it is for.
    pub label: String,
    /// The actions it may do.
    pub scopes: Vec<String>,
    /// Made.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Micros,
    /// Ends by itself.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub expires_at: Option<Micros>,
}

impl Desk {
    /// Every live token.
    pub async fn tokens(&self, context: &Context) -> Result<Vec<TokenRow>> {
        context.actor.may(Action::ManageTokens, &Object::desk("token"))?;
        let sql =
            "SELECT token_hash, staff.name, label, scopes, api_token.created_at, expires_at FROM api_token JOIN staff ON staff.id = staff_id
            WHERE revoked_at IS NULL ORDER BY api_token.created_at DESC LIMIT $1";
        let read = |row: &Row| {
            let (hash, scopes): ([u8; 32], String) = (row.get(0)?, row.get(3)?);
            Ok(TokenRow {
                id: token_id(&hash),
                staff: row.get(1)?,
                label: row.get(2)?,
                scopes: scopes.split_whitespace().map(str::to_owned).collect(),
                created_at: row.get(4)?,
                expires_at: row.get(5)?,
            })
        };
        self.store.read(move |tx| Ok::<_, Error>(tx.query(sql, &values![LIMIT], read)?)).await
    }

    /// Ends a token at once.
    pub async fn revoke_token(&self, context: &Context, id: &str) -> Result<()> {
        context.actor.may(Action::ManageTokens, &Object::desk("token"))?;
        let (frame, id) = (context.clone(), id.to_owned());
        self.store
            .write(move |tx| {
                let live = "SELECT token_hash FROM api_token WHERE revoked_at IS NULL LIMIT $1";
                let all = tx.query(live, &values![LIMIT], |row| row.get::<[u8; 32]>(0))?;
                let hash = all.into_iter().find(|hash| token_id(hash) == id).ok_or_else(|| not_found("token"))?;
                tx.execute("UPDATE api_token SET revoked_at = $2 WHERE token_hash = $1", &values![hash, frame.now])?;
                audit::note(tx, &frame.actor, None, "token_revoked", &id, &json!({}), frame.now);
                Ok(())
            })
            .await
    }
}

fn token_id(hash: &[u8; 32]) -> String {
    aftercare_store::vault::hex(&hash[..8])
}
