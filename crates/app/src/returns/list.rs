//! What the warehouse has to look at: returns signed for and not scanned, and the shelf of unknown parcels. Owns the two lists.

use crate::error::{Error, Result, bad_input};
use crate::{Context, Desk};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Row, values};
use serde::{Deserialize, Serialize};

/// Which page.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
pub struct ReturnsQuery {
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// Rows wanted, 50 when absent, 200 at most.
    pub limit: Option<i64>,
}

/// One parcel.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[expect(missing_docs, reason = "named as in the parcel and case rows")]
pub struct ReturnItem {
    #[schema(value_type = String, format = "uuid")]
    pub id: Id,
    pub carrier: String,
    pub waybill: String,
    #[schema(value_type = Option<String>, format = "date-time")]
    pub signed_at: Option<Micros>,
    #[schema(value_type = Option<String>, format = "date-time")]
    pub scanned_at: Option<Micros>,
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Micros,
    /// Whole hours since it was signed for (waiting) or scanned (unclaimed).
    pub hours: i64,
    #[schema(value_type = Option<String>, format = "uuid")]
    pub case_id: Option<Id>,
    pub case_no: Option<String>,
    pub case_version: Option<i64>,
    pub order_no: Option<String>,
    pub title: Option<String>,
    #[serde(skip)]
    place: i64,
}

/// A page of parcels.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Returns {
    /// Longest waiting first.
    pub items: Vec<ReturnItem>,
    /// Opaque; absent on the last page.
    pub next: Option<String>,
}

macro_rules! parcels {
    ($place:literal, $condition:literal) => {
        concat!(
            "SELECT p.id, p.carrier, p.waybill, p.signed_at, p.scanned_at, c.id, c.case_no, c.version, c.order_no, c.title, p.created_at, ",
            $place,
            " FROM parcel p LEFT JOIN cases c ON c.shop_id = p.shop_id AND c.id = p.case_id WHERE p.shop_id = $1 AND ",
            $condition,
            " AND (",
            $place,
            ", p.id) > ($2, $3) ORDER BY ",
            $place,
            ", p.id LIMIT $4"
        )
    };
}

const WAITING: &str = parcels!("p.signed_at", "p.direction = 'in' AND p.signed_at IS NOT NULL AND p.scanned_at IS NULL");
const UNCLAIMED: &str = parcels!("p.created_at", "p.case_id IS NULL AND p.direction = 'in'");

impl Desk {
    /// Returns that the carrier says were signed for and nobody has scanned, longest first.
    pub async fn returns_waiting(&self, context: &Context, shop: ShopId, query: ReturnsQuery) -> Result<Returns> {
        self.returns(context, shop, query, WAITING).await
    }

    /// Parcels that belong to nobody yet, longest on the shelf first.
    pub async fn returns_unclaimed(&self, context: &Context, shop: ShopId, query: ReturnsQuery) -> Result<Returns> {
        self.returns(context, shop, query, UNCLAIMED).await
    }

    async fn returns(&self, context: &Context, shop: ShopId, query: ReturnsQuery, sql: &'static str) -> Result<Returns> {
        context.actor.may(Action::ReadUnclaimed, &Object::shop("shop", shop))?;
        let limit = query.limit.unwrap_or(50).clamp(1, 200);
        let after = match &query.cursor {
            Some(text) => crate::queue::parse_cursor(text).ok_or_else(|| bad_input("cursor", "use the `next` of the page before"))?,
            None => (i64::MIN, Id::nil()),
        };
        let now = context.now;
        self.store
            .read(move |tx| {
                let mut items = tx.query(sql, &values![shop, after.0, after.1, limit + 1], |row| read(row, now))?;
                let more = items.len() as i64 > limit;
                items.truncate(limit as usize);
                let next = items.last().filter(|_| more).map(|last| format!("{}_{}", last.place, last.id));
                Ok::<_, Error>(Returns { items, next })
            })
            .await
    }
}

fn read(row: &Row, now: Micros) -> std::result::Result<ReturnItem, DbError> {
    let place = row.get::<i64>(11)?;
    Ok(ReturnItem {
        id: row.get(0)?,
        carrier: row.get(1)?,
        waybill: row.get(2)?,
        signed_at: row.get(3)?,
        scanned_at: row.get(4)?,
        hours: (now - Micros(place)).as_millis() / 3_600_000,
        case_id: row.get(5)?,
        case_no: row.get(6)?,
        case_version: row.get(7)?,
        order_no: row.get(8)?,
        title: row.get(9)?,
        created_at: row.get(10)?,
        place,
    })
}
