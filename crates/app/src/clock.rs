//! The desk's clock. Owns where "now" comes from: the wall, or a hand-moved clock for stories.

use aftercare_domain::time::Micros;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A source of the present time.
pub trait Clock: Send + Sync {
    /// The present, in microseconds since the epoch.
    fn now(&self) -> Micros;
    /// The hand-moved clock behind this one, if it is one.
    fn by_hand(&self) -> Option<&HandClock> {
        None
    }
}

/// The operating system's clock.
#[derive(Debug, Default)]
pub struct WallClock;

impl Clock for WallClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
    fn now(&self) -> Micros {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// A clock that stands still until it is moved, for stories and tests.
#[derive(Debug)]
pub struct HandClock(AtomicI64);

impl HandClock {
    /// A clock standing at `now`.
    pub fn new(now: Micros) -> Self {
        Self(AtomicI64::new(now.0))
    }

    /// Moves it forward; it never goes back.
    pub fn move_to(&self, to: Micros) {
        self.0.fetch_max(to.0, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Micros {
        Micros(self.0.load(Ordering::SeqCst))
    }
    fn by_hand(&self) -> Option<&HandClock> {
        Some(self)
    }
}
