//! Business calendars: several intervals a day, exceptions, public holidays, a fixed offset from UTC (China: +08:00 since 1991).
//!
//! Owns arithmetic in working time. Beyond the last day its data speaks of, every answer is `calendar_unknown`, never "workday".

use super::PublicDays;
use crate::china;
use crate::refusal::{Code, Refusal};
use crate::time::{Micros, Span};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const DAY: i64 = Span::days(1).0;
/// No question walks further than this many days; what is not reached by then is answered as unknown.
const FURTHEST_DAYS: i64 = 3_660;

/// One interval of a day, from inclusive, to exclusive, in minutes after local midnight (`to` at most 1440).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// First minute.
    pub from_min: u16,
    /// The minute after the last.
    pub to_min: u16,
}

/// A calendar as it is edited and stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarSpec {
    /// Its name, e.g. `finance`.
    pub code: String,
    /// Raised with every edit; what was computed names the version used.
    pub version: u32,
    /// Minutes east of UTC.
    pub offset_min: i32,
    /// Monday to Sunday.
    pub week: [Vec<Hours>; 7],
    /// Whether public holidays are off and make-up days are worked like a Monday.
    pub public_days: bool,
    /// Days with hours of their own; an empty list is a day off.
    #[serde(default)]
    pub exceptions: BTreeMap<Date, Vec<Hours>>,
}

impl CalendarSpec {
    /// Office hours in China: Monday to Friday, 9–18, public holidays off.
    pub fn office() -> Self {
        let day = vec![Hours { from_min: 9 * 60, to_min: 18 * 60 }];
        let week = std::array::from_fn(|weekday| if weekday < 5 { day.clone() } else { Vec::new() });
        Self { code: "office".into(), version: 1, offset_min: china::OFFSET_MIN, week, public_days: true, exceptions: BTreeMap::new() }
    }

    /// The service desk in China: every day of the year, 9–21.
    pub fn desk() -> Self {
        let week = std::array::from_fn(|_| vec![Hours { from_min: 9 * 60, to_min: 21 * 60 }]);
        Self { code: "desk".into(), version: 1, offset_min: china::OFFSET_MIN, week, public_days: false, exceptions: BTreeMap::new() }
    }
}

/// A calendar ready for use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    spec: CalendarSpec,
    public: Option<PublicDays>,
}

impl Calendar {
    /// Checks `spec` and binds it to the public days it asks for.
    ///
    /// # Errors
    /// `bad_input` for intervals that are empty, unordered, overlapping or beyond the day, or for public days that were not given.
    pub fn new(spec: CalendarSpec, public: Option<&PublicDays>) -> Result<Self, Refusal> {
        let wrong = |problem: &str| Refusal::new(Code::BadInput).with("field", "calendar").with("problem", problem);
        if !(-14 * 60..=14 * 60).contains(&spec.offset_min) {
            return Err(wrong("offset"));
        }
        for day in spec.week.iter().chain(spec.exceptions.values()) {
            let ordered = day.windows(2).all(|pair| pair[0].to_min <= pair[1].from_min);
            if !ordered || day.iter().any(|hours| hours.from_min >= hours.to_min || hours.to_min > 1440) {
                return Err(wrong("hours"));
            }
        }
        let public = match (spec.public_days, public) {
            (false, _) => None,
            (true, Some(days)) => Some(days.clone()),
            (true, None) => return Err(wrong("public_days")),
        };
        Ok(Self { spec, public })
    }

    /// The name and version, for the record of what a result was computed with.
    pub fn name(&self) -> (&str, u32) {
        (&self.spec.code, self.spec.version)
    }

    /// Whether `at` lies inside working time.
    ///
    /// # Errors
    /// `calendar_unknown` beyond the data.
    pub fn is_open(&self, at: Micros) -> Result<bool, Refusal> {
        let (day, of_day) = self.split(at);
        Ok(self.intervals(day)?.any(|(from, to)| from <= of_day && of_day < to))
    }

    /// `at` itself inside working time, otherwise the next opening.
    ///
    /// # Errors
    /// `calendar_unknown` when the data ends before it opens.
    pub fn next_open(&self, at: Micros) -> Result<Micros, Refusal> {
        let (first, of_day) = self.split(at);
        for day in first..=first + FURTHEST_DAYS {
            let since = if day == first { of_day } else { 0 };
            if let Some((from, _)) = self.intervals(day)?.find(|(_, to)| since < *to) {
                return Ok(self.join(day, from.max(since)));
            }
        }
        Err(self.unknown())
    }

