//! A person's word to a job: start, pause, go on, stop, try again. Owns writing the new state and waking the worker.

use super::view::{BulkJob, Counts, viewed};
use super::{Job, pace};
use crate::error::{Result, bad_input};
use crate::{Context, Desk, audit};
use aftercare_domain::bulk::{State, Word, confirmed, next};
use aftercare_domain::id::Id;
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What the job is to do.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SteerBulk {
    /// start, pause, resume, stop or retry.
    #[schema(value_type = String)]
    pub word: Word,
    /// With `start`, above the shop's bound: the sum of what moves, as typed, minor units.
    #[serde(default)]
    pub confirm_minor: Option<i64>,
    /// With `start`: rows that need an approval ask for it; absent: they do.
    #[serde(default)]
    pub ask_approvals: Option<bool>,
}

impl Desk {
    /// Carries the word out. The same word again is refused by the state it led to, so that no key is needed.
    pub async fn steer_bulk(&self, context: &Context, id: Id, steer: SteerBulk) -> Result<BulkJob> {
        let word = steer.word;
        if word == Word::End {
            return Err(bad_input("word", "one of start, pause, resume, stop, retry"));
        }
        let (now, actor) = (context.now, context.actor.clone());
        let job = self.store.write(move |tx| {
            let mut job = Job::load(tx, &actor, id, true)?;
            let state = next(job.state, word)?;
            if word == Word::Start {
                let counts = Counts::of(tx, &[id])?.remove(&id).unwrap_or_default();
                confirmed(counts.can_minor, job.above_minor, steer.confirm_minor)?;
                job.asks = steer.ask_approvals.unwrap_or(true);
                if !job.asks {
                    let sql = "UPDATE bulk_row SET state = 'refused' WHERE job_id = $1 AND state = 'ready' AND grp = 'approval'";
                    tx.execute(sql, &values![id])?;
                }
            }
            if word == Word::Retry {
                let sql = "UPDATE bulk_row SET state = 'ready', retry = 0, code = '', why = 'null', not_before = 0, ended_at = NULL
                    WHERE job_id = $1 AND retry = 1";
                tx.execute(sql, &values![id])?;
            }
            if state == State::Running {
                pace::plan(tx, &job, now)?;
            }
            let began = if matches!(word, Word::Start | Word::Retry) { Some(now) } else { job.work_began_at };
            let ended = (state == State::Stopped).then_some(now);
            let sql = "UPDATE bulk_job SET state = $2, asks = $3, work_began_at = $4, ended_at = $5, fence = fence + 1, lease_until = 0,
                version = version + 1 WHERE id = $1";
            tx.execute(sql, &values![id, state.as_str(), job.asks, began, ended])?;
            audit::note(tx, &actor, None, "bulk_steered", &id.to_string(), &json!({ "word": word, "state": state }), now);
            let job = Job::load(tx, &actor, id, false)?;
            viewed(tx, job, now)
        });
        let job = job.await?;
        self.work.notify_waiters();
        Ok(job)
    }
}
