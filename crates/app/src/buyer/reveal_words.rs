//! Shows in full what was said once (查看原话): numbers and addresses are masked on the page, and a waybill or a new address has to be read.
//!
//! The same limits and the same record as for a buyer's field.

use super::Revealed;
use super::reveal::{may_see, record, with_reason, within_quota};
use crate::command::{CaseRef, Repeat};
use crate::error::{Error, Result, not_found};
use crate::{Context, Desk};
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use aftercare_domain::people::custom::Field;
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Why it has to be read.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealWords {
    /// The reason, as a person gives it.
    pub reason: String,
}

impl Desk {
    /// Reveals the words of one contact of a case.
    pub async fn reveal_words(&self, context: &Context, at: CaseRef, contact: Id, input: RevealWords) -> Result<Revealed> {
        may_see(context, Field::Words)?;
        with_reason(&input.reason)?;
        let key = self.case_key(at).await?;
        let note = key.seal("contact.body", &format!("查看原话：{}", input.reason));
        let repeat = Repeat::of(context, format!("reveal/{contact}"), &input);
        self.change(context, at, Action::Reveal, false, repeat, move |change| {
            let sql = "SELECT 1 FROM contact WHERE shop_id = $1 AND case_id = $2 AND id = $3 AND body_sealed IS NOT NULL";
            change
                .tx
                .query_opt(sql, &values![change.case.shop, change.case.id, contact], |_| Ok(()))?
                .ok_or_else(|| not_found("contact"))?;
            within_quota(change)?;
            record(change, contact, "words", note.clone());
            Ok(json!({}))
        })
        .await?;
        let sql = "SELECT body_sealed FROM contact WHERE shop_id = $1 AND case_id = $2 AND id = $3";
        let params = values![at.shop, at.id, contact];
        let sealed = self.store.read(move |tx| Ok::<_, Error>(tx.query_opt(sql, &params, |row| row.get::<Option<Vec<u8>>>(0))?)).await?;
        let sealed = sealed.flatten().ok_or_else(|| not_found("contact"))?;
        Ok(Revealed { value: key.open("contact.body", &sealed)? })
    }
}
