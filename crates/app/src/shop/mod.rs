//! Shops: adding one and finding it by its code. Owns the shop rows.

pub mod goods;
mod settings;

use crate::error::{Error, Result, bad_input};
use crate::{Context, Desk, audit};
use aftercare_domain::id::ShopId;
use aftercare_domain::people::{Action, policy::Object};
use aftercare_store::{DbError, values};
use serde_json::json;

/// A shop to add.
#[derive(Clone, Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewShop {
    /// Letters, digits, `-` and `_`; used in addresses and never changed.
    pub code: String,
    /// Its name.
    pub title: String,
    /// The sales platform it is on.
    #[serde(default)]
    pub platform: String,
}

impl Desk {
    /// The shop of this code.
    pub async fn shop_by_code(&self, code: &str) -> Result<Option<ShopId>> {
        let code = code.to_owned();
        let sql = "SELECT id FROM shop WHERE code = $1";
        self.store.read(move |tx| Ok::<_, Error>(tx.query_opt(sql, &values![code.as_str()], |row| row.get(0))?)).await
    }

    /// Every shop with its code, for whoever has the data itself in hand.
    pub async fn all_shops(&self) -> Result<Vec<(ShopId, String)>> {
        let sql = "SELECT id, code FROM shop ORDER BY id";
        self.store.read(move |tx| Ok::<_, Error>(tx.query(sql, &values![], |row| Ok((row.get(0)?, row.get(1)?)))?)).await
    }

    /// Adds a shop, for whoever has the data itself in hand.
    pub async fn add_shop(&self, new: NewShop) -> Result<ShopId> {
        self.open_shop(&Context::desk(self.clock.now()), new).await
    }

    /// Adds a shop; whoever adds it sees it.
    pub async fn open_shop(&self, context: &Context, new: NewShop) -> Result<ShopId> {
        context.actor.may(Action::ManageSettings, &Object::desk("shop"))?;
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        if !(1..=40).contains(&new.code.len()) || !new.code.bytes().all(plain) {
            return Err(bad_input("code", "1 to 40 letters, digits, - and _"));
        }
        if new.title.is_empty() || new.title.len() > 200 {
            return Err(bad_input("title", "1 to 200 bytes"));
        }
        let (now, actor) = (context.now, context.actor.clone());
        let added = self
            .store
            .write::<_, Error, _>(move |tx| {
                let next = tx.query_opt("SELECT COALESCE(MAX(id), 0) + 1 FROM shop", &values![], |row| row.get::<ShopId>(0))?;
                let id = next.unwrap_or(ShopId(1));
                const COLUMNS: &[&str] = &["id", "code", "title", "platform", "created_at"];
                tx.insert("shop", COLUMNS, values![id, &new.code, &new.title, &new.platform, now]);
                if let Some(staff) = actor.stored_id() {
                    tx.insert("staff_shop", &["staff_id", "shop_id"], values![staff, id]);
                }
                audit::note(tx, &actor, Some(id), "shop_added", &new.code, &json!({}), now);
                Ok(id)
            })
            .await;
        match added {
            Err(Error::Db(DbError::Unique(_))) => Err(bad_input("code", "there is a shop with this code already")),
            other => other,
        }
    }
}
