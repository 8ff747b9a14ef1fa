//! Signing in with name and password. Owns the order: throttle, verify (off the writer thread), begin a session, audit.

use super::{password, session, throttle};
use crate::context::Actor;
use crate::error::{Error, Result};
use crate::{Desk, audit, ids};
use aftercare_domain::id::Id;
use aftercare_domain::people::{Role, policy};
use aftercare_domain::refusal::Code;
use aftercare_store::{DbError, values};
use serde_json::json;
use std::net::{IpAddr, Ipv4Addr};
use throttle::Subject;

/// What signing in gives: the actor and the session's secret for the cookie.
pub struct SignedIn {
    /// Who.
    pub actor: Actor,
    /// The secret; its hash is all that is kept.
    pub secret: String,
}

impl Desk {
    /// Signs in from this machine. Unknown names and wrong passwords are refused alike, in text and in time.
    pub async fn sign_in(&self, name: &str, given: &str) -> Result<SignedIn> {
        self.sign_in_from(name, given, IpAddr::V4(Ipv4Addr::LOCALHOST)).await
    }

    /// Signs in from an address, which is slowed down too.
    pub async fn sign_in_from(&self, name: &str, given: &str, from: IpAddr) -> Result<SignedIn> {
        let now = self.clock.now();
        let subject = Subject { name: self.vault.blind("login", name), address: self.vault.blind("login address", &from.to_string()) };
        let staff = {
            let name = name.to_owned();
            self.store
                .read(move |tx| {
                    throttle::check(tx, subject, now)?;
                    let sql = "SELECT id, agent_no, display_name, role, password_hash, disabled FROM staff WHERE name = $1";
                    let read = |row: &aftercare_store::Row| {
                        Ok((
                            row.get::<Id>(0)?,
                            row.get::<String>(1)?,
                            row.get::<String>(2)?,
                            row.get::<String>(3)?,
                            row.get::<String>(4)?,
                            row.get::<bool>(5)?,
                        ))
                    };
                    Ok::<_, Error>(tx.query_opt(sql, &values![name.as_str()], read)?)
                })
                .await?
        };
        let stored = staff.as_ref().filter(|s| !s.5).map(|s| s.4.clone());
        let given = given.to_owned();
        let fits = tokio::task::spawn_blocking(move || given.len() <= password::LONGEST && password::fits(&given, stored.as_deref()))
            .await
            .map_err(|e| DbError::Engine(e.to_string()))?;
        let Some((id, agent_no, display_name, role, ..)) = staff.filter(|_| fits) else {
            self.store.write::<_, Error, _>(move |tx| throttle::failed(tx, subject, now)).await?;
            return Err(Code::WrongPassword.into());
        };
        let role = Role::parse(&role).ok_or_else(|| DbError::Shape(format!("unknown role {role}")))?;
        let who = policy::Actor { id, role, shops: Default::default(), only: None };
        let actor = Actor { who, agent_no, display_name, system: false, buyer: false };
        let secret = ids::new_secret();
        let kept = secret.clone();
        let actor = self
            .store
            .write(move |tx| {
                throttle::succeeded(tx, subject)?;
                let actor = session::with_shops(tx, actor.clone())?;
                session::begin(tx, id, now, &kept);
                audit::note(tx, &actor, None, "sign_in", "session", &json!({}), now);
                Ok::<_, Error>(actor)
            })
            .await?;
        Ok(SignedIn { actor, secret })
    }
}
