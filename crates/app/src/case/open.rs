//! Opens a case: from whatever the buyer said, on whichever channel, to one record with its request and first deadline.
//!
//! Owns intake. The same buyer, order and problem again joins the open case instead of making a second one.

use crate::case::row::CaseRow;
use crate::command::{CaseRef, Changed, Repeat, write_history};
use crate::error::{Error, Result, bad_input, not_found};
use crate::ids::new_id;
use crate::ledger::units;
use crate::queue::{self, counters};
use crate::{Context, Desk};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::time::{Micros, Span};
use aftercare_store::{Row, Tx, values};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Longest text of one contact, bytes.
pub(crate) const TEXT_LIMIT: usize = 20_000;
/// The shop's own time to a first answer, when no playbook says otherwise.
const FIRST_ANSWER: Span = Span::minutes(20);

/// What intake knows. The order already tells most of it.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenCase {
    /// Absent: a buyer without an order.
    #[serde(default)]
    pub order_no: Option<String>,
    /// chat, phone, mail, portal, platform, agent, api.
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
    /// The platform's or buyer's reason, as a code.
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
const CHANNELS: &[&str] = &["chat", "phone", "mail", "portal", "platform", "agent", "api"];

struct OrderFacts {
    id: Id,
    buyer: Option<Id>,
    buyer_masked: String,
    buyer_key: Option<Id>,
    paid_minor: i64,
    currency: String,
    title: String,
}

impl Desk {
    /// Opens a case, or joins the open one of the same order and kind of request. Answers the case and its version.
    pub async fn open_case(&self, context: &Context, shop: ShopId, input: OpenCase) -> Result<Changed> {
        context.actor.may(Action::OpenCase, &Object::shop("shop", shop))?;
        check(&input)?;
        let repeat = Repeat::of(context, format!("case/open/{shop}"), &input);
        let known = self.order_facts(shop, input.order_no.clone()).await?;
        if input.order_no.is_some() && known.is_none() {
            return Err(not_found("order"));
        }
        let now = context.now;
        let (key_id, data_key, fresh_key) = match known.as_ref().and_then(|order| order.buyer_key) {
            Some(key) => (key, self.data_key(shop, key).await?, None),
            None => {
                let (key, wrapped) = self.vault.new_data_key();
                (new_id(now), key, Some(wrapped))
            }
        };
        let body = (!input.text.is_empty()).then(|| data_key.seal("contact.body", &input.text));
        let case = draft(context, shop, key_id, known.as_ref(), &input);
        let frame = context.clone();
        let opened = self
            .command(context, repeat, move |tx| {
                if let Some(joined) = join(tx, &frame, &case, &input, body.as_deref())? {
                    return Ok(joined);
                }
                if let Some(wrapped) = &fresh_key {
                    tx.insert("data_key", &["shop_id", "id", "wrapped", "created_at"], values![shop, key_id, wrapped.clone(), now]);
                }
                insert(tx, &frame, case.clone(), &input, body.as_deref())
            })
            .await?;
        self.announce(CaseRef { shop, id: opened.case_id }, opened.version);
        Ok(opened)
    }

