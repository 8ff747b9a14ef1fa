//! Looking after the data: backup, restore, doctor, resume. Owns the wording; the checks are the store's and the desk's.

use crate::open::Place;
use aftercare_app::Desk;
use aftercare_app::audit::seal::{Seal, Verdict};
use aftercare_app::clock::{Clock as _, WallClock};
use aftercare_app::soundness;
use aftercare_store::{Store, Target, backup};
use clap::Args;
use std::path::PathBuf;
use std::sync::Arc;

/// `aftercare backup DIR`
#[derive(Args)]
pub struct Backup {
    #[command(flatten)]
    place: Place,
    /// The new folder of the backup.
    to: PathBuf,
}

/// `aftercare restore DIR`
#[derive(Args)]
pub struct Restore {
    #[command(flatten)]
    place: Place,
    /// The folder of the backup.
    from: PathBuf,
}

/// `aftercare doctor`
#[derive(Args)]
pub struct Doctor {
    #[command(flatten)]
    place: Place,
    /// A seal kept elsewhere, as `doctor` printed it, that must be part of the chain: number, places, hash, time.
    #[arg(long, value_name = "JSON")]
    seal: Option<String>,
}

/// `aftercare resume`
#[derive(Args)]
pub struct Resume {
    #[command(flatten)]
    place: Place,
}

/// Copies the data folder; the desk may be running.
pub async fn backup(args: Backup) -> Result<(), String> {
    let folder = folder(&args.place)?;
    let (made_at, to) = (WallClock.now().to_string(), args.to.clone());
    let work = move || backup::backup(&folder, &to, &made_at);
    let manifest = tokio::task::spawn_blocking(work).await.map_err(|why| why.to_string())?.map_err(|why| why.to_string())?;
    println!("{} bytes copied to {} and checked. The key file is not part of it: keep it elsewhere.", manifest.bytes, args.to.display());
    Ok(())
}

/// Puts a backup into an empty data folder.
pub async fn restore(args: Restore) -> Result<(), String> {
    let folder = folder(&args.place)?;
    let work = move || backup::restore(&args.from, &folder);
    let manifest = tokio::task::spawn_blocking(work).await.map_err(|why| why.to_string())?.map_err(|why| why.to_string())?;
    println!(
        "Restored the state of {}. Refunds and other effects wait: compare with the platforms what was done since, then run `aftercare resume`.",
        manifest.made_at
    );
    Ok(())
}

/// Lets effects go on after a restore.
pub async fn resume(args: Resume) -> Result<(), String> {
    let desk = args.place.open(Arc::new(WallClock)).await?;
    desk.store.resume().await.map_err(|why| why.to_string())?;
    println!("Effects go on at the next start.");
    Ok(())
}

/// Looks for everything that should hold and does not.
pub async fn doctor(args: Doctor) -> Result<(), String> {
    let mut report = Report::default();
    if let Target::Folder(folder) = args.place.target()? {
        let file = backup::file(&folder);
        if file.exists() {
            let checked = tokio::task::spawn_blocking(move || backup::check(&file)).await.map_err(|why| why.to_string())?;
            report.say("every page of the file can be read", checked.err().map(|why| format!("{why}. Restore the last good backup.")));
        }
    }
    let kept: Option<Seal> = args.seal.map(|text| serde_json::from_str(&text).map_err(|why| format!("--seal: {why}"))).transpose()?;
    let desk = args.place.open(Arc::new(WallClock)).await?;
    println!("  schema {}, {:?}", Store::schema_version(), desk.store.engine());
    examine(&desk, kept, &mut report).await.map_err(|why| why.to_string())?;
    report.end()
}

async fn examine(desk: &Desk, kept: Option<Seal>, report: &mut Report) -> aftercare_app::Result<()> {
    for (shop, code) in desk.all_shops().await? {
        let orders = desk.ledger_differences(shop).await?;
        let fault = orders
            .first()
            .map(|it| format!("{} orders differ, first {}. Their totals must not be used; report this.", orders.len(), it.order));
        report.say(&format!("{code}: every order's totals are the sum of its entries"), fault);
        let figures = desk.queue_miscounts(shop).await?;
        let fault = figures.first().map(|it| {
            format!("{} figures differ, first {}: {} kept, {} counted", figures.len(), it.kept.view, it.kept.count, it.counted.count)
        });
        report.say(&format!("{code}: the queue's figures are what its cases make them"), fault);
        let faults = desk.faults(shop).await?;
        for rule in soundness::rules() {
            let broken: Vec<&str> = faults.iter().filter(|it| it.rule == rule).map(|it| it.which.as_str()).collect();
            let fault = broken.first().map(|first| format!("{} break it, first {first}. Report this.", broken.len()));
            report.say(&format!("{code}: {rule}"), fault);
        }
    }
    desk.seal_audit().await?;
    let chain = match desk.verify_audit(kept).await? {
        Verdict::Sound(_) => None,
        Verdict::Broken(n) => Some(format!("seal {n} does not fit its rows: history was changed outside the program")),
        Verdict::Missing(n) => Some(format!("the seal {n} kept elsewhere is not part of it: the history was replaced")),
    };
    report.say("the chain of hashes over the history is whole", chain);
    if let Some(seal) = desk.last_seal(&desk.context(aftercare_app::Actor::desk())).await? {
        println!("  last seal, to be kept elsewhere: {}", serde_json::json!(seal));
    }
    if let Some(why) = desk.store.paused().await? {
        println!("  effects wait ({why}): compare with the platforms, then run `aftercare resume`");
    }
    Ok(())
}

fn folder(place: &Place) -> Result<PathBuf, String> {
    match place.target()? {
        Target::Folder(folder) => Ok(folder),
        Target::Postgres(_) => Err("PostgreSQL has its own tools: pg_dump for a backup, pg_restore to put it back".to_owned()),
    }
}

/// What was looked at and how it stands.
#[derive(Default)]
struct Report {
    faults: usize,
}

impl Report {
    fn say(&mut self, what: &str, fault: Option<String>) {
        match fault {
            None => println!("✓ {what}"),
            Some(fault) => {
                self.faults += 1;
                println!("✗ {what}: {fault}");
            }
        }
    }

    fn end(self) -> Result<(), String> {
        if self.faults == 0 { Ok(()) } else { Err(format!("{} things are not as they should be", self.faults)) }
    }
}
