//! Which scenario a new case is, proposed from its facts and the buyer's words. Owns the ranking; a person decides.

use crate::playbook::catalogue::Catalogue;
use crate::playbook::eval::{Facts, Line, Truth, all, explain};
use crate::playbook::pack::{Pack, Playbook};
use serde::Serialize;

/// What a line that holds counts.
const LINE: i64 = 4;
/// What a word of the buyer counts …
const WORD: i64 = 3;
/// … of which so many count at most.
const WORDS_COUNTED: usize = 3;

/// A scenario that a case may be.
#[derive(Clone, Debug, Serialize)]
pub struct Proposal<'a> {
    /// Its id.
    pub scenario: &'a str,
    /// Higher is more likely; only good for comparing.
    pub score: i64,
    /// Its conditions, line by line.
    pub because: Vec<Line>,
    /// Words of the buyer that hint at it.
    pub words: Vec<&'a str>,
}

/// What the buyer wrote, in lower case.
#[derive(Clone, Debug)]
pub struct Words(String);

impl Words {
    /// Of this text.
    pub fn of(text: &str) -> Self {
        Self(text.to_lowercase())
    }

    /// Whether a word stands in it.
    pub fn have(&self, word: &str) -> bool {
        self.0.contains(&word.to_lowercase())
    }
}

/// The scenarios that something speaks for, most likely first. `facts` is what is known for certain, `supposed` the same with what the
/// buyer's words hint at: a scenario that only a supposition rules out stays on the list, further down.
pub fn propose<'a>(pack: &'a Pack, catalogue: &Catalogue, facts: &Facts, supposed: &Facts, words: &Words) -> Vec<Proposal<'a>> {
    let of = |book: &'a Playbook| {
        one(book, catalogue, supposed, words).or_else(|| {
            let proposal = one(book, catalogue, facts, words)?;
            Some(Proposal { score: proposal.score - 2 * LINE, ..proposal })
        })
    };
    let mut proposals: Vec<Proposal<'a>> =
        pack.playbooks.values().filter_map(|book| of(book)).filter(|proposal| proposal.score > 0).collect();
    proposals.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.scenario.cmp(b.scenario)));
    proposals
}

fn one<'a>(book: &'a Playbook, catalogue: &Catalogue, facts: &Facts, words: &Words) -> Option<Proposal<'a>> {
    if all(&book.head.applies, facts).is_no() {
        return None;
    }
    let because = explain(&book.head.applies, facts, catalogue);
    let found: Vec<&str> = book.head.words.iter().map(String::as_str).filter(|word| words.have(word)).collect();
    let top = |truth: Truth| because.iter().filter(|line| line.level == 0 && line.ok == truth).count() as i64;
    // an open line counts against it only so far that of two equals the better known one stands first
    let score = LINE * top(Truth::Yes) + WORD * found.len().min(WORDS_COUNTED) as i64 - top(Truth::Unknown);
    Some(Proposal { scenario: &book.head.scenario, score, because, words: found })
}
