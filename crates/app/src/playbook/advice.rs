//! The advice of the case page: steps, missing facts, the ladder, texts, causes, the call, closing, as the playbook in force answers.
//!
//! Owns the shape of `advice`. Reads only; what is missing to a figure is absent, never invented.

use super::books::Book;
use super::facts::{self, Known};
use super::{figures, standing};
use crate::case::row::CaseRow;
use crate::error::Result;
use aftercare_domain::china;
use aftercare_domain::people::authority::{Authority, Cap, Need, Spent, approver, needs_approval};
use aftercare_domain::playbook::Facts;
use aftercare_domain::playbook::answer::{Asking, CauseNow, RungNow, Tried};
use aftercare_domain::playbook::table::Act;
use aftercare_domain::time::Micros;
use aftercare_store::Tx;
use aftercare_store::vault::DataKey;
use serde_json::{Value, json};

/// Who looks at the case.
pub(crate) struct Reader {
    pub id: aftercare_domain::id::Id,
    pub role: aftercare_domain::people::Role,
    pub agent_no: String,
}

/// What is always open to whoever handles a case.
const ALWAYS: [Act; 8] = [Act::Reply, Act::Call, Act::AskEvidence, Act::Diagnose, Act::Task, Act::Flag, Act::Remark, Act::Escalate];

/// The advice on a case under its playbook.
pub(crate) fn advice(tx: &mut Tx<'_>, case: &CaseRow, book: &Book, key: &DataKey, reader: &Reader, now: Micros) -> Result<Value> {
    let known = Known::load(tx, case, china::midnight(now))?;
    let facts = facts::project(case, &known, &book.catalogue, Some(&book.playbook), now).facts;
    let asking = book.asking(&facts);
    let offers = standing::offers(tx, case)?;
    let tried: Vec<Tried<'_>> = offers.iter().map(|offer| Tried { rung: &offer.rung, state: &offer.state }).collect();
    let spent = standing::spent(tx, case, reader.id, now)?;
    let limits: Authority =
        known.head.settings.get("authority").and_then(|own| serde_json::from_value(own.clone()).ok()).unwrap_or_default();
    let figures = figures::of(tx, case)?;
    let ladder: Vec<Value> = asking
        .ladder(&tried)
        .iter()
        .map(|rung| {
            let mut row = json!(rung);
            authority(&mut row, rung, &limits, reader, &spent);
            figures.put(&mut row, rung.rung);
            row
        })
        .collect();
    let variables = standing::variables(tx, case, &asking, &known, key, &offers, reader)?;
    let head = &book.playbook.head;
    Ok(json!({
        "playbook": { "scenario": head.scenario, "version": book.version, "title": head.title, "number": head.number },
        "steps": asking.steps(),
        "plain_refund": asking.plain_refund().ok(),
        "facts": asking.needs(),
        "ladder": ladder,
        "scripts": asking.scripts(&variables),
        "causes": asking.causes().iter().map(|cause| named(cause, &asking)).collect::<Vec<_>>(),
        "call": asking.calls(),
        "closing": asking.closing(&standing::carried(tx, case)?),
        "actions": actions(&asking),
        "severity": asking.severity(),
        "bottom_line": head.bottom_line,
        "exceptions": exceptions(&asking),
        "criteria": criteria(&asking, &facts),
    }))
}

fn actions(asking: &Asking<'_>) -> Vec<Act> {
    let mut acts: Vec<Act> = ALWAYS.into_iter().chain(asking.lawful_actions()).collect();
    acts.sort();
    acts.dedup();
    acts
}

/// Whether the reader may spend a rung's amount alone, and who is asked otherwise.
fn authority(row: &mut Value, rung: &RungNow<'_>, limits: &Authority, reader: &Reader, spent: &standing::Spending) {
    let means = rung.means.first().map_or("", |means| means.as_str());
    let kind = crate::approval::spending(rung.remedy.as_str(), means);
    let already: Spent = spent.of(kind);
    let cap = rung.cap_minor.map(|amount_minor| Cap { amount_minor, soft: true });
    let Some(amount) = rung.amount_minor.filter(|amount| *amount > 0) else {
        row["needs_approval"] = json!(false);
        return;
    };
    let need = needs_approval(limits, reader.role, kind, amount, already, cap);
    let alone = matches!(need, Ok(Need::Alone { .. }));
    row["needs_approval"] = json!(!alone);
    if !alone {
        row["approver"] = json!(approver(limits, kind, amount, already.case_minor, cap).map(|role| role.as_str()));
    }
}

fn named(cause: &CauseNow<'_>, asking: &Asking<'_>) -> Value {
    let mut row = json!(cause);
    for (key, fact, code) in [("title", "diagnosis.cause", cause.cause), ("party_title", "diagnosis.party", cause.party)] {
        let label = asking.catalogue.find(fact).and_then(|id| {
            let fact = asking.catalogue.fact(id);
            fact.choices.iter().find(|(known, _)| known == code).map(|(_, zh)| zh.clone())
        });
        row[key] = json!({ "zh": label.unwrap_or_default(), "en": code.replace('_', " ") });
    }
    row
}

fn exceptions(asking: &Asking<'_>) -> Vec<Value> {
    let holding =
        asking.book.exceptions.iter().filter(|exception| aftercare_domain::playbook::eval::all(&exception.when, asking.facts).is_yes());
    holding.map(|exception| json!({ "id": exception.id, "title": exception.title, "kind": exception.kind, "text": exception.text, "source": exception.source.line() })).collect()
}

/// The checks that returned goods of this category have to pass.
fn criteria(asking: &Asking<'_>, facts: &Facts) -> Vec<Value> {
    let category = standing::category(asking, facts);
    let concerned = asking.book.criteria.iter().filter(|criterion| criterion.concerns(category));
    concerned
        .map(|criterion| json!({ "id": criterion.id, "title": criterion.title, "text": criterion.text, "proof": criterion.proof }))
        .collect()
}
