//! Drafts an offer: free, or a rung of the ladder with what it says filled in. Owns the command and whether an approval is needed.

use super::Words;
use super::acts::of_remedy;
use super::rung;
use crate::approval::spending;
use crate::case::open::{LineQuantity, TEXT_LIMIT};
use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::error::{Result, bad_input};
use crate::ids::new_id;
use crate::promise::by_hand::team;
use crate::{Context, Desk, authority};
use aftercare_domain::case::Happened;
use aftercare_domain::offer::Offer;
use aftercare_domain::people::authority::{Cap, Need};
use aftercare_domain::people::{Action, Team};
use aftercare_domain::playbook::table::{Act, Means, Remedy};
use aftercare_domain::time::{Micros, Span};
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What is proposed. With a rung, whatever is absent is what the rung says.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOffer {
    /// A rung of the case's ladder.
    #[serde(default)]
    pub rung: Option<String>,
    /// refund, return_refund, exchange, reship, compensation, freight_reimbursement, repair, onsite_visit, intercept, order_change, explanation.
    #[serde(default)]
    pub remedy: Option<String>,
    /// Of a compensation: coupon, points, level, red_packet, gift, cash.
    #[serde(default)]
    pub means: Option<String>,
    /// Minor units.
    #[serde(default)]
    pub amount_minor: Option<i64>,
    /// Lines and units it is about.
    #[serde(default)]
    pub lines: Option<Vec<LineQuantity>>,
    /// What the shop does; sealed, like the other words.
    #[serde(default)]
    pub what: Option<String>,
    /// Why this.
    #[serde(default)]
    pub why: Option<String>,
    /// By when the shop has done its part.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    pub by_when: Option<Micros>,
    /// What the buyer has to do; "nothing" is said too.
    #[serde(default)]
    pub buyer_must: Option<String>,
    /// What follows.
    #[serde(default)]
    pub follows: Option<String>,
    /// What becomes a promise on acceptance.
    #[serde(default)]
    pub promise: Option<OfferPromise>,
}

/// The promise an acceptance makes.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferPromise {
    /// Who keeps it.
    pub team: String,
    /// Hours from the acceptance.
    pub within_h: i64,
    /// The words; sealed.
    pub text: String,
}

/// A draft with everything decided that does not need the case.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) rung: String,
    pub(super) remedy: Remedy,
    pub(super) means: String,
    pub(super) amount_minor: i64,
    pub(super) cap_minor: Option<i64>,
    pub(super) limit_minor: Option<i64>,
    pub(super) lines: Vec<LineQuantity>,
    pub(super) words: Words,
    pub(super) promise: Option<(Team, Span)>,
    pub(super) acts: Vec<Act>,
}

fn check(input: &NewOffer) -> Result<()> {
    let words = [&input.what, &input.why, &input.buyer_must, &input.follows];
    if words.into_iter().flatten().any(|text| text.len() > TEXT_LIMIT) {
        return Err(bad_input("what", format!("each part at most {TEXT_LIMIT} bytes")));
    }
    if input.amount_minor.is_some_and(|amount| amount < 0) {
        return Err(bad_input("amount_minor", "not negative"));
    }
    if let Some(promise) = &input.promise {
        team(&promise.team)?;
        if !(1..=24 * 90).contains(&promise.within_h) || promise.text.trim().is_empty() || promise.text.len() > TEXT_LIMIT {
            return Err(bad_input("promise", "words, and 1 to 2160 hours"));
        }
    }
    let odd_line = |line: &LineQuantity| line.quantity <= 0 || line.line_no <= 0;
    if input.lines.iter().flatten().any(odd_line) {
        return Err(bad_input("lines", "positive numbers"));
    }
    Ok(())
}

/// A free offer: everything comes from whoever proposes it.
fn free(input: &NewOffer) -> Result<Draft> {
    let remedy = input.remedy.as_deref().and_then(Remedy::parse).ok_or_else(|| bad_input("remedy", "a kind of solution"))?;
    let promise = input.promise.as_ref().map(|p| Ok::<_, crate::Error>((team(&p.team)?, Span::hours(p.within_h)))).transpose()?;
    let words = |text: &Option<String>| text.clone().unwrap_or_default();
    Ok(Draft {
        rung: input.rung.clone().unwrap_or_default(),
        remedy,
        means: means(remedy, input.means.as_deref())?,
        amount_minor: input.amount_minor.unwrap_or(0),
        cap_minor: None,
        limit_minor: None,
        lines: input.lines.clone().unwrap_or_default(),
        words: Words {
            what: words(&input.what),
            why: words(&input.why),
            by_when: input.by_when,
            buyer_must: words(&input.buyer_must),
            follows: words(&input.follows),
            promise: input.promise.as_ref().map(|p| p.text.clone()).unwrap_or_default(),
        },
        promise,
        acts: of_remedy(remedy),
    })
}

