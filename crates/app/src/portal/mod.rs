//! The buyer's own page (买家自助): a ticket for one order, what its holder sees of it, and what they may do. One file per command.
//!
//! Owns the line between a buyer and the desk: everything here is about the order of the ticket, done by the same commands as the staff's,
//! in the buyer's name. Nothing of other orders, other people, limits, notes or side threads passes it.

mod answer;
mod find;
mod photo;
mod rate;
mod report;
mod say;
mod view;

pub use answer::{BuyerAnswer, BuyerAnswered};
pub use find::{FindOrder, PortalTicket};
pub use photo::BuyerPhoto;
pub use rate::BuyerRating;
pub use report::BuyerReport;
pub use say::BuyerWords;

use crate::command::CaseRef;
use crate::error::{Error, Result, not_found};
use crate::{Actor, Context, Desk};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Action, Role};
use aftercare_domain::portal::Portal;
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_domain::time::{Micros, Span};
use aftercare_store::{Row, Tx, values, vault};
use serde::Serialize;
use serde_json::Value;

/// The channel of everything said here.
pub(crate) const CHANNEL: &str = "portal";
/// How long a ticket opens its order.
const LASTS: Span = Span::hours(2);
/// What may be written with one ticket: far more than a person needs, far less than fills a desk.
const ACTS: i64 = 120;
/// Longest text of a buyer, characters.
const TEXT: usize = 2_000;
/// What a buyer may do, and only to their own order.
const MAY: &[Action] = &[Action::OpenCase, Action::Contact, Action::Evidence, Action::Reopen];

/// The holder of a ticket: a desk that knows one order.
pub struct Guest {
    desk: Desk,
    shop: ShopId,
    order: Id,
    order_no: String,
    title: String,
    token: [u8; 32],
    expires_at: Micros,
    key: Option<String>,
}

/// The answer to what a buyer did.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Kept {
    /// The case it is kept on.
    #[schema(value_type = String, format = "uuid")]
    pub case_id: Id,
}

/// The setting of a shop; unsound or absent, the page is off.
fn setting(settings: &Value) -> Portal {
    serde_json::from_value(settings["portal"].clone()).unwrap_or_default()
}

impl Desk {
    /// The order that this ticket opens; refused when it is unknown or too old, the page was switched off or the buyer erased.
    pub async fn portal_guest(&self, ticket: &str, key: Option<String>) -> Result<Guest> {
        let (now, token) = (self.clock.now(), vault::sha256(ticket.as_bytes()));
        let sql =
            "SELECT t.shop_id, t.order_id, t.expires_at, o.order_no, s.title, s.settings, s.platform, b.erased_at FROM portal_ticket t
            JOIN shop s ON s.id = t.shop_id JOIN orders o ON o.shop_id = t.shop_id AND o.id = t.order_id
            LEFT JOIN buyer b ON b.shop_id = o.shop_id AND b.id = o.buyer_id WHERE t.token_hash = $1 AND t.expires_at > $2";
        let read = move |row: &Row| {
            let there = setting(&row.get::<Value>(5)?).serves(&row.get::<String>(6)?) && row.get::<Option<Micros>>(7)?.is_none();
            let of_order = (row.get::<ShopId>(0)?, row.get::<Id>(1)?, row.get::<Micros>(2)?);
            Ok(there.then_some((of_order, row.get::<String>(3)?, row.get::<String>(4)?)))
        };
        let found = self.store.read(move |tx| Ok::<_, Error>(tx.query_opt(sql, &values![token, now], read)?)).await?.flatten();
        let ((shop, order, expires_at), order_no, title) = found.ok_or(Code::PortalEnded)?;
        Ok(Guest { desk: self.clone(), shop, order, order_no, title, token, expires_at, key })
    }
}

impl Guest {
    /// The frame of a command in the buyer's name; keys of commands are the order's.
    fn context(&self) -> Context {
        let actor = Actor::buyer(self.order, Role::Api, self.shop, MAY);
        Context { key: self.key.clone(), ..self.desk.context(actor) }
    }

    /// The case, if it is of this order.
    async fn case(&self, id: Id) -> Result<CaseRef> {
        let (shop, order) = (self.shop, self.order);
        let sql = "SELECT 1 FROM cases WHERE shop_id = $1 AND id = $2 AND order_id = $3 AND merged_into IS NULL";
        let read = move |tx: &mut Tx<'_>| Ok::<_, Error>(tx.query_opt(sql, &values![shop, id, order], |_| Ok(()))?);
        self.desk.store.read(read).await?.map(|()| CaseRef { shop, id }).ok_or_else(|| not_found("case"))
    }

    /// Counts one act against the ticket's limit.
    async fn act(&self) -> Result<()> {
        let token = self.token;
        let sql = "UPDATE portal_ticket SET acts = acts + 1 WHERE token_hash = $1 AND acts < $2";
        let counted = self.desk.store.write::<_, Error, _>(move |tx| Ok(tx.execute(sql, &values![token, ACTS])?)).await?;
        if counted == 1 { Ok(()) } else { Err(Refusal::new(Code::TooManyTries).with("retry_after_s", LASTS.0 / 1_000_000).into()) }
    }
}

/// Refuses no words and too many.
fn text(words: &str) -> Result<&str> {
    let words = words.trim();
    let long = words.chars().count();
    if (1..=TEXT).contains(&long) { Ok(words) } else { Err(crate::error::bad_input("text", format!("1 to {TEXT} characters"))) }
}

/// Whether an error is this refusal.
fn refused(error: &Error, codes: &[Code]) -> bool {
    matches!(error, Error::Refused(refusal) if codes.contains(&refusal.code))
}
