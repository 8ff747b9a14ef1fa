//! One transaction, alike on both engines. Owns the write bundle: rows to insert are kept back and flushed together.

use crate::dialect::{self, Batch, Engine};
use crate::{DbError, Row, Value};
use aftercare_domain::id::ShopId;

/// The engine's side of a transaction.
pub(crate) trait Connection {
    fn engine(&self) -> Engine;
    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, DbError>;
    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, DbError>;
    fn insert(&mut self, batches: Vec<Batch>) -> Result<(), DbError>;
}

/// The logs that are read in the order of commits.
#[derive(Clone, Copy, Debug)]
pub enum Log {
    /// Which cases changed.
    Feed,
    /// What was done to things that belong to no case.
    Audit,
}

impl Log {
    fn table(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::Audit => "audit",
        }
    }
}

/// A transaction. Any error ends it: the caller returns the error and nothing is kept.
pub struct Tx<'c> {
    connection: &'c mut dyn Connection,
    pending: Vec<Batch>,
}

impl<'c> Tx<'c> {
    pub(crate) fn new(connection: &'c mut dyn Connection) -> Self {
        Self { connection, pending: Vec::new() }
    }

    /// Adds a row to the bundle. It is written before the next statement or at the end, together with the others.
    pub fn insert(&mut self, table: &'static str, columns: &'static [&'static str], row: impl Into<Vec<Value>>) {
        self.keep(table, columns, row.into(), false);
    }

    /// Like [`Tx::insert`], but a row whose key is there already is left as it is.
    pub fn insert_once(&mut self, table: &'static str, columns: &'static [&'static str], row: impl Into<Vec<Value>>) {
        self.keep(table, columns, row.into(), true);
    }

    fn keep(&mut self, table: &'static str, columns: &'static [&'static str], row: Vec<Value>, once: bool) {
        debug_assert_eq!(columns.len(), row.len(), "{table}");
        match self.pending.iter_mut().find(|batch| batch.table == table && batch.columns == columns && batch.once == once) {
            Some(batch) => batch.rows.push(row),
            None => self.pending.push(Batch { table, columns, once, rows: vec![row] }),
        }
    }

    /// Runs a statement and tells how many rows it touched.
    pub fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, DbError> {
        self.flush()?;
        note(sql);
        self.connection.execute(sql, params)
    }

    /// All rows of an answer; the statement itself bounds them.
    pub fn query<T>(&mut self, sql: &str, params: &[Value], read: impl Fn(&Row) -> Result<T, DbError>) -> Result<Vec<T>, DbError> {
        self.flush()?;
        note(sql);
        self.connection.query(sql, params)?.iter().map(read).collect()
    }

    /// The first row of an answer, if any.
    pub fn query_opt<T>(&mut self, sql: &str, params: &[Value], read: impl Fn(&Row) -> Result<T, DbError>) -> Result<Option<T>, DbError> {
        self.flush()?;
        note(sql);
        self.connection.query(sql, params)?.first().map(read).transpose()
    }

    /// The column by which a log is read in the order of commits.
    pub fn place(&self) -> &'static str {
        dialect::place(self.connection.engine())
    }

    /// The place of a log up to which nothing can appear any more.
    pub fn horizon(&mut self, log: Log) -> Result<i64, DbError> {
        let sql = dialect::horizon(self.connection.engine(), log.table());
        Ok(self.query_opt(&sql, &[], |row| row.get(0))?.unwrap_or(0))
    }

    /// Where a page of about `rows` rows after the place `after` ends; nothing when no settled row follows. Rows of one transaction
    /// are never torn apart, so that a reader can go on from the end of a page.
    pub fn page_end(&mut self, log: Log, after: i64, rows: i64) -> Result<Option<i64>, DbError> {
        let horizon = self.horizon(log)?;
        if horizon <= after {
            return Ok(None);
        }
        let (place, table) = (self.place(), log.table());
        let sql = format!(
            "SELECT MAX(place) FROM (SELECT {place} AS place FROM {table} WHERE {place} > $1 AND {place} <= $2 ORDER BY {place} LIMIT $3) AS page"
        );
        Ok(self.query_opt(&sql, &crate::values![after, horizon, rows], |row| row.get::<Option<i64>>(0))?.flatten())
    }

    /// Adds to a counter; a worker folds the deltas.
    pub fn count(&mut self, shop: ShopId, name: &str, bucket: &str, count: i64, amount_minor: i64) {
        const COLUMNS: &[&str] = &["shop_id", "name", "bucket", "count", "amount_minor"];
        self.insert("counter_delta", COLUMNS, crate::values![shop, name, bucket, count, amount_minor]);
    }

    /// Writes what is kept back. The runner calls it at the end of the closure; a rehearsal before it takes everything back.
    pub fn flush(&mut self) -> Result<(), DbError> {
        if self.pending.is_empty() {
            return Ok(());
        }
        self.connection.insert(std::mem::take(&mut self.pending))
    }
}

/// Tests look at the plan of every statement; the product does not listen.
fn note(sql: &str) {
    #[cfg(feature = "testing")]
    crate::testing::plans::heard(sql);
    let _ = sql;
}
