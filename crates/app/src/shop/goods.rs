//! What the shop sells and has on its shelves, as its own systems tell it. Owns products and the counts; holding stock is the reservations'.

use crate::command::Repeat;
use crate::error::{Error, Result, bad_input, not_found};
use crate::{Context, Desk};
use aftercare_domain::id::ShopId;
use aftercare_domain::people::{Action, policy::Object};
use aftercare_store::{DbError, Row, values};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Rows taken in at once.
const ROWS: usize = 1_000;
/// Rows on a page.
const PAGE: i64 = 200;

/// A variant of a product.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Its number.
    pub sku: String,
    /// Its name.
    pub title: String,
    /// Its category, which decides the criteria of an intact return.
    #[serde(default)]
    pub category: String,
    /// Whether it travels as bulky goods.
    #[serde(default)]
    pub bulky: bool,
    /// Selling points, cautions, known flaws: whatever stands beside the case.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub card: Value,
}

/// How many of a variant are there.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OnHand {
    /// Its number.
    pub sku: String,
    /// Where; absent: the warehouse that ships.
    #[serde(default = "main_warehouse")]
    pub warehouse: String,
    /// Pieces on the shelves, the held ones among them.
    pub on_hand: i64,
}

/// The warehouse that ships; the others can be transferred from.
pub(crate) const MAIN: &str = "main";

fn main_warehouse() -> String {
    MAIN.to_owned()
}

/// A count with what is held of it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct StockRow {
    /// The variant.
    pub sku: String,
    /// Pieces on the shelves, of all warehouses.
    pub on_hand: i64,
    /// Of these, held for exchanges and reshipments.
    pub reserved: i64,
    /// Of these, free in warehouses that do not ship themselves.
    pub elsewhere: i64,
}

/// A page and where the next one starts.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct StockPage {
    /// The rows, by number.
    pub items: Vec<StockRow>,
    /// The `cursor` of the next page.
    pub next: Option<String>,
}

/// What was taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TakenIn {
    /// Rows written.
    pub rows: u64,
}

impl Desk {
    /// Takes in products; known numbers are replaced.
    pub async fn put_products(&self, context: &Context, shop: ShopId, all: Vec<Product>) -> Result<TakenIn> {
        context.actor.may(Action::Import, &Object::shop("shop", shop))?;
        limit(all.len())?;
        if all.iter().any(|it| !number(&it.sku) || it.title.is_empty() || it.title.len() > 300 || it.card.to_string().len() > 20_000) {
            return Err(bad_input("sku", "1 to 64 bytes, with a title of 1 to 300 and a card of at most 20000"));
        }
        let repeat = Repeat::of(context, format!("products/{shop}"), &all);
        let put =
            "INSERT INTO product (shop_id, sku, title, category, bulky, card) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (shop_id, sku)
            DO UPDATE SET title = excluded.title, category = excluded.category, bulky = excluded.bulky, card = excluded.card";
        self.command(context, repeat, move |tx| {
            let mut rows = 0;
            for it in &all {
                let card = if it.card.is_null() { "{}".to_owned() } else { it.card.to_string() };
                rows += tx.execute(put, &values![shop, &it.sku, &it.title, &it.category, it.bulky, card])?;
            }
            Ok(TakenIn { rows })
        })
        .await
    }

    /// Takes in counts. A count below what is held is refused: somebody was promised those pieces.
    pub async fn put_stock(&self, context: &Context, shop: ShopId, all: Vec<OnHand>) -> Result<TakenIn> {
        context.actor.may(Action::Import, &Object::shop("shop", shop))?;
        limit(all.len())?;
        if all.iter().any(|it| !number(&it.sku) || !(1..=40).contains(&it.warehouse.len()) || it.on_hand < 0) {
            return Err(bad_input("on_hand", "not negative, of a number of 1 to 64 bytes in a warehouse of 1 to 40"));
        }
        let repeat = Repeat::of(context, format!("stock/{shop}"), &all);
        let put = "INSERT INTO stock (shop_id, sku, warehouse, on_hand) VALUES ($1, $2, $3, $4) ON CONFLICT (shop_id, sku, warehouse)
            DO UPDATE SET on_hand = excluded.on_hand, version = stock.version + 1";
        let outcome = self.command(context, repeat, move |tx| {
            let mut rows = 0;
            for it in &all {
                rows += tx.execute(put, &values![shop, &it.sku, &it.warehouse, it.on_hand])?;
            }
            Ok(TakenIn { rows })
        });
        match outcome.await {
            Err(Error::Db(DbError::Check(_))) => Err(bad_input("on_hand", "fewer than are held")),
            other => other,
        }
    }

    /// A page of the shop's counts, by number.
    pub async fn stock(&self, context: &Context, shop: ShopId, after: Option<String>) -> Result<StockPage> {
        context.actor.may(Action::ReadCase, &Object::shop("shop", shop))?;
        let sql = "SELECT sku, CAST(SUM(on_hand) AS BIGINT), CAST(SUM(reserved) AS BIGINT), CAST(SUM(CASE WHEN warehouse = 'main' THEN 0 ELSE on_hand - reserved END) AS BIGINT)
            FROM stock WHERE shop_id = $1 AND sku > $2 GROUP BY sku ORDER BY sku LIMIT $3";
        let read = |row: &Row| Ok(StockRow { sku: row.get(0)?, on_hand: row.get(1)?, reserved: row.get(2)?, elsewhere: row.get(3)? });
        let after = after.unwrap_or_default();
        let mut items = self.store.read(move |tx| Ok::<_, Error>(tx.query(sql, &values![shop, after.as_str(), PAGE + 1], read)?)).await?;
        let more = items.len() as i64 > PAGE;
        items.truncate(PAGE as usize);
        let next = items.last().filter(|_| more).map(|last| last.sku.clone());
        Ok(StockPage { items, next })
    }

    /// The card of one product.
    pub async fn product(&self, context: &Context, shop: ShopId, sku: &str) -> Result<Product> {
        context.actor.may(Action::ReadCase, &Object::shop("shop", shop))?;
        let sku = sku.to_owned();
        let sql = "SELECT sku, title, category, bulky, card FROM product WHERE shop_id = $1 AND sku = $2";
        let read =
            |row: &Row| Ok(Product { sku: row.get(0)?, title: row.get(1)?, category: row.get(2)?, bulky: row.get(3)?, card: row.get(4)? });
        let found = self.store.read(move |tx| Ok::<_, Error>(tx.query_opt(sql, &values![shop, sku.as_str()], read)?)).await?;
        found.ok_or_else(|| not_found("product"))
    }
}

fn limit(rows: usize) -> Result<()> {
    if (1..=ROWS).contains(&rows) { Ok(()) } else { Err(bad_input("rows", format!("1 to {ROWS} at once"))) }
}

fn number(sku: &str) -> bool {
    (1..=64).contains(&sku.len())
}
