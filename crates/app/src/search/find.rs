//! The question and its hits. Owns the ways a case can be meant; each is one list by case id, newest first, and they are merged.

use crate::error::{Error, Result, bad_input};
use crate::{Context, Desk};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::search::{plain_number, wanted};
use aftercare_domain::time::Micros;
use aftercare_store::vault::Vault;
use aftercare_store::{DbError, Row, Tx, Value, values};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is looked for.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// A case or order number, a phone, a waybill (whole or last four), or words.
    pub q: String,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
    /// Hits wanted, 20 when absent, 50 at most.
    #[serde(default)]
    pub limit: Option<i64>,
}

/// A case that was meant.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[expect(missing_docs, reason = "named as in the case row")]
pub struct Hit {
    #[schema(value_type = String, format = "uuid")]
    pub case_id: Id,
    #[schema(value_type = i64)]
    pub shop_id: ShopId,
    /// The shop's code, for addresses.
    pub shop: String,
    pub case_no: String,
    pub title: String,
    pub order_no: String,
    pub buyer_masked: String,
    pub scenario: String,
    pub stage: String,
    pub open: bool,
    #[schema(value_type = String, format = "date-time")]
    pub opened_at: Micros,
    /// What of it was meant first: case_no, order_no, platform_no, phone, waybill, words.
    pub why: &'static str,
}

/// A page of hits.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Hits {
    /// Newest case first.
    pub items: Vec<Hit>,
    /// Opaque; absent on the last page.
    pub next: Option<String>,
}

const LIMIT: i64 = 50;
/// Words of one question that are looked at.
const WORDS: usize = 12;
/// How far a word's list is looked into to find the rarest.
const PROBE: i64 = 200;

