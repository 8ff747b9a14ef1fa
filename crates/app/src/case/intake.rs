//! The rows of a new case: worked out before the transaction, written in it; or the open case that takes the contact in.
//!
//! Owns what intake writes. What the case is held to be is decided in `playbook::proposed`.

use crate::Context;
use crate::case::open::{NewRequest, OpenCase, add_request};
use crate::case::row::CaseRow;
use crate::command::{self, CaseRef, Change, Changed, write_history};
use crate::desk::Tools;
use crate::error::Result;
use crate::figures;
use crate::ids::new_id;
use crate::ledger::units;
use crate::playbook::InForce;
use crate::playbook::clocks;
use crate::playbook::facts::{Known, Request};
use crate::playbook::proposed::{self, Considered, Told};
use crate::queue::{self, counters};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::Action;
use aftercare_domain::time::Span;
use aftercare_store::{Row, Tx, values};
use serde_json::{Value, json};

/// The shop's own time to a first answer, where no playbook holds.
const FIRST_ANSWER: Span = Span::minutes(20);

/// What intake needs to know of the order beyond its facts.
pub(crate) struct OrderPart {
    pub id: Id,
    pub buyer: Option<Id>,
    pub buyer_masked: String,
    /// The id and the stored form of the key that seals the buyer's words.
    pub buyer_key: Option<(Id, Vec<u8>)>,
    pub paid_minor: i64,
    pub currency: String,
}

/// The order by its number and everything that facts are read from.
pub(crate) fn known(tx: &mut Tx<'_>, shop: ShopId, order_no: Option<&str>) -> Result<(Option<OrderPart>, Known)> {
    let sql = "SELECT o.id, o.buyer_id, COALESCE(b.name_masked, ''), o.paid_minor, o.currency, k.id, k.wrapped
        FROM orders o LEFT JOIN buyer b ON b.shop_id = o.shop_id AND b.id = o.buyer_id
        LEFT JOIN data_key k ON k.shop_id = b.shop_id AND k.id = b.key_id WHERE o.shop_id = $1 AND o.order_no = $2";
    let read = |row: &Row| {
        Ok(OrderPart {
            id: row.get(0)?,
            buyer: row.get(1)?,
            buyer_masked: row.get(2)?,
            paid_minor: row.get(3)?,
            currency: row.get(4)?,
            // an erased buyer has none: the case gets a key of its own
            buyer_key: row.get::<Option<Id>>(5)?.zip(row.get(6)?),
        })
    };
    let order = match order_no {
        Some(no) => tx.query_opt(sql, &values![shop, no], read)?,
        None => None,
    };
    let known = Known::before(tx, shop, order.as_ref().map(|order| order.id), order.as_ref().and_then(|order| order.buyer))?;
    Ok((order, known))
}

/// A case ready to be written.
pub(crate) struct Draft {
    case: CaseRow,
    input: OpenCase,
    considered: Considered,
}

impl Draft {
    /// Works everything out.
    pub(crate) fn new(
        context: &Context,
        shop: ShopId,
        key: Id,
        order: Option<&OrderPart>,
        mut known: Known,
        in_force: &InForce,
        input: OpenCase,
    ) -> Result<Self> {
        let now = context.now;
        let draft = CaseRow::new(shop, new_id(now), key, now);
        let amount = input.request.as_ref().and_then(|request| request.amount_minor).or(order.map(|order| order.paid_minor));
        let mut case = CaseRow {
            order: order.map(|order| order.id),
            order_no: input.order_no.clone().unwrap_or_default(),
            buyer: order.and_then(|order| order.buyer),
            buyer_masked: order.map(|order| order.buyer_masked.clone()).unwrap_or_default(),
            title: known.lines.first().map(|line| line.title.clone()).unwrap_or_default(),
            channel: input.channel.clone(),
            external_ref: input.external_ref.clone(),
            amount_minor: amount.unwrap_or(0),
            currency: order.map_or_else(|| "CNY".into(), |order| order.currency.clone()),
            last_contact_at: (!input.text.is_empty()).then_some(now),
            last_contact_from: if input.text.is_empty() { String::new() } else { "buyer".into() },
            ..draft
        };
        known.requests = input.request.iter().map(|request| asked(request, now)).collect();
        if !input.text.is_empty() {
            (known.talk.messages_in, known.talk.buyer_wrote_at) = (1, Some(now));
        }
        let reason = input.request.as_ref().map_or("", |request| request.reason.as_str());
        let told = Told {
            scenario: input.scenario.as_deref(),
            severity: input.severity,
            emotion: input.emotion.as_deref(),
            reason,
            text: &input.text,
        };
        let considered = proposed::consider(in_force, &mut case, &known, &told)?;
        if considered.danger {
            case.marks = json!({ "safety": now });
        }
        nearest(&mut case, &considered);
        case.queue_key = queue::key(&case);
        Ok(Self { case, input, considered })
    }

