//! Bulk jobs (批量办理): many cases, one action, rehearsed first, then done row by row by a worker on any node.
//!
//! Owns the job's row and its cases' rows. A row is done by the very command of a single case, under a key made of job and row, with the
//! rights its starter has at that moment; nothing here decides about a case. What a job may do next is decided in `domain::bulk`.

mod act;
mod create;
mod pace;
mod rehearse;
mod steer;
mod view;
mod worker;

pub use act::What;
pub use create::{BulkCase, NewBulk};
pub(crate) use pace::Own;
pub use steer::SteerBulk;
pub use view::{BulkJob, BulkJobs, BulkRow, BulkRows, Counts, RowsAsked};

use crate::context::Actor;
use crate::error::{Result, not_found};
use aftercare_domain::bulk::State;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Row, Tx, values};

/// A job as stored.
#[derive(Clone, Debug)]
struct Job {
    id: Id,
    staff: Id,
    scopes: Option<String>,
    what: What,
    state: State,
    currency: String,
    total: i64,
    above_minor: i64,
    asks: bool,
    fence: i64,
    at: Micros,
    work_began_at: Option<Micros>,
    ended_at: Option<Micros>,
    version: i64,
}

const COLUMNS: &str = "id, staff_id, scopes, what, state, currency, total, above_minor, asks, fence, at, work_began_at, ended_at, version";

fn read(row: &Row) -> std::result::Result<Job, DbError> {
    let shape = |what: &str| DbError::Shape(format!("{what} of a bulk job"));
    let state: String = row.get(4)?;
    Ok(Job {
        id: row.get(0)?,
        staff: row.get(1)?,
        scopes: row.get(2)?,
        what: serde_json::from_value(row.get(3)?).map_err(|_| shape("action"))?,
        state: State::parse(&state).ok_or_else(|| shape("state"))?,
        currency: row.get(5)?,
        total: row.get(6)?,
        above_minor: row.get(7)?,
        asks: row.get(8)?,
        fence: row.get(9)?,
        at: row.get(10)?,
        work_began_at: row.get(11)?,
        ended_at: row.get(12)?,
        version: row.get(13)?,
    })
}

impl Job {
    /// The actor's own job, or `not_found`: nobody else's exists for them.
    fn load(tx: &mut Tx<'_>, actor: &Actor, id: Id, lock: bool) -> Result<Self> {
        let sql = format!("SELECT {COLUMNS} FROM bulk_job WHERE id = $1{}", if lock { " FOR UPDATE" } else { "" });
        tx.query_opt(&sql, &values![id], read)?.filter(|job| job.staff == actor.id()).ok_or_else(|| not_found("bulk job"))
    }
}

/// A case of a job, on its way.
#[derive(Clone, Debug)]
struct Turn {
    n: i64,
    shop: ShopId,
    case: Id,
    order: Option<Id>,
    seen_version: i64,
    approval: Option<Id>,
    not_before: Micros,
}

const TURN: &str = "n, shop_id, case_id, order_id, seen_version, approval_id, not_before";

fn turn(row: &Row) -> std::result::Result<Turn, DbError> {
    Ok(Turn {
        n: row.get(0)?,
        shop: row.get(1)?,
        case: row.get(2)?,
        order: row.get(3)?,
        seen_version: row.get(4)?,
        approval: row.get(5)?,
        not_before: row.get(6)?,
    })
}