/// The means of a compensation; other remedies have none.
pub(super) fn means(remedy: Remedy, given: Option<&str>) -> Result<String> {
    match (remedy, given) {
        (Remedy::Compensation, Some("small_payment")) => Ok("small_payment".into()),
        (Remedy::FreightReimbursement, None | Some("cash" | "small_payment")) => Ok("small_payment".into()),
        (Remedy::Compensation, given) => {
            let means = given
                .and_then(Means::parse)
                .ok_or_else(|| bad_input("means", "coupon, points, level, red_packet, gift, cash or small_payment"))?;
            Ok(means.as_str().to_owned())
        }
        (_, None) => Ok(String::new()),
        (_, Some(_)) => Err(bad_input("means", "only of a compensation; freight is paid by small_payment")),
    }
}

const OFFER: &[&str] = &[
    "shop_id",
    "case_id",
    "id",
    "rung",
    "remedy",
    "means",
    "amount_minor",
    "cap_minor",
    "lines",
    "state",
    "text_sealed",
    "promise_team",
    "promise_within_us",
    "acts",
    "at",
    "actor_id",
];

/// Adds a draft; ready to be sent, or waiting for an approval of its exact amount.
pub(super) fn insert(change: &mut Change<'_, '_>, draft: Draft) -> Result<Value> {
    change.must_be_open()?;
    let kind = spending(draft.remedy.as_str(), &draft.means);
    if let Some(limit) = draft.limit_minor {
        // a hard limit binds everyone; the answer about the soft cap is asked for below
        authority::need(change, kind, draft.amount_minor, Some(Cap { amount_minor: limit, soft: false }))?;
    }
    let cap = draft.cap_minor.map(|amount_minor| Cap { amount_minor, soft: true });
    let why = match authority::need(change, kind, draft.amount_minor, cap)? {
        Need::Approval(why) if draft.amount_minor > 0 => why,
        _ => Vec::new(),
    };
    let state = Offer::draft(!why.is_empty()).state;
    let (now, id) = (change.context.now, new_id(change.context.now));
    let due = draft.words.by_when.unwrap_or(now + draft.promise.map_or(Span::hours(0), |(_, within)| within));
    let words = draft.words.filled(draft.amount_minor, due)?;
    let text = serde_json::to_string(&words).unwrap_or_default();
    let text = change.key()?.seal("offer.text", &text);
    let acts: Vec<&str> = draft.acts.iter().map(|act| act.as_str()).collect();
    let actor = change.context.actor.stored_id();
    let row = values![
        change.case.shop,
        change.case.id,
        id,
        &draft.rung,
        draft.remedy.as_str(),
        &draft.means,
        draft.amount_minor,
        draft.cap_minor,
        json!(draft.lines),
        state.as_str(),
        text,
        draft.promise.map_or("", |(team, _)| team.as_str()),
        draft.promise.map(|(_, within)| within.0),
        json!(acts),
        now,
        actor
    ];
    change.tx.insert("offer", OFFER, row);
    change.event(
        "offer_drafted",
        json!({ "offer": id, "rung": draft.rung, "remedy": draft.remedy, "means": draft.means, "amount_minor": draft.amount_minor,
            "cap_minor": draft.cap_minor, "state": state, "why": why }),
    );
    change.happened(Happened::Offered)?;
    Ok(json!({ "offer_id": id, "state": state, "why": why }))
}

impl Desk {
    /// Drafts an offer.
    pub async fn draft_offer(&self, context: &Context, at: CaseRef, input: NewOffer) -> Result<Changed> {
        check(&input)?;
        let repeat = Repeat::of(context, format!("offer/{}", at.id), &input);
        let free = if input.rung.is_none() { Some(free(&input)?) } else { None };
        self.change(context, at, Action::Offer, false, repeat, move |change| {
            let draft = match (&free, &input.rung) {
                (None, Some(rung)) => rung::draft(change, &input, rung)?,
                (Some(free), _) => free.clone(),
                (None, None) => return Err(bad_input("remedy", "a kind of solution, or a rung")),
            };
            insert(change, draft)
        })
        .await
    }
}
