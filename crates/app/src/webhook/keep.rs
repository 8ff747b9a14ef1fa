//! Subscriptions: adding, changing, pausing, resuming, a new secret, taking away. Owns their rows; every change is in the audit.
//!
//! A secret leaves in one answer and in no other; the audit and the log of deliveries hold neither it nor the address.

use super::{SECRET, URL, Webhook, collect, pause, sign};
use crate::error::{Error, Result, bad_input};
use crate::ids::new_id;
use crate::{Context, Desk, audit};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::webhook::{MOST, OVERLAP, Pause, State, Wanted, address};
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A subscription as it is to be.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepWebhook {
    /// What it is for, for people.
    pub name: String,
    /// Where to; absent when a known one stays.
    #[serde(default)]
    pub url: Option<String>,
    /// Published names of events; every one when empty.
    #[serde(default)]
    pub events: Vec<String>,
}

/// A secret, shown this once.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct NewSecret {
    /// The subscription.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id,
    /// `whsec_…`.
    pub secret: String,
}

impl Desk {
    /// May they, and is it sound; the events wanted.
    fn sound_webhook(&self, context: &Context, shop: ShopId, input: &KeepWebhook) -> Result<Wanted> {
        context.actor.may(Action::ManageSettings, &Object::shop("webhook", shop))?;
        if input.name.trim().is_empty() || input.name.len() > 100 {
            return Err(bad_input("name", "1 to 100 bytes"));
        }
        if let Some(url) = &input.url {
            let loopback = self.courier.as_ref().is_some_and(|courier| courier.loopback());
            address::check(url, loopback).map_err(|fault| bad_input("url", fault.text()))?;
        }
        Wanted::of(input.events.iter().map(String::as_str)).map_err(|name| bad_input("events", format!("no event {name} is told")))
    }

    /// Adds a subscription; its secret is in this answer alone. It is told what happens from now on.
    pub async fn add_webhook(&self, context: &Context, shop: ShopId, input: KeepWebhook) -> Result<NewSecret> {
        let wanted = self.sound_webhook(context, shop, &input)?;
        let url = input.url.clone().ok_or_else(|| bad_input("url", "an address"))?;
        let (frame, vault, id, secret) = (context.clone(), self.vault.clone(), new_id(context.now), sign::new_secret());
        let answer = NewSecret { id, secret: secret.clone() };
        self.store
            .write(move |tx| {
                let sql = "SELECT COUNT(*) FROM (SELECT 1 FROM webhook WHERE shop_id = $1 LIMIT $2) AS some_hooks";
                if tx.query_opt(sql, &values![shop, MOST], |row| row.get::<i64>(0))?.unwrap_or(0) >= MOST {
                    return Err(bad_input("name", format!("a shop has at most {MOST}")));
                }
                collect::begin(tx)?;
                const COLUMNS: &[&str] =
                    &["shop_id", "id", "name", "url_sealed", "events", "state", "secret_sealed", "since", "created_at"];
                let (url, secret) = (vault.seal(URL, &url), vault.seal(SECRET, &secret));
                let (name, state) = (input.name.trim(), State::Active.as_str());
                tx.insert("webhook", COLUMNS, values![shop, id, name, url, wanted.text(), state, secret, frame.now, frame.now]);
                let payload = json!({ "events": wanted.names() });
                audit::note(tx, &frame.actor, Some(shop), "webhook_added", &id.to_string(), &payload, frame.now);
                Ok::<_, Error>(())
            })
            .await?;
        Ok(answer)
    }

    /// Keeps a subscription anew.
    pub async fn keep_webhook(&self, context: &Context, shop: ShopId, id: Id, input: KeepWebhook) -> Result<()> {
        let wanted = self.sound_webhook(context, shop, &input)?;
        let vault = self.vault.clone();
        self.on_webhook(context, shop, id, "webhook_changed", move |tx, hook, _| {
            let url = input.url.as_ref().map_or(hook.url_sealed.clone(), |url| vault.seal(URL, url));
            let sql = "UPDATE webhook SET name = $3, url_sealed = $4, events = $5 WHERE shop_id = $1 AND id = $2";
            tx.execute(sql, &values![shop, id, input.name.trim(), url, wanted.text()])?;
            Ok(json!({ "events": wanted.names(), "address_changed": input.url.is_some() }))
        })
        .await
    }

    /// Pauses it: nothing more is collected, and what waited counts as failed.
    pub async fn pause_webhook(&self, context: &Context, shop: ShopId, id: Id) -> Result<()> {
        self.on_webhook(context, shop, id, "webhook_paused", move |tx, hook, now| {
            if hook.state == State::Active {
                pause(tx, shop, id, Pause::ByPerson, now)?;
            }
            Ok(json!({ "why": Pause::ByPerson }))
        })
        .await
    }

    /// Goes on with what happens from now on; what failed meanwhile is told again when somebody replays it.
    pub async fn resume_webhook(&self, context: &Context, shop: ShopId, id: Id) -> Result<()> {
        self.on_webhook(context, shop, id, "webhook_resumed", move |tx, hook, now| {
            if hook.state == State::Paused {
                collect::begin(tx)?;
                let sql = "UPDATE webhook SET state = $3, pause = '', failing_since = NULL, since = $4 WHERE shop_id = $1 AND id = $2";
                tx.execute(sql, &values![shop, id, State::Active.as_str(), now])?;
            }
            Ok(json!({}))
        })
        .await
    }

    /// A new secret; the one before signs too for a day, so that the receiver can change over.
    pub async fn renew_webhook_secret(&self, context: &Context, shop: ShopId, id: Id) -> Result<NewSecret> {
        let secret = sign::new_secret();
        let (vault, answer) = (self.vault.clone(), NewSecret { id, secret: secret.clone() });
        self.on_webhook(context, shop, id, "webhook_secret_renewed", move |tx, hook, now| {
            let sql = "UPDATE webhook SET secret_sealed = $3, old_secret_sealed = $4, old_until = $5 WHERE shop_id = $1 AND id = $2";
            tx.execute(sql, &values![shop, id, vault.seal(SECRET, &secret), hook.secret_sealed.clone(), now + OVERLAP])?;
            Ok(json!({}))
        })
        .await?;
        Ok(answer)
    }

    /// Takes it away with its log.
    pub async fn remove_webhook(&self, context: &Context, shop: ShopId, id: Id) -> Result<()> {
        self.on_webhook(context, shop, id, "webhook_removed", move |tx, _, _| {
            tx.execute("DELETE FROM webhook_delivery WHERE webhook_id = $1", &values![id])?;
            tx.execute("DELETE FROM webhook WHERE shop_id = $1 AND id = $2", &values![shop, id])?;
            Ok(json!({}))
        })
        .await
    }

    /// One change of one subscription by whoever may, with its row in the audit.
    pub(super) async fn on_webhook<F>(&self, context: &Context, shop: ShopId, id: Id, action: &'static str, change: F) -> Result<()>
    where
        F: Fn(&mut aftercare_store::Tx<'_>, &Webhook, aftercare_domain::time::Micros) -> Result<serde_json::Value> + Send + 'static,
    {
        context.actor.may(Action::ManageSettings, &Object::shop("webhook", shop))?;
        let frame = context.clone();
        self.store
            .write(move |tx| {
                let hook = Webhook::load(tx, shop, id)?;
                let payload = change(tx, &hook, frame.now)?;
                audit::note(tx, &frame.actor, Some(shop), action, &id.to_string(), &payload, frame.now);
                Ok::<_, Error>(())
            })
            .await?;
        self.work.notify_waiters();
        Ok(())
    }
}
