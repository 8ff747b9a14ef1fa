//! A playbook's text as stored: its own file and the shared files it was published with. Owns the two tables.

use crate::error::Result;
use aftercare_domain::china;
use aftercare_domain::id::Id;
use aftercare_domain::playbook::{Catalogue, Fault, Pack, Playbook};
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Row, Tx, values, vault};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Texts of files by their path below `playbooks/`.
pub type Files = BTreeMap<String, String>;

/// One version of one playbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Whose policy.
    pub scenario: String,
    /// Which version.
    pub version: i64,
    /// The playbook's own file.
    pub text: String,
    /// The shared files.
    pub shared: Arc<Files>,
}

const PLAYBOOK: &[&str] =
    &["scenario", "version", "source", "shared_hash", "state", "origin", "valid_from", "author_id", "created_at", "published_at"];

impl Source {
    /// A playbook out of a folder's files.
    pub fn of_default(scenario: &str, version: i64, files: &Files) -> Self {
        let text = files.get(&path(scenario)).cloned().unwrap_or_default();
        let shared =
            files.iter().filter(|(path, _)| path.starts_with("shared/")).map(|(path, text)| (path.clone(), text.clone())).collect();
        Self { scenario: scenario.to_owned(), version, text, shared: Arc::new(shared) }
    }

    /// Reads and checks it.
    ///
    /// # Errors
    /// Every fault.
    pub fn compile(&self, catalogue: &Catalogue) -> std::result::Result<Arc<Playbook>, Vec<Fault>> {
        let own = path(&self.scenario);
        let shared = self.shared.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        let pack = Pack::read(shared.chain([(own.as_str(), self.text.as_str())]), catalogue)?;
        let wrong_name = || Fault {
            file: own.clone(),
            line: 1,
            column: 1,
            found: "another scenario".into(),
            expected: self.scenario.clone(),
            nearest: None,
        };
        pack.playbooks.get(&self.scenario).cloned().ok_or_else(|| vec![wrong_name()])
    }

    /// Adds it to the database.
    pub(super) fn insert(
        &self,
        tx: &mut Tx<'_>,
        state: &str,
        origin: &str,
        valid_from: Micros,
        author: Option<Id>,
        now: Micros,
    ) -> Result<()> {
        let files = serde_json::to_string(&*self.shared).map_err(|error| DbError::Shape(error.to_string()))?;
        let hash = vault::sha256(files.as_bytes());
        let there = tx.query_opt("SELECT 1 FROM playbook_shared WHERE hash = $1", &values![hash], |_| Ok(()))?;
        if there.is_none() {
            tx.insert("playbook_shared", &["hash", "files"], values![hash, files]);
        }
        let published_at = (state == "published").then_some(now);
        let row = values![&self.scenario, self.version, &self.text, hash, state, origin, valid_from, author, now, published_at];
        tx.insert("playbook", PLAYBOOK, row);
        Ok(())
    }

    /// Reads one version, whatever its state.
    pub(super) fn load(tx: &mut Tx<'_>, scenario: &str, version: i64) -> Result<Option<Self>> {
        let sql = "SELECT p.source, s.files FROM playbook p JOIN playbook_shared s ON s.hash = p.shared_hash WHERE p.scenario = $1 AND p.version = $2";
        let read = |row: &Row| Ok((row.get::<String>(0)?, row.get::<String>(1)?));
        let Some((text, files)) = tx.query_opt(sql, &values![scenario, version], read)? else { return Ok(None) };
        let shared: Files = serde_json::from_str(&files).map_err(|error| DbError::Shape(error.to_string()))?;
        Ok(Some(Self { scenario: scenario.to_owned(), version, text, shared: Arc::new(shared) }))
    }
}

/// The playbook's own file.
pub(super) fn path(scenario: &str) -> String {
    format!("{scenario}.toml")
}

/// The first instant of a day in China, where the shops are; always for no day.
pub(super) fn start_of(day: Option<jiff::civil::Date>) -> Micros {
    day.and_then(china::first).unwrap_or(Micros(0))
}
