//! The files of jobs that are over. Owns when they go: their key is destroyed with them, the figures stay.

use super::UNDO_WITHIN;
use crate::Desk;
use crate::error::{Error, Result};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::time::Span;
use aftercare_store::{Row, Tx, values};

/// A job nobody has finished is given up after this time.
const FORGOTTEN: Span = Span::days(7);
/// Jobs looked at in one go.
const AT_ONCE: i64 = 20;
/// Parts of a file, and orders made, deleted in one go.
const PARTS: i64 = 8;
const ROWS: i64 = 2_000;

impl Desk {
    /// Deletes the files of jobs that ended longer ago than they can be undone, and of those nobody went on with.
    pub(super) async fn tidy_imports(&self) -> Result<()> {
        let now = self.clock.now();
        let old = "SELECT shop_id, id FROM import_job WHERE wrapped IS NOT NULL AND at < $1
            AND state NOT IN ('checking', 'running', 'undoing') AND (ended_at < $1 OR at < $2) ORDER BY at, id LIMIT $3";
        let read = |row: &Row| Ok((row.get::<ShopId>(0)?, row.get::<Id>(1)?));
        let due = values![now - UNDO_WITHIN, now - FORGOTTEN, AT_ONCE];
        let jobs = self.store.read(move |tx| Ok::<_, Error>(tx.query(old, &due, read)?)).await?;
        for (shop, id) in jobs {
            while self.store.write(move |tx| some_gone(tx, shop, id)).await? {}
            let gone = self.store.write(move |tx| {
                let sql = "UPDATE import_job SET wrapped = NULL, name_sealed = NULL, version = version + 1 WHERE shop_id = $1 AND id = $2";
                tx.execute(sql, &values![shop, id])?;
                Ok::<_, Error>(())
            });
            gone.await?;
        }
        Ok(())
    }
}

/// Deletes some of what belongs to the job; whether there was any. A large import has a row for each of its orders.
fn some_gone(tx: &mut Tx<'_>, shop: ShopId, id: Id) -> Result<bool> {
    let mut gone = 0;
    for (table, rows) in [("import_part", PARTS), ("import_made", ROWS)] {
        let sql = format!(
            "DELETE FROM {table} WHERE shop_id = $1 AND job_id = $2
            AND n IN (SELECT n FROM {table} WHERE shop_id = $1 AND job_id = $2 ORDER BY n LIMIT $3)"
        );
        gone += tx.execute(&sql, &values![shop, id, rows])?;
    }
    Ok(gone > 0)
}
