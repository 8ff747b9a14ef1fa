//! Refunds (退款): what a buyer gets back of what was paid. One decision becomes one remedy with a leg per payment, each an effect.
//!
//! Owns the order in which a refund is judged: what it is made of, whether the goods are back, whether the buyer agreed, what was paid
//! out before, who may spend it. Only then is the money held in the ledger and the effects are planned, all in one transaction.

mod command;
mod facts;
mod plain;

pub use command::{AskRefund, Preview, PreviewRefund, RefundLine};
pub(crate) use facts::cap_of;

use crate::case::open::LineQuantity;
use crate::command::Change;
use crate::effect::{self, NewEffect, Spender};
use crate::error::{Result, bad_input};
use crate::ledger::Book;
use crate::remedy::{self, NewRemedy};
use crate::safety::{Safety, holds};
use crate::{approval, authority};
use aftercare_domain::approval::Subject;
use aftercare_domain::effect::Kind;
use aftercare_domain::id::Id;
use aftercare_domain::ledger::{Account, Wants};
use aftercare_domain::money;
use aftercare_domain::people::authority::{Cap, Need, Spending};
use aftercare_domain::refund::{Component, Quote, Wish};
use aftercare_domain::refusal::{Code, Refusal};
use facts::{Ground, Situation};
use serde_json::{Value, json};

/// A refund that was decided.
#[derive(Clone, Debug)]
pub struct NewRefund {
    /// Lines, units and amounts; empty: what the request holds and was not refunded yet.
    pub wishes: Vec<Wish>,
    /// Outbound freight; absent: as policy has it.
    pub freight_minor: Option<i64>,
    /// Why, in the shop's words or a code.
    pub reason: String,
    /// The request it answers; absent: the live one of this case that holds the lines, if there is one.
    pub request: Option<Id>,
    /// The accepted offer it comes from.
    pub offer: Option<Id>,
    /// The approval that allows it.
    pub approval: Option<Id>,
    /// Whoever decided has seen what was paid out on the order before.
    pub payouts_seen: bool,
    /// Whoever decided means to refund before the goods are back.
    pub before_return: bool,
    /// Not started before this effect has succeeded, e.g. the freeze of the parcel.
    pub after: Option<Id>,
}

/// What a decided refund became.
#[derive(Clone, Debug)]
pub struct Refunded {
    /// The remedy.
    pub remedy: Id,
    /// One effect per payment.
    pub effects: Vec<Id>,
    /// The sum, minor units.
    pub amount_minor: i64,
    /// Why exactly that.
    pub components: Vec<Component>,
}

/// Decides a refund inside a change.
///
/// # Errors
/// The refusals of `domain::refund::quote` and of the ledger; `goods_not_back`, `deduction_not_agreed`, `payouts_not_seen`,
/// `approval_needed` and those of an approval that does not fit.
pub fn execute(change: &mut Change<'_, '_>, new: NewRefund) -> Result<Refunded> {
    change.must_be_open()?;
    let mut book = Book::of(change)?;
    let ground = Ground::of(change, &book, &new)?;
    let quote = ground.quote(&book.account, new.freight_minor)?;
    let payouts_minor = book.account.payouts_minor();
    if payouts_minor > 0 && !new.payouts_seen {
        return Err(Refusal::new(Code::PayoutsNotSeen).with("payouts_minor", payouts_minor).into());
    }
    if quote.deducted_minor > 0 && !ground.agreed(change, &quote, new.offer)? {
        return Err(Refusal::new(Code::DeductionNotAgreed).with("deducted_minor", quote.deducted_minor).into());
    }
    let (spender, owner_mode) = may_spend(change, &new, quote.amount_minor)?;
    let remedy = remedy::start(change, remedy(&new, &ground, &quote))?;
    hold_units(&mut book, &ground, remedy)?;
    must_be_back(change, &book, &ground, &new)?;
    let effects = plan_legs(change, &mut book, &new, &ground, &quote, remedy, spender)?;
    change.save_book(book)?;
    change.event(
        "refund_asked",
        json!({ "remedy": remedy, "effects": effects, "amount_minor": quote.amount_minor, "components": quote.components, "request": ground.request(),
            "offer": new.offer, "approval": new.approval, "payouts_minor": payouts_minor, "before_return": new.before_return, "owner_mode": owner_mode,
            "policy": ground.policy }),
    );
    change.material();
    Ok(Refunded { remedy, effects, amount_minor: quote.amount_minor, components: quote.components })
}

