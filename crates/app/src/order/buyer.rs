//! The buyer's record: masked for lists, sealed under the buyer's own data key, findable by blind index. Owns that split.

use super::mask;
use super::put::NewBuyer;
use crate::error::Result;
use crate::ids::new_id;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::time::Micros;
use aftercare_store::vault::Vault;
use aftercare_store::{Tx, values};
use serde_json::json;

/// A buyer ready to be written: everything personal is sealed or hashed before the transaction.
#[derive(Clone)]
pub(crate) struct SealedBuyer {
    id: Id,
    key: Id,
    wrapped: Vec<u8>,
    external_hash: Option<[u8; 32]>,
    sealed: Vec<u8>,
    pub(crate) name_masked: String,
    phone_masked: String,
    address_masked: String,
    phone_hash: Option<[u8; 32]>,
    tail_hash: Option<[u8; 32]>,
    level: String,
}

impl SealedBuyer {
    pub(crate) fn new(vault: &Vault, now: Micros, buyer: &NewBuyer) -> Self {
        let (data_key, wrapped) = vault.new_data_key();
        let sealed = json!({ "name": buyer.name, "phone": buyer.phone, "address": buyer.address, "external_id": buyer.external_id });
        let phone = mask::digits(&buyer.phone);
        let tail = (phone.len() >= 7).then(|| phone[phone.len() - 4..].to_owned());
        Self {
            id: new_id(now),
            key: new_id(now),
            wrapped,
            external_hash: (!buyer.external_id.is_empty()).then(|| vault.blind("buyer", &buyer.external_id)),
            sealed: data_key.seal("buyer", &sealed.to_string()),
            name_masked: mask::name(&buyer.name),
            phone_masked: mask::phone(&buyer.phone),
            address_masked: mask::address(&buyer.address),
            phone_hash: (phone.len() >= 7).then(|| vault.blind("phone", &phone)),
            tail_hash: tail.map(|tail| vault.blind("phone tail", &tail)),
            level: buyer.level.clone(),
        }
    }

    /// The id of this buyer: the row that is there already (same platform id), or a new one.
    pub(crate) fn put(&self, tx: &mut Tx<'_>, shop: ShopId, now: Micros) -> Result<Id> {
        if let Some(hash) = self.external_hash {
            let sql = "SELECT id FROM buyer WHERE shop_id = $1 AND external_hash = $2";
            if let Some(id) = tx.query_opt(sql, &values![shop, hash], |row| row.get::<Id>(0))? {
                tx.execute("UPDATE buyer SET orders_count = orders_count + 1 WHERE shop_id = $1 AND id = $2", &values![shop, id])?;
                return Ok(id);
            }
        }
        tx.insert("data_key", &["shop_id", "id", "wrapped", "created_at"], values![shop, self.key, self.wrapped.clone(), now]);
        const COLUMNS: &[&str] = &[
            "shop_id",
            "id",
            "key_id",
            "external_hash",
            "name_masked",
            "phone_masked",
            "address_masked",
            "sealed",
            "phone_hash",
            "phone_tail_hash",
            "level",
            "orders_count",
            "created_at",
        ];
        let row = values![
            shop,
            self.id,
            self.key,
            self.external_hash,
            &self.name_masked,
            &self.phone_masked,
            &self.address_masked,
            self.sealed.clone(),
            self.phone_hash,
            self.tail_hash,
            &self.level,
            1,
            now,
        ];
        tx.insert("buyer", COLUMNS, row);
        Ok(self.id)
    }
}
