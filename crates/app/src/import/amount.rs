//! Exact decimals of spreadsheets. Owns the step from text to minor units; never a binary fraction.

/// A decimal number: `digits` × 10^-`scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    digits: i128,
    scale: u32,
}

/// Digits after the point that a price may carry.
const SCALE_LIMIT: usize = 9;

impl Decimal {
    /// Reads `12`, `-1`, `2.55`, `1,280.00`; anything else is no number.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text: String = text.trim().chars().filter(|c| *c != ',' && *c != '¥' && *c != '￥').collect();
        let (sign, plain) = text.strip_prefix('-').map_or((1, text.as_str()), |rest| (-1, rest));
        let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
        let all = [whole, part].concat();
        if all.is_empty() || all.len() > 24 || part.len() > SCALE_LIMIT || !all.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        Some(Self { digits: sign * all.parse::<i128>().ok()?, scale: u32::try_from(part.len()).ok()? })
    }

    /// The whole number it is, if it is one.
    pub(crate) fn whole(self) -> Option<i64> {
        let unit = 10i128.pow(self.scale);
        (self.digits % unit == 0).then(|| i64::try_from(self.digits / unit).ok())?
    }

    /// This unit price times `quantity` in minor units of a currency with two decimals, half a minor unit rounded away from zero.
    pub(crate) fn times_minor(self, quantity: i64) -> Option<i64> {
        let unit = 10i128.pow(self.scale);
        let exact = self.digits * i128::from(quantity) * 100;
        let rounded = (exact.abs() + unit / 2) / unit * exact.signum();
        i64::try_from(rounded).ok()
    }

    pub(crate) fn is_negative(self) -> bool {
        self.digits < 0
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn line_totals_are_exact() {
        let check = |price: &str, quantity: i64, expect: Option<i64>| {
            assert_eq!(Decimal::parse(price).and_then(|p| p.times_minor(quantity)), expect, "{price} × {quantity}");
        };
        check("2.55", 6, Some(1530));
        check("0.001", 1500, Some(150));
        check("0.005", 1, Some(1));
        check("1,280.00", 1, Some(128_000));
        check("-1.5", 2, Some(-300));
        check("0", 9, Some(0));
        check("1e3", 1, None);
        check("", 1, None);
        check("1.2.3", 1, None);
    }

    #[test]
    fn whole_numbers() {
        let check = |text: &str, expect: Option<i64>| assert_eq!(Decimal::parse(text).and_then(Decimal::whole), expect, "{text}");
        check("17850.0", Some(17850));
        check("-74215", Some(-74215));
        check("1.5", None);
    }
}
