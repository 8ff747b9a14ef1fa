//! Playbooks ready for use: those in force and the older ones that cases are pinned to. A cache; the truth is in the database.
//!
//! Owns the choice of the version in force. Another node's publishing is seen within [`FRESH`].

use super::source::Source;
use crate::Desk;
use crate::error::Result;
use aftercare_domain::playbook::answer::Asking;
use aftercare_domain::playbook::{Catalogue, Facts, Pack, Playbook};
use aftercare_domain::time::Micros;
use aftercare_store::{Row, Tx, values};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a look at the published versions is good for.
const FRESH: Duration = Duration::from_secs(5);

/// One version of one playbook, compiled.
#[derive(Clone, Debug)]
pub struct Book {
    /// Which version.
    pub version: i64,
    /// The policy.
    pub playbook: Arc<Playbook>,
    /// What its lines speak of.
    pub catalogue: Arc<Catalogue>,
}

impl Book {
    /// The question about one case.
    pub fn asking<'a>(&'a self, facts: &'a Facts) -> Asking<'a> {
        Asking { book: &self.playbook, catalogue: &self.catalogue, facts }
    }
}

/// The playbooks in force at an instant.
#[derive(Debug, Default)]
pub struct InForce {
    /// By scenario.
    pub pack: Pack,
    /// The catalogue with every shop's custom fields.
    pub catalogue: Arc<Catalogue>,
    books: BTreeMap<String, Arc<Book>>,
}

impl InForce {
    /// The playbook of a scenario.
    pub fn book(&self, scenario: &str) -> Option<&Arc<Book>> {
        self.books.get(scenario)
    }

    /// Every playbook, by scenario.
    pub fn books(&self) -> impl Iterator<Item = (&str, &Arc<Book>)> {
        self.books.iter().map(|(scenario, book)| (scenario.as_str(), book))
    }
}

/// The compiled playbooks of this node.
#[derive(Clone, Debug, Default)]
pub struct Playbooks {
    cache: Arc<Mutex<Cache>>,
    /// Held by the one who looks, so that callers who come at once do not all compile the same books.
    looking: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug, Default)]
struct Cache {
    looked: Option<Instant>,
    published: Vec<Published>,
    books: HashMap<(String, i64), Arc<Book>>,
    in_force: Option<(Versions, Arc<InForce>)>,
}

/// Scenario and version.
type Versions = Vec<(String, i64)>;

#[derive(Clone, Debug)]
struct Published {
    scenario: String,
    version: i64,
    valid_from: Micros,
}

impl Playbooks {
    /// Forgets what was looked up; the next question reads again.
    pub fn forget(&self) {
        *self.lock() = Cache::default();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is in force, when it is known without asking the database.
    fn known(&self, now: Micros) -> Option<Arc<InForce>> {
        let cache = self.lock();
        cache.looked.filter(|at| at.elapsed() < FRESH)?;
        let (versions, in_force) = cache.in_force.as_ref()?;
        (*versions == chosen(&cache.published, now)).then(|| in_force.clone())
    }

    /// The version of a scenario in force at an instant; the first one where none was yet. As last looked up.
    pub(crate) fn version_at(&self, scenario: &str, at: Micros) -> Option<i64> {
        let cache = self.lock();
        let mut all = cache.published.iter().filter(|row| row.scenario == scenario);
        let valid = all.clone().filter(|row| row.valid_from <= at).map(|row| row.version).max();
        valid.or_else(|| all.next().map(|row| row.version))
    }

    /// The version a case is pinned to; nothing for a case without a playbook.
    pub(crate) fn pinned(&self, tx: &mut Tx<'_>, scenario: &str, version: i64) -> Result<Option<Arc<Book>>> {
        if scenario.is_empty() || version == 0 {
            return Ok(None);
        }
        let key = (scenario.to_owned(), version);
        if let Some(book) = self.lock().books.get(&key) {
            return Ok(Some(book.clone()));
        }
        let catalogue = Arc::new(super::custom::catalogue(tx)?);
        let book = compile(tx, scenario, version, &catalogue)?;
        if let Some(book) = &book {
            self.lock().books.insert(key, book.clone());
        }
        Ok(book)
    }

    fn look(&self, tx: &mut Tx<'_>, now: Micros) -> Result<Arc<InForce>> {
        let sql = "SELECT scenario, version, valid_from FROM playbook WHERE state = 'published' ORDER BY scenario, version";
        let read = |row: &Row| Ok(Published { scenario: row.get(0)?, version: row.get(1)?, valid_from: row.get(2)? });
        let published = tx.query(sql, &values![], read)?;
        let versions = chosen(&published, now);
        let catalogue = Arc::new(super::custom::catalogue(tx)?);
        let mut in_force = InForce { catalogue, ..InForce::default() };
        for (scenario, version) in &versions {
            let cached = self.lock().books.get(&(scenario.clone(), *version)).cloned();
            let book = match cached {
                Some(book) => Some(book),
                None => compile(tx, scenario, *version, &in_force.catalogue)?,
            };
            if let Some(book) = book {
                in_force.pack.playbooks.insert(scenario.clone(), book.playbook.clone());
                in_force.books.insert(scenario.clone(), book);
            }
        }
        let in_force = Arc::new(in_force);
        let mut cache = self.lock();
        for ((scenario, version), book) in versions.iter().filter_map(|key| Some((key, in_force.books.get(&key.0)?))) {
            cache.books.insert((scenario.clone(), *version), book.clone());
        }
        (cache.looked, cache.published) = (Some(Instant::now()), published);
        cache.in_force = Some((versions, in_force.clone()));
        Ok(in_force)
    }
}

/// The latest published version of each scenario that is valid already.
fn chosen(published: &[Published], now: Micros) -> Versions {
    let mut latest: BTreeMap<&str, i64> = BTreeMap::new();
    for row in published.iter().filter(|row| row.valid_from <= now) {
        let version = latest.entry(&row.scenario).or_insert(row.version);
        *version = row.version.max(*version);
    }
    latest.into_iter().map(|(scenario, version)| (scenario.to_owned(), version)).collect()
}

fn compile(tx: &mut Tx<'_>, scenario: &str, version: i64, catalogue: &Arc<Catalogue>) -> Result<Option<Arc<Book>>> {
    let Some(source) = Source::load(tx, scenario, version)? else { return Ok(None) };
    match source.compile(catalogue) {
        Ok(playbook) => Ok(Some(Arc::new(Book { version, playbook, catalogue: catalogue.clone() }))),
        Err(faults) => {
            // it was checked when it was published; the desk goes on without its advice rather than not at all
            tracing::error!(scenario, version, faults = faults.len(), first = %faults[0], "a stored playbook no longer reads");
            Ok(None)
        }
    }
}

impl Desk {
    /// The playbooks in force at `now`.
    pub async fn playbooks_in_force(&self, now: Micros) -> Result<Arc<InForce>> {
        if let Some(in_force) = self.playbooks.known(now) {
            return Ok(in_force);
        }
        let playbooks = self.playbooks.clone();
        let _looking = playbooks.looking.lock().await;
        if let Some(in_force) = playbooks.known(now) {
            return Ok(in_force);
        }
        let playbooks = self.playbooks.clone();
        self.store.read(move |tx| playbooks.look(tx, now)).await
    }
}
