//! The end of an effect, whoever brings it: the worker's answer, a callback, a person. Owns what follows in the same transaction.
//!
//! Money moves from in flight to spent or free, promises and tasks end, the case learns what was found out, what waited goes on.

use super::row::Effect;
use crate::command::Change;
use crate::error::Result;
use crate::ledger::Book;
use crate::safety::{Safety, holds};
use crate::{authority, policy, promise, remedy, task};
use aftercare_domain::case::Happened;
use aftercare_domain::effect::{Kind, State};
use aftercare_domain::id::Id;
use aftercare_domain::ledger::{Account, Entry, Kind as Booked};
use aftercare_domain::people::Team;
use aftercare_domain::time::Span;
use aftercare_store::values;
use serde_json::{Value, json};

/// How an effect ended, beside its state.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ending {
    /// The platform's number of the act.
    pub(crate) platform_ref: Option<String>,
    /// The platform's code.
    pub(crate) code: String,
    /// worker, callback, person.
    pub(crate) by: &'static str,
    /// Proof of a person, sealed and as a hash that makes it unique.
    pub(crate) serial: Option<(Vec<u8>, [u8; 32])>,
    /// A person's words, sealed.
    pub(crate) note: Option<Vec<u8>>,
}

/// Ends `effect` in `state` (one that is final) and does what follows.
pub(crate) fn end(change: &mut Change<'_, '_>, effect: &Effect, state: State, ending: Ending) -> Result<()> {
    debug_assert!(state.ended());
    let (shop, now) = (change.case.shop, change.context.now);
    let (sealed, hash) = ending.serial.clone().unzip();
    let sql = "UPDATE effect SET state = $3, platform_ref = COALESCE($4, platform_ref), code = $5, serial_sealed = $6, serial_hash = $7, note_sealed = $8, ended_at = $9,
        lease_until = 0, version = version + 1 WHERE shop_id = $1 AND id = $2";
    let params =
        values![shop, effect.id, state.as_str(), ending.platform_ref.clone(), &ending.code, sealed, hash, ending.note.clone(), now];
    change.tx.execute(sql, &params)?;
    move_money(change, effect, state, &ending)?;
    tell(change, effect, state, &ending);
    let succeeded = state == State::Succeeded;
    if succeeded {
        promise::keep_of_effect(change, effect.id)?;
    } else {
        promise::release_of_effect(change, effect.id)?;
    }
    task::end_of_effect(change, effect.id, succeeded)?;
    task::cancel_of_subject(change, effect.id)?;
    found_out(change, effect, state, &ending)?;
    if let Some(id) = effect.remedy {
        remedy::leg_ended(change, id)?;
    }
    if !succeeded {
        cancel_waiting(change, effect.id)?;
    }
    if effect.kind.spends().is_some() { stage(change, state) } else { Ok(()) }
}

/// What was in flight is spent, or free again with the day's authority that it took.
fn move_money(change: &mut Change<'_, '_>, effect: &Effect, state: State, ending: &Ending) -> Result<()> {
    let Some(spending) = effect.kind.spends().filter(|_| effect.order.is_some() && effect.amount_minor > 0) else { return Ok(()) };
    let succeeded = state == State::Succeeded;
    let mut book = Book::of(change)?;
    let entries = match (effect.kind, effect.holder()) {
        (Kind::Refund, Some(holder)) => Account::end_leg(holder, &effect.leg()?, succeeded),
        _ => vec![Entry::payout(if succeeded { Booked::PayoutDone } else { Booked::PayoutFreed }, effect.amount_minor)],
    };
    let about = json!({ "code": ending.code, "platform_ref": ending.platform_ref });
    book.post_of(Some(effect.id), entries, &about)?;
    if !succeeded && let Some(holder) = effect.holder().filter(|holder| Some(*holder) != effect.request) {
        let freed = book.account.give_back(holder);
        book.post(freed, &json!({}))?;
    }
    change.save_book(book)?;
    if succeeded && effect.kind == Kind::Refund {
        remember(change, effect, ending.platform_ref.as_deref())?;
    }
    if !succeeded {
        if let Some((who, day)) = effect.spender {
            authority::count(change, spending, who, day, -effect.amount_minor)?;
        }
        change.material();
    }
    Ok(())
}