/// Who answers for the amount: the actor alone, or whoever approved it.
fn may_spend(change: &mut Change<'_, '_>, new: &NewRefund, amount_minor: i64) -> Result<(Option<Spender>, bool)> {
    let cap = new.offer.map(|offer| facts::cap_of(change, offer)).transpose()?.flatten();
    spender(change, Spending::Refund, Subject::Refund, amount_minor, cap, new.offer, new.approval)
}

/// The same question for refunds and payouts: alone, by an approval, or not at all.
pub(crate) fn spender(
    change: &mut Change<'_, '_>,
    kind: Spending,
    subject: Subject,
    amount_minor: i64,
    cap: Option<Cap>,
    offer: Option<Id>,
    approval: Option<Id>,
) -> Result<(Option<Spender>, bool)> {
    let need = authority::need(change, kind, amount_minor, cap)?;
    let approval = match approval {
        Some(named) => Some(named),
        None => offer.map(|offer| facts::approval_of(change, offer)).transpose()?.flatten(),
    };
    match (need, approval) {
        (Need::Alone { owner_mode }, None) => {
            if change.context.actor.system {
                return Ok((None, false));
            }
            let spender = Spender { who: change.context.actor.id(), day: authority::day(change.context.now) };
            authority::count(change, kind, spender.who, spender.day, amount_minor)?;
            Ok((Some(spender), owner_mode))
        }
        (_, Some(id)) => Ok((Some(approval::spend(change, id, subject, offer, amount_minor)?), false)),
        (Need::Approval(_), None) => Err(authority::approval_needed(change, kind, amount_minor, cap)?.into()),
    }
}

fn remedy(new: &NewRefund, ground: &Ground, quote: &Quote) -> NewRemedy {
    NewRemedy {
        kind: "refund",
        means: String::new(),
        request: ground.request(),
        offer: new.offer,
        amount_minor: quote.amount_minor,
        lines: json!(ground.wishes),
        legs: json!({ "components": quote.components, "policy": ground.policy }),
        note: new.reason.clone(),
    }
}

/// Units that the request does not hold yet, or all of them where there is none, are held for this refund.
fn hold_units(book: &mut Book, ground: &Ground, remedy: Id) -> Result<()> {
    let holder = ground.request().unwrap_or(remedy);
    let wants = ground.situation.as_ref().map_or(Wants::Stay, |situation| situation.wants);
    for wish in &ground.wishes {
        let hold = book.account.hold(holder, wish.line_no);
        let missing = wish.quantity - (hold.held - hold.refunded - hold.replaced);
        if missing > 0 {
            let taken = book.account.take(holder, wish.line_no, missing, wants)?;
            book.post(taken, &json!({ "remedy": remedy }))?;
        }
    }
    Ok(())
}

/// Money for goods that have to come back leaves after them, unless somebody who may says otherwise.
fn must_be_back(change: &Change<'_, '_>, book: &Book, ground: &Ground, new: &NewRefund) -> Result<()> {
    let Some(Situation { request, .. }) = &ground.situation else { return Ok(()) };
    for wish in &ground.wishes {
        let hold = book.account.hold(*request, wish.line_no);
        if wish.quantity <= hold.held - hold.awaited - hold.refunded || !holds(Safety::GoodsFirst) {
            continue;
        }
        let who = ground.policy.refund_before_return;
        let may = change.context.actor.system || who.allows(change.context.actor.who.role);
        if !(new.before_return && may) {
            return Err(Refusal::new(Code::GoodsNotBack).with("line_no", wish.line_no).with("who", who).into());
        }
    }
    Ok(())
}

