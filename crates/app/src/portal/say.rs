//! The buyer says something more, or whether the problem is solved. Owns the marks that follow; an objection opens an archived case again.

use super::{CHANNEL, Guest, Kept, text};
use crate::case::close::ReopenCase;
use crate::case::contact::NewContact;
use crate::command::CaseRef;
use crate::error::{Error, Result};
use aftercare_domain::id::Id;
use aftercare_domain::refusal::Code;
use aftercare_store::values;
use serde::{Deserialize, Serialize};

/// What the buyer says on a case.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BuyerWords {
    /// Sealed.
    pub text: String,
    /// The buyer confirms (true) or objects (false).
    #[serde(default)]
    pub solved: Option<bool>,
}

impl Guest {
    /// Keeps the words on the case.
    pub async fn say(&self, case: Id, input: &BuyerWords) -> Result<Kept> {
        text(&input.text)?;
        self.act().await?;
        self.keep(case, input).await
    }

    pub(super) async fn keep(&self, case: Id, input: &BuyerWords) -> Result<Kept> {
        let at = self.case(case).await?;
        if !self.is_open(at).await? {
            if input.solved != Some(false) {
                return Err(Code::CaseClosed.into());
            }
            self.desk.reopen_case(&self.context(), at, ReopenCase { reason: "objection".into() }).await?;
        }
        let mark = input.solved.map(|solved| if solved { "buyer.confirms" } else { "buyer.objects" });
        let contact = NewContact {
            direction: "in".into(),
            channel: CHANNEL.into(),
            text: text(&input.text)?.to_owned(),
            marks: mark.into_iter().map(str::to_owned).collect(),
            script: None,
            knowledge: None,
            over: None,
            prepare: false,
        };
        let kept = self.desk.record_contact(&self.context(), at, contact).await?;
        Ok(Kept { case_id: kept.case_id })
    }

    async fn is_open(&self, at: CaseRef) -> Result<bool> {
        let sql = "SELECT open FROM cases WHERE shop_id = $1 AND id = $2";
        let read = move |tx: &mut aftercare_store::Tx<'_>| Ok::<_, Error>(tx.query_opt(sql, &values![at.shop, at.id], |row| row.get(0))?);
        Ok(self.desk.store.read(read).await?.unwrap_or(false))
    }
}
