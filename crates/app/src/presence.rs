//! Who is looking at a case, and who is writing to the buyer (在看、在回复). Owns the short-lived rows; it blocks nobody and proves nothing.
//!
//! A row lives for less than a minute and is renewed by whoever still looks. It stands in the database because colleagues may be served by
//! different nodes; live streams of this node hear of a change at once, others with their next sign of life.

use crate::command::CaseRef;
use crate::error::{Error, Result, not_found};
use crate::{Context, Desk};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::time::{Micros, Span};
use aftercare_store::{Row, Tx, values};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How long a sign of life lasts.
const LASTS: Span = Span::seconds(45);
/// People shown on one case.
const MOST: i64 = 20;

/// What somebody does on a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Doing {
    /// Has it open.
    Looking,
    /// Is writing to the buyer.
    Replying,
    /// Went away.
    Left,
}

impl Doing {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Looking => "looking",
            Self::Replying => "replying",
            Self::Left => "left",
        }
    }
}

/// A sign of life.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sign {
    /// What the actor does.
    pub doing: Doing,
}

/// Somebody on a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Person {
    /// Who.
    #[schema(value_type = String, format = "uuid")]
    pub staff_id: Id,
    /// As colleagues call them.
    pub name: String,
    /// looking, replying.
    pub doing: String,
}

/// Everybody on a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Here {
    /// Its shop.
    #[schema(value_type = i64)]
    pub shop_id: ShopId,
    /// The case.
    #[schema(value_type = String, format = "uuid")]
    pub case_id: Id,
    /// Those on it, in the order in which they came.
    pub people: Vec<Person>,
}

impl Desk {
    /// Gives a sign of life on a case; answers everybody who is there.
    pub async fn present(&self, context: &Context, at: CaseRef, sign: Sign) -> Result<Here> {
        context.actor.may(Action::ReadCase, &Object::shop("case", at.shop))?;
        let (me, now) = (context.actor.id(), context.now);
        let (here, moved) = self
            .store
            .write(move |tx| {
                let there = "SELECT 1 FROM cases WHERE shop_id = $1 AND id = $2";
                tx.query_opt(there, &values![at.shop, at.id], |_| Ok(()))?.ok_or_else(|| not_found("case"))?;
                let moved = note(tx, at, me, now, sign.doing)?;
                Ok::<_, Error>((Here { shop_id: at.shop, case_id: at.id, people: people(tx, at, now)? }, moved))
            })
            .await?;
        if moved {
            // Nobody listening is fine.
            let _ = self.presence.send(Arc::new(here.clone()));
        }
        Ok(here)
    }
}

/// Renews the row; true when others see something new.
fn note(tx: &mut Tx<'_>, at: CaseRef, me: Id, now: Micros, doing: Doing) -> Result<bool> {
    let sql = "SELECT doing FROM presence WHERE staff_id = $1 AND shop_id = $2 AND case_id = $3 AND until > $4";
    let before = tx.query_opt(sql, &values![me, at.shop, at.id, now], |row| row.get::<String>(0))?;
    tx.execute("DELETE FROM presence WHERE staff_id = $1 AND until <= $2", &values![me, now])?;
    if doing == Doing::Left {
        tx.execute("DELETE FROM presence WHERE staff_id = $1 AND shop_id = $2 AND case_id = $3", &values![me, at.shop, at.id])?;
        return Ok(before.is_some());
    }
    let sql = "INSERT INTO presence (staff_id, shop_id, case_id, doing, since, until) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (staff_id, shop_id, case_id) DO UPDATE SET doing = excluded.doing, until = excluded.until";
    tx.execute(sql, &values![me, at.shop, at.id, doing.as_str(), now, now + LASTS])?;
    Ok(before.as_deref() != Some(doing.as_str()))
}

fn people(tx: &mut Tx<'_>, at: CaseRef, now: Micros) -> Result<Vec<Person>> {
    let sql = "SELECT p.staff_id, s.display_name, p.doing FROM presence p JOIN staff s ON s.id = p.staff_id
        WHERE p.shop_id = $1 AND p.case_id = $2 AND p.until > $3 ORDER BY p.since, p.staff_id LIMIT $4";
    let read = |row: &Row| Ok(Person { staff_id: row.get(0)?, name: row.get(1)?, doing: row.get(2)? });
    Ok(tx.query(sql, &values![at.shop, at.id, now, MOST], read)?)
}
