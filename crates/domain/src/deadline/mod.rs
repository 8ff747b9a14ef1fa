//! Due times (倒计时): clocks made of segments, business calendars, what happens at zero.
//!
//! Owns all time arithmetic of the desk. Lengths come from playbooks and platforms; nothing here invents one.

mod calendar;
mod clock;
mod public_days;
mod standing;
mod window;

pub use calendar::{Calendar, CalendarSpec, Hours};
pub use clock::{Change, Clock, Due, End, Measure, Segment};
pub use public_days::PublicDays;
pub use standing::{AtZero, Nearest, Source, SourceKind, nearest};
pub use window::{day_end, window_end};

#[cfg(test)]
mod calendar_tests;
#[cfg(test)]
mod clock_tests;
