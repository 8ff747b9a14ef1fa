//! The store as the rest of the program sees it: open, write, read, close. Owns the hand-over to the engines' threads.

pub use crate::dialect::Engine;
use crate::tx::Tx;
use crate::{DbError, OpenError, migrate, postgres, sqlite};
use crossbeam_channel::{Sender, TrySendError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::oneshot;

/// Where the data lies.
#[derive(Clone, Debug)]
pub enum Target {
    /// A data folder with a SQLite file in it.
    Folder(PathBuf),
    /// A PostgreSQL address, `postgres://user@host/database`.
    Postgres(String),
}

/// How to open a store.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the data lies.
    pub target: Target,
    /// Threads that read (both engines) and, on PostgreSQL, threads that write.
    pub readers: usize,
    /// PostgreSQL only: threads that write.
    pub writers: usize,
}

impl Config {
    /// The usual sizes: 4 readers, 32 writers: commits of many connections share one sync of the log (measured: four times the commands of 8).
    pub fn new(target: Target) -> Self {
        Self { target, readers: 4, writers: 32 }
    }
}

const PAUSED: &str = "SELECT value FROM meta WHERE name = 'paused'";

/// Jobs that may wait before `Busy` is answered.
pub(crate) const QUEUE_LIMIT: usize = 4096;

/// What the writers have done since opening.
#[derive(Default)]
pub(crate) struct Tally {
    batches: AtomicU64,
    commands: AtomicU64,
}

impl Tally {
    /// One commit of `commands` commands; tells how many there have been in all.
    pub(crate) fn committed(&self, commands: u64) -> u64 {
        self.batches.fetch_add(1, Ordering::Relaxed);
        self.commands.fetch_add(commands, Ordering::Relaxed) + commands
    }
}

/// One closure on its way to a thread and back.
pub(crate) trait Job: Send {
    /// Runs once; true asks for its changes to be kept.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// True when the engine asked to run the closure again.
    fn wants_retry(&self) -> bool;
    /// Sends the answer; `failure` replaces it when the commit did not happen.
    fn answer(self: Box<Self>, failure: Option<DbError>);
}

struct Work<T, E, F> {
    closure: F,
    outcome: Option<Result<T, E>>,
    retry: bool,
    reply: oneshot::Sender<Result<T, E>>,
}

/// An error that a closure may end with: it can carry a failure of the database and tell it apart.
pub trait Failure: From<DbError> + Send + 'static {
    /// The database's failure inside, if that is what it is.
    fn db(&self) -> Option<&DbError>;
}

impl Failure for DbError {
    fn db(&self) -> Option<&DbError> {
        Some(self)
    }
}

impl<T, E, F> Job for Work<T, E, F>
where
    T: Send,
    E: Failure,
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let value = (self.closure)(tx)?;
            tx.flush()?;
            Ok(value)
        }))
        .unwrap_or_else(|_| Err(E::from(DbError::Engine("a command panicked; nothing was changed".into()))));
        self.retry = matches!(outcome.as_ref().err().and_then(Failure::db), Some(DbError::Conflict));
        let keep = outcome.is_ok();
        self.outcome = Some(outcome);
        keep
    }

    fn wants_retry(&self) -> bool {
        self.retry
    }

    fn answer(self: Box<Self>, failure: Option<DbError>) {
        let outcome = match (failure, self.outcome) {
            (Some(error), _) => Err(E::from(error)),
            (None, Some(outcome)) => outcome,
            (None, None) => Err(E::from(DbError::Closed)),
        };
        // The caller may have gone away; what was committed stays committed.
        let _ = self.reply.send(outcome);
    }
}

/// The desk's data. Cheap to clone; dropping the last one ends the threads after the waiting writes.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    tally: Arc<Tally>,
    target: Target,
    write: Option<Sender<Box<dyn Job>>>,
    read: Option<Sender<Box<dyn Job>>>,
    threads: std::sync::Mutex<Vec<std::thread::JoinHandle<()>>>,
}

