//! Personal data written out in a text: phone, identity card, bank card, e-mail. Owns the shapes and their check digits.

use serde::Serialize;

/// What kind of personal data stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Personal {
    /// A mobile number.
    Phone,
    /// A resident identity card number.
    IdentityCard,
    /// A bank card number.
    BankCard,
    /// An e-mail address.
    Email,
}

/// What the text holds, the gravest first. Numbers in `known` (order number, waybills) are not looked at.
pub(crate) fn find(text: &str, known: &[&str]) -> Vec<Personal> {
    let mut found: Vec<Personal> = numbers(text).iter().filter(|n| !known.contains(&n.as_str())).filter_map(|n| kind(n)).collect();
    if has_email(text) {
        found.push(Personal::Email);
    }
    found.sort_by_key(|kind| match kind {
        Personal::IdentityCard => 0,
        Personal::BankCard => 1,
        Personal::Phone => 2,
        Personal::Email => 3,
    });
    found.dedup();
    found
}

/// Runs of digits, also written in groups of three and more (`138-0013-8000`, `6222 0212 …`), with a closing X of identity cards.
fn numbers(text: &str) -> Vec<String> {
    use unicode_normalization::UnicodeNormalization;
    let mut all = Vec::new();
    let mut run = String::new();
    let mut gap = false;
    let chars: Vec<char> = text.nfkc().collect();
    for (at, c) in chars.iter().enumerate() {
        match c {
            '0'..='9' => {
                run.push(*c);
                gap = false;
            }
            'x' | 'X' if run.len() == 17 => run.push('X'),
            ' ' | '-' if run.len() >= 3 && !gap && chars.get(at + 1).is_some_and(char::is_ascii_digit) => gap = true,
            _ => {
                all.push(std::mem::take(&mut run));
                gap = false;
            }
        }
    }
    all.push(run);
    all.retain(|number| number.len() >= 11);
    all
}

fn kind(number: &str) -> Option<Personal> {
    let digits: Vec<u32> = number.chars().filter_map(|c| c.to_digit(10)).collect();
    match number.len() {
        11 if digits[0] == 1 && digits[1] >= 3 => Some(Personal::Phone),
        13 if number.starts_with("861") && digits[3] >= 3 => Some(Personal::Phone),
        18 if identity_card(&digits, number.ends_with('X')) => Some(Personal::IdentityCard),
        16..=19 if matches!(digits[0], 3..=6) && luhn(&digits) => Some(Personal::BankCard),
        _ => None,
    }
}

/// GB 11643: a plausible birth year and the check character of ISO 7064 (11-2).
fn identity_card(digits: &[u32], closes_with_x: bool) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let Some(year) = digits.get(6..8).map(|y| y[0] * 10 + y[1]) else { return false };
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    let check = (12 - sum % 11) % 11;
    let given = if closes_with_x { 10 } else { digits.last().copied().unwrap_or(0) };
    (18..=20).contains(&year) && check == given
}

fn luhn(digits: &[u32]) -> bool {
    let doubled = |(at, digit): (usize, &u32)| if at % 2 == 1 { (digit * 2) / 10 + (digit * 2) % 10 } else { *digit };
    digits.iter().rev().enumerate().map(doubled).sum::<u32>() % 10 == 0
}

fn has_email(text: &str) -> bool {
    text.match_indices('@').any(|(at, _)| {
        let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let name = text[..at].chars().rev().take_while(|c| word(*c)).count();
        let host: String = text[at + 1..].chars().take_while(|c| word(*c)).collect();
        name > 0 && host.split('.').count() >= 2 && host.split('.').all(|part| !part.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[Personal]) {
        assert_eq!(find(text, &["1234567890123456", "4392123412341234123"]), expect, "{text}");
    }

    #[test]
    fn shapes_with_their_check_digits() {
        check("您的手机是 19900006021 吗", &[Personal::Phone]);
        check("电话 199-0000-6021，+86 199 0000 6021", &[Personal::Phone]);
        check("身份证 11010519491231002X", &[Personal::IdentityCard]);
        check("卡号 6222 0212 3456 7890 129", &[]);
        check("卡号 4111 1111 1111 1111", &[Personal::BankCard]);
        check("写到 li.lei@example.com 或 a@b", &[Personal::Email]);
        check("订单 4392123412341234123，运单 434812345678901，1234567890123456", &[]);
        check("身份证 110105194912310021，12 号，2026-11-24 10:05", &[]);
        check("@小助手 好的", &[]);
    }
}
