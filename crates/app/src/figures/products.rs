//! Articles and how often they come back: units asked back of units sold, with interval and the shop's control band. Owns which are
//! signals: a rate above the band, on enough units.

use super::{Period, name};
use crate::error::{Error, Result};
use crate::{Context, Desk};
use aftercare_domain::figures::{Figure, band, interval};
use aftercare_domain::id::ShopId;
use aftercare_domain::people::{Action, policy::Object};
use aftercare_store::{Row as DbRow, Tx, values};
use serde::Serialize;
use std::collections::HashMap;

/// Articles shown, those asked back most often first.
const SHOWN: i64 = 200;
/// Articles whose sales are looked at.
const ARTICLES: i64 = 50_000;
/// Below this many units nothing is said about a rate.
const ENOUGH: i64 = 20;

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
                for (sku, asked_back) in back.into_iter().take(SHOWN as usize) {
                    let title = "SELECT title FROM product WHERE shop_id = $1 AND sku = $2";
                    let title = tx.query_opt(title, &values![shop, &sku], |row| row.get::<String>(0))?.unwrap_or_default();
                    let sold = sold.get(&sku).copied().unwrap_or(0);
                    items.push(row(sku, title, sold, asked_back, usual));
                }
                Ok::<_, Error>(Products { items, sold: all_sold, asked_back: all_back, usual })
            })
            .await
    }
}

fn row(sku: String, title: String, sold: i64, asked_back: i64, usual: Option<f64>) -> ProductRow {
    let rate = (sold > 0 && asked_back <= sold).then(|| asked_back as f64 / sold as f64);
    let band = usual.and_then(|usual| band(usual, sold));
    let low_sample = sold < ENOUGH;
    let signal = !low_sample && rate.zip(band).is_some_and(|(rate, (_, above))| rate > above);
    ProductRow { interval: interval(asked_back, sold), sku, title, sold, asked_back, rate, band, low_sample, signal }
}

fn by_article(tx: &mut Tx<'_>, shop: ShopId, figure: Figure, (from, to): (&str, &str), limit: i64) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT SUBSTR(bucket, 12) AS article, CAST(SUM(count) AS BIGINT) AS units FROM counter
        WHERE shop_id = $1 AND name = $2 AND bucket >= $3 AND bucket < $4 GROUP BY SUBSTR(bucket, 12) ORDER BY units DESC, article LIMIT $5";
    Ok(tx.query(sql, &values![shop, name(figure), from, to, limit], |row: &DbRow| Ok((row.get(0)?, row.get(1)?)))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_needs_enough_units_and_a_rate_above_the_band() {
        let check = |sold: i64, back: i64, expect: (bool, bool)| {
            let row = row("A".into(), String::new(), sold, back, Some(0.05));
            assert_eq!((row.signal, row.low_sample), expect, "{back} of {sold}");
        };
        check(100, 5, (false, false));
        check(100, 12, (true, false));
        check(19, 10, (false, true));
        check(0, 3, (false, true));
        check(200, 300, (false, false));
    }
}
