//! Text folded for matching: width, case, joiners inside words and traditional forms no longer hide a word.
//!
//! Owns the folding and the way back to the original. Sentence marks stay, so that nothing matches across them.

use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// Folded text with the place of each of its bytes in the original.
#[derive(Debug)]
pub(crate) struct Folded {
    /// What is matched against.
    pub(crate) text: String,
    /// For each char of `text`: its byte offset there, and its char position in the original.
    places: Vec<(usize, usize)>,
    original: Vec<char>,
}

/// Marks that end a sentence.
pub(crate) fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '!' | '？' | '?' | '\n' | '；' | ';')
}

/// Marks that end a clause; also written with the marks of [`ends_sentence`].
pub(crate) fn ends_clause(c: char) -> bool {
    ends_sentence(c) || matches!(c, '，' | ',' | '：' | ':')
}

impl Folded {
    /// Folds `text`; `pairs` says what stands for what.
    pub(crate) fn new(text: &str, pairs: &HashMap<char, char>) -> Self {
        let original: Vec<char> = text.chars().collect();
        let mut folded = String::with_capacity(text.len());
        let mut places = Vec::with_capacity(original.len());
        for (at, c) in original.iter().enumerate() {
            let keep = |n: char| !is_joiner(n) || (n == '.' && joins_latin(&original, at));
            for n in c.nfkc().flat_map(char::to_lowercase).filter(|n| keep(*n)) {
                places.push((folded.len(), at));
                folded.push(pairs.get(&n).copied().unwrap_or(n));
            }
        }
        Self { text: folded, places, original }
    }

    /// The original text of a match, at most 24 characters of it.
    pub(crate) fn original(&self, start: usize, end: usize) -> String {
        let (from, to) = (self.char_at(start), self.char_at(end));
        let (first, last) = (self.places.get(from), self.places.get(to.saturating_sub(1)));
        match (first, last) {
            (Some((_, first)), Some((_, last))) if first <= last => self.original[*first..=*last].iter().take(24).collect(),
            _ => String::new(),
        }
    }

    /// Whether a match in Latin letters stands alone in the original: `sb` is not a word of `usb`.
    pub(crate) fn stands_alone(&self, start: usize, end: usize) -> bool {
        let latin = |c: Option<&char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let (from, to) = (self.char_at(start), self.char_at(end));
        let (Some((_, first)), Some((_, last))) = (self.places.get(from), self.places.get(to.saturating_sub(1))) else { return false };
        let begins = self.original.get(*first).is_some_and(|c| c.nfkc().any(|c| c.is_ascii_alphanumeric()));
        let ends = self.original.get(*last).is_some_and(|c| c.nfkc().any(|c| c.is_ascii_alphanumeric()));
        let before = first.checked_sub(1).and_then(|at| self.original.get(at));
        !(begins && latin(before) || ends && latin(self.original.get(last + 1)))
    }

    /// Up to `chars` characters before byte `start`, without those of an earlier clause.
    pub(crate) fn clause_before(&self, start: usize, chars: usize) -> &str {
        let head = &self.text[..start];
        let from = head.char_indices().rev().take(chars).take_while(|(_, c)| !ends_clause(*c)).last().map_or(start, |(at, _)| at);
        &head[from..]
    }

    /// How many characters of the folded text lie between two of its bytes, or `None` across the end of a sentence.
    pub(crate) fn distance(&self, from: usize, to: usize) -> Option<usize> {
        let between = self.text.get(from..to)?;
        if between.chars().any(ends_sentence) { None } else { Some(between.chars().count()) }
    }

    fn char_at(&self, byte: usize) -> usize {
        self.places.partition_point(|(at, _)| *at < byte)
    }
}

/// Characters put between the parts of a word to hide it, or left there by layout.
fn is_joiner(c: char) -> bool {
    (c != '\n' && (c.is_whitespace() || c.is_control()))
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '*' | '_' | '~' | '·' | '•' | '|' | '.' | '…' | '-')
}

/// A dot or dash between Latin letters belongs to an address, not to a hidden word.
fn joins_latin(original: &[char], at: usize) -> bool {
    let latin = |c: Option<&char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    latin(at.checked_sub(1).and_then(|before| original.get(before))) && latin(original.get(at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Folded {
        Folded::new(text, &HashMap::from([('薇', '微')]))
    }

    #[test]
    fn what_is_written_oddly_reads_plainly() {
        let check = |text: &str, expect: &str| assert_eq!(folded(text).text, expect, "{text}");
        check("加 薇 信 ＶＸ", "加微信vx");
        check("加*微\u{200b}信。好", "加微信。好");
        check("www.example.com 好.的", "www.example.com好的");
    }

    #[test]
    fn matches_lead_back_to_the_original() {
        let text = folded("好的，加 薇 信 吧");
        let start = text.text.find("加微信").expect("folded");
        assert_eq!(text.original(start, start + "加微信".len()), "加 薇 信");
        assert_eq!(text.clause_before(start, 8), "");
        let usb = folded("usb 线 sb");
        assert!(!usb.stands_alone(1, 3));
        let alone = usb.text.rfind("sb").expect("there");
        assert!(usb.stands_alone(alone, alone + 2));
    }
}
