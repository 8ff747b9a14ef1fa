//! Words of a text as they are searched for: runs of letters and digits, Chinese characters one by one and in pairs.
//!
//! Owns the cutting. What is stored of a token is a keyed hash; long runs of digits (phones, cards, waybills) never become tokens here,
//! they are found whole or by their last four through columns of their own.

use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;

/// Runs of digits this long and longer are left out.
const LONG_DIGITS: usize = 7;
/// Letters of one word that are looked at.
const WORD_LIMIT: usize = 40;
/// Tokens of one text.
const TOKENS_LIMIT: usize = 2_000;

/// The tokens of a text to be found by, each once.
pub fn tokens(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for run in runs(text) {
        match run {
            Run::Word(word) => {
                found.extend(word_token(&word));
            }
            Run::Han(letters) => {
                found.extend(letters.iter().map(char::to_string));
                found.extend(letters.windows(2).map(|pair| pair.iter().collect::<String>()));
            }
        }
        if found.len() >= TOKENS_LIMIT {
            break;
        }
    }
    found
}

/// The tokens that a text must have to be found by this question: pairs where there are two characters, a single one only alone.
pub fn wanted(question: &str) -> BTreeSet<String> {
    let mut wanted = BTreeSet::new();
    for run in runs(question) {
        match run {
            Run::Word(word) => wanted.extend(word_token(&word)),
            Run::Han(letters) if letters.len() == 1 => {
                wanted.insert(letters[0].to_string());
            }
            Run::Han(letters) => wanted.extend(letters.windows(2).map(|pair| pair.iter().collect::<String>())),
        }
    }
    wanted
}

/// A number as it is compared: letters and digits only, in capitals, a leading 86 of a mobile number dropped.
pub fn plain_number(number: &str) -> String {
    let plain: String = number.nfkc().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    match plain.strip_prefix("86") {
        Some(rest) if rest.len() == 11 && rest.bytes().all(|b| b.is_ascii_digit()) => rest.to_owned(),
        _ => plain,
    }
}

enum Run {
    Word(String),
    Han(Vec<char>),
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut open = false;
    for letter in without_spelt_numbers(&text.nfkc().flat_map(char::to_lowercase).collect::<String>()).chars() {
        match (letter, runs.last_mut()) {
            (letter, Some(Run::Han(letters))) if open && is_han(letter) => letters.push(letter),
            (letter, _) if is_han(letter) => runs.push(Run::Han(vec![letter])),
            (letter, Some(Run::Word(word))) if open && letter.is_alphanumeric() => word.push(letter),
            (letter, _) if letter.is_alphanumeric() => runs.push(Run::Word(letter.to_string())),
            _ => {
                open = false;
                continue;
            }
        }
        open = true;
    }
    runs
}

/// The text without numbers that are spelt with gaps: `138-0000-1111`, `138 0000 1111`.
fn without_spelt_numbers(text: &str) -> String {
    let (mut kept, mut number) = (String::with_capacity(text.len()), String::new());
    let flush = |number: &mut String, kept: &mut String| {
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        kept.push_str(if digits >= LONG_DIGITS && digits < number.trim_end().len() { " " } else { number });
        number.clear();
    };
    for letter in text.chars() {
        let joins = " -.·".contains(letter) && number.ends_with(|last: char| last.is_ascii_digit());
        if letter.is_ascii_digit() || joins {
            number.push(letter);
        } else {
            flush(&mut number, &mut kept);
            kept.push(letter);
        }
    }
    flush(&mut number, &mut kept);
    kept
}

/// A word as a token; `None` when it is a long number, alone or inside (`wx13800001111`).
fn word_token(word: &str) -> Option<String> {
    let longest = word.split(|letter: char| !letter.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    (longest < LONG_DIGITS).then(|| word.chars().take(WORD_LIMIT).collect())
}

/// Chinese, Japanese and Korean characters, which are written without spaces.
fn is_han(letter: char) -> bool {
    matches!(letter as u32, 0x3040..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0x20000..=0x3134f)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expect: &[&str]) {
        let got: Vec<String> = tokens(text).into_iter().collect();
        let mut expect: Vec<String> = expect.iter().map(|t| (*t).to_owned()).collect();
        expect.sort();
        assert_eq!(got, expect, "{text}");
    }

    #[test]
    fn words_characters_and_pairs() {
        check("大衣有污渍", &["大", "衣", "有", "污", "渍", "大衣", "衣有", "有污", "污渍"]);
        check("SKU coat-M，两件", &["sku", "coat", "m", "两", "件", "两件"]);
        check("ＡＢＣ１２", &["abc12"]);
        check("", &[]);
    }

    #[test]
    fn long_numbers_are_left_out() {
        check("电话13800001111别打", &["电", "话", "电话", "别", "打", "别打"]);
        check("微信 wx13800001111", &["微", "信", "微信"]);
        check("房号 123456", &["房", "号", "房号", "123456"]);
        check("138-0000-1111", &[]);
        check("138 0000 1111 转 12", &["转", "12"]);
        check("买了 2 件 3 条", &["买", "了", "买了", "2", "件", "3", "条"]);
    }

    #[test]
    fn a_question_asks_for_pairs() {
        let check = |text: &str, expect: &[&str]| assert_eq!(wanted(text).into_iter().collect::<Vec<_>>(), expect, "{text}");
        check("污渍", &["污渍"]);
        check("渍", &["渍"]);
        check("胸口污 coat", &["coat", "口污", "胸口"]);
    }

    #[test]
    fn numbers_are_compared_plain() {
        let check = |text: &str, expect: &str| assert_eq!(plain_number(text), expect, "{text}");
        check("+86 138-0000-1111", "13800001111");
        check(" yt-0000123 ", "YT0000123");
        check("８６１３８００００１１１１", "13800001111");
    }

    proptest! {
        /// Whatever a text holds, a token never carries seven digits in a row, and every text is found by any part of itself.
        #[test]
        fn no_token_carries_a_long_number(text in "[大衣污渍a-c0-9 ,-]{0,60}", from in 0..60usize, len in 2..10usize) {
            let all = tokens(&text);
            for token in &all {
                let longest = token.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
                prop_assert!(longest < LONG_DIGITS);
            }
            let han: String = text.chars().skip(from).take(len).take_while(|c| is_han(*c)).collect();
            prop_assert!(wanted(&han).is_subset(&all));
        }
    }
}
