//! Opens a case: from whatever the buyer said, on whichever channel, to one record with its request and first deadline.
//!
//! Owns intake. The same buyer, order and problem again joins the open case instead of making a second one.

use crate::case::intake::{self, Draft};
use crate::case::row::CaseRow;
use crate::command::{CaseRef, Changed, Repeat};
use crate::error::{Result, bad_input, not_found};
use crate::ids::new_id;
use crate::search::Words;
use crate::{Context, Desk};
use aftercare_domain::china;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::privacy::masked;
use aftercare_domain::time::Micros;
use aftercare_store::{Tx, values};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Longest text of one contact, bytes.
pub(crate) const TEXT_LIMIT: usize = 20_000;

/// What intake knows. The order already tells most of it.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenCase {
    /// Absent: a buyer without an order.
    #[serde(default)]
    pub order_no: Option<String>,
    /// chat, phone, mail, portal, platform, agent, api, tracking.
    pub channel: String,
    /// What the buyer said; sealed.
    #[serde(default)]
    pub text: String,
    /// What the buyer asks for.
    #[serde(default)]
    pub request: Option<NewRequest>,
    /// A scenario of the playbooks; absent: proposed from the facts.
    #[serde(default)]
    pub scenario: Option<String>,
    /// The platform's own number of this after-sales case.
    #[serde(default)]
    pub external_ref: Option<String>,
    /// 1 (safety incident) to 4.
    #[serde(default)]
    pub severity: Option<i64>,
    /// calm, worried, angry, furious.
    #[serde(default)]
    pub emotion: Option<String>,
}

/// A wish of the buyer on lines and quantities.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRequest {
    /// refund_only, return_refund, exchange, reship, repair, compensation, price_difference, freight, order_change, inquiry, help, complaint.
    pub kind: String,
    /// The platform's or buyer's reason, as a code; kept with personal data masked, since it is read on lists and by rules.
    #[serde(default)]
    pub reason: String,
    /// Minor units; absent: not said, which is not zero.
    #[serde(default)]
    pub amount_minor: Option<i64>,
    /// Lines and units.
    #[serde(default)]
    pub lines: Vec<LineQuantity>,
}

/// Units of one order line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineQuantity {
    /// The line's number in the order, from 1.
    pub line_no: i64,
    /// Units.
    pub quantity: i64,
}

/// Kinds of request.
pub(crate) const REQUEST_KINDS: &[&str] = &[
    "refund_only",
    "return_refund",
    "exchange",
    "reship",
    "repair",
    "compensation",
    "price_difference",
    "freight",
    "order_change",
    "inquiry",
    "help",
    "complaint",
];
const CHANNELS: &[&str] = &["chat", "phone", "mail", "portal", "platform", "agent", "api", "tracking"];

impl Desk {
    /// Opens a case, or joins the open one of the same order and kind of request. Answers the case and its version.
    pub async fn open_case(&self, context: &Context, shop: ShopId, input: OpenCase) -> Result<Changed> {
        context.actor.may(Action::OpenCase, &Object::shop("shop", shop))?;
        check(&input)?;
        let repeat = Repeat::of(context, format!("case/open/{shop}"), &input);
        let now = context.now;
        let in_force = self.playbooks_in_force(now).await?;
        let order_no = input.order_no.clone();
        let (order, known) = self.store.read(move |tx| intake::known(tx, shop, order_no.as_deref())).await?;
        if input.order_no.is_some() && order.is_none() {
            return Err(not_found("order"));
        }
        let (key_id, data_key, fresh_key) = match order.as_ref().and_then(|order| order.buyer_key.as_ref()) {
            Some((key, wrapped)) => (*key, self.vault.unwrap_data_key(wrapped)?, None),
            None => {
                let (key, wrapped) = self.vault.new_data_key();
                (new_id(now), key, Some(wrapped))
            }
        };
        let body = (!input.text.is_empty()).then(|| data_key.seal("contact.body", &input.text));
        let draft = Draft::new(context, shop, key_id, order.as_ref(), known, &in_force, input)?;
        let words = Words::of(&self.vault, &draft.words());
        let (frame, tools) = (context.clone(), self.tools());
        let opened = self
            .command(context, repeat, move |tx| {
                if let Some(joined) = intake::join(tx, &tools, &frame, &draft, body.as_deref())? {
                    words.put(tx, shop, joined.case_id);
                    return Ok(joined);
                }
                words.put(tx, shop, draft.case_id());
                if let Some(wrapped) = &fresh_key {
                    tx.insert("data_key", &["shop_id", "id", "wrapped", "created_at"], values![shop, key_id, wrapped.clone(), now]);
                }
                intake::insert(tx, &frame, &draft, body.as_deref())
            })
            .await?;
        self.announce(CaseRef { shop, id: opened.case_id }, opened.version);
        Ok(opened)
    }
}

fn check(input: &OpenCase) -> Result<()> {
    if !CHANNELS.contains(&input.channel.as_str()) {
        return Err(bad_input("channel", format!("one of {}", CHANNELS.join(", "))));
    }
    if input.text.len() > TEXT_LIMIT {
        return Err(bad_input("text", format!("at most {TEXT_LIMIT} bytes")));
    }
    if input.severity.is_some_and(|s| !(1..=4).contains(&s)) {
        return Err(bad_input("severity", "1 to 4"));
    }
    input.request.as_ref().map_or(Ok(()), check_request)
}

/// Refuses a request whose kind, amount or units cannot be.
pub(crate) fn check_request(request: &NewRequest) -> Result<()> {
    if !REQUEST_KINDS.contains(&request.kind.as_str()) {
        return Err(bad_input("request.kind", format!("one of {}", REQUEST_KINDS.join(", "))));
    }
    if request.amount_minor.is_some_and(|amount| amount < 0) {
        return Err(bad_input("request.amount_minor", "not negative"));
    }
    let mut seen = std::collections::BTreeSet::new();
    if request.lines.iter().any(|line| line.quantity <= 0 || line.line_no <= 0 || !seen.insert(line.line_no)) {
        return Err(bad_input("request.lines", "each line once, with a positive quantity"));
    }
    Ok(())
}

/// `AS-`, day and minute of opening, and 40 random bits of the id in letters that are hard to confuse: readable, unique, no counter to fight over.
pub(crate) fn case_no(now: Micros, id: Id) -> String {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let stamp = china::local(now).strftime("%y%m%d-%H%M").to_string();
    let bits = id.bytes()[11..].iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
    let tail: String = (0..8).rev().map(|n| char::from(LETTERS[(bits >> (5 * n)) as usize & 31])).collect();
    format!("AS-{stamp}-{tail}")
}

/// Adds a request row; the units it holds are taken from the ledger by the command that opens it.
pub(crate) fn add_request(tx: &mut Tx<'_>, case: &CaseRow, now: Micros, request: &NewRequest) -> Id {
    let id = new_id(now);
    const COLUMNS: &[&str] = &["shop_id", "case_id", "id", "kind", "state", "reason", "amount_minor", "lines", "applied_at"];
    let lines = json!(request.lines);
    tx.insert(
        "request",
        COLUMNS,
        values![case.shop, case.id, id, &request.kind, "open", masked(&request.reason), request.amount_minor, lines, now],
    );
    id
}
