//! Fires the timers that are due: claim with lease and fence, fire in order of time, back off from what fails.
//!
//! Owns the loop and the claims. Runs on every node; a row that one node has claimed is skipped by the others.

use super::{NO_CASE, Timer, dispatch, loose, take};
use crate::case::row::CaseRow;
use crate::command::{self, CaseRef};
use crate::error::{Error, Result};
use crate::{Context, Desk};
use aftercare_domain::people::Action;
use aftercare_domain::time::{Micros, Span};
use aftercare_store::{DbError, Row, values};
use serde_json::json;
use std::time::Duration;

/// Timers claimed in one go.
const BATCH: i64 = 32;
/// How long a claim keeps others away; longer after each failure, up to 64 times.
const LEASE: Span = Span::minutes(1);
/// The longest sleep: what another node has set is seen at the latest then.
const POLL: Duration = Duration::from_secs(5);
/// The shortest sleep while something due is claimed elsewhere.
const PAUSE: Duration = Duration::from_millis(200);

const CLAIM: &str = "WITH due AS MATERIALIZED (
    SELECT shop_id AS due_shop, id AS due_id FROM timer WHERE due_at <= $1 AND lease_until <= $1 ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED)
  UPDATE timer SET fence = fence + 1, lease_until = $1 + $3 * CASE WHEN fence < 6 THEN 1 + fence * fence ELSE 64 END
  FROM due WHERE shop_id = due_shop AND id = due_id RETURNING shop_id, id, case_id, kind, subject_id, due_at, fence, body";

fn read(row: &Row) -> std::result::Result<Timer, DbError> {
    Ok(Timer {
        shop: row.get(0)?,
        id: row.get(1)?,
        case: row.get(2)?,
        kind: row.get(3)?,
        subject: row.get(4)?,
        due_at: row.get(5)?,
        fence: row.get(6)?,
        body: row.get(7)?,
    })
}

impl Desk {
    /// Fires timers until the program ends. Start it once per node.
    pub async fn run_timers(self) {
        loop {
            let woken = self.work.notified();
            let mut sleep = POLL;
            match self.fire_due_timers().await {
                Ok(_) => match self.next_timer().await {
                    Ok(Some(due)) => {
                        let ahead = u64::try_from((due - self.clock.now()).as_millis()).unwrap_or(0);
                        sleep = Duration::from_millis(ahead).clamp(PAUSE, POLL);
                    }
                    Ok(None) => {}
                    Err(error) => tracing::error!(%error, "timers cannot be read"),
                },
                Err(Error::Db(DbError::Closed)) => return,
                Err(error) => tracing::error!(%error, "timers cannot be claimed"),
            }
            // Both ends of the wait mean the same: look again.
            let _ = tokio::time::timeout(sleep, woken).await;
        }
    }

    /// Fires everything due by the desk's clock, in order; answers how many fired. One that fails is left for a later claim.
    pub async fn fire_due_timers(&self) -> Result<usize> {
        let mut fired = 0;
        loop {
            let now = self.clock.now();
            let mut claimed = self.store.write(move |tx| Ok::<_, Error>(tx.query(CLAIM, &values![now, BATCH, LEASE], read)?)).await?;
            if claimed.is_empty() {
                return Ok(fired);
            }
            claimed.sort_by_key(|timer| (timer.due_at, timer.id));
            for timer in claimed {
                let (id, kind) = (timer.id, timer.kind.clone());
                match self.fire(timer, now).await {
                    Ok(done) => fired += usize::from(done),
                    Err(error) => tracing::error!(%error, timer = %id, kind, "a timer failed and is tried again later"),
                }
            }
        }
    }

    /// With a hand-moved clock: stops at every due time up to `until`, fires, and ends there. Otherwise fires what is due.
    pub async fn run_due_timers(&self, until: Micros) -> Result<usize> {
        let mut fired = 0;
        while let Some(due) = self.next_timer().await?.filter(|due| *due <= until) {
            if let Some(clock) = self.clock.by_hand() {
                clock.move_to(due);
            }
            match self.fire_due_timers().await? {
                0 => break,
                some => fired += some,
            }
        }
        if let Some(clock) = self.clock.by_hand() {
            clock.move_to(until);
        }
        Ok(fired + self.fire_due_timers().await?)
    }

    /// When the next timer is due that nobody has claimed.
    pub async fn next_timer(&self) -> Result<Option<Micros>> {
        let now = self.clock.now();
        let sql = "SELECT due_at FROM timer WHERE lease_until <= $1 ORDER BY due_at, id LIMIT 1";
        self.store.read(move |tx| Ok::<_, Error>(tx.query_opt(sql, &values![now], |row| row.get(0))?)).await
    }

    /// Fires one timer; false when somebody else has.
    async fn fire(&self, timer: Timer, now: Micros) -> Result<bool> {
        if timer.case == NO_CASE {
            return loose(self, timer, now).await;
        }
        let at = CaseRef { shop: timer.shop, id: timer.case };
        match self.in_change(timer.clone(), now, at, dispatch).await {
            // A refusal says that what the timer was for no longer fits. It is kept on record instead of being tried for ever.
            Err(Error::Refused(refusal)) => {
                tracing::warn!(%refusal, kind = timer.kind, "a timer was refused");
                let code = refusal.code.as_str();
                let note = move |change: &mut command::Change<'_, '_>, timer: &Timer| {
                    change.event("timer_refused", json!({ "kind": timer.kind, "subject": timer.subject, "code": code }));
                    Ok(())
                };
                self.in_change(timer, now, at, note).await
            }
            outcome => outcome,
        }
    }

    async fn in_change<F>(&self, timer: Timer, now: Micros, at: CaseRef, decide: F) -> Result<bool>
    where
        F: Fn(&mut command::Change<'_, '_>, &Timer) -> Result<()> + Send + 'static,
    {
        let (tools, context) = (self.tools(), Context::desk(now));
        let changed = self
            .store
            .write(move |tx| {
                // The case first, as every command does: two of them never wait for each other in a ring.
                CaseRow::lock(tx, at.shop, at.id)?;
                if !take(tx, &timer)? {
                    return Ok(None);
                }
                let mut decide = |change: &mut command::Change<'_, '_>| decide(change, &timer).map(|()| json!({}));
                command::run(tx, &tools, &context, at, Action::Wait.into(), &mut decide).map(Some)
            })
            .await?;
        if let Some(changed) = &changed {
            self.announce(at, changed.version);
        }
        Ok(changed.is_some())
    }
}
