//! `aftercare serve`: the desk over HTTP with its workers, and an orderly end. Owns the order of starting and stopping.

use crate::open::Place;
use aftercare_api::{Api, Options};
use aftercare_app::Desk;
use aftercare_app::clock::{Clock, HandClock, WallClock};
use aftercare_connect::platform::HttpPlatform;
use aftercare_connect::webhook::HttpCourier;
use aftercare_domain::time::Micros;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{MissedTickBehavior, interval, timeout};

/// Requests under way may take this long after the word to stop.
const DRAIN: Duration = Duration::from_secs(10);
/// Counter deltas are folded and the audit is sealed this often.
const TIDY: Duration = Duration::from_secs(5);

/// `aftercare serve …`
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub place: Place,
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8480", value_name = "ADDR")]
    pub listen: SocketAddr,
    /// A clock that stands at this time until `POST /api/v1/clock` moves it; for stories and training.
    #[arg(long, value_name = "TIME")]
    pub hand_clock: Option<String>,
    /// Where the sales platform listens; without it refunds and other effects wait.
    #[arg(long, env = "AFTERCARE_PLATFORM", value_name = "URL")]
    pub platform: Option<String>,
    /// How long its answers are waited for, milliseconds.
    #[arg(long, default_value_t = 10_000, value_name = "MS")]
    pub platform_patience_ms: u64,
    /// Webhooks may go to this machine itself, without TLS; for receivers beside the desk and for trying out.
    #[arg(long, env = "AFTERCARE_WEBHOOK_LOOPBACK")]
    pub webhook_loopback: bool,
}

/// Serves until told to end.
pub async fn run(args: Args) -> Result<(), String> {
    let clock: Arc<dyn Clock> = match &args.hand_clock {
        None => Arc::new(WallClock),
        Some(text) => Arc::new(HandClock::new(Micros::parse(text).ok_or_else(|| format!("--hand-clock {text}: not an RFC 3339 time"))?)),
    };
    let desk = args.place.open(clock).await?;
    let desk = match &args.platform {
        Some(url) => connect(desk, url, Duration::from_millis(args.platform_patience_ms))?,
        None => desk,
    };
    serve(post(desk, args.webhook_loopback)?, args.listen).await
}

/// The same desk with a way to receivers of webhooks.
pub fn post(desk: Desk, loopback: bool) -> Result<Desk, String> {
    let courier = HttpCourier::new(loopback).map_err(|why| format!("webhooks: {why}"))?;
    Ok(desk.with_courier(Arc::new(courier)))
}

/// The same desk with a platform to carry effects out on.
pub fn connect(desk: Desk, url: &str, patience: Duration) -> Result<Desk, String> {
    let platform = HttpPlatform::new(url, patience).map_err(|why| format!("--platform {url}: {why}"))?;
    Ok(desk.with_platform(Arc::new(platform)))
}

/// Serves this desk at this address.
pub async fn serve(desk: Desk, listen: SocketAddr) -> Result<(), String> {
    desk.install_playbooks().await.map_err(|error| error.to_string())?;
    let listener =
        TcpListener::bind(listen).await.map_err(|why| format!("cannot listen on {listen}: {why}. Choose another --listen address."))?;
    let address = listener.local_addr().map_err(|why| why.to_string())?;
    let api = Api::new(desk.clone(), Options { secure: !address.ip().is_loopback() });
    let mut workers = workers(&desk);
    let service = api.router().into_make_service_with_connect_info::<SocketAddr>();
    let closing = api.clone();
    let (stopped, stop) = tokio::sync::oneshot::channel();
    let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
        terminated().await;
        tracing::info!("stopping: finishing the requests under way");
        closing.close();
        // The receiver is gone only when serving has ended already.
        let _ = stopped.send(());
    });
    println!("listening on http://{address}");
    let serving = tokio::spawn(serving.into_future());
    let drained = async {
        if stop.await.is_ok() {
            tokio::time::sleep(DRAIN).await;
        }
    };
    tokio::select! {
        ended = serving => ended.map_err(|why| why.to_string())?.map_err(|why| why.to_string())?,
        () = drained => tracing::warn!("some requests did not end in time"),
    }
    workers.abort_all();
    // Each may finish what it is committing.
    let _ = timeout(DRAIN, async { while workers.join_next().await.is_some() {} }).await;
    drop((api, desk));
    tracing::info!("stopped");
    Ok(())
}

/// A desk served in the background on this machine, without workers: its clock is moved by hand.
pub struct Background {
    /// Where it is called.
    pub address: SocketAddr,
    api: Api,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Background {
    /// Listens on a free port.
    pub async fn start(desk: Desk) -> Result<Self, String> {
        desk.install_playbooks().await.map_err(|error| error.to_string())?;
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|why| why.to_string())?;
        let address = listener.local_addr().map_err(|why| why.to_string())?;
        let api = Api::new(desk, Options::default());
        let service = api.router().into_make_service_with_connect_info::<SocketAddr>();
        Ok(Self { address, api, serving: tokio::spawn(axum::serve(listener, service).into_future()) })
    }

    /// Ends it; nothing is under way any more.
    pub fn stop(self) {
        self.api.close();
        self.serving.abort();
    }
}

/// What runs beside the requests. With a clock moved by hand only moving it makes anything due.
fn workers(desk: &Desk) -> JoinSet<()> {
    let mut set = JoinSet::new();
    set.spawn(tidy(desk.clone()));
    set.spawn(desk.clone().run_imports());
    set.spawn(desk.clone().run_exports());
    set.spawn(desk.clone().run_bulk());
    set.spawn(webhooks(desk.clone()));
    if desk.clock.by_hand().is_none() {
        set.spawn(desk.clone().run_timers());
        set.spawn(effects(desk.clone()));
    }
    set
}

/// Effects, unless the data was restored and nobody has looked yet.
async fn effects(desk: Desk) {
    match desk.store.paused().await {
        Ok(None) => desk.run_effects().await,
        Ok(Some(why)) => tracing::warn!(why, "refunds and other effects wait; compare with the platforms, then run `aftercare resume`"),
        Err(error) => tracing::error!(%error, "effects are not carried out"),
    }
}

/// Webhooks wait in the same way: receivers know what the data before the restoring told them.
async fn webhooks(desk: Desk) {
    match desk.store.paused().await {
        Ok(None) => desk.run_webhooks().await,
        Ok(Some(why)) => tracing::warn!(why, "webhooks wait too"),
        Err(error) => tracing::error!(%error, "webhooks are not told"),
    }
}

/// What can wait a little: counters and the chain of hashes.
async fn tidy(desk: Desk) {
    let mut due = interval(TIDY);
    due.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        due.tick().await;
        if let Err(error) = desk.fold_counters().await {
            tracing::error!(%error, "counters cannot be folded");
        }
        if let Err(error) = desk.seal_audit().await {
            tracing::error!(%error, "the audit cannot be sealed");
        }
    }
}

/// Waits for the word to end: SIGTERM or Ctrl-C.
pub async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut term) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = term.recv() => {}
        // A terminal that cannot send it simply never does.
        _ = tokio::signal::ctrl_c() => {}
    }
}
