//! What can go wrong with the database. Owns the classes, not the texts shown to users.

use std::path::PathBuf;

/// A failure inside a transaction; the transaction changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// A unique index or key refused the row; names the constraint or its columns.
    #[error("already there: {0}")]
    Unique(String),
    /// A check refused the row: a rule of the ledger would have been broken.
    #[error("check failed: {0}")]
    Check(String),
    /// The engine asks for the whole transaction to be run again.
    #[error("serialisation conflict")]
    Conflict,
    /// The connection broke while committing: what happened must be looked up.
    #[error("the outcome of the commit is unknown: {0}")]
    CommitUnknown(String),
    /// A statement and the code around it disagree.
    #[error("unexpected shape: {0}")]
    Shape(String),
    /// A sealed value could not be opened (erased or another key).
    #[error("sealed data cannot be opened")]
    Sealed,
    /// The queue of writes is full.
    #[error("too many writes are waiting")]
    Busy,
    /// The store is shutting down or its thread ended.
    #[error("the store is closed")]
    Closed,
    /// Anything else the engine said.
    #[error("database: {0}")]
    Engine(String),
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ffi;
        let text = error.to_string();
        match error {
            rusqlite::Error::SqliteFailure(code, message) => {
                let message = message.unwrap_or(text);
                match code.extended_code {
                    ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => Self::Unique(message),
                    ffi::SQLITE_CONSTRAINT_CHECK => Self::Check(message),
                    _ => Self::Engine(message),
                }
            }
            _ => Self::Engine(text),
        }
    }
}

impl From<::postgres::Error> for DbError {
    fn from(error: ::postgres::Error) -> Self {
        use ::postgres::error::SqlState;
        let Some(db) = error.as_db_error() else { return Self::Engine(format!("{error:?}")) };
        let named = || db.constraint().unwrap_or_else(|| db.message()).to_owned();
        match *db.code() {
            SqlState::UNIQUE_VIOLATION => Self::Unique(named()),
            SqlState::CHECK_VIOLATION => Self::Check(named()),
            SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => Self::Conflict,
            _ => Self::Engine(format!("{} ({})", db.message(), db.code().code())),
        }
    }
}

/// Why the store does not open; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has the data folder.
    #[error("another aftercare process uses {0}. Stop it first, or give this one another --data folder.")]
    InUse(PathBuf),
    /// The linked SQLite has the WAL-reset fault.
    #[error("SQLite {0} is too old: 3.51.3 or newer is needed (older ones can corrupt a WAL database). Rebuild with a newer rusqlite.")]
    OldSqlite(String),
    /// A file system without the locks and shared memory that WAL needs.
    #[error("{0} is on a network file system ({1}), where SQLite is not safe. Put --data on a local disk, or use --database postgres://…")]
    NetworkDisk(PathBuf, String),
    /// The data was written by a newer program.
    #[error(
        "the data has schema {found}, this program knows up to {known}. Start the newer aftercare, or restore a backup made before the upgrade."
    )]
    NewerSchema {
        /// Version found in the data.
        found: i64,
        /// Newest version this program has.
        known: i64,
    },
    /// The key file does not fit the data.
    #[error("the key file {0} does not fit this data. Give the right one with --key-file; without it the personal data cannot be read.")]
    WrongKey(PathBuf),
    /// The key file cannot be used.
    #[error("key file {path}: {problem}")]
    KeyFile {
        /// Where.
        path: PathBuf,
        /// What.
        problem: String,
    },
    /// Input or output failed.
    #[error("{0}: {1}")]
    Io(PathBuf, std::io::Error),
    /// The database refused.
    #[error(transparent)]
    Db(#[from] DbError),
}
