//! One clock: a row of segments from which the time left is computed (running, paused on whom, extended by whom).
//!
//! Owns the arithmetic over segments; a clock is the fold of the changes that happened to it and is never patched.

use super::Calendar;
use crate::refusal::{Code, Refusal};
use crate::time::{Micros, Span};
use serde::{Deserialize, Serialize};

/// A stretch of a clock's life, or a change of its length at an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Segment {
    /// Time counts; `until` is absent while it still does.
    Running {
        /// First instant.
        from: Micros,
        /// End, exclusive.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Micros>,
    },
    /// Time stands still.
    Paused {
        /// First instant.
        from: Micros,
        /// End, exclusive.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Micros>,
        /// Whom it waits for, e.g. `buyer`, `platform`.
        on: String,
    },
    /// The length was changed by this much (negative: shortened).
    Extended {
        /// When.
        at: Micros,
        /// By whom, e.g. `seller`, `platform`.
        by: String,
        /// How much, in the clock's measure.
        add: Span,
    },
    /// The length became known.
    Learned {
        /// When.
        at: Micros,
        /// The whole length, from the start.
        length: Span,
    },
    /// The clock began again with another length: a case changed its type in place.
    Restarted {
        /// When.
        at: Micros,
        /// The new length; absent where it is not known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        length: Option<Span>,
    },
}

/// How a clock ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// What was asked for was done in time.
    Met,
    /// Zero was reached.
    RanOut,
    /// It no longer applies.
    Cancelled,
}

/// Something that happens to a clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// Stand still, waiting for somebody; a second pause only changes whom it waits for.
    Pause {
        /// Whom it waits for.
        on: String,
    },
    /// Go on with what was left; nothing happens to a running clock.
    Resume,
    /// Lengthen or shorten.
    Extend {
        /// By whom.
        by: String,
        /// How much; negative shortens.
        add: Span,
    },
    /// The length is known now.
    Learn {
        /// The whole length, from the start.
        length: Span,
    },
    /// Begin again.
    Restart {
        /// The new length, where known.
        length: Option<Span>,
    },
    /// End it.
    End {
        /// How.
        how: End,
    },
}

/// What a clock counts in.
#[derive(Clone, Copy, Debug)]
pub enum Measure<'a> {
    /// Every second counts ("天" of the platforms).
    Wall,
    /// Only working time counts.
    Business(&'a Calendar),
}

/// Where a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// It runs, or ran, to this instant.
    At(Micros),
    /// It stands still with this much left.
    Paused {
        /// What is left, in the clock's measure.
        left: Span,
    },
    /// Nobody told its length.
    Unknown,
    /// The calendar's data ends before the answer.
    CalendarUnknown,
    /// It has ended.
    Ended,
}

impl Due {
    /// The state's name in storage and JSON.
    pub const fn state(self) -> &'static str {
        match self {
            Self::At(_) => "running",
            Self::Paused { .. } => "paused",
            Self::Unknown | Self::CalendarUnknown => "unknown",
            Self::Ended => "ended",
        }
    }
    /// The due time, where there is one.
    pub const fn at(self) -> Option<Micros> {
        match self {
            Self::At(at) => Some(at),
            _ => None,
        }
    }
}

/// A clock as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// The length given at the start; absent where it was not known.
    pub length: Option<Span>,
    /// The truth, in order of time.
    pub segments: Vec<Segment>,
    /// When and how it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<(Micros, End)>,
}

impl Clock {
    /// A clock that runs from `now`.
    pub fn start(now: Micros, length: Option<Span>) -> Self {
        Self { length, segments: vec![Segment::Running { from: now, until: None }], ended: None }
    }

