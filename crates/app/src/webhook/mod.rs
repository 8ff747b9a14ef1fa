//! Webhooks (事件推送): a shop's other systems are told what happened on its cases. Owns subscriptions, deliveries and the port outside.
//!
//! Events are read from the feed, in the order of commits, so that none is told that was taken back and none is missed ([`collect`]).
//! A delivery keeps its id over all tries; within one case the next waits for the one before. What is told is small and names nobody:
//! ids, the kind, the version and the time; whoever wants more asks the API with rights of their own.

mod collect;
mod keep;
mod list;
mod replay;
pub mod sign;
mod worker;

pub use keep::{KeepWebhook, NewSecret};
pub use list::{DeliveriesQuery, DeliveryPage, DeliveryRow, WebhookRow, Webhooks};
pub use replay::Replay;

use crate::error::{Result, not_found};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::time::Micros;
use aftercare_domain::webhook::{Delivery, Pause, State, Wanted};
use aftercare_store::{DbError, Row, Tx, values};
use std::future::Future;
use std::pin::Pin;

/// One delivery as it goes out.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Where to.
    pub url: String,
    /// `webhook-id`: the same over all tries.
    pub id: String,
    /// `webhook-timestamp`: of this try, in seconds.
    pub timestamp: i64,
    /// `webhook-signature`.
    pub signature: String,
    /// The body, exactly as it was signed.
    pub body: String,
}

/// What came of one try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status of the answer; 0 where none came.
    pub status: u16,
    /// Why none came: `timeout`, `no_host`, `inside`, `no_connection`, `tls`, `reset`, `address`.
    pub problem: String,
    /// Its `Retry-After`, as it came.
    pub retry_after: String,
}

/// An answer on its way.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

/// The way outside. It is never used inside a transaction, follows no redirects, and repeats nothing by itself.
pub trait Courier: Send + Sync {
    /// Posts one letter and waits for the head of its answer.
    fn post<'a>(&'a self, letter: &'a Letter) -> Answering<'a>;
    /// Whether this machine itself may be a receiver, without TLS too.
    fn loopback(&self) -> bool;
}

/// A subscription as it is stored.
#[derive(Clone)]
struct Webhook {
    id: Id,
    name: String,
    url_sealed: Vec<u8>,
    wanted: Wanted,
    state: State,
    pause: Option<Pause>,
    secret_sealed: Vec<u8>,
    old_secret_sealed: Option<Vec<u8>>,
    old_until: Option<Micros>,
    since: Micros,
    failing_since: Option<Micros>,
    delivered_at: Option<Micros>,
    created_at: Micros,
}

const COLUMNS: &str = "id, name, url_sealed, events, state, pause, secret_sealed, old_secret_sealed, old_until, since, failing_since,
    delivered_at, created_at";

/// What its sealed columns are sealed for.
const URL: &str = "webhook.url";
const SECRET: &str = "webhook.secret";

fn read(row: &Row) -> std::result::Result<Webhook, DbError> {
    let state: String = row.get(4)?;
    Ok(Webhook {
        id: row.get(0)?,
        name: row.get(1)?,
        url_sealed: row.get(2)?,
        wanted: Wanted::parse(&row.get::<String>(3)?),
        state: State::parse(&state).ok_or_else(|| DbError::Shape(format!("webhook in state {state}")))?,
        pause: Pause::parse(&row.get::<String>(5)?),
        secret_sealed: row.get(6)?,
        old_secret_sealed: row.get(7)?,
        old_until: row.get(8)?,
        since: row.get(9)?,
        failing_since: row.get(10)?,
        delivered_at: row.get(11)?,
        created_at: row.get(12)?,
    })
}

impl Webhook {
    fn find(tx: &mut Tx<'_>, shop: ShopId, id: Id) -> Result<Option<Self>> {
        let sql = format!("SELECT {COLUMNS} FROM webhook WHERE shop_id = $1 AND id = $2 FOR UPDATE");
        Ok(tx.query_opt(&sql, &values![shop, id], read)?)
    }

    /// Locks it; `not_found` when it is not the shop's.
    fn load(tx: &mut Tx<'_>, shop: ShopId, id: Id) -> Result<Self> {
        Self::find(tx, shop, id)?.ok_or_else(|| not_found("webhook"))
    }
}

/// Pauses a subscription; what still waited counts as failed, so that it is told again only when a person says so.
fn pause(tx: &mut Tx<'_>, shop: ShopId, id: Id, why: Pause, now: Micros) -> Result<()> {
    let sql = "UPDATE webhook SET state = $3, pause = $4 WHERE shop_id = $1 AND id = $2";
    tx.execute(sql, &values![shop, id, State::Paused.as_str(), why.as_str()])?;
    let sql = "UPDATE webhook_delivery SET state = $2, problem = 'paused', ended_at = $3, lease_until = 0, fence = fence + 1
        WHERE webhook_id = $1 AND state = 'waiting'";
    tx.execute(sql, &values![id, Delivery::Failed.as_str(), now])?;
    Ok(())
}
