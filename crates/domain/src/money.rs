//! Amounts of money and their division. Owns rounding; knows nothing of orders.

use serde::{Deserialize, Serialize};

/// An amount in minor units (fen for CNY) with its ISO 4217 code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// Minor units; negative only in differences.
    pub amount_minor: i64,
    /// Three capital letters, e.g. `CNY`.
    pub currency: String,
}

/// An amount of minor units as people write it, without its currency: `-1234` is `-12.34`.
pub fn units(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", minor.unsigned_abs() / 100, minor.unsigned_abs() % 100)
}

/// The text with one amount in place of another, wherever it stands as a number of its own: `50.00` is not in `150.00`.
pub fn restated(text: &str, from_minor: i64, to_minor: i64) -> String {
    let (from, to) = (units(from_minor), units(to_minor));
    let of_number = |c: char| c.is_ascii_digit() || c == '.';
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find(&from) {
        let (before, after) = (&rest[..at], &rest[at + from.len()..]);
        out.push_str(before);
        let apart = !out.ends_with(of_number) && !after.starts_with(|c: char| c.is_ascii_digit());
        out.push_str(if apart { &to } else { &from });
        rest = after;
    }
    out + rest
}

/// Divides `total_minor` in proportion to `weights` so that the parts sum to the total to the minor unit.
///
/// Largest remainder method; ties go to the earlier part. Equal shares where all weights are zero.
/// `total_minor` and the weights must not be negative.
pub fn allocate(total_minor: i64, weights: &[i64]) -> Vec<i64> {
    debug_assert!(total_minor >= 0 && weights.iter().all(|w| *w >= 0));
    if weights.is_empty() {
        return Vec::new();
    }
    let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
    let even = vec![1; weights.len()];
    let (weights, sum) = if sum == 0 { (even.as_slice(), even.len() as i128) } else { (weights, sum) };
    let exact = |w: i64| i128::from(total_minor) * i128::from(w);
    let mut parts: Vec<i64> = weights.iter().map(|w| (exact(*w) / sum) as i64).collect();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|i| std::cmp::Reverse(exact(weights[*i]) % sum));
    let left = total_minor - parts.iter().sum::<i64>();
    for i in by_remainder.into_iter().take(left as usize) {
        parts[i] += 1;
    }
    parts
}

/// What `quantity` further units of a line are worth when `done_quantity` units worth `done_minor` are settled already.
///
/// The last part takes the remainder, so that all parts together equal `paid_minor` (domain §3, rule 6).
/// `quantity + done_quantity` must not exceed `total_quantity`, which must be positive.
pub fn share(paid_minor: i64, total_quantity: i64, done_quantity: i64, done_minor: i64, quantity: i64) -> i64 {
    debug_assert!(quantity + done_quantity <= total_quantity && total_quantity > 0);
    if quantity + done_quantity == total_quantity {
        return (paid_minor - done_minor).max(0);
    }
    let part = i128::from(paid_minor) * i128::from(quantity) / i128::from(total_quantity);
    (part as i64).min(paid_minor - done_minor).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_amount_is_restated_where_it_stands_alone() {
        let check = |text: &str, expect: &str| assert_eq!(restated(text, 5_000, 4_000), expect, "{text}");
        check("清洗费50.00 元我们出，共50.00", "清洗费40.00 元我们出，共40.00");
        check("满150.00 减50.00", "满150.00 减40.00");
        check("50.005 和 1.50.00", "50.005 和 1.50.00");
        check("没有金额", "没有金额");
    }

    fn check(total: i64, weights: &[i64], expect: &[i64]) {
        assert_eq!(allocate(total, weights), expect, "{total} over {weights:?}");
    }

    #[test]
    fn an_order_coupon_is_divided_to_the_fen() {
        check(2000, &[8900, 4500, 4500], &[994, 503, 503]);
        check(100, &[1, 1, 1], &[34, 33, 33]);
        check(0, &[5, 5], &[0, 0]);
        check(7, &[0, 0], &[4, 3]);
        check(7, &[], &[]);
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_total(total in 0..1_000_000_000i64, weights in prop::collection::vec(0..1_000_000i64, 1..30)) {
            prop_assert_eq!(allocate(total, &weights).iter().sum::<i64>(), total);
        }

        #[test]
        fn returning_unit_by_unit_gives_back_what_was_paid(paid in 0..1_000_000i64, quantity in 1..50i64) {
            let mut done = 0;
            for unit in 0..quantity {
                done += share(paid, quantity, unit, done, 1);
            }
            prop_assert_eq!(done, paid);
        }
    }
}
