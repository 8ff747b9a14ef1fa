//! Cause and responsible party of a case (定责). Owns the diagnosis rows; the last one counts, the earlier ones stay on record.

use crate::case::open::TEXT_LIMIT;
use crate::command::{CaseRef, Changed, Repeat};
use crate::error::{Result, bad_input};
use crate::ids::new_id;
use crate::{Context, Desk};
use aftercare_domain::case::Happened;
use aftercare_domain::people::Action;
use aftercare_domain::playbook::{Catalogue, Value as Known};
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What was found to be the cause.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Diagnosis {
    /// A cause of the catalogue (`diagnosis.cause`).
    pub cause: String,
    /// shop, warehouse, supplier, carrier, buyer, platform.
    pub party: String,
    /// How it was found; sealed.
    #[serde(default)]
    pub note: String,
    /// The problem itself was seen to be so, by evidence or inspection.
    #[serde(default)]
    pub verified: bool,
}

/// Refuses a code that is no choice of this fact.
pub(crate) fn choice(field: &'static str, fact: &str, code: &str) -> Result<()> {
    let catalogue = Catalogue::standard();
    let known = catalogue.find(fact).map(|id| catalogue.fact(id));
    if known.is_some_and(|fact| matches!(fact.choice(code), Some(Known::Choice(_)))) {
        return Ok(());
    }
    let codes: Vec<&str> = known.map(|fact| fact.choices.iter().map(|(code, _)| code.as_str()).collect()).unwrap_or_default();
    Err(bad_input(field, format!("one of {}", codes.join(", "))))
}

impl Desk {
    /// Sets cause and responsible party.
    pub async fn diagnose(&self, context: &Context, at: CaseRef, input: Diagnosis) -> Result<Changed> {
        choice("cause", "diagnosis.cause", &input.cause)?;
        choice("party", "diagnosis.party", &input.party)?;
        if input.note.len() > TEXT_LIMIT {
            return Err(bad_input("note", format!("at most {TEXT_LIMIT} bytes")));
        }
        let repeat = Repeat::of(context, format!("diagnosis/{}", at.id), &input);
        let key = self.case_key(at).await?;
        let note = (!input.note.is_empty()).then(|| key.seal("diagnosis.note", &input.note));
        self.change(context, at, Action::Diagnose, false, repeat, move |change| {
            change.must_be_open()?;
            let (now, id) = (change.context.now, new_id(change.context.now));
            const COLUMNS: &[&str] = &["shop_id", "case_id", "id", "cause", "party", "note_sealed", "at", "actor_id"];
            let actor = change.context.actor.stored_id();
            let row = values![change.case.shop, change.case.id, id, &input.cause, &input.party, note.clone(), now, actor];
            change.tx.insert("diagnosis", COLUMNS, row);
            change.case.cause.clone_from(&input.cause);
            change.case.party.clone_from(&input.party);
            if input.verified {
                super::facts::set(change, "diagnosis.verified", Value::Bool(true));
            }
            change.event("diagnosed", json!({ "diagnosis": id, "cause": input.cause, "party": input.party, "verified": input.verified }));
            change.happened(Happened::Diagnosed)?;
            Ok(json!({ "diagnosis_id": id }))
        })
        .await
    }
}
