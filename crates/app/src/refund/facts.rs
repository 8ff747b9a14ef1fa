//! What a refund is judged by, read once under lock: the request, the policy, fault, promotion, grades. Owns the reading only.

use super::NewRefund;
use crate::case::open::LineQuantity;
use crate::case::row::CaseRow;
use crate::command::Change;
use crate::error::{Result, not_found};
use crate::ledger::Book;
use crate::policy;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::ledger::policy::{DamagedReturn, Promotion as Switch};
use aftercare_domain::ledger::{Account, Policy, Wants};
use aftercare_domain::people::authority::Cap;
use aftercare_domain::refund::{self, Promotion, Quote, Wish};
use aftercare_store::{Row, Tx, values};
use serde_json::Value;

/// The request a refund answers.
#[derive(Clone, Debug)]
pub(crate) struct Situation {
    pub(crate) request: Id,
    pub(crate) wants: Wants,
    asked_minor: Option<i64>,
}

/// Everything but the account.
pub(crate) struct Ground {
    pub(crate) wishes: Vec<Wish>,
    pub(crate) situation: Option<Situation>,
    pub(crate) policy: Policy,
    shop_fault: bool,
    promotion: Option<Promotion>,
    graded: Vec<(i64, i64)>,
}

impl Ground {
    pub(crate) fn of(change: &mut Change<'_, '_>, book: &Book, new: &NewRefund) -> Result<Self> {
        let policy = policy::of(change)?;
        Self::read(change.tx, &change.case, book, policy, new.request, new.wishes.clone())
    }

    pub(crate) fn read(
        tx: &mut Tx<'_>,
        case: &CaseRow,
        book: &Book,
        policy: Policy,
        request: Option<Id>,
        wishes: Vec<Wish>,
    ) -> Result<Self> {
        let (situation, lines) = situation(tx, case, book, request, &wishes)?;
        let wishes = if wishes.is_empty() { rest_of(&book.account, situation.as_ref(), &lines) } else { wishes };
        Ok(Self {
            wishes,
            situation,
            shop_fault: matches!(case.party.as_str(), "shop" | "warehouse" | "supplier" | "carrier"),
            promotion: promotion(tx, case, &policy)?,
            graded: graded(tx, case, &policy)?,
            policy,
        })
    }

    pub(crate) fn request(&self) -> Option<Id> {
        self.situation.as_ref().map(|situation| situation.request)
    }

    /// The refund worked out on this account.
    pub(crate) fn quote(&self, account: &Account, freight_minor: Option<i64>) -> Result<Quote> {
        let facts = refund::Facts {
            account,
            policy: &self.policy,
            shop_fault: self.shop_fault,
            promotion: self.promotion.as_ref(),
            graded: &self.graded,
        };
        Ok(refund::quote(&facts, &self.wishes, freight_minor)?)
    }

    /// Whether the buyer's yes to less than the goods are worth is on record: the amount they asked for, or an offer they accepted.
    pub(crate) fn agreed(&self, change: &mut Change<'_, '_>, quote: &Quote, offer: Option<Id>) -> Result<bool> {
        if self.situation.as_ref().is_some_and(|situation| situation.asked_minor == Some(quote.amount_minor)) {
            return Ok(true);
        }
        let sql = "SELECT 1 FROM offer WHERE shop_id = $1 AND case_id = $2 AND state = 'accepted' AND amount_minor = $3 AND ($4 = 1 OR id = $5) LIMIT 1";
        let params = values![change.case.shop, change.case.id, quote.amount_minor, offer.is_none(), offer];
        Ok(change.tx.query_opt(sql, &params, |_| Ok(()))?.is_some())
    }
}

/// The named request, or the live one of this case that holds one of the lines; with the lines it is about.
fn situation(
    tx: &mut Tx<'_>,
    case: &CaseRow,
    book: &Book,
    named: Option<Id>,
    wishes: &[Wish],
) -> Result<(Option<Situation>, Vec<LineQuantity>)> {
    let sql =
        "SELECT id, kind, amount_minor, lines FROM request WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL ORDER BY id LIMIT 50";
    let read = |row: &Row| {
        let lines: Value = row.get(3)?;
        let lines: Vec<LineQuantity> = serde_json::from_value(lines).unwrap_or_default();
        Ok((row.get::<Id>(0)?, row.get::<String>(1)?, row.get::<Option<i64>>(2)?, lines))
    };
    let live = tx.query(sql, &values![case.shop, case.id], read)?;
    let holds = |id: Id| {
        let of = |line_no: i64| book.account.hold(id, line_no).held > 0;
        wishes.iter().any(|wish| of(wish.line_no)) || (wishes.is_empty() && book.account.holds.iter().any(|hold| hold.holder == id))
    };
    let found = live.into_iter().find(|(id, ..)| named.map_or_else(|| holds(*id), |named| named == *id));
    if named.is_some() && found.is_none() {
        return Err(not_found("request"));
    }
    let Some((request, kind, asked_minor, lines)) = found else { return Ok((None, Vec::new())) };
    let wants = match Wants::of_request(&kind) {
        Wants::Nothing => Wants::Stay,
        wants => wants,
    };
    Ok((Some(Situation { request, wants, asked_minor }), lines))
}

