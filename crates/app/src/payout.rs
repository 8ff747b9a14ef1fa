//! Payouts (赔付): goodwill, freight, statutory multiples, red packets, coupons; a second total beside the price.
//!
//! Owns the decision: the shop's limit per order, no second payout for a reason that is paid once, who may spend it. Where finance pays,
//! the effect by hand, the promise and the task are made in one transaction, so that none of them can be forgotten.

use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::effect::{self, NewEffect};
use crate::error::{Result, bad_input};
use crate::ledger::Book;
use crate::promise::{self, NewPromise};
use crate::refund::spender;
use crate::remedy::{self, NewRemedy};
use crate::{Context, Desk, policy};
use aftercare_domain::approval::Subject;
use aftercare_domain::effect::Kind;
use aftercare_domain::id::Id;
use aftercare_domain::ledger::{Entry, Kind as Booked};
use aftercare_domain::money;
use aftercare_domain::people::{Action, Team};
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_domain::time::Span;
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Reasons for which an order is paid once.
const ONCE: &[&str] = &["price_protection", "price_difference", "late_delivery_multiple", "fraud_multiple"];
/// The time finance has when none is named, hours.
const USUAL_H: i64 = 24;
/// The longest time finance may be given, hours.
const LIMIT_H: i64 = 24 * 30;

/// A payout that is decided.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskPayout {
    /// coupon, points, level, red_packet, gift, cash, small_payment.
    pub means: String,
    /// Minor units; the face value of what is virtual.
    pub amount_minor: i64,
    /// Why; a code such as goodwill, freight, price_protection where one fits.
    #[serde(default)]
    pub reason: String,
    /// platform: called by the desk; finance: paid by hand, with a promise and a task.
    #[serde(default)]
    pub payer: Option<String>,
    /// The approval that allows it.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub approval_id: Option<Id>,
    /// The accepted offer it comes from.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub offer_id: Option<Id>,
    /// The promise given in words that this payment keeps.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub promise_id: Option<Id>,
    /// Who bears it in the end: shop, carrier, supplier, platform.
    #[serde(default)]
    pub bearer: Option<String>,
    /// Until when finance pays, hours from now.
    #[serde(default)]
    pub due_in_h: Option<i64>,
}

/// A payout to make inside a change.
#[derive(Clone, Debug)]
pub struct NewPayout {
    /// How it is paid.
    pub kind: Kind,
    /// As it was named: `cash` travels as a small payment.
    pub means: String,
    /// Minor units.
    pub amount_minor: i64,
    /// Why.
    pub reason: String,
    /// A team that pays by hand; absent: the platform is called.
    pub by_hand: Option<Team>,
    /// A team that promised it; whoever pays, the promise is kept when the payment has succeeded.
    pub promised: Option<Team>,
    /// The approval that allows it.
    pub approval: Option<Id>,
    /// The accepted offer it comes from.
    pub offer: Option<Id>,
    /// The promise given in words that it keeps; no other is made then.
    pub keeps: Option<Id>,
    /// Who bears it in the end.
    pub bearer: String,
    /// What is promised to the buyer where a person pays: until when, and in which words (made here when absent).
    pub due_in: Span,
    /// The words of the promise; made up from means and amount when absent.
    pub promise: Option<String>,
}

/// What a payout became.
#[derive(Clone, Copy, Debug)]
pub struct PaidOut {
    /// The remedy.
    pub remedy: Id,
    /// The effect.
    pub effect: Id,
    /// Where a person pays: what was promised.
    pub promise: Option<Id>,
    /// Where a person pays: whose work it is.
    pub task: Option<Id>,
}

impl Desk {
    /// Decides a payout: it is held in the ledger and paid by the platform, or by finance with a promise.
    pub async fn ask_payout(&self, context: &Context, at: CaseRef, input: AskPayout) -> Result<Changed> {
        let kind = Kind::of_means(&input.means)
            .ok_or_else(|| bad_input("means", "one of coupon, points, level, red_packet, gift, cash, small_payment"))?;
        let by_hand = match input.payer.as_deref() {
            None | Some("platform") => None,
            Some("finance") => Some(Team::Finance),
            Some(_) => return Err(bad_input("payer", "platform or finance")),
        };
        let due_in_h = input.due_in_h.unwrap_or(USUAL_H);
        if !(1..=LIMIT_H).contains(&due_in_h) {
            return Err(bad_input("due_in_h", format!("1 to {LIMIT_H}")));
        }
        if input.reason.len() > 200 || input.bearer.as_deref().is_some_and(|bearer| remedy::code(bearer).is_empty()) {
            return Err(bad_input("reason", "at most 200 bytes; the bearer a code"));
        }
        let repeat = Repeat::of(context, format!("payout/{}", at.id), &input);
        self.change(context, at, Action::Payout, true, repeat, move |change| {
            let new = NewPayout {
                kind,
                means: input.means.clone(),
                amount_minor: input.amount_minor,
                reason: input.reason.clone(),
                by_hand,
                promised: None,
                approval: input.approval_id,
                offer: input.offer_id,
                keeps: input.promise_id,
                bearer: input.bearer.clone().unwrap_or_default(),
                due_in: Span::hours(due_in_h),
                promise: None,
            };
            let done = execute(change, new)?;
            Ok(json!({ "effect_id": done.effect, "promise_id": done.promise, "task_id": done.task, "remedy_id": done.remedy }))
        })
        .await
    }
}

