//! Import jobs (导入向导): one file from upload to report, worked on in the background, taken up again after a crash, undone on wish.
//!
//! Owns the job's row and its parts. What a job may do next is decided in `domain::import`; what a row means in the folder above.
//! Every batch is written together with the place it ended at and under the fence of its claim, so that nothing is done twice.

mod look;
mod part;
mod steer;
mod tidy;
mod undo;
mod upload;
mod view;
mod worker;

pub use look::{Look, Looked};
pub use steer::Steer;
pub use upload::{NewImport, NewPart, Opened, PART_LIMIT};
pub use view::{JobView, Jobs};

use super::Mapping;
use crate::error::{Result, not_found};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::import::State;
use aftercare_domain::time::{Micros, Span};
use aftercare_store::{DbError, Row, Tx, values};
use serde::{Deserialize, Serialize};

/// Hours after its end in which a job can be undone; afterwards its file goes too.
const UNDO_HOURS: i64 = 24;
const UNDO_WITHIN: Span = Span::hours(UNDO_HOURS);

/// The figures of a job, of the work under way or of the last one that ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Figures {
    /// Rows of the file without the header.
    pub rows: u64,
    /// Rows that cannot be right; each stands in the error list.
    pub rows_bad: u64,
    /// Rows of cancellations, which this import leaves alone.
    pub left_alone: u64,
    /// Orders that were not there (a dry run: that would be made).
    pub orders_new: u64,
    /// Orders that were there already and stay as they are.
    pub orders_known: u64,
    /// Lines of the new orders.
    pub lines_new: u64,
    /// What was paid for them, minor units.
    pub lines_minor: i64,
    /// Orders taken out again by undoing.
    pub undone: u64,
    /// Orders that stay although the import was undone, since something has happened to them.
    pub kept: u64,
}

/// A job as stored.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) shop: ShopId,
    pub(crate) id: Id,
    pub(crate) state: State,
    /// Absent when the file is gone.
    pub(crate) wrapped: Option<Vec<u8>>,
    pub(crate) name_sealed: Option<Vec<u8>>,
    pub(crate) size: i64,
    pub(crate) arrived: i64,
    pub(crate) parts: i64,
    pub(crate) mapping: Option<Mapping>,
    pub(crate) done: i64,
    pub(crate) total: i64,
    pub(crate) figures: Figures,
    pub(crate) problem: String,
    pub(crate) fence: i64,
    pub(crate) at: Micros,
    pub(crate) work_began_at: Option<Micros>,
    pub(crate) ended_at: Option<Micros>,
    pub(crate) version: i64,
}

const COLUMNS: &str = "shop_id, id, state, wrapped, name_sealed, size, arrived, parts, mapping, done, total, report, problem, fence, at, work_began_at, ended_at, version";

fn read(row: &Row) -> std::result::Result<Job, DbError> {
    let shape = |what: &str| DbError::Shape(format!("{what} of an import job"));
    let state: String = row.get(2)?;
    Ok(Job {
        shop: row.get(0)?,
        id: row.get(1)?,
        state: State::parse(&state).ok_or_else(|| shape("state"))?,
        wrapped: row.get(3)?,
        name_sealed: row.get(4)?,
        size: row.get(5)?,
        arrived: row.get(6)?,
        parts: row.get(7)?,
        mapping: serde_json::from_value(row.get(8)?).map_err(|_| shape("mapping"))?,
        done: row.get(9)?,
        total: row.get(10)?,
        figures: serde_json::from_value(row.get(11)?).map_err(|_| shape("figures"))?,
        problem: row.get(12)?,
        fence: row.get(13)?,
        at: row.get(14)?,
        work_began_at: row.get(15)?,
        ended_at: row.get(16)?,
        version: row.get(17)?,
    })
}

impl Job {
    /// The job, or `not_found`.
    fn load(tx: &mut Tx<'_>, shop: ShopId, id: Id) -> Result<Self> {
        let sql = format!("SELECT {COLUMNS} FROM import_job WHERE shop_id = $1 AND id = $2");
        tx.query_opt(&sql, &values![shop, id], read)?.ok_or_else(|| not_found("import"))
    }

    /// The job, kept from others until the end of the transaction.
    fn locked(tx: &mut Tx<'_>, shop: ShopId, id: Id) -> Result<Self> {
        let sql = format!("SELECT {COLUMNS} FROM import_job WHERE shop_id = $1 AND id = $2 FOR UPDATE");
        tx.query_opt(&sql, &values![shop, id], read)?.ok_or_else(|| not_found("import"))
    }
}