/// The lines of the newest live request of the case.
pub(crate) fn live_lines(change: &mut Change<'_, '_>) -> Result<Vec<LineQuantity>> {
    let sql = "SELECT lines FROM request WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL ORDER BY id DESC LIMIT 1";
    let lines = change.tx.query_opt(sql, &values![change.case.shop, change.case.id], |row| row.get::<Value>(0))?;
    Ok(lines.and_then(|lines| serde_json::from_value(lines).ok()).unwrap_or_default())
}

/// What the request holds and nobody refunded yet; without holds, the lines it names.
fn rest_of(account: &Account, situation: Option<&Situation>, lines: &[LineQuantity]) -> Vec<Wish> {
    let Some(situation) = situation else { return Vec::new() };
    let wish = |line_no, quantity| Wish { line_no, quantity, amount_minor: None };
    let held = account.holds.iter().filter(|hold| hold.holder == situation.request);
    let held: Vec<Wish> =
        held.map(|hold| wish(hold.line_no, hold.held - hold.refunded - hold.replaced)).filter(|w| w.quantity > 0).collect();
    if held.is_empty() { lines.iter().map(|line| wish(line.line_no, line.quantity)).collect() } else { held }
}

/// The order's promotion where its terms are known (`orders.facts.promotion`) and the shop recomputes.
fn promotion(tx: &mut Tx<'_>, case: &CaseRow, policy: &Policy) -> Result<Option<Promotion>> {
    let Some(order) = case.order.filter(|_| policy.promotion_on_partial_return == Switch::Recompute) else { return Ok(None) };
    let facts =
        tx.query_opt("SELECT facts FROM orders WHERE shop_id = $1 AND id = $2", &values![case.shop, order], |row| row.get::<Value>(0))?;
    let Some(threshold_minor) = facts.and_then(|facts| facts["promotion"]["threshold_minor"].as_i64()) else { return Ok(None) };
    let sql = "SELECT line_no, list_minor FROM order_line WHERE shop_id = $1 AND order_id = $2 ORDER BY line_no";
    let list_minor = tx.query(sql, &values![case.shop, order], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Some(Promotion { threshold_minor, list_minor, lost_before_minor: lost_before(tx, case.shop, order)? }))
}

/// What live refunds of the order were short of because of its promotion.
fn lost_before(tx: &mut Tx<'_>, shop: ShopId, order: Id) -> Result<i64> {
    let sql = "SELECT body FROM effect WHERE shop_id = $1 AND case_id IN (SELECT id FROM cases WHERE shop_id = $1 AND order_id = $2)
        AND kind = 'refund' AND state NOT IN ('rejected', 'cancelled')";
    let bodies = tx.query(sql, &values![shop, order], |row| row.get::<Value>(0))?;
    Ok(bodies.iter().filter_map(|body| body["promotion_lost_minor"].as_i64()).sum())
}

/// Deductions that the shop's grade table proposes for inspected units: line and percent.
fn graded(tx: &mut Tx<'_>, case: &CaseRow, policy: &Policy) -> Result<Vec<(i64, i64)>> {
    if policy.damaged_return != DamagedReturn::Grade {
        return Ok(Vec::new());
    }
    let sql = "SELECT units FROM inspection WHERE shop_id = $1 AND case_id = $2 ORDER BY id DESC LIMIT 1";
    let units = tx.query_opt(sql, &values![case.shop, case.id], |row| row.get::<Value>(0))?.unwrap_or_default();
    let percent = |grade: &str| policy.grades.iter().find(|row| row.grade == grade).map(|row| row.off_percent);
    let unit = |unit: &Value| Some((unit["line_no"].as_i64()?, percent(unit["grade"].as_str()?)?));
    Ok(units.as_array().map(|units| units.iter().filter_map(unit).collect()).unwrap_or_default())
}

/// The soft cap of an offer's rung.
pub(crate) fn cap_of(change: &mut Change<'_, '_>, offer: Id) -> Result<Option<Cap>> {
    let sql = "SELECT cap_minor FROM offer WHERE shop_id = $1 AND case_id = $2 AND id = $3";
    let cap = change.tx.query_opt(sql, &values![change.case.shop, change.case.id, offer], |row| row.get::<Option<i64>>(0))?;
    Ok(cap.ok_or_else(|| not_found("offer"))?.map(|amount_minor| Cap { amount_minor, soft: true }))
}

/// The approval an offer was made ready with.
pub(crate) fn approval_of(change: &mut Change<'_, '_>, offer: Id) -> Result<Option<Id>> {
    let sql = "SELECT approval_id FROM offer WHERE shop_id = $1 AND case_id = $2 AND id = $3";
    let found = change.tx.query_opt(sql, &values![change.case.shop, change.case.id, offer], |row| row.get::<Option<Id>>(0))?;
    found.ok_or_else(|| not_found("offer"))
}
