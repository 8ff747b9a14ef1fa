//! What the sales platform tells us by itself: results of calls, refunds of its own, what the buyer did on it.
//!
//! Owns that a callback is believed only when it is signed, and counts once: the event's number goes into the same transaction as what
//! it changes, so a repeat finds it there. Whether it comes early, late or twice makes no difference.

mod act;
mod result;
mod signature;

pub use signature::Signed;

use crate::command::{self, CaseRef, Change};
use crate::error::{Error, Result, bad_input, not_found};
use crate::safety::{Safety, holds};
use crate::{Context, Desk};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::Action;
use aftercare_domain::refusal::Code;
use aftercare_domain::time::Micros;
use aftercare_store::{Tx, values};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The name under which a shop's secret is sealed.
const SECRET: &str = "shop.callback_secret";

/// A callback's body.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Event {
    pub(crate) event_id: String,
    pub(crate) event: String,
    pub(crate) order_no: String,
    #[serde(default)]
    pub(crate) payment_no: Option<String>,
    #[serde(default)]
    pub(crate) merchant_ref: Option<String>,
    #[serde(default)]
    pub(crate) amount_minor: Option<i64>,
    #[serde(default)]
    pub(crate) result: Option<String>,
    #[serde(default)]
    pub(crate) refund_id: Option<String>,
    #[serde(default)]
    pub(crate) code: Option<String>,
    #[serde(default)]
    pub(crate) data: Value,
    #[serde(default)]
    pub(crate) at: Option<Micros>,
}

/// What was made of a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Taken {
    /// It changed something.
    New,
    /// It was known already, or says nothing that was not known.
    Known,
    /// Nothing here is about it.
    Ignored,
}

impl Desk {
    /// Takes in one callback.
    ///
    /// # Errors
    /// `callback_forged` where signature, time or event number do not fit; `bad_input` for a body that cannot be read.
    pub async fn take_callback(&self, shop: ShopId, signed: &Signed<'_>) -> Result<Taken> {
        let secret = self.callback_secret(shop).await?.ok_or(Code::CallbackForged)?;
        let now = self.clock.now();
        signed.check(&secret, (self.clock.by_hand().is_none()).then_some(now))?;
        let event: Event = serde_json::from_slice(signed.body).map_err(|problem| bad_input("body", problem))?;
        if event.event_id != signed.event_id || event.event_id.len() > 200 {
            return Err(Code::CallbackForged.into());
        }
        if event.event == "refund_result" { self.take_result(shop, event).await } else { self.take_act(shop, event).await }
    }

    /// Sets the secret with which the platform signs what it tells this shop.
    pub async fn set_callback_secret(&self, context: &Context, shop: ShopId, secret: &str) -> Result<()> {
        use aftercare_domain::people::policy::Object;
        context.actor.may(Action::ManageSettings, &Object::shop("shop", shop))?;
        if !(16..=200).contains(&secret.len()) {
            return Err(bad_input("secret", "16 to 200 bytes"));
        }
        let sealed = self.vault.seal(SECRET, secret);
        let set = "UPDATE shop SET callback_secret_sealed = $2 WHERE id = $1";
        let done = self.store.write(move |tx| Ok::<_, Error>(tx.execute(set, &values![shop, sealed.clone()])?)).await?;
        if done == 1 { Ok(()) } else { Err(not_found("shop")) }
    }

    async fn callback_secret(&self, shop: ShopId) -> Result<Option<String>> {
        let sql = "SELECT callback_secret_sealed FROM shop WHERE id = $1";
        let read = move |tx: &mut Tx<'_>| Ok::<_, Error>(tx.query_opt(sql, &values![shop], |row| row.get::<Option<Vec<u8>>>(0))?);
        let sealed = self.store.read(read).await?.flatten();
        Ok(sealed.map(|sealed| self.vault.open_sealed(SECRET, &sealed)).transpose()?)
    }

    /// One callback about one case, in one transaction with its number: `decide` answers false where it changes nothing.
    async fn once<F>(&self, at: Option<CaseRef>, shop: ShopId, event: &Event, decide: F) -> Result<Taken>
    where
        F: Fn(&mut Change<'_, '_>, &Event) -> Result<bool> + Send + Clone + 'static,
    {
        let (context, tools, event) = (Context::desk(self.clock.now()), self.tools(), event.clone());
        let outcome = self
            .store
            .write(move |tx| {
                if let Some(at) = at {
                    // The case first, as every command does: two of them never wait for each other in a ring.
                    crate::case::row::CaseRow::lock(tx, at.shop, at.id)?;
                }
                let outcome = if at.is_some() { "new" } else { "ignored" };
                if !note(tx, shop, &event, outcome, context.now)? && holds(Safety::EventOnce) {
                    return Ok((Taken::Known, None));
                }
                let Some(at) = at else { return Ok((Taken::Ignored, None)) };
                let (event, decide) = (event.clone(), decide.clone());
                let mut changed = false;
                let mut body = |change: &mut Change<'_, '_>| {
                    changed = decide(change, &event)?;
                    Ok(json!({}))
                };
                let done = command::run(tx, &tools, &context, at, Action::SettleEffect.into(), &mut body)?;
                Ok::<_, Error>((if changed { Taken::New } else { Taken::Known }, Some((at, done.version))))
            })
            .await?;
        if let (_, Some((at, version))) = outcome {
            self.announce(at, version);
        }
        Ok(outcome.0)
    }
}

/// Puts the event's number down; false when it is there already.
fn note(tx: &mut Tx<'_>, shop: ShopId, event: &Event, outcome: &str, now: Micros) -> Result<bool> {
    let sql = "INSERT INTO callback (shop_id, event_id, event, outcome, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (shop_id, event_id) DO NOTHING";
    let name: String = event.event.chars().take(60).collect();
    Ok(tx.execute(sql, &values![shop, &event.event_id, name, outcome, now])? == 1)
}

/// The order of this number.
fn order_of(tx: &mut Tx<'_>, shop: ShopId, order_no: &str) -> Result<Option<Id>> {
    Ok(tx.query_opt("SELECT id FROM orders WHERE shop_id = $1 AND order_no = $2", &values![shop, order_no], |row| row.get(0))?)
}
