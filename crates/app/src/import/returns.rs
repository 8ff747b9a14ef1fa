//! Cancellations from files: each becomes a case whose refund was made elsewhere. Owns the rule that finds the purchase.
//!
//! The rule: a line of a cancellation belongs to the latest purchases of the same buyer and article, made no later, that still have units
//! not given back; units are taken from the latest first. What finds none (no buyer on the row, or bought before the files begin) stays
//! on the case as unmatched, with its amount, and is counted.

use super::invoice::{self, Invoice, InvoiceLine};
use super::{BATCH, Mapping, Report, Table};
use crate::case::row::CaseRow;
use crate::command::write_history;
use crate::error::{Result, bad_input};
use crate::ids::new_id;
use crate::ledger::{Book, Sign};
use crate::queue::{self, counters};
use crate::{Context, Desk};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::ledger::Entry;
use aftercare_domain::money::allocate;
use aftercare_domain::people::{Action, policy::Object};
use aftercare_store::{Tx, values};
use serde_json::json;
use std::collections::BTreeMap;

/// Purchases looked through for one line.
const PURCHASES_LIMIT: i64 = 50;

/// A cancellation with what has to be made before the transaction.
struct Prepared {
    invoice: Invoice,
    buyer_hash: Option<[u8; 32]>,
    wrapped: Vec<u8>,
}

/// Units of one purchase line that a cancellation gave back.
struct Taken {
    order: Id,
    line_no: i64,
    quantity: i64,
    amount_minor: i64,
}

#[derive(Default)]
struct Outcome {
    new: bool,
    matched_lines: u64,
    unmatched_lines: u64,
    external_minor: i64,
    unmatched_minor: i64,
}

