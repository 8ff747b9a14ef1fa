//! SQLite: one writer thread with group commit, several readers, a bounded write-ahead log. Owns the file and its lock.
//!
//! Fail-stop: when a commit or a sync fails the process ends with code 74; it is never retried, because the kernel may have
//! dropped the dirty pages and a second try would report a success that is not on the disk (fsyncgate; USENIX ATC 2020).

use crate::dialect::{self, Batch, Engine};
use crate::engine::{Job, Tally};
use crate::tx::{Connection as _, Tx};
use crate::{DbError, OpenError, Row, Value, migrate};
use crossbeam_channel::{Receiver, RecvTimeoutError};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags};
use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// Commands in one commit.
const BATCH_LIMIT: usize = 256;
/// The log is folded back into the file beyond this many bytes.
const WAL_LIMIT_BYTES: u64 = 16 << 20;
/// Without work for this long, the log is emptied.
const IDLE: Duration = Duration::from_secs(2);
/// Exit code after a failed commit (EX_IOERR).
const EXIT_IO: i32 = 74;

/// The name of the database inside the data folder.
pub(crate) const FILE: &str = "aftercare.db";

pub(crate) fn start(
    folder: &Path,
    readers: usize,
    write: Receiver<Box<dyn Job>>,
    read: Receiver<Box<dyn Job>>,
    tally: Arc<Tally>,
) -> Result<Vec<JoinHandle<()>>, OpenError> {
    let io = |error| OpenError::Io(folder.to_owned(), error);
    std::fs::create_dir_all(folder).map_err(io)?;
    refuse_network_disk(folder)?;
    refuse_old(rusqlite::version())?;
    let lock = lock(folder)?;
    let path = folder.join(FILE);
    let mut writer = Sqlite::open(&path, false)?;
    bring_up_to_date(&mut writer, folder)?;
    let mut threads = Vec::new();
    for n in 0..readers {
        let mut reader = Sqlite::open(&path, true)?;
        let jobs = read.clone();
        threads.push(Builder::new().name(format!("read-{n}")).spawn(move || read_loop(&mut reader, &jobs)).map_err(io)?);
    }
    let wal = folder.join(format!("{FILE}-wal"));
    threads.push(Builder::new().name("write".into()).spawn(move || write_loop(&mut writer, &write, &wal, &lock, &tally)).map_err(io)?);
    Ok(threads)
}

fn lock(folder: &Path) -> Result<File, OpenError> {
    let path = folder.join("lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(|e| OpenError::Io(path.clone(), e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(OpenError::InUse(folder.to_owned())),
        Err(std::fs::TryLockError::Error(e)) => Err(OpenError::Io(path, e)),
    }
}

/// WAL before 3.51.3 can corrupt a database (the WAL-reset fault).
pub(crate) fn refuse_old(version: &str) -> Result<(), OpenError> {
    let number: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    if number.as_slice() < [3, 51, 3].as_slice() { Err(OpenError::OldSqlite(version.to_owned())) } else { Ok(()) }
}

fn refuse_network_disk(folder: &Path) -> Result<(), OpenError> {
    let magic = rustix::fs::statfs(folder).map_err(|e| OpenError::Io(folder.to_owned(), e.into()))?.f_type as u64;
    match network_disk(magic) {
        Some(name) => Err(OpenError::NetworkDisk(folder.to_owned(), name.to_owned())),
        None => Ok(()),
    }
}

/// Magic numbers of statfs(2) that name a network or user-space file system.
pub(crate) fn network_disk(magic: u64) -> Option<&'static str> {
    match magic & 0xffff_ffff {
        0x6969 => Some("NFS"),
        0xff53_4d42 | 0xfe53_4d42 => Some("CIFS"),
        0x517b => Some("SMB"),
        0x0102_1997 => Some("9p"),
        0x6573_5546 => Some("FUSE"),
        0x00c3_6400 => Some("Ceph"),
        _ => None,
    }
}

