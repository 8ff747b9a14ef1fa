//! How long things took: in steps, so that medians are read from a handful of sums. Owns the steps, the night rule and the percentiles.
//!
//! Means are exact, as the platforms' formulas want them (sum of seconds by count); percentiles are read within a step.

use crate::china;
use crate::time::{Micros, Span};

/// The upper ends of the steps in seconds; the last step has none. 3 minutes and 1½ hours are limits of platforms.
const ENDS: [i64; 24] = [
    60, 180, 300, 600, 900, 1_800, 3_600, 5_400, 7_200, 10_800, 14_400, 21_600, 28_800, 43_200, 64_800, 86_400, 129_600, 172_800, 259_200,
    345_600, 432_000, 604_800, 864_000, 1_209_600,
];

/// How many steps there are.
pub const STEPS: usize = ENDS.len() + 1;

/// The key of a step among the counters.
pub fn step(seconds: i64) -> String {
    format!("{:02}", ENDS.partition_point(|end| *end < seconds.max(0)))
}

/// Platforms count no waiting at night: what comes between 23:00 and 8:00 is counted from 8:00.
pub fn counted_from(at: Micros) -> Micros {
    let midnight = china::midnight(at);
    match at - midnight {
        early if early < Span::hours(8) => midnight + Span::hours(8),
        late if late >= Span::hours(23) => midnight + Span::hours(32),
        _ => at,
    }
}

/// Seconds from `since` to `now` by the night rule.
pub fn awake_seconds(since: Micros, now: Micros) -> i64 {
    (now - counted_from(since)).0.max(0) / 1_000_000
}

/// Whole seconds, never negative.
pub fn seconds(since: Micros, now: Micros) -> i64 {
    (now - since).0.max(0) / 1_000_000
}

/// How long something took, of many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Speed {
    steps: [i64; STEPS],
    total_s: i64,
}

impl Speed {
    /// Adds `count` of the step named `key` that took `seconds` together; a key of no step is left out.
    pub fn add(&mut self, key: &str, count: i64, seconds: i64) {
        if let Some(sum) = key.parse().ok().and_then(|at: usize| self.steps.get_mut(at)) {
            *sum += count;
            self.total_s += seconds;
        }
    }

    /// How many.
    pub fn count(&self) -> i64 {
        self.steps.iter().sum()
    }

    /// The mean in seconds.
    pub fn mean_s(&self) -> Option<i64> {
        (self.count() > 0).then(|| self.total_s / self.count())
    }

    /// Under this many seconds lies `percent` of all; read within its step as if it were filled evenly.
    pub fn percentile_s(&self, percent: i64) -> Option<i64> {
        let count = self.count();
        if count <= 0 {
            return None;
        }
        let wanted = (count * percent.clamp(0, 100) + 99) / 100;
        let mut below = 0;
        for (at, sum) in self.steps.iter().enumerate() {
            if below + sum >= wanted.max(1) {
                let from = if at == 0 { 0 } else { ENDS[at - 1] };
                // The last step is told by its beginning.
                let to = ENDS.get(at).copied().unwrap_or(from);
                return Some(from + (to - from) * (wanted.max(1) - below) / sum);
            }
            below += sum;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_hold_their_upper_ends() {
        let check = |seconds: i64, expect: &str| assert_eq!(step(seconds), expect, "{seconds}");
        check(-5, "00");
        check(0, "00");
        check(60, "00");
        check(61, "01");
        check(180, "01");
        check(5_400, "07");
        check(1_209_600, "23");
        check(1_209_601, "24");
        assert_eq!(STEPS, 25);
    }

    #[test]
    fn the_night_is_nobodys_delay() {
        let check = |since: &str, now: &str, minutes: i64| {
            let at = |text: &str| Micros::parse(&format!("2026-11-{text}:00+08:00")).expect("a time");
            assert_eq!(awake_seconds(at(since), at(now)), minutes * 60, "{since} {now}");
        };
        check("24T10:00", "24T10:03", 3);
        check("24T22:59", "24T23:01", 2);
        check("24T23:00", "25T08:05", 5);
        check("25T03:00", "25T08:05", 5);
        check("25T03:00", "25T03:10", 0);
        check("25T08:00", "25T08:01", 1);
    }

    #[test]
    fn percentiles_and_means_of_known_sets() {
        let speed = |all: &[i64]| {
            let mut speed = Speed::default();
            all.iter().for_each(|s| speed.add(&step(*s), 1, *s));
            speed
        };
        assert_eq!((speed(&[]).mean_s(), speed(&[]).percentile_s(50)), (None, None));
        let it = speed(&[30, 120, 240, 7_000]);
        assert_eq!((it.count(), it.mean_s()), (4, Some(1_847)));
        // Two of four: at the end of the second step.
        assert_eq!(it.percentile_s(50), Some(180));
        assert_eq!(it.percentile_s(90), Some(7_200));
        let mut last = Speed::default();
        last.add("24", 3, 9_000_000);
        assert_eq!(last.percentile_s(50), Some(1_209_600));
        last.add("no step", 3, 1);
        assert_eq!(last.count(), 3);
    }

    proptest::proptest! {
        #[test]
        fn a_percentile_lies_in_the_step_of_the_true_one(mut all in proptest::collection::vec(0i64..1_209_600, 1..200), percent in 1i64..=100) {
            let mut speed = Speed::default();
            all.iter().for_each(|s| speed.add(&step(*s), 1, *s));
            all.sort_unstable();
            let rank = (all.len() as i64 * percent + 99) / 100;
            let truth = all[(rank - 1) as usize];
            proptest::prop_assert_eq!(step(speed.percentile_s(percent).expect("some")), step(truth));
            proptest::prop_assert_eq!(speed.mean_s(), Some(all.iter().sum::<i64>() / all.len() as i64));
        }
    }
}
