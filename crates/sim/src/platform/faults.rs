//! What goes wrong between the platform's act and its answer. Owns the plan of coming faults; applies none of them itself.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// One thing that goes wrong with one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// All is well.
    None,
    /// Done; the answer is held longer than the caller waits.
    TimeoutAfterApply,
    /// Done; the caller is told 500.
    #[serde(rename = "error_500_after_apply")]
    Error500AfterApply,
    /// Done; the connection is reset in place of an answer.
    ResetAfterApply,
    /// Not done; the answer is held longer than the caller waits.
    TimeoutBefore,
    /// Not done; the caller is told 500.
    #[serde(rename = "error_500_before")]
    Error500Before,
    /// Not done; the connection is reset.
    ResetBefore,
    /// The result is called back twice, with the same event id.
    DuplicateCallback,
    /// The result is called back before the answer is given.
    EarlyCallback,
    /// The result is called back long after the answer.
    LateCallback,
    /// The result is never called back.
    NoCallback,
    /// The answer is only `accepted`; the result comes by callback, or can be asked for.
    Accepted,
    /// Done, and answered after a while that a patient caller waits for.
    Slow,
    /// Rejected: the shop's account is empty.
    BalanceTooLow,
}

/// The faults of one call: one, or several together.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Entry {
    /// One.
    One(Fault),
    /// Several together, e.g. a lost answer and an early callback.
    Several(Vec<Fault>),
}

impl Entry {
    fn faults(self) -> Vec<Fault> {
        match self {
            Self::One(fault) => vec![fault],
            Self::Several(faults) => faults,
        }
    }
}

/// Which calls a plan is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Every call.
    #[default]
    Any,
    /// Refunds only.
    Refunds,
    /// All calls but refunds.
    Calls,
}

/// The order for faults as it travels; it replaces the plan before it. An empty one ends all faults.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultsIn {
    /// One kind, for `share` of the calls, or for all when no share is given.
    #[serde(default)]
    pub kind: Option<Fault>,
    /// Several kinds, chosen from with equal chance.
    #[serde(default)]
    pub kinds: Vec<Fault>,
    /// The part of the calls that are hit, 0 to 1.
    #[serde(default)]
    pub share: Option<f64>,
    /// What happens to the next calls, one entry each, before `share` applies.
    #[serde(default)]
    pub script: Vec<Entry>,
    /// Where the dice start; 0 when absent.
    #[serde(default)]
    pub seed: u64,
    /// Which calls are meant.
    #[serde(default)]
    pub about: About,
    /// How long a timed-out answer is held, 30 000 when absent.
    #[serde(default)]
    pub hold_ms: Option<u64>,
    /// How long a slow answer takes, 500 when absent.
    #[serde(default)]
    pub slow_ms: Option<u64>,
    /// How long a late callback waits, 1 000 when absent.
    #[serde(default)]
    pub late_ms: Option<u64>,
}

/// What will go wrong, call by call; the same seed and the same calls give the same faults.
pub struct Plan {
    script: VecDeque<Entry>,
    kinds: Vec<Fault>,
    share: f64,
    about: About,
    dice: ChaCha8Rng,
    /// How long a timed-out answer is held, in milliseconds.
    pub hold_ms: u64,
    /// How long a slow answer takes, in milliseconds.
    pub slow_ms: u64,
    /// How long a late callback waits, in milliseconds.
    pub late_ms: u64,
}

impl Default for Plan {
    fn default() -> Self {
        Self::new(FaultsIn::default())
    }
}

impl Plan {
    /// The plan an order for faults makes.
    pub fn new(given: FaultsIn) -> Self {
        let kinds: Vec<Fault> = given.kind.into_iter().chain(given.kinds).collect();
        Self {
            script: given.script.into(),
            share: if kinds.is_empty() { 0.0 } else { given.share.unwrap_or(1.0) },
            kinds,
            about: given.about,
            dice: ChaCha8Rng::seed_from_u64(given.seed),
            hold_ms: given.hold_ms.unwrap_or(30_000),
            slow_ms: given.slow_ms.unwrap_or(500),
            late_ms: given.late_ms.unwrap_or(1_000),
        }
    }

    /// The faults of the next call.
    pub fn next(&mut self, refund: bool) -> Vec<Fault> {
        let meant = match self.about {
            About::Any => true,
            About::Refunds => refund,
            About::Calls => !refund,
        };
        if !meant {
            return Vec::new();
        }
        if let Some(entry) = self.script.pop_front() {
            return entry.faults();
        }
        if !self.kinds.is_empty() && self.dice.random::<f64>() < self.share {
            let at = (self.dice.next_u32() as usize) % self.kinds.len();
            return vec![self.kinds[at]];
        }
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(text: &str) -> Plan {
        Plan::new(serde_json::from_str(text).expect("an order for faults"))
    }

    #[test]
    fn a_script_runs_out_and_the_share_follows() {
        let mut plan = plan(r#"{"script": ["slow", ["reset_after_apply", "early_callback"]], "kind": "error_500_before"}"#);
        assert_eq!(plan.next(true), [Fault::Slow]);
        assert_eq!(plan.next(true), [Fault::ResetAfterApply, Fault::EarlyCallback]);
        assert_eq!(plan.next(true), [Fault::Error500Before]);
    }

    #[test]
    fn a_share_hits_about_that_part_and_repeats_by_seed() {
        let order = r#"{"kinds": ["timeout_after_apply", "reset_after_apply"], "share": 0.25, "seed": 9}"#;
        let (mut one, mut two) = (plan(order), plan(order));
        let hits: Vec<_> = (0..2_000).map(|_| one.next(true)).collect();
        assert_eq!(hits, (0..2_000).map(|_| two.next(true)).collect::<Vec<_>>());
        let hit = hits.iter().filter(|faults| !faults.is_empty()).count();
        assert!((400..600).contains(&hit), "{hit}");
        assert!(hits.contains(&vec![Fault::TimeoutAfterApply]) && hits.contains(&vec![Fault::ResetAfterApply]));
    }

    #[test]
    fn calls_not_meant_use_nothing_up() {
        let mut plan = plan(r#"{"script": ["slow"], "about": "refunds"}"#);
        assert!(plan.next(false).is_empty());
        assert_eq!(plan.next(true), [Fault::Slow]);
        assert!(plan.next(true).is_empty());
    }
}
