//! Rules that act by themselves. A rule that comes to hold is put down as a timer due at once and acts in a change of its own, so that
//! its refusal undoes nothing else; the event names rule, scenario and version.
//!
//! Owns the guard: a rule acts once until its conditions have failed in between, and never more than [`LIMIT`] times on a case.

use super::act;
use super::after;
use super::books::Book;
use crate::command::Change;
use crate::error::Result;
use crate::timer::{self, Timer};
use aftercare_domain::playbook::Facts;
use aftercare_domain::playbook::table::Rule;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// How often one rule may act on one case.
const LIMIT: i64 = 5;

/// Whether a rule is on: the shop's switch `settings.rules.<id>`, else as it was published.
pub(crate) fn is_on(settings: &Value, rule: &Rule) -> bool {
    settings["rules"][&rule.id].as_bool().unwrap_or(rule.on)
}

/// What the guard makes of the rules that hold now: the new record, and the ids that shall act.
pub(crate) fn guard(record: &Value, holding: &BTreeSet<&str>) -> (Value, Vec<String>) {
    let mut record: Map<String, Value> = record.as_object().cloned().unwrap_or_default();
    for (_, entry) in record.iter_mut().filter(|(id, entry)| entry["on"] == true && !holding.contains(id.as_str())) {
        entry["on"] = json!(false);
    }
    let mut act = Vec::new();
    for id in holding {
        let entry = record.get(*id).cloned().unwrap_or_else(|| json!({ "on": false, "times": 0 }));
        let times = entry["times"].as_i64().unwrap_or(0);
        if entry["on"] == false && times < LIMIT {
            record.insert((*id).to_owned(), json!({ "on": true, "times": times + 1 }));
            act.push((*id).to_owned());
        }
    }
    (Value::Object(record), act)
}

/// Puts down the rules that have come to hold.
pub(crate) fn put_down(change: &mut Change<'_, '_>, book: &Book, facts: &Facts, settings: &Value) {
    let fires = book.asking(facts).rules(|rule| is_on(settings, rule));
    let holding = fires.iter().map(|fires| fires.rule.id.as_str()).collect();
    let (record, act) = guard(&change.case.rules, &holding);
    change.case.rules = record;
    for id in act {
        timer::set(change, "rule", change.case.id, change.context.now, json!({ "rule": id }));
    }
}

/// The rule acts, if it still holds and is still on.
pub(crate) fn on_timer(change: &mut Change<'_, '_>, timer: &Timer) -> Result<()> {
    let Some(look) = after::look(change)? else { return Ok(()) };
    let id = timer.body["rule"].as_str().unwrap_or_default();
    let settings = &look.known.head.settings;
    let fires = look.book.asking(&look.facts).rules(|rule| rule.id == id && is_on(settings, rule));
    let Some(fires) = fires.into_iter().next() else { return Ok(()) };
    let about = json!({
        "rule": id, "scenario": look.book.playbook.head.scenario, "version": look.book.version, "title": fires.rule.title, "action": fires.rule.act, "amount_minor": fires.amount_minor,
    });
    change.event("rule_acted", about);
    act::act(change, &fires)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(record: Value, holding: &[&str], expect: Value, acts: &[&str]) {
        let (after, act) = guard(&record, &holding.iter().copied().collect());
        assert_eq!((after, act), (expect, acts.iter().map(|id| (*id).to_owned()).collect()), "{record} {holding:?}");
    }

    #[test]
    fn once_until_it_failed_in_between_and_not_for_ever() {
        check(json!({}), &[], json!({}), &[]);
        check(json!({}), &["a"], json!({ "a": { "on": true, "times": 1 } }), &["a"]);
        check(json!({ "a": { "on": true, "times": 1 } }), &["a"], json!({ "a": { "on": true, "times": 1 } }), &[]);
        check(json!({ "a": { "on": true, "times": 1 } }), &[], json!({ "a": { "on": false, "times": 1 } }), &[]);
        check(
            json!({ "a": { "on": false, "times": 1 } }),
            &["a", "b"],
            json!({ "a": { "on": true, "times": 2 }, "b": { "on": true, "times": 1 } }),
            &["a", "b"],
        );
        check(json!({ "a": { "on": false, "times": 5 } }), &["a"], json!({ "a": { "on": false, "times": 5 } }), &[]);
    }
}