fn bring_up_to_date(writer: &mut Sqlite, folder: &Path) -> Result<(), OpenError> {
    let meta = !writer.query("SELECT 1 FROM sqlite_master WHERE name = 'meta'", &[])?.is_empty();
    let found = migrate::check(writer, meta)?;
    if found == migrate::newest() {
        return Ok(());
    }
    if found > 0 {
        let backup = folder.join(format!("before-schema-{}.db", migrate::newest()));
        if backup.exists() {
            std::fs::remove_file(&backup).map_err(|e| OpenError::Io(backup.clone(), e))?;
        }
        writer.execute("VACUUM INTO ?1", &[Value::from(backup.to_string_lossy().as_ref())])?;
    }
    writer.batch("BEGIN IMMEDIATE")?;
    match migrate::run(writer, Engine::Sqlite, found) {
        Ok(()) => Ok(writer.batch("COMMIT")?),
        Err(error) => {
            writer.batch("ROLLBACK")?;
            Err(error.into())
        }
    }
}

fn read_loop(reader: &mut Sqlite, jobs: &Receiver<Box<dyn Job>>) {
    while let Ok(mut job) = jobs.recv() {
        if let Err(error) = reader.batch("BEGIN") {
            job.answer(Some(error));
            continue;
        }
        job.run(&mut Tx::new(reader));
        let ended = reader.batch("ROLLBACK");
        job.answer(ended.err());
    }
}

fn write_loop(writer: &mut Sqlite, jobs: &Receiver<Box<dyn Job>>, wal: &PathBuf, _lock: &File, tally: &Tally) {
    let mut dirty = false;
    loop {
        match jobs.recv_timeout(IDLE) {
            Ok(job) => {
                commit_group(writer, job, jobs, tally);
                dirty = true;
                if std::fs::metadata(wal).is_ok_and(|file| file.len() > WAL_LIMIT_BYTES) {
                    writer.checkpoint("PASSIVE");
                    if std::fs::metadata(wal).is_ok_and(|file| file.len() > 4 * WAL_LIMIT_BYTES) {
                        writer.checkpoint("TRUNCATE");
                    }
                }
            }
            Err(RecvTimeoutError::Timeout) if dirty => {
                writer.checkpoint("TRUNCATE");
                dirty = false;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    writer.checkpoint("TRUNCATE");
}

/// One commit for everything that waits, each command in its own savepoint; answers go out after the commit.
fn commit_group(writer: &mut Sqlite, first: Box<dyn Job>, jobs: &Receiver<Box<dyn Job>>, tally: &Tally) {
    if let Err(error) = writer.batch("BEGIN IMMEDIATE") {
        return first.answer(Some(error));
    }
    let mut done = Vec::new();
    let mut next = Some(first);
    while let Some(mut job) = next {
        must(writer.batch("SAVEPOINT command"));
        if !job.run(&mut Tx::new(writer)) {
            must(writer.batch("ROLLBACK TO command"));
        }
        must(writer.batch("RELEASE command"));
        done.push(job);
        next = if done.len() < BATCH_LIMIT { jobs.try_recv().ok() } else { None };
    }
    must(writer.batch("COMMIT"));
    tally.committed(done.len() as u64);
    for job in done {
        job.answer(None);
    }
}

/// A commit or savepoint that fails leaves the disk in doubt: stop at once, let the supervisor start anew.
fn must(outcome: Result<(), DbError>) {
    if let Err(error) = outcome {
        tracing::error!(%error, "a commit failed; stopping without a retry");
        std::process::exit(EXIT_IO);
    }
}

/// A connection with its statements, rewritten once.
pub(crate) struct Sqlite {
    connection: Connection,
    rewritten: HashMap<String, String>,
}

impl Sqlite {
    pub(crate) fn open(path: &Path, read_only: bool) -> Result<Self, DbError> {
        let flags = if read_only {
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX
        } else {
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX
        };
        let connection = Connection::open_with_flags(path, flags)?;
        connection.set_prepared_statement_cache_capacity(512);
        // Plans do not follow the bound values: otherwise SQLite plans a statement anew at nearly every use.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        if !read_only {
            connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;")?;
        }
        connection.execute_batch(
            "PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;
             PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;",
        )?;
        Ok(Self { connection, rewritten: HashMap::new() })
    }

    fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        self.connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    fn checkpoint(&mut self, mode: &str) {
        // A checkpoint blocked by a long reader only postpones the work; a failed sync in it is fatal.
        let outcome = self.connection.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |_| Ok(()));
        must(outcome.map_err(DbError::from));
    }

    fn rewritten(&mut self, sql: &str) -> String {
        if let Some(text) = self.rewritten.get(sql) {
            return text.clone();
        }
        let text = dialect::statement(Engine::Sqlite, sql);
        self.rewritten.insert(sql.to_owned(), text.clone());
        text
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(v) => ValueRef::Integer(*v),
            Self::Text(v) => ValueRef::Text(v.as_bytes()),
            Self::Blob(v) => ValueRef::Blob(v),
        }))
    }
}

