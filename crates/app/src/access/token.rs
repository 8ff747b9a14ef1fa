//! API tokens: making and ending them. Owns the token rows; the secret is shown once and stored as a hash.

use crate::error::{Error, Result, bad_input, not_found};
use crate::ids::new_secret;
use crate::{Context, Desk, audit};
use aftercare_domain::id::Id;
use aftercare_domain::people::{Action, Role, policy::Object};
use aftercare_domain::time::Span;
use aftercare_store::{DbError, Row, values, vault};
use serde_json::json;
use std::collections::BTreeSet;

/// A token to make.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Whose role, shops and limits it has.
    pub staff: String,
    /// What it is for.
    pub label: String,
    /// Names of actions; nothing else of the role is left.
    pub scopes: Vec<String>,
    /// Ends after this long.
    pub lasts: Option<Span>,
}

/// The scopes as stored; names this program does not know grant nothing.
pub(super) fn parse_scopes(text: &str) -> BTreeSet<Action> {
    text.split_whitespace().filter_map(Action::parse).collect()
}

impl Desk {
    /// Makes a token and answers its secret, for whoever has the data itself in hand.
    pub async fn add_token(&self, new: NewToken) -> Result<String> {
        self.issue_token(&Context::desk(self.clock.now()), new).await
    }

    /// Makes a token and answers its secret.
    pub async fn issue_token(&self, context: &Context, new: NewToken) -> Result<String> {
        context.actor.may(Action::ManageTokens, &Object::desk("token"))?;
        if new.label.is_empty() || new.label.len() > 100 {
            return Err(bad_input("label", "1 to 100 bytes"));
        }
        if let Some(unknown) = new.scopes.iter().find(|scope| Action::parse(scope).is_none()) {
            return Err(bad_input("scopes", format!("there is no action {unknown}")));
        }
        if new.scopes.is_empty() {
            return Err(bad_input("scopes", "at least one action"));
        }
        let (now, frame, secret) = (context.now, context.clone(), new_secret());
        let hash = vault::sha256(secret.as_bytes());
        let (scopes, ends) = (new.scopes.join(" "), new.lasts.map(|length| now + length));
        self.store
            .write::<_, Error, _>(move |tx| {
                let sql = "SELECT id, role FROM staff WHERE name = $1 AND disabled = 0";
                let read = |row: &Row| Ok((row.get::<Id>(0)?, row.get::<String>(1)?));
                let (staff, role) = tx.query_opt(sql, &values![new.staff.as_str()], read)?.ok_or_else(|| not_found("staff"))?;
                // A token is its person without a password: nobody gets at more by one than by giving somebody that role.
                let role = Role::parse(&role).ok_or_else(|| DbError::Shape(format!("unknown role {role}")))?;
                if staff != frame.actor.id() {
                    super::role::may_hand_out(&frame, role)?;
                }
                const COLUMNS: &[&str] = &["token_hash", "staff_id", "label", "scopes", "created_at", "expires_at"];
                tx.insert("api_token", COLUMNS, values![hash, staff, &new.label, &scopes, now, ends]);
                audit::note(tx, &frame.actor, None, "token_added", &staff.to_string(), &json!({ "scopes": scopes }), now);
                Ok(())
            })
            .await?;
        Ok(secret)
    }
}