    /// The clock that these changes, in order of time, make of a fresh one.
    ///
    /// # Errors
    /// Those of [`Clock::change`].
    pub fn replay<'a>(
        start: Micros,
        length: Option<Span>,
        changes: impl IntoIterator<Item = &'a (Micros, Change)>,
    ) -> Result<Self, Refusal> {
        changes.into_iter().try_fold(Self::start(start, length), |mut clock, (at, change)| {
            clock.change(*at, change.clone())?;
            Ok(clock)
        })
    }

    /// Applies one change at `now`.
    ///
    /// # Errors
    /// `clock_ended`; `bad_input` for a time before the last change. Nothing is changed then.
    pub fn change(&mut self, now: Micros, change: Change) -> Result<(), Refusal> {
        if self.ended.is_some() {
            return Err(Code::ClockEnded.into());
        }
        if now < self.last_change() {
            return Err(Refusal::new(Code::BadInput).with("field", "at").with("problem", "before the clock's last change"));
        }
        match change {
            Change::Pause { on } if self.paused_on() == Some(&on) => {}
            Change::Pause { on } => self.switch(now, Segment::Paused { from: now, until: None, on }),
            Change::Resume if self.paused_on().is_none() => {}
            Change::Resume => self.switch(now, Segment::Running { from: now, until: None }),
            Change::Extend { by, add } => self.segments.push(Segment::Extended { at: now, by, add }),
            Change::Learn { length } => self.segments.push(Segment::Learned { at: now, length }),
            Change::Restart { length } => {
                self.close_open(now);
                self.segments.push(Segment::Restarted { at: now, length });
                self.segments.push(Segment::Running { from: now, until: None });
            }
            Change::End { how } => {
                self.close_open(now);
                self.ended = Some((now, how));
            }
        }
        Ok(())
    }

    /// The change that makes the clock run out at `to`, as when the platform names another time.
    ///
    /// # Errors
    /// `clock_ended`, `calendar_unknown`.
    pub fn move_to(&self, now: Micros, to: Micros, by: &str, measure: Measure<'_>) -> Result<Change, Refusal> {
        if self.ended.is_some() {
            return Err(Code::ClockEnded.into());
        }
        let wanted = self.elapsed(now, measure)?.0 + measured(measure, now, to)?.0;
        Ok(match self.total() {
            None => Change::Learn { length: Span(wanted) },
            Some(total) => Change::Extend { by: by.to_owned(), add: Span(wanted - total.0) },
        })
    }

    /// Whom it waits for, while it is paused.
    pub fn paused_on(&self) -> Option<&str> {
        self.segments.iter().rev().find_map(|segment| match segment {
            Segment::Paused { until: None, on, .. } => Some(on.as_str()),
            _ => None,
        })
    }

    /// When it first started.
    pub fn started(&self) -> Micros {
        self.segments.first().map_or(Micros(0), at_of)
    }

    /// Time counted until `now` since the start or the last restart.
    ///
    /// # Errors
    /// `calendar_unknown` where the calendar does not reach.
    pub fn elapsed(&self, now: Micros, measure: Measure<'_>) -> Result<Span, Refusal> {
        let mut sum = 0;
        for (from, until) in self.runs() {
            sum += measured(measure, from, until.unwrap_or(now).min(now))?.0;
        }
        Ok(Span(sum))
    }

    /// Where it stands. A clock that ran out before it was paused keeps its due time.
    pub fn due(&self, measure: Measure<'_>) -> Due {
        if self.ended.is_some() {
            return Due::Ended;
        }
        let Some(total) = self.total() else { return Due::Unknown };
        self.walk(total, measure).unwrap_or(Due::CalendarUnknown)
    }

    /// Time left at `now`, in the clock's measure; negative when overdue, `None` when ended or unknown.
    pub fn left(&self, now: Micros, measure: Measure<'_>) -> Option<Span> {
        match (self.ended, self.total()) {
            (None, Some(total)) => self.elapsed(now, measure).ok().map(|elapsed| Span(total.0 - elapsed.0)),
            _ => None,
        }
    }

    fn walk(&self, total: Span, measure: Measure<'_>) -> Result<Due, Refusal> {
        let mut left = total.0;
        for (from, until) in self.runs() {
            let due = add(measure, from, Span(left.max(0)));
            let Some(until) = until else { return due.map(Due::At) };
            if let Ok(due) = due
                && due <= until
            {
                return Ok(Due::At(due));
            }
            left -= measured(measure, from, until)?.0;
        }
        Ok(Due::Paused { left: Span(left.max(0)) })
    }

    /// The length in force with all changes since the last restart.
    pub fn total(&self) -> Option<Span> {
        self.segments.iter().fold(self.length, |total, segment| match segment {
            Segment::Extended { add, .. } => total.map(|t| Span(t.0.saturating_add(add.0))),
            Segment::Learned { length, .. } => Some(*length),
            Segment::Restarted { length, .. } => *length,
            Segment::Running { .. } | Segment::Paused { .. } => total,
        })
    }

    /// The running stretches since the last restart.
    fn runs(&self) -> impl Iterator<Item = (Micros, Option<Micros>)> + '_ {
        let since = self.segments.iter().rposition(|s| matches!(s, Segment::Restarted { .. })).unwrap_or(0);
        self.segments[since..].iter().filter_map(|segment| match segment {
            Segment::Running { from, until } => Some((*from, *until)),
            _ => None,
        })
    }

    /// When it last began again, if it ever did.
    pub fn restarted(&self) -> Option<Micros> {
        self.segments.iter().rev().find_map(|segment| match segment {
            Segment::Restarted { at, .. } => Some(*at),
            _ => None,
        })
    }

    /// The time of its last change; nothing can happen to it before.
    pub fn last_change(&self) -> Micros {
        self.segments.iter().map(at_of).max().unwrap_or(Micros(i64::MIN))
    }

    fn switch(&mut self, now: Micros, next: Segment) {
        self.close_open(now);
        self.segments.push(next);
    }

    fn close_open(&mut self, now: Micros) {
        for segment in self.segments.iter_mut().rev() {
            if let Segment::Running { until, .. } | Segment::Paused { until, .. } = segment
                && until.is_none()
            {
                *until = Some(now);
                return;
            }
        }
    }
}

fn at_of(segment: &Segment) -> Micros {
    match segment {
        Segment::Running { from, .. } | Segment::Paused { from, .. } => *from,
        Segment::Extended { at, .. } | Segment::Learned { at, .. } | Segment::Restarted { at, .. } => *at,
    }
}

fn measured(measure: Measure<'_>, from: Micros, to: Micros) -> Result<Span, Refusal> {
    match measure {
        Measure::Wall => Ok(Span((to - from).0.max(0))),
        Measure::Business(calendar) => calendar.between(from, to),
    }
}

fn add(measure: Measure<'_>, from: Micros, span: Span) -> Result<Micros, Refusal> {
    match measure {
        Measure::Wall => Ok(from + span),
        Measure::Business(calendar) => calendar.add(from, span),
    }
}
