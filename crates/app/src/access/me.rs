//! Who is signed in and what they may do, for the workbench. Owns the projection; the rules are the domain's.

use crate::error::{Error, Result, not_found};
use crate::{Context, Desk};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::authority::Authority;
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

/// A session of one's own.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct MySession {
    /// Signed in.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Micros,
    /// Last used, to some minutes.
    #[schema(value_type = String, format = "date-time")]
    pub seen_at: Micros,
    /// Ends at the latest.
    #[schema(value_type = String, format = "date-time")]
    pub expires_at: Micros,
}

impl Desk {
    /// The signed-in person.
    pub async fn me(&self, context: &Context) -> Result<Me> {
        let actor = &context.actor;
        let (id, shops) = (actor.id(), actor.who.shops.clone());
        let (name, shops) = self
            .store
            .read(move |tx| {
                let name = tx.query_opt("SELECT name FROM staff WHERE id = $1", &values![id], |row| row.get::<String>(0))?;
                let read = |row: &Row| Ok(MyShop { id: row.get(0)?, code: row.get(1)?, title: row.get(2)?, platform: row.get(3)? });
                let all = tx.query("SELECT id, code, title, platform FROM shop ORDER BY id", &values![], read)?;
                let mine = all.into_iter().filter(|shop| shops.contains(&shop.id)).collect::<Vec<_>>();
                Ok::<_, Error>((name.ok_or_else(|| not_found("staff"))?, mine))
            })
            .await?;
        let limits = Authority::default().limits.into_iter().filter(|limit| limit.role == actor.who.role);
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
            now: context.now,
        })
    }

    /// One's own sessions, newest first.
    pub async fn sessions(&self, context: &Context) -> Result<Vec<MySession>> {
        let (id, now): (Id, _) = (context.actor.id(), context.now);
        let sql = "SELECT created_at, seen_at, expires_at FROM session WHERE staff_id = $1 AND expires_at > $2 ORDER BY created_at DESC LIMIT 100";
        let read = |row: &Row| Ok(MySession { created_at: row.get(0)?, seen_at: row.get(1)?, expires_at: row.get(2)? });
        self.store.read(move |tx| Ok(tx.query(sql, &values![id, now], read)?)).await
    }
}
