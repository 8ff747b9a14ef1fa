//! Long work in the background (imports, exports, bulk jobs): round after round on every node until the program ends.
//!
//! Owns the loop, and that a start takes over what the program before it held. What a round does, its claims and its rows are each job's own.

use crate::Desk;
use crate::error::{Error, Result};
use aftercare_store::DbError;
use std::time::Duration;

/// A kind of long work.
pub(crate) struct Work {
    /// How it is named in the log.
    pub(crate) name: &'static str,
    /// The longest sleep: what another node has set, or left behind, is seen at the latest then.
    pub(crate) poll: Duration,
    /// Frees every claim there is.
    pub(crate) free: &'static str,
}

impl Desk {
    /// Goes through rounds until the database is closed.
    pub(crate) async fn attend<F: Future<Output = Result<usize>>>(&self, work: Work, round: impl Fn() -> F) {
        if let Err(error) = self.take_over(work.free).await {
            tracing::error!(%error, work = work.name, "what was under way waits for its claims to run out");
        }
        loop {
            let woken = self.work.notified();
            match round().await {
                Ok(_) => {}
                Err(Error::Db(DbError::Closed)) => return,
                Err(error) => tracing::error!(%error, work = work.name, "cannot go on"),
            }
            // Both ends of the wait mean the same: look again.
            let _ = tokio::time::timeout(work.poll, woken).await;
        }
    }

    /// A file database has one program: whoever held a claim before this start is gone.
    async fn take_over(&self, free: &'static str) -> Result<()> {
        if self.store.is_shared() {
            return Ok(());
        }
        self.store.write(move |tx| Ok::<_, Error>(tx.execute(free, &[])?)).await.map(drop)
    }
}