impl Desk {
    /// Takes in the cancellations of `tables`, oldest first; purchases are left to [`Desk::import_orders`], which comes first.
    pub async fn import_returns(
        &self,
        context: &Context,
        shop: ShopId,
        mapping: &Mapping,
        tables: &[Table],
        progress: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<Report> {
        context.actor.may(Action::Import, &Object::shop("shop", shop))?;
        let (invoices, faults) = invoice::read(tables, mapping).map_err(|fault| bad_input("file", fault))?;
        let rows = tables.iter().map(|table| table.len() as u64).sum();
        let (mut cancellations, purchases): (Vec<Invoice>, Vec<Invoice>) = invoices.into_iter().partition(|invoice| invoice.cancels);
        cancellations.sort_by_key(|invoice| invoice.at);
        let left_alone = purchases.iter().map(|invoice| invoice.lines.len() as u64).sum();
        let mut report = Report { rows, left_alone, faults, ..Report::default() };
        let mut done = rows - cancellations.iter().map(|invoice| invoice.lines.len() as u64).sum::<u64>();
        for batch in cancellations.chunks(BATCH) {
            let prepared: Vec<Prepared> = batch.iter().map(|invoice| self.prepared(invoice)).collect();
            let (frame, scenario, currency) = (context.clone(), mapping.scenario.clone(), mapping.currency.clone());
            let outcomes = self.store.write(move |tx| {
                let one = |cancellation| take_in(tx, &frame, shop, (&scenario, &currency), cancellation);
                prepared.iter().map(one).collect::<Result<Vec<Outcome>>>()
            });
            for (invoice, outcome) in batch.iter().zip(outcomes.await?) {
                done += invoice.lines.len() as u64;
                report.add(invoice, &outcome);
            }
            progress(done, rows);
        }
        Ok(report)
    }

    fn prepared(&self, invoice: &Invoice) -> Prepared {
        let buyer_hash = (!invoice.buyer.external_id.is_empty()).then(|| self.vault.blind("buyer", &invoice.buyer.external_id));
        Prepared { invoice: invoice.clone(), buyer_hash, wrapped: self.vault.new_data_key().1 }
    }
}

impl Report {
    fn add(&mut self, invoice: &Invoice, outcome: &Outcome) {
        if !outcome.new {
            self.cancellations_known += 1;
            return;
        }
        self.cancellations_new += 1;
        self.cancelled_lines += invoice.lines.len() as u64;
        self.matched_lines += outcome.matched_lines;
        self.unmatched_lines += outcome.unmatched_lines;
        self.external_minor += outcome.external_minor;
        self.unmatched_minor += outcome.unmatched_minor;
    }
}

fn take_in(tx: &mut Tx<'_>, context: &Context, shop: ShopId, (scenario, currency): (&str, &str), prepared: &Prepared) -> Result<Outcome> {
    let Prepared { invoice, buyer_hash, wrapped } = prepared;
    let known = "SELECT id FROM cases WHERE shop_id = $1 AND external_ref = $2";
    if tx.query_opt(known, &values![shop, &invoice.no], |row| row.get::<Id>(0))?.is_some() {
        return Ok(Outcome::default());
    }
    let buyer = match buyer_hash {
        Some(hash) => {
            let sql = "SELECT id, key_id FROM buyer WHERE shop_id = $1 AND external_hash = $2";
            tx.query_opt(sql, &values![shop, *hash], |row| Ok((row.get::<Id>(0)?, row.get::<Id>(1)?)))?
        }
        None => None,
    };
    let key = buyer.map_or_else(|| new_id(context.now), |(_, key)| key);
    if buyer.is_none() {
        tx.insert("data_key", &["shop_id", "id", "wrapped", "created_at"], values![shop, key, wrapped.clone(), context.now]);
    }
    let mut outcome = Outcome { new: true, ..Outcome::default() };
    let (mut taken, mut unmatched): (Vec<Taken>, Vec<&InvoiceLine>) = (Vec::new(), Vec::new());
    let mut used: BTreeMap<(Id, i64), i64> = BTreeMap::new();
    for line in &invoice.lines {
        let (found, rest_minor) = find(tx, shop, buyer.map(|(id, _)| id), invoice, line, &mut used)?;
        outcome.external_minor += line.amount_minor - rest_minor;
        outcome.unmatched_minor += rest_minor;
        if found.is_empty() {
            outcome.unmatched_lines += 1;
            unmatched.push(line);
        } else {
            outcome.matched_lines += 1;
        }
        taken.extend(found);
    }
    let case = case_of(tx, context, shop, key, buyer.map(|(id, _)| id), invoice, &taken, scenario, currency)?;
    book(tx, context, &case, &taken)?;
    write_case(tx, context, case, invoice, &taken, &unmatched, &outcome);
    Ok(outcome)
}

/// The purchases a cancelled line belongs to, and the part of its amount that found none.
fn find(
    tx: &mut Tx<'_>,
    shop: ShopId,
    buyer: Option<Id>,
    invoice: &Invoice,
    line: &InvoiceLine,
    used: &mut BTreeMap<(Id, i64), i64>,
) -> Result<(Vec<Taken>, i64)> {
    let Some(buyer) = buyer else { return Ok((Vec::new(), line.amount_minor)) };
    let sql = "SELECT o.id, l.line_no, l.quantity - l.external_units FROM orders o JOIN order_line l ON l.shop_id = o.shop_id AND l.order_id = o.id
        WHERE o.shop_id = $1 AND o.buyer_id = $2 AND l.sku = $3 AND o.paid_at <= $4 AND l.quantity > l.external_units
        ORDER BY o.paid_at DESC, o.id, l.line_no LIMIT $5";
    let read = |row: &aftercare_store::Row| Ok((row.get::<Id>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?));
    let purchases = tx.query(sql, &values![shop, buyer, &line.sku, invoice.at, PURCHASES_LIMIT], read)?;
    let mut left = line.quantity;
    let mut parts = Vec::new();
    for (order, line_no, open) in purchases {
        let already = used.entry((order, line_no)).or_default();
        let quantity = (open - *already).clamp(0, left);
        if quantity > 0 {
            *already += quantity;
            left -= quantity;
            parts.push((order, line_no, quantity));
        }
    }
    let weights: Vec<i64> = parts.iter().map(|(.., quantity)| *quantity).chain([left]).collect();
    let amounts = allocate(line.amount_minor, &weights);
    let rest = if left > 0 { amounts[parts.len()] } else { 0 };
    let taken =
        parts.into_iter().zip(amounts).map(|((order, line_no, quantity), amount_minor)| Taken { order, line_no, quantity, amount_minor });
    Ok((taken.collect(), rest))
}

/// The case: its order is the one most of the money belongs to.
#[expect(clippy::too_many_arguments, reason = "each is a different part of the case's head")]
fn case_of(
    tx: &mut Tx<'_>,
    context: &Context,
    shop: ShopId,
    key: Id,
    buyer: Option<Id>,
    invoice: &Invoice,
    taken: &[Taken],
    scenario: &str,
    currency: &str,
) -> Result<CaseRow> {
    let mut sums: BTreeMap<Id, i64> = BTreeMap::new();
    for part in taken {
        *sums.entry(part.order).or_default() += part.amount_minor;
    }
    let order = sums.into_iter().max_by_key(|(_, minor)| *minor).map(|(order, _)| order);
    let order_no = match order {
        Some(order) => {
            tx.query_opt("SELECT order_no FROM orders WHERE shop_id = $1 AND id = $2", &values![shop, order], |row| row.get(0))?
        }
        None => None,
    };
    let mut case = CaseRow::new(shop, new_id(context.now), key, context.now);
    case.order = order;
    case.order_no = order_no.unwrap_or_default();
    case.buyer = buyer;
    case.scenario = scenario.to_owned();
    case.title = invoice.lines.first().map(|line| line.title.clone()).unwrap_or_default();
    case.stage = "confirmation".into();
    case.channel = "import".into();
    case.external_ref = Some(invoice.no.clone());
    case.amount_minor = invoice.lines.iter().map(|line| line.amount_minor).sum();
    case.currency = currency.to_owned();
    case.opened_at = invoice.at;
    case.queue_key = queue::key(&case);
    Ok(case)
}

/// Books what was given back elsewhere, order by order.
fn book(tx: &mut Tx<'_>, context: &Context, case: &CaseRow, taken: &[Taken]) -> Result<()> {
    let mut orders: BTreeMap<Id, Vec<Entry>> = BTreeMap::new();
    for part in taken {
        orders.entry(part.order).or_default().push(Entry::external(Some(part.line_no), part.quantity, part.amount_minor));
    }
    for (order, entries) in orders {
        let mut book = Book::lock(tx, case.shop, order)?;
        book.post(entries, &json!({ "import": case.external_ref }))?;
        book.save(tx, Sign { case: Some(case.id), now: context.now })?;
    }
    Ok(())
}

fn write_case(
    tx: &mut Tx<'_>,
    context: &Context,
    mut case: CaseRow,
    invoice: &Invoice,
    taken: &[Taken],
    unmatched: &[&InvoiceLine],
    outcome: &Outcome,
) {
    if outcome.unmatched_minor > 0 || !unmatched.is_empty() {
        let lines: Vec<_> =
            unmatched.iter().map(|l| json!({ "sku": l.sku, "quantity": l.quantity, "amount_minor": l.amount_minor })).collect();
        case.marks = json!({ "external_without_purchase": { "amount_minor": outcome.unmatched_minor, "lines": lines } });
    }
    let request = new_id(context.now);
    const COLUMNS: &[&str] = &["shop_id", "case_id", "id", "kind", "state", "reason", "amount_minor", "lines", "applied_at", "ended_at"];
    let own = taken.iter().filter(|part| Some(part.order) == case.order);
    let lines: Vec<_> = own.map(|part| json!({ "line_no": part.line_no, "quantity": part.quantity })).collect();
    let row = values![case.shop, case.id, request, "return_refund", "done", "", case.amount_minor, json!(lines), invoice.at, invoice.at];
    tx.insert("request", COLUMNS, row);
    let events = vec![
        ("case_opened", json!({ "channel": "import", "scenario": case.scenario, "order": case.order, "amount_minor": case.amount_minor })),
        ("external_refund", json!({ "amount_minor": outcome.external_minor, "unmatched_minor": outcome.unmatched_minor })),
    ];
    write_history(tx, context, &case, events);
    counters::moved(tx, None, &case);
    case.insert(tx);
}
