//! Signing in with name and password, and the second factor where it is on. Owns the order: throttle, verify (off the writer thread),
//! the factor, begin a session, audit.

use super::{factor, password, session, throttle};
use crate::context::Actor;
use crate::error::{Error, Result};
use crate::{Desk, audit, ids};
use aftercare_domain::id::Id;
use aftercare_domain::refusal::{Code, Refusal};
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

/// Somebody at the door.
pub struct Arrival {
    /// The name to sign in with.
    pub name: String,
    /// The password.
    pub password: String,
    /// A code of the second factor or a recovery code, once it is asked for.
    pub code: Option<String>,
    /// The address, which is slowed down too.
    pub from: IpAddr,
    /// What the session is called in lists: browser and system, in a word each.
    pub device: String,
}

impl Desk {
    /// Signs in from this machine.
    pub async fn sign_in(&self, name: &str, given: &str) -> Result<SignedIn> {
        let from = IpAddr::V4(Ipv4Addr::LOCALHOST);
        self.sign_in_from(Arrival { name: name.into(), password: given.into(), code: None, from, device: String::new() }).await
    }

    /// Signs in. Unknown names and wrong passwords are refused alike, in text and in time; that a factor is needed is told to whoever
    /// knows the password only.
    pub async fn sign_in_from(&self, who: Arrival) -> Result<SignedIn> {
        let now = self.clock.now();
        let subject =
            Subject { name: self.vault.blind("login", &who.name), address: self.vault.blind("login address", &who.from.to_string()) };
        let staff = {
            let name = who.name.clone();
            self.store
                .read(move |tx| {
                    throttle::check(tx, subject, now)?;
                    let sql = "SELECT id, password_hash, disabled FROM staff WHERE name = $1";
                    let read = |row: &aftercare_store::Row| Ok((row.get::<Id>(0)?, row.get::<String>(1)?, row.get::<bool>(2)?));
                    Ok::<_, Error>(tx.query_opt(sql, &values![name.as_str()], read)?)
                })
                .await?
        };
        let stored = staff.as_ref().filter(|s| !s.2).map(|s| s.1.clone());
        let given = who.password;
        let fits = tokio::task::spawn_blocking(move || given.len() <= password::LONGEST && password::fits(&given, stored.as_deref()))
            .await
            .map_err(|e| DbError::Engine(e.to_string()))?;
        let Some((id, ..)) = staff.filter(|_| fits) else {
            self.store.write::<_, Error, _>(move |tx| throttle::failed(tx, subject, now)).await?;
            return Err(Code::WrongPassword.into());
        };
        let (secret, vault, code, device) = (ids::new_secret(), self.vault.clone(), who.code, who.device);
        let kept = secret.clone();
        let entered = self.store.write(move |tx| {
            let mut factor_at = None;
            if factor::is_on(tx, id)? {
                let Some(code) = code.as_deref() else { return Ok(Err(Refusal::new(Code::FactorNeeded))) };
                match factor::prove(tx, &vault, id, code, &[subject.shared()], now)? {
                    Err(no) => return Ok(Err(no)),
                    Ok(_) => factor_at = Some(now),
                }
            }
            throttle::succeeded(tx, subject)?;
            session::begin(tx, id, now, &kept, factor_at, &device);
            let actor = session::just_begun(tx, &kept, now)?;
            audit::note(tx, &actor, None, "sign_in", "session", &json!({ "factor": factor_at.is_some() }), now);
            Ok::<_, Error>(Ok(actor))
        });
        Ok(SignedIn { actor: entered.await??, secret })
    }
}