/// Holds the money of each leg and plans its effect.
fn plan_legs(
    change: &mut Change<'_, '_>,
    book: &mut Book,
    new: &NewRefund,
    ground: &Ground,
    quote: &Quote,
    remedy: Id,
    spender: Option<Spender>,
) -> Result<Vec<Id>> {
    let (hold, by_hand) = (effect::end::hold(change)?, effect::by_hand(change, Kind::Refund)?);
    let holder = ground.request().unwrap_or(remedy);
    let mut effects = Vec::new();
    for (n, leg) in book.account.legs(&quote.parts)?.into_iter().enumerate() {
        let lost = if n == 0 { quote.promotion_lost_minor } else { 0 };
        let planned = NewEffect {
            amount_minor: leg.amount_minor(),
            payment_no: Some(leg.payment_no.clone()),
            by_hand,
            offer: new.offer,
            remedy: Some(remedy),
            approval: new.approval,
            request: ground.request(),
            after: new.after,
            body: json!({ "parts": leg.parts, "holder": holder, "promotion_lost_minor": lost }),
            hold,
            ..NewEffect::new(Kind::Refund, format!("refund/{remedy}/{n}"))
        };
        let id = effect::insert(change, planned, spender)?;
        book.post_of(Some(id), Account::hold_leg(holder, &leg), &json!({ "remedy": remedy, "reason": remedy::code(&new.reason) }))?;
        if let Some(team) = by_hand {
            let words = format!("请在平台后台退款 {} 元，完成后登记流水号", money::units(leg.amount_minor()));
            effect::hand_to(change, team, id, &words, None)?;
        }
        effects.push(id);
    }
    Ok(effects)
}

/// The wishes of an accepted offer: whole units where the amount is (or covers) what they are worth, else the amount as a part of the
/// price. Of units that came back (`returned`) less than their worth is the price of these units, with a deduction.
pub(crate) fn offered(change: &mut Change<'_, '_>, lines: &[LineQuantity], amount_minor: i64, returned: bool) -> Result<Vec<Wish>> {
    let account = Book::of(change)?.account;
    let lines = if lines.is_empty() { facts::live_lines(change)? } else { lines.to_vec() };
    let share = |line: &LineQuantity| account.line(line.line_no).map_or(0, |known| known.share(line.quantity));
    let worth: i64 = lines.iter().map(share).sum();
    if amount_minor == 0 || amount_minor >= worth {
        return Ok(lines.iter().map(|line| Wish { line_no: line.line_no, quantity: line.quantity, amount_minor: None }).collect());
    }
    if returned {
        let pieces = money::allocate(amount_minor, &lines.iter().map(share).collect::<Vec<_>>());
        let price =
            |(line, piece): (&LineQuantity, i64)| Wish { line_no: line.line_no, quantity: line.quantity, amount_minor: Some(piece) };
        return Ok(lines.iter().zip(pieces).map(price).collect());
    }
    let mut open = amount_minor;
    let mut wishes = Vec::new();
    for line in &lines {
        let piece = open.min(account.line(line.line_no)?.refundable_minor());
        if piece > 0 {
            wishes.push(Wish { line_no: line.line_no, quantity: 0, amount_minor: Some(piece) });
            open -= piece;
        }
    }
    Ok(wishes)
}

/// Wishes from lines as they travel.
pub(crate) fn wishes(lines: &[RefundLine]) -> Result<Vec<Wish>> {
    if lines.iter().any(|line| line.quantity < 0) {
        return Err(bad_input("lines", "quantities are not negative"));
    }
    Ok(lines.iter().map(|line| Wish { line_no: line.line_no, quantity: line.quantity, amount_minor: line.amount_minor }).collect())
}

/// The result of a command as JSON.
pub(crate) fn answer(done: &Refunded) -> Value {
    json!({ "remedy_id": done.remedy, "effect_ids": done.effects, "amount_minor": done.amount_minor, "components": done.components })
}
