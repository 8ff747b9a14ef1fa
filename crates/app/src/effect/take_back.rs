//! Takes back what was decided, whole, while nothing of it has left: the undo of the hold. Owns the command.
//!
//! Whether something has left is the state of its row, read under the row's lock: the worker that claims it first wins, and then
//! nothing is taken back; whoever takes it back first leaves the worker nothing to claim.

use super::end::{Ending, end};
use super::row::Effect;
use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::error::{Result, not_found};
use crate::safety::{Safety, holds};
use crate::{Context, Desk};
use aftercare_domain::case::Stage;
use aftercare_domain::effect::State;
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use aftercare_domain::refusal::Code;
use aftercare_store::values;
use serde_json::json;

impl Desk {
    /// Takes a remedy back with all its legs, or none of them: the money is free again, the request and the stage stand as before, and
    /// an approval that was used may be used again.
    pub async fn take_back(&self, context: &Context, at: CaseRef, remedy: Id) -> Result<Changed> {
        let repeat = Repeat::of(context, format!("remedy/{remedy}/take_back"), &());
        self.change(context, at, Action::CancelEffect, false, repeat, move |change| {
            let mut legs = Effect::of_remedy(change, remedy)?;
            if legs.is_empty() {
                return Err(not_found("remedy"));
            }
            // A leg that somebody has cancelled by itself is back already.
            legs.retain(|leg| leg.state != State::Cancelled);
            if legs.is_empty() {
                return Err(State::Cancelled.take_back().err().map_or_else(|| Code::EffectEnded.into(), Into::into));
            }
            if holds(Safety::TakeBack) {
                legs.iter().try_for_each(|leg| leg.state.take_back().map(drop))?;
            }
            for leg in &legs {
                end(change, leg, State::Cancelled, Ending { by: "person", ..Ending::default() })?;
            }
            if let Some(approval) = legs[0].approval {
                crate::approval::give_back(change, approval)?;
            }
            back_to(change, &legs[0].stage_before)?;
            let amount_minor: i64 = legs.iter().map(|leg| leg.amount_minor).sum();
            change.event("taken_back", json!({ "remedy": remedy, "amount_minor": amount_minor, "kind": legs[0].kind }));
            Ok(json!({ "remedy_id": remedy, "amount_minor": amount_minor }))
        })
        .await
    }
}

/// The stage as it was before, unless other work keeps the case where it is.
fn back_to(change: &mut Change<'_, '_>, before: &str) -> Result<()> {
    let Some(before) = Stage::parse(before).filter(|_| change.case.open) else { return Ok(()) };
    let at = values![change.case.shop, change.case.id];
    let effects =
        "SELECT 1 FROM effect WHERE shop_id = $1 AND case_id = $2 AND state NOT IN ('succeeded', 'rejected', 'cancelled') LIMIT 1";
    let promises = "SELECT 1 FROM promise WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL LIMIT 1";
    for under_way in [effects, promises] {
        if change.tx.query_opt(under_way, &at, |_| Ok(()))?.is_some() {
            return Ok(());
        }
    }
    let (now, after) = (change.stage()?, change.stage()?.taken_back(before));
    if now != after {
        change.case.stage = after.as_str().to_owned();
        change.event("stage_changed", json!({ "from": now.as_str(), "to": after.as_str() }));
    }
    Ok(())
}
