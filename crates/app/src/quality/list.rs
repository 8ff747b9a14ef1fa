//! The articles that stand out in the last days, each with its interval, its reasons, its cost and the last word said. Owns the list.

use super::cases::{of_articles, places};
use crate::error::{Error, Result, bad_input};
use crate::figures::{Period, ProductRow, id_at};
use crate::{Context, Desk};
use aftercare_domain::china;
use aftercare_domain::figures::{ENOUGH, covers};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::privacy::masked;
use aftercare_domain::time::{Micros, Span};
use aftercare_store::vault::Vault;
use aftercare_store::{Row as DbRow, Tx, Value, values};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Signals of one answer, those with most units first.
const SHOWN: usize = 50;

/// Over how many days.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Days {
    /// 7 to 90; 30 when absent.
    #[serde(default)]
    pub days: Option<i64>,
}

/// One reason and how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Reason {
    /// A cause, or the buyer's reason where nobody has said one; empty where neither is known.
    pub reason: String,
    /// Cases.
    pub count: i64,
}

/// What somebody said to a signal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Word {
    /// acknowledged or investigated.
    pub kind: String,
    /// The words, personal data masked.
    pub note: String,
    /// Who.
    pub by: String,
    /// The investigation.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub case_id: Option<Id>,
    /// Units asked back at that time.
    pub asked_back: i64,
    /// When.
    #[schema(value_type = String, format = "date-time")]
    pub at: Micros,
}

/// An article that stands out.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct SignalRow {
    /// The article and its figures.
    pub article: ProductRow,
    /// Cases of it, 200 at most.
    pub cases: i64,
    /// Of these open.
    pub open: i64,
    /// What the refunds and payouts of these cases came to; absent for whoever does not see costs.
    pub cost_minor: Option<i64>,
    /// Why, the most frequent first.
    pub reasons: Vec<Reason>,
    /// The last word said.
    pub word: Option<Word>,
    /// The word still covers what came back since.
    pub quiet: bool,
}

/// The signals of a shop.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Signals {
    /// Those nobody has said a word to first.
    pub items: Vec<SignalRow>,
    /// Articles that came back at all.
    pub articles: i64,
    /// The shop's usual share.
    pub usual: Option<f64>,
    /// Units below which nothing is said.
    pub least: i64,
    /// The first day looked at.
    pub from: String,
    /// The last day.
    pub to: String,
}

impl Desk {
    /// The signals of the last days.
    pub async fn quality(&self, context: &Context, shop: ShopId, days: Days) -> Result<Signals> {
        context.actor.may(Action::ReadReports, &Object::shop("shop", shop))?;
        let days = days.days.unwrap_or(30);
        if !(7..=90).contains(&days) {
            return Err(bad_input("days", "7 to 90"));
        }
        let start = context.now - Span::days(days - 1);
        let (from, to) = (china::day(start), china::day(context.now));
        let products = self.product_rates(context, shop, Period { from: from.clone(), to: to.clone() }).await?;
        let (usual, articles) = (products.usual, products.articles);
        let costs = context.actor.who.sees_costs();
        let (first, vault) = (id_at(china::midnight(start)), self.vault.clone());
        let items = self.store.read(move |tx| {
            let mut items = Vec::new();
            let signals: Vec<&ProductRow> = products.items.iter().filter(|row| row.signal).take(SHOWN).collect();
            let skus: Vec<&str> = signals.iter().map(|row| row.sku.as_str()).collect();
            let (mut cases, mut words) = (of_articles(tx, shop, &skus, first)?, last_words(tx, &vault, shop, &skus)?);
            for row in signals {
                let told = cases.remove(&row.sku).unwrap_or_default();
                let word = words.remove(&row.sku);
                let quiet = word.as_ref().is_some_and(|word| covers(word.asked_back, row.asked_back));
                let reasons = told.reasons.into_iter().map(|(reason, count)| Reason { reason, count }).collect();
                items.push(SignalRow {
                    article: row.clone(),
                    cases: told.ids.len() as i64,
                    open: told.open,
                    cost_minor: costs.then_some(told.cost_minor),
                    reasons,
                    word,
                    quiet,
                });
            }
            items.sort_by_key(|row| row.quiet);
            Ok::<_, Error>(items)
        });
        Ok(Signals { items: items.await?, articles, usual, least: ENOUGH, from, to })
    }
}

/// The last word said of each article, all in one read.
fn last_words(tx: &mut Tx<'_>, vault: &Vault, shop: ShopId, skus: &[&str]) -> Result<BTreeMap<String, Word>> {
    if skus.is_empty() {
        return Ok(BTreeMap::new());
    }
    let sql = format!(
        "SELECT w.kind, w.note_sealed, w.case_id, w.asked_back, w.at, s.display_name, w.sku FROM quality_word w
        LEFT JOIN staff s ON s.id = w.actor_id WHERE w.shop_id = $1 AND w.sku IN ({})
          AND w.n = (SELECT MAX(l.n) FROM quality_word l WHERE l.shop_id = w.shop_id AND l.sku = w.sku)",
        places(2, skus.len())
    );
    let read = |row: &DbRow| {
        let note = vault.open_sealed("quality_word.note", &row.get::<Vec<u8>>(1)?)?;
        let word = Word {
            kind: row.get(0)?,
            note: masked(&note),
            case_id: row.get(2)?,
            asked_back: row.get(3)?,
            at: row.get(4)?,
            by: row.get::<Option<String>>(5)?.unwrap_or_default(),
        };
        Ok((row.get::<String>(6)?, word))
    };
    let mut params = values![shop].to_vec();
    params.extend(skus.iter().map(|sku| Value::from(*sku)));
    Ok(tx.query(&sql, &params, read)?.into_iter().collect())
}
