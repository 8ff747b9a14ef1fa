//! How fast rows of a job may go out. Owns the numbers per platform (data beside this file) and when each row may start at the earliest.

use crate::time::{Micros, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::hash::Hash;
use std::sync::LazyLock;

/// The pace towards one platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pace {
    /// Seconds between two refunds of one order.
    pub order_gap_s: i64,
    /// Rows in one go.
    pub chunk: i64,
    /// Seconds of rest after them.
    pub rest_s: i64,
}

impl Pace {
    /// Whether the numbers can be lived with.
    pub fn is_sound(self) -> bool {
        (0..=3_600).contains(&self.order_gap_s) && (1..=1_000).contains(&self.chunk) && (0..=600).contains(&self.rest_s)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    platform: String,
    order_gap_s: i64,
    chunk: i64,
    rest_s: i64,
    #[expect(dead_code, reason = "for whoever reads the data")]
    source: toml::Table,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    pace: Vec<Row>,
}

/// The shipped pace of a platform; unknown ones take that of all.
pub fn shelf(platform: &str) -> Pace {
    static ROWS: LazyLock<BTreeMap<String, Pace>> = LazyLock::new(|| {
        let data: Data = toml::from_str(include_str!("pace.toml")).unwrap_or(Data { pace: Vec::new() });
        let pace = |row: Row| (row.platform, Pace { order_gap_s: row.order_gap_s, chunk: row.chunk, rest_s: row.rest_s });
        data.pace.into_iter().map(pace).collect()
    });
    // The careful numbers again for a program whose data cannot be read; a test reads it.
    let careful = Pace { order_gap_s: 60, chunk: 10, rest_s: 10 };
    ROWS.get(platform).or_else(|| ROWS.get("*")).copied().unwrap_or(careful)
}

/// A row that has to keep a pace: whose turn it shares, the order it moves money of, and its shop's numbers.
#[derive(Clone, Copy, Debug)]
pub struct Paced<S, O> {
    /// Rows of one shop rest together.
    pub shop: S,
    /// Absent: no order, no gap.
    pub order: Option<O>,
    /// The numbers.
    pub pace: Pace,
}

/// When each row may start at the earliest, in the order given: after every full chunk of its shop a rest, and after a row of the same
/// order its gap.
pub fn starts<S: Ord + Copy, O: Ord + Copy + Hash>(from: Micros, rows: &[Paced<S, O>]) -> Vec<Micros> {
    let mut of_shop: BTreeMap<S, i64> = BTreeMap::new();
    let mut of_order: BTreeMap<(S, O), Micros> = BTreeMap::new();
    let start = |row: &Paced<S, O>| {
        let before = of_shop.entry(row.shop).or_default();
        let rests = *before / row.pace.chunk.max(1);
        *before += 1;
        let mut at = from + Span::seconds(rests * row.pace.rest_s);
        if let Some(order) = row.order {
            if let Some(last) = of_order.get(&(row.shop, order)) {
                at = at.max(*last + Span::seconds(row.pace.order_gap_s));
            }
            of_order.insert((row.shop, order), at);
        }
        at
    };
    rows.iter().map(start).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_is_read_and_sound() {
        let data: Data = toml::from_str(include_str!("pace.toml")).expect("the data");
        assert!(data.pace.iter().any(|row| row.platform == "*"));
        assert!(data.pace.iter().all(|row| shelf(&row.platform).is_sound()));
        assert_eq!(shelf("wechat").order_gap_s, 60);
        assert_eq!(shelf("tmall"), shelf("*"));
    }

    #[test]
    fn chunks_rest_and_orders_wait() {
        let pace = Pace { order_gap_s: 60, chunk: 2, rest_s: 5 };
        let check = |rows: &[(i64, Option<i64>)], expect: &[i64]| {
            let rows: Vec<_> = rows.iter().map(|(shop, order)| Paced { shop: *shop, order: *order, pace }).collect();
            let found: Vec<i64> = starts(Micros(0), &rows).iter().map(|at| at.0 / 1_000_000).collect();
            assert_eq!(found, expect, "{rows:?}");
        };
        check(&[], &[]);
        check(&[(1, Some(1)), (1, Some(2)), (1, Some(3)), (1, None), (1, None)], &[0, 0, 5, 5, 10]);
        // another shop has its own turns
        check(&[(1, Some(1)), (2, Some(1)), (1, Some(2)), (2, Some(2)), (1, Some(3))], &[0, 0, 0, 0, 5]);
        // the same order three times over
        check(&[(1, Some(1)), (1, Some(1)), (1, Some(1))], &[0, 60, 120]);
    }
}
