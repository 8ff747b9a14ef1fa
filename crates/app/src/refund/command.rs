//! A person works a refund out, and decides one. Owns the question and the command.

use super::facts::Ground;
use super::{NewRefund, answer, execute, wishes};
use crate::case::row::CaseRow;
use crate::command::{CaseRef, Changed, Repeat};
use crate::error::{Error, Result, bad_input};
use crate::ledger::Book;
use crate::{Context, Desk, authority, policy};
use aftercare_domain::id::Id;
use aftercare_domain::people::authority::Spending;
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::refund::Component;
use aftercare_domain::refusal::Code;
use serde::{Deserialize, Serialize};

/// Units of one line, and what is given back for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundLine {
    /// The line's number in the order, from 1.
    pub line_no: i64,
    /// Units made good; zero: the buyer keeps everything and gets part of the price back.
    pub quantity: i64,
    /// Minor units; absent: what the units are worth.
    #[serde(default)]
    pub amount_minor: Option<i64>,
}

/// A refund to be worked out.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewRefund {
    /// Empty: what the case's request holds.
    #[serde(default)]
    pub lines: Vec<RefundLine>,
    /// Absent: as policy has it; zero: none.
    #[serde(default)]
    pub freight_minor: Option<i64>,
    /// The request it would answer.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub request_id: Option<Id>,
}

/// A refund worked out.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Preview {
    /// What the buyer would get, minor units.
    pub amount_minor: i64,
    /// Why exactly that; each with its rule and the rule's version. Proposals are not counted.
    #[schema(value_type = Vec<Object>)]
    pub components: Vec<Component>,
    /// What was paid out on the order before, minor units.
    pub payouts_minor: i64,
    /// What can still be refunded of the order, minor units.
    pub refundable_minor: i64,
    /// Whether the actor needs an approval for it.
    pub needs_approval: bool,
}

/// A refund that is decided.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskRefund {
    /// Empty: what the case's request holds.
    #[serde(default)]
    pub lines: Vec<RefundLine>,
    /// Absent: as policy has it; zero: none.
    #[serde(default)]
    pub freight_minor: Option<i64>,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// The request it answers; absent: the live one that holds the lines.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub request_id: Option<Id>,
    /// The accepted offer it comes from.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub offer_id: Option<Id>,
    /// The approval that allows it.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub approval_id: Option<Id>,
    /// What was paid out on the order before was seen.
    #[serde(default)]
    pub confirm_payouts_seen: bool,
    /// The money leaves before the goods are back, on purpose.
    #[serde(default)]
    pub before_return: bool,
    /// Only where the rules give the refund just as it was asked for; what needs a look is refused.
    #[serde(default)]
    pub plain: bool,
}

impl Desk {
    /// Works a refund out without deciding anything.
    pub async fn preview_refund(&self, context: &Context, at: CaseRef, input: PreviewRefund) -> Result<Preview> {
        let wishes = wishes(&input.lines)?;
        let (frame, playbooks) = (context.clone(), self.playbooks.clone());
        self.store
            .read(move |tx| {
                let case = CaseRow::load(tx, at.shop, at.id)?;
                frame.actor.may(Action::ReadCase, &Object::case(case.shop, case.owner))?;
                let order = case.order.ok_or(Code::OrderMissing)?;
                let book = Book::look(tx, at.shop, order)?;
                let policy = policy::at(tx, &playbooks, &case)?;
                let ground = Ground::read(tx, &case, &book, policy, input.request_id, wishes.clone())?;
                let quote = ground.quote(&book.account, input.freight_minor)?;
                let needs_approval = authority::would_need(tx, &case, &frame, Spending::Refund, quote.amount_minor)?;
                Ok::<_, Error>(Preview {
                    amount_minor: quote.amount_minor,
                    components: quote.components,
                    payouts_minor: book.account.payouts_minor(),
                    refundable_minor: book.account.refundable_minor(ground.policy.payouts_reduce_refundable),
                    needs_approval,
                })
            })
            .await
    }

    /// Decides a refund: the money is held and leaves after the hold.
    pub async fn ask_refund(&self, context: &Context, at: CaseRef, input: AskRefund) -> Result<Changed> {
        let wishes = wishes(&input.lines)?;
        if input.reason.len() > 200 {
            return Err(bad_input("reason", "at most 200 bytes"));
        }
        let repeat = Repeat::of(context, format!("refund/{}", at.id), &input);
        self.change(context, at, Action::Refund, true, repeat, move |change| {
            let wishes = match input.plain {
                true if !wishes.is_empty() => return Err(bad_input("lines", "a plain refund is what was asked for")),
                true => super::plain::asked(change)?,
                false => wishes.clone(),
            };
            let new = NewRefund {
                wishes,
                freight_minor: input.freight_minor,
                reason: input.reason.clone(),
                request: input.request_id,
                offer: input.offer_id,
                approval: input.approval_id,
                payouts_seen: input.confirm_payouts_seen,
                before_return: input.before_return,
                after: None,
            };
            Ok(answer(&execute(change, new)?))
        })
        .await
    }
}
