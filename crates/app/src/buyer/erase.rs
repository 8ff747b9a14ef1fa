//! Erases a buyer (删除买家资料): the data key is destroyed, and with it everything it sealed, in backups too once their key rows are gone.
//!
//! Owns what goes (key, masks, blind indexes, search words) and what stays (amounts, order and case numbers, the history of codes).

use crate::command::Repeat;
use crate::error::{Result, bad_input, not_found};
use crate::{Context, Desk, audit, search};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_store::{Row, Tx, values};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Why.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EraseBuyer {
    /// asked_by_buyer, retention, mistake: a code, no words about the person.
    pub reason: String,
}

/// What went.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Erased {
    /// Cases whose words can no longer be read or found.
    pub cases: usize,
    /// False when the buyer was erased before.
    pub erased: bool,
}

const REASONS: &[&str] = &["asked_by_buyer", "retention", "mistake"];

impl Desk {
    /// Erases a buyer for good. Refused while a case of theirs is open.
    pub async fn erase_buyer(&self, context: &Context, shop: ShopId, buyer: Id, input: EraseBuyer) -> Result<Erased> {
        context.actor.may(Action::EraseBuyer, &Object::shop("buyer", shop))?;
        if !REASONS.contains(&input.reason.as_str()) {
            return Err(bad_input("reason", format!("one of {}", REASONS.join(", "))));
        }
        let repeat = Repeat::of(context, format!("erase/{buyer}"), &input);
        let (now, actor) = (context.now, context.actor.clone());
        self.command(context, repeat, move |tx| {
            let sql = "SELECT key_id, erased_at FROM buyer WHERE shop_id = $1 AND id = $2 FOR UPDATE";
            let read = |row: &Row| Ok((row.get::<Id>(0)?, row.get::<Option<i64>>(1)?));
            let (key, before) = tx.query_opt(sql, &values![shop, buyer], read)?.ok_or_else(|| not_found("buyer"))?;
            if before.is_some() {
                return Ok(Erased { cases: 0, erased: false });
            }
            nothing_open(tx, shop, buyer)?;
            let cases = forget_cases(tx, shop, buyer)?;
            tx.execute("DELETE FROM data_key WHERE shop_id = $1 AND id = $2", &values![shop, key])?;
            let sql = "UPDATE buyer SET name_masked = '', phone_masked = '', address_masked = '', sealed = $3, external_hash = NULL, phone_hash = NULL,
                phone_tail_hash = NULL, level = '', erased_at = $4, version = version + 1 WHERE shop_id = $1 AND id = $2";
            tx.execute(sql, &values![shop, buyer, Vec::<u8>::new(), now])?;
            super::identity::forget(tx, shop, buyer)?;
            let payload = json!({ "reason": input.reason, "cases": cases });
            audit::note(tx, &actor, Some(shop), "buyer_erased", &buyer.to_string(), &payload, now);
            Ok(Erased { cases, erased: true })
        })
        .await
    }
}

fn nothing_open(tx: &mut Tx<'_>, shop: ShopId, buyer: Id) -> Result<()> {
    let sql = "SELECT case_no FROM cases WHERE shop_id = $1 AND buyer_id IS NOT NULL AND buyer_id = $2 AND open = 1 ORDER BY id LIMIT 1";
    match tx.query_opt(sql, &values![shop, buyer], |row| row.get::<String>(0))? {
        Some(case_no) => Err(Refusal::new(Code::BuyerInUse).with("case_no", case_no).into()),
        None => Ok(()),
    }
}

/// Takes the buyer's cases out of the search index and their masks off; answers how many there are.
fn forget_cases(tx: &mut Tx<'_>, shop: ShopId, buyer: Id) -> Result<usize> {
    let (mut after, mut count) = (Id::nil(), 0);
    loop {
        let sql = "SELECT id FROM cases WHERE shop_id = $1 AND buyer_id IS NOT NULL AND buyer_id = $2 AND id > $3 ORDER BY id LIMIT 200";
        let page = tx.query(sql, &values![shop, buyer, after], |row| row.get::<Id>(0))?;
        let Some(last) = page.last() else { return Ok(count) };
        (after, count) = (*last, count + page.len());
        for case in page {
            search::forget(tx, shop, case)?;
            tx.execute("UPDATE cases SET buyer_masked = '' WHERE shop_id = $1 AND id = $2", &values![shop, case])?;
        }
    }
}
