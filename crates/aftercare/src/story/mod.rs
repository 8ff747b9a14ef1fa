//! `aftercare story`: runs story files, each against a fresh world over the public API. Owns the command and the order of things.
//!
//! The form of the files is told in `docs/story-format.md`. Nothing here may look into the desk's data: what a story sees, a client can see.

mod body;
pub(crate) mod client;
mod expect;
mod file;
pub(crate) mod path;
pub(crate) mod prepare;
mod report;
mod run;
mod special;
mod times;
pub(crate) mod value;
pub(crate) mod verbs;
pub(crate) mod world;

use file::Story;
use report::Told;
use std::path::PathBuf;

/// `aftercare story …`
#[derive(clap::Args)]
pub struct Args {
    /// The story files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// A PostgreSQL server; each story gets a fresh database on it. Without it, a fresh data folder.
    #[arg(long, env = "AFTERCARE_STORY_DATABASE", value_name = "URL")]
    database: Option<String>,
    /// Nodes that share the database; requests take turns.
    #[arg(long, default_value_t = 1)]
    nodes: usize,
    /// One JSON object per story.
    #[arg(long)]
    json: bool,
    /// Keep the data of a story that fails, and say where it is.
    #[arg(long)]
    keep: bool,
}

/// Runs every file; an error when one fails.
pub async fn run(args: Args) -> Result<(), String> {
    let mut failed = 0;
    for file in &args.files {
        let told = tell(file, &args).await;
        told.print(args.json);
        failed += usize::from(!told.ok());
    }
    if failed == 0 { Ok(()) } else { Err(format!("{failed} of {} stories failed", args.files.len())) }
}

async fn tell(file: &PathBuf, args: &Args) -> Told {
    let mut told = Told::new(file);
    let outcome = async {
        let text = std::fs::read_to_string(file).map_err(|why| why.to_string())?;
        let story = Story::parse(&text)?;
        told.title.clone_from(&story.title);
        let mut world = world::World::start(&story, args.database.as_deref(), args.nodes.max(1)).await?;
        let outcome = run::Run::new(&story, &mut world, &mut told).all().await;
        world.end(args.keep && outcome.is_err()).await;
        outcome
    }
    .await;
    if let Err(why) = outcome {
        told.fail(why);
    }
    told
}
