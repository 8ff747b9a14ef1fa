//! Facts of the request, of talk and evidence, and of the case itself.

use super::Known;
use super::goods::concerned;
use super::learn::Learner;
use crate::case::row::CaseRow;
use serde_json::json;

pub(super) fn request(learner: &mut Learner<'_>, case: &CaseRow, known: &Known) {
    learner.is("request.on_platform", case.external_ref.is_some() || case.channel == "platform" || learner.holds("request.on_platform"));
    let refused = known.requests.iter().filter(|request| request.state == "refused").count() as i64;
    if refused > 0 {
        learner.count("request.refusals", refused);
    }
    let Some(request) = known.requests.iter().rev().find(|request| request.open).or(known.requests.last()) else { return };
    learner.choice("request.kind", &request.kind);
    if learner.code("request.problem").is_empty() {
        learner.choice("request.problem", &request.reason);
    }
    if learner.code("request.problem") == "invoice" && learner.at("invoice.asked_at").is_none() {
        learner.date("invoice.asked_at", Some(request.applied_at));
    }
    learner.text("request.reason", &request.reason);
    // the buyer's change of an open request is known from the platform alone
    if !(request.state == "open" && learner.code("request.state") == "modified") {
        learner.choice("request.state", &request.state);
    }
    if let Some(amount) = request.amount {
        learner.money("request.amount", amount);
    }
    let lines = concerned(known);
    learner.count("request.quantity", lines.iter().map(|(_, units)| units).sum());
    let whole = lines.len() == known.lines.len() && lines.iter().all(|(line, units)| line.quantity == *units);
    learner.is("request.whole_order", whole);
    learner.date("request.applied_at", Some(request.applied_at));
    learner.since("request.age", Some(request.applied_at));
}

pub(super) fn learn(learner: &mut Learner<'_>, case: &CaseRow, known: &Known) {
    buyer(learner, case, known);
    evidence(learner, known);
    contacts(learner, case, known);
    case_itself(learner, case, known);
}

fn buyer(learner: &mut Learner<'_>, case: &CaseRow, known: &Known) {
    let mood = match case.emotion.as_str() {
        "worried" => "anxious",
        "furious" => "angry",
        other => other,
    };
    learner.choice("buyer.mood", mood);
    if let Some(level) = &known.head.level {
        learner.choice("buyer.level", if level.is_empty() { "normal" } else { level });
        learner.count("buyer.orders_12m", known.head.orders_count);
        learner.count("buyer.cases_12m", known.head.cases_count);
    }
    if known.head.no_contact {
        learner.is("buyer.no_contact", true);
    }
}

/// Kinds of evidence that count as a photo, a video, a screenshot or a document.
const COUNTED: [(&str, &[&str]); 4] = [
    ("evidence.photos", &["photo", "outer_box", "waybill"]),
    ("evidence.videos", &["video", "unpacking_video"]),
    ("evidence.screenshots", &["screenshot", "price"]),
    ("evidence.documents", &["document", "bill", "medical", "weight_slip"]),
];
/// Kinds that are facts of their own.
const NAMED: [&str; 8] = ["outer_box", "waybill", "weight_slip", "bill", "unpacking_video", "medical", "price", "alternative"];

fn evidence(learner: &mut Learner<'_>, known: &Known) {
    let count = |kinds: &[&str]| known.evidence.iter().filter(|(kind, _)| kinds.contains(&kind.as_str())).map(|(_, n)| n).sum::<i64>();
    for (fact, kinds) in COUNTED {
        learner.count(fact, count(kinds));
    }
    for kind in NAMED {
        if count(&[kind]) > 0 {
            learner.is(&format!("evidence.{kind}"), true);
        }
    }
    learner.count("evidence.requests", known.talk.evidence_requests);
}

fn contacts(learner: &mut Learner<'_>, case: &CaseRow, known: &Known) {
    let talk = &known.talk;
    learner.count("contact.calls", talk.calls);
    learner.count("contact.calls_today", talk.calls_today);
    learner.count("contact.messages_in", talk.messages_in);
    learner.is("contact.unanswered", case.last_contact_from == "buyer");
    learner.date("contact.buyer_wrote_at", talk.buyer_wrote_at);
    learner.date("contact.shop_wrote_at", talk.shop_wrote_at);
    learner.since("contact.since_buyer", talk.buyer_wrote_at);
    learner.since("contact.since_shop", talk.shop_wrote_at);
}

fn case_itself(learner: &mut Learner<'_>, case: &CaseRow, known: &Known) {
    learner.text("case.no", &case.case_no);
    learner.choice("case.stage", &case.stage);
    learner.choice("case.waiting_on", &case.waiting_on);
    learner.choice("case.class", &case.complaint_class);
    learner.count("case.severity", case.severity);
    learner.choice(
        "case.channel",
        match case.channel.as_str() {
            "mail" => "email",
            "agent" => "hand",
            other => other,
        },
    );
    learner.money("case.amount", case.amount_minor);
    learner.since("case.age", Some(case.opened_at));
    learner.date("case.opened_at", Some(case.opened_at));
    if let Some(due) = case.next_deadline_at {
        let left = aftercare_domain::playbook::Value::Duration(due - learner.facts.now);
        learner.facts.set(learner.catalogue, "case.next_deadline_left", left);
    }
    learner.count("case.offers_refused", known.work.offers_refused);
    learner.is("case.offer_accepted", known.work.accepted_at.is_some());
    learner.date("case.agreement_at", known.work.accepted_at);
    learner.count("case.promises_open", known.work.promises);
    learner.count("case.tasks_open", known.work.tasks);
    learner.count("case.earlier_cases", known.work.other_cases);
    learner.is("case.owner_named", case.owner.is_some() || learner.holds("case.owner_named"));
    learner.is("case.result_recorded", !case.result.is_empty() || learner.holds("case.result_recorded"));
    if matches!(case.stage.as_str(), "confirmation" | "closed") {
        learner.is("case.remedy_done", true);
    }
    if learner.holds("contact.told_result") && learner.at("case.told_result_at").is_none() {
        let at = case.marks.get("told_result").or_else(|| case.marks.get("contact.told_result")).cloned().unwrap_or(json!(null));
        learner.told("case.told_result_at", &at);
    }
    if !case.cause.is_empty() {
        learner.is("diagnosis.done", true);
        // whoever diagnosed says so; before that was asked, a cause on the buyer's side was a finding without a fault
        if case.facts.get("diagnosis.verified").is_none() {
            learner.is("diagnosis.verified", case.party != "buyer");
        }
        learner.choice("diagnosis.cause", &case.cause);
        learner.choice("diagnosis.party", &case.party);
    }
}
