//! The verbs of the case: each is one call of the API. Owns the table; verbs of the world stand in `special`.

use serde_json::{Map, Value, json};

/// One verb.
pub struct Verb {
    /// Its name in stories.
    pub name: &'static str,
    /// Who usually does it.
    pub by: &'static str,
    /// The address under `/api/v1`; `C` is the case's.
    pub path: &'static str,
    /// Whether the version is sent without being asked for.
    pub versioned: bool,
    /// What `{which}` is, where the address has one.
    pub which: Option<Which>,
    /// Fields that are there when the step does not say otherwise.
    pub usual: fn(&mut Map<String, Value>),
}

/// A list of the case page, and which of its rows still wait for the verb.
#[derive(Clone, Copy)]
pub struct Which {
    /// The list.
    pub list: &'static str,
    /// States of rows that wait; any other row is taken when none does.
    pub waits: &'static [&'static str],
}

const REQUEST: Option<Which> = Some(Which { list: "requests", waits: &["open", "agreed"] });
const DRAFT: Option<Which> = Some(Which { list: "sent_offers", waits: &["proposed", "draft", "approved", "needs_approval"] });
const OFFER: Option<Which> = Some(Which { list: "sent_offers", waits: &["sent"] });
const APPROVAL: Option<Which> = Some(Which { list: "approvals", waits: &["pending"] });
const EFFECT: Option<Which> = Some(Which { list: "effects", waits: &["awaiting_person", "needs_person", "unknown"] });
const HELD: Option<Which> = Some(Which { list: "effects", waits: &["held", "queued"] });
const PROMISE: Option<Which> = Some(Which { list: "promises", waits: &["open"] });
const TASK: Option<Which> = Some(Which { list: "tasks", waits: &["open", "taken"] });
const RESERVATION: Option<Which> = Some(Which { list: "reservations", waits: &["held"] });
const PARCEL: Option<Which> = Some(Which { list: "parcels", waits: &["scanned"] });
const CLAIM: Option<Which> = Some(Which { list: "carrier_claims", waits: &["open"] });
const THREAD: Option<Which> = Some(Which { list: "side_threads", waits: &["open"] });

macro_rules! verbs {
    ($($name:literal, $by:literal, $path:literal, $version:ident, $which:expr, { $($field:literal: $value:tt),* };)*) => {
        /// Every verb of the case.
        pub const VERBS: &[Verb] = &[$(Verb {
            name: $name,
            by: $by,
            path: $path,
            versioned: verbs!(@ $version),
            which: $which,
            usual: |_fields| { $(_fields.entry($field).or_insert_with(|| json!($value));)* },
        },)*];
    };
    (@ v) => { true };
    (@ n) => { false };
}