    /// The case's id, should it become one.
    pub(crate) fn case_id(&self) -> Id {
        self.case.id
    }

    /// What it can be found by.
    pub(crate) fn words(&self) -> String {
        format!("{} {}", self.case.title, self.input.text)
    }
}

fn asked(request: &NewRequest, now: aftercare_domain::time::Micros) -> Request {
    Request {
        kind: request.kind.clone(),
        state: "open".into(),
        reason: request.reason.clone(),
        amount: request.amount_minor,
        lines: json!(request.lines),
        applied_at: now,
        open: true,
    }
}

/// The clock that runs out first; without a playbook, the shop's own first answer.
fn nearest(case: &mut CaseRow, considered: &Considered) {
    let first = considered.opened.iter().min_by_key(|clock| (clock.due_at.is_none(), clock.due_at));
    (case.next_deadline, case.next_deadline_at, case.next_at_zero, case.next_clock, case.next_state) = match first {
        Some(clock) => (Some(clock.id), clock.due_at, clock.at_zero.to_owned(), clock.clock.clone(), clock.state.to_owned()),
        None if case.playbook_version == 0 => {
            let due = case.opened_at + FIRST_ANSWER;
            (Some(new_id(case.opened_at)), Some(due), "escalate".into(), "sla.first_answer".into(), "running".into())
        }
        None => (None, None, String::new(), String::new(), String::new()),
    };
}

/// The open case of the same order and kind of request (or platform number) takes the contact in.
pub(crate) fn join(tx: &mut Tx<'_>, tools: &Tools, context: &Context, draft: &Draft, body: Option<&[u8]>) -> Result<Option<Changed>> {
    let (case, input) = (&draft.case, &draft.input);
    let by_ref = match &case.external_ref {
        Some(reference) => {
            tx.query_opt("SELECT id FROM cases WHERE shop_id = $1 AND external_ref = $2", &values![case.shop, reference], |row| {
                row.get::<Id>(0)
            })?
        }
        None => None,
    };
    let kind = input.request.as_ref().map_or("inquiry", |request| request.kind.as_str());
    let found = match (by_ref, case.order) {
        (Some(id), _) => Some(id),
        (None, Some(order)) => {
            // EXISTS, not a join: SQLite without statistics would start from every request of the shop.
            let sql = "SELECT c.id FROM cases c WHERE c.shop_id = $1 AND c.order_id = $2 AND c.open = 1 AND EXISTS
                (SELECT 1 FROM request r WHERE r.shop_id = c.shop_id AND r.case_id = c.id AND r.kind = $3 AND r.ended_at IS NULL)
                ORDER BY c.opened_at, c.id LIMIT 1";
            tx.query_opt(sql, &values![case.shop, order, kind], |row| row.get::<Id>(0))?
        }
        _ => None,
    };
    let Some(id) = found else { return Ok(None) };
    let mut take_in = |change: &mut Change<'_, '_>| {
        change.event("intake_joined", json!({ "channel": input.channel }));
        if let Some(body) = body {
            let contact = add_contact(change.tx, &change.case, context, &input.channel, body);
            (change.case.last_contact_at, change.case.last_contact_from) = (Some(context.now), "buyer".into());
            change.event("contact_in", json!({ "contact": contact, "channel": input.channel }));
        }
        Ok(json!({ "joined": true }))
    };
    // the version the caller may have seen is of no case yet
    let frame = Context { if_match: None, ..context.clone() };
    command::run(tx, tools, &frame, CaseRef { shop: case.shop, id }, Action::OpenCase.into(), &mut take_in).map(Some)
}

