//! Text that spreadsheets take for text. Owns which first letters make a formula, and what is put before them.
//!
//! OWASP, CSV Injection: `=`, `+`, `-`, `@`, tab, carriage return, and their full-width forms. Leading blanks do not hide them.

use std::borrow::Cow;

/// Digits from which on a spreadsheet rounds a number.
const LONG: usize = 12;

/// Whether a spreadsheet might take the text for a formula.
pub fn risky(text: &str) -> bool {
    let starts = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠' | '|' | '%');
    text.starts_with(starts) || text.trim_start().starts_with(starts)
}

/// The text as it stands in a CSV file: an apostrophe before what could be a formula, a tab after a long number so that none of its
/// digits is rounded away.
pub fn csv_text(text: &str) -> Cow<'_, str> {
    if risky(text) {
        Cow::Owned(format!("'{text}"))
    } else if text.len() >= LONG && text.bytes().all(|b| b.is_ascii_digit()) {
        Cow::Owned(format!("{text}\t"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_could_be_a_formula_is_told_apart() {
        let check = |text: &str, expect: &str| assert_eq!(csv_text(text), expect, "{text:?}");
        check("=1+1", "'=1+1");
        check("+86 138", "'+86 138");
        check("-5", "'-5");
        check("@SUM(A1)", "'@SUM(A1)");
        check("\t=1", "'\t=1");
        check("\r=1", "'\r=1");
        check("  =cmd|' /C calc'!A0", "'  =cmd|' /C calc'!A0");
        check("＝1+1", "'＝1+1");
        check("|calc", "'|calc");
        check("双面羊毛大衣 -10%", "双面羊毛大衣 -10%");
        check("", "");
        check("4031234567890123456", "4031234567890123456\t");
        check("11012345", "11012345");
    }

    proptest! {
        #[test]
        fn no_text_begins_as_a_formula(text in r"[\s]{0,3}[=+\-@\t\r＝＋－＠a-z0-9]{0,4}.{0,40}") {
            let safe = csv_text(&text);
            let first = safe.trim_start().chars().next();
            prop_assert!(!first.is_some_and(|c| "=+-@\t\r\n＝＋－＠|%".contains(c)), "{safe:?}");
            prop_assert!(!safe.starts_with(['\t', '\r', '\n']), "{safe:?}");
            // Nothing of the text is lost.
            prop_assert!(safe.contains(text.as_str()));
        }
    }
}
