//! What staff, teams and platforms found out about a case, by the names of the fact catalogue.
//!
//! Owns the check of given facts and their place on the case. What the desk works out from its own records cannot be given.

use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::error::{Result, bad_input};
use crate::{Context, Desk};
use aftercare_domain::people::Action;
use aftercare_domain::playbook::Catalogue;
use aftercare_domain::refusal::{Code, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Facts by name.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenFacts {
    /// Name and value: amounts in minor units, times in RFC 3339, choices by their code; `null` takes a fact back.
    #[schema(value_type = Object)]
    pub facts: Map<String, Value>,
}

/// Facts in one answer.
const MOST: usize = 50;

/// Reads given facts by the catalogue; `null` stays `null`.
pub(crate) fn checked(given: &Map<String, Value>) -> Result<Vec<(String, Value)>> {
    if given.len() > MOST {
        return Err(bad_input("facts", format!("at most {MOST}")));
    }
    given.iter().map(|(name, value)| checked_one(name, value)).collect()
}

fn checked_one(name: &str, value: &Value) -> Result<(String, Value)> {
    let catalogue = Catalogue::standard();
    let unknown = || Refusal::new(Code::FactUnknown).with("name", name.chars().take(60).collect::<String>());
    let fact = catalogue.find(name).map(|id| catalogue.fact(id)).ok_or_else(unknown)?;
    if !fact.may_be_given() {
        return Err(Refusal::new(Code::FactWorkedOut).with("name", name).into());
    }
    if value.is_null() {
        return Ok((name.to_owned(), Value::Null));
    }
    let typed = fact.read(value).map_err(|expected| Refusal::new(Code::FactMistyped).with("name", name).with("expected", expected))?;
    Ok((name.to_owned(), fact.write(&typed)))
}

/// Keeps checked facts with the case; the event names them without their values, which may say something about a person.
pub(crate) fn keep(change: &mut Change<'_, '_>, facts: &[(String, Value)]) {
    if facts.is_empty() {
        return;
    }
    for (name, value) in facts {
        set(change, name, value.clone());
    }
    let names: Vec<&str> = facts.iter().map(|(name, _)| name.as_str()).collect();
    change.event("facts_given", json!({ "facts": names }));
}

/// Sets one fact; what it means for the case as a whole follows at once.
pub(crate) fn set(change: &mut Change<'_, '_>, name: &str, value: Value) {
    let yes = value == Value::Bool(true);
    if let Some(facts) = change.case.facts.as_object_mut() {
        if value.is_null() {
            facts.remove(name);
        } else {
            facts.insert(name.to_owned(), value);
        }
    }
    match name {
        "request.safety" if yes => {
            change.mark("safety");
            change.case.queue_key = crate::queue::key(&change.case);
        }
        "line.best_seller" => change.case.queue_key = crate::queue::key(&change.case),
        _ => {}
    }
}

impl Desk {
    /// Records facts that somebody found out.
    pub async fn give_facts(&self, context: &Context, at: CaseRef, input: GivenFacts) -> Result<Changed> {
        let facts = checked(&input.facts)?;
        let repeat = Repeat::of(context, format!("facts/{}", at.id), &input);
        self.change(context, at, Action::Note, false, repeat, move |change| {
            change.must_be_open()?;
            keep(change, &facts);
            Ok(json!({ "facts": facts.len() }))
        })
        .await
    }
}
