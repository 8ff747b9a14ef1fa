//! When and how often a buyer may be reached without having asked. Owns quiet hours and the number of contacts a day.

use super::Channel;
use super::gate::{Level, Reason, Why};
use crate::time::{Micros, Span};

/// The rule of one channel, in hours of the buyer's local day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Daily {
    /// Of which channel.
    pub channel: Channel,
    /// From inclusive, to exclusive.
    pub free: [u8; 2],
    /// With a warning.
    pub warn: [u8; 2],
    /// Contacts a day: this many freely, this many with a warning, none after.
    pub a_day: (u32, u32),
}

impl Daily {
    /// What stands against one more at `now`, `done_today` made already, `offset_min` minutes east of UTC.
    pub(crate) fn judge(&self, now: Micros, offset_min: i32, done_today: u32) -> Vec<Reason> {
        let mut found = Vec::new();
        let (start, hour) = local(now, offset_min);
        let opens = |day: i64| start + Span::days(day) + Span::hours(i64::from(self.free[0]));
        let inside = |[from, to]: [u8; 2]| i64::from(from) <= hour && hour < i64::from(to);
        if !inside(self.free) {
            let next = if hour < i64::from(self.free[0]) { opens(0) } else { opens(1) };
            let level = if inside(self.warn) { Level::Warn } else { Level::Refuse };
            found.push(Reason::timed(Why::QuietHours, level, next));
        }
        if done_today >= self.a_day.0 {
            let level = if done_today < self.a_day.1 { Level::Warn } else { Level::Refuse };
            found.push(Reason::timed(Why::OftenToday, level, opens(1)));
        }
        found
    }
}

/// Local midnight before `now`, and the full hours since.
fn local(now: Micros, offset_min: i32) -> (Micros, i64) {
    let offset = Span::minutes(i64::from(offset_min)).0;
    let of_day = now.0.saturating_add(offset).rem_euclid(Span::days(1).0);
    (Micros(now.0 - of_day), of_day / Span::hours(1).0)
}
