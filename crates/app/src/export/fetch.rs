//! The bytes of a finished export, for whoever asked for it. Owns that fetching is in the audit.

use super::Job;
use crate::error::{Error, Result, not_found};
use crate::{Context, Desk, audit};
use aftercare_domain::china;
use aftercare_domain::export::{Format, State};
use aftercare_domain::id::Id;
use aftercare_domain::people::{Action, policy::Object};
use aftercare_store::values;
use aftercare_store::vault::DataKey;
use serde_json::json;

/// A file that can be read piece by piece.
pub struct File {
    /// Its name.
    pub name: String,
    /// What it is.
    pub media_type: &'static str,
    /// Its bytes.
    pub size: i64,
    id: Id,
    key: DataKey,
}

impl Desk {
    /// The file of an export, noted in the audit.
    pub async fn fetch_export(&self, context: &Context, id: Id) -> Result<File> {
        context.actor.may(Action::Export, &Object::desk("export"))?;
        let (actor, now) = (context.actor.clone(), context.now);
        let job = self.store.write(move |tx| {
            let job = Job::load(tx, actor.id(), id)?;
            if job.state != State::Done || job.wrapped.is_none() {
                return Err(not_found("export"));
            }
            tx.execute("UPDATE export_job SET fetched = fetched + 1 WHERE staff_id = $1 AND id = $2", &values![actor.id(), id])?;
            let about = json!({ "kind": job.kind, "format": job.format, "rows": job.done });
            audit::note(tx, &actor, None, "export_fetched", &id.to_string(), &about, now);
            Ok::<_, Error>(job)
        });
        let job = job.await?;
        let stamp = china::local(job.at).strftime("%Y%m%d-%H%M");
        let media_type = match job.format {
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Format::Csv => "text/csv; charset=utf-8",
        };
        let name = format!("aftercare-{}-{stamp}.{}", job.kind, job.format);
        Ok(File { name, media_type, size: job.size, id: job.id, key: job.key(&self.vault)? })
    }

    /// The n-th piece of a file; nothing after the last one.
    pub async fn export_piece(&self, file: &File, n: i64) -> Result<Option<Vec<u8>>> {
        let (id, sql) = (file.id, "SELECT bytes_sealed FROM export_part WHERE job_id = $1 AND n = $2");
        let sealed = self.store.read(move |tx| Ok::<_, Error>(tx.query_opt(sql, &values![id, n], |row| row.get::<Vec<u8>>(0))?)).await?;
        Ok(sealed.map(|sealed| file.key.open_bytes("export_part", &sealed)).transpose()?)
    }
}
