//! How many units of an article one case counts as asked back. Owns that nothing is counted twice: a request that replaces another counts
//! what it asks for besides; one that was only withdrawn stays counted, as platforms count it.

/// What one case holds and counts of one article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Units its requests hold.
    pub held: i64,
    /// Units the figures count.
    pub counted: i64,
}

impl Asked {
    /// After one change of the case in which units were taken and given back; `replaced` when it did both, of whatever article.
    #[must_use]
    pub fn after(self, taken: i64, given: i64, replaced: bool) -> Self {
        let held = (self.held - given + taken).max(0);
        let counted = if replaced { (self.counted - given).max(0) } else { self.counted };
        Self { held, counted: if taken > 0 || replaced { counted.max(held) } else { counted } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_counted_once_however_requests_follow_each_other() {
        // taken, given back, replaced
        let check = |steps: &[(i64, i64, bool)], expect: i64| {
            let end = steps.iter().fold(Asked::default(), |it, (taken, given, replaced)| it.after(*taken, *given, *replaced));
            assert_eq!(end.counted, expect, "{steps:?}");
        };
        check(&[(1, 0, false)], 1);
        check(&[(1, 0, false), (0, 1, false)], 1); // withdrawn stays asked
        check(&[(1, 0, false), (0, 1, false), (1, 0, false)], 1); // asked once more is not asked twice
        check(&[(1, 0, false), (1, 1, true)], 1); // replaced by another of the same
        check(&[(1, 0, false), (0, 1, true)], 0); // replaced by another article
        check(&[(2, 0, false), (3, 2, true)], 3);
        check(&[(3, 0, false), (1, 3, true)], 1); // corrected downwards
        check(&[(1, 0, false), (1, 0, false)], 2); // a second one besides
        check(&[(0, 5, false)], 0); // what came by merging
    }
}
