//! Works on bulk jobs: claim with lease and fence, rehearse or do one row after the other, note each result.
//!
//! Owns the loop and the claims. Runs on every node. A person's word raises the fence: the row under way is finished and noted, the next is
//! not begun. A row whose result was not noted is done again under the same key, which does nothing twice.

use super::act::Ended;
use super::rehearse::Found;
use super::{COLUMNS, Job, TURN, Turn, pace, read, turn};
use crate::Desk;
use crate::error::{Error, Result};
use crate::job::Work;
use aftercare_domain::bulk::{Group, RowState, State, Word, next, retryable};
use aftercare_domain::id::ShopId;
use aftercare_domain::refusal::Refusal;
use aftercare_domain::time::{Micros, Span};
use aftercare_store::{Row, Tx, values};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// How long a claim keeps others away; renewed with every row.
const LEASE: Span = Span::seconds(30);
/// The longest sleep: what another node has set, or a pace that is over, is seen at the latest then.
const POLL: Duration = Duration::from_secs(2);

const CLAIM: &str = "WITH due AS MATERIALIZED (
    SELECT id AS due_id FROM bulk_job WHERE state IN ('checking', 'running') AND lease_until <= $1
    ORDER BY lease_until, id LIMIT 1 FOR UPDATE SKIP LOCKED)
  UPDATE bulk_job SET fence = fence + 1, lease_until = $2 FROM due WHERE id = due_id";

/// What the worker is to do next.
enum Step {
    Row(Box<Turn>),
    /// Nothing is due before then.
    Rest(Micros),
    /// Nothing is left.
    End,
    /// The claim stands no more.
    Lost,
}

impl Desk {
    /// Works on jobs until the program ends. Start it once per node.
    pub async fn run_bulk(self) {
        const WORK: Work = Work {
            name: "bulk jobs",
            poll: POLL,
            free: "UPDATE bulk_job SET lease_until = 0 WHERE state IN ('checking', 'running') AND lease_until > 0",
        };
        self.attend(WORK, || self.work_on_bulk()).await;
    }

    /// Works on every job that nobody else works on and that is not resting; answers how many rows were rehearsed or done.
    pub async fn work_on_bulk(&self) -> Result<usize> {
        let mut rows = 0;
        while let Some(job) = self.claim_bulk().await? {
            rows += match job.state {
                State::Checking => self.rehearse_all(job).await?,
                _ => self.do_all(&job).await?,
            };
        }
        Ok(rows)
    }

    async fn claim_bulk(&self) -> Result<Option<Job>> {
        let now = self.clock.now();
        let sql = format!("{CLAIM} RETURNING {COLUMNS}");
        self.store.write(move |tx| Ok::<_, Error>(tx.query_opt(&sql, &values![now, now + LEASE], read)?)).await
    }

    async fn rehearse_all(&self, mut job: Job) -> Result<usize> {
        let mut spent = self.rehearsed_so_far(&job).await?;
        let mut rows = 0;
        loop {
            match self.next_row(&job, "SELECT {} FROM bulk_row WHERE job_id = $1 AND state = 'new' ORDER BY n LIMIT 1").await? {
                Step::Row(turn) => {
                    let of_shop = spent.entry(turn.shop).or_default();
                    let found = self.rehearse(&job, &turn, *of_shop).await?;
                    let group = found.group();
                    if group == Group::Can && job.what.is_money() {
                        *of_shop += found.amount_minor;
                    }
                    if group != Group::Cannot && job.what.is_money() && job.currency.is_empty() {
                        job.currency.clone_from(&found.currency);
                    }
                    self.note_rehearsal(&job, &turn, found).await?;
                    rows += 1;
                }
                Step::End => {
                    self.end_bulk(&job).await?;
                    return Ok(rows);
                }
                Step::Rest(_) | Step::Lost => return Ok(rows),
            }
        }
    }

    async fn do_all(&self, job: &Job) -> Result<usize> {
        let mut rows = 0;
        loop {
            let sql = "SELECT {} FROM bulk_row WHERE job_id = $1 AND state = 'ready' ORDER BY not_before, n LIMIT 1";
            match self.next_row(job, sql).await? {
                Step::Row(turn) => {
                    let ended = self.do_row(job, &turn).await?;
                    self.note_result(job, &turn, ended).await?;
                    rows += 1;
                }
                Step::Rest(until) => {
                    let (id, fence) = (job.id, job.fence);
                    let sql = "UPDATE bulk_job SET lease_until = $3 WHERE id = $1 AND fence = $2";
                    self.store.write(move |tx| Ok::<_, Error>(tx.execute(sql, &values![id, fence, until])?)).await?;
                    return Ok(rows);
                }
                Step::End => {
                    self.end_bulk(job).await?;
                    return Ok(rows);
                }
                Step::Lost => return Ok(rows),
            }
        }
    }

