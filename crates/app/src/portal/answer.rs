//! The buyer answers an offer. Owns in whose authority a yes is carried out: whoever made the offer answers for its amount, as if they had
//! recorded the yes themselves, so that no limit can be passed by way of this page.
//!
//! Where it cannot be carried out at once (a day's limit is reached, stock ran out) the yes is kept as the buyer's words and the shop acts.

use super::{CHANNEL, Guest, refused};
use crate::case::contact::NewContact;
use crate::command::CaseRef;
use crate::error::{Error, Result, not_found};
use crate::offer::answer::AnswerOffer;
use crate::{Actor, Context};
use aftercare_domain::id::Id;
use aftercare_domain::people::{Action, Role};
use aftercare_domain::refusal::Code;
use aftercare_store::{Row, Tx, values};
use serde::{Deserialize, Serialize};

/// What the buyer says to an offer.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BuyerAnswer {
    /// accepted or refused.
    pub answer: String,
}

/// What became of it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct BuyerAnswered {
    /// accepted, refused, or passed_on: the shop was told and acts.
    pub state: &'static str,
}

/// What is told to the buyer instead of being passed on: the offer is no longer there to be answered, or it has to be tried again.
const TOLD: &[Code] = &[
    Code::OfferState,
    Code::OfferExpired,
    Code::NotFound,
    Code::CaseClosed,
    Code::BadInput,
    Code::KeyReused,
    Code::BuyerErased,
    Code::Busy,
    Code::OutcomeUnknown,
];

impl Guest {
    /// Records the answer; accepted, it is carried out or passed on.
    pub async fn answer(&self, case: Id, offer: Id, input: BuyerAnswer) -> Result<BuyerAnswered> {
        self.act().await?;
        let at = self.case(case).await?;
        let (maker, role) = self.maker(at, offer).await?;
        let actor = Actor::buyer(maker, role, self.shop, &[Action::AnswerOffer]);
        let context = Context { key: self.key.clone(), ..self.desk.context(actor) };
        let answer = AnswerOffer { answer: input.answer.clone() };
        match self.desk.answer_offer(&context, at, offer, answer).await {
            Ok(_) => Ok(BuyerAnswered { state: if input.answer == "accepted" { "accepted" } else { "refused" } }),
            Err(error) if refused(&error, TOLD) => Err(error),
            Err(Error::Refused(_)) if input.answer == "accepted" => {
                self.pass_on(at).await?;
                Ok(BuyerAnswered { state: "passed_on" })
            }
            Err(error) => Err(error),
        }
    }

    /// Who made the offer, and their role today. One that a rule made has nobody, and no authority of its own either.
    async fn maker(&self, at: CaseRef, offer: Id) -> Result<(Id, Role)> {
        let sql = "SELECT o.actor_id, s.role FROM offer o LEFT JOIN staff s ON s.id = o.actor_id
            WHERE o.shop_id = $1 AND o.case_id = $2 AND o.id = $3 AND o.state IN ('sent', 'accepted', 'refused', 'expired')";
        let read = |row: &Row| Ok((row.get::<Option<Id>>(0)?, row.get::<Option<String>>(1)?));
        let look = move |tx: &mut Tx<'_>| Ok::<_, Error>(tx.query_opt(sql, &values![at.shop, at.id, offer], read)?);
        let (maker, role) = self.desk.store.read(look).await?.ok_or_else(|| not_found("offer"))?;
        let role = role.as_deref().and_then(Role::parse).unwrap_or(Role::Api);
        Ok((maker.unwrap_or(self.order), role))
    }

    async fn pass_on(&self, at: CaseRef) -> Result<()> {
        let contact = NewContact {
            direction: "in".into(),
            channel: CHANNEL.into(),
            text: "我接受这个方案（自助页提交，请客服办理）".into(),
            marks: Vec::new(),
            script: None,
            knowledge: None,
            over: None,
            prepare: false,
        };
        self.desk.record_contact(&self.context(), at, contact).await?;
        Ok(())
    }
}
