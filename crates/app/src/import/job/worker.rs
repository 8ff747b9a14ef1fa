//! Works on import jobs: claim with lease and fence, read the file, go on batch by batch from where the last one ended.
//!
//! Owns the loop and the claims. Runs on every node; a batch is written only while its claim stands and nobody has paused the job.

use super::part::{Kind, replace};
use super::{COLUMNS, Figures, Job, State, read};
use crate::error::{Error, Result, not_found};
use crate::import::invoice::{self, Invoice};
use crate::import::{BATCH, Fault, Mapping, Report, Table};
use crate::job::Work;
use crate::order::{NewOrder, SealedBuyer, make};
use crate::safety::{Safety, holds};
use crate::{Context, Desk};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::import::{Word, next};
use aftercare_domain::time::{Micros, Span};
use aftercare_store::{DbError, Tx, values};
use serde_json::json;
use std::time::Duration;

/// How long a claim keeps others away: longer than reading the largest file takes, renewed with every batch.
const LEASE: Span = Span::seconds(30);
/// The longest sleep: what another node has set, or left behind, is seen at the latest then.
const POLL: Duration = Duration::from_secs(3);

const CLAIM: &str = "WITH due AS MATERIALIZED (
    SELECT shop_id AS due_shop, id AS due_id FROM import_job WHERE state IN ('checking', 'running', 'undoing') AND lease_until <= $1
    ORDER BY lease_until, id LIMIT 1 FOR UPDATE SKIP LOCKED)
  UPDATE import_job SET fence = fence + 1, lease_until = $2 FROM due WHERE shop_id = due_shop AND id = due_id";

/// The file as it is to be written.
struct Content {
    purchases: Vec<Invoice>,
    faults: Vec<Fault>,
    figures: Figures,
}

impl Desk {
    /// Works on jobs until the program ends. Start it once per node.
    pub async fn run_imports(self) {
        const WORK: Work = Work {
            name: "imports",
            poll: POLL,
            free: "UPDATE import_job SET lease_until = 0 WHERE state IN ('checking', 'running', 'undoing') AND lease_until > 0",
        };
        self.attend(WORK, || self.work_on_imports()).await;
    }

    /// Works on every job that nobody else works on; answers how many pieces of work ended.
    pub async fn work_on_imports(&self) -> Result<usize> {
        let mut ended = 0;
        while let Some(job) = self.claim_import().await? {
            match job.state {
                State::Undoing => self.undo_import(&job).await?,
                _ => self.take_in(&job).await?,
            }
            ended += 1;
        }
        self.tidy_imports().await?;
        Ok(ended)
    }

    async fn claim_import(&self) -> Result<Option<Job>> {
        let now = self.clock.now();
        let sql = format!("{CLAIM} RETURNING {COLUMNS}");
        self.store.write(move |tx| Ok::<_, Error>(tx.query_opt(&sql, &values![now, now + LEASE], read)?)).await
    }

    /// A dry run or a run. A file that cannot be read as a whole ends the job with the reason.
    async fn take_in(&self, job: &Job) -> Result<()> {
        let mapping = job.mapping.clone().ok_or_else(|| not_found("file"))?;
        let name = job.name(&self.vault);
        let bytes = self.import_bytes(job, Kind::File).await?;
        let (rule, file) = (mapping.clone(), name.clone());
        let content = tokio::task::spawn_blocking(move || content(&file, &bytes, &rule));
        match content.await.map_err(|error| DbError::Shape(error.to_string()))? {
            Ok(content) => self.batches(job, &mapping, content).await,
            Err(problem) => self.end_import(job, Word::Fail, Figures::default(), None, problem).await,
        }
    }

    async fn batches(&self, job: &Job, mapping: &Mapping, content: Content) -> Result<()> {
        let total = content.purchases.len();
        let mut figures = if job.done == 0 { content.figures } else { job.figures.clone() };
        let begin = usize::try_from(job.done).unwrap_or(0).min(total);
        let mut done = begin;
        for batch in content.purchases[begin..].chunks(BATCH) {
            match self.batch(job, mapping, batch, (done, total), figures.clone()).await {
                Ok(Some(after)) => figures = after,
                Ok(None) => return Ok(()),
                // A refusal would be the same at every try; what was made until here can be undone.
                Err(Error::Refused(refusal)) => return self.end_import(job, Word::Fail, figures, None, refusal.to_string()).await,
                Err(fault) => return Err(fault),
            }
            done += batch.len();
        }
        let report = Report { faults: content.faults, ..Report::default() };
        let errors = report.error_file().map_err(|error| DbError::Shape(error.to_string()))?;
        self.end_import(job, Word::End, figures, Some(errors), String::new()).await
    }

