//! Facts of money and of the platform that several rows tell together.

use super::Known;
use super::learn::Learner;
use crate::case::row::CaseRow;

pub(super) fn learn(learner: &mut Learner<'_>, case: &CaseRow, known: &Known) {
    learner.choice("platform.name", &known.head.platform);
    learner.is("platform.due_known", learner.at("platform.due_at").is_some());
    if case.marks.get("platform_decides").is_some() {
        learner.is("platform.intervened", true);
    }
    // the platform's own protection counts like the shop's payment: once per order
    let by_platform = case.facts.get("price.platform_amount").and_then(serde_json::Value::as_i64).unwrap_or(0);
    learner.money("price.paid", known.price_paid + by_platform);
    learner.is("price.protection_used", known.price_paid + by_platform > 0);
    if let Some(state) = &known.work.claim {
        learner.choice("carrier.claim", state);
    }
    // an answer with a time is an answer
    if learner.at("carrier.promised_at").is_some() {
        learner.is("carrier.promised", true);
        learner.is("carrier.answered", true);
    }
}