    /// Renews the claim and says what is next. A refund whose order has just had one rests for the order's gap.
    async fn next_row(&self, job: &Job, sql: &'static str) -> Result<Step> {
        let (job, now, sql) = (job.clone(), self.clock.now(), sql.replace("{}", TURN));
        self.store
            .write(move |tx| {
                if !stands(tx, &job)? {
                    return Ok::<_, Error>(Step::Lost);
                }
                tx.execute("UPDATE bulk_job SET lease_until = $2 WHERE id = $1", &values![job.id, now + LEASE])?;
                loop {
                    let Some(turn) = tx.query_opt(&sql, &values![job.id], turn)? else { return Ok(Step::End) };
                    if turn.not_before > now {
                        return Ok(Step::Rest(turn.not_before));
                    }
                    let running = job.state == State::Running && job.what.is_money();
                    let rests = match turn.order.filter(|_| running) {
                        Some(order) => pace::order_rests(tx, turn.shop, order, now)?,
                        None => None,
                    };
                    let Some(until) = rests else { return Ok(Step::Row(Box::new(turn))) };
                    tx.execute("UPDATE bulk_row SET not_before = $3 WHERE job_id = $1 AND n = $2", &values![job.id, turn.n, until])?;
                }
            })
            .await
    }

    /// What rows rehearsed before a claim would spend, per shop.
    async fn rehearsed_so_far(&self, job: &Job) -> Result<BTreeMap<ShopId, i64>> {
        let id = job.id;
        let sql = "SELECT shop_id, CAST(SUM(amount_minor) AS BIGINT) FROM bulk_row WHERE job_id = $1 AND grp = 'can' GROUP BY shop_id";
        let read = |row: &Row| Ok((row.get::<ShopId>(0)?, row.get::<i64>(1)?));
        let sums = self.store.read(move |tx| Ok::<_, Error>(tx.query(sql, &values![id], read)?)).await?;
        Ok(sums.into_iter().collect())
    }

    async fn note_rehearsal(&self, job: &Job, turn: &Turn, found: Found) -> Result<()> {
        let (id, currency, n) = (job.id, job.currency.clone(), turn.n);
        let group = found.group();
        let state = if group == Group::Cannot { RowState::Refused } else { RowState::Ready };
        let (code, why) = told(found.why.as_ref());
        self.store
            .write(move |tx| {
                let sql =
                    "UPDATE bulk_row SET order_id = $3, seen_version = $4, amount_minor = $5, grp = $6, state = $7, code = $8, why = $9
                    WHERE job_id = $1 AND n = $2 AND state = 'new'";
                let row = values![id, n, found.order, found.version, found.amount_minor, group.as_str(), state.as_str(), code, &why];
                tx.execute(sql, &row)?;
                tx.execute("UPDATE bulk_job SET currency = $2, version = version + 1 WHERE id = $1", &values![id, currency.as_str()])?;
                Ok::<_, Error>(())
            })
            .await
    }

    /// Notes what became of a row. No fence is asked: it was done, whoever has the job by now; noted twice it stays as it is.
    async fn note_result(&self, job: &Job, turn: &Turn, ended: Ended) -> Result<()> {
        let (id, n, now) = (job.id, turn.n, self.clock.now());
        let (code, why) = told(ended.why.as_ref());
        let again = retryable(ended.state, ended.why.as_ref().map(|why| why.code));
        self.store
            .write(move |tx| {
                let sql = "UPDATE bulk_row SET state = $3, code = $4, why = $5, retry = $6, approval_id = COALESCE($7, approval_id), ended_at = $8
                    WHERE job_id = $1 AND n = $2 AND state = 'ready'";
                tx.execute(sql, &values![id, n, ended.state.as_str(), code, &why, again, ended.approval, now])?;
                tx.execute("UPDATE bulk_job SET version = version + 1 WHERE id = $1", &values![id])?;
                Ok::<_, Error>(())
            })
            .await
    }

    async fn end_bulk(&self, job: &Job) -> Result<()> {
        let (job, now) = (job.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                if stands(tx, &job)? {
                    let state = next(job.state, Word::End)?;
                    let ended = (state == State::Done).then_some(now);
                    let sql = "UPDATE bulk_job SET state = $2, ended_at = $3, lease_until = 0, version = version + 1 WHERE id = $1";
                    tx.execute(sql, &values![job.id, state.as_str(), ended])?;
                }
                Ok::<_, Error>(())
            })
            .await
    }
}

/// Whether the claim still stands: a later claim, or a person's word, has raised the fence.
fn stands(tx: &mut Tx<'_>, job: &Job) -> Result<bool> {
    let sql = "SELECT fence FROM bulk_job WHERE id = $1 FOR UPDATE";
    Ok(tx.query_opt(sql, &values![job.id], |row| row.get::<i64>(0))? == Some(job.fence))
}

/// A refusal as a row keeps it: its code, and its words in both languages, which hold nothing personal.
fn told(why: Option<&Refusal>) -> (&'static str, Value) {
    why.map_or(("", Value::Null), |why| (why.code.as_str(), json!({ "zh": why.message(true), "en": why.message(false) })))
}
