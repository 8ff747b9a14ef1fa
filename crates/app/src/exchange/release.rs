//! Gives held stock free: by a person who no longer needs it, or by its clock. Owns that both sides hear of the latter.

use super::{CLOCK, Reservation, load, move_stock};
use crate::case::{deadline, notice};
use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::error::Result;
use crate::{Context, Desk, task};
use aftercare_domain::id::Id;
use aftercare_domain::people::{Action, Team};
use aftercare_domain::reservation::State;
use aftercare_store::values;
use serde_json::json;

/// Writes the end of a reservation and what hung on it; `on_hand` of its pieces leave the shelf.
pub(super) fn end(change: &mut Change<'_, '_>, held: &Reservation, state: State, on_hand: i64) -> Result<()> {
    move_stock(change, &held.sku, &held.warehouse, -on_hand, -held.quantity)?;
    let sql = "UPDATE reservation SET state = $4, ended_at = $5 WHERE shop_id = $1 AND case_id = $2 AND id = $3";
    let params = values![change.case.shop, change.case.id, held.id, state.as_str(), change.context.now];
    change.tx.execute(sql, &params)?;
    deadline::end(change, CLOCK, Some(held.id), if state == State::Expired { "missed" } else { "met" })?;
    task::cancel_of_subject(change, held.id)
}

/// Its time is up: the stock is free again, the agent and the buyer hear of it. Nothing when it ended before.
pub(crate) fn ran_out(change: &mut Change<'_, '_>, id: Id) -> Result<()> {
    let held = load(change, id)?;
    let Some(state) = held.state.expire(held.until, change.context.now) else { return Ok(()) };
    end(change, &held, state, 0)?;
    change.event("reservation_expired", json!({ "reservation": id, "sku": held.sku, "quantity": held.quantity }));
    let text = format!("{} ×{} 的锁库已到期释放；还要换的话请重新锁库，没货就走其他方案", held.sku, held.quantity);
    task::tell(change, Team::Agent, "reservation_expired", id, &text)?;
    notice::prepare(
        change,
        id,
        "told_delay",
        "您好，给您预留的换货库存已经到期放掉了。还需要换的话跟我说一声，我马上再看库存，也可以按退货处理。",
    )?;
    Ok(())
}

/// Gives everything free that the case holds; answers how much it was.
pub(crate) fn all(change: &mut Change<'_, '_>) -> Result<usize> {
    let held = super::held(change)?;
    for one in &held {
        end(change, one, State::Released, 0)?;
        change.event("reservation_released", json!({ "reservation": one.id, "sku": one.sku, "quantity": one.quantity }));
    }
    Ok(held.len())
}

/// The buyer's wish ended or became another one: what was held for an exchange or a reship is free again, unless one is still wanted.
pub(crate) fn no_longer_asked(change: &mut Change<'_, '_>) -> Result<()> {
    let sql = "SELECT 1 FROM request WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL AND kind IN ('exchange', 'reship', 'repair') LIMIT 1";
    let wanted = change.tx.query_opt(sql, &values![change.case.shop, change.case.id], |_| Ok(()))?.is_some();
    if wanted { Ok(()) } else { all(change).map(drop) }
}

impl Desk {
    /// Gives a reservation free.
    pub async fn release(&self, context: &Context, at: CaseRef, reservation: Id) -> Result<Changed> {
        let repeat = Repeat::of(context, format!("release/{reservation}"), &());
        self.change(context, at, Action::ReleaseReservation, false, repeat, move |change| {
            let held = load(change, reservation)?;
            let state = held.state.release()?;
            end(change, &held, state, 0)?;
            change.event("reservation_released", json!({ "reservation": reservation, "sku": held.sku, "quantity": held.quantity }));
            Ok(json!({ "state": state }))
        })
        .await
    }
}
