//! What people, teams and callbacks said, and what was marked. Owns the reading of `cases.facts` and `cases.marks`.

use super::learn::Learner;
use crate::case::row::CaseRow;
use aftercare_domain::playbook::value::Kind;
use aftercare_domain::time::Micros;
use serde_json::{Value, json};

pub(super) fn learn(learner: &mut Learner<'_>, case: &CaseRow) {
    for (name, value) in case.facts.as_object().into_iter().flatten() {
        learner.told(name, value);
    }
    for (mark, at) in case.marks.as_object().into_iter().flatten() {
        marked(learner, mark, at);
    }
}

/// Facts that hold for everything of a shop: `settings.facts`.
pub(super) fn of_shop(learner: &mut Learner<'_>, settings: &Value) {
    for (name, value) in settings["facts"].as_object().into_iter().flatten() {
        learner.told(name, value);
    }
}

/// A mark is a fact of the catalogue by its own name, or one of `contact.*` or `case.*` without the prefix. A bool one holds from
/// then on; a date one is the time of the mark.
fn marked(learner: &mut Learner<'_>, mark: &str, at: &Value) {
    let names = [mark.to_owned(), format!("contact.{mark}"), format!("case.{mark}")];
    let Some((name, kind)) = names.into_iter().find_map(|name| {
        let id = learner.catalogue.find(&name)?;
        Some((name, learner.catalogue.fact(id).kind))
    }) else {
        return;
    };
    let when = at.as_str().and_then(Micros::parse);
    match kind {
        Kind::Bool => learner.told(&name, &json!(true)),
        Kind::Date => learner.date(&name, when),
        _ => {}
    }
    let dated = format!("{name}_at");
    if learner.catalogue.find(&dated).is_some() {
        learner.date(&dated, when);
    }
}
