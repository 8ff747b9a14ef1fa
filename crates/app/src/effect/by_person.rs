//! What people do with an effect: take it back in time, settle it with proof, have the platform asked once more. Owns these commands.

use super::end::{Ending, end};
use super::row::Effect;
use crate::case::open::TEXT_LIMIT;
use crate::command::{Ask, CaseRef, Changed, Repeat};
use crate::error::{Result, bad_input};
use crate::safety::{Safety, holds};
use crate::{Context, Desk};
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use aftercare_domain::refusal::Code;
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What a person found out or did.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleEffect {
    /// succeeded or rejected.
    pub outcome: String,
    /// The platform's or bank's serial number: the proof of a success. Sealed; the same one proves one effect only.
    #[serde(default)]
    pub serial: String,
    /// Words; sealed.
    #[serde(default)]
    pub note: String,
}

impl Desk {
    /// Records the result of an effect that a person carried out, or of one whose answer was lost.
    pub async fn settle_effect(&self, context: &Context, at: CaseRef, id: Id, input: SettleEffect) -> Result<Changed> {
        let succeeded = match input.outcome.as_str() {
            "succeeded" => true,
            "rejected" => false,
            _ => return Err(bad_input("outcome", "succeeded or rejected")),
        };
        let serial = input.serial.trim().to_owned();
        if succeeded && serial.is_empty() {
            return Err(Code::SerialMissing.into());
        }
        if serial.len() > 200 || input.note.len() > TEXT_LIMIT {
            return Err(bad_input("serial", "at most 200 bytes"));
        }
        let repeat = Repeat::of(context, format!("effect/{id}/settle"), &input);
        let key = self.case_key(at).await?;
        let proof = (!serial.is_empty()).then(|| (key.seal("effect.serial", &serial), self.vault.blind("serial", &serial)));
        let note = (!input.note.is_empty()).then(|| key.seal("effect.note", &input.note));
        self.change(context, at, Ask::effect(Action::SettleEffect, id), false, repeat, move |change| {
            let effect = Effect::lock(change, id)?;
            let state = effect.state.settle(succeeded)?;
            if let Some((_, hash)) = &proof {
                let sql = "SELECT 1 FROM effect WHERE shop_id = $1 AND serial_hash = $2";
                if holds(Safety::SerialOnce) && change.tx.query_opt(sql, &values![change.case.shop, *hash], |_| Ok(()))?.is_some() {
                    return Err(Code::SerialUsed.into());
                }
            }
            end(change, &effect, state, Ending { by: "person", serial: proof.clone(), note: note.clone(), ..Ending::default() })?;
            Ok(json!({ "effect_id": id, "state": state }))
        })
        .await
    }

    /// Takes an effect back while nothing has left.
    pub async fn cancel_effect(&self, context: &Context, at: CaseRef, id: Id) -> Result<Changed> {
        let repeat = Repeat::of(context, format!("effect/{id}/cancel"), &());
        self.change(context, at, Action::CancelEffect, false, repeat, move |change| {
            let effect = Effect::lock(change, id)?;
            let state = effect.state.cancel()?;
            end(change, &effect, state, Ending { by: "person", ..Ending::default() })?;
            Ok(json!({ "effect_id": id, "state": state }))
        })
        .await
    }

    /// Has the platform asked once more, now.
    pub async fn query_effect(&self, context: &Context, at: CaseRef, id: Id) -> Result<Changed> {
        let repeat = Repeat::of(context, format!("effect/{id}/query"), &());
        self.change(context, at, Action::CancelEffect, false, repeat, move |change| {
            let effect = Effect::lock(change, id)?;
            let state = effect.state.ask_again(effect.class)?;
            let sql = "UPDATE effect SET state = $3, next_at = $4, asks = 0, lease_until = 0, fence = fence + 1, version = version + 1 WHERE shop_id = $1 AND id = $2";
            change.tx.execute(sql, &values![change.case.shop, id, state.as_str(), change.context.now])?;
            change.event("effect_asked_again", json!({ "effect": id }));
            Ok(json!({ "effect_id": id, "state": state }))
        })
        .await
    }
}
