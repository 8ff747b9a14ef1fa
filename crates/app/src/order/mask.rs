//! Masked forms of personal data for lists. Owns what may be seen without a reason.

/// `王小明` → `王**`; one character stays.
pub(crate) fn name(name: &str) -> String {
    let mut letters = name.trim().chars();
    letters.next().map_or_else(String::new, |first| format!("{first}{}", "*".repeat(letters.count().min(2))))
}

/// `13800001111` → `138****1111`; short numbers vanish.
pub(crate) fn phone(phone: &str) -> String {
    let digits = digits(phone);
    if digits.len() < 7 { String::new() } else { format!("{}****{}", &digits[..3], &digits[digits.len() - 4..]) }
}

/// The address down to the district: everything after the first 区, 县 or 市 of the second kind is dropped.
pub(crate) fn address(address: &str) -> String {
    let address = address.trim();
    match address
        .char_indices()
        .filter(|(at, letter)| *at > 0 && "区县旗".contains(*letter))
        .map(|(at, letter)| at + letter.len_utf8())
        .next()
    {
        Some(end) => format!("{}***", &address[..end]),
        None => address.chars().take(6).collect::<String>() + if address.is_empty() { "" } else { "***" },
    }
}

/// The ASCII digits of a phone number, without a leading 86.
pub(crate) fn digits(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("86") {
        Some(rest) if rest.len() == 11 => rest.to_owned(),
        _ => digits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks() {
        assert_eq!(name("王小明"), "王**");
        assert_eq!(phone("+86 138-0000-1111"), "138****1111");
        assert_eq!(phone("110"), "");
        assert_eq!(address("浙江省杭州市余杭区某路 1 号"), "浙江省杭州市余杭区***");
        assert_eq!(address(""), "");
    }
}
