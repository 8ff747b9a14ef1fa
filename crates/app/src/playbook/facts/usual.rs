//! What holds as long as nobody says otherwise. Owns the list of facts whose silence means no or none.

use super::Known;
use super::learn::Learner;
use aftercare_domain::playbook::value::Kind;

/// Facts whose absence from the data means no: an order, a product card or a platform that has it says so.
const NO: &[&str] = &[
    "request.type_changed",
    "order.free_return",
    "order.insured",
    "order.presale",
    "order.late",
    "line.is_gift",
    "line.exception_confirmed",
    "line.quality_alert",
    "parcel.remote_area",
    "parcel.refused_by_buyer",
    "parcel.returning",
    "return.overseas",
    "return.scanned",
    "return.picked_up_by_shop",
    "buyer.no_contact",
    "buyer.wants_call",
    "buyer.risk_note",
    "buyer.professional",
    "inspection.done",
    "replacement.signed",
    "platform.refunded",
    "platform.intervened",
    "platform.appealed",
    "platform.appeal_open",
    "price.platform_paid",
    "review.reported",
    "case.platform_ended",
    "diagnosis.done",
    "diagnosis.verified",
];

/// Enums whose silence means their first value, none.
const NONE: &[&str] = &[
    "order.freeze",
    "parcel.intercept",
    "carrier.claim",
    "return.state",
    "replacement.state",
    "repair.state",
    "visit.state",
    "platform.ruling",
];

/// Facts of a product card whose silence on an existing card means no.
const CARD_NO: &[&str] = &["line.discontinued", "line.needs_installation", "line.known_flaw", "line.best_seller"];

/// Whether silence means no for a kind of mark: what was said or done is marked when it happens.
fn marked(source: &str) -> bool {
    matches!(source, "contact" | "case")
}

pub(super) fn learn(learner: &mut Learner<'_>, known: &Known) {
    let catalogue = learner.catalogue;
    for (id, fact) in catalogue.facts() {
        if fact.kind == Kind::Bool && marked(&fact.source) {
            learner.facts.put(id, Some(aftercare_domain::playbook::Value::Bool(false)));
        }
    }
    NO.iter().for_each(|name| learner.is(name, false));
    NONE.iter().for_each(|name| learner.choice(name, "none"));
    if known.lines.iter().any(|line| line.card.is_some()) {
        CARD_NO.iter().for_each(|name| learner.is(name, false));
    }
    for name in ["evidence.outer_box", "evidence.waybill", "evidence.weight_slip", "evidence.bill", "evidence.unpacking_video"] {
        learner.is(name, false);
    }
    for name in ["evidence.medical", "evidence.price", "evidence.alternative"] {
        learner.is(name, false);
    }
    learner.count("line.repairs", 0);
    learner.count("help.steps_tried", 0);
    learner.count("request.refusals", 0);
}
