//! Which deadlines hold, since when, and when they end. Owns the choice among several ends; a length nobody told stays unknown.

use super::Asking;
use crate::deadline::{day_end, window_end};
use crate::playbook::eval::all;
use crate::playbook::table::{Deadline, During, Ends, Length, Measure, Take, Window};
use crate::playbook::value::{Value, local_day};
use crate::time::{Micros, Span};

/// When a clock ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// At an instant, counted from the anchor.
    At(Micros),
    /// At an instant that the platform or a notice names.
    Named(Micros),
    /// After this much working time.
    Working(Span),
    /// Nobody told.
    Unknown,
}

/// Where a clock of the playbook stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockState {
    /// What it waits for is done.
    Over,
    /// It does not apply.
    Off,
    /// A fact is missing to tell whether it applies; a clock that runs goes on.
    Undecided,
    /// It applies, and its anchor is not there yet.
    NotStarted,
    /// It runs.
    Runs {
        /// Since then.
        starts: Micros,
        /// Until then.
        end: End,
    },
}

/// A clock with its state.
#[derive(Clone, Copy, Debug)]
pub struct ClockNow<'a> {
    /// The clock.
    pub rule: &'a Deadline,
    /// Where it stands.
    pub state: ClockState,
}

impl<'a> Asking<'a> {
    /// Every clock of the playbook.
    pub fn clocks(&self) -> Vec<ClockNow<'a>> {
        self.book.deadlines.iter().map(|rule| ClockNow { rule, state: self.clock(rule) }).collect()
    }

    fn clock(&self, rule: &Deadline) -> ClockState {
        if !rule.until.is_empty() && all(&rule.until, self.facts).is_yes() {
            return ClockState::Over;
        }
        match all(&rule.when, self.facts).known() {
            Some(false) => return ClockState::Off,
            None => return ClockState::Undecided,
            Some(true) => {}
        }
        let starts = rule.starts.and_then(|id| self.facts.date(id));
        match (rule.named_by.and_then(|id| self.facts.date(id)), starts) {
            (Some(named), starts) => ClockState::Runs { starts: starts.unwrap_or(self.facts.now).min(named), end: End::Named(named) },
            (None, Some(starts)) => ClockState::Runs { starts, end: self.end(rule, starts) },
            (None, None) => ClockState::NotStarted,
        }
    }

    fn end(&self, rule: &Deadline, starts: Micros) -> End {
        if let (Measure::Business, Length::Within(within)) = (rule.measure, rule.length) {
            return End::Working(within.span());
        }
        match rule.during.iter().find_map(|during| self.window(during, starts).map(|window| (during, window))) {
            Some((during, window)) => {
                let due = self.choose(starts, during.length, &during.also, during.take);
                let floor = during.not_before.map(|day| end_of_day(day, window.offset_min));
                due.map_or(End::Unknown, |due| End::At(floor.map_or(due, |floor| due.max(floor))))
            }
            None => self.choose(starts, rule.length, &rule.also, rule.take).map_or(End::Unknown, End::At),
        }
    }

    /// The window of a length that holds for a clock starting then.
    fn window(&self, during: &During, starts: Micros) -> Option<&'a Window> {
        let window = self.book.windows.iter().find(|window| window.id == during.window)?;
        let day = local_day(starts, window.offset_min);
        let platform = self.catalogue.find("platform.name").and_then(|id| match self.facts.get(id) {
            Some(Value::Choice(i)) => Some(self.catalogue.fact(id).code(*i)),
            _ => None,
        });
        let here = window.platforms.is_empty() || platform.is_some_and(|name| window.platforms.iter().any(|known| known == name));
        (here && (window.from..=window.until).contains(&day)).then_some(window)
    }

    /// The end that counts; nothing when one of them is unknown.
    fn choose(&self, starts: Micros, length: Length, also: &[Ends], take: Take) -> Option<Micros> {
        let mut chosen = self.end_of(starts, length)?;
        for other in also {
            let Some(from) = other.starts.and_then(|id| self.facts.date(id)) else { continue };
            let end = self.end_of(from, other.length)?;
            chosen = if take == Take::Earliest { chosen.min(end) } else { chosen.max(end) };
        }
        Some(chosen)
    }

    fn end_of(&self, from: Micros, length: Length) -> Option<Micros> {
        match length {
            Length::Within(within) => Some(from + within.span()),
            Length::Days(days) => Some(window_end(from, days, self.facts.offset_min)),
            Length::Unknown => None,
        }
    }
}

/// Midnight at the end of a local day.
fn end_of_day(day: jiff::civil::Date, offset_min: i32) -> Micros {
    let noon = jiff::tz::Offset::UTC.to_timestamp(day.at(12, 0, 0, 0)).map_or(0, |noon| noon.as_microsecond());
    day_end(Micros(noon) - Span::minutes(i64::from(offset_min)), offset_min)
}
