//! The simulated sales platform as a process of its own. Owns its command line only.

use crate::serve::terminated;
use aftercare_sim::platform::{self, Config, Platform};
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// `aftercare platform-sim …`
#[derive(clap::Args)]
pub struct Args {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Letters in every number it gives out.
    #[arg(long)]
    run: Option<String>,
}

/// Serves until told to end.
pub async fn run(args: Args) -> Result<(), String> {
    let listener = TcpListener::bind(args.listen).await.map_err(|why| format!("cannot listen on {}: {why}", args.listen))?;
    println!("listening on http://{}", listener.local_addr().map_err(|why| why.to_string())?);
    let platform = Platform::new(Config { callback: None, run: args.run });
    tokio::select! {
        ended = platform::run(listener, platform) => ended.map_err(|why| why.to_string()),
        () = terminated() => Ok(()),
    }
}
