//! The audit: who did what to things that belong to no case. Owns its rows; what happens on a case is in the case's events.
//!
//! Both are sealed into one chain of hashes afterwards, see [`seal`].

pub mod seal;

use crate::context::Actor;
use aftercare_domain::id::ShopId;
use aftercare_domain::time::Micros;
use aftercare_store::{Tx, values};
use serde_json::Value;

/// Adds a row. The payload holds ids, codes and numbers, never personal data.
pub(crate) fn note(tx: &mut Tx<'_>, actor: &Actor, shop: Option<ShopId>, action: &str, object: &str, payload: &Value, now: Micros) {
    const AUDIT: &[&str] = &["shop_id", "actor_id", "actor_role", "action", "object", "payload", "at"];
    let shop = shop.unwrap_or(ShopId(0));
    tx.insert("audit", AUDIT, values![shop, actor.stored_id(), actor.role_name(), action, object, payload.clone(), now]);
}
