//! Files that nobody needs any more. Owns when they go: their key is destroyed with them, the job's row stays as a record.

use crate::Desk;
use crate::error::{Error, Result};
use aftercare_domain::export::KEPT;
use aftercare_domain::id::Id;
use aftercare_store::{Row, Tx, values};

/// Jobs looked at in one go.
const AT_ONCE: i64 = 50;

/// Destroys the file of a job and what was asked.
pub(super) fn drop_file(tx: &mut Tx<'_>, staff: Id, id: Id) -> Result<()> {
    tx.execute("DELETE FROM export_part WHERE job_id = $1", &values![id])?;
    let sql = "UPDATE export_job SET wrapped = NULL, asked_sealed = NULL, size = 0 WHERE staff_id = $1 AND id = $2";
    tx.execute(sql, &values![staff, id])?;
    Ok(())
}

impl Desk {
    /// Destroys files kept long enough.
    pub(super) async fn tidy_exports(&self) -> Result<()> {
        let old = "SELECT staff_id, id FROM export_job WHERE wrapped IS NOT NULL AND at < $1 AND state NOT IN ('waiting', 'running')
            ORDER BY at, id LIMIT $2";
        let due = values![self.clock.now() - KEPT, AT_ONCE];
        let read = |row: &Row| Ok((row.get::<Id>(0)?, row.get::<Id>(1)?));
        let jobs = self.store.read(move |tx| Ok::<_, Error>(tx.query(old, &due, read)?)).await?;
        for (staff, id) in jobs {
            self.store.write(move |tx| drop_file(tx, staff, id)).await?;
        }
        Ok(())
    }
}
