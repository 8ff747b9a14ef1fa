//! What the advice needs of a case beside its facts: offers made, money spent, the values of script variables.

use super::advice::Reader;
use super::facts::Known;
use crate::authority::day;
use crate::case::row::CaseRow;
use crate::error::Result;
use crate::shown;
use aftercare_domain::effect::Kind;
use aftercare_domain::id::Id;
use aftercare_domain::people::authority::{self, Spent};
use aftercare_domain::playbook::answer::{Asking, Variables};
use aftercare_domain::playbook::table::Remedy;
use aftercare_domain::playbook::{Facts, Value as FactValue};
use aftercare_domain::time::{Micros, Span};
use aftercare_store::vault::DataKey;
use aftercare_store::{Row, Tx, values};
use std::collections::BTreeMap;

/// An offer made on the case.
pub(crate) struct Made {
    pub rung: String,
    pub state: String,
    amount_minor: i64,
    within: Option<Span>,
    valid_until: Option<Micros>,
    answered_at: Option<Micros>,
}

/// The offers of the case, oldest first.
pub(crate) fn offers(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<Made>> {
    let sql = "SELECT rung, state, amount_minor, promise_within_us, valid_until, answered_at FROM offer WHERE shop_id = $1 AND case_id = $2 ORDER BY id LIMIT 100";
    let read = |row: &Row| {
        Ok(Made {
            rung: row.get(0)?,
            state: row.get(1)?,
            amount_minor: row.get(2)?,
            within: row.get::<Option<i64>>(3)?.map(Span),
            valid_until: row.get(4)?,
            answered_at: row.get(5)?,
        })
    };
    Ok(tx.query(sql, &values![case.shop, case.id], read)?)
}

/// What was carried out for the buyer, oldest first: offers accepted, and what was decided without one.
pub(crate) fn carried(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<Remedy>> {
    let sql = "SELECT remedy, answered_at, id FROM offer WHERE shop_id = $1 AND case_id = $2 AND state = 'accepted'
        UNION ALL SELECT CASE WHEN r.kind = 'refund' AND q.kind = 'return_refund' THEN q.kind ELSE r.kind END, r.at, r.id
            FROM remedy r LEFT JOIN request q ON q.shop_id = r.shop_id AND q.case_id = r.case_id AND q.id = r.request_id
            WHERE r.shop_id = $1 AND r.case_id = $2 AND r.offer_id IS NULL AND r.state = 'done'
        ORDER BY 2, 3 LIMIT 100";
    let found = tx.query(sql, &values![case.shop, case.id], |row| row.get::<String>(0))?;
    Ok(found.iter().filter_map(|name| Remedy::parse(name)).collect())
}

/// What was spent on the case by anybody, and today by one person, per kind.
#[derive(Default)]
pub(crate) struct Spending(BTreeMap<&'static str, Spent>);

impl Spending {
    pub(crate) fn of(&self, kind: authority::Spending) -> Spent {
        self.0.get(kind.as_str()).copied().unwrap_or_default()
    }
}

/// Reads it; nothing is locked, since advice decides nothing.
pub(crate) fn spent(tx: &mut Tx<'_>, case: &CaseRow, who: Id, now: Micros) -> Result<Spending> {
    const KINDS: [authority::Spending; 4] =
        [authority::Spending::Refund, authority::Spending::Payout, authority::Spending::Virtual, authority::Spending::Goods];
    let mut all = Spending::default();
    let on_case = "SELECT kind, amount_minor FROM effect WHERE shop_id = $1 AND case_id = $2 AND amount_minor > 0 AND state NOT IN ('rejected', 'cancelled')";
    let read = |row: &Row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?));
    for (name, amount) in tx.query(on_case, &values![case.shop, case.id], read)? {
        if let Some(kind) = Kind::parse(&name).and_then(Kind::spends) {
            all.0.entry(kind.as_str()).or_default().case_minor += amount;
        }
    }
    let today = "SELECT kind, amount_minor FROM spent_day WHERE shop_id = $1 AND staff_id = $2 AND day = $3";
    for (name, amount) in tx.query(today, &values![case.shop, who, day(now)], read)? {
        if let Some(kind) = KINDS.into_iter().find(|kind| kind.as_str() == name) {
            all.0.entry(kind.as_str()).or_default().day_minor = amount;
        }
    }
    Ok(all)
}

/// Values of script variables that are no facts. Amounts and times are those of the offer, promise or task the text would speak of.
pub(crate) fn variables(
    tx: &mut Tx<'_>,
    case: &CaseRow,
    asking: &Asking<'_>,
    known: &Known,
    key: &DataKey,
    offers: &[Made],
    reader: &Reader,
) -> Result<Variables> {
    let offset = asking.facts.offset_min;
    let mut variables = Variables::new();
    variables.set("shop.title", known.head.shop_title.as_str());
    variables.set("agent.no", reader.agent_no.as_str());
    if let Some(address) = known.head.settings["return_address"].as_str() {
        variables.set("return.address", address);
    }
    if let Some(offer) = offers.iter().rev().find(|offer| !matches!(offer.state.as_str(), "refused" | "expired")) {
        variables.money("offer.amount", offer.amount_minor);
        if let Some(within) = offer.within {
            variables.time("offer.due", offer.answered_at.unwrap_or(asking.facts.now) + within, offset);
        }
        if let Some(until) = offer.valid_until {
            variables.time("offer.valid_until", until, offset);
        }
    }
    let promise = "SELECT text_sealed, due_at FROM promise WHERE shop_id = $1 AND case_id = $2 ORDER BY id DESC LIMIT 1";
    if let Some((sealed, due)) =
        tx.query_opt(promise, &values![case.shop, case.id], |row| Ok((row.get::<Vec<u8>>(0)?, row.get::<Micros>(1)?)))?
    {
        if let Some(text) = shown::text(key, "promise.text", &sealed) {
            variables.set("promise.text", text);
        }
        variables.time("promise.due", due, offset);
    }
    let task = "SELECT MIN(due_at + 0) FROM task WHERE shop_id = $1 AND case_id = $2 AND state IN ('open', 'taken')";
    if let Some(due) = tx.query_opt(task, &values![case.shop, case.id], |row| row.get::<Option<Micros>>(0))?.flatten() {
        variables.time("task.expected", due, offset);
    }
    if let Some(due) = case.next_deadline_at {
        variables.time("deadline.due", due, offset);
    }
    if let Some(parcel) = known.parcels.iter().rev().find(|parcel| !parcel.inbound) {
        variables.set("parcel.carrier", parcel.carrier.as_str());
        variables.set("parcel.waybill_tail", parcel.tail.as_str());
    }
    let category = category(asking, asking.facts);
    let criteria: Vec<&str> =
        asking.book.criteria.iter().filter(|criterion| criterion.concerns(category)).map(|criterion| criterion.text.zh.as_str()).collect();
    if !criteria.is_empty() {
        variables.set("criteria", criteria.join("；"));
    }
    Ok(variables)
}

/// The category of the goods a case is about.
pub(crate) fn category<'a>(asking: &Asking<'a>, facts: &Facts) -> &'a str {
    let Some(id) = asking.catalogue.find("line.category") else { return "" };
    match facts.get(id) {
        Some(FactValue::Choice(i)) => asking.catalogue.fact(id).code(*i),
        _ => "",
    }
}
