//! Articles and how often they come back: units asked back of units sold, with interval and the shop's control band. Owns reading
//! them; what a signal is, is decided in `domain::figures`.

use super::{Period, name};
use crate::error::{Error, Result};
use crate::{Context, Desk};
use aftercare_domain::figures::{Figure, Rate, judge};
use aftercare_domain::id::ShopId;
use aftercare_domain::people::{Action, policy::Object};
use aftercare_store::{Row as DbRow, Tx, values};
use serde::Serialize;
use std::collections::HashMap;

/// Articles shown, those asked back most often first; besides them as many again that stand out.
const SHOWN: usize = 200;
/// Articles whose sales are looked at.
const ARTICLES: i64 = 50_000;

/// One article.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct ProductRow {
    /// Its number.
    pub sku: String,
    /// Its name, where the shop told it.
    pub title: String,
    /// Units sold in the period.
    pub sold: i64,
    /// Units asked back, exchanged or complained of.
    pub asked_back: i64,
    /// The share; absent where more came back than was sold in the period.
    pub rate: Option<f64>,
    /// Its 95 % interval.
    pub interval: Option<(f64, f64)>,
    /// The shop's control band for so many units.
    pub band: Option<(f64, f64)>,
    /// Too few units to say anything.
    pub low_sample: bool,
    /// Above the band on enough units.
    pub signal: bool,
}

/// The articles of a shop.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Products {
    /// Those asked back most often first.
    pub items: Vec<ProductRow>,
    /// Articles that came back at all.
    #[serde(skip)]
    pub articles: i64,
    /// Units sold of all articles.
    pub sold: i64,
    /// Units asked back of all articles.
    pub asked_back: i64,
    /// The shop's usual share.
    pub usual: Option<f64>,
}

impl Desk {
    /// How often the shop's articles come back in a period.
    pub async fn product_rates(&self, context: &Context, shop: ShopId, period: Period) -> Result<Products> {
        context.actor.may(Action::ReadReports, &Object::shop("shop", shop))?;
        let (from, to) = period.buckets()?;
        self.store
            .read(move |tx| {
                let back = by_article(tx, shop, Figure::AskedBack, (&from, &to), ARTICLES)?;
                let sold: HashMap<String, i64> = by_article(tx, shop, Figure::Sold, (&from, &to), ARTICLES)?.into_iter().collect();
                let (all_back, all_sold) = (back.iter().map(|(_, units)| units).sum(), sold.values().sum());
                let usual = (all_sold > 0 && all_back <= all_sold).then(|| all_back as f64 / all_sold as f64);
                let mut items = Vec::new();
                let titles = titles(tx, shop, &from, &to)?;
                let articles = back.len() as i64;
                for (n, (sku, asked_back)) in back.into_iter().enumerate() {
                    let sold = sold.get(&sku).copied().unwrap_or(0);
                    let Rate { rate, interval, band, low_sample, signal } = judge(sold, asked_back, usual);
                    // A small article that stands out is not hidden by large ones that do not.
                    if n >= SHOWN && !(signal && items.len() < 2 * SHOWN) {
                        continue;
                    }
                    let title = titles.get(&sku).cloned().unwrap_or_default();
                    items.push(ProductRow { sku, title, sold, asked_back, rate, interval, band, low_sample, signal });
                }
                Ok::<_, Error>(Products { items, articles, sold: all_sold, asked_back: all_back, usual })
            })
            .await
    }
}

/// The names of the articles that were asked back, in one statement.
fn titles(tx: &mut Tx<'_>, shop: ShopId, from: &str, to: &str) -> Result<HashMap<String, String>> {
    let sql = "SELECT DISTINCT p.sku, p.title FROM counter c JOIN product p ON p.shop_id = c.shop_id AND p.sku = SUBSTR(c.bucket, 12)
        WHERE c.shop_id = $1 AND c.name = $2 AND c.bucket >= $3 AND c.bucket < $4 LIMIT $5";
    let read = |row: &DbRow| Ok((row.get(0)?, row.get(1)?));
    Ok(tx.query(sql, &values![shop, name(Figure::AskedBack), from, to, ARTICLES], read)?.into_iter().collect())
}

fn by_article(tx: &mut Tx<'_>, shop: ShopId, figure: Figure, (from, to): (&str, &str), limit: i64) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT SUBSTR(bucket, 12) AS article, CAST(SUM(count) AS BIGINT) AS units FROM counter
        WHERE shop_id = $1 AND name = $2 AND bucket >= $3 AND bucket < $4 GROUP BY SUBSTR(bucket, 12) ORDER BY units DESC, article LIMIT $5";
    Ok(tx.query(sql, &values![shop, name(figure), from, to, limit], |row: &DbRow| Ok((row.get(0)?, row.get(1)?)))?)
}
