//! Units inside a change: taken by a request, given back, received, sent back, replaced. Owns the calls other commands make.
//!
//! All of them change goods, so approvals asked before are void afterwards.

use super::Book;
use super::book::Sign;
use crate::case::open::LineQuantity;
use crate::case::request;
use crate::case::row::CaseRow;
use crate::command::Change;
use crate::error::{Result, not_found};
use crate::policy;
use aftercare_domain::id::Id;
use aftercare_domain::ledger::policy::SecondRequest;
use aftercare_domain::ledger::{Entry, Wants};
use aftercare_domain::refusal::Code;
use aftercare_domain::time::Micros;
use aftercare_store::{Tx, values};
use serde_json::json;

/// The request makes these units good from now on, as its kind wants. Kinds that make nothing good take nothing.
///
/// # Errors
/// `over_returnable` for more than left the shop, `already_made_good` for units that another live make-good holds (unless the shop lets
/// a second request supersede the first).
pub fn take(change: &mut Change<'_, '_>, request: Id, lines: &[LineQuantity]) -> Result<()> {
    let sql = "SELECT kind FROM request WHERE shop_id = $1 AND case_id = $2 AND id = $3";
    let kind = change.tx.query_opt(sql, &values![change.case.shop, change.case.id, request], |row| row.get::<String>(0))?;
    let wants = Wants::of_request(&kind.ok_or_else(|| not_found("request"))?);
    if wants == Wants::Nothing || lines.is_empty() || change.case.order.is_none() {
        return Ok(());
    }
    for line in lines {
        hold(change, request, line.line_no, line.quantity, wants)?;
    }
    change.event("units_taken", json!({ "request": request, "lines": lines }));
    change.material();
    Ok(())
}

/// The request wants other lines, or something else with them: what it has not used is let go, and what it still lacks is taken.
///
/// # Errors
/// As [`take`].
pub fn retake(change: &mut Change<'_, '_>, request: Id, lines: &[LineQuantity]) -> Result<()> {
    if change.case.order.is_none() {
        return Ok(());
    }
    give_back(change, request)?;
    let kept = Book::of(change)?.account;
    let lacks = |line: &LineQuantity| LineQuantity { quantity: line.quantity - kept.hold(request, line.line_no).held, ..*line };
    let lacking: Vec<LineQuantity> = lines.iter().map(lacks).filter(|line| line.quantity > 0).collect();
    take(change, request, &lacking)
}

/// As [`take`], for a case that is just being opened and has no frame yet; answers whether units were taken.
pub(crate) fn take_at_intake(
    tx: &mut Tx<'_>,
    case: &CaseRow,
    now: Micros,
    request: Id,
    kind: &str,
    lines: &[LineQuantity],
) -> Result<bool> {
    let (wants, Some(order)) = (Wants::of_request(kind), case.order) else { return Ok(false) };
    if wants == Wants::Nothing || lines.is_empty() {
        return Ok(false);
    }
    let mut book = Book::lock(tx, case.shop, order)?;
    for line in lines {
        let entries = book.account.take(request, line.line_no, line.quantity, wants)?;
        book.post(entries, &json!({}))?;
    }
    book.save(tx, Sign { case: Some(case.id), now })?;
    Ok(true)
}

/// The request lets go of every unit for which neither goods nor money have moved.
pub fn give_back(change: &mut Change<'_, '_>, request: Id) -> Result<()> {
    if change.case.order.is_none() {
        return Ok(());
    }
    let mut book = Book::of(change)?;
    let entries = book.account.give_back(request);
    if entries.is_empty() {
        return Ok(());
    }
    change.event("units_given_back", json!({ "request": request, "lines": shown(&entries) }));
    book.post(entries, &json!({}))?;
    change.save_book(book)?;
    change.material();
    Ok(())
}

/// Units came back, for a request or (without one) before anybody asked.
///
/// # Errors
/// `over_returnable` for more than left the shop.
pub fn received(change: &mut Change<'_, '_>, request: Option<Id>, lines: &[LineQuantity]) -> Result<()> {
    moved(change, "units_received", request, lines, |book, line| Ok(vec![book.account.receive(request, line.line_no, line.quantity)?]))
}

/// Received units went back to the buyer: for them the return is off, and they can be asked back again.
pub fn sent_back(change: &mut Change<'_, '_>, request: Id, lines: &[LineQuantity]) -> Result<()> {
    moved(change, "units_sent_back", Some(request), lines, |book, line| {
        Ok(vec![book.account.send_back(request, line.line_no, line.quantity)])
    })
}

/// Others arrived in place of these units: the exchange or reship is complete. A later return of the new ones is a make-good of its own.
pub fn replaced(change: &mut Change<'_, '_>, request: Id, lines: &[LineQuantity]) -> Result<()> {
    moved(change, "units_replaced", Some(request), lines, |book, line| Ok(vec![book.account.replace(request, line.line_no, line.quantity)]))
}

/// The shape of one change of units: lines in, entries and an event out.
fn moved(
    change: &mut Change<'_, '_>,
    event: &'static str,
    request: Option<Id>,
    lines: &[LineQuantity],
    entries: impl Fn(&Book, &LineQuantity) -> Result<Vec<Entry>>,
) -> Result<()> {
    let mut book = Book::of(change)?;
    for line in lines {
        let entries = entries(&book, line)?;
        book.post(entries, &json!({}))?;
    }
    change.save_book(book)?;
    change.event(event, json!({ "request": request, "lines": lines }));
    change.material();
    Ok(())
}

/// Takes units of one line; where the shop says so, a live request that has not moved anything yet steps back for the new one.
pub(crate) fn hold(change: &mut Change<'_, '_>, holder: Id, line_no: i64, quantity: i64, wants: Wants) -> Result<()> {
    let mut book = Book::of(change)?;
    let mut entries = book.account.take(holder, line_no, quantity, wants);
    if entries.as_ref().is_err_and(|refusal| refusal.code == Code::AlreadyMadeGood) && superseding(change)? {
        let others = book.account.holds.iter().filter(|hold| hold.line_no == line_no && hold.holder != holder && hold.untouched() > 0);
        for older in others.map(|hold| hold.holder).collect::<Vec<_>>() {
            supersede(change, older, holder)?;
        }
        book = Book::of(change)?;
        entries = book.account.take(holder, line_no, quantity, wants);
    }
    let entries = entries?;
    book.post(entries, &json!({}))?;
    change.save_book(book)
}

fn superseding(change: &mut Change<'_, '_>) -> Result<bool> {
    Ok(policy::of(change)?.second_request == SecondRequest::Supersede)
}

/// Ends the older request of this case, which gives its units back; another case's request is not ended behind its back.
fn supersede(change: &mut Change<'_, '_>, older: Id, by: Id) -> Result<()> {
    let sql = "SELECT 1 FROM request WHERE shop_id = $1 AND case_id = $2 AND id = $3 AND ended_at IS NULL";
    if change.tx.query_opt(sql, &values![change.case.shop, change.case.id, older], |_| Ok(()))?.is_some() {
        request::end(change, older, "superseded")?;
        change.event("request_superseded", json!({ "request": older, "by": by }));
    }
    Ok(())
}

fn shown(entries: &[Entry]) -> Vec<LineQuantity> {
    entries.iter().filter_map(|entry| entry.line_no.map(|line_no| LineQuantity { line_no, quantity: entry.quantity })).collect()
}