/// The platform's number of a refund is known once, whichever of answer and callback brings it.
pub(crate) fn remember(change: &mut Change<'_, '_>, effect: &Effect, platform_ref: Option<&str>) -> Result<()> {
    let (Some(number), Some(order)) = (platform_ref, effect.order) else { return Ok(()) };
    let sql = "INSERT INTO platform_refund (shop_id, platform_refund_id, order_id, effect_id, amount_minor, booked_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (shop_id, platform_refund_id) DO NOTHING";
    let params = values![change.case.shop, number, order, effect.id, effect.amount_minor, change.context.now];
    if change.tx.execute(sql, &params)? == 0 {
        change.mark("money_mismatch");
        change.event("refund_number_known", json!({ "effect": effect.id, "platform_ref": number }));
    }
    Ok(())
}

/// The events of the end: one for the effect, one for the money it moved.
fn tell(change: &mut Change<'_, '_>, effect: &Effect, state: State, ending: &Ending) {
    let payload = |kind: Value| {
        json!({ "effect": effect.id, "kind": kind, "state": state, "amount_minor": effect.amount_minor, "payment_no": effect.payment_no, "remedy": effect.remedy,
            "request": effect.request, "offer": effect.offer, "approval": effect.approval, "platform_ref": ending.platform_ref, "code": ending.code, "by": ending.by })
    };
    change.event("effect_ended", payload(json!(effect.kind)));
    let money = match (effect.kind, effect.kind.spends(), state) {
        (Kind::Refund, _, State::Succeeded) => "refund_done",
        (Kind::Refund, _, State::Cancelled) => "refund_cancelled",
        (Kind::Refund, ..) => "refund_rejected",
        (_, Some(_), State::Succeeded) => "payout_done",
        (_, Some(_), State::Cancelled) => "payout_cancelled",
        (_, Some(_), _) => "payout_rejected",
        _ => return,
    };
    change.event(money, payload(json!(effect.kind)));
}

/// What the case learns from it.
fn found_out(change: &mut Change<'_, '_>, effect: &Effect, state: State, ending: &Ending) -> Result<()> {
    if state == State::Cancelled {
        return Ok(());
    }
    if ending.code == "balance_too_low" && change.case.open {
        change.mark("balance_too_low");
        let words = format!("店铺账户余额不足，{}没有付出；充值后请重新提交", effect.kind.zh());
        task::tell(change, Team::Finance, "top_up", effect.id, &words)?;
    }
    super::after::effect_ended(change, effect.kind, state == State::Succeeded, &ending.code, &effect.body)
}

/// What was to follow only on success is off.
fn cancel_waiting(change: &mut Change<'_, '_>, failed: Id) -> Result<()> {
    for waiting in Effect::waiting_for(change, failed)? {
        end(change, &waiting, State::Cancelled, Ending { by: "predecessor", ..Ending::default() })?;
    }
    Ok(())
}

/// The stage follows when the last piece of work for the buyer has ended; a stop, a flag or a word on the platform is none by itself.
fn stage(change: &mut Change<'_, '_>, state: State) -> Result<()> {
    if !change.case.open {
        return Ok(());
    }
    if state == State::Rejected {
        return change.happened(Happened::WorkFailed);
    }
    let sql = "SELECT 1 FROM effect WHERE shop_id = $1 AND case_id = $2 AND state NOT IN ('succeeded', 'rejected', 'cancelled') LIMIT 1";
    let under_way = change.tx.query_opt(sql, &values![change.case.shop, change.case.id], |_| Ok(()))?.is_some();
    if under_way || state == State::Cancelled { Ok(()) } else { change.happened(Happened::WorkDone) }
}

/// The hold before money leaves: the shop's own (`settings.hold_s`), else five seconds.
pub(crate) fn hold(change: &mut Change<'_, '_>) -> Result<Span> {
    let settings = policy::settings(change.tx, change.case.shop)?;
    let seconds = if holds(Safety::Hold) { settings["hold_s"].as_i64().unwrap_or(5).clamp(0, 600) } else { 0 };
    Ok(Span::seconds(seconds))
}
