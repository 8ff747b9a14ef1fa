//! What a person may grant alone (赔付权限), asked inside a change. Owns reading the limits and what was spent already.
//!
//! The day's sum is a row of its own per person and kind: writing it is the lock that keeps two cases from spending it twice.

use crate::Context;
use crate::case::row::CaseRow;
use crate::command::Change;
use crate::error::Result;
use crate::policy;
use crate::safety::{Safety, holds};
use aftercare_domain::china;
use aftercare_domain::effect::Kind;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::authority::{self, Authority, Cap, Need, Spending, Spent};
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_domain::time::Micros;
use aftercare_store::{Tx, values};

/// The shop's day, counted from 1970-01-01.
pub(crate) fn day(now: Micros) -> i64 {
    china::day_number(now)
}

/// The shop's limits: `settings.authority`, else the default.
pub fn limits(tx: &mut Tx<'_>, shop: ShopId) -> Result<Authority> {
    let settings = policy::settings(tx, shop)?;
    Ok(settings.get("authority").and_then(|own| serde_json::from_value(own.clone()).ok()).unwrap_or_default())
}

/// What was spent of a kind: on the case by anybody, and today by this person; nobody else can spend for them until this change ends.
pub fn spent(change: &mut Change<'_, '_>, kind: Spending, who: Id) -> Result<Spent> {
    let case_minor = on_case(change.tx, &change.case, kind)?;
    let today = day(change.context.now);
    let day_minor =
        if holds(Safety::DayLock) { count(change, kind, who, today, 0)? } else { look(change.tx, change.case.shop, who, today, kind)? };
    // A rehearsal stands for one of many: what those before it would spend counts.
    Ok(Spent { case_minor, day_minor: day_minor + change.context.trial.map_or(0, |trial| trial.spent_minor) })
}

/// Whether the actor may spend this alone, given the rung's cap; the desk itself acts on what the shop has decided.
pub fn need(change: &mut Change<'_, '_>, kind: Spending, amount_minor: i64, cap: Option<Cap>) -> Result<Need> {
    if change.context.actor.system {
        return Ok(Need::Alone { owner_mode: false });
    }
    let (who, role) = (change.context.actor.id(), change.context.actor.who.role);
    let already = spent(change, kind, who)?;
    let limits = change.context.actor.who.limits(limits(change.tx, change.case.shop)?);
    Ok(authority::needs_approval(&limits, role, kind, amount_minor, already, cap)?)
}

/// The refusal that names who has to be asked.
pub fn approval_needed(change: &mut Change<'_, '_>, kind: Spending, amount_minor: i64, cap: Option<Cap>) -> Result<Refusal> {
    let case_minor = on_case(change.tx, &change.case, kind)?;
    let limits = limits(change.tx, change.case.shop)?;
    let approver = authority::approver(&limits, kind, amount_minor, case_minor, cap);
    Ok(Refusal::new(Code::ApprovalNeeded)
        .with("amount_minor", amount_minor)
        .with("approver", approver.map_or("nobody", |role| role.as_str())))
}

/// Counts an amount on somebody's day (a negative one gives it back) and answers the day's sum.
pub(crate) fn count(change: &mut Change<'_, '_>, kind: Spending, who: Id, day: i64, amount_minor: i64) -> Result<i64> {
    let params = values![change.case.shop, who, day, kind.as_str(), amount_minor];
    if amount_minor < 0 {
        let sql = "UPDATE spent_day SET amount_minor = amount_minor + $5 WHERE shop_id = $1 AND staff_id = $2 AND day = $3 AND kind = $4 RETURNING amount_minor";
        return Ok(change.tx.query_opt(sql, &params, |row| row.get(0))?.unwrap_or(0));
    }
    let sql = "INSERT INTO spent_day (shop_id, staff_id, day, kind, amount_minor) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (shop_id, staff_id, day, kind) DO UPDATE SET amount_minor = spent_day.amount_minor + $5 RETURNING amount_minor";
    Ok(change.tx.query_opt(sql, &params, |row| row.get(0))?.unwrap_or(0))
}

/// Whether the actor would need an approval for this, to be shown; nothing is locked and nothing counted.
pub(crate) fn would_need(tx: &mut Tx<'_>, case: &CaseRow, context: &Context, kind: Spending, amount_minor: i64) -> Result<bool> {
    let day_minor = look(tx, case.shop, context.actor.id(), day(context.now), kind)?;
    let already = Spent { case_minor: on_case(tx, case, kind)?, day_minor };
    let limits = context.actor.who.limits(limits(tx, case.shop)?);
    let need = authority::needs_approval(&limits, context.actor.who.role, kind, amount_minor, already, None)?;
    Ok(matches!(need, Need::Approval(_)))
}

/// What somebody's day says at this moment.
fn look(tx: &mut Tx<'_>, shop: ShopId, who: Id, day: i64, kind: Spending) -> Result<i64> {
    let sql = "SELECT amount_minor FROM spent_day WHERE shop_id = $1 AND staff_id = $2 AND day = $3 AND kind = $4";
    Ok(tx.query_opt(sql, &values![shop, who, day, kind.as_str()], |row| row.get(0))?.unwrap_or(0))
}

fn on_case(tx: &mut Tx<'_>, case: &CaseRow, kind: Spending) -> Result<i64> {
    let sql = "SELECT kind, amount_minor FROM effect WHERE shop_id = $1 AND case_id = $2 AND amount_minor > 0 AND state NOT IN ('rejected', 'cancelled')";
    let rows = tx.query(sql, &values![case.shop, case.id], |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?)))?;
    let of_kind = rows.iter().filter(|(name, _)| Kind::parse(name).and_then(Kind::spends) == Some(kind));
    Ok(of_kind.map(|(_, amount)| amount).sum())
}
