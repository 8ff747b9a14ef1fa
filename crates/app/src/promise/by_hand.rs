//! A person promises, and a person says that a promise was kept. Owns these two commands.

use crate::case::open::TEXT_LIMIT;
use crate::command::{Ask, CaseRef, Changed, Repeat};
use crate::error::{Result, bad_input};
use crate::promise::{self, NewPromise};
use crate::{Context, Desk};
use aftercare_domain::id::Id;
use aftercare_domain::people::{Action, Team};
use aftercare_domain::time::{Micros, Span};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What is promised: an act of the shop (pay out, ship), never the arrival at a bank or a buyer's door.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakePromise {
    /// The words; sealed.
    pub text: String,
    /// Who has to keep it.
    pub team: String,
    /// By when; or `due_in_h`.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    pub due_at: Option<Micros>,
    /// Hours from now.
    #[serde(default)]
    pub due_in_h: Option<i64>,
    /// Minor units, where money is promised.
    #[serde(default)]
    pub amount_minor: Option<i64>,
}

/// What shows that it was kept.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepPromise {
    /// Serial number, waybill or words; sealed.
    pub proof: String,
}

/// The due time named by either field; `None` where neither is.
pub(crate) fn due(now: Micros, due_at: Option<Micros>, due_in_h: Option<i64>) -> Result<Option<Micros>> {
    match (due_at, due_in_h) {
        (Some(_), Some(_)) => Err(bad_input("due_at", "give due_at or due_in_h, not both")),
        (_, Some(hours)) if !(1..=24 * 90).contains(&hours) => Err(bad_input("due_in_h", "1 to 2160")),
        (at, hours) => Ok(at.or(hours.map(|hours| now + Span::hours(hours)))),
    }
}

/// Reads a team's name.
pub(crate) fn team(text: &str) -> Result<Team> {
    Team::parse(text).ok_or_else(|| bad_input("team", format!("one of {}", Team::ALL.map(Team::as_str).join(", "))))
}

/// Refuses words that are empty or too long.
pub(crate) fn words(field: &'static str, text: &str) -> Result<()> {
    if text.trim().is_empty() || text.len() > TEXT_LIMIT {
        return Err(bad_input(field, format!("1 to {TEXT_LIMIT} bytes")));
    }
    Ok(())
}

impl Desk {
    /// Makes a promise to the buyer.
    pub async fn make_promise(&self, context: &Context, at: CaseRef, input: MakePromise) -> Result<Changed> {
        words("text", &input.text)?;
        let team = team(&input.team)?;
        if input.amount_minor.is_some_and(|amount| amount < 0) {
            return Err(bad_input("amount_minor", "not negative"));
        }
        let due_at = due(context.now, input.due_at, input.due_in_h)?;
        let repeat = Repeat::of(context, format!("promise/{}", at.id), &input);
        let text_sealed = self.case_key(at).await?.seal("promise.text", &input.text);
        self.change(context, at, Action::Promise, false, repeat, move |change| {
            let text_sealed = text_sealed.clone();
            let new = NewPromise { team, owner: None, due_at, text_sealed, amount_minor: input.amount_minor, effect: None, offer: None };
            Ok(json!({ "promise_id": promise::make(change, new)? }))
        })
        .await
    }

    /// Says that a promise was kept, with proof. One that is kept by an effect is kept by that effect's success.
    pub async fn keep_promise(&self, context: &Context, at: CaseRef, id: Id, input: KeepPromise) -> Result<Changed> {
        words("proof", &input.proof)?;
        let repeat = Repeat::of(context, format!("promise/{id}/keep"), &input);
        let proof = self.case_key(at).await?.seal("promise.proof", &input.proof);
        self.change(context, at, Ask::promise(Action::KeepPromise, id), false, repeat, move |change| {
            if let Some(effect) = promise::load(change, id)?.effect {
                return Err(bad_input("promise", format!("it is kept when effect {effect} succeeds: settle that one")));
            }
            promise::keep(change, id, Some(proof.clone()))?;
            Ok(json!({ "promise_id": id }))
        })
        .await
    }
}
