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

impl Subject {
    /// The address as a count that others share.
    pub(super) fn shared(&self) -> Counted {
        Counted { subject: self.address, free: FREE_ADDRESS, longest_s: LONGEST_S }
    }
}

/// Refuses while the name or the address is blocked.
pub(super) fn check(tx: &mut Tx<'_>, subject: Subject, now: Micros) -> Result<()> {
    let sql = "SELECT COALESCE(MAX(blocked_until), 0) FROM login_try WHERE subject = $1 OR subject = $2";
    let until = tx.query_opt(sql, &values![subject.name, subject.address], |row| row.get::<Micros>(0))?;
    refuse_until(until.unwrap_or(Micros(0)), now)
}

/// One count among several: whose it is, how many failures are free, how long the wait may become.
#[derive(Clone, Copy)]
pub(crate) struct Counted {
    /// A keyed hash.
    pub(crate) subject: [u8; 32],
    pub(crate) free: i64,
    pub(crate) longest_s: i64,
}

/// Counts one failure.
pub(super) fn failed(tx: &mut Tx<'_>, subject: Subject, now: Micros) -> Result<()> {
    for (subject, free) in [(subject.name, FREE_NAME), (subject.address, FREE_ADDRESS)] {
        count(tx, Counted { subject, free, longest_s: LONGEST_S }, now)?;
    }
    Ok(())
}

/// Counts an attempt as a failure before it is looked at, so that many at once cannot slip through together. Where one of the counts is
/// blocked it is refused and, with its transaction, not counted.
pub(crate) fn attempt(tx: &mut Tx<'_>, all: &[Counted], now: Micros) -> Result<()> {
    for counted in all {
        refuse_until(count(tx, *counted, now)?, now)?;
    }
    Ok(())
}

/// The attempt was none: its own count is cleared, those shared with others are eased.
pub(crate) fn passed(tx: &mut Tx<'_>, own: Counted, shared: &[Counted]) -> Result<()> {
    tx.execute("DELETE FROM login_try WHERE subject = $1", &values![own.subject])?;
    for counted in shared {
        let sql = "UPDATE login_try SET failures = failures / 2, blocked_until = 0 WHERE subject = $1";
        tx.execute(sql, &values![counted.subject])?;
    }
    Ok(())
}

/// Counts, and answers until when it was blocked before.
fn count(tx: &mut Tx<'_>, counted: Counted, now: Micros) -> Result<Micros> {
    let sql = "INSERT INTO login_try (subject, failures, blocked_until, updated_at) VALUES ($1, 1, 0, $2)
        ON CONFLICT (subject) DO UPDATE SET failures = CASE WHEN login_try.updated_at < $3 THEN 1 ELSE login_try.failures + 1 END,
        updated_at = excluded.updated_at RETURNING failures, blocked_until";
    let read = |row: &aftercare_store::Row| Ok((row.get::<i64>(0)?, row.get::<Micros>(1)?));
    let (failures, until) = tx.query_opt(sql, &values![counted.subject, now, now - FORGOTTEN], read)?.unwrap_or((1, Micros(0)));
    let wait = wait_s(failures, counted.free, counted.longest_s);
    if wait > 0 {
        let sql = "UPDATE login_try SET blocked_until = $2 WHERE subject = $1";
        tx.execute(sql, &values![counted.subject, now + Span::seconds(wait)])?;
    }
    Ok(until)
}

/// Clears the count of the name.
pub(super) fn succeeded(tx: &mut Tx<'_>, subject: Subject) -> Result<()> {
    tx.execute("DELETE FROM login_try WHERE subject = $1", &values![subject.name])?;
    Ok(())
}

fn refuse_until(until: Micros, now: Micros) -> Result<()> {
    if until <= now {
        return Ok(());
    }
    let wait_s = ((until - now).0 + 999_999) / 1_000_000;
    Err(Refusal::new(Code::TooManyTries).with("retry_after_s", wait_s).into())
}

fn wait_s(failures: i64, free: i64, longest_s: i64) -> i64 {
    if failures < free { 0 } else { (1 << (failures - free).min(20)).min(longest_s) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_wait_doubles_and_is_bounded() {
        let check =
            |failures: i64, expect: i64| assert_eq!(super::wait_s(failures, super::FREE_NAME, super::LONGEST_S), expect, "{failures}");
        check(4, 0);
        check(5, 1);
        check(8, 8);
        check(13, 256);
        check(14, 300);
        check(1_000, 300);
    }
}