fn column(value: ValueRef<'_>) -> Result<Value, DbError> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(v) => Value::Int(v),
        ValueRef::Text(v) => Value::Text(String::from_utf8_lossy(v).into_owned()),
        ValueRef::Blob(v) => Value::Blob(v.to_vec()),
        ValueRef::Real(v) => return Err(DbError::Shape(format!("a fraction ({v}) where only whole numbers are kept"))),
    })
}

impl crate::tx::Connection for Sqlite {
    fn engine(&self) -> Engine {
        Engine::Sqlite
    }

    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, DbError> {
        let text = self.rewritten(sql);
        Ok(self.connection.prepare_cached(&text)?.execute(rusqlite::params_from_iter(params))? as u64)
    }

    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, DbError> {
        let text = self.rewritten(sql);
        let mut statement = self.connection.prepare_cached(&text)?;
        let width = statement.column_count();
        let mut rows = statement.query(rusqlite::params_from_iter(params))?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            let columns: Result<Vec<Value>, DbError> = (0..width).map(|n| column(row.get_ref(n)?)).collect();
            out.push(Row(columns?));
        }
        Ok(out)
    }

    fn insert(&mut self, batches: Vec<Batch>) -> Result<(), DbError> {
        for batch in batches {
            let mut statement = self.connection.prepare_cached(&dialect::insert_one(&batch))?;
            for row in &batch.rows {
                statement.execute(rusqlite::params_from_iter(row))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_with_the_wal_reset_fault_is_refused() {
        let check = |version: &str, fine: bool| assert_eq!(refuse_old(version).is_ok(), fine, "{version}");
        check("3.51.2", false);
        check("3.49.0", false);
        check("3.51.3", true);
        check("3.52.0", true);
        check(rusqlite::version(), true);
    }

    /// Counted by SQLite itself: a range of bound values over an index with statistics is what it would plan anew.
    #[test]
    fn a_statement_is_planned_once_whatever_is_bound() {
        let folder = crate::testing::Folder::new().expect("a folder");
        let sqlite = Sqlite::open(&folder.path().join("plans.db"), false).expect("opened");
        let rows = "CREATE TABLE t (a INTEGER, b INTEGER); CREATE INDEX t_a ON t (a);
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO t SELECT i % 50, i FROM n; ANALYZE;";
        sqlite.connection.execute_batch(rows).expect("rows");
        let mut statement = sqlite.connection.prepare("SELECT COUNT(b) FROM t WHERE a > ?1 AND a < ?2").expect("planned");
        for n in 0..20 {
            statement.query_row([n, n + 20], |row| row.get::<_, i64>(0)).expect("counted");
        }
        assert_eq!(statement.get_status(rusqlite::StatementStatus::RePrepare), 0);
    }

    #[test]
    fn network_disks_are_known_by_their_magic() {
        assert_eq!(network_disk(0x6969), Some("NFS"));
        assert_eq!(network_disk(0xef53), None);
    }
}
