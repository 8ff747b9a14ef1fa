//! The result of a refund of ours, called back: before the answer, after it, late, twice, or in place of one that was lost.

use super::{Event, Taken, act};
use crate::command::{CaseRef, Change};
use crate::effect::end::{Ending, end};
use crate::effect::row::Effect;
use crate::error::{Error, Result};
use crate::{Desk, task};
use aftercare_domain::effect::State;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::Team;
use aftercare_store::values;
use serde_json::json;

impl Desk {
    /// Takes a result in on the case whose effect it names.
    pub(super) async fn take_result(&self, shop: ShopId, event: Event) -> Result<Taken> {
        let Some(effect) = event.merchant_ref.as_deref().and_then(Id::parse) else { return self.take_act(shop, event).await };
        let sql = "SELECT case_id FROM effect WHERE shop_id = $1 AND id = $2";
        let case = self.store.read(move |tx| Ok::<_, Error>(tx.query_opt(sql, &values![shop, effect], |row| row.get::<Id>(0))?)).await?;
        let Some(case) = case else { return self.take_act(shop, event).await };
        self.once(Some(CaseRef { shop, id: case }), shop, &event, move |change, event| take_in(change, effect, event)).await
    }
}

fn take_in(change: &mut Change<'_, '_>, id: Id, event: &Event) -> Result<bool> {
    let effect = Effect::lock(change, id)?;
    let succeeded = match event.result.as_deref() {
        Some("succeeded") => true,
        Some("rejected") => false,
        _ => return Ok(false),
    };
    let code = event.code.clone().unwrap_or_default();
    if let Some(state) = effect.state.called_back(succeeded) {
        let ending = Ending { platform_ref: event.refund_id.clone(), code, by: "callback", ..Ending::default() };
        end(change, &effect, state, ending)?;
        return Ok(true);
    }
    let told = if succeeded { State::Succeeded } else { State::Rejected };
    if effect.state == told {
        return Ok(false);
    }
    contradicted(change, &effect, event, succeeded)?;
    Ok(true)
}

/// The platform says otherwise than what is settled here: money that left is booked, and a person looks.
fn contradicted(change: &mut Change<'_, '_>, effect: &Effect, event: &Event, succeeded: bool) -> Result<()> {
    change.event(
        "callback_contradicts",
        json!({ "effect": effect.id, "state": effect.state, "told": event.result, "platform_ref": event.refund_id, "amount_minor": effect.amount_minor }),
    );
    change.mark("money_mismatch");
    if succeeded {
        act::book(change, effect.amount_minor, Some(&effect.payment_no), event.refund_id.as_deref(), "late_success")?;
    }
    if change.case.open {
        task::tell(change, Team::Finance, "mismatch", effect.id, "平台结果与登记的不一致，请核对")?;
    }
    Ok(())
}
