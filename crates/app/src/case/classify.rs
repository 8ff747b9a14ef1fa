//! What kind of case it is: scenario, class, severity, emotion. Owns the correction and keeps each one as training data.

use crate::case::diagnosis::choice;
use crate::case::{danger, facts};
use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::error::{Result, bad_input};
use crate::ids::new_id;
use crate::{Context, Desk};
use aftercare_domain::people::Action;
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What is corrected; what is absent stays as it is.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Classify {
    /// A scenario of the playbooks.
    #[serde(default)]
    pub scenario: Option<String>,
    /// 1 (safety incident) to 4.
    #[serde(default)]
    pub severity: Option<i64>,
    /// calm, worried, anxious, upset, angry, furious.
    #[serde(default)]
    pub emotion: Option<String>,
    /// logistics, product, service, promotion.
    #[serde(default)]
    pub class: Option<String>,
}

const EMOTIONS: &[&str] = &["calm", "worried", "anxious", "upset", "angry", "furious"];

fn check(input: &Classify) -> Result<()> {
    if input
        .scenario
        .as_ref()
        .is_some_and(|id| id.is_empty() || id.len() > 60 || !id.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit()))
    {
        return Err(bad_input("scenario", "a scenario of the playbooks"));
    }
    if input.severity.is_some_and(|severity| !(1..=4).contains(&severity)) {
        return Err(bad_input("severity", "1 to 4"));
    }
    if input.emotion.as_ref().is_some_and(|emotion| !EMOTIONS.contains(&emotion.as_str())) {
        return Err(bad_input("emotion", format!("one of {}", EMOTIONS.join(", "))));
    }
    input.class.as_ref().map_or(Ok(()), |class| choice("class", "case.class", class))
}

/// Notes that a person changed what was proposed or confirmed what stands.
fn decided(change: &mut Change<'_, '_>, field: &'static str, proposed: &str, decided: &str) {
    const COLUMNS: &[&str] = &["shop_id", "case_id", "id", "field", "proposed", "decided", "actor_id", "at"];
    let (now, actor) = (change.context.now, change.context.actor.stored_id());
    let row = values![change.case.shop, change.case.id, new_id(now), field, proposed, decided, actor, now];
    change.tx.insert("classification", COLUMNS, row);
    if proposed != decided {
        change.event("classified", json!({ "field": field, "from": proposed, "to": decided }));
    }
}

/// Sets the kind of complaint.
pub(crate) fn set_class(change: &mut Change<'_, '_>, class: &str) -> Result<()> {
    choice("class", "case.class", class)?;
    let before = std::mem::replace(&mut change.case.complaint_class, class.to_owned());
    decided(change, "class", &before, class);
    Ok(())
}

impl Desk {
    /// Corrects or confirms what kind of case it is. A safety incident goes to a supervisor at once.
    pub async fn classify(&self, context: &Context, at: CaseRef, input: Classify) -> Result<Changed> {
        check(&input)?;
        let repeat = Repeat::of(context, format!("classify/{}", at.id), &input);
        // what is in force is looked up before the transaction, which then only reads it
        let in_force = self.playbooks_in_force(context.now).await?;
        if input.scenario.as_ref().is_some_and(|scenario| in_force.book(scenario).is_none() && in_force.books().next().is_some()) {
            return Err(bad_input("scenario", "a scenario of the playbooks in force"));
        }
        self.change(context, at, Action::Classify, false, repeat, move |change| {
            change.must_be_open()?;
            if let Some(scenario) = &input.scenario {
                change.pin(scenario);
                if let (Some(book), None) = (in_force.book(scenario), &input.class) {
                    change.case.complaint_class = book.playbook.head.class.as_str().to_owned();
                }
                let before = std::mem::replace(&mut change.case.scenario, scenario.clone());
                decided(change, "scenario", &before, scenario);
            }
            if let Some(emotion) = &input.emotion {
                let before = std::mem::replace(&mut change.case.emotion, emotion.clone());
                decided(change, "emotion", &before, emotion);
            }
            if let Some(class) = &input.class {
                set_class(change, class)?;
            }
            if let Some(severity) = input.severity {
                let before = std::mem::replace(&mut change.case.severity, severity);
                decided(change, "severity", &before.to_string(), &severity.to_string());
                if severity == 1 && before != 1 {
                    facts::set(change, "request.safety", Value::Bool(true));
                    danger::tell(change)?;
                }
                change.case.queue_key = crate::queue::key(&change.case);
            }
            Ok(json!({}))
        })
        .await
    }
}
