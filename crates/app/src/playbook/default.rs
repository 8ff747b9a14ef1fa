//! The default pack: the files of `playbooks/`, part of the program. Owns copying them into the database at the first start.

use super::source::{Files, Source};
use crate::Desk;
use crate::error::{Error, Result};
use aftercare_domain::playbook::{Catalogue, Pack};
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Row, Tx, values};
use rust_embed::Embed;
use std::collections::BTreeMap;

#[derive(Embed)]
#[folder = "../../playbooks"]
struct Embedded;

/// The files of the default pack by path.
pub fn files() -> Files {
    let text = |path: &str| Embedded::get(path).map(|file| String::from_utf8_lossy(&file.data).into_owned());
    let paths = Embedded::iter().filter(|path| path.ends_with(".toml"));
    paths.filter_map(|path| Some((path.to_string(), text(&path)?))).collect()
}

impl Desk {
    /// Copies the default pack into the database where a scenario is new, or was never edited and the program brings a later version.
    pub async fn install_playbooks(&self) -> Result<()> {
        self.install(files()).await
    }

    /// As [`Desk::install_playbooks`], with these files.
    pub async fn install(&self, files: Files) -> Result<()> {
        let faults = |faults: Vec<aftercare_domain::playbook::Fault>| {
            let first = faults.first().map(ToString::to_string).unwrap_or_default();
            Error::Db(DbError::Shape(format!("the default playbooks have {} faults, first {first}", faults.len())))
        };
        let read = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        let pack = Pack::read(read, Catalogue::standard()).map_err(faults)?;
        let versions: BTreeMap<String, i64> = pack.playbooks.iter().map(|(id, book)| (id.clone(), i64::from(book.head.version))).collect();
        let sources: Vec<Source> = versions.iter().map(|(id, version)| Source::of_default(id, *version, &files)).collect();
        let valid: Vec<Micros> = pack.playbooks.values().map(|book| super::source::start_of(book.head.valid_from)).collect();
        let now = self.clock.now();
        self.store.write(move |tx| sources.iter().zip(&valid).try_for_each(|(source, from)| put(tx, source, *from, now))).await?;
        self.playbooks.forget();
        // Compiled now, so that the first case of the day does not wait for it.
        self.playbooks_in_force(now).await?;
        Ok(())
    }
}

fn put(tx: &mut Tx<'_>, source: &Source, valid_from: Micros, now: Micros) -> Result<()> {
    let sql = "SELECT COALESCE(MAX(version), 0), COALESCE(SUM(CASE WHEN origin = 'default' THEN 0 ELSE 1 END), 0) FROM playbook WHERE scenario = $1";
    let read = |row: &Row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?));
    let (latest, edited) = tx.query_opt(sql, &values![&source.scenario], read)?.unwrap_or_default();
    if latest >= source.version || edited > 0 {
        return Ok(());
    }
    source.insert(tx, "published", "default", valid_from, None, now)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_carries_its_pack() {
        let files = files();
        assert!(files.keys().any(|path| path.starts_with("shared/")) && files.keys().any(|path| !path.contains('/')), "{:?}", files.keys());
        assert!(files.values().all(|text| text.contains("format = 1")));
    }
}
