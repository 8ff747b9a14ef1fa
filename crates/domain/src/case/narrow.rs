//! What a saved view of the queue narrows: a few plain questions about a row, and the order. Owns the answers; reads nothing.

use crate::names::names;
use serde::{Deserialize, Serialize};

names! {
    /// The order of a view.
    Sort {
        Time, "time", "按时间";
        Amount, "amount", "按金额";
    }
}

/// Views one person keeps, and shared ones of a desk.
pub const VIEWS_LIMIT: i64 = 50;
/// Scenarios of one view.
const SCENARIOS: usize = 10;

/// What rows of a view have in common besides the base view; nothing set leaves all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Narrow {
    /// One of these scenarios; empty: any.
    pub scenarios: Vec<String>,
    /// At least this much, minor units.
    pub least_minor: Option<i64>,
    /// At most this much, minor units.
    pub most_minor: Option<i64>,
    /// This severe or worse: 1 (safety incident) to 4.
    pub severity: Option<i64>,
    /// Nobody's yet.
    pub unowned: bool,
}

/// A row as far as a view asks.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Its scenario.
    pub scenario: &'a str,
    /// Its amount, minor units.
    pub amount_minor: i64,
    /// 1 to 4.
    pub severity: i64,
    /// Whether somebody has it.
    pub owned: bool,
}

impl Narrow {
    /// Whether it leaves everything.
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the values make sense.
    pub fn is_sound(&self) -> bool {
        let names = self.scenarios.len() <= SCENARIOS && self.scenarios.iter().all(|name| (1..=60).contains(&name.len()));
        let amounts = [self.least_minor, self.most_minor].into_iter().flatten().all(|minor| minor >= 0);
        names && amounts && self.severity.is_none_or(|severity| (1..=4).contains(&severity))
    }

    /// Whether a row belongs to the view.
    pub fn fits(&self, row: Asked<'_>) -> bool {
        (self.scenarios.is_empty() || self.scenarios.iter().any(|name| name == row.scenario))
            && self.least_minor.is_none_or(|least| row.amount_minor >= least)
            && self.most_minor.is_none_or(|most| row.amount_minor <= most)
            && self.severity.is_none_or(|severity| row.severity <= severity)
            && !(self.unowned && row.owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_leaves_what_it_asks_for() {
        let row = Asked { scenario: "refund_unshipped", amount_minor: 990, severity: 3, owned: false };
        let check = |narrow: Narrow, expect: bool| assert_eq!(narrow.fits(row), expect, "{narrow:?}");
        check(Narrow::default(), true);
        check(Narrow { scenarios: vec!["exchange".into(), "refund_unshipped".into()], ..Narrow::default() }, true);
        check(Narrow { scenarios: vec!["exchange".into()], ..Narrow::default() }, false);
        check(Narrow { most_minor: Some(990), least_minor: Some(990), ..Narrow::default() }, true);
        check(Narrow { most_minor: Some(989), ..Narrow::default() }, false);
        check(Narrow { least_minor: Some(991), ..Narrow::default() }, false);
        check(Narrow { severity: Some(3), ..Narrow::default() }, true);
        check(Narrow { severity: Some(2), ..Narrow::default() }, false);
        check(Narrow { unowned: true, ..Narrow::default() }, true);
        let owned = Asked { owned: true, ..row };
        assert!(!Narrow { unowned: true, ..Narrow::default() }.fits(owned));
    }

    #[test]
    fn only_sound_values_are_kept() {
        let check = |narrow: Narrow, expect: bool| assert_eq!(narrow.is_sound(), expect, "{narrow:?}");
        check(Narrow::default(), true);
        check(Narrow { least_minor: Some(-1), ..Narrow::default() }, false);
        check(Narrow { severity: Some(5), ..Narrow::default() }, false);
        check(Narrow { scenarios: vec![String::new()], ..Narrow::default() }, false);
        check(Narrow { scenarios: vec!["a".into(); 11], ..Narrow::default() }, false);
    }
}
