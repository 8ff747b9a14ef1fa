//! One page of a view over the shops an actor sees. Owns the merge of the shops' pages; never counts.

use crate::error::{Result, bad_input};
use crate::queue::counters::{self, Figure};
use crate::{Context, Desk};
use aftercare_domain::case::{Asked, Narrow, Sort};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Row, Tx, Value, values};
use serde::Serialize;

/// Rows on a page when none are asked for, and at most.
const DEFAULT_LIMIT: i64 = 50;
const LIMIT: i64 = 200;
/// Rows a narrowed view looks at for one page.
const WINDOW: i64 = 500;

/// A smart view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum View {
    /// Every open case.
    All,
    /// The actor's own.
    Mine,
    /// Open cases waiting on this party.
    Waiting(String),
    /// Money whose outcome is unknown.
    UnknownMoney,
    /// Archived ones, newest first.
    Closed,
}

impl View {
    /// Reads the name used in addresses.
    pub fn parse(text: &str) -> Option<Self> {
        const PARTIES: &[&str] =
            &["agent", "buyer", "supervisor", "warehouse", "finance", "carrier", "technician", "platform", "quality", "parcel_desk"];
        Some(match text {
            "all" | "due_soon" => Self::All,
            "mine" => Self::Mine,
            "unknown_money" => Self::UnknownMoney,
            "closed" => Self::Closed,
            party if PARTIES.contains(&party) => Self::Waiting(party.to_owned()),
            _ => return None,
        })
    }
}

/// What page is wanted.
#[derive(Clone, Debug)]
pub struct QueueQuery {
    /// What of the view; everything by default.
    pub narrow: Narrow,
    /// In which order; that of time by default.
    pub sort: Sort,
    /// The view.
    pub view: View,
    /// One shop, or all that the actor sees.
    pub shop: Option<ShopId>,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// Rows wanted.
    pub limit: Option<i64>,
}

impl QueueQuery {
    /// The first page of a whole view over all shops.
    pub fn of(view: View) -> Self {
        Self { view, narrow: Narrow::default(), sort: Sort::Time, shop: None, cursor: None, limit: None }
    }
}

/// A row of the queue: a narrow projection, nothing personal but masked.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[expect(missing_docs, reason = "named as in the case row")]
pub struct QueueItem {
    #[schema(value_type = String, format = "uuid")]
    pub id: Id,
    pub case_no: String,
    #[schema(value_type = i64)]
    pub shop_id: ShopId,
    pub scenario: String,
    pub title: String,
    pub amount_minor: i64,
    pub currency: String,
    pub stage: String,
    pub waiting_on: String,
    #[schema(value_type = Option<String>, format = "uuid")]
    pub owner_id: Option<Id>,
    pub severity: i64,
    pub emotion: String,
    pub version: i64,
    #[schema(value_type = Option<String>, format = "date-time")]
    pub next_deadline_at: Option<Micros>,
    pub next_at_zero: String,
    pub next_clock: String,
    pub next_state: String,
    #[schema(value_type = Option<String>, format = "date-time")]
    pub last_contact_at: Option<Micros>,
    pub last_contact_from: String,
    pub order_no: String,
    pub buyer_masked: String,
    pub verdict: String,
    pub unknown_money: bool,
    #[schema(value_type = String, format = "date-time")]
    pub opened_at: Micros,
    /// When a hand is wanted: the due time, earlier by what is at stake; in the view of closed cases when it was closed.
    #[schema(value_type = String, format = "date-time")]
    pub act_by: Micros,
}

/// A page and where the next one starts.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Page {
    /// The rows.
    pub items: Vec<QueueItem>,
    /// Opaque; absent on the last page.
    pub next: Option<String>,
}

macro_rules! page {
    ($act_by:literal, $place:literal, $condition:literal, $after:literal, $order:literal) => {
        concat!(
            "SELECT id, case_no, shop_id, scenario, title, amount_minor, currency, stage, waiting_on, owner_id, severity, emotion, version,
             next_deadline_at, next_at_zero, next_clock, next_state, last_contact_at, last_contact_from, order_no, buyer_masked, verdict, unknown_money, opened_at, ",
            $act_by,
            ", ",
            $place,
            " FROM cases WHERE shop_id = $1 AND ",
            $condition,
            " AND (",
            $place,
            ", id) ",
            $after,
            " ($2, $3) ORDER BY ",
            $place,
            $order,
            ", id",
            $order,
            " LIMIT $4"
        )
    };
}

/// The statement of a view: parameters shop, place and id to start after, limit, and the party or owner where one is needed.
pub(crate) fn statement(view: &View, sort: Sort) -> &'static str {
    if by_amount(view, sort) {
        // Whose and whom it waits for is asked of the rows: one index serves every view.
        return page!("queue_key", "amount_minor", "open = 1", "<", " DESC");
    }
    match view {
        View::All => page!("queue_key", "queue_key", "open = 1", ">", ""),
        View::Mine => page!("queue_key", "queue_key", "open = 1 AND owner_id IS NOT NULL AND owner_id = $5", ">", ""),
        View::Waiting(_) => page!("queue_key", "queue_key", "open = 1 AND waiting_on = $5", ">", ""),
        View::UnknownMoney => page!("queue_key", "queue_key", "open = 1 AND unknown_money = 1", ">", ""),
        View::Closed => page!("closed_at", "closed_at", "open = 0", "<", " DESC"),
    }
}

/// Archived cases have one order, that of their end.
fn by_amount(view: &View, sort: Sort) -> bool {
    sort == Sort::Amount && *view != View::Closed
}

