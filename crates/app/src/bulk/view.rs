//! Jobs and their rows as the screen shows them. Owns the projection; whoever started a job sees it, rows only of shops they still see.

use super::{COLUMNS, Job, What, read};
use crate::error::{Error, Result};
use crate::{Context, Desk};
use aftercare_domain::bulk::{Group, RowState, State};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::time::Micros;
use aftercare_store::{Row, Tx, Value, values};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Jobs listed, the latest first.
const SHOWN: i64 = 30;
/// Rows on a page when none are asked for, and at most.
const DEFAULT_LIMIT: i64 = 100;
const LIMIT: i64 = 200;

/// How the rows of a job stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Counts {
    /// Rehearsed: passes.
    pub can: i64,
    /// Rehearsed: needs a second person's yes.
    pub approval: i64,
    /// Rehearsed: cannot.
    pub cannot: i64,
    /// Not rehearsed yet.
    pub new: i64,
    /// Still to be done.
    pub ready: i64,
    /// Done.
    pub done: i64,
    /// Waits for an approval.
    pub waiting: i64,
    /// Tried and refused, or left out from the beginning.
    pub refused: i64,
    /// Changed since the rehearsal and therefore not done.
    pub stale: i64,
    /// Of those not done: may pass when tried again.
    pub retryable: i64,
    /// What the passing rows move, minor units.
    pub can_minor: i64,
    /// What those that need a yes would move, minor units.
    pub approval_minor: i64,
    /// What was moved, minor units.
    pub done_minor: i64,
}

impl Counts {
    fn add(&mut self, group: Option<Group>, state: Option<RowState>, retry: bool, rows: i64, minor: i64) {
        match group {
            Some(Group::Can) => (self.can, self.can_minor) = (self.can + rows, self.can_minor + minor),
            Some(Group::Approval) => (self.approval, self.approval_minor) = (self.approval + rows, self.approval_minor + minor),
            Some(Group::Cannot) => self.cannot += rows,
            None => {}
        }
        match state {
            Some(RowState::New) => self.new += rows,
            Some(RowState::Ready) => self.ready += rows,
            Some(RowState::Done) => (self.done, self.done_minor) = (self.done + rows, self.done_minor + minor),
            Some(RowState::Waiting) => self.waiting += rows,
            Some(RowState::Refused) => self.refused += rows,
            Some(RowState::Stale) => self.stale += rows,
            None => {}
        }
        if retry {
            self.retryable += rows;
        }
    }

    /// Of these jobs, counted over their rows.
    pub(super) fn of(tx: &mut Tx<'_>, jobs: &[Id]) -> Result<HashMap<Id, Self>> {
        let mut all = HashMap::new();
        if jobs.is_empty() {
            return Ok(all);
        }
        let places = (1..=jobs.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
        let sql = format!(
            "SELECT job_id, grp, state, retry, COUNT(*), CAST(SUM(amount_minor) AS BIGINT) FROM bulk_row WHERE job_id IN ({places})
             GROUP BY job_id, grp, state, retry"
        );
        let read = |row: &Row| {
            let (group, state): (String, String) = (row.get(1)?, row.get(2)?);
            let kind = (Group::parse(&group), RowState::parse(&state), row.get::<bool>(3)?);
            Ok((row.get::<Id>(0)?, kind, row.get::<i64>(4)?, row.get::<i64>(5)?))
        };
        let params: Vec<Value> = jobs.iter().map(|id| Value::from(*id)).collect();
        for (id, (group, state, retry), rows, minor) in tx.query(&sql, &params, read)? {
            all.entry(id).or_insert_with(Self::default).add(group, state, retry, rows, minor);
        }
        Ok(all)
    }
}

/// One job.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BulkJob {
    /// The job.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id,
    /// What it does.
    pub what: What,
    /// Where it stands.
    #[schema(value_type = String)]
    pub state: State,
    /// Of its amounts; empty where it moves no money.
    pub currency: String,
    /// Its cases.
    pub total: i64,
    /// How they stand.
    pub counts: Counts,
    /// Above this sum the total is typed in to start, minor units.
    pub confirm_above_minor: i64,
    /// The next row may start then, where the pace makes it wait.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub rests_until: Option<Micros>,
    /// The last row may start then.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub paced_until: Option<Micros>,
    /// When it was opened.
    #[schema(value_type = String, format = "date-time")]
    pub at: Micros,
    /// When the work under way began.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub work_began_at: Option<Micros>,
    /// When it ended.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub ended_at: Option<Micros>,
    /// Raised with every change.
    pub version: i64,
}

/// One's latest jobs.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct BulkJobs {
    /// The latest first.
    pub items: Vec<BulkJob>,
}

/// A row and the case beside it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct BulkRow {
    /// Its place in the job.
    pub n: i64,
    /// Its shop.
    #[schema(value_type = i64)]
    pub shop_id: ShopId,
    /// The case.
    #[schema(value_type = String, format = "uuid")]
    pub case_id: Id,
    /// Its number.
    pub case_no: String,
    /// What it is about.
    pub title: String,
    /// The buyer, masked.
    pub buyer_masked: String,
    /// Its order.
    pub order_no: String,
    /// What it moves, minor units.
    pub amount_minor: i64,
    /// What the rehearsal said; absent before it.
    #[schema(value_type = Option<String>)]
    pub group: Option<Group>,
    /// What became of it.
    #[schema(value_type = String)]
    pub state: Option<RowState>,
    /// Why not: the stable code, empty where nothing was in the way.
    pub code: String,
    /// Why not, in words: `zh` and `en`.
    #[schema(value_type = Object)]
    pub why: serde_json::Value,
    /// Whether it may pass when tried again.
    pub retryable: bool,
}

