//! The second factor of a person: setting it up, proving it, turning it off, resetting a colleague's. Owns its rows.
//!
//! A secret is sealed, recovery codes are kept as keyed hashes, and both count once: the row is locked while one is looked at, so that
//! two nodes cannot take the same code. Which code is right `domain/people/factor` decides.

use super::{password, throttle};
use crate::error::{Error, Result, bad_input, not_found};
use crate::safety::{Safety, holds};
use crate::{Context, Desk, audit};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::factor::{self, Demand};
use aftercare_domain::people::{Action, Role, policy::Object};
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_domain::time::Micros;
use aftercare_store::vault::{self, Vault};
use aftercare_store::{DbError, Row, Tx, values};
use qrcodegen::{QrCode, QrCodeEcc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::result::Result as Outcome;

/// Wrong codes that cost nothing, and the longest wait after more of them.
const FREE: i64 = 5;
const LONGEST_S: i64 = 900;
/// Bytes of a secret.
const SECRET: usize = 20;
/// Shown in authenticators.
const ISSUER: &str = "Aftercare";

/// The second factor of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MyFactor {
    /// Whether signing in asks for it.
    pub on: bool,
    /// Whether a shop demands it of the role; while it is demanded and not on, nothing else is allowed.
    pub demanded: bool,
    /// Recovery codes that were not used yet.
    pub recovery_left: i64,
}

/// The proof that somebody may change their second factor.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginFactor {
    /// The present password.
    pub password: String,
}

/// A code of the authenticator, or a recovery code.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveFactor {
    /// As shown or written down.
    pub code: String,
}

/// What an authenticator is told, once.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct NewFactor {
    /// To be typed where no picture can be read.
    pub secret: String,
    /// What the picture says.
    pub address: String,
    /// The picture, as the path of an SVG of `size` units.
    pub picture: String,
    /// Units along one side.
    pub size: i32,
}

/// Recovery codes, shown once.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct RecoveryCodes {
    /// Each signs in once.
    pub codes: Vec<String>,
}

/// How a factor was proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Code,
    Recovery,
}

impl Desk {
    /// One's own second factor.
    pub async fn factor(&self, context: &Context) -> Result<MyFactor> {
        let (id, role) = (context.actor.id(), context.actor.who.role);
        self.store.read(move |tx| of(tx, id, role)).await
    }

    /// Begins to set it up; what was begun before is void.
    pub async fn begin_factor(&self, context: &Context, input: BeginFactor) -> Result<NewFactor> {
        let (id, now) = (context.actor.id(), context.now);
        let counted = counted(&self.vault, id);
        self.store.write(move |tx| throttle::attempt(tx, &[counted], now)).await?;
        let sql = "SELECT name, password_hash FROM staff WHERE id = $1";
        let read = |row: &Row| Ok((row.get::<String>(0)?, row.get::<String>(1)?));
        let found = self.store.read(move |tx| Ok::<_, Error>(tx.query_opt(sql, &values![id], read)?)).await?;
        let (name, stored) = found.ok_or_else(|| not_found("staff"))?;
        let fits = move || input.password.len() <= password::LONGEST && password::fits(&input.password, Some(&stored));
        if !tokio::task::spawn_blocking(fits).await.map_err(|e| DbError::Engine(e.to_string()))? {
            return Err(Code::WrongPassword.into());
        }
        let secret = vault::random::<SECRET>();
        let sealed = self.vault.seal("second_factor.secret", &vault::hex(&secret));
        self.store
            .write(move |tx| {
                throttle::passed(tx, counted, &[])?;
                let sql = "INSERT INTO second_factor (staff_id, secret_sealed, created_at) VALUES ($1, $2, $3) ON CONFLICT (staff_id) DO UPDATE
                    SET secret_sealed = excluded.secret_sealed, created_at = excluded.created_at, last_step = 0 WHERE second_factor.confirmed_at IS NULL";
                if tx.execute(sql, &values![id, sealed.as_slice(), now])? == 0 { Err(Code::FactorThere.into()) } else { Ok::<_, Error>(()) }
            })
            .await?;
        let address = factor::address(ISSUER, &name, &secret);
        let (picture, size) = picture(&address)?;
        Ok(NewFactor { secret: factor::base32(&secret), address, picture, size })
    }