/// Decides a payout inside a change.
///
/// # Errors
/// `bad_input`, `payout_limit`, `paid_out_already`, `approval_needed` and those of an approval that does not fit.
pub fn execute(change: &mut Change<'_, '_>, new: NewPayout) -> Result<PaidOut> {
    change.must_be_open()?;
    let spending = new.kind.spends().filter(|_| new.kind != Kind::Refund).ok_or_else(|| bad_input("means", "it pays nothing out"))?;
    if new.amount_minor <= 0 {
        return Err(bad_input("amount_minor", "positive"));
    }
    let mut book = Book::of(change)?;
    let policy = policy::of(change)?;
    let left_minor = policy.payouts_per_order_minor.map(|limit| limit - book.account.payouts_minor());
    if let Some(left_minor) = left_minor.filter(|left| new.amount_minor > *left) {
        return Err(Refusal::new(Code::PayoutLimit).with("left_minor", left_minor.max(0)).into());
    }
    let reason = remedy::code(&new.reason).to_owned();
    must_be_first(change, &reason)?;
    let cap = new.offer.map(|offer| crate::refund::cap_of(change, offer)).transpose()?.flatten();
    let (spender, owner_mode) = spender(change, spending, Subject::Payout, new.amount_minor, cap, new.offer, new.approval)?;
    let remedy = remedy::start(change, remedy(&new))?;
    let by_hand = match new.by_hand {
        Some(team) => Some(team),
        None if new.kind.by_hand_only() => Some(Team::Operations),
        None => effect::by_hand(change, new.kind)?,
    };
    let planned = NewEffect {
        amount_minor: new.amount_minor,
        by_hand,
        offer: new.offer,
        remedy: Some(remedy),
        approval: new.approval,
        body: json!({ "means": new.means, "reason": reason, "bearer": new.bearer }),
        hold: effect::end::hold(change)?,
        ..NewEffect::new(new.kind, format!("payout/{remedy}"))
    };
    let effect = effect::insert(change, planned, spender)?;
    let about = json!({ "remedy": remedy, "means": new.means, "reason": reason, "bearer": new.bearer });
    book.post_of(Some(effect), vec![Entry::payout(Booked::PayoutHeld, new.amount_minor)], &about)?;
    change.save_book(book)?;
    let promise = match new.keeps {
        Some(words) => promise::join(change, words, effect, new.amount_minor).map(|()| Some(words))?,
        None => by_hand.or(new.promised).map(|team| promise(change, &new, team, effect)).transpose()?,
    };
    let task = by_hand.map(|team| hand(change, &new, team, effect)).transpose()?;
    change.event(
        "payout_asked",
        json!({ "remedy": remedy, "effect": effect, "means": new.means, "amount_minor": new.amount_minor, "reason": reason, "bearer": new.bearer, "by_hand": by_hand,
            "offer": new.offer, "approval": new.approval, "promise": promise, "task": task, "owner_mode": owner_mode, "policy": policy }),
    );
    change.material();
    Ok(PaidOut { remedy, effect, promise, task })
}

fn remedy(new: &NewPayout) -> NewRemedy {
    NewRemedy {
        kind: "compensation",
        means: new.means.clone(),
        request: None,
        offer: new.offer,
        amount_minor: new.amount_minor,
        lines: json!([]),
        legs: json!({ "bearer": new.bearer }),
        note: new.reason.clone(),
    }
}

/// What is promised to the buyer is the payment (paid out, never arrived); what a person pays is always promised.
fn promise(change: &mut Change<'_, '_>, new: &NewPayout, team: Team, effect: Id) -> Result<Id> {
    let due_at = change.context.now + new.due_in;
    let words = new.promise.clone().unwrap_or_else(|| format!("{} {} 元，按约定时间付出", new.kind.zh(), money::units(new.amount_minor)));
    let text_sealed = change.key()?.seal("promise.text", &words);
    let amount_minor = Some(new.amount_minor);
    let made = NewPromise { team, owner: None, due_at: Some(due_at), text_sealed, amount_minor, effect: Some(effect), offer: new.offer };
    promise::make(change, made)
}

/// What a person pays stands in the team's queue, with the same end as the promise.
fn hand(change: &mut Change<'_, '_>, new: &NewPayout, team: Team, effect: Id) -> Result<Id> {
    let work = format!("请付 {} 元（{}），付完登记流水号", money::units(new.amount_minor), new.kind.zh());
    effect::hand_to(change, team, effect, &work, Some(change.context.now + new.due_in))
}

/// Some reasons are paid once per order, whatever the case.
fn must_be_first(change: &mut Change<'_, '_>, reason: &str) -> Result<()> {
    if !ONCE.contains(&reason) {
        return Ok(());
    }
    let sql = "SELECT body FROM effect WHERE shop_id = $1 AND case_id IN (SELECT id FROM cases WHERE shop_id = $1 AND order_id = $2)
        AND amount_minor > 0 AND state NOT IN ('rejected', 'cancelled')";
    let bodies = change.tx.query(sql, &values![change.case.shop, change.case.order], |row| row.get::<Value>(0))?;
    let paid = bodies.iter().any(|body| body["reason"].as_str() == Some(reason));
    if paid { Err(Refusal::new(Code::PaidOutAlready).with("reason", reason).into()) } else { Ok(()) }
}
