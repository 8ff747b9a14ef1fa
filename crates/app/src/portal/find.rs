//! From a shop, an order number and the end of a phone number to a ticket. Owns that every failure looks alike and that guessing is slow.
//!
//! The same statements run whether or not there is such an order; each attempt is counted before it is looked at. Only the ticket's hash is kept.

use super::{LASTS, setting};
use crate::access::throttle::{self, Counted};
use crate::error::{Error, Result};
use crate::ids::new_secret;
use crate::safety::{Safety, holds};
use crate::{Actor, Desk, audit};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::Role;
use aftercare_domain::refusal::Code;
use aftercare_domain::time::{Micros, Span};
use aftercare_store::{Row, Tx, values, vault};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::net::IpAddr;

/// Wrong ends of a phone number that cost nothing: for one order from one address, for one order, and from one address.
const FREE: [i64; 3] = [5, 20, 60];
/// The longest wait after a wrong one, seconds. An address may be a whole office's or a proxy's, so it waits least.
const LONGEST_S: [i64; 3] = [3_600, 3_600, 60];

/// Old tickets and tries cleared away with each new ticket: more than come in, so that they do not pile up.
const CLEARED: i64 = 50;
const OLD_TICKETS: &str = "DELETE FROM portal_ticket WHERE token_hash IN
    (SELECT token_hash FROM portal_ticket WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)";
const OLD_TRIES: &str = "DELETE FROM login_try WHERE subject IN
    (SELECT subject FROM login_try WHERE updated_at < $1 ORDER BY updated_at LIMIT $2)";

/// What a buyer knows of their order.
#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FindOrder {
    /// The shop's code, as in the page's address.
    pub shop: String,
    /// The order's number.
    pub order_no: String,
    /// The last four digits of the phone the order was placed with.
    pub phone_tail: String,
}

/// What opens the order from now on.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PortalTicket {
    /// To be sent as `X-Portal-Ticket`; its hash is all that is kept.
    pub ticket: String,
    /// From when on it opens nothing.
    #[schema(value_type = String, format = "date-time")]
    pub expires_at: Micros,
}

impl Desk {
    /// A ticket for the order, or one refusal for every cause.
    pub async fn portal_find(&self, input: &FindOrder, from: IpAddr) -> Result<PortalTicket> {
        let (now, secret) = (self.clock.now(), new_secret());
        let (shop, order_no) = (input.shop.trim().to_owned(), input.order_no.trim().to_owned());
        let tail = self.vault.blind("phone tail", input.phone_tail.trim());
        let counted = self.counted(&shop, &order_no, from);
        let (token, expires_at) = (vault::sha256(secret.as_bytes()), now + LASTS);
        let found = self.store.write::<_, Error, _>(move |tx| {
            if holds(Safety::PortalTries) {
                throttle::attempt(tx, &counted, now)?;
            }
            let Some((shop, order)) = look(tx, &shop, &order_no, tail)? else { return Ok(false) };
            tx.execute(OLD_TICKETS, &values![now, CLEARED])?;
            tx.execute(OLD_TRIES, &values![now - Span::days(2), CLEARED])?;
            const COLUMNS: &[&str] = &["token_hash", "shop_id", "order_id", "created_at", "expires_at"];
            tx.insert("portal_ticket", COLUMNS, values![token, shop, order, now, expires_at]);
            let [own, shared @ ..] = counted;
            throttle::passed(tx, own, &shared)?;
            let buyer = Actor::buyer(order, Role::Api, shop, &[]);
            audit::note(tx, &buyer, Some(shop), "portal_opened", &order.to_string(), &json!({}), now);
            Ok(true)
        });
        if found.await? { Ok(PortalTicket { ticket: secret, expires_at }) } else { Err(Code::PortalNotFound.into()) }
    }

    /// The counts of one attempt, the narrowest first.
    fn counted(&self, shop: &str, order_no: &str, from: IpAddr) -> [Counted; 3] {
        let order = format!("{shop}\n{order_no}");
        let subjects = [
            self.vault.blind("portal order and address", &format!("{order}\n{from}")),
            self.vault.blind("portal order", &order),
            self.vault.blind("portal address", &from.to_string()),
        ];
        std::array::from_fn(|n| Counted { subject: subjects[n], free: FREE[n], longest_s: LONGEST_S[n] })
    }
}

/// The order, where the shop's page serves it and the phone ends like this.
fn look(tx: &mut Tx<'_>, shop: &str, order_no: &str, tail: [u8; 32]) -> Result<Option<(ShopId, Id)>> {
    let sql = "SELECT s.id, s.settings, s.platform FROM shop s WHERE s.code = $1";
    let read = |row: &Row| Ok((row.get::<ShopId>(0)?, row.get::<Value>(1)?, row.get::<String>(2)?));
    let (shop, settings, platform) = tx.query_opt(sql, &values![shop], read)?.unwrap_or((ShopId(0), Value::Null, String::new()));
    let sql = "SELECT o.id, b.phone_tail_hash FROM orders o LEFT JOIN buyer b ON b.shop_id = o.shop_id AND b.id = o.buyer_id
        WHERE o.shop_id = $1 AND o.order_no = $2";
    let read = |row: &Row| Ok((row.get::<Id>(0)?, row.get::<Option<[u8; 32]>>(1)?));
    let order = tx.query_opt(sql, &values![shop, order_no], read)?;
    let fits = |(_, of_buyer): &(Id, Option<[u8; 32]>)| *of_buyer == Some(tail) && setting(&settings).serves(&platform);
    Ok(order.filter(fits).map(|(order, _)| (shop, order)))
}