    /// Turns it on with a first code, and hands out recovery codes. `session` has given the factor with it.
    pub async fn confirm_factor(&self, context: &Context, session: Option<&str>, input: GiveFactor) -> Result<RecoveryCodes> {
        let (codes, hashes) = self.recovery(context.actor.id());
        let (frame, vault, session) = (context.clone(), self.vault.clone(), session.map(hashed));
        self.with_clear_no(move |tx| {
            let (id, now) = (frame.actor.id(), frame.now);
            let counted = counted(&vault, id);
            throttle::attempt(tx, &[counted], now)?;
            let row = Stored::load(tx, id)?.ok_or(Code::FactorMissing)?;
            if row.on {
                return Err(Code::FactorThere.into());
            }
            let Some(step) = row.accepts(&vault, &input.code, now)? else { return Ok(Err(Code::FactorWrong.into())) };
            throttle::passed(tx, counted, &[])?;
            let sql = "UPDATE second_factor SET confirmed_at = $2, last_step = $3 WHERE staff_id = $1";
            tx.execute(sql, &values![id, now, step])?;
            keep_recovery(tx, id, &hashes)?;
            given(tx, session, now)?;
            audit::note(tx, &frame.actor, None, "factor_on", &id.to_string(), &json!({}), now);
            Ok(Ok(()))
        })
        .await?;
        Ok(RecoveryCodes { codes })
    }

    /// New recovery codes in place of the old ones.
    pub async fn renew_recovery(&self, context: &Context, input: GiveFactor) -> Result<RecoveryCodes> {
        let (codes, hashes) = self.recovery(context.actor.id());
        let (frame, vault) = (context.clone(), self.vault.clone());
        self.with_clear_no(move |tx| {
            let (id, now) = (frame.actor.id(), frame.now);
            if let Err(no) = prove(tx, &vault, id, &input.code, &[], now)? {
                return Ok(Err(no));
            }
            keep_recovery(tx, id, &hashes)?;
            audit::note(tx, &frame.actor, None, "recovery_codes_renewed", &id.to_string(), &json!({}), now);
            Ok(Ok(()))
        })
        .await?;
        Ok(RecoveryCodes { codes })
    }

    /// Turns it off, with the factor itself; refused where a shop demands it.
    pub async fn end_factor(&self, context: &Context, input: GiveFactor) -> Result<()> {
        let (frame, vault) = (context.clone(), self.vault.clone());
        self.with_clear_no(move |tx| {
            let (id, now, role) = (frame.actor.id(), frame.now, frame.actor.who.role);
            if demanded(tx, id, role)? {
                return Err(Refusal::new(Code::FactorDemanded).with("role", role).into());
            }
            if let Err(no) = prove(tx, &vault, id, &input.code, &[], now)? {
                return Ok(Err(no));
            }
            forget(tx, id)?;
            audit::note(tx, &frame.actor, None, "factor_off", &id.to_string(), &json!({}), now);
            Ok(Ok(()))
        })
        .await
    }

    /// Gives the factor again in a session that is open.
    pub async fn give_factor(&self, context: &Context, session: Option<&str>, input: GiveFactor) -> Result<()> {
        let session = session.map(hashed).ok_or_else(|| bad_input("session", "a program has no second factor"))?;
        let (frame, vault) = (context.clone(), self.vault.clone());
        self.with_clear_no(move |tx| {
            let now = frame.now;
            if let Err(no) = prove(tx, &vault, frame.actor.id(), &input.code, &[], now)? {
                return Ok(Err(no));
            }
            given(tx, Some(session), now)?;
            Ok(Ok(()))
        })
        .await
    }