    /// The earliest instant at or after `from` by which `span` of working time has passed since `from`.
    ///
    /// # Errors
    /// `calendar_unknown` when the data ends before that.
    pub fn add(&self, from: Micros, span: Span) -> Result<Micros, Refusal> {
        if span.0 <= 0 {
            return Ok(from);
        }
        let mut left = span.0;
        let (first, of_day) = self.split(from);
        for day in first..=first + FURTHEST_DAYS {
            let since = if day == first { of_day } else { 0 };
            for (open, close) in self.intervals(day)? {
                let open = open.max(since);
                let here = (close - open).max(0);
                if here >= left {
                    return Ok(self.join(day, open + left));
                }
                left -= here;
            }
        }
        Err(self.unknown())
    }

    /// The earliest instant at or before `until` from which no more than `span` of working time is left until `until`.
    ///
    /// An hour before ten in the morning, with an office that opens at nine, is closing time of the day before.
    ///
    /// # Errors
    /// `calendar_unknown` when the data begins after that.
    pub fn before(&self, until: Micros, span: Span) -> Result<Micros, Refusal> {
        let mut left = span.0.max(0);
        let (first, of_day) = self.split(until);
        for day in (first - FURTHEST_DAYS..=first).rev() {
            let end = if day == first { of_day } else { DAY };
            let mut intervals: Vec<_> = self.intervals(day)?.collect();
            intervals.reverse();
            for (open, close) in intervals {
                let close = close.min(end);
                let here = (close - open).max(0);
                if here > left {
                    return Ok(self.join(day, close - left));
                }
                left -= here;
            }
        }
        Err(self.unknown())
    }

    /// Working time between two instants; zero where `to` is not after `from`.
    ///
    /// # Errors
    /// `calendar_unknown` where a day between them lies beyond the data.
    pub fn between(&self, from: Micros, to: Micros) -> Result<Span, Refusal> {
        if to <= from {
            return Ok(Span(0));
        }
        let ((first, start), (last, end)) = (self.split(from), self.split(to));
        if last - first > FURTHEST_DAYS {
            return Err(self.unknown());
        }
        let mut sum = 0;
        for day in first..=last {
            if day == last && end == 0 {
                break;
            }
            let since = if day == first { start } else { 0 };
            let until = if day == last { end } else { DAY };
            sum += self.intervals(day)?.map(|(open, close)| (close.min(until) - open.max(since)).max(0)).sum::<i64>();
        }
        Ok(Span(sum))
    }

    /// The local day and the microseconds since its midnight.
    fn split(&self, at: Micros) -> (i64, i64) {
        let local = at.0.saturating_add(Span::minutes(i64::from(self.spec.offset_min)).0);
        (local.div_euclid(DAY), local.rem_euclid(DAY))
    }

    fn join(&self, day: i64, of_day: i64) -> Micros {
        Micros(day * DAY + of_day - Span::minutes(i64::from(self.spec.offset_min)).0)
    }

    fn intervals(&self, day: i64) -> Result<impl Iterator<Item = (i64, i64)> + '_, Refusal> {
        let hours = self.hours(day)?;
        Ok(hours.iter().map(|h| (Span::minutes(i64::from(h.from_min)).0, Span::minutes(i64::from(h.to_min)).0)))
    }

    fn hours(&self, day: i64) -> Result<&[Hours], Refusal> {
        let date = date_of(day).ok_or_else(|| self.unknown())?;
        if let Some(own) = self.spec.exceptions.get(&date) {
            return Ok(own);
        }
        let weekday = &self.spec.week[date.weekday().to_monday_zero_offset() as usize];
        let Some(public) = &self.public else { return Ok(weekday) };
        match public.is_workday(date) {
            None => Err(self.unknown()),
            Some(_) if public.is_makeup(date) => Ok(&self.spec.week[0]),
            Some(_) if public.is_holiday(date) => Ok(&[]),
            Some(_) => Ok(weekday),
        }
    }

    fn unknown(&self) -> Refusal {
        let last = self.public.as_ref().map_or_else(|| "-".to_owned(), |days| days.last.to_string());
        Refusal::new(Code::CalendarUnknown).with("calendar", &self.spec.code).with("last_day", last)
    }
}

/// The civil date of a day number (days since 1970-01-01).
fn date_of(day: i64) -> Option<Date> {
    jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().try_days(day).ok()?).ok()
}