/// A list of cases to merge: why they are meant, the statement, and its parameters after shop, `before` and limit.
type Way = (&'static str, String, Vec<Value>);

impl Desk {
    /// Cases of the shops the actor sees, newest first.
    pub async fn search(&self, context: &Context, question: Question) -> Result<Hits> {
        context.actor.may(Action::Search, &Object::desk("search"))?;
        let text = question.q.trim().to_owned();
        if text.is_empty() || text.len() > 200 {
            return Err(bad_input("q", "1 to 200 bytes"));
        }
        let limit = question.limit.unwrap_or(20).clamp(1, LIMIT);
        let before = match &question.cursor {
            Some(cursor) => Id::parse(cursor).ok_or_else(|| bad_input("cursor", "use the `next` of the page before"))?,
            None => Id::from_bytes([0xff; 16]),
        };
        let shops: Vec<ShopId> = context.actor.who.shops.iter().copied().collect();
        let ways = numbers(&self.vault, &text);
        let words: Vec<i64> = wanted(&text).iter().take(WORDS).map(|word| self.vault.token(word)).collect();
        self.store
            .read(move |tx| {
                let mut found: BTreeMap<Id, Hit> = BTreeMap::new();
                for shop in &shops {
                    let by_words = words_way(tx, *shop, &words)?;
                    for (why, sql, rest) in ways.iter().chain(&by_words) {
                        let params = [values![*shop, before, limit + 1].to_vec(), rest.clone()].concat();
                        for hit in tx.query(sql, &params, read)? {
                            found.entry(hit.case_id).or_insert(Hit { why, ..hit });
                        }
                    }
                }
                let mut items: Vec<Hit> = found.into_values().rev().take(limit as usize + 1).collect();
                let more = items.len() as i64 > limit;
                items.truncate(limit as usize);
                let next = items.last().filter(|_| more).map(|last| last.case_id.to_string());
                Ok::<_, Error>(Hits { items, next })
            })
            .await
    }
}

/// The common shape: cases `c` of a shop before an id, newest first. `$1` shop, `$2` before, `$3` limit.
fn list(from: &str, and: &str) -> String {
    format!(
        "SELECT c.id, c.shop_id, s.code, c.case_no, c.title, c.order_no, c.buyer_masked, c.scenario, c.stage, c.open, c.opened_at
         FROM {from} JOIN shop s ON s.id = c.shop_id WHERE c.shop_id = $1 AND c.id < $2 AND {and} ORDER BY c.id DESC LIMIT $3"
    )
}

/// What a number can be.
fn numbers(vault: &Vault, text: &str) -> Vec<Way> {
    let plain = plain_number(text);
    let mut ways: Vec<Way> = Vec::new();
    let mut way = |why, from: &str, and: &str, rest: Value| ways.push((why, list(from, and), vec![rest]));
    let upper = text.to_uppercase();
    way("case_no", "cases c", "c.case_no = $4", Value::from(&upper));
    way("platform_no", "cases c", "c.external_ref IS NOT NULL AND c.external_ref = $4", Value::from(text));
    let of_order = "c.order_id IS NOT NULL AND c.order_id = (SELECT o.id FROM orders o WHERE o.shop_id = $1 AND o.order_no = $4)";
    way("order_no", "cases c", of_order, Value::from(text));
    let by_buyer = |column: &str| {
        format!(
            "c.buyer_id IS NOT NULL AND c.buyer_id IN (SELECT b.id FROM buyer b WHERE b.shop_id = $1 AND b.{column} IS NOT NULL AND b.{column} = $4)"
        )
    };
    let by_parcel = |column: &str, of: &str| {
        let known = if column == "waybill_tail" { "p.waybill_tail <> '' AND " } else { "" };
        format!(
            "c.{of} IS NOT NULL AND c.{of} IN (SELECT p.{} FROM parcel p WHERE p.shop_id = $1 AND {known}p.{column} = $4)",
            parcel_side(of)
        )
    };
    if plain.len() >= 7 && plain.bytes().all(|b| b.is_ascii_digit()) {
        way("phone", "cases c", &by_buyer("phone_hash"), vault.blind("phone", &plain).into());
    }
    if plain.len() == 4 && plain.bytes().all(|b| b.is_ascii_digit()) {
        way("phone", "cases c", &by_buyer("phone_tail_hash"), vault.blind("phone tail", &plain).into());
    }
    for of in ["id", "order_id"] {
        way("waybill", "cases c", &by_parcel("waybill", of), Value::from(&upper));
        if plain.len() == 4 {
            way("waybill", "cases c", &by_parcel("waybill_tail", of), Value::from(&plain));
        }
    }
    ways
}

fn parcel_side(of: &str) -> &str {
    if of == "id" { "case_id" } else { of }
}

/// Cases that have every word: led by the rarest, so that a common word costs nothing.
fn words_way(tx: &mut Tx<'_>, shop: ShopId, words: &[i64]) -> Result<Option<Way>> {
    let mut by_rarity = Vec::new();
    for word in words {
        let sql = "SELECT COUNT(*) FROM (SELECT 1 FROM search_token WHERE shop_id = $1 AND token = $2 LIMIT $3) AS few";
        let count = tx.query_opt(sql, &values![shop, *word, PROBE], |row| row.get::<i64>(0))?.unwrap_or(0);
        if count == 0 {
            return Ok(None);
        }
        by_rarity.push((count, *word));
    }
    by_rarity.sort_unstable();
    let Some((_, first)) = by_rarity.first() else { return Ok(None) };
    let mut and = "t.shop_id = $1 AND t.token = $4 AND t.case_id < $2".to_owned();
    let mut params = vec![Value::from(*first)];
    for (n, (_, word)) in by_rarity.iter().enumerate().skip(1) {
        and += &format!(
            " AND EXISTS (SELECT 1 FROM search_token t{n} WHERE t{n}.shop_id = t.shop_id AND t{n}.token = ${} AND t{n}.case_id = t.case_id)",
            n + 4
        );
        params.push((*word).into());
    }
    let sql = list("search_token t JOIN cases c ON c.shop_id = t.shop_id AND c.id = t.case_id", &and)
        .replace("ORDER BY c.id", "ORDER BY t.case_id");
    Ok(Some(("words", sql, params)))
}

fn read(row: &Row) -> std::result::Result<Hit, DbError> {
    Ok(Hit {
        case_id: row.get(0)?,
        shop_id: row.get(1)?,
        shop: row.get(2)?,
        case_no: row.get(3)?,
        title: row.get(4)?,
        order_no: row.get(5)?,
        buyer_masked: row.get(6)?,
        scenario: row.get(7)?,
        stage: row.get(8)?,
        open: row.get(9)?,
        opened_at: row.get(10)?,
        why: "",
    })
}
