//! Public holidays and make-up workdays of a country, as data with their source. Owns reading it and its limits of validity.

use jiff::civil::{Date, Weekday};
use serde::Deserialize;
use std::collections::BTreeSet;

/// The days that differ from the plain week, between the first and the last day the data speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicDays {
    /// First day known.
    pub first: Date,
    /// Last day known; beyond it nothing is said.
    pub last: Date,
    off: BTreeSet<Date>,
    work: BTreeSet<Date>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    year: Vec<Year>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Year {
    year: i16,
    #[serde(rename = "source")]
    _source: String,
    holiday: Vec<Holiday>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Holiday {
    #[serde(rename = "name")]
    _name: String,
    from: Date,
    to: Date,
    #[serde(default)]
    work: Vec<Date>,
}

impl PublicDays {
    /// Mainland China, from the file shipped with the product.
    pub fn china() -> Self {
        Self::parse(include_str!("../../data/calendar_cn.toml")).expect("the shipped calendar is read by a test")
    }

    /// Reads `format = 1` text: whole years without gaps, each with its source and its holidays.
    ///
    /// # Errors
    /// What is wrong with the text, for whoever edits it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|why| why.to_string())?;
        if file.format != 1 {
            return Err(format!("format {} is not known", file.format));
        }
        let (Some(first), Some(last)) = (file.year.first(), file.year.last()) else {
            return Err("no year is given".to_owned());
        };
        if file.year.windows(2).any(|pair| pair[0].year + 1 != pair[1].year) {
            return Err("years must follow each other without a gap".to_owned());
        }
        let day = |year, month, day| Date::new(year, month, day).map_err(|why| why.to_string());
        let mut days = Self { first: day(first.year, 1, 1)?, last: day(last.year, 12, 31)?, off: BTreeSet::new(), work: BTreeSet::new() };
        for holiday in file.year.iter().flat_map(|year| &year.holiday) {
            days.off.extend(holiday.from.series(jiff::ToSpan::days(1)).take_while(|date| *date <= holiday.to));
            days.work.extend(&holiday.work);
        }
        match days.off.intersection(&days.work).next() {
            Some(both) => Err(format!("{both} is both a holiday and a workday")),
            None => Ok(days),
        }
    }

    /// Whether offices work on `date`; `None` where the data does not reach.
    pub fn is_workday(&self, date: Date) -> Option<bool> {
        if date < self.first || date > self.last {
            return None;
        }
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        Some(self.is_makeup(date) || (!weekend && !self.is_holiday(date)))
    }

    /// A day off by decree.
    pub fn is_holiday(&self, date: Date) -> bool {
        self.off.contains(&date)
    }

    /// A weekend day worked in exchange for a holiday.
    pub fn is_makeup(&self, date: Date) -> bool {
        self.work.contains(&date)
    }
}
