//! Slows down guessing of passwords. Owns the failure counts per name and per address; a success clears the name's.
//!
//! Some failures are free, then each doubles the wait up to five minutes. It slows the name down for everyone but never locks it for
//! good, so nobody can shut a colleague out for longer than that. A whole office may share an address, so more are free there.

use crate::error::Result;
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_domain::time::{Micros, Span};
use aftercare_store::{Tx, values};

const FREE_NAME: i64 = 5;
const FREE_ADDRESS: i64 = 30;
const LONGEST_S: i64 = 300;
/// Failures older than this are forgotten.
const FORGOTTEN: Span = Span::hours(24);

/// What is counted, as keyed hashes.
#[derive(Clone, Copy)]
pub(super) struct Subject {
    /// Of the name given.
    pub(super) name: [u8; 32],
    /// Of the caller's address.
    pub(super) address: [u8; 32],
}

/// Refuses while the name or the address is blocked.
pub(super) fn check(tx: &mut Tx<'_>, subject: Subject, now: Micros) -> Result<()> {
    let sql = "SELECT COALESCE(MAX(blocked_until), 0) FROM login_try WHERE subject = $1 OR subject = $2";
    let until = tx.query_opt(sql, &values![subject.name, subject.address], |row| row.get::<Micros>(0))?;
    match until {
        Some(until) if until > now => {
            let wait_s = ((until - now).0 + 999_999) / 1_000_000;
            Err(Refusal::new(Code::TooManyTries).with("retry_after_s", wait_s).into())
        }
        _ => Ok(()),
    }
}

/// Counts one failure.
pub(super) fn failed(tx: &mut Tx<'_>, subject: Subject, now: Micros) -> Result<()> {
    count(tx, subject.name, FREE_NAME, now)?;
    count(tx, subject.address, FREE_ADDRESS, now)
}

fn count(tx: &mut Tx<'_>, subject: [u8; 32], free: i64, now: Micros) -> Result<()> {
    let sql = "INSERT INTO login_try (subject, failures, blocked_until, updated_at) VALUES ($1, 1, 0, $2)
        ON CONFLICT (subject) DO UPDATE SET failures = CASE WHEN login_try.updated_at < $3 THEN 1 ELSE login_try.failures + 1 END,
        updated_at = excluded.updated_at RETURNING failures";
    let failures = tx.query_opt(sql, &values![subject, now, now - FORGOTTEN], |row| row.get::<i64>(0))?.unwrap_or(1);
    let wait = wait_s(failures, free);
    if wait > 0 {
        tx.execute("UPDATE login_try SET blocked_until = $2 WHERE subject = $1", &values![subject, now + Span::seconds(wait)])?;
    }
    Ok(())
}

/// Clears the count of the name.
pub(super) fn succeeded(tx: &mut Tx<'_>, subject: Subject) -> Result<()> {
    tx.execute("DELETE FROM login_try WHERE subject = $1", &values![subject.name])?;
    Ok(())
}

fn wait_s(failures: i64, free: i64) -> i64 {
    if failures < free { 0 } else { (1 << (failures - free).min(9)).min(LONGEST_S) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_wait_doubles_and_is_bounded() {
        let check = |failures: i64, expect: i64| assert_eq!(super::wait_s(failures, super::FREE_NAME), expect, "{failures}");
        check(4, 0);
        check(5, 1);
        check(8, 8);
        check(13, 256);
        check(14, 300);
        check(1_000, 300);
    }
}
