//! Figures from the command line, for whoever can reach the data anyway. Owns the wording; counting is the desk's.

use crate::open::Place;
use aftercare_app::clock::WallClock;
use clap::{Args, Subcommand};
use std::sync::Arc;

/// `aftercare figures …`
#[derive(Subcommand)]
pub enum Figures {
    /// Count every figure of the board anew from the history; stop serving first. Cut off, it goes on where it was.
    Rebuild(Rebuild),
}

/// Where.
#[derive(Args)]
pub struct Rebuild {
    #[command(flatten)]
    place: Place,
}

/// Carries out `aftercare figures …`.
pub async fn run(Figures::Rebuild(args): Figures) -> Result<(), String> {
    let desk = args.place.open(Arc::new(WallClock)).await?;
    let tell = |progress: aftercare_app::figures::Progress| {
        eprintln!("{} changes, {} orders, {} shops done", progress.changes, progress.orders, progress.shops);
        true
    };
    let done = desk.rebuild_figures(tell).await.map_err(|error| error.to_string())?;
    println!("Figures of {} shops counted anew from {} changes and {} orders.", done.shops, done.changes, done.orders);
    Ok(())
}
