//! Decides an approval: never one's own, within one's own authority, bound to an amount. Owns the two commands.

use super::{Stored, load};
use crate::access::factor;
use crate::case::open::TEXT_LIMIT;
use crate::command::{Ask, CaseRef, Change, Changed, Repeat};
use crate::error::{Result, bad_input};
use crate::{Context, Desk, authority, timer};
use aftercare_domain::approval::{Approval, State, Subject};
use aftercare_domain::id::Id;
use aftercare_domain::offer::{self, Offer};
use aftercare_domain::people::authority as limits;
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A yes.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Approve {
    /// Words for the asker; sealed.
    #[serde(default)]
    pub note: String,
    /// Another amount than was asked for: the approval is bound to this one then. Absent: as asked.
    #[serde(default)]
    pub amount_minor: Option<i64>,
}

/// A no.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decline {
    /// Why; sealed.
    #[serde(default)]
    pub note: String,
}

impl Desk {
    /// Says yes to an approval, to the amount asked or to another one.
    pub async fn approve(&self, context: &Context, at: CaseRef, id: Id, input: Approve) -> Result<Changed> {
        if input.amount_minor.is_some_and(|amount| amount <= 0) {
            return Err(bad_input("amount_minor", "positive"));
        }
        let repeat = Repeat::of(context, format!("approval/{id}/approve"), &input);
        let note = self.note(at, &input.note).await?;
        self.change(context, at, Ask::approval(id), false, repeat, move |change| {
            let mut stored = load(change, id)?;
            let asked = stored.approval.amount_minor;
            let decided = decide(change, &stored.approval, true)?;
            stored.approval = Approval { amount_minor: input.amount_minor.unwrap_or(asked), ..decided };
            must_be_within_authority(change, &stored)?;
            must_be_themselves(change, stored.approval.amount_minor)?;
            write(change, &stored, note.clone())?;
            of_offer(change, &stored)?;
            let amount = stored.approval.amount_minor;
            change.event("approval_approved", json!({ "approval": id, "amount_minor": amount, "asked_minor": asked }));
            Ok(json!({ "approval_id": id, "state": stored.approval.state, "amount_minor": amount }))
        })
        .await
    }

    /// Says no to an approval.
    pub async fn decline(&self, context: &Context, at: CaseRef, id: Id, input: Decline) -> Result<Changed> {
        let repeat = Repeat::of(context, format!("approval/{id}/decline"), &input);
        let note = self.note(at, &input.note).await?;
        self.change(context, at, Ask::approval(id), false, repeat, move |change| {
            let mut stored = load(change, id)?;
            stored.approval = decide(change, &stored.approval, false)?;
            write(change, &stored, note.clone())?;
            of_offer(change, &stored)?;
            change.event("approval_declined", json!({ "approval": id, "amount_minor": stored.approval.amount_minor }));
            Ok(json!({ "approval_id": id, "state": stored.approval.state }))
        })
        .await
    }

    async fn note(&self, at: CaseRef, note: &str) -> Result<Option<Vec<u8>>> {
        if note.len() > TEXT_LIMIT {
            return Err(bad_input("note", format!("at most {TEXT_LIMIT} bytes")));
        }
        let key = self.case_key(at).await?;
        Ok((!note.is_empty()).then(|| key.seal("approval.note", note)))
    }
}

fn decide(change: &Change<'_, '_>, approval: &Approval, yes: bool) -> Result<Approval> {
    let who = change.context.actor.id();
    Ok(approval.clone().decide(who, yes, change.context.now, change.case.material_version)?)
}

/// A yes is worth what the person could have decided alone; it counts on their day from now on.
fn must_be_within_authority(change: &mut Change<'_, '_>, stored: &Stored) -> Result<()> {
    let (who, role) = (change.context.actor.id(), change.context.actor.who.role);
    let already = authority::spent(change, stored.spending, who)?;
    let shop = change.context.actor.who.limits(authority::limits(change.tx, change.case.shop)?);
    limits::may_approve(&shop, role, stored.spending, stored.approval.amount_minor, already, stored.cap)?;
    let day = authority::day(change.context.now);
    authority::count(change, stored.spending, who, day, stored.approval.amount_minor)?;
    Ok(())
}

/// Above the shop's amount a yes needs the second factor afresh, so that an unlocked screen or a token is not enough.
fn must_be_themselves(change: &mut Change<'_, '_>, amount_minor: i64) -> Result<()> {
    let demand = factor::demand(change.tx, change.case.shop)?;
    if !demand.wants_again(amount_minor, change.context.actor.factor_at, change.context.now) {
        return Ok(());
    }
    if !factor::is_on(change.tx, change.context.actor.id())? {
        return Err(Code::FactorMissing.into());
    }
    let within_min = demand.within().as_millis() / 60_000;
    Err(Refusal::new(Code::StepUpNeeded).with("amount_minor", amount_minor).with("within_min", within_min).into())
}

fn write(change: &mut Change<'_, '_>, stored: &Stored, note: Option<Vec<u8>>) -> Result<()> {
    let a = &stored.approval;
    let sql = "UPDATE approval SET state = $3, amount_minor = $4, decided_by = $5, decided_at = $6, note_sealed = $7 WHERE shop_id = $1 AND id = $2";
    let params = values![change.case.shop, stored.id, a.state.as_str(), a.amount_minor, a.decided_by, change.context.now, note];
    change.tx.execute(sql, &params)?;
    if a.state == State::Declined {
        timer::cancel(change, "approval", stored.id)?;
    }
    Ok(())
}

/// An offer that waited for this can be sent now, with the amount that was approved, or is a draft again.
fn of_offer(change: &mut Change<'_, '_>, stored: &Stored) -> Result<()> {
    let (Subject::Offer, Some(offer)) = (stored.approval.subject, stored.subject_id) else { return Ok(()) };
    let yes = stored.approval.state == State::Approved;
    let asked = crate::offer::load(change, offer)?;
    let waiting = Offer { state: offer::State::NeedsApproval, valid_until: None };
    let (before, after) = (waiting.state, waiting.approved(yes)?.state);
    let sql = "UPDATE offer SET state = $4, approval_id = $5, amount_minor = CASE WHEN $6 = 1 THEN $7 ELSE amount_minor END
        WHERE shop_id = $1 AND case_id = $2 AND id = $3 AND state = $8";
    let amount = stored.approval.amount_minor;
    if yes && asked.amount_minor != amount {
        let words = asked.words.for_amount(asked.amount_minor, amount);
        let sealed = change.key()?.seal("offer.text", &serde_json::to_string(&words).unwrap_or_default());
        let sql = "UPDATE offer SET text_sealed = $4 WHERE shop_id = $1 AND case_id = $2 AND id = $3";
        change.tx.execute(sql, &values![change.case.shop, change.case.id, offer, sealed])?;
    }
    let params = values![change.case.shop, change.case.id, offer, after.as_str(), stored.id, yes, amount, before.as_str()];
    if change.tx.execute(sql, &params)? == 0 {
        return Err(Refusal::new(Code::OfferState).with("state", "another").with("action", "be approved").into());
    }
    Ok(())
}