/// A page of rows.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct BulkRows {
    /// In the order of the job.
    pub items: Vec<BulkRow>,
    /// Absent on the last page.
    pub next: Option<String>,
}

/// Which rows.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct RowsAsked {
    /// Only of this group: can, approval, cannot.
    pub group: Option<String>,
    /// Only in this state: ready, done, waiting, refused, stale.
    pub state: Option<String>,
    /// The `next` of the page before.
    pub cursor: Option<i64>,
    /// Rows, up to 200.
    pub limit: Option<i64>,
}

pub(super) fn viewed(tx: &mut Tx<'_>, job: Job, now: Micros) -> Result<BulkJob> {
    let counts = Counts::of(tx, &[job.id])?.remove(&job.id).unwrap_or_default();
    let ends = match job.state {
        State::Running => {
            let sql = "SELECT MIN(not_before), MAX(not_before) FROM bulk_row WHERE job_id = $1 AND state = 'ready'";
            let read = |row: &Row| Ok((row.get::<Option<Micros>>(0)?, row.get::<Option<Micros>>(1)?));
            tx.query_opt(sql, &values![job.id], read)?.unwrap_or_default()
        }
        _ => (None, None),
    };
    Ok(shown(job, counts, ends, now))
}

fn shown(job: Job, counts: Counts, (first, last): (Option<Micros>, Option<Micros>), now: Micros) -> BulkJob {
    BulkJob {
        id: job.id,
        what: job.what,
        state: job.state,
        currency: job.currency,
        total: job.total,
        counts,
        confirm_above_minor: job.above_minor,
        rests_until: first.filter(|at| *at > now),
        paced_until: last.filter(|at| *at > now),
        at: job.at,
        work_began_at: job.work_began_at,
        ended_at: job.ended_at,
        version: job.version,
    }
}

impl Desk {
    /// One's latest jobs.
    pub async fn bulk_jobs(&self, context: &Context) -> Result<BulkJobs> {
        let (who, now) = (context.actor.id(), context.now);
        let sql = format!("SELECT {COLUMNS} FROM bulk_job WHERE staff_id = $1 ORDER BY at DESC, id DESC LIMIT $2");
        self.store
            .read(move |tx| {
                let jobs = tx.query(&sql, &values![who, SHOWN], read)?;
                let ids: Vec<Id> = jobs.iter().map(|job| job.id).collect();
                let mut counts = Counts::of(tx, &ids)?;
                let one = |job: Job| {
                    let counts = counts.remove(&job.id).unwrap_or_default();
                    shown(job, counts, (None, None), now)
                };
                Ok::<_, Error>(BulkJobs { items: jobs.into_iter().map(one).collect() })
            })
            .await
    }

    /// One job.
    pub async fn bulk_job(&self, context: &Context, id: Id) -> Result<BulkJob> {
        let (actor, now) = (context.actor.clone(), context.now);
        self.store
            .read(move |tx| {
                let job = Job::load(tx, &actor, id, false)?;
                viewed(tx, job, now)
            })
            .await
    }

    /// Its rows, page by page.
    pub async fn bulk_rows(&self, context: &Context, id: Id, asked: RowsAsked) -> Result<BulkRows> {
        let actor = context.actor.clone();
        let limit = asked.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, LIMIT);
        let (group, state) = (asked.group.unwrap_or_default(), asked.state.unwrap_or_default());
        let sql = "SELECT r.n, r.shop_id, r.case_id, c.case_no, c.title, c.buyer_masked, c.order_no, r.amount_minor, r.grp, r.state, r.code, r.why, r.retry
            FROM bulk_row r LEFT JOIN cases c ON c.shop_id = r.shop_id AND c.id = r.case_id
            WHERE r.job_id = $1 AND r.n > $2 AND ($3 = '' OR r.grp = $3) AND ($4 = '' OR r.state = $4) ORDER BY r.n LIMIT $5";
        self.store
            .read(move |tx| {
                Job::load(tx, &actor, id, false)?;
                let mut items = tx.query(sql, &values![id, asked.cursor.unwrap_or(-1), &group, &state, limit + 1], row)?;
                let more = items.len() as i64 > limit;
                items.truncate(limit as usize);
                let next = items.last().filter(|_| more).map(|last| last.n.to_string());
                for item in items.iter_mut().filter(|item| !actor.sees(item.shop_id)) {
                    for text in [&mut item.case_no, &mut item.title, &mut item.buyer_masked, &mut item.order_no] {
                        text.clear();
                    }
                }
                Ok::<_, Error>(BulkRows { items, next })
            })
            .await
    }
}

fn row(row: &Row) -> std::result::Result<BulkRow, aftercare_store::DbError> {
    let text = |at: usize| Ok::<_, aftercare_store::DbError>(row.get::<Option<String>>(at)?.unwrap_or_default());
    let (group, state): (String, String) = (row.get(8)?, row.get(9)?);
    Ok(BulkRow {
        n: row.get(0)?,
        shop_id: row.get(1)?,
        case_id: row.get(2)?,
        case_no: text(3)?,
        title: text(4)?,
        buyer_masked: text(5)?,
        order_no: text(6)?,
        amount_minor: row.get(7)?,
        group: Group::parse(&group),
        state: RowState::parse(&state),
        code: row.get(10)?,
        why: row.get(11)?,
        retryable: row.get(12)?,
    })
}