impl Store {
    /// Opens the data, brings its schema up to date (a backup is made before) and starts the threads.
    pub fn open(config: &Config) -> Result<Self, OpenError> {
        let (write, write_jobs) = crossbeam_channel::bounded(QUEUE_LIMIT);
        let (read, read_jobs) = crossbeam_channel::bounded(QUEUE_LIMIT);
        let tally = Arc::new(Tally::default());
        let (engine, threads) = match &config.target {
            Target::Folder(folder) => (Engine::Sqlite, sqlite::start(folder, config.readers, write_jobs, read_jobs, tally.clone())?),
            Target::Postgres(url) => {
                (Engine::Postgres, postgres::start(url, config.writers, config.readers, write_jobs, read_jobs, &tally)?)
            }
        };
        let target = config.target.clone();
        Ok(Self { inner: Arc::new(Inner { engine, tally, target, write: Some(write), read: Some(read), threads: threads.into() }) })
    }

    /// Whether other programs may work on the same data at once. A file belongs to one program, which holds its lock.
    pub fn is_shared(&self) -> bool {
        matches!(self.inner.engine, Engine::Postgres)
    }

    /// Which engine runs; for reports and tests, never for decisions.
    pub fn engine(&self) -> Engine {
        self.inner.engine
    }

    /// Where the data lies.
    pub fn target(&self) -> &Target {
        &self.inner.target
    }

    /// Commits since opening, and the commands in them: how well group commit works.
    pub fn batches(&self) -> (u64, u64) {
        let tally = &self.inner.tally;
        (tally.batches.load(Ordering::Relaxed), tally.commands.load(Ordering::Relaxed))
    }

    /// The newest schema this program knows.
    pub fn schema_version() -> i64 {
        migrate::newest()
    }

    /// Runs `closure` in one transaction. The answer comes after the commit is durable. May run the closure more than once.
    pub async fn write<T, E, F>(&self, closure: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        submit(self.inner.write.as_ref(), closure)?.await.unwrap_or_else(|_| Err(E::from(DbError::Closed)))
    }

    /// Runs `closure` on one consistent view of the data; a write in it is an error.
    pub async fn read<T, E, F>(&self, closure: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        submit(self.inner.read.as_ref(), closure)?.await.unwrap_or_else(|_| Err(E::from(DbError::Closed)))
    }

    /// Why effects are not to be carried out for now, if so: data restored from a backup does not know what was done since.
    pub async fn paused(&self) -> Result<Option<String>, DbError> {
        self.read(|tx| tx.query_opt(PAUSED, &[], |row| row.get(0))).await
    }

    /// Like [`Store::paused`] for callers outside an async task.
    pub fn paused_blocking(&self) -> Result<Option<String>, DbError> {
        self.read_blocking(|tx| tx.query_opt(PAUSED, &[], |row| row.get(0)))
    }

    /// Lets effects go on; a person has compared what was done since.
    pub async fn resume(&self) -> Result<(), DbError> {
        self.write(|tx| tx.execute("DELETE FROM meta WHERE name = 'paused'", &[]).map(drop)).await
    }

    /// Like [`Store::write`] for callers outside an async task.
    pub fn write_blocking<T, E, F>(&self, closure: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        submit(self.inner.write.as_ref(), closure)?.blocking_recv().unwrap_or_else(|_| Err(E::from(DbError::Closed)))
    }

    /// Like [`Store::read`] for callers outside an async task.
    pub fn read_blocking<T, E, F>(&self, closure: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        submit(self.inner.read.as_ref(), closure)?.blocking_recv().unwrap_or_else(|_| Err(E::from(DbError::Closed)))
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.write = None;
        self.read = None;
        let threads = std::mem::take(self.threads.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner));
        for thread in threads {
            if thread.thread().id() != std::thread::current().id() {
                // A thread that panicked has already told so; there is nothing left to save here.
                let _ = thread.join();
            }
        }
    }
}

fn submit<T, E, F>(queue: Option<&Sender<Box<dyn Job>>>, closure: F) -> Result<oneshot::Receiver<Result<T, E>>, E>
where
    T: Send + 'static,
    E: Failure,
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    let job = Box::new(Work { closure, outcome: None, retry: false, reply });
    match queue.map(|queue| queue.try_send(job)) {
        Some(Ok(())) => Ok(answer),
        Some(Err(TrySendError::Full(_))) => Err(E::from(DbError::Busy)),
        Some(Err(TrySendError::Disconnected(_))) | None => Err(E::from(DbError::Closed)),
    }
}
