//! Writes exports in the background: claim with lease and fence, page after page, piece after piece. A job cut off begins anew.
//!
//! Owns the loop, the claims and the bound on rows. The person's sight is looked up anew: whoever lost a shop meanwhile gets nothing of it.

use super::ask::{ExportOf, NewExport};
use super::file::{Fault, Sink};
use super::{COLUMNS, Job, read};
use crate::error::{Error, Result, not_found};
use crate::figures::Period;
use crate::job::Work;
use crate::queue::View;
use crate::{Context, Desk, audit};
use aftercare_domain::case::Sort;
use aftercare_domain::export::{Cell, ROWS, State};
use aftercare_domain::time::Span;
use aftercare_store::vault::DataKey;
use aftercare_store::{DbError, values};
use serde_json::json;
use std::time::Duration;
use tokio::sync::mpsc;

/// How long a claim keeps others away; renewed with every page.
const LEASE: Span = Span::seconds(60);
/// The longest sleep.
const POLL: Duration = Duration::from_secs(5);

const CLAIM: &str = "WITH due AS MATERIALIZED (
    SELECT staff_id AS due_staff, id AS due_id FROM export_job WHERE state IN ('waiting', 'running') AND lease_until <= $1
    ORDER BY lease_until, id LIMIT 1 FOR UPDATE SKIP LOCKED)
  UPDATE export_job SET fence = fence + 1, lease_until = $2, state = 'running', began_at = $1, done = 0 FROM due
  WHERE staff_id = due_staff AND id = due_id";

/// Why writing ends before its time.
#[derive(Debug)]
pub(super) enum Halt {
    /// The claim stands no more: stopped by its person, or taken over.
    Gone,
    /// A refusal, or a fault of the database.
    Error(Error),
    /// The file itself cannot be written.
    File(Fault),
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<Fault> for Halt {
    fn from(fault: Fault) -> Self {
        Self::File(fault)
    }
}

/// What a step of writing answers.
pub(super) type Outcome<T = ()> = std::result::Result<T, Halt>;

/// The file in the making, and where its pieces go.
pub(super) struct Out<'d> {
    desk: &'d Desk,
    job: Job,
    key: DataKey,
    sink: Sink,
    rows: usize,
    pieces: i64,
    size: i64,
    cut: bool,
}

impl Out<'_> {
    /// Begins a table.
    pub(super) fn table(&mut self, title: &str, headings: &[&str], alone: bool) -> Outcome {
        Ok(self.sink.table(title, headings, alone)?)
    }

    /// One row; false when the file is full.
    pub(super) fn row(&mut self, cells: &[Cell]) -> Outcome<bool> {
        if self.rows >= ROWS {
            self.cut = true;
            return Ok(false);
        }
        self.sink.row(cells)?;
        self.rows += 1;
        Ok(true)
    }

    /// Keeps the pieces that are full, and where the work stands.
    pub(super) async fn page(&mut self) -> Outcome {
        let full = self.sink.full()?;
        self.keep(full).await
    }

    async fn keep(&mut self, pieces: Vec<Vec<u8>>) -> Outcome {
        let from = self.pieces;
        self.pieces += pieces.len() as i64;
        self.size += pieces.iter().map(|piece| piece.len() as i64).sum::<i64>();
        let sealed: Vec<Vec<u8>> = pieces.iter().map(|piece| self.key.seal_bytes("export_part", piece)).collect();
        let (job, rows, until) = (self.job.clone(), self.rows as i64, self.desk.clock.now() + LEASE);
        let stands = self.desk.store.write(move |tx| {
            let sql = "UPDATE export_job SET done = $4, lease_until = $5 WHERE staff_id = $1 AND id = $2 AND fence = $3";
            if tx.execute(sql, &values![job.staff, job.id, job.fence, rows, until])? == 0 {
                return Ok(false);
            }
            for (n, sealed) in (from..).zip(&sealed) {
                tx.insert("export_part", &["job_id", "n", "bytes_sealed"], values![job.id, n, sealed.clone()]);
            }
            Ok::<_, Error>(true)
        });
        if stands.await? { Ok(()) } else { Err(Halt::Gone) }
    }

    /// The rest of the file. Packing a workbook takes a while and is done beside.
    async fn finish(mut self) -> Outcome {
        let (give, mut pieces) = mpsc::channel::<Vec<u8>>(2);
        let sink = std::mem::replace(&mut self.sink, Sink::new(self.job.format));
        let packing = tokio::task::spawn_blocking(move || {
            // Nobody takes the pieces any more when the job was stopped.
            sink.finish(|piece| drop(give.blocking_send(piece)))
        });
        while let Some(piece) = pieces.recv().await {
            self.keep(vec![piece]).await?;
        }
        packing.await.map_err(|error| Halt::File(error.to_string()))??;
        let Self { desk, job, rows, size, cut, .. } = self;
        let now = desk.clock.now();
        let stands = desk.store.write(move |tx| {
            let sql = "UPDATE export_job SET state = $4, done = $5, size = $6, cut = $7, ended_at = $8, lease_until = 0
                WHERE staff_id = $1 AND id = $2 AND fence = $3";
            let row = values![job.staff, job.id, job.fence, State::Done.as_str(), rows as i64, size, i64::from(cut), now];
            if tx.execute(sql, &row)? == 0 {
                return Ok(false);
            }
            let about = json!({ "kind": job.kind, "format": job.format, "rows": rows, "cut": cut });
            audit::note(tx, &Context::desk(now).actor, None, "export_written", &job.id.to_string(), &about, now);
            Ok::<_, Error>(true)
        });
        if stands.await? { Ok(()) } else { Err(Halt::Gone) }
    }
}