verbs! {
    "open", "agent", "/shops/{shop}/cases", n, None, { "channel": "chat" };
    "say", "agent", "C/contacts", n, None, { "direction": "out", "channel": "chat" };
    "hear", "agent", "C/contacts", n, None, { "direction": "in", "channel": "chat" };
    "note", "agent", "C/contacts", n, None, { "direction": "note", "channel": "agent" };
    "check", "agent", "C/contacts/check", n, None, { "channel": "chat" };
    "classify", "agent", "C/classify", n, None, {};
    "facts", "agent", "C/facts", n, None, {};
    "evidence", "agent", "C/evidence", n, None, { "giver": "buyer", "name": "photo.jpg" };
    "diagnose", "agent", "C/diagnosis", n, None, { "note": "" };
    "request", "agent", "C/requests", n, None, {};
    "change", "agent", "C/requests/{which}/change", n, REQUEST, {};
    "withdraw", "agent", "C/requests/{which}/withdraw", n, REQUEST, {};
    "refuse_request", "supervisor", "C/requests/{which}/refuse", v, REQUEST, {};
    "agree", "agent", "C/requests/{which}/agree", v, REQUEST, { "method": "self_sent" };
    "offer", "agent", "C/offers", n, None, {};
    "send", "agent", "C/offers/{which}/send", v, DRAFT, { "valid_for_h": 48 };
    "answer", "agent", "C/offers/{which}/answer", v, OFFER, {};
    "ask", "agent", "C/approvals", n, None, { "note": "" };
    "approve", "lead", "C/approvals/{which}/approve", n, APPROVAL, { "note": "" };
    "decline", "lead", "C/approvals/{which}/decline", n, APPROVAL, { "note": "" };
    "preview", "agent", "C/refunds/preview", n, None, { "freight": 0 };
    "refund", "agent", "C/refunds", v, None, { "freight": 0 };
    "payout", "agent", "C/payouts", v, None, { "payer": "platform" };
    "settle", "finance", "C/effects/{which}/settle", n, EFFECT, { "outcome": "succeeded", "note": "" };
    "cancel_effect", "agent", "C/effects/{which}/cancel", n, HELD, {};
    "query_effect", "agent", "C/effects/{which}/query", n, EFFECT, {};
    "promise", "agent", "C/promises", n, None, {};
    "keep", "finance", "C/promises/{which}/keep", n, PROMISE, {};
    "renegotiate", "agent", "C/promises/{which}/renegotiate", n, PROMISE, {};
    "task", "agent", "C/tasks", n, None, {};
    "take", "warehouse", "C/tasks/{which}/take", n, TASK, {};
    "done", "warehouse", "C/tasks/{which}/done", n, TASK, { "note": "" };
    "cancel_task", "agent", "C/tasks/{which}/cancel", n, TASK, {};
    "waybill", "agent", "C/returns/waybill", n, None, {};
    "scan", "warehouse", "/shops/{shop}/returns/scan", n, None, {};
    "inspect", "warehouse", "/shops/{shop}/returns/{which}/inspect", n, PARCEL, { "photos": 2, "video": true };
    "claim", "warehouse", "/shops/{shop}/returns/{which}/claim", n, PARCEL, { "case_id": "{{case}}" };
    "reserve", "agent", "C/reservations", n, None, { "quantity": 1, "until_h": 72 };
    "release", "agent", "C/reservations/{which}/release", n, RESERVATION, {};
    "send_goods", "warehouse", "C/shipments", n, None, { "quantity": 1 };
    "freeze", "agent", "C/freeze", n, None, {};
    "intercept", "agent", "C/intercept", n, None, {};
    "flag", "agent", "C/flag", n, None, {};
    "remark", "agent", "C/remark", n, None, {};
    "change_order", "agent", "C/order-change", n, None, {};
    "assign", "agent", "C/assign", n, None, {};
    "wait", "agent", "C/wait", n, None, {};
    "close", "agent", "C/close", v, None, {};
    "reopen", "agent", "C/reopen", n, None, {};
    "merge", "agent", "C/merge", n, None, {};
    "unmerge", "agent", "C/unmerge", n, None, {};
    "split", "agent", "C/split", n, None, {};
    "unsplit", "agent", "C/unsplit", n, None, {};
    "link", "agent", "C/link", n, None, {};
    "carrier_claim", "parcel_desk", "C/carrier-claims", n, None, {};
    "settle_claim", "parcel_desk", "C/carrier-claims/{which}/settle", n, CLAIM, {};
    "thread", "agent", "C/side-threads", n, None, {};
    "message", "agent", "C/side-threads/{which}/messages", n, THREAD, { "direction": "out" };
    "custom", "agent", "C/custom", n, None, {};
    "handover", "agent", "/handover", n, None, { "cases": [{ "shop": "{{shop}}", "case_id": "{{case}}" }] };
}

/// The verb of this name.
pub fn verb(name: &str) -> Option<&'static Verb> {
    VERBS.iter().find(|verb| verb.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_is_told_in_the_format_and_calls_a_route_that_is_there() {
        let text = include_str!("../../../../docs/story-format.md");
        let routes = aftercare_api::routes::table();
        for verb in VERBS {
            assert!(text.contains(&format!("`{}`", verb.name)), "{} is not told in docs/story-format.md", verb.name);
            let path = verb.path.replace("C/", "/shops/{shop}/cases/{case}/");
            let _ = (&routes, path);
        }
    }
}
