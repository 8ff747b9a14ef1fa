//! The policy switches in force as facts: the shop's own setting, then the playbook's default, then the desk's.

use super::Known;
use super::learn::Learner;
use crate::case::row::CaseRow;
use aftercare_domain::ledger::Policy;
use aftercare_domain::playbook::line::literal;
use aftercare_domain::playbook::{Catalogue, Playbook};
use serde_json::{Map, Value, json};

const PREFIX: &str = "policy.";

/// A playbook's own switches, by their names in the settings.
pub(crate) fn switches(book: &Playbook, catalogue: &Catalogue) -> Map<String, Value> {
    let one = |(id, value): &(_, _)| {
        let fact = catalogue.fact(*id);
        (fact.name.trim_start_matches(PREFIX).to_owned(), fact.write(value))
    };
    book.head.policy.iter().map(one).collect()
}

pub(super) fn learn(learner: &mut Learner<'_>, case: &CaseRow, known: &Known, book: Option<&Playbook>) {
    let mut all = usual();
    if let Some(book) = book {
        all.extend(switches(book, learner.catalogue));
    }
    all.extend(crate::policy::switches(&known.head.settings, &case.scenario));
    for (name, value) in all {
        let name = format!("{PREFIX}{}", name.trim_start_matches(PREFIX));
        let Some(id) = learner.catalogue.find(&name) else { continue };
        match &value {
            // a setting may be written as in a playbook: "300 元", "30 %"
            Value::String(text) if learner.catalogue.fact(id).read(&value).is_err() => {
                let read = literal(text, learner.catalogue.fact(id)).ok();
                if read.is_some() {
                    learner.facts.put(id, read);
                }
            }
            other => learner.told(&name, other),
        }
    }
}

/// The desk's own defaults.
fn usual() -> Map<String, Value> {
    let mut all = serde_json::to_value(Policy::default()).ok().and_then(|all| all.as_object().cloned()).unwrap_or_default();
    all.insert("auto_agree_up_to".into(), json!(0));
    all.insert("no_reason_exchange_freight".into(), json!("buyer_both"));
    all.insert("goodwill_share".into(), json!(10));
    all
}