    async fn order_facts(&self, shop: ShopId, order_no: Option<String>) -> Result<Option<OrderFacts>> {
        let Some(order_no) = order_no else { return Ok(None) };
        let sql = "SELECT o.id, o.buyer_id, COALESCE(b.name_masked, ''), b.key_id, o.paid_minor, o.currency, l.title
            FROM orders o LEFT JOIN buyer b ON b.shop_id = o.shop_id AND b.id = o.buyer_id
            LEFT JOIN order_line l ON l.shop_id = o.shop_id AND l.order_id = o.id AND l.line_no = 1
            WHERE o.shop_id = $1 AND o.order_no = $2";
        let read = |row: &Row| {
            let title = row.get::<Option<String>>(6)?.unwrap_or_default();
            Ok(OrderFacts {
                id: row.get(0)?,
                buyer: row.get(1)?,
                buyer_masked: row.get(2)?,
                buyer_key: row.get(3)?,
                paid_minor: row.get(4)?,
                currency: row.get(5)?,
                title,
            })
        };
        self.store.read(move |tx| Ok::<_, Error>(tx.query_opt(sql, &values![shop, order_no.as_str()], read)?)).await
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

fn draft(context: &Context, shop: ShopId, key: Id, order: Option<&OrderFacts>, input: &OpenCase) -> CaseRow {
    let now = context.now;
    let id = new_id(now);
    let kind = input.request.as_ref().map_or("inquiry", |request| request.kind.as_str());
    let amount = input.request.as_ref().and_then(|r| r.amount_minor).or(order.map(|o| o.paid_minor)).unwrap_or(0);
    let due = now + FIRST_ANSWER;
    let mut case = CaseRow {
        shop,
        id,
        case_no: case_no(now, id),
        key,
        order: order.map(|o| o.id),
        order_no: input.order_no.clone().unwrap_or_default(),
        buyer: order.and_then(|o| o.buyer),
        buyer_masked: order.map(|o| o.buyer_masked.clone()).unwrap_or_default(),
        scenario: input.scenario.clone().unwrap_or_else(|| kind.to_owned()),
        playbook_version: 1,
        title: order.map_or_else(String::new, |o| o.title.clone()),
        stage: "intake".into(),
        waiting_on: "agent".into(),
        open: true,
        owner: None,
        channel: input.channel.clone(),
        external_ref: input.external_ref.clone(),
        complaint_class: String::new(),
        severity: input.severity.unwrap_or(3),
        emotion: input.emotion.clone().unwrap_or_default(),
        amount_minor: amount,
        currency: order.map_or_else(|| "CNY".into(), |o| o.currency.clone()),
        queue_key: 0,
        next_deadline_at: Some(due),
        next_deadline: Some(new_id(now)),
        next_at_zero: "escalate".into(),
        next_clock: "sla.first_answer".into(),
        next_state: "running".into(),
        unknown_money: false,
        open_promises: 0,
        verdict: String::new(),
        marks: json!({}),
        facts: json!({}),
        cause: String::new(),
        party: String::new(),
        result: String::new(),
        confirmation: String::new(),
        satisfaction: None,
        merged_into: None,
        opened_at: now,
        last_contact_at: (!input.text.is_empty()).then_some(now),
        last_contact_from: if input.text.is_empty() { String::new() } else { "buyer".into() },
        closed_at: None,
        updated_at: now,
        material_version: 1,
        version: 1,
    };
    case.queue_key = queue::key(&case);
    case
}

/// `AS-`, day and minute of opening, and 40 random bits of the id in letters that are hard to confuse: readable, unique, no counter to fight over.
pub(crate) fn case_no(now: Micros, id: Id) -> String {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let stamp = jiff::tz::offset(8).to_datetime(now.to_timestamp()).strftime("%y%m%d-%H%M").to_string();
    let bits = id.bytes()[11..].iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
    let tail: String = (0..8).rev().map(|n| char::from(LETTERS[(bits >> (5 * n)) as usize & 31])).collect();
    format!("AS-{stamp}-{tail}")
}

/// The open case of the same order and kind of request (or platform number) takes the contact in.
fn join(tx: &mut Tx<'_>, context: &Context, draft: &CaseRow, input: &OpenCase, body: Option<&[u8]>) -> Result<Option<Changed>> {
    let by_ref = match &draft.external_ref {
        Some(reference) => {
            tx.query_opt("SELECT id FROM cases WHERE shop_id = $1 AND external_ref = $2", &values![draft.shop, reference], |row| {
                row.get::<Id>(0)
            })?
        }
        None => None,
    };
    let kind = input.request.as_ref().map_or("inquiry", |request| request.kind.as_str());
    let found = match (by_ref, draft.order) {
        (Some(id), _) => Some(id),
        (None, Some(order)) => {
            // EXISTS, not a join: SQLite without statistics would start from every request of the shop.
            let sql = "SELECT c.id FROM cases c WHERE c.shop_id = $1 AND c.order_id = $2 AND c.open = 1 AND EXISTS
                (SELECT 1 FROM request r WHERE r.shop_id = c.shop_id AND r.case_id = c.id AND r.kind = $3 AND r.ended_at IS NULL)
                ORDER BY c.opened_at, c.id LIMIT 1";
            tx.query_opt(sql, &values![draft.shop, order, kind], |row| row.get::<Id>(0))?
        }
        _ => None,
    };
    let Some(id) = found else { return Ok(None) };
    let mut case = CaseRow::lock(tx, draft.shop, id)?;
    let before = case.clone();
    case.version += 1;
    case.updated_at = context.now;
    let mut events = vec![("intake_joined", json!({ "channel": input.channel }))];
    if let Some(body) = body {
        let contact = add_contact(tx, &case, context, &input.channel, body);
        (case.last_contact_at, case.last_contact_from) = (Some(context.now), "buyer".into());
        events.push(("contact_in", json!({ "contact": contact, "channel": input.channel })));
    }
    write_history(tx, context, &case, events);
    counters::moved(tx, Some(&before), &case);
    case.update(tx, before.version)?;
    Ok(Some(Changed { case_id: case.id, case_no: case.case_no, version: case.version, result: json!({ "joined": true }) }))
}

fn insert(tx: &mut Tx<'_>, context: &Context, case: CaseRow, input: &OpenCase, body: Option<&[u8]>) -> Result<Changed> {
    let now = context.now;
    let mut events = vec![(
        "case_opened",
        json!({ "channel": case.channel, "scenario": case.scenario, "order": case.order, "amount_minor": case.amount_minor }),
    )];
    if let Some(body) = body {
        let contact = add_contact(tx, &case, context, &input.channel, body);
        events.push(("contact_in", json!({ "contact": contact, "channel": input.channel })));
    }
    let mut request_id = None;
    if let Some(request) = &input.request {
        let id = add_request(tx, &case, now, request);
        request_id = Some(id);
        events.push((
            "request_opened",
            json!({ "request": id, "kind": request.kind, "amount_minor": request.amount_minor, "lines": request.lines }),
        ));
        if units::take_at_intake(tx, &case, now, id, &request.kind, &request.lines)? {
            events.push(("units_taken", json!({ "request": id, "lines": request.lines })));
        }
    }
    if let (Some(id), Some(due)) = (case.next_deadline, case.next_deadline_at) {
        add_first_deadline(tx, &case, id, due);
        events.push(("deadline_opened", json!({ "deadline": id, "clock": case.next_clock, "due_at": due, "at_zero": case.next_at_zero })));
    }
    write_history(tx, context, &case, events);
    counters::moved(tx, None, &case);
    case.insert(tx);
    Ok(Changed {
        case_id: case.id,
        case_no: case.case_no,
        version: case.version,
        result: json!({ "joined": false, "request_id": request_id }),
    })
}

fn add_contact(tx: &mut Tx<'_>, case: &CaseRow, context: &Context, channel: &str, body: &[u8]) -> Id {
    let id = new_id(context.now);
    const COLUMNS: &[&str] = &["shop_id", "case_id", "id", "at", "direction", "channel", "actor_id", "body_sealed"];
    tx.insert("contact", COLUMNS, values![case.shop, case.id, id, context.now, "in", channel, context.actor.stored_id(), body]);
    id
}

/// Adds a request row; the units it holds are taken from the ledger by the command that opens it.
pub(crate) fn add_request(tx: &mut Tx<'_>, case: &CaseRow, now: Micros, request: &NewRequest) -> Id {
    let id = new_id(now);
    const COLUMNS: &[&str] = &["shop_id", "case_id", "id", "kind", "state", "reason", "amount_minor", "lines", "applied_at"];
    let lines = json!(request.lines);
    tx.insert(
        "request",
        COLUMNS,
        values![case.shop, case.id, id, &request.kind, "open", &request.reason, request.amount_minor, lines, now],
    );
    id
}

fn add_first_deadline(tx: &mut Tx<'_>, case: &CaseRow, id: Id, due: Micros) {
    const DEADLINE: &[&str] =
        &["shop_id", "id", "case_id", "clock", "label", "source", "state", "due_at", "at_zero", "segments", "started_at"];
    let segments = json!([{ "from": case.opened_at, "to": null, "state": "running" }]);
    tx.insert(
        "deadline",
        DEADLINE,
        values![case.shop, id, case.id, &case.next_clock, "", "sla", "running", due, &case.next_at_zero, segments, case.opened_at],
    );
    const TIMER: &[&str] = &["shop_id", "id", "case_id", "kind", "subject_id", "due_at"];
    tx.insert("timer", TIMER, values![case.shop, new_id(case.opened_at), case.id, "deadline", id, due]);
}
