//! Staff: adding people and granting shops. Owns the staff rows; every change is in the audit.

use super::password;
use crate::Desk;
use crate::context::Actor;
use crate::error::{Error, Result, bad_input};
use crate::ids::new_id;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::Role;
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Tx, values};

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
    /// Shops to grant; all when empty.
    pub shops: Vec<ShopId>,
}

impl Desk {
    /// Adds a person. The caller (command line or administrator) has been authorised.
    pub async fn add_staff(&self, new: NewStaff) -> Result<Id> {
        if new.name.is_empty() || new.name.len() > 64 {
            return Err(bad_input("name", "1 to 64 bytes"));
        }
        if new.password.as_ref().is_some_and(|given| given.chars().count() < password::SHORTEST || given.len() > password::LONGEST) {
            return Err(bad_input("password", format!("{} to {} characters", password::SHORTEST, password::LONGEST)));
        }
        let now = self.clock.now();
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
                let shops = if new.shops.is_empty() {
                    tx.query("SELECT id FROM shop ORDER BY id", &[], |row| row.get(0))?
                } else {
                    new.shops.clone()
                };
                for shop in shops {
                    tx.insert("staff_shop", &["staff_id", "shop_id"], values![id, shop]);
                }
                audit(tx, &Actor::desk(), "staff_added", &id.to_string(), now);
                Ok(())
            })
            .await;
        match added {
            Err(Error::Db(DbError::Unique(_))) => Err(bad_input("name", "somebody has this name already")),
            other => other.map(|()| id),
        }
    }
}

/// Writes an audit row that belongs to no case.
pub(crate) fn audit(tx: &mut Tx<'_>, actor: &Actor, action: &str, object: &str, now: Micros) {
    const AUDIT: &[&str] = &["shop_id", "actor_id", "actor_role", "action", "object", "payload", "at"];
    tx.insert("audit", AUDIT, values![0, actor.stored_id(), actor.role_name(), action, object, "{}", now]);
}
