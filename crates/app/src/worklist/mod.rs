//! Work of teams over all shops a person sees: promises, tasks, the handover register, page by page in the order of time.
//!
//! Owns the merge of the shops' pages and the case beside each row. Three statements per shop whatever the page's length.

use crate::error::{Error, Result, bad_input};
use crate::{Context, Desk, shown};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::time::Micros;
use aftercare_store::vault::{DataKey, Vault};
use aftercare_store::{DbError, Row, Tx, Value, values};
use serde::Serialize;
use serde_json::{Value as Json, json};
use std::collections::HashMap;

/// Rows when none are asked for, and at most.
const DEFAULT_LIMIT: i64 = 50;
const LIMIT: i64 = 200;

/// What page is wanted.
#[derive(Clone, Debug, Default)]
pub struct WorkQuery {
    /// Only this team's.
    pub team: Option<String>,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// Rows wanted.
    pub limit: Option<i64>,
}

/// A page and where the next one starts.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct WorkPage {
    /// The rows, each with its shop and case.
    #[schema(value_type = Vec<Object>)]
    pub items: Vec<Json>,
    /// Opaque; absent on the last page.
    pub next: Option<String>,
}

/// A row before its case is put beside it.
pub(crate) struct Work {
    /// The case it belongs to.
    pub(crate) case: Id,
    /// Its place in the order of time.
    pub(crate) place: Micros,
    /// Its own id, which decides between equals.
    pub(crate) id: Id,
    /// Sealed words, with the field they were sealed for and their name in the answer.
    pub(crate) sealed: Vec<(&'static str, &'static str, Option<Vec<u8>>)>,
    /// Its own fields.
    pub(crate) shown: Json,
}

/// How one kind of work is read: the statement takes shop, place and id to start after, limit, and the team where one is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Reading {
    pub(crate) of_all: &'static str,
    pub(crate) of_team: &'static str,
    pub(crate) read: fn(&Row) -> std::result::Result<Work, DbError>,
}

struct Beside {
    shown: Json,
    key: Id,
}

impl Desk {
    /// One page over the shops the actor sees.
    pub(crate) async fn work(&self, context: &Context, query: WorkQuery, reading: Reading) -> Result<WorkPage> {
        let shops: Vec<ShopId> = context.actor.who.shops.iter().copied().collect();
        let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, LIMIT);
        let start = match &query.cursor {
            Some(text) => parse_cursor(text).ok_or_else(|| bad_input("cursor", "use the `next` of the page before"))?,
            None => (Micros(i64::MIN), Id::from_bytes([0; 16])),
        };
        let (vault, team) = (self.vault.clone(), query.team);
        self.store
            .read(move |tx| {
                let mut rows = Vec::new();
                for shop in &shops {
                    let mut params = values![*shop, start.0, start.1, limit + 1].to_vec();
                    let sql = match &team {
                        Some(team) => {
                            params.push(Value::from(team.as_str()));
                            reading.of_team
                        }
                        None => reading.of_all,
                    };
                    rows.extend(tx.query(sql, &params, reading.read)?.into_iter().map(|work| (*shop, work)));
                }
                rows.sort_by_key(|(_, work)| (work.place, work.id));
                let more = rows.len() as i64 > limit;
                rows.truncate(limit as usize);
                let next = rows.last().filter(|_| more).map(|(_, last)| format!("{}_{}", last.place.0, last.id));
                Ok::<_, Error>(WorkPage { items: put_beside(tx, &vault, rows)?, next })
            })
            .await
    }
}

/// Puts shop and case beside each row and opens its words; an erased buyer's words are gone.
fn put_beside(tx: &mut Tx<'_>, vault: &Vault, rows: Vec<(ShopId, Work)>) -> Result<Vec<Json>> {
    let mut by_shop: HashMap<ShopId, Vec<Id>> = HashMap::new();
    for (shop, work) in &rows {
        let ids = by_shop.entry(*shop).or_default();
        if !ids.contains(&work.case) {
            ids.push(work.case);
        }
    }
    let mut cases = HashMap::new();
    let mut keys = HashMap::new();
    for (shop, ids) in by_shop {
        let code = tx.query_opt("SELECT code FROM shop WHERE id = $1", &values![shop], |row| row.get::<String>(0))?.unwrap_or_default();
        cases.extend(briefs(tx, shop, &code, &ids)?.into_iter().map(|(id, beside)| ((shop, id), beside)));
        let mut wanted: Vec<Id> = ids.iter().filter_map(|id| cases.get(&(shop, *id)).map(|beside: &Beside| beside.key)).collect();
        wanted.sort();
        wanted.dedup();
        keys.extend(unwrapped(tx, vault, shop, &wanted)?.into_iter().map(|(id, key)| ((shop, id), key)));
    }
    let put = |(shop, work): (ShopId, Work)| {
        let mut item = work.shown;
        let beside = cases.get(&(shop, work.case));
        if let (Some(item), Some(Json::Object(beside))) = (item.as_object_mut(), beside.map(|beside| &beside.shown)) {
            item.extend(beside.clone());
        }
        let key = beside.and_then(|beside| keys.get(&(shop, beside.key)));
        for (name, field, sealed) in work.sealed {
            let text = key.zip(sealed).and_then(|(key, sealed)| shown::text(key, field, &sealed));
            item[name] = json!(text);
        }
        item
    };
    Ok(rows.into_iter().map(put).collect())
}

/// `$2, $3, …` for so many parameters after the first.
fn places(count: usize) -> String {
    (2..count + 2).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

fn params(shop: ShopId, ids: &[Id]) -> Vec<Value> {
    let mut params = values![shop].to_vec();
    params.extend(ids.iter().map(|id| Value::from(*id)));
    params
}

fn briefs(tx: &mut Tx<'_>, shop: ShopId, code: &str, ids: &[Id]) -> Result<HashMap<Id, Beside>> {
    let sql = format!(
        "SELECT id, case_no, version, order_no, title, buyer_masked, key_id, stage, waiting_on FROM cases WHERE shop_id = $1 AND id IN ({})",
        places(ids.len())
    );
    let read = |row: &Row| {
        let id: Id = row.get(0)?;
        let shown = json!({ "shop": code, "case_id": id, "case_no": row.get::<String>(1)?, "case_version": row.get::<i64>(2)?,
            "order_no": row.get::<String>(3)?, "title": row.get::<String>(4)?, "buyer_masked": row.get::<String>(5)?,
            "stage": row.get::<String>(7)?, "waiting_on": row.get::<String>(8)? });
        Ok((id, Beside { shown, key: row.get(6)? }))
    };
    Ok(tx.query(&sql, &params(shop, ids), read)?.into_iter().collect())
}

fn unwrapped(tx: &mut Tx<'_>, vault: &Vault, shop: ShopId, ids: &[Id]) -> Result<HashMap<Id, DataKey>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!("SELECT id, wrapped FROM data_key WHERE shop_id = $1 AND id IN ({})", places(ids.len()));
    let rows = tx.query(&sql, &params(shop, ids), |row| Ok((row.get::<Id>(0)?, row.get::<Vec<u8>>(1)?)))?;
    rows.into_iter().map(|(id, wrapped)| Ok((id, vault.unwrap_data_key(&wrapped)?))).collect()
}

fn parse_cursor(text: &str) -> Option<(Micros, Id)> {
    let (place, id) = text.split_once('_')?;
    Some((Micros(place.parse().ok()?), Id::parse(id)?))
}
