//! Hands beside arrivals, hour by hour: how many people did something, how many cases came. Owns the averages.

use std::collections::BTreeMap;

/// One hour of the day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Hour {
    /// 0 to 23.
    pub hour: i64,
    /// Cases that came in it, on an average day.
    pub cases: f64,
    /// People who did something in it, on an average day.
    pub people: f64,
}

/// The hours of an average day: `arrived` cases and `acted` people by hour, summed over `days`.
pub fn hours(arrived: &BTreeMap<i64, i64>, acted: &BTreeMap<i64, i64>, days: i64) -> Vec<Hour> {
    let mean = |sums: &BTreeMap<i64, i64>, hour: i64| sums.get(&hour).copied().unwrap_or(0) as f64 / days.max(1) as f64;
    (0..24).map(|hour| Hour { hour, cases: mean(arrived, hour), people: mean(acted, hour) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_day_has_24_hours() {
        let day = hours(&BTreeMap::from([(9, 20), (23, 1)]), &BTreeMap::from([(9, 4)]), 2);
        assert_eq!(day.len(), 24);
        assert_eq!((day[9].cases, day[9].people, day[23].cases, day[23].people, day[0].cases), (10.0, 2.0, 0.5, 0.0, 0.0));
        assert_eq!(hours(&BTreeMap::from([(9, 3)]), &BTreeMap::new(), 0)[9].cases, 3.0);
    }
}
