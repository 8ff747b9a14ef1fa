//! Asks for an approval: of an offer, a refund or a payout, of one exact amount. Owns the command and the call other commands make.

use crate::case::open::TEXT_LIMIT;
use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::error::{Result, bad_input, not_found};
use crate::ids::new_id;
use crate::{Context, Desk, authority, timer};
use aftercare_domain::approval::{State, Subject};
use aftercare_domain::id::Id;
use aftercare_domain::offer;
use aftercare_domain::people::Action;
use aftercare_domain::people::authority::{Above, Cap, Need, Spending};
use aftercare_domain::time::Span;
use aftercare_store::{Row, values};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// How long an approval is worth something, decided or not.
const VALID: Span = Span::hours(24);

/// What is asked for.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskApproval {
    /// refund, payout, or offer.
    pub subject: String,
    /// The request it is about, where one is; of an offer: which, else the latest that needs one.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub subject_id: Option<Id>,
    /// Of a payout: coupon, points, level, red_packet, gift, cash, small_payment; money when absent.
    #[serde(default)]
    pub means: Option<String>,
    /// The exact amount, minor units.
    pub amount_minor: i64,
    /// The proposal in words; sealed.
    #[serde(default)]
    pub note: String,
}

/// An approval to ask for inside a change.
#[derive(Clone, Debug)]
pub struct NewApproval {
    /// What it is about.
    pub subject: Subject,
    /// The offer or request.
    pub subject_id: Option<Id>,
    /// What it would spend.
    pub spending: Spending,
    /// The exact amount, minor units.
    pub amount_minor: i64,
    /// The soft cap of the rung.
    pub cap: Option<Cap>,
    /// Why one is needed, as `authority::need` said.
    pub why: Vec<Above>,
    /// Words of the asker, sealed for `approval.ask`.
    pub ask_sealed: Option<Vec<u8>>,
}

const APPROVAL: &[&str] = &[
    "shop_id",
    "id",
    "case_id",
    "subject",
    "subject_id",
    "amount_minor",
    "spending",
    "cap_minor",
    "case_version",
    "state",
    "why",
    "asked_by",
    "asked_at",
    "ask_sealed",
    "expires_at",
];

/// Asks for an approval. It is bound to the amount and to the version this change makes.
///
/// # Errors
/// `bad_input` for an amount that is not positive; `over_hard_limit` where nobody could approve it.
pub fn ask(change: &mut Change<'_, '_>, new: NewApproval) -> Result<Id> {
    change.must_be_open()?;
    if new.amount_minor <= 0 {
        return Err(bad_input("amount_minor", "positive"));
    }
    let (shop, now, id) = (change.case.shop, change.context.now, new_id(change.context.now));
    let (version, expires) = (change.case.version + 1, now + VALID);
    let row = values![
        shop,
        id,
        change.case.id,
        new.subject.as_str(),
        new.subject_id,
        new.amount_minor,
        new.spending.as_str(),
        new.cap.map(|cap| cap.amount_minor),
        version,
        State::Pending.as_str(),
        json!(new.why),
        change.context.actor.id(),
        now,
        new.ask_sealed,
        expires
    ];
    change.tx.insert("approval", APPROVAL, row);
    timer::set(change, "approval", id, expires, json!({}));
    change.event(
        "approval_asked",
        json!({ "approval": id, "subject": new.subject, "subject_id": new.subject_id, "amount_minor": new.amount_minor, "why": new.why, "case_version": version }),
    );
    Ok(id)
}

impl Desk {
    /// Asks a lead, supervisor or owner to allow a refund or a payout of one exact amount.
    pub async fn ask_approval(&self, context: &Context, at: CaseRef, input: AskApproval) -> Result<Changed> {
        let subject = Subject::parse(&input.subject).ok_or_else(|| bad_input("subject", "offer, refund or payout"))?;
        if input.note.len() > TEXT_LIMIT {
            return Err(bad_input("note", format!("at most {TEXT_LIMIT} bytes")));
        }
        let repeat = Repeat::of(context, format!("approval/{}", at.id), &input);
        let key = self.case_key(at).await?;
        let ask_sealed = (!input.note.is_empty()).then(|| key.seal("approval.ask", &input.note));
        self.change(context, at, Action::AskApproval, false, repeat, move |change| {
            let (subject_id, spending, cap) = match subject {
                Subject::Offer => of_offer(change, &input)?,
                Subject::Refund => (input.subject_id, Spending::Refund, None),
                Subject::Payout => (input.subject_id, input.means.as_deref().map_or(Spending::Payout, Spending::of_means), None),
            };
            let why = match authority::need(change, spending, input.amount_minor, cap)? {
                Need::Alone { .. } => Vec::new(),
                Need::Approval(why) => why,
            };
            let new =
                NewApproval { subject, subject_id, spending, amount_minor: input.amount_minor, cap, why, ask_sealed: ask_sealed.clone() };
            Ok(json!({ "approval_id": ask(change, new)? }))
        })
        .await
    }
}

/// The offer that is asked for: its amount is the one that is approved.
fn of_offer(change: &mut Change<'_, '_>, input: &AskApproval) -> Result<(Option<Id>, Spending, Option<Cap>)> {
    let sql = "SELECT id, remedy, means, amount_minor, cap_minor FROM offer WHERE shop_id = $1 AND case_id = $2 AND state = $3 ORDER BY id DESC LIMIT 20";
    let params = values![change.case.shop, change.case.id, offer::State::NeedsApproval.as_str()];
    let read = |row: &Row| {
        let (remedy, means): (String, String) = (row.get(1)?, row.get(2)?);
        Ok((row.get::<Id>(0)?, spending(&remedy, &means), row.get::<i64>(3)?, row.get::<Option<i64>>(4)?))
    };
    let waiting = change.tx.query(sql, &params, read)?;
    let wanted = waiting.into_iter().find(|(id, ..)| input.subject_id.is_none_or(|wanted| wanted == *id));
    let (id, spending, amount, cap) = wanted.ok_or_else(|| not_found("offer"))?;
    if amount != input.amount_minor {
        return Err(bad_input("amount_minor", format!("the offer says {amount}")));
    }
    Ok((Some(id), spending, cap.map(|amount_minor| Cap { amount_minor, soft: true })))
}

/// What an offer of this remedy spends.
pub(crate) fn spending(remedy: &str, means: &str) -> Spending {
    match remedy {
        "refund" | "return_refund" => Spending::Refund,
        "exchange" | "reship" => Spending::Goods,
        _ => Spending::of_means(means),
    }
}
