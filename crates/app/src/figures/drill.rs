//! The cases behind a figure, page by page. Owns how a figure's key is found among the cases again.

use super::Period;
use crate::error::{Error, Result, bad_input};
use crate::queue::parse_cursor;
use crate::{Context, Desk};
use aftercare_domain::china::begin;
use aftercare_domain::figures::Figure;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::time::Micros;
use aftercare_store::{Row as DbRow, Value, values};
use serde::{Deserialize, Serialize};

/// How a cause that nobody has said is called.
const UNKNOWN: &str = "unknown";
/// Rows of a page.
const PAGE: i64 = 50;

/// Which cases.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct DrillQuery {
    /// opened, closed or cause.
    pub figure: String,
    /// Of what: a scenario, a result, a cause or `unknown`; all when absent.
    #[serde(default)]
    pub key: Option<String>,
    /// The first day of the shop.
    pub from: String,
    /// The last day.
    pub to: String,
    /// The `next` of the page before.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// One case.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct DrilledCase {
    #[schema(value_type = String, format = "uuid")]
    pub case_id: Id,
    pub case_no: String,
    pub title: String,
    pub scenario: String,
    pub stage: String,
    pub cause: String,
    pub result: String,
    pub amount_minor: i64,
    pub buyer_masked: String,
    #[schema(value_type = String, format = "date-time")]
    pub at: Micros,
}

/// A page of them.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Drilled {
    /// In the order of time.
    pub items: Vec<DrilledCase>,
    /// The `cursor` of the next page.
    pub next: Option<String>,
}

const COLUMNS: &str = "id, case_no, title, scenario, stage, cause, result, amount_minor, buyer_masked";

impl Desk {
    /// The cases a figure counts.
    pub async fn drill(&self, context: &Context, shop: ShopId, query: DrillQuery) -> Result<Drilled> {
        context.actor.may(Action::ReadReports, &Object::shop("shop", shop))?;
        let figure = Figure::parse(&query.figure).filter(|it| matches!(it, Figure::Opened | Figure::Closed | Figure::Cause));
        let figure = figure.ok_or_else(|| bad_input("figure", "one of opened, closed, cause"))?;
        let period = Period { from: query.from, to: query.to };
        let (from, to) = period.buckets()?;
        let start = |day: &str| begin(day).ok_or_else(|| bad_input("from", "a day such as 2026-11-24"));
        let (from, to) = (start(&from)?, start(&to)?);
        let after =
            query.cursor.as_deref().map(|text| parse_cursor(text).ok_or_else(|| bad_input("cursor", "use the `next` of the page before")));
        let after = after.transpose()?;
        let key = query.key.filter(|key| !key.is_empty());
        self.store
            .read(move |tx| {
                let mut items = match (figure, &key) {
                    // A case's id begins with the millisecond it was opened at: ids of a period lie together.
                    (Figure::Opened, key) => {
                        let first = after.map_or_else(|| id_at(from), |(_, id)| id);
                        let of = if key.is_some() { "AND scenario = $5" } else { "" };
                        let sql = format!(
                            "SELECT {COLUMNS}, opened_at FROM cases WHERE shop_id = $1 AND id > $2 AND id < $3 {of} ORDER BY id LIMIT $4"
                        );
                        let mut params = values![shop, first, id_at(to), PAGE + 1].to_vec();
                        params.extend(key.as_ref().map(Value::from));
                        tx.query(&sql, &params, read)?
                    }
                    (figure, key) => {
                        let of = match (figure, key) {
                            (_, None) => "",
                            (Figure::Closed, _) => "AND result = $6",
                            _ => "AND cause = $6",
                        };
                        let sql = format!(
                            "SELECT {COLUMNS}, closed_at FROM cases WHERE shop_id = $1 AND open = 0 AND (closed_at, id) > ($2, $3)
                            AND closed_at < $4 {of} ORDER BY closed_at, id LIMIT $5"
                        );
                        let (place, id) = after.unwrap_or((from.0, Id::nil()));
                        let mut params = values![shop, place, id, to, PAGE + 1].to_vec();
                        // A cause that nobody has said stands empty in the case.
                        params.extend(key.as_ref().map(|key| Value::from(if key == UNKNOWN { "" } else { key })));
                        tx.query(&sql, &params, read)?
                    }
                };
                let more = items.len() as i64 > PAGE;
                items.truncate(PAGE as usize);
                let next = items.last().filter(|_| more).map(|last| format!("{}_{}", last.at.0, last.case_id));
                Ok::<_, Error>(Drilled { items, next })
            })
            .await
    }
}

/// The smallest id that can be made at an instant.
pub(crate) fn id_at(at: Micros) -> Id {
    let millis = u64::try_from(at.as_millis()).unwrap_or(0).to_be_bytes();
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&millis[2..]);
    Id::from_bytes(bytes)
}

fn read(row: &DbRow) -> std::result::Result<DrilledCase, aftercare_store::DbError> {
    Ok(DrilledCase {
        case_id: row.get(0)?,
        case_no: row.get(1)?,
        title: row.get(2)?,
        scenario: row.get(3)?,
        stage: row.get(4)?,
        cause: row.get(5)?,
        result: row.get(6)?,
        amount_minor: row.get(7)?,
        buyer_masked: row.get(8)?,
        at: row.get(9)?,
    })
}
