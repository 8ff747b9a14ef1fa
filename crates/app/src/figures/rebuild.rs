//! Counts every figure anew from the events and the orders, in bounded batches; taken up again where it was cut off.
//!
//! Owns the place it stands at and the exchange of the old sums for the new ones, shop by shop. It needs a desk at rest: what is written
//! meanwhile would be missing, so that it begins anew when anything was.

use super::note::{Sums, add, of_change};
use super::{asked, name};
use crate::Desk;
use crate::error::{Error, Result};
use aftercare_domain::china;
use aftercare_domain::figures::{About, Figure};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::refusal::Code;
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Row as DbRow, Tx, values};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Events of one transaction.
const EVENTS: i64 = 2_000;
/// Orders of one transaction.
const ORDERS: i64 = 1_000;
/// Under which setting the place is kept.
const PLACE: &str = "figures_rebuild";

/// Where it stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Place {
    /// The feed's last entry when it began: nothing may have come since.
    feed: i64,
    /// Shops that are done.
    shops: i64,
    step: Step,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    /// Events after this case and version.
    Events(Id, i64),
    /// Orders after this one.
    Orders(Id),
    /// All is counted.
    Exchange,
    Over,
}

/// How far it is, told after every batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Changes counted.
    pub changes: i64,
    /// Orders counted.
    pub orders: i64,
    /// Shops whose figures are new.
    pub shops: i64,
}

impl Desk {
    /// Counts all figures anew; `tell` hears of every batch and stops it by answering false.
    ///
    /// # Errors
    /// `desk_at_work` when something was written meanwhile; the sums shown until then stay as they were.
    pub async fn rebuild_figures(&self, mut tell: impl FnMut(Progress) -> bool + Send) -> Result<Progress> {
        self.fold_counters().await?;
        let shops: Vec<ShopId> = self.all_shops().await?.into_iter().map(|(shop, _)| shop).collect();
        let mut place = self.store.write(begin).await?;
        let mut progress = Progress { shops: place.shops, ..Progress::default() };
        while let Some(shop) = shops.get(usize::try_from(place.shops).unwrap_or(0)).copied() {
            let from = place.clone();
            let (next, done) = self.store.write(move |tx| batch(tx, shop, &from)).await?;
            match place.step {
                Step::Events(..) => progress.changes += done,
                Step::Orders(_) => progress.orders += done,
                Step::Exchange | Step::Over => {}
            }
            place = match next {
                Step::Over => {
                    progress.shops += 1;
                    let next = Place { shops: place.shops + 1, step: first(), ..place };
                    let kept = next.clone();
                    self.store.write(move |tx| keep(tx, &kept)).await?;
                    next
                }
                step => Place { step, ..place },
            };
            if !tell(progress) {
                return Ok(progress);
            }
        }
        self.store.write(|tx| Ok::<_, Error>(tx.execute("DELETE FROM setting WHERE name = $1", &values![PLACE])?)).await?;
        Ok(progress)
    }
}

const fn first() -> Step {
    Step::Events(Id::nil(), 0)
}

fn feed(tx: &mut Tx<'_>) -> Result<i64> {
    Ok(tx.query_opt("SELECT COALESCE(MAX(seq), 0) FROM feed", &[], |row| row.get(0))?.unwrap_or(0))
}

/// The place of a rebuild that was cut off and still holds; else the beginning, with nothing half counted left.
fn begin(tx: &mut Tx<'_>) -> Result<Place> {
    let sql = "SELECT value FROM setting WHERE name = $1";
    let kept = tx.query_opt(sql, &values![PLACE], |row| row.get::<String>(0))?;
    let kept: Option<Place> = kept.and_then(|text| serde_json::from_str(&text).ok());
    let now = feed(tx)?;
    if let Some(place) = kept.filter(|place| place.feed == now) {
        return Ok(place);
    }
    for figure in Figure::ALL {
        let sql = "DELETE FROM counter WHERE shop_id IN (SELECT id FROM shop) AND name = $1";
        tx.execute(sql, &values![anew(*figure)])?;
    }
    let place = Place { feed: now, shops: 0, step: first() };
    keep(tx, &place)?;
    Ok(place)
}

fn keep(tx: &mut Tx<'_>, place: &Place) -> Result<()> {
    let sql = "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value, version = setting.version + 1";
    tx.execute(sql, &values![PLACE, json!(place).to_string()])?;
    Ok(())
}

/// The name of sums in the making.
fn anew(figure: Figure) -> String {
    format!("anew:{figure}")
}

/// One batch; the step after it and how much it counted.
fn batch(tx: &mut Tx<'_>, shop: ShopId, place: &Place) -> Result<(Step, i64)> {
    if feed(tx)? != place.feed {
        return Err(Code::DeskAtWork.into());
    }
    let (step, done) = match place.step {
        Step::Events(case, version) => events(tx, shop, case, version)?,
        Step::Orders(after) => orders(tx, shop, after)?,
        Step::Exchange => exchange(tx, shop)?,
        Step::Over => (Step::Over, 0),
    };
    if !matches!(step, Step::Over) {
        keep(tx, &Place { step: step.clone(), ..place.clone() })?;
    }
    Ok((step, done))
}

/// One event with what stands in its case's row.
struct Told {
    case: Id,
    version: i64,
    kind: String,
    actor: Option<Id>,
    at: Micros,
    payload: Value,
    row: About,
}

