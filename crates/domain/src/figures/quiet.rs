//! How long a signal that somebody has seen stays quiet. Owns that it speaks again when clearly more comes back.

/// Units that have to come back besides, at least.
const LEAST: i64 = 3;

/// Whether a word said at `then` units asked back still covers `now` units: until a quarter more came.
pub const fn covers(then: i64, now: i64) -> bool {
    let more = if then / 4 > LEAST { then / 4 } else { LEAST };
    now < then + more
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_word_covers_until_clearly_more_comes_back() {
        let check = |then: i64, now: i64, expect: bool| assert_eq!(covers(then, now), expect, "{then} {now}");
        check(10, 10, true);
        check(10, 8, true);
        check(10, 12, true);
        check(10, 13, false);
        check(40, 49, true);
        check(40, 50, false);
    }
}