/// A row and its place in the order.
fn read(row: &Row) -> std::result::Result<(i64, QueueItem), DbError> {
    let item = QueueItem {
        id: row.get(0)?,
        case_no: row.get(1)?,
        shop_id: row.get(2)?,
        scenario: row.get(3)?,
        title: row.get(4)?,
        amount_minor: row.get(5)?,
        currency: row.get(6)?,
        stage: row.get(7)?,
        waiting_on: row.get(8)?,
        owner_id: row.get(9)?,
        severity: row.get(10)?,
        emotion: row.get(11)?,
        version: row.get(12)?,
        next_deadline_at: row.get(13)?,
        next_at_zero: row.get(14)?,
        next_clock: row.get(15)?,
        next_state: row.get(16)?,
        last_contact_at: row.get(17)?,
        last_contact_from: row.get(18)?,
        order_no: row.get(19)?,
        buyer_masked: row.get(20)?,
        verdict: row.get(21)?,
        unknown_money: row.get(22)?,
        opened_at: row.get(23)?,
        act_by: row.get(24)?,
    };
    Ok((row.get(25)?, item))
}

/// Whether a row read by amount belongs to the base view.
fn of_view(view: &View, actor: Id, item: &QueueItem) -> bool {
    match view {
        View::All | View::Closed => true,
        View::Mine => item.owner_id == Some(actor),
        View::Waiting(party) => item.waiting_on == *party,
        View::UnknownMoney => item.unknown_money,
    }
}

impl Desk {
    /// One page of a view: the first rows of each shop's page, merged. A narrowed view looks at so many rows and tells where to go on,
    /// so that a page may hold fewer rows than asked for, and even none, while more follow.
    pub async fn queue(&self, context: &Context, query: QueueQuery) -> Result<Page> {
        context.actor.may(Action::ReadQueue, &Object::desk("queue"))?;
        let shops = shops(context, query.shop)?;
        let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, LIMIT);
        let amounts = by_amount(&query.view, query.sort);
        let downwards = query.view == View::Closed || amounts;
        let narrowed = amounts || !query.narrow.is_open();
        let window = if narrowed { WINDOW } else { limit };
        let start = match &query.cursor {
            Some(text) => parse_cursor(text).ok_or_else(|| bad_input("cursor", "use the `next` of the page before"))?,
            None if downwards => (i64::MAX, Id::from_bytes([0xff; 16])),
            None => (i64::MIN, Id::from_bytes([0; 16])),
        };
        let extra = match &query.view {
            _ if amounts => None,
            View::Mine => Some(Value::from(context.actor.id())),
            View::Waiting(party) => Some(Value::from(party)),
            _ => None,
        };
        let (view, narrow, sort, who) = (query.view, query.narrow, query.sort, context.actor.id());
        self.store
            .read(move |tx| {
                let mut rows = Vec::new();
                for shop in &shops {
                    let mut params = values![*shop, start.0, start.1, window + 1].to_vec();
                    params.extend(extra.clone());
                    rows.extend(tx.query(statement(&view, sort), &params, read)?);
                }
                rows.sort_by_key(|(place, item)| (*place, item.id));
                if downwards {
                    rows.reverse();
                }
                let mut more = rows.len() as i64 > window;
                rows.truncate(window as usize);
                let mut next = rows.last().map(|(place, last)| format!("{place}_{}", last.id));
                if narrowed {
                    rows.retain(|(_, item)| of_view(&view, who, item) && narrow.fits(asked(item)));
                    if rows.len() as i64 > limit {
                        rows.truncate(limit as usize);
                        more = true;
                        next = rows.last().map(|(place, last)| format!("{place}_{}", last.id));
                    }
                }
                Ok(Page { items: rows.into_iter().map(|(_, item)| item).collect(), next: next.filter(|_| more) })
            })
            .await
    }

    /// The figures of every view over the shops the actor sees.
    pub async fn queue_figures(&self, context: &Context, shop: Option<ShopId>) -> Result<Vec<Figure>> {
        context.actor.may(Action::ReadQueue, &Object::desk("queue"))?;
        let shops = shops(context, shop)?;
        let mine = format!("owner:{}", context.actor.id());
        self.store
            .read(move |tx| {
                let mut sums: std::collections::BTreeMap<String, (i64, i64)> = std::collections::BTreeMap::new();
                for shop in &shops {
                    for figure in counters::figures(tx, *shop)? {
                        let view = if figure.view == mine { "mine".to_owned() } else { figure.view };
                        let sum = sums.entry(view).or_default();
                        *sum = (sum.0 + figure.count, sum.1 + figure.amount_minor);
                    }
                }
                let shown = sums.into_iter().filter(|(view, _)| !view.starts_with("owner:"));
                Ok(shown.map(|(view, (count, amount_minor))| Figure { view, count, amount_minor }).collect())
            })
            .await
    }

    /// Folds waiting counter deltas; workers call it in the background.
    pub async fn fold_counters(&self) -> Result<()> {
        while self.store.write(|tx: &mut Tx<'_>| counters::fold(tx)).await? {}
        Ok(())
    }
}

fn asked(item: &QueueItem) -> Asked<'_> {
    Asked { scenario: &item.scenario, amount_minor: item.amount_minor, severity: item.severity, owned: item.owner_id.is_some() }
}

fn shops(context: &Context, one: Option<ShopId>) -> Result<Vec<ShopId>> {
    match one {
        None => Ok(context.actor.who.shops.iter().copied().collect()),
        Some(shop) if context.actor.sees(shop) => Ok(vec![shop]),
        Some(_) => Err(crate::error::not_found("shop")),
    }
}

pub(crate) fn parse_cursor(text: &str) -> Option<(i64, Id)> {
    let (place, id) = text.split_once('_')?;
    Some((place.parse().ok()?, Id::parse(id)?))
}
