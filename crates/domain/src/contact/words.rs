//! Which of the listed words a text holds. Owns the matching; what follows from a word stands in the data.

use super::folded::Folded;
use super::gate::{Reason, Why};
use super::rules::{List, Near};
use aho_corasick::{AhoCorasick, MatchKind};

/// How far before a word something may stand that turns it round, in characters of its clause.
const BEFORE: usize = 8;

/// The lists ready for matching.
#[derive(Debug)]
pub(crate) struct Words {
    lists: Vec<(Automaton, List)>,
    near: Vec<(Vec<Automaton>, Automaton, Near)>,
}

/// Words and exceptions in one automaton: the longest at the leftmost place wins, so that an exception hides what it contains.
#[derive(Debug)]
struct Automaton {
    all: AhoCorasick,
    words: usize,
}

impl Automaton {
    fn new(words: &[String], except: &[String]) -> Result<Self, String> {
        let patterns: Vec<&String> = words.iter().chain(except).collect();
        let all = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(patterns).map_err(|why| why.to_string())?;
        Ok(Self { all, words: words.len() })
    }

    /// The matches that are words, not exceptions, as byte ranges of the folded text.
    fn find<'a>(&'a self, text: &'a Folded) -> impl Iterator<Item = (usize, usize)> + 'a {
        self.all
            .find_iter(&text.text)
            .filter(|found| found.pattern().as_usize() < self.words)
            .map(|found| (found.start(), found.end()))
            .filter(|(start, end)| text.stands_alone(*start, *end))
    }
}

impl Words {
    pub(crate) fn new(lists: Vec<List>, near: Vec<Near>) -> Result<Self, String> {
        let list = |list: List| Ok::<_, String>((Automaton::new(&list.words, &list.except)?, list));
        let together = |near: Near| {
            let parts = near.parts.iter().map(|part| Automaton::new(part, &near.except)).collect::<Result<_, _>>()?;
            Ok::<_, String>((parts, Automaton::new(&near.except, &[])?, near))
        };
        Ok(Self {
            lists: lists.into_iter().map(list).collect::<Result<_, _>>()?,
            near: near.into_iter().map(together).collect::<Result<_, _>>()?,
        })
    }

    /// What the text holds; each list and combination speaks once.
    pub(crate) fn find(&self, text: &Folded) -> Vec<Reason> {
        let alone = self.lists.iter().filter_map(|(words, list)| {
            let (start, end) = words.find(text).find(|(start, _)| !turned(text, *start, &list.not_after))?;
            Some(Reason::words(list.code, list.level, list.is_final, text.original(start, end)))
        });
        let together = self.near.iter().filter_map(|(parts, except, near)| {
            let (start, end) = combination(text, parts, near.within)?;
            let excused = except.find(text).any(|(from, to)| from < end && start < to) || turned(text, start, &near.not_after);
            (!excused).then(|| Reason::words(near.code, near.level, near.is_final, text.original(start, end)))
        });
        let mut found: Vec<Reason> = Vec::new();
        for reason in alone.chain(together) {
            if !found.iter().any(|known| known.why == reason.why && known.level >= reason.level) {
                found.retain(|known| known.why != reason.why);
                found.push(reason);
            }
        }
        // the milder word about money on its way says nothing new beside the graver one
        if found.iter().any(|reason| reason.why == Why::OverPromise) {
            found.retain(|reason| reason.why != Why::Arrival);
        }
        found
    }
}

fn turned(text: &Folded, start: usize, not_after: &[String]) -> bool {
    let before = text.clause_before(start, BEFORE);
    not_after.iter().any(|word| before.contains(word.as_str()))
}

/// The first place where one word of each part follows the other closely enough.
fn combination(text: &Folded, parts: &[Automaton], within: usize) -> Option<(usize, usize)> {
    let (first, rest) = parts.split_first()?;
    let rest: Vec<Vec<(usize, usize)>> = rest.iter().map(|part| part.find(text).collect()).collect();
    first.find(text).find_map(|(start, mut end)| {
        for part in &rest {
            let (_, next) = part.iter().find(|(from, _)| *from >= end)?;
            end = *next;
        }
        text.distance(start, end).filter(|chars| *chars <= within + 4).map(|_| (start, end))
    })
}