/// Writes the case.
pub(crate) fn insert(tx: &mut Tx<'_>, context: &Context, draft: &Draft, body: Option<&[u8]>) -> Result<Changed> {
    let Draft { case, input, considered } = draft;
    let now = context.now;
    let mut events = vec![(
        "case_opened",
        json!({
            "channel": case.channel, "scenario": case.scenario, "order": case.order, "amount_minor": case.amount_minor,
            "class": case.complaint_class, "severity": case.severity, "emotion": case.emotion, "proposals": considered.proposals,
        }),
    )];
    if let Some(body) = body {
        let contact = add_contact(tx, case, context, &input.channel, body);
        events.push(("contact_in", json!({ "contact": contact, "channel": input.channel })));
    }
    let mut request_id = None;
    if let Some(request) = &input.request {
        let id = add_request(tx, case, now, request);
        request_id = Some(id);
        events.push((
            "request_opened",
            json!({ "request": id, "kind": request.kind, "amount_minor": request.amount_minor, "lines": request.lines }),
        ));
        if units::take_at_intake(tx, case, now, id, &request.kind, &request.lines)? {
            events.push(("units_taken", json!({ "request": id, "lines": request.lines })));
        }
    }
    events.extend(clocks_and_timers(tx, case, considered));
    figures::note(tx, context, case, &mut events)?;
    write_history(tx, context, case, events);
    counters::moved(tx, None, case);
    case.insert(tx);
    let result = json!({ "joined": false, "request_id": request_id });
    Ok(Changed { case_id: case.id, case_no: case.case_no.clone(), version: case.version, result, held: Vec::new() })
}

fn clocks_and_timers(tx: &mut Tx<'_>, case: &CaseRow, considered: &Considered) -> Vec<(&'static str, Value)> {
    let mut events = Vec::new();
    for clock in &considered.opened {
        clocks::insert(tx, case.shop, case.id, clock);
        events.push(("deadline_opened", clock.event()));
    }
    if let (0, Some(id), Some(due)) = (case.playbook_version, case.next_deadline, case.next_deadline_at) {
        add_first_answer(tx, case, id, due);
        events.push(("deadline_opened", json!({ "deadline": id, "clock": case.next_clock, "due_at": due, "at_zero": case.next_at_zero })));
    }
    const TIMER: &[&str] = &["shop_id", "id", "case_id", "kind", "subject_id", "due_at", "body"];
    for rule in &considered.acts {
        let row = values![case.shop, new_id(case.opened_at), case.id, "rule", case.id, case.opened_at, json!({ "rule": rule })];
        tx.insert("timer", TIMER, row);
    }
    if considered.danger {
        tx.insert("timer", TIMER, values![case.shop, new_id(case.opened_at), case.id, "danger", case.id, case.opened_at, json!({})]);
    }
    if let Some(at) = considered.wake {
        tx.insert("timer", TIMER, values![case.shop, new_id(case.opened_at), case.id, "playbook", case.id, at, json!({})]);
    }
    events
}

fn add_contact(tx: &mut Tx<'_>, case: &CaseRow, context: &Context, channel: &str, body: &[u8]) -> Id {
    let id = new_id(context.now);
    const COLUMNS: &[&str] = &["shop_id", "case_id", "id", "at", "direction", "channel", "actor_id", "body_sealed"];
    tx.insert("contact", COLUMNS, values![case.shop, case.id, id, context.now, "in", channel, context.actor.stored_id(), body]);
    id
}

fn add_first_answer(tx: &mut Tx<'_>, case: &CaseRow, id: Id, due: aftercare_domain::time::Micros) {
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
