//! One's own notifications, newest first, and how many are unread. Owns the answer's shape; only cases of one's shops are in it.

use crate::error::{Error, Result, bad_input};
use crate::{Context, Desk};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::time::Micros;
use aftercare_store::{Row, values};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Rows of a page at most.
const PAGE: i64 = 100;
/// Unread ones are counted up to here.
const COUNTED: i64 = 100;

/// Which part of the list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct NotificationsQuery {
    /// The `next` of the page before.
    #[serde(default)]
    pub cursor: Option<String>,
    /// Rows, up to 100.
    #[serde(default)]
    pub limit: Option<i64>,
}

impl Desk {
    /// One page of the actor's notifications.
    pub async fn notifications(&self, context: &Context, query: NotificationsQuery) -> Result<Value> {
        let (at, id) = match query.cursor.as_deref().filter(|cursor| !cursor.is_empty()) {
            None => (Micros(i64::MAX), Id::from_bytes([0xff; 16])),
            Some(cursor) => place(cursor).ok_or_else(|| bad_input("cursor", "the `next` of the page before"))?,
        };
        let limit = query.limit.unwrap_or(50).clamp(1, PAGE);
        let frame = context.clone();
        self.store
            .read(move |tx| {
                let me = frame.actor.id();
                let sql = "SELECT n.id, n.at, n.kind, n.what, n.count, n.read_at, n.shop_id, n.case_id, c.case_no, c.title, s.display_name, h.code, c.open
                    FROM notification n JOIN cases c ON c.shop_id = n.shop_id AND c.id = n.case_id JOIN shop h ON h.id = n.shop_id
                    LEFT JOIN staff s ON s.id = n.actor_id
                    WHERE n.staff_id = $1 AND (n.at, n.id) < ($2, $3) ORDER BY n.at DESC, n.id DESC LIMIT $4";
                let rows = tx.query(sql, &values![me, at, id, limit], read)?;
                let next = (rows.len() as i64 == limit).then(|| rows.last().map(|row| format!("{}.{}", row.1.0, row.2))).flatten();
                let items: Vec<Value> = rows.into_iter().filter(|row| frame.actor.sees(row.0)).map(|row| row.3).collect();
                let unread = "SELECT COUNT(*) FROM (SELECT 1 FROM notification n WHERE n.staff_id = $1 AND n.read_at IS NULL
                    AND EXISTS (SELECT 1 FROM staff_shop g WHERE g.staff_id = n.staff_id AND g.shop_id = n.shop_id) LIMIT $2) AS unread";
                let unread = tx.query_opt(unread, &values![me, COUNTED], |row| row.get::<i64>(0))?.unwrap_or(0);
                Ok::<_, Error>(json!({ "items": items, "next": next, "unread": unread }))
            })
            .await
    }
}

fn read(row: &Row) -> std::result::Result<(ShopId, Micros, Id, Value), aftercare_store::DbError> {
    let (id, at, shop): (Id, Micros, ShopId) = (row.get(0)?, row.get(1)?, row.get(6)?);
    let item = json!({
        "id": id, "at": at, "kind": row.get::<String>(2)?, "what": row.get::<String>(3)?, "count": row.get::<i64>(4)?,
        "read_at": row.get::<Option<Micros>>(5)?, "case_id": row.get::<Id>(7)?, "case_no": row.get::<String>(8)?, "title": row.get::<String>(9)?,
        "actor": row.get::<Option<String>>(10)?, "shop": row.get::<String>(11)?, "open": row.get::<bool>(12)?,
    });
    Ok((shop, at, id, item))
}

fn place(cursor: &str) -> Option<(Micros, Id)> {
    let (at, id) = cursor.split_once('.')?;
    Some((Micros(at.parse().ok()?), Id::parse(id)?))
}
