//! Which solved cases are most like one at hand. Owns what counts how much; ids sort by time, so that the later one wins a tie.

use crate::id::Id;

/// A solved case and what it has in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Like {
    /// The case.
    pub id: Id,
    /// The same article.
    pub article: bool,
    /// The same scenario.
    pub scenario: bool,
    /// The same cause.
    pub cause: bool,
}

impl Like {
    /// The same problem of the same article says most; a cause alone says little.
    const fn weight(&self) -> u8 {
        4 * self.article as u8 + 3 * self.scenario as u8 + 2 * self.cause as u8
    }
}

/// The `most` that are most alike, the latest first among equals.
pub fn rank(mut all: Vec<Like>, most: usize) -> Vec<Like> {
    all.retain(|like| like.weight() > 0);
    all.sort_by_key(|like| std::cmp::Reverse((like.weight(), like.id)));
    all.truncate(most);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_problem_of_the_same_article_comes_first_and_later_ones_before_older() {
        let like = |n: u8, article: bool, scenario: bool, cause: bool| Like { id: Id::from_bytes([n; 16]), article, scenario, cause };
        let all = vec![
            like(1, false, true, false),
            like(2, true, true, true),
            like(3, true, false, false),
            like(4, false, true, true),
            like(5, false, true, false),
            like(6, false, false, false),
        ];
        let order: Vec<u8> = rank(all.clone(), 5).iter().map(|it| it.id.bytes()[0]).collect();
        assert_eq!(order, [2, 4, 3, 5, 1]);
        assert_eq!(rank(all, 2).len(), 2);
    }
}
