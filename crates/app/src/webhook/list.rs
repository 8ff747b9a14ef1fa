//! What the page of webhooks shows: the subscriptions of a shop and the log of one. Owns the shapes; no secret is in them.

use super::{COLUMNS, URL, Webhook, read};
use crate::error::{Error, Result, bad_input};
use crate::{Context, Desk};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::time::Micros;
use aftercare_domain::webhook::{Delivery, EVENTS, MOST, State};
use aftercare_store::{DbError, Row, Tx, values};
use serde::{Deserialize, Serialize};

/// Rows of a page of the log at most.
const PAGE: i64 = 100;
/// Failed and waiting ones are counted up to here.
const COUNTED: i64 = 1_000;

/// A subscription.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct WebhookRow {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id,
    /// What it is for.
    pub name: String,
    /// Where to, for those who manage it.
    pub url: String,
    /// Events wanted; every one when empty.
    pub events: Vec<&'static str>,
    /// active, paused.
    #[schema(value_type = String)]
    pub state: State,
    /// Why it is paused: by_person, failing, gone.
    pub pause: Option<&'static str>,
    /// Since when nothing arrives.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub failing_since: Option<Micros>,
    /// The last success.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub delivered_at: Option<Micros>,
    /// Until when the secret before the present one signs too.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub old_secret_until: Option<Micros>,
    /// When it was added.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Micros,
    /// Deliveries still to be made, up to 1000.
    pub waiting: i64,
    /// Failed ones of the last 30 days, up to 1000.
    pub failed: i64,
}

/// The subscriptions of a shop.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Webhooks {
    /// Oldest first.
    pub items: Vec<WebhookRow>,
    /// The published events.
    pub events: &'static [&'static str],
}

/// Which part of a log.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct DeliveriesQuery {
    /// waiting or failed; all when absent.
    #[serde(default)]
    pub state: Option<String>,
    /// The `next` of the page before.
    #[serde(default)]
    pub cursor: Option<String>,
    /// Rows, up to 100.
    #[serde(default)]
    pub limit: Option<i64>,
}

/// One delivery.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct DeliveryRow {
    /// `webhook-id` as the receiver sees it.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id,
    /// The event.
    pub kind: String,
    /// The case.
    #[schema(value_type = String, format = "uuid")]
    pub case_id: Id,
    /// Its number for people.
    pub case_no: String,
    /// Its version after the event.
    pub case_version: i64,
    /// When it happened.
    #[schema(value_type = String, format = "date-time")]
    pub at: Micros,
    /// waiting, delivered, failed.
    #[schema(value_type = String)]
    pub state: Delivery,
    /// Tries so far.
    pub tries: i64,
    /// The next one, while it waits.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub next_at: Option<Micros>,
    /// The last try.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub tried_at: Option<Micros>,
    /// The status of the last answer; 0 where none came.
    pub status: i64,
    /// Why none came, or why it ended.
    pub problem: String,
}

/// A page of a log, newest first.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct DeliveryPage {
    /// The rows.
    pub items: Vec<DeliveryRow>,
    /// Where the next page begins.
    pub next: Option<String>,
}

impl Desk {
    /// The subscriptions of a shop and what can be subscribed to.
    pub async fn webhooks(&self, context: &Context, shop: ShopId) -> Result<Webhooks> {
        context.actor.may(Action::ManageSettings, &Object::shop("webhook", shop))?;
        let vault = self.vault.clone();
        let now = context.now;
        self.store
            .read(move |tx| {
                let sql = format!("SELECT {COLUMNS} FROM webhook WHERE shop_id = $1 ORDER BY id LIMIT $2");
                let mut items = Vec::new();
                for hook in tx.query(&sql, &values![shop, MOST], read)? {
                    let (waiting, failed) = (count(tx, hook.id, Delivery::Waiting)?, count(tx, hook.id, Delivery::Failed)?);
                    let url = vault.open_sealed(URL, &hook.url_sealed)?;
                    items.push(shown(hook, url, waiting, failed, now));
                }
                Ok::<_, Error>(Webhooks { items, events: EVENTS })
            })
            .await
    }

