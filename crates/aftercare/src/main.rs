//! The program: configuration, command line, wiring. Owns how things are started and stopped; every rule is in the crates below.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks through its output")]

mod admin;
mod care;
mod demo;
mod figures;
mod import;
mod open;
mod platform_sim;
mod serve;
mod story;

use clap::{Parser, Subcommand};
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// 售后服务台 · the after-sales desk for online shops.
#[derive(Parser)]
#[command(name = "aftercare", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the desk over HTTP.
    Serve(serve::Args),
    /// Start a desk that looks lived in, to try everything with.
    Demo(demo::Args),
    /// Add or list people.
    #[command(subcommand)]
    User(admin::User),
    /// Add a shop.
    #[command(subcommand)]
    Shop(admin::Shop),
    /// Make an API token.
    #[command(subcommand)]
    Token(admin::Token),
    /// Take in files of other systems.
    #[command(subcommand)]
    Import(import::Import),
    /// Print the OpenAPI document.
    Openapi,
    /// Copy the data folder, also while the desk runs.
    Backup(care::Backup),
    /// Put a backup into an empty data folder.
    Restore(care::Restore),
    /// Let effects go on after a restore.
    Resume(care::Resume),
    /// Look for everything that should hold and does not.
    Doctor(care::Doctor),
    /// The board's figures.
    #[command(subcommand)]
    Figures(figures::Figures),
    /// Run story files against fresh worlds.
    Story(story::Args),
    /// Serve the simulated sales platform, for demos and tests.
    PlatformSim(platform_sim::Args),
}

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("AFTERCARE_LOG").unwrap_or_else(|_| EnvFilter::new("info,postgres=warn,tokio_postgres=warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(why) => {
            eprintln!("cannot start: {why}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(run(Cli::parse().command));
    // Whatever still runs in the background is cut off here; the store ends its threads when the last handle goes.
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<(), String> {
    match command {
        Command::Serve(args) => serve::run(args).await,
        Command::Demo(args) => demo::run(args).await,
        Command::User(args) => admin::user(args).await,
        Command::Shop(args) => admin::shop(args).await,
        Command::Token(args) => admin::token(args).await,
        Command::Import(args) => import::run(args).await,
        Command::Openapi => {
            print!("{}", aftercare_api::routes::document());
            Ok(())
        }
        Command::Backup(args) => care::backup(args).await,
        Command::Restore(args) => care::restore(args).await,
        Command::Resume(args) => care::resume(args).await,
        Command::Doctor(args) => care::doctor(args).await,
        Command::Figures(args) => figures::run(args).await,
        Command::Story(args) => story::run(args).await,
        Command::PlatformSim(args) => platform_sim::run(args).await,
    }
}
