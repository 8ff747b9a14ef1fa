//! Slows down guessing of passwords. Owns the failure counts per name; a success clears them.
//!
//! Five failures are free, then each doubles the wait up to five minutes. It slows the name down for everyone but never locks it for
//! good, so nobody can shut a colleague out for longer than that.

use crate::error::Result;
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_domain::time::{Micros, Span};
use aftercare_store::{Tx, values};

const FREE: i64 = 5;
const LONGEST_S: i64 = 300;

/// Refuses while `subject` is blocked.
pub(super) fn check(tx: &mut Tx<'_>, subject: [u8; 32], now: Micros) -> Result<()> {
    let until = tx.query_opt("SELECT blocked_until FROM login_try WHERE subject = $1", &values![subject], |row| row.get::<Micros>(0))?;
    match until {
        Some(until) if until > now => {
            let wait_s = ((until - now).0 + 999_999) / 1_000_000;
            Err(Refusal::new(Code::TooManyTries).with("retry_after_s", wait_s).into())
        }
        _ => Ok(()),
    }
}

/// Counts one failure.
pub(super) fn failed(tx: &mut Tx<'_>, subject: [u8; 32], now: Micros) -> Result<()> {
    let sql = "INSERT INTO login_try (subject, failures, blocked_until, updated_at) VALUES ($1, 1, 0, $2)
        ON CONFLICT (subject) DO UPDATE SET failures = login_try.failures + 1, updated_at = excluded.updated_at RETURNING failures";
    let failures = tx.query_opt(sql, &values![subject, now], |row| row.get::<i64>(0))?.unwrap_or(1);
    let wait = wait_s(failures);
    if wait > 0 {
        tx.execute("UPDATE login_try SET blocked_until = $2 WHERE subject = $1", &values![subject, now + Span::seconds(wait)])?;
    }
    Ok(())
}

/// Clears the count.
pub(super) fn succeeded(tx: &mut Tx<'_>, subject: [u8; 32]) -> Result<()> {
    tx.execute("DELETE FROM login_try WHERE subject = $1", &values![subject])?;
    Ok(())
}

fn wait_s(failures: i64) -> i64 {
    if failures < FREE { 0 } else { (1 << (failures - FREE).min(9)).min(LONGEST_S) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_wait_doubles_and_is_bounded() {
        let check = |failures: i64, expect: i64| assert_eq!(super::wait_s(failures), expect, "{failures}");
        check(4, 0);
        check(5, 1);
        check(8, 8);
        check(13, 256);
        check(14, 300);
        check(1_000, 300);
    }
}
