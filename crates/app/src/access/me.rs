//! Who is signed in and what they may do, for the workbench. Owns the projection; the rules are the domain's.

use super::factor::{self, MyFactor};
use crate::error::{Error, Result, not_found};
use crate::{Context, Desk};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::authority::Authority;
use aftercare_domain::people::custom::Field;
use aftercare_domain::people::policy;
use aftercare_domain::time::Micros;
use aftercare_store::{Row, values};
use serde::Serialize;

/// The signed-in person.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Me {
    /// The staff row.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id,
    /// The name to sign in with.
    pub name: String,
    /// Shown to colleagues.
    pub display_name: String,
    /// The one role.
    pub role: &'static str,
    /// Shown beside remarks.
    pub agent_no: String,
    /// The shops granted.
    pub shops: Vec<MyShop>,
    /// The actions open to them on some object of a granted shop.
    pub may: Vec<&'static str>,
    /// What they may spend alone.
    pub authority: Vec<MyLimit>,
    /// The shop's own role that narrows the built-in one.
    pub custom_role: Option<String>,
    /// Fields of a buyer they may see in clear.
    pub reveals: Vec<&'static str>,
    /// Whether costs are shown to them.
    pub sees_costs: bool,
    /// Their second factor.
    pub factor: MyFactor,
    /// The desk's present, for countdowns.
    #[schema(value_type = String, format = "date-time")]
    pub now: Micros,
}

/// A granted shop.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct MyShop {
    /// Its number.
    #[schema(value_type = i64)]
    pub id: ShopId,
    /// Its code, used in addresses.
    pub code: String,
    /// Its name.
    pub title: String,
    /// The sales platform it is on.
    pub platform: String,
}

/// One limit of one's own, minor units.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct MyLimit {
    /// refund, payout, virtual, goods.
    pub kind: &'static str,
    /// On one case, all decisions together.
    pub per_case_minor: i64,
    /// On one day.
    pub per_day_minor: i64,
}

impl Desk {
    /// The signed-in person.
    pub async fn me(&self, context: &Context) -> Result<Me> {
        let actor = &context.actor;
        let (id, shops) = (actor.id(), actor.who.shops.clone());
        let role = actor.who.role;
        let (name, shops, factor) = self
            .store
            .read(move |tx| {
                let name = tx.query_opt("SELECT name FROM staff WHERE id = $1", &values![id], |row| row.get::<String>(0))?;
                let read = |row: &Row| Ok(MyShop { id: row.get(0)?, code: row.get(1)?, title: row.get(2)?, platform: row.get(3)? });
                let all = tx.query("SELECT id, code, title, platform FROM shop ORDER BY id", &values![], read)?;
                let mine = all.into_iter().filter(|shop| shops.contains(&shop.id)).collect::<Vec<_>>();
                Ok::<_, Error>((name.ok_or_else(|| not_found("staff"))?, mine, factor::of(tx, id, role)?))
            })
            .await?;
        let limits = actor.who.limits(Authority::default()).limits.into_iter().filter(|limit| limit.role == actor.who.role);
        let limit = |limit: aftercare_domain::people::authority::Limit| MyLimit {
            kind: limit.kind.as_str(),
            per_case_minor: limit.per_case_minor,
            per_day_minor: limit.per_day_minor,
        };
        Ok(Me {
            id,
            name,
            display_name: actor.display_name.clone(),
            role: actor.who.role.as_str(),
            agent_no: actor.agent_no.clone(),
            shops,
            may: policy::permissions(&actor.who),
            authority: limits.map(limit).collect(),
            custom_role: actor.who.custom.as_ref().map(|custom| custom.name.clone()),
            reveals: Field::ALL.iter().filter(|field| actor.who.reveals(**field)).map(|field| field.as_str()).collect(),
            sees_costs: actor.who.sees_costs(),
            factor,
            now: context.now,
        })
    }
}
