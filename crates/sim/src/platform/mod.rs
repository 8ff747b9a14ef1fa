//! A stand-in for a sales platform: HTTP on its own port, its own books, and faults on demand.
//!
//! Owns: orders as the platform knows them, refunds and service calls it has really carried out, signed callbacks.
//! Must not: share a type, a rule or a table with the desk: tests compare the desk's ledger with these books.
//!
//! The calls are described in [`routes`]; what can go wrong in [`faults`].

pub mod books;
pub mod callback;
pub mod faults;
mod line;
pub mod routes;
pub mod wire;

use books::Books;
use callback::Target;
use faults::Plan;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::net::TcpListener;

/// How the simulator is set up before its first call.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Where results are called back to; nothing is called back without it (it can be set later, see [`routes`]).
    pub callback: Option<Target>,
    /// Letters put into every refund id, so that ids of different runs differ; the start time when absent.
    pub run: Option<String>,
}

/// The running platform: a handle that can be cloned, shared with the handlers and read by tests.
#[derive(Clone)]
pub struct Platform {
    inner: Arc<Inner>,
}

struct Inner {
    state: Mutex<State>,
    /// Callbacks decided on and not yet delivered or given up: those to come soon, and late ones.
    on_the_way: [AtomicUsize; 2],
    client: reqwest::Client,
}

/// Callbacks that wait longer than this are late ones.
const SOON_MS: u64 = 100;

/// One callback that is still to be delivered.
pub(crate) struct OnTheWay {
    platform: Platform,
    late: usize,
}

impl Drop for OnTheWay {
    fn drop(&mut self) {
        self.platform.inner.on_the_way[self.late].fetch_sub(1, Ordering::SeqCst);
    }
}

/// Everything the platform remembers, behind one lock.
pub(crate) struct State {
    pub(crate) books: Books,
    pub(crate) plan: Plan,
    pub(crate) target: Option<Target>,
    pub(crate) clock: Option<jiff::Timestamp>,
}

/// The platform is another machine: it has its own clock.
#[expect(clippy::disallowed_methods, reason = "the platform does not share the desk's clock")]
fn wall() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

impl Platform {
    /// A platform with empty books.
    pub fn new(config: Config) -> Self {
        let run = config.run.unwrap_or_else(|| format!("{:x}", wall().as_millisecond()));
        let state = State { books: Books::new(run), plan: Plan::default(), target: config.callback, clock: None };
        Self { inner: Arc::new(Inner { state: Mutex::new(state), on_the_way: Default::default(), client: reqwest::Client::new() }) }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// How many callbacks are still on their way: those to come soon, and late ones.
    pub(crate) fn on_the_way(&self) -> [usize; 2] {
        self.inner.on_the_way.each_ref().map(|count| count.load(Ordering::SeqCst))
    }

    /// Counts a callback until the guard goes.
    pub(crate) fn expect_callback(&self, wait_ms: u64) -> OnTheWay {
        let late = usize::from(wait_ms > SOON_MS);
        self.inner.on_the_way[late].fetch_add(1, Ordering::SeqCst);
        OnTheWay { platform: self.clone(), late }
    }

    pub(crate) fn client(&self) -> &reqwest::Client {
        &self.inner.client
    }

    /// The platform's present time: the set one, or the real one.
    pub(crate) fn now(&self) -> jiff::Timestamp {
        self.state().clock.unwrap_or_else(wall)
    }
}

/// Serves the platform on `listener` until the process ends or the future is dropped.
pub async fn serve(listener: TcpListener, config: Config) -> std::io::Result<()> {
    run(listener, Platform::new(config)).await
}

/// Serves an already made platform, for callers that keep a handle to it.
pub async fn run(listener: TcpListener, platform: Platform) -> std::io::Result<()> {
    let service = routes::router(platform).into_make_service_with_connect_info::<line::Line>();
    axum::serve(line::Lines(listener), service).await
}

/// Starts a platform on a free port of this machine; it ends with the runtime. The address is the one to call.
pub async fn start(config: Config) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(serve(listener, config));
    Ok(address)
}
