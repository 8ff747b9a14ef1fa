//! Waiting for somebody, with an end. Owns the command, the reminder half way, and what a wait that ran out leaves on record.

use crate::case::{deadline, notice};
use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::error::{Result, bad_input};
use crate::promise::by_hand::words;
use crate::timer::{self, Timer};
use crate::{Context, Desk, task};
use aftercare_domain::case::WaitingOn;
use aftercare_domain::id::Id;
use aftercare_domain::people::{Action, Team};
use aftercare_domain::time::{Micros, Span};
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Whom the case waits for.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    /// agent, buyer, supervisor, warehouse, finance, carrier, technician, platform.
    pub on: String,
    /// Hours until the shop moves again; 48 when absent.
    #[serde(default)]
    pub until_h: Option<i64>,
    /// What is waited for; sealed as a note.
    pub reason: String,
}

/// The clock of a wait; its `rule` says for whom.
pub(crate) const CLOCK: &str = "wait";
/// From this length on the buyer is reminded half way.
const REMINDED_FROM_H: i64 = 24;

impl Desk {
    /// Says whose move it is, and until when. Another wait takes the place of the one before.
    pub async fn wait(&self, context: &Context, at: CaseRef, input: Wait) -> Result<Changed> {
        let on = WaitingOn::parse(&input.on)
            .ok_or_else(|| bad_input("on", "agent, buyer, supervisor, warehouse, finance, carrier, technician or platform"))?;
        let hours = input.until_h.unwrap_or(48);
        if !(1..=24 * 60).contains(&hours) {
            return Err(bad_input("until_h", "1 to 1440"));
        }
        words("reason", &input.reason)?;
        let repeat = Repeat::of(context, format!("wait/{}", at.id), &input);
        let reason = self.case_key(at).await?.seal("contact.body", &input.reason);
        self.change(context, at, Action::Wait, false, repeat, move |change| {
            let (id, due_at) = wait_for(change, on, hours, reason.clone())?;
            Ok(json!({ "deadline_id": id, "until": due_at }))
        })
        .await
    }
}

/// Lets the case wait for `on`, in place of any wait before; the reason is sealed for `contact.body`. Answers the clock and its end.
pub(crate) fn wait_for(change: &mut Change<'_, '_>, on: WaitingOn, hours: i64, reason: Vec<u8>) -> Result<(Id, Micros)> {
    change.must_be_open()?;
    deadline::end(change, CLOCK, None, "void")?;
    let (now, due_at) = (change.context.now, change.context.now + Span::hours(hours));
    let new = deadline::NewDeadline {
        clock: CLOCK.into(),
        label: format!("等待{}", on.zh()),
        source: "follow_up".into(),
        rule: on.as_str().into(),
        started_at: now,
        due_at: Some(due_at),
        at_zero: "notify".into(),
        subject: None,
    };
    let id = deadline::open(change, new);
    if on == WaitingOn::Buyer && hours >= REMINDED_FROM_H {
        timer::set(change, "wait_reminder", id, now + Span::minutes(hours * 30), json!({}));
    }
    super::contact::note(change, reason);
    change.event("waiting", json!({ "deadline": id, "on": on, "until": due_at }));
    Ok((id, due_at))
}

/// Half of the wait for the buyer has gone: words of reminder lie ready.
pub(crate) fn on_reminder(change: &mut Change<'_, '_>, timer: &Timer) -> Result<()> {
    let sql = "SELECT 1 FROM deadline WHERE shop_id = $1 AND id = $2 AND ended_at IS NULL";
    if change.tx.query_opt(sql, &values![change.case.shop, timer.subject], |_| Ok(()))?.is_some() {
        let text = "您好，之前的问题还在等您的回复。您方便时看一下就好，有任何疑问随时找我。";
        notice::prepare(change, timer.subject, "reminded", text)?;
        change.event("buyer_to_be_reminded", json!({ "deadline": timer.subject }));
    }
    Ok(())
}

/// The buyer spoke: nobody waits for them any more, and an earlier silence no longer counts.
pub(crate) fn buyer_spoke(change: &mut Change<'_, '_>) -> Result<()> {
    if let Some(marks) = change.case.marks.as_object_mut() {
        marks.remove("wait_ran_out");
    }
    let sql = "SELECT id FROM deadline WHERE shop_id = $1 AND case_id = $2 AND clock = $3 AND rule = 'buyer' AND ended_at IS NULL LIMIT 5";
    let waits = change.tx.query(sql, &values![change.case.shop, change.case.id, CLOCK], |row| row.get::<Id>(0))?;
    for id in waits {
        timer::cancel(change, "wait_reminder", id)?;
        notice::drop_unsent(change, id)?;
        deadline::end_one(change, id, "met")?;
    }
    Ok(())
}

/// Nobody came: it is the shop's move again. After a wait for the buyer, closing by time-out is open.
pub(crate) fn ran_out(change: &mut Change<'_, '_>, deadline: Id) -> Result<()> {
    let sql = "SELECT rule FROM deadline WHERE shop_id = $1 AND id = $2";
    let on = change.tx.query_opt(sql, &values![change.case.shop, deadline], |row| row.get::<String>(0))?.unwrap_or_default();
    change.event("wait_ran_out", json!({ "deadline": deadline, "on": on }));
    notice::drop_unsent(change, deadline)?;
    deadline::end_one(change, deadline, "missed")?;
    if on == WaitingOn::Buyer.as_str() {
        change.mark("wait_ran_out");
        return Ok(());
    }
    let whom = WaitingOn::parse(&on).map_or("对方", WaitingOn::zh);
    task::tell(change, Team::Agent, "wait_over", deadline, &format!("等{whom}的时间到了，还没有结果：请催办或换个办法"))
}
