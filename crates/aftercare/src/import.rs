//! `aftercare import …`: files of other systems, with progress and an error list. Owns the wording and the files; `app` does the rest.

use crate::admin::shops;
use crate::open::Place;
use aftercare_app::Context;
use aftercare_app::clock::WallClock;
use aftercare_app::import::{Mapping, Report, Table, Traces};
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Progress is told this often.
const TOLD_EVERY: Duration = Duration::from_millis(500);

/// `aftercare import …`
#[derive(Subcommand)]
pub enum Import {
    /// Purchases.
    Orders(Files),
    /// Cancellations, after the purchases.
    Returns(Files),
    /// What carriers reported of parcels: JSON of tracking services, or CSV.
    Tracking(Files),
}

/// The files and where they belong.
#[derive(Args)]
pub struct Files {
    #[command(flatten)]
    place: Place,
    /// CSV files, UTF-8 or GB18030.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The shop's code.
    #[arg(long)]
    shop: String,
    /// Which column means what; see docs/import.md. Without it the headers are the desk's own.
    #[arg(long)]
    mapping: Option<PathBuf>,
    /// Where rows that were left out are listed.
    #[arg(long, default_value = "import-errors.csv")]
    errors: PathBuf,
}

/// Carries out `aftercare import …`.
pub async fn run(import: Import) -> Result<(), String> {
    let files = match &import {
        Import::Orders(files) | Import::Returns(files) | Import::Tracking(files) => files,
    };
    let mapping = match &files.mapping {
        Some(path) => Mapping::parse(&text(path)?).map_err(|fault| format!("{}: {fault}", path.display()))?,
        None => Mapping::own(),
    };
    let desk = files.place.open(Arc::new(WallClock)).await?;
    let shop = shops(&desk, std::slice::from_ref(&files.shop)).await?[0];
    let context = Context::desk(desk.clock.now());
    let errors = files.errors.clone();
    let mut progress = Progress::new();
    let mut tell = |done: u64, all: u64| progress.tell(done, all);
    let report = match &import {
        Import::Orders(_) => desk.import_orders(&context, shop, &mapping, &tables(files, &mapping)?, &mut tell).await,
        Import::Returns(_) => desk.import_returns(&context, shop, &mapping, &tables(files, &mapping)?, &mut tell).await,
        Import::Tracking(_) => desk.import_tracking(&context, shop, traces(files, &mapping)?, &mut tell).await,
    };
    let report = report.map_err(|error| error.to_string())?;
    end(&report, &errors)
}

fn text(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|why| format!("cannot read {}: {why}", path.display()))
}

fn tables(files: &Files, mapping: &Mapping) -> Result<Vec<Table>, String> {
    files.files.iter().map(|path| table(path, mapping)).collect()
}

/// Traces of every file: JSON by the file's name, a table else.
fn traces(files: &Files, mapping: &Mapping) -> Result<Vec<Traces>, String> {
    let one = |path: &PathBuf| {
        if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("json")) {
            let bytes = std::fs::read(path).map_err(|why| format!("cannot read {}: {why}", path.display()))?;
            let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
            return Ok(Traces::from_json(&name, &bytes));
        }
        Traces::from_table(&table(path, mapping)?)
    };
    files.files.iter().map(one).collect()
}

fn table(path: &Path, mapping: &Mapping) -> Result<Table, String> {
    let bytes = std::fs::read(path).map_err(|why| format!("cannot read {}: {why}", path.display()))?;
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    Table::read(&name, &bytes, mapping)
}

/// Says what happened; figures that are zero are left out.
fn end(report: &Report, errors: &Path) -> Result<(), String> {
    let figures = serde_json::to_value(report).map_err(|why| why.to_string())?;
    let told = figures
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, figure)| name.as_str() == "rows" || figure.as_i64().is_some_and(|n| n != 0));
    for (name, figure) in told {
        println!("{name} {figure}");
    }
    if !report.faults.is_empty() {
        let list = report.error_file().map_err(|why| why.to_string())?;
        std::fs::write(errors, list).map_err(|why| format!("cannot write {}: {why}", errors.display()))?;
        println!("{} rows were left out; why is told in {}", report.faults.len(), errors.display());
    }
    Ok(())
}

/// Rows done on the terminal's error stream, so that the figures can be piped.
struct Progress {
    began: Instant,
    told: Option<Instant>,
}

impl Progress {
    fn new() -> Self {
        Self { began: Instant::now(), told: None }
    }

    fn tell(&mut self, done: u64, all: u64) {
        if done < all && self.told.is_some_and(|at| at.elapsed() < TOLD_EVERY) {
            return;
        }
        self.told = Some(Instant::now());
        let seconds = self.began.elapsed().as_secs_f64();
        let left = seconds / done.max(1) as f64 * all.saturating_sub(done) as f64;
        eprintln!("{done} of {all} rows, about {left:.0} s left");
    }
}