    /// Takes a colleague's factor away, whose phone is lost, and ends their sessions. An owner's only another owner does; nobody their own.
    pub async fn reset_factor(&self, context: &Context, name: &str) -> Result<()> {
        context.actor.may(Action::ManageUsers, &Object::desk("staff"))?;
        let (frame, name) = (context.clone(), name.to_owned());
        self.store
            .write(move |tx| {
                let sql = "SELECT id, role FROM staff WHERE name = $1";
                let read = |row: &Row| Ok((row.get::<Id>(0)?, row.get::<String>(1)?));
                let (id, role) = tx.query_opt(sql, &values![name.as_str()], read)?.ok_or_else(|| not_found("staff"))?;
                let actor = &frame.actor;
                if id == actor.id() || (role == Role::Owner.as_str() && actor.who.role != Role::Owner && !actor.system) {
                    return Err(Code::RoleFixed.into());
                }
                forget(tx, id)?;
                super::people::end_sessions(tx, id)?;
                audit::note(tx, actor, None, "factor_reset", &id.to_string(), &json!({}), frame.now);
                Ok(())
            })
            .await
    }

    /// A command whose clear no is kept: what it counted stays counted.
    async fn with_clear_no(&self, work: impl Fn(&mut Tx<'_>) -> Result<Outcome<(), Refusal>> + Send + 'static) -> Result<()> {
        Ok(self.store.write(work).await??)
    }

    fn recovery(&self, staff: Id) -> (Vec<String>, Vec<[u8; 32]>) {
        let codes: Vec<String> = (0..factor::RECOVERY_CODES).map(|_| factor::recovery_code(vault::random())).collect();
        let hashes = codes.iter().filter_map(|code| recovery_hash(&self.vault, staff, code)).collect();
        (codes, hashes)
    }
}

/// The stored factor, locked.
struct Stored {
    sealed: Vec<u8>,
    last_step: i64,
    on: bool,
}

impl Stored {
    fn load(tx: &mut Tx<'_>, staff: Id) -> Result<Option<Self>> {
        let sql = "SELECT secret_sealed, last_step, confirmed_at FROM second_factor WHERE staff_id = $1 FOR UPDATE";
        let read = |row: &Row| Ok(Self { sealed: row.get(0)?, last_step: row.get(1)?, on: row.get::<Option<Micros>>(2)?.is_some() });
        Ok(tx.query_opt(sql, &values![staff], read)?)
    }

