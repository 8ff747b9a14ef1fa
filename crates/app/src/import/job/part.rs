//! The sealed bytes of a job: its file as it came, and its error list. Owns how they are cut into rows of the database.

use super::Job;
use crate::Desk;
use crate::error::{Result, not_found};
use aftercare_domain::id::{Id, ShopId};
use aftercare_store::vault::{DataKey, Vault};
use aftercare_store::{Tx, values};

/// Bytes of one row.
pub(super) const PART: usize = 1 << 20;

/// What the bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Errors,
}

impl Kind {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Errors => "errors",
        }
    }
}

impl Job {
    /// The key of its bytes; `not_found` when they are gone.
    pub(super) fn key(&self, vault: &Vault) -> Result<DataKey> {
        let wrapped = self.wrapped.as_ref().ok_or_else(|| not_found("file"))?;
        Ok(vault.unwrap_data_key(wrapped)?)
    }
}

/// Writes one piece.
pub(super) fn put(tx: &mut Tx<'_>, shop: ShopId, job: Id, kind: Kind, n: i64, sealed: Vec<u8>) {
    const COLUMNS: &[&str] = &["shop_id", "job_id", "kind", "n", "bytes_sealed"];
    tx.insert("import_part", COLUMNS, values![shop, job, kind.as_str(), n, sealed]);
}

/// Replaces all of a kind by these bytes.
pub(super) fn replace(tx: &mut Tx<'_>, job: &Job, key: &DataKey, kind: Kind, bytes: &[u8]) -> Result<()> {
    let sql = "DELETE FROM import_part WHERE shop_id = $1 AND job_id = $2 AND kind = $3";
    tx.execute(sql, &values![job.shop, job.id, kind.as_str()])?;
    for (n, piece) in bytes.chunks(PART).enumerate() {
        put(tx, job.shop, job.id, kind, n as i64, key.seal_bytes("import_part", piece));
    }
    Ok(())
}

impl Desk {
    /// All bytes of a kind, in order; read piece by piece so that no transaction holds the whole file.
    pub(super) async fn import_bytes(&self, job: &Job, kind: Kind) -> Result<Vec<u8>> {
        let key = job.key(&self.vault)?;
        let (shop, id) = (job.shop, job.id);
        let sql = "SELECT bytes_sealed FROM import_part WHERE shop_id = $1 AND job_id = $2 AND kind = $3 AND n = $4";
        let mut bytes = Vec::new();
        for n in 0.. {
            let piece = self.store.read(move |tx| {
                let found = tx.query_opt(sql, &values![shop, id, kind.as_str(), n], |row| row.get::<Vec<u8>>(0))?;
                Ok::<_, crate::Error>(found)
            });
            match piece.await? {
                Some(sealed) => bytes.extend(key.open_bytes("import_part", &sealed)?),
                None => break,
            }
        }
        Ok(bytes)
    }
}