    /// Writes one batch, or in a dry run only looks; the figures after it. Nothing when the claim stands no more.
    async fn batch(
        &self,
        job: &Job,
        mapping: &Mapping,
        batch: &[Invoice],
        at: (usize, usize),
        figures: Figures,
    ) -> Result<Option<Figures>> {
        let context = Context::desk(self.clock.now());
        let orders: Vec<(NewOrder, Option<SealedBuyer>)> = batch.iter().map(|invoice| self.order_of(&context, mapping, invoice)).collect();
        let (job, now, dry) = (job.clone(), context.now, job.state == State::Checking);
        let (begin, total) = at;
        let written = self.store.write(move |tx| {
            if !stands(tx, &job)? {
                return Ok(None);
            }
            let mut figures = figures.clone();
            for (n, (order, buyer)) in orders.iter().enumerate() {
                let known = "SELECT id FROM orders WHERE shop_id = $1 AND order_no = $2";
                if tx.query_opt(known, &values![job.shop, &order.order_no], |row| row.get::<Id>(0))?.is_some() {
                    figures.orders_known += 1;
                    continue;
                }
                figures.orders_new += 1;
                figures.lines_new += order.lines.len() as u64;
                figures.lines_minor += order.paid_minor();
                if !dry {
                    let made = make(tx, job.shop, now, order, buyer.as_ref())?;
                    let row = values![job.shop, job.id, (begin + n) as i64, made];
                    tx.insert("import_made", &["shop_id", "job_id", "n", "order_id"], row);
                }
            }
            let next = if holds(Safety::ImportPlace) { begin + orders.len() } else { 0 };
            progress(tx, &job, next, total, &figures, now)?;
            Ok::<_, Error>(Some(figures))
        });
        written.await
    }

    /// The work has ended: the next state, the figures, the error list.
    pub(super) async fn end_import(&self, job: &Job, word: Word, figures: Figures, errors: Option<Vec<u8>>, problem: String) -> Result<()> {
        let (job, now) = (job.clone(), self.clock.now());
        let key = job.key(&self.vault)?;
        self.store
            .write(move |tx| {
                if !stands(tx, &job)? {
                    return Ok::<_, Error>(());
                }
                let state = next(job.state, word)?;
                let ended = (state != State::Checked).then_some(now);
                let sql =
                    "UPDATE import_job SET state = $3, report = $4, problem = $5, ended_at = $6, lease_until = 0, version = version + 1
                    WHERE shop_id = $1 AND id = $2";
                tx.execute(sql, &values![job.shop, job.id, state.as_str(), json!(figures), &problem, ended])?;
                if let Some(errors) = &errors {
                    replace(tx, &job, &key, Kind::Errors, errors)?;
                }
                Ok(())
            })
            .await
    }
}

fn content(name: &str, bytes: &[u8], mapping: &Mapping) -> std::result::Result<Content, String> {
    let table = Table::read(name, bytes, mapping)?;
    let rows = table.len() as u64;
    let (invoices, faults) = invoice::read(std::slice::from_ref(&table), mapping)?;
    drop(table);
    let (cancellations, purchases): (Vec<Invoice>, Vec<Invoice>) = invoices.into_iter().partition(|invoice| invoice.cancels);
    let left_alone = cancellations.iter().map(|invoice| invoice.lines.len() as u64).sum();
    let figures = Figures { rows, rows_bad: faults.len() as u64, left_alone, ..Figures::default() };
    Ok(Content { purchases, faults, figures })
}

/// Whether the claim still stands: a later claim, or a person's word, has raised the fence.
pub(super) fn stands(tx: &mut Tx<'_>, job: &Job) -> Result<bool> {
    let sql = "SELECT fence FROM import_job WHERE shop_id = $1 AND id = $2 FOR UPDATE";
    Ok(tx.query_opt(sql, &values![job.shop, job.id], |row| row.get::<i64>(0))? == Some(job.fence))
}

/// Notes where the work stands, in the transaction of what was done, and renews the lease.
pub(super) fn progress(tx: &mut Tx<'_>, job: &Job, done: usize, total: usize, figures: &Figures, now: Micros) -> Result<()> {
    let sql =
        "UPDATE import_job SET done = $3, total = $4, report = $5, lease_until = $6, version = version + 1 WHERE shop_id = $1 AND id = $2";
    let params = values![job.shop, job.id, done as i64, total as i64, json!(figures), now + LEASE];
    tx.execute(sql, &params)?;
    Ok(())
}

/// The shop's orders that a job has made, from a place on.
pub(super) fn made(tx: &mut Tx<'_>, shop: ShopId, job: Id, from: i64, limit: i64) -> Result<Vec<(i64, Id)>> {
    let sql = "SELECT n, order_id FROM import_made WHERE shop_id = $1 AND job_id = $2 AND n >= $3 ORDER BY n LIMIT $4";
    Ok(tx.query(sql, &values![shop, job, from, limit], |row| Ok((row.get(0)?, row.get(1)?)))?)
}
