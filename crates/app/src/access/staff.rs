//! Staff: adding people and granting shops. Owns the staff rows; every change is in the audit.

use super::password;
use crate::error::{Error, Result, bad_input};
use crate::ids::new_id;
use crate::{Context, Desk, audit};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::Role;
use aftercare_store::{DbError, values};
use serde_json::json;

/// A person to add.
#[derive(Clone, Debug)]
pub struct NewStaff {
    /// The name to sign in with.
    pub name: String,
    /// Shown to colleagues.
    pub display_name: String,
    /// Shown beside remarks.
    pub agent_no: String,
    /// What they may do.
    pub role: Role,
    /// At least twelve characters; absent for programs, which sign in by token only.
    pub password: Option<String>,
    /// Shops to grant; when empty, all that whoever adds them sees.
    pub shops: Vec<ShopId>,
}

impl Desk {
    /// Adds a person, for whoever has the data itself in hand.
    pub async fn add_staff(&self, new: NewStaff) -> Result<Id> {
        self.add_staff_by(&Context::desk(self.clock.now()), new).await
    }

    pub(super) async fn add_staff_by(&self, context: &Context, new: NewStaff) -> Result<Id> {
        if new.name.is_empty() || new.name.len() > 64 {
            return Err(bad_input("name", "1 to 64 bytes"));
        }
        new.password.as_deref().map_or(Ok(()), password::check)?;
        let (now, actor) = (context.now, context.actor.clone());
        let id = new_id(now);
        // An empty hash fits no password.
        let hash = match new.password.clone() {
            None => String::new(),
            Some(given) => tokio::task::spawn_blocking(move || password::hash(&given))
                .await
                .map_err(|e| DbError::Engine(e.to_string()))?
                .map_err(|e| DbError::Engine(e.to_string()))?,
        };
        let added = self
            .store
            .write::<_, Error, _>(move |tx| {
                const STAFF: &[&str] = &["id", "name", "display_name", "agent_no", "role", "password_hash", "created_at"];
                tx.insert("staff", STAFF, values![id, &new.name, &new.display_name, &new.agent_no, new.role.as_str(), &hash, now]);
                let shops = match (new.shops.is_empty(), actor.system) {
                    (true, true) => tx.query("SELECT id FROM shop ORDER BY id", &[], |row| row.get(0))?,
                    (true, false) => actor.who.shops.iter().copied().collect(),
                    (false, _) => new.shops.clone(),
                };
                for shop in shops {
                    tx.insert("staff_shop", &["staff_id", "shop_id"], values![id, shop]);
                }
                audit::note(tx, &actor, None, "staff_added", &id.to_string(), &json!({ "role": new.role.as_str() }), now);
                Ok(())
            })
            .await;
        match added {
            Err(Error::Db(DbError::Unique(_))) => Err(bad_input("name", "somebody has this name already")),
            other => other.map(|()| id),
        }
    }
}
