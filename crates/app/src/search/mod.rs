//! Finding a case (搜索): by its number, the order's, a phone, a waybill, or words that were said on it.
//!
//! Owns the keyed hashes of words and the order of hits: newest case first. Numbers are found through the columns and blind indexes of
//! their own tables; words through `search_token`, which tells nothing to whoever steals the file. `search_text` keeps the tokens by case,
//! in the order of their hashes, for taking them out again.

mod find;

pub use find::{Hit, Hits, Question};

use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::search;
use aftercare_store::vault::Vault;
use aftercare_store::{DbError, Tx, Value, values};
use std::collections::BTreeSet;

/// Tokens taken out by one statement.
const CHUNK: usize = 100;

/// The hashed words of some text, in the order of their hashes; made before the transaction that writes them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words(BTreeSet<i64>);

impl Words {
    /// The words of a text.
    pub(crate) fn of(vault: &Vault, text: &str) -> Self {
        Self(search::tokens(text).iter().map(|token| vault.token(token)).collect())
    }

    /// Lets the case be found by them.
    pub(crate) fn put(&self, tx: &mut Tx<'_>, shop: ShopId, case: Id) {
        if self.0.is_empty() {
            return;
        }
        for token in &self.0 {
            tx.insert_once("search_token", &["shop_id", "token", "case_id"], values![shop, *token, case]);
        }
        let tokens: Vec<u8> = self.0.iter().flat_map(|token| token.to_be_bytes()).collect();
        tx.insert("search_text", &["shop_id", "case_id", "tokens"], values![shop, case, tokens]);
    }
}

/// Takes every word of the case out of the index.
pub(crate) fn forget(tx: &mut Tx<'_>, shop: ShopId, case: Id) -> Result<(), DbError> {
    let sql = "SELECT tokens FROM search_text WHERE shop_id = $1 AND case_id = $2";
    let texts = tx.query(sql, &values![shop, case], |row| row.get::<Vec<u8>>(0))?;
    let tokens: BTreeSet<i64> = texts.iter().flat_map(|text| text.as_chunks().0).map(|token| i64::from_be_bytes(*token)).collect();
    for chunk in Vec::from_iter(tokens).chunks(CHUNK) {
        let marks: Vec<String> = (3..chunk.len() + 3).map(|n| format!("${n}")).collect();
        let sql = format!("DELETE FROM search_token WHERE shop_id = $1 AND case_id = $2 AND token IN ({})", marks.join(", "));
        let mut params = values![shop, case].to_vec();
        params.extend(chunk.iter().map(|token| Value::from(*token)));
        tx.execute(&sql, &params)?;
    }
    tx.execute("DELETE FROM search_text WHERE shop_id = $1 AND case_id = $2", &values![shop, case])?;
    Ok(())
}
