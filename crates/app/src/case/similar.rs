//! Solved cases like this one: of the same article, scenario or cause, and how they ended. Owns where they are looked for and how many.

use super::row::CaseRow;
use crate::command::CaseRef;
use crate::effect::SPENT;
use crate::error::{Error, Result};
use crate::{Context, Desk};
use aftercare_domain::case::similar::{Like, rank};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Row, Tx, values};
use serde::Serialize;

/// Shown.
const SHOWN: usize = 5;
/// Latest cases of the scenario that are looked at.
const OF_SCENARIO: i64 = 150;
/// Latest cases of each article that are looked at.
const OF_ARTICLE: i64 = 60;
/// Articles of the order that are looked for.
const ARTICLES: i64 = 5;

/// A solved case.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[expect(missing_docs, reason = "named as in the case row")]
pub struct SimilarCase {
    #[schema(value_type = String, format = "uuid")]
    pub case_id: Id,
    pub case_no: String,
    pub title: String,
    pub scenario: String,
    pub cause: String,
    pub result: String,
    /// What it was about, minor units.
    pub amount_minor: i64,
    /// What was refunded and paid out, minor units; absent for whoever does not see costs.
    pub spent_minor: Option<i64>,
    pub satisfaction: Option<i64>,
    #[schema(value_type = String, format = "date-time")]
    pub opened_at: Micros,
    #[schema(value_type = String, format = "date-time")]
    pub closed_at: Micros,
    /// Same article, same scenario, same cause.
    pub same: Same,
}

/// What it has in common.
#[derive(Clone, Copy, Debug, Default, Serialize, utoipa::ToSchema)]
pub struct Same {
    /// The article.
    pub article: bool,
    /// The scenario.
    pub scenario: bool,
    /// The cause.
    pub cause: bool,
}

/// Up to five of them.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Similar {
    /// The most alike first.
    pub items: Vec<SimilarCase>,
}

impl Desk {
    /// Solved cases like this one.
    pub async fn similar_cases(&self, context: &Context, at: CaseRef) -> Result<Similar> {
        context.actor.may(Action::ReadCase, &Object::shop("case", at.shop))?;
        let costs = context.actor.who.sees_costs();
        self.store
            .read(move |tx| {
                let case = CaseRow::load(tx, at.shop, at.id)?;
                let found = candidates(tx, &case)?;
                let mut items = Vec::new();
                for like in rank(found, SHOWN) {
                    items.extend(solved(tx, at.shop, &like, costs)?);
                }
                Ok::<_, Error>(Similar { items })
            })
            .await
    }
}

fn candidates(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<Like>> {
    let mut found: Vec<Like> = Vec::new();
    let mut take = |rows: Vec<(Id, String, String)>, article: bool| {
        for (id, scenario, cause) in rows.into_iter().filter(|(id, ..)| *id != case.id) {
            match found.iter_mut().find(|like| like.id == id) {
                Some(like) => like.article |= article,
                None => found.push(Like {
                    id,
                    article,
                    scenario: scenario == case.scenario,
                    cause: !case.cause.is_empty() && cause == case.cause,
                }),
            }
        }
    };
    let read = |row: &Row| Ok::<_, DbError>((row.get::<Id>(0)?, row.get::<String>(1)?, row.get::<String>(2)?));
    if let Some(order) = case.order {
        let lines = "SELECT sku FROM order_line WHERE shop_id = $1 AND order_id = $2 ORDER BY line_no LIMIT $3";
        for sku in tx.query(lines, &values![case.shop, order, ARTICLES], |row| row.get::<String>(0))? {
            let sql = "SELECT c.id, c.scenario, c.cause FROM case_article a JOIN cases c ON c.shop_id = a.shop_id AND c.id = a.case_id
                WHERE a.shop_id = $1 AND a.sku = $2 AND c.open = 0 AND c.result <> '' AND c.merged_into IS NULL ORDER BY a.case_id DESC LIMIT $3";
            take(tx.query(sql, &values![case.shop, &sku, OF_ARTICLE], read)?, true);
        }
    }
    if !case.scenario.is_empty() {
        // Latest first; those still open are looked past, within the bound.
        let sql = "SELECT id, scenario, cause FROM (SELECT id, scenario, cause, open, result, merged_into FROM cases
            WHERE shop_id = $1 AND scenario = $2 ORDER BY id DESC LIMIT $3) AS latest WHERE open = 0 AND result <> '' AND merged_into IS NULL";
        take(tx.query(sql, &values![case.shop, &case.scenario, OF_SCENARIO], read)?, false);
    }
    Ok(found)
}

fn solved(tx: &mut Tx<'_>, shop: ShopId, like: &Like, costs: bool) -> Result<Option<SimilarCase>> {
    let sql = format!(
        "SELECT c.case_no, c.title, c.scenario, c.cause, c.result, c.amount_minor, c.satisfaction, c.opened_at, c.closed_at,
          {SPENT}
        FROM cases c WHERE c.shop_id = $1 AND c.id = $2"
    );
    let same = Same { article: like.article, scenario: like.scenario, cause: like.cause };
    let read = |row: &Row| {
        let opened_at: Micros = row.get(7)?;
        Ok(SimilarCase {
            case_id: like.id,
            case_no: row.get(0)?,
            title: row.get(1)?,
            scenario: row.get(2)?,
            cause: row.get(3)?,
            result: row.get(4)?,
            amount_minor: row.get(5)?,
            satisfaction: row.get(6)?,
            opened_at,
            closed_at: row.get::<Option<Micros>>(8)?.unwrap_or(opened_at),
            spent_minor: costs.then_some(row.get::<Option<i64>>(9)?.unwrap_or(0)),
            same,
        })
    };
    Ok(tx.query_opt(&sql, &values![shop, like.id], read)?)
}