    /// One page of the log of a subscription.
    pub async fn webhook_deliveries(&self, context: &Context, shop: ShopId, id: Id, query: DeliveriesQuery) -> Result<DeliveryPage> {
        context.actor.may(Action::ManageSettings, &Object::shop("webhook", shop))?;
        let before = match query.cursor.as_deref().filter(|cursor| !cursor.is_empty()) {
            None => Id::from_bytes([0xff; 16]),
            Some(cursor) => Id::parse(cursor).ok_or_else(|| bad_input("cursor", "the `next` of the page before"))?,
        };
        let only = match query.state.as_deref().filter(|state| !state.is_empty()) {
            None => "",
            Some("failed") => "AND d.state = 'failed'",
            Some("waiting") => "AND d.state = 'waiting'",
            Some(_) => return Err(bad_input("state", "waiting or failed")),
        };
        let limit = query.limit.unwrap_or(50).clamp(1, PAGE);
        self.store
            .read(move |tx| {
                let known = "SELECT 1 FROM webhook WHERE shop_id = $1 AND id = $2";
                tx.query_opt(known, &values![shop, id], |_| Ok(()))?.ok_or_else(|| crate::error::not_found("webhook"))?;
                let sql = format!(
                    "SELECT d.id, d.kind, d.case_id, c.case_no, d.case_version, d.at, d.state, d.tries, d.next_at, d.tried_at, d.status, d.problem
                    FROM webhook_delivery d LEFT JOIN cases c ON c.shop_id = d.shop_id AND c.id = d.case_id
                    WHERE d.webhook_id = $1 AND d.id < $2 {only} ORDER BY d.id DESC LIMIT $3"
                );
                let items = tx.query(&sql, &values![id, before, limit], delivery)?;
                let next = (items.len() as i64 == limit).then(|| items.last().map(|row| row.id.to_string())).flatten();
                Ok::<_, Error>(DeliveryPage { items, next })
            })
            .await
    }
}

fn count(tx: &mut Tx<'_>, id: Id, state: Delivery) -> std::result::Result<i64, DbError> {
    let sql = match state {
        Delivery::Waiting => {
            "SELECT COUNT(*) FROM (SELECT 1 FROM webhook_delivery WHERE webhook_id = $1 AND state = 'waiting' LIMIT $2) AS counted"
        }
        _ => "SELECT COUNT(*) FROM (SELECT 1 FROM webhook_delivery WHERE webhook_id = $1 AND state = 'failed' LIMIT $2) AS counted",
    };
    Ok(tx.query_opt(sql, &values![id, COUNTED], |row| row.get::<i64>(0))?.unwrap_or(0))
}

fn shown(hook: Webhook, url: String, waiting: i64, failed: i64, now: Micros) -> WebhookRow {
    WebhookRow {
        id: hook.id,
        name: hook.name,
        url,
        events: hook.wanted.names().to_vec(),
        state: hook.state,
        pause: hook.pause.map(|why| why.as_str()),
        failing_since: hook.failing_since,
        delivered_at: hook.delivered_at,
        old_secret_until: hook.old_until.filter(|until| *until > now),
        created_at: hook.created_at,
        waiting,
        failed,
    }
}

fn delivery(row: &Row) -> std::result::Result<DeliveryRow, DbError> {
    let state: String = row.get(6)?;
    let state = Delivery::parse(&state).ok_or_else(|| DbError::Shape(format!("delivery in state {state}")))?;
    let next: Micros = row.get(8)?;
    Ok(DeliveryRow {
        id: row.get(0)?,
        kind: row.get(1)?,
        case_id: row.get(2)?,
        case_no: row.get::<Option<String>>(3)?.unwrap_or_default(),
        case_version: row.get(4)?,
        at: row.get(5)?,
        state,
        tries: row.get(7)?,
        next_at: (state == Delivery::Waiting).then_some(next),
        tried_at: row.get(9)?,
        status: row.get(10)?,
        problem: row.get(11)?,
    })
}
