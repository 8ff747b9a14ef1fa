//! Who hears of a promise before it breaks, and what happens when it does. Owns the timers of the ladder; the times are the domain's.

use crate::case::notice;
use crate::command::Change;
use crate::error::Result;
use crate::promise::{load, settle};
use crate::timer::Timer;
use crate::{calendar, task, timer};
use aftercare_domain::china;
use aftercare_domain::id::Id;
use aftercare_domain::people::Team;
use aftercare_domain::promise::{Promise, Rung, State, escalation};
use aftercare_domain::time::Micros;
use aftercare_store::values;
use serde_json::json;

/// Sets the timers of the ladder: owner, lead, supervisor, buyer, inside the owner's working hours.
pub(crate) fn lay(change: &mut Change<'_, '_>, promise: &Promise) -> Result<()> {
    let owner = calendar::of_team(change.tx, change.case.shop, promise.team)?;
    let desk = calendar::of_team(change.tx, change.case.shop, Team::Agent)?;
    for (at, rung) in escalation(promise.made_at, promise.due_at, &owner, &desk).steps {
        timer::set(change, "promise_step", promise.id, at, json!({ "rung": rung }));
    }
    Ok(())
}

/// One step of the ladder is due.
pub(crate) fn on_timer(change: &mut Change<'_, '_>, timer: &Timer) -> Result<()> {
    let Some(rung) = timer.body.get("rung").and_then(|rung| Rung::parse(rung.as_str()?)) else { return Ok(()) };
    let kept = load(change, timer.subject)?;
    let promise = kept.promise;
    if promise.state != State::Open {
        return Ok(());
    }
    let level = Rung::ALL.iter().position(|r| *r == rung).map_or(0, |n| n as i64 + 1);
    let sql = "UPDATE promise SET escalation = $3 WHERE shop_id = $1 AND id = $2";
    change.tx.execute(sql, &values![change.case.shop, promise.id, level])?;
    change.event("promise_escalated", json!({ "promise": promise.id, "rung": rung, "team": promise.team, "due_at": promise.due_at }));
    match rung {
        Rung::Owner | Rung::Lead => Ok(()),
        Rung::Supervisor => {
            change.mark("supervisor_told");
            let text = format!("承诺快到期，{}还没有兑现", promise.team.zh());
            task::tell(change, Team::Supervisor, "promise_at_risk", promise.id, &text)
        }
        Rung::Buyer => {
            let words = change.key()?.open("promise.text", &kept.text_sealed)?;
            tell_of_delay(change, promise.id, &words, promise.due_at)
        }
    }
}

/// Its due time has passed: broken, the case is flagged, and it binds until it is made good or a new time is agreed.
pub(crate) fn broke(change: &mut Change<'_, '_>, id: Id) -> Result<()> {
    let kept = load(change, id)?;
    let Some(broken) = kept.promise.run_out(change.context.now) else { return Ok(()) };
    settle(change, &broken, None, None)?;
    change.mark("bad_review_risk");
    change.event("promise_broken", json!({ "promise": id, "team": broken.team, "due_at": broken.due_at }));
    let text = format!("承诺已失约，{}没有兑现：请今天联系买家，办好或约新的时间", broken.team.zh());
    task::tell(change, Team::Supervisor, "promise_broken", id, &text)?;
    let words = change.key()?.open("promise.text", &kept.text_sealed)?;
    tell_of_delay(change, id, &words, broken.due_at)
}

/// The plain state, no new promise: a time that is not agreed is not offered.
fn tell_of_delay(change: &mut Change<'_, '_>, id: Id, words: &str, due_at: Micros) -> Result<()> {
    let due = local(due_at);
    let text = format!("您好，之前答应您的「{words}」（{due}前）目前还没有办完，抱歉让您久等。我们正在跟进，有结果马上告诉您。");
    notice::prepare(change, id, "told_delay", &text)?;
    Ok(())
}

/// Day and time as the buyer reads them.
pub(crate) fn local(at: Micros) -> String {
    china::local(at).strftime("%-m月%-d日%H:%M").to_string()
}
