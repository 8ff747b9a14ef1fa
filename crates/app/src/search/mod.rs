//! Finding a case (搜索): by its number, the order's, a phone, a waybill, or words that were said on it.
//!
//! Owns the keyed hashes of words and the order of hits: newest case first. Numbers are found through the columns and blind indexes of
//! their own tables; words through `search_token`, which tells nothing to whoever steals the file.

mod find;

pub use find::{Hit, Hits, Question};

use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::search;
use aftercare_store::vault::Vault;
use aftercare_store::{DbError, Tx, values};

/// The hashed words of some text, made before the transaction that writes them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words(Vec<i64>);

impl Words {
    /// The words of a text.
    pub(crate) fn of(vault: &Vault, text: &str) -> Self {
        Self(search::tokens(text).iter().map(|token| vault.token(token)).collect())
    }

    /// Lets the case be found by them.
    pub(crate) fn put(&self, tx: &mut Tx<'_>, shop: ShopId, case: Id) {
        for token in &self.0 {
            tx.insert_once("search_token", &["shop_id", "token", "case_id"], values![shop, *token, case]);
        }
    }
}

/// Takes every word of the case out of the index.
pub(crate) fn forget(tx: &mut Tx<'_>, shop: ShopId, case: Id) -> Result<(), DbError> {
    tx.execute("DELETE FROM search_token WHERE shop_id = $1 AND case_id = $2", &values![shop, case])?;
    Ok(())
}
