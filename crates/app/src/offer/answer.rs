//! The buyer answers an offer. Owns the command: a yes does what the offer said in the same transaction, a no leads to the next rung.

use super::{acts, load};
use crate::command::{CaseRef, Changed, Repeat};
use crate::error::{Result, bad_input};
use crate::playbook::figures;
use crate::{Context, Desk, timer};
use aftercare_domain::id::Id;
use aftercare_domain::offer::Answer;
use aftercare_domain::people::Action;
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What the buyer said.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerOffer {
    /// accepted or refused.
    pub answer: String,
}

impl Desk {
    /// Records the answer. Accepted: effects, promise, tasks and the agreed return come with it or not at all.
    pub async fn answer_offer(&self, context: &Context, at: CaseRef, id: Id, input: AnswerOffer) -> Result<Changed> {
        let answer = match input.answer.as_str() {
            "accepted" => Answer::Accepted,
            "refused" => Answer::Refused,
            _ => return Err(bad_input("answer", "accepted or refused")),
        };
        let repeat = Repeat::of(context, format!("offer/{id}/answer"), &input);
        self.change(context, at, Action::AnswerOffer, true, repeat, move |change| {
            change.must_be_open()?;
            let stored = load(change, id)?;
            let answered = stored.offer.answer(answer, change.context.now)?;
            let sql = "UPDATE offer SET state = $4, answered_at = $5 WHERE shop_id = $1 AND case_id = $2 AND id = $3";
            let params = values![change.case.shop, change.case.id, id, answered.state.as_str(), change.context.now];
            change.tx.execute(sql, &params)?;
            timer::cancel(change, "offer", id)?;
            figures::answered(change.tx, &change.case, &stored.rung, answer == Answer::Accepted);
            if answer == Answer::Refused {
                change.event("offer_refused", json!({ "offer": id, "remedy": stored.remedy, "amount_minor": stored.amount_minor }));
                return Ok(json!({ "offer_id": id, "state": answered.state }));
            }
            change.event(
                "offer_accepted",
                json!({ "offer": id, "remedy": stored.remedy, "means": stored.means, "amount_minor": stored.amount_minor }),
            );
            let done = acts::carry_out(change, &stored)?;
            Ok(json!({ "offer_id": id, "state": answered.state, "done": done }))
        })
        .await
    }
}
