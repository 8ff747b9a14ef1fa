//! The key that seals a carrier's words: the buyer's, else the case's, else one of the parcel's own. Owns that choice.

use super::ParcelRow;
use crate::error::Result;
use crate::ids::new_id;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::time::Micros;
use aftercare_store::vault::{DataKey, Vault};
use aftercare_store::{DbError, Tx, values};

/// The parcel's key, chosen when it is needed for the first time. `None` when it was destroyed: nothing more is kept under it.
pub(super) fn key(tx: &mut Tx<'_>, vault: &Vault, shop: ShopId, now: Micros, parcel: &mut ParcelRow) -> Result<Option<DataKey>> {
    if parcel.key.is_none() {
        let key = match of_others(tx, shop, parcel)? {
            Some(key) => key,
            None => {
                let (id, (_, wrapped)) = (new_id(now), vault.new_data_key());
                tx.insert("data_key", &["shop_id", "id", "wrapped", "created_at"], values![shop, id, wrapped, now]);
                id
            }
        };
        parcel.key = Some(key);
        tx.execute("UPDATE parcel SET key_id = $3 WHERE shop_id = $1 AND id = $2", &values![shop, parcel.id, key])?;
    }
    let sql = "SELECT wrapped FROM data_key WHERE shop_id = $1 AND id = $2";
    let wrapped = tx.query_opt(sql, &values![shop, parcel.key], |row| row.get::<Vec<u8>>(0))?;
    Ok(wrapped.map(|wrapped| vault.unwrap_data_key(&wrapped)).transpose()?)
}

fn of_others(tx: &mut Tx<'_>, shop: ShopId, parcel: &ParcelRow) -> std::result::Result<Option<Id>, DbError> {
    let buyer =
        "SELECT b.key_id FROM orders o JOIN buyer b ON b.shop_id = o.shop_id AND b.id = o.buyer_id WHERE o.shop_id = $1 AND o.id = $2";
    let found = match parcel.order {
        Some(order) => tx.query_opt(buyer, &values![shop, order], |row| row.get(0))?,
        None => None,
    };
    match (found, parcel.case) {
        (None, Some(case)) => {
            tx.query_opt("SELECT key_id FROM cases WHERE shop_id = $1 AND id = $2", &values![shop, case], |row| row.get(0))
        }
        (found, _) => Ok(found),
    }
}