    fn accepts(&self, vault: &Vault, code: &str, now: Micros) -> Result<Option<i64>> {
        let secret = vault.open_sealed("second_factor.secret", &self.sealed)?;
        let secret = vault::unhexed(&secret).ok_or(DbError::Sealed)?;
        let last_step = if holds(Safety::TotpOnce) { self.last_step } else { 0 };
        Ok(factor::accepted(code, now, last_step, |step| vault::hotp(&secret, step)))
    }
}

/// Takes a code of now or a recovery code; either counts once, and tries are counted before they are looked at. `shared`: counts that are
/// others' too, such as an address's. A no has to be committed, or the try would not count.
pub(super) fn prove(
    tx: &mut Tx<'_>,
    vault: &Vault,
    staff: Id,
    code: &str,
    shared: &[throttle::Counted],
    now: Micros,
) -> Result<Outcome<Way, Refusal>> {
    let own = counted(vault, staff);
    let all: Vec<_> = std::iter::once(own).chain(shared.iter().copied()).collect();
    throttle::attempt(tx, &all, now)?;
    let row = Stored::load(tx, staff)?.filter(|row| row.on).ok_or(Code::FactorMissing)?;
    let way = if let Some(step) = row.accepts(vault, code, now)? {
        tx.execute("UPDATE second_factor SET last_step = $2 WHERE staff_id = $1", &values![staff, step])?;
        Some(Way::Code)
    } else if let Some(hash) = recovery_hash(vault, staff, code) {
        let sql = "UPDATE recovery_code SET used_at = $3 WHERE code_hash = $1 AND staff_id = $2 AND used_at IS NULL";
        (tx.execute(sql, &values![hash, staff, now])? == 1).then_some(Way::Recovery)
    } else {
        None
    };
    let Some(way) = way else { return Ok(Err(Code::FactorWrong.into())) };
    throttle::passed(tx, own, shared)?;
    Ok(Ok(way))
}

/// Whether signing in asks this person for it.
pub(crate) fn is_on(tx: &mut Tx<'_>, staff: Id) -> Result<bool> {
    let sql = "SELECT confirmed_at FROM second_factor WHERE staff_id = $1";
    Ok(tx.query_opt(sql, &values![staff], |row| row.get::<Option<Micros>>(0))?.flatten().is_some())
}

/// Whether a shop of theirs demands it of their role.
pub(super) fn demanded(tx: &mut Tx<'_>, staff: Id, role: Role) -> Result<bool> {
    let sql = "SELECT 1 FROM staff_shop s JOIN factor_demand d ON d.shop_id = s.shop_id WHERE s.staff_id = $1 AND d.role = $2 LIMIT 1";
    Ok(tx.query_opt(sql, &values![staff, role.as_str()], |_| Ok(()))?.is_some())
}

pub(super) fn of(tx: &mut Tx<'_>, staff: Id, role: Role) -> Result<MyFactor> {
    let sql = "SELECT COUNT(*) FROM recovery_code WHERE staff_id = $1 AND used_at IS NULL";
    let recovery_left = tx.query_opt(sql, &values![staff], |row| row.get(0))?.unwrap_or(0);
    Ok(MyFactor { on: is_on(tx, staff)?, demanded: demanded(tx, staff, role)?, recovery_left })
}

/// What the shop demands.
pub(crate) fn demand(tx: &mut Tx<'_>, shop: ShopId) -> Result<Demand> {
    let settings = crate::policy::settings(tx, shop)?;
    Ok(settings.get("second_factor").and_then(|own| serde_json::from_value(own.clone()).ok()).unwrap_or_default())
}

/// Keeps whose sign-in the settings demand it of, beside them.
pub(crate) fn demand_changed(tx: &mut Tx<'_>, shop: ShopId, demand: &Demand) -> Result<()> {
    for role in Role::ALL {
        if demand.roles.contains(role) {
            tx.insert_once("factor_demand", &["shop_id", "role"], values![shop, role.as_str()]);
        } else {
            tx.execute("DELETE FROM factor_demand WHERE shop_id = $1 AND role = $2", &values![shop, role.as_str()])?;
        }
    }
    Ok(())
}

fn given(tx: &mut Tx<'_>, session: Option<[u8; 32]>, now: Micros) -> Result<()> {
    if let Some(hash) = session {
        tx.execute("UPDATE session SET factor_at = $2 WHERE token_hash = $1", &values![hash, now])?;
    }
    Ok(())
}

fn forget(tx: &mut Tx<'_>, staff: Id) -> Result<()> {
    tx.execute("DELETE FROM second_factor WHERE staff_id = $1", &values![staff])?;
    tx.execute("DELETE FROM recovery_code WHERE staff_id = $1", &values![staff])?;
    Ok(())
}

fn keep_recovery(tx: &mut Tx<'_>, staff: Id, hashes: &[[u8; 32]]) -> Result<()> {
    tx.execute("DELETE FROM recovery_code WHERE staff_id = $1", &values![staff])?;
    for hash in hashes {
        tx.insert("recovery_code", &["code_hash", "staff_id"], values![*hash, staff]);
    }
    Ok(())
}

fn counted(vault: &Vault, staff: Id) -> throttle::Counted {
    throttle::Counted { subject: vault.blind("second factor", &staff.to_string()), free: FREE, longest_s: LONGEST_S }
}

fn recovery_hash(vault: &Vault, staff: Id, code: &str) -> Option<[u8; 32]> {
    factor::recovery_key(code).map(|key| vault.blind("recovery code", &format!("{staff} {key}")))
}

fn hashed(secret: &str) -> [u8; 32] {
    vault::sha256(secret.as_bytes())
}

/// Dark squares as one path; a margin of four units stands around, as readers want it.
fn picture(address: &str) -> Result<(String, i32)> {
    let code = QrCode::encode_text(address, QrCodeEcc::Medium).map_err(|problem| DbError::Engine(problem.to_string()))?;
    let side = code.size();
    let dark = (0..side).flat_map(|y| (0..side).map(move |x| (x, y))).filter(|(x, y)| code.get_module(*x, *y));
    Ok((dark.map(|(x, y)| format!("M{} {}h1v1h-1z", x + 4, y + 4)).collect(), side + 8))
}
