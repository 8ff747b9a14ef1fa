//! The buyer reports a problem. Owns nothing of intake: it goes the way of the staff's own form, so that it is classified, joined and timed
//! alike. What the ledger would refuse is still heard: it is kept as the buyer's words on the case that holds the units.

use super::{BuyerWords, CHANNEL, Guest, Kept, refused, text};
use crate::case::open::{LineQuantity, NewRequest, OpenCase};
use crate::error::{Error, Result, bad_input};
use aftercare_domain::id::Id;
use aftercare_domain::refusal::Code;
use aftercare_store::{Tx, values};
use serde::{Deserialize, Serialize};

/// Wishes a buyer can name; what only the desk can mean (compensation, freight) is said in words.
const WISHES: &[&str] = &["refund_only", "return_refund", "exchange", "reship", "repair", "inquiry", "help", "complaint"];

/// A problem as the page asks for it.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BuyerReport {
    /// What went wrong: a value of the fact `request.problem`, e.g. damaged, wrong_item, not_received, not_wanted, other.
    pub problem: String,
    /// What the buyer would like: refund_only, return_refund, exchange, reship, repair, inquiry, help, complaint.
    pub wish: String,
    /// In the buyer's words; sealed.
    pub text: String,
    /// On which lines and units.
    #[serde(default)]
    pub lines: Vec<LineQuantity>,
}

impl Guest {
    /// Opens a case of the ticket's order, or joins the open one of the same wish.
    pub async fn report(&self, input: BuyerReport) -> Result<Kept> {
        let words = text(&input.text)?.to_owned();
        if !WISHES.contains(&input.wish.as_str()) {
            return Err(bad_input("wish", format!("one of {}", WISHES.join(", "))));
        }
        let code = |b: u8| b.is_ascii_lowercase() || b == b'_';
        if input.problem.is_empty() || input.problem.len() > 40 || !input.problem.bytes().all(code) {
            return Err(bad_input("problem", "a code of 1 to 40 letters"));
        }
        self.act().await?;
        let open = |kind: &str, lines: Vec<LineQuantity>| OpenCase {
            order_no: Some(self.order_no.clone()),
            channel: CHANNEL.into(),
            text: words.clone(),
            request: Some(NewRequest { kind: kind.into(), reason: input.problem.clone(), amount_minor: None, lines }),
            scenario: None,
            external_ref: None,
            severity: None,
            emotion: None,
        };
        let opened = self.desk.open_case(&self.context(), self.shop, open(&input.wish, input.lines.clone())).await;
        match opened {
            Err(error) if refused(&error, &[Code::AlreadyMadeGood, Code::OverReturnable]) => match self.newest_open().await? {
                Some(case) => self.keep(case, &BuyerWords { text: words.clone(), solved: None }).await,
                None => {
                    let plain = self.desk.open_case(&self.context(), self.shop, open("complaint", Vec::new())).await?;
                    Ok(Kept { case_id: plain.case_id })
                }
            },
            opened => Ok(Kept { case_id: opened?.case_id }),
        }
    }

    async fn newest_open(&self) -> Result<Option<Id>> {
        let (shop, order) = (self.shop, self.order);
        let sql =
            "SELECT id FROM cases WHERE shop_id = $1 AND order_id IS NOT NULL AND order_id = $2 AND open = 1 ORDER BY id DESC LIMIT 1";
        let read = move |tx: &mut Tx<'_>| Ok::<_, Error>(tx.query_opt(sql, &values![shop, order], |row| row.get::<Id>(0))?);
        self.desk.store.read(read).await
    }
}