fn events(tx: &mut Tx<'_>, shop: ShopId, case: Id, version: i64) -> Result<(Step, i64)> {
    let sql = "SELECT e.case_id, e.case_version, e.kind, e.actor_id, e.at, e.payload, c.scenario, c.cause, c.amount_minor, c.opened_at
        FROM event e JOIN cases c ON c.shop_id = e.shop_id AND c.id = e.case_id
        WHERE e.shop_id = $1 AND (e.case_id, e.case_version) > ($2, $3) ORDER BY e.case_id, e.case_version, e.n LIMIT $4";
    let read = |row: &DbRow| {
        Ok(Told {
            case: row.get(0)?,
            version: row.get(1)?,
            kind: row.get(2)?,
            actor: row.get(3)?,
            at: row.get(4)?,
            payload: row.get(5)?,
            row: About { scenario: row.get(6)?, cause: row.get(7)?, amount_minor: row.get(8)?, opened_at: row.get(9)?, since: None },
        })
    };
    let mut told = tx.query(sql, &values![shop, case, version, EVENTS], read)?;
    let full = told.len() as i64 == EVENTS;
    if full && let Some((case, version)) = told.last().map(|last| (last.case, last.version)) {
        // The last change may not be whole; a change has fewer events than a batch.
        let whole = told.iter().position(|it| (it.case, it.version) == (case, version)).filter(|at| *at > 0);
        told.truncate(whole.unwrap_or(told.len()));
    }
    let Some(last) = told.last().map(|last| Step::Events(last.case, last.version)) else { return Ok((Step::Orders(Id::nil()), 0)) };
    let mut sums = Sums::new();
    let mut changes = 0;
    for change in told.chunk_by(|one, other| (one.case, one.version) == (other.case, other.version)) {
        changes += 1;
        let Some(head) = change.first() else { continue };
        if head.version == 1 {
            tx.execute("DELETE FROM case_article WHERE shop_id = $1 AND case_id = $2", &values![shop, head.case])?;
        }
        let events: Vec<(&str, Value)> = change.iter().map(|it| (it.kind.as_str(), it.payload.clone())).collect();
        // What came with another desk's history was done by nobody here.
        let person = head.actor.filter(|_| head.payload["channel"] != "import");
        of_change(&mut sums, &events, &head.row, person, head.at);
        if let Some(units) = asked::of_events(&events) {
            asked::step(tx, &mut sums, (shop, head.case), &units, head.at)?;
        }
    }
    write(tx, shop, sums)?;
    Ok((if full { last } else { Step::Orders(Id::nil()) }, changes))
}

fn orders(tx: &mut Tx<'_>, shop: ShopId, after: Id) -> Result<(Step, i64)> {
    let sql = "SELECT id, ordered_at FROM orders WHERE shop_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    let found = tx.query(sql, &values![shop, after, ORDERS], |row: &DbRow| Ok((row.get::<Id>(0)?, row.get::<Option<Micros>>(1)?)))?;
    let mut sums = Sums::new();
    for (order, at) in &found {
        let day = china::day(bought_at(*order, *at));
        let lines = "SELECT sku, quantity FROM order_line WHERE shop_id = $1 AND order_id = $2";
        for (sku, units) in tx.query(lines, &values![shop, *order], |row: &DbRow| Ok((row.get::<String>(0)?, row.get::<i64>(1)?)))? {
            add(&mut sums, Figure::Sold, &day, sku, (units, 0));
        }
    }
    write(tx, shop, sums)?;
    let next = found.last().filter(|_| found.len() as i64 == ORDERS).map_or(Step::Exchange, |(last, _)| Step::Orders(*last));
    Ok((next, found.len() as i64))
}

/// When an order was bought; an order that does not say came when its id was made.
pub(crate) fn bought_at(order: Id, ordered_at: Option<Micros>) -> Micros {
    ordered_at.unwrap_or_else(|| {
        let bytes = order.bytes();
        let millis = bytes[..6].iter().fold(0_i64, |sum, byte| sum << 8 | i64::from(*byte));
        Micros(millis * 1_000)
    })
}

fn write(tx: &mut Tx<'_>, shop: ShopId, sums: Sums) -> std::result::Result<(), DbError> {
    let sql = "INSERT INTO counter (shop_id, name, bucket, count, amount_minor) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (shop_id, name, bucket) DO UPDATE SET count = counter.count + excluded.count, amount_minor = counter.amount_minor + excluded.amount_minor";
    for ((figure, day, key), (count, amount)) in sums.into_iter().filter(|(_, sum)| *sum != (0, 0)) {
        tx.execute(sql, &values![shop, anew(figure), format!("{day} {key}"), count, amount])?;
    }
    Ok(())
}

/// The new sums take the place of the old ones.
fn exchange(tx: &mut Tx<'_>, shop: ShopId) -> Result<(Step, i64)> {
    for figure in Figure::ALL {
        tx.execute("DELETE FROM counter WHERE shop_id = $1 AND name = $2", &values![shop, name(*figure)])?;
        let sql = "UPDATE counter SET name = $3 WHERE shop_id = $1 AND name = $2";
        tx.execute(sql, &values![shop, anew(*figure), name(*figure)])?;
    }
    Ok((Step::Over, 0))
}