impl Desk {
    /// Writes exports until the program ends. Start it once per node.
    pub async fn run_exports(self) {
        const WORK: Work = Work {
            name: "exports",
            poll: POLL,
            free: "UPDATE export_job SET lease_until = 0 WHERE state IN ('waiting', 'running') AND lease_until > 0",
        };
        self.attend(WORK, || self.work_on_exports()).await;
    }

    /// Writes every export that nobody else writes; answers how many ended.
    pub async fn work_on_exports(&self) -> Result<usize> {
        let mut ended = 0;
        while let Some(job) = self.claim_export().await? {
            match self.write_export(&job).await {
                Ok(()) | Err(Halt::Gone) => {}
                Err(Halt::Error(Error::Refused(refusal))) => self.fail_export(&job, refusal.code.as_str()).await?,
                Err(Halt::Error(error)) => return Err(error),
                Err(Halt::File(fault)) => {
                    tracing::error!(export = %job.id, fault, "a file cannot be written");
                    self.fail_export(&job, "internal").await?;
                }
            }
            ended += 1;
        }
        self.tidy_exports().await?;
        Ok(ended)
    }

    async fn claim_export(&self) -> Result<Option<Job>> {
        let now = self.clock.now();
        let sql = format!("{CLAIM} RETURNING {COLUMNS}");
        self.store
            .write(move |tx| {
                let job = tx.query_opt(&sql, &values![now, now + LEASE], read)?;
                if let Some(job) = &job {
                    // What somebody before wrote of it is not gone on with.
                    tx.execute("DELETE FROM export_part WHERE job_id = $1", &values![job.id])?;
                }
                Ok::<_, Error>(job)
            })
            .await
    }

    async fn write_export(&self, job: &Job) -> Outcome {
        let key = job.key(&self.vault)?;
        let sealed = job.asked_sealed.as_ref().ok_or_else(|| not_found("export"))?;
        let asked = key.open("export_job.asked", sealed).map_err(Error::from)?;
        let new: NewExport = serde_json::from_str(&asked).map_err(|error| Error::Db(DbError::Shape(error.to_string())))?;
        let context = self.context(self.actor_of(job.staff, None).await?);
        new.what.may(&context)?;
        let words = self.export_words(new.lang.as_deref() != Some("en"), context.now).await?;
        self.expect(job, &context, &new.what).await?;
        let sink = Sink::new(job.format);
        let mut out = Out { desk: self, job: job.clone(), key, sink, rows: 0, pieces: 0, size: 0, cut: false };
        match new.what {
            ExportOf::Queue { view, shop, narrow, sort } => {
                let view = View::parse(&view).ok_or_else(|| not_found("view"))?;
                let how = (narrow, sort.unwrap_or(Sort::Time));
                self.export_queue(&context, &mut out, &words, (view, shop), how).await?;
            }
            ExportOf::Board { shop, from, to } => self.export_board(&context, &mut out, &words, (shop, Period { from, to })).await?,
            ExportOf::Search { q } => self.export_search(&context, &mut out, &words, &q).await?,
        }
        out.finish().await
    }

    /// How many rows a whole view will have, by the queue's own counters; of a narrowed one nobody knows before.
    async fn expect(&self, job: &Job, context: &Context, what: &ExportOf) -> Outcome {
        let ExportOf::Queue { view, shop, narrow, .. } = what else { return Ok(()) };
        if *narrow != Default::default() {
            return Ok(());
        }
        let figures = self.queue_figures(context, *shop).await?;
        let name = if view == "due_soon" { "all" } else { view };
        let count = figures.iter().find(|figure| figure.view == name).map_or(0, |figure| figure.count);
        let (job, total) = (job.clone(), count.clamp(0, ROWS as i64));
        let sql = "UPDATE export_job SET total = $4 WHERE staff_id = $1 AND id = $2 AND fence = $3";
        let noted = self.store.write(move |tx| Ok::<_, Error>(tx.execute(sql, &values![job.staff, job.id, job.fence, total])?));
        noted.await?;
        Ok(())
    }

    async fn fail_export(&self, job: &Job, problem: &str) -> Result<()> {
        let (job, now, problem) = (job.clone(), self.clock.now(), problem.to_owned());
        self.store
            .write(move |tx| {
                let sql = "UPDATE export_job SET state = $4, problem = $5, ended_at = $6, lease_until = 0
                    WHERE staff_id = $1 AND id = $2 AND fence = $3";
                tx.execute(sql, &values![job.staff, job.id, job.fence, State::Failed.as_str(), &problem, now])?;
                super::tidy::drop_file(tx, job.staff, job.id)
            })
            .await
    }
}
