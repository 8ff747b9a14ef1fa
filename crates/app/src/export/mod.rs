//! Exports (导出): a view, the board or a search as a file, written in the background page by page, kept for whoever asked, for a day.
//!
//! Owns the job's row and its parts. Rows come through the same queries as the screens, in the name and with the sight of the person who
//! asked, masked as there; how a cell is kept from being a formula is decided in `domain::export`.

mod ask;
mod board;
mod fetch;
mod file;
mod rows;
mod tidy;
mod view;
mod words;
mod worker;

pub use ask::{ExportOf, NewExport};
pub use view::{ExportView, Exports};

use crate::error::{Result, not_found};
use aftercare_domain::export::{Format, Kind, State};
use aftercare_domain::id::Id;
use aftercare_domain::time::Micros;
use aftercare_store::vault::{DataKey, Vault};
use aftercare_store::{DbError, Row, Tx, values};

/// A job as stored.
#[derive(Clone, Debug)]
struct Job {
    staff: Id,
    id: Id,
    kind: Kind,
    format: Format,
    state: State,
    /// Absent when the file is gone.
    wrapped: Option<Vec<u8>>,
    asked_sealed: Option<Vec<u8>>,
    done: i64,
    total: i64,
    size: i64,
    cut: bool,
    problem: String,
    fence: i64,
    at: Micros,
    began_at: Option<Micros>,
}

const COLUMNS: &str = "staff_id, id, kind, format, state, wrapped, asked_sealed, done, total, size, cut, problem, fence, at, began_at";

fn read(row: &Row) -> std::result::Result<Job, DbError> {
    let shape = |what: &str| DbError::Shape(format!("{what} of an export"));
    let (kind, format, state): (String, String, String) = (row.get(2)?, row.get(3)?, row.get(4)?);
    Ok(Job {
        staff: row.get(0)?,
        id: row.get(1)?,
        kind: Kind::parse(&kind).ok_or_else(|| shape("kind"))?,
        format: Format::parse(&format).ok_or_else(|| shape("format"))?,
        state: State::parse(&state).ok_or_else(|| shape("state"))?,
        wrapped: row.get(5)?,
        asked_sealed: row.get(6)?,
        done: row.get(7)?,
        total: row.get(8)?,
        size: row.get(9)?,
        cut: row.get(10)?,
        problem: row.get(11)?,
        fence: row.get(12)?,
        at: row.get(13)?,
        began_at: row.get(14)?,
    })
}

impl Job {
    /// The person's own job; somebody else's is not there.
    fn load(tx: &mut Tx<'_>, staff: Id, id: Id) -> Result<Self> {
        let sql = format!("SELECT {COLUMNS} FROM export_job WHERE staff_id = $1 AND id = $2");
        tx.query_opt(&sql, &values![staff, id], read)?.ok_or_else(|| not_found("export"))
    }

    /// The key of its bytes; `not_found` when they are gone.
    fn key(&self, vault: &Vault) -> Result<DataKey> {
        let wrapped = self.wrapped.as_ref().ok_or_else(|| not_found("export"))?;
        Ok(vault.unwrap_data_key(wrapped)?)
    }
}
