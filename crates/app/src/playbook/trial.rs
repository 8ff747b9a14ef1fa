//! Tries an edited playbook on past cases, one bounded batch a call: the caller goes on from `next`, shows how far it is, and stops at will.
//!
//! Owns what of a past case is put back before it is judged: what the case itself gave, so that it is judged as it stood before. Whatever
//! else became known of it stays known. Reads only.

use super::facts::{self, Known};
use super::publish::gather;
use super::source::Files;
use crate::case::row::CaseRow;
use crate::error::{Error, Result, bad_input};
use crate::figures::id_at;
use crate::{Context, Desk};
use aftercare_domain::china;
use aftercare_domain::figures::Figure;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::playbook::answer::Asking;
use aftercare_domain::playbook::table::Remedy;
use aftercare_domain::playbook::trial::{Gives, Happened, Sums, Verdict, Would, compare, would};
use aftercare_domain::playbook::{Catalogue, Playbook};
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_domain::time::{Micros, Span};
use aftercare_store::{Row, Tx, values};
use serde::{Deserialize, Serialize};

/// Cases of one call.
const BATCH: i64 = 60;
/// Differences told of one call.
const TOLD: usize = 60;

/// What is tried on which cases.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TryPlaybook {
    /// The text of its file.
    pub source: String,
    /// Shared files that were edited too, by path.
    #[serde(default)]
    pub shared: Files,
    /// Cases opened in the last days: 30 or 90.
    pub days: i64,
    /// The `next` of the call before.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub after: Option<Id>,
}

/// What one call tells.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Tried {
    /// Cases opened in these days, for the progress.
    pub total: i64,
    /// Cases looked at by this call, those still open among them.
    pub looked_at: i64,
    /// Sums of this call.
    #[schema(value_type = Object)]
    pub sums: Sums,
    /// Where both differ, in the order of opening.
    pub differing: Vec<Differing>,
    /// Where to go on; absent at the end.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub next: Option<Id>,
}

/// A case on which both differ.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Differing {
    /// The case.
    #[schema(value_type = String, format = "uuid")]
    pub case_id: Id,
    /// Its number for people.
    pub case_no: String,
    /// Its title.
    pub title: String,
    /// amount, other or silent.
    #[schema(value_type = String)]
    pub verdict: Verdict,
    /// The rung that would have come first; empty for a rule or for nothing.
    pub rung: String,
    /// What it would have given; absent for nothing.
    #[schema(value_type = Option<String>)]
    pub would: Option<Gives>,
    /// Minor units of it.
    pub would_minor: i64,
    /// A rule would have done it by itself.
    pub by_itself: bool,
    /// What was given.
    #[schema(value_type = String)]
    pub given: Gives,
    /// Minor units of it.
    pub given_minor: i64,
}

impl Desk {
    /// Tries an edited playbook on one batch of a shop's past cases.
    pub async fn try_playbook(&self, context: &Context, (shop, scenario): (ShopId, String), input: TryPlaybook) -> Result<Tried> {
        context.actor.may(Action::ManagePlaybooks, &Object::shop("shop", shop))?;
        context.actor.may(Action::ReadCase, &Object::shop("shop", shop))?;
        if ![30, 90].contains(&input.days) {
            return Err(bad_input("days", "30 or 90"));
        }
        let (now, start) = (context.now, context.now - Span::days(input.days));
        self.store
            .read(move |tx| {
                let catalogue = super::custom::catalogue(tx)?;
                let source = gather(tx, &scenario, &input.source, &input.shared)?;
                let playbook = source.compile(&catalogue).map_err(|faults| {
                    let first = faults.first().map(ToString::to_string).unwrap_or_default();
                    Refusal::new(Code::PlaybookFaulty).with("count", faults.len()).with("first", first)
                })?;
                let after = input.after.unwrap_or_else(|| id_at(start));
                let sql = format!("{} WHERE shop_id = $1 AND scenario = $2 AND id > $3 ORDER BY id LIMIT $4", CaseRow::SELECT);
                let cases = tx.query(&sql, &values![shop, &scenario, after, BATCH], CaseRow::read)?;
                let next = cases.last().filter(|_| cases.len() as i64 == BATCH).map(|case| case.id);
                let mut tried = Tried {
                    total: opened(tx, shop, &scenario, (start, now))?,
                    looked_at: cases.len() as i64,
                    sums: Sums::default(),
                    differing: Vec::new(),
                    next,
                };
                for case in cases.into_iter().filter(|case| !case.open && case.merged_into.is_none()) {
                    one(tx, case, &catalogue, &playbook, &mut tried)?;
                }
                Ok::<_, Error>(tried)
            })
            .await
    }
}

/// How many cases of the scenario were opened, by the board's own sums.
fn opened(tx: &mut Tx<'_>, shop: ShopId, scenario: &str, (from, to): (Micros, Micros)) -> Result<i64> {
    let mut sum = 0;
    let sql =
        "SELECT bucket, count FROM counter WHERE shop_id = $1 AND name = $2 AND bucket >= $3 AND bucket < $4 ORDER BY bucket LIMIT 10000";
    let read = |row: &Row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?));
    let days = (china::day(from), china::day(to + Span::days(1)));
    for (bucket, count) in tx.query(sql, &values![shop, format!("f:{}", Figure::Opened), &days.0, &days.1], read)? {
        sum += if bucket.get(11..) == Some(scenario) { count } else { 0 };
    }
    Ok(sum)
}

fn one(tx: &mut Tx<'_>, case: CaseRow, catalogue: &Catalogue, playbook: &Playbook, tried: &mut Tried) -> Result<()> {
    let past = Past::of(tx, &case)?;
    let happened = past.happened();
    let at = past.decided_at.unwrap_or(case.opened_at);
    let known = before(Known::load(tx, &case, china::midnight(at))?);
    let (id, case_no, title) = (case.id, case.case_no.clone(), case.title.clone());
    let (settings, at_stake) = (known.head.settings.clone(), case.amount_minor);
    let facts = facts::project(&reopened(case), &known, catalogue, Some(playbook), at).facts;
    let asking = Asking { book: playbook, catalogue, facts: &facts };
    let answer = would(asking, at_stake, |rule| super::rules::is_on(&settings, rule));
    let verdict = compare(answer.as_ref(), happened);
    tried.sums.add(answer.as_ref(), happened, verdict);
    if verdict != Verdict::Same && tried.differing.len() < TOLD {
        let Would { rung, amount_minor, by_itself, .. } =
            answer.clone().unwrap_or(Would { rung: String::new(), gives: Gives::Nothing, amount_minor: 0, by_itself: false });
        tried.differing.push(Differing {
            case_id: id,
            case_no,
            title,
            verdict,
            rung,
            would: answer.map(|answer| answer.gives),
            would_minor: amount_minor,
            by_itself,
            given: happened.gives,
            given_minor: happened.amount_minor,
        });
    }
    Ok(())
}

/// What was given on a case, and when it was decided.
#[derive(Default)]
struct Past {
    accepted: Option<Remedy>,
    refunded: i64,
    paid_out: i64,
    returned: bool,
    goods: bool,
    decided_at: Option<Micros>,
}

impl Past {
    fn of(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Self> {
        let mut past = Self::default();
        let offers = "SELECT remedy, state, at FROM offer WHERE shop_id = $1 AND case_id = $2 ORDER BY id LIMIT 100";
        let read = |row: &Row| Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<Micros>(2)?));
        for (remedy, state, at) in tx.query(offers, &values![case.shop, case.id], read)? {
            past.decided_at = past.decided_at.or(Some(at));
            if matches!(state.as_str(), "accepted" | "executing" | "done") {
                past.accepted = Remedy::parse(&remedy);
            }
        }
        let effects =
            "SELECT kind, amount_minor, at FROM effect WHERE shop_id = $1 AND case_id = $2 AND state = 'succeeded' ORDER BY id LIMIT 200";
        let read = |row: &Row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?, row.get::<Micros>(2)?));
        for (kind, amount, at) in tx.query(effects, &values![case.shop, case.id], read)? {
            if kind == "refund" {
                past.refunded += amount
            } else {
                past.paid_out += amount
            }
            if amount > 0 {
                past.decided_at = Some(past.decided_at.map_or(at, |before| before.min(at)));
            }
        }
        let requests =
            "SELECT kind, state FROM request WHERE shop_id = $1 AND case_id = $2 AND state IN ('done', 'agreed') ORDER BY id LIMIT 100";
        for (kind, _) in tx.query(requests, &values![case.shop, case.id], |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)))? {
            past.returned |= kind == "return_refund";
            past.goods |= matches!(kind.as_str(), "exchange" | "reship");
        }
        Ok(past)
    }

    /// What an accepted offer says, else what the money and the requests say.
    fn happened(&self) -> Happened {
        let gives = match self.accepted {
            Some(remedy) => Gives::of(remedy),
            None if self.refunded > 0 && self.returned => Gives::Return,
            None if self.refunded > 0 => Gives::Refund,
            None if self.goods => Gives::Goods,
            None if self.paid_out > 0 => Gives::Payout,
            None => Gives::Nothing,
        };
        Happened { gives, amount_minor: self.refunded + self.paid_out }
    }
}

/// The case as open as it was.
fn reopened(case: CaseRow) -> CaseRow {
    CaseRow {
        open: true,
        stage: "negotiation".into(),
        waiting_on: "agent".into(),
        result: String::new(),
        confirmation: String::new(),
        satisfaction: None,
        closed_at: None,
        ..case
    }
}

/// What is known, with what the order has given since put back.
fn before(mut known: Known) -> Known {
    if let Some(order) = &mut known.head.order {
        (order.refunded, order.in_flight, order.payouts) = (0, 0, 0);
    }
    for line in &mut known.lines {
        (line.refunded, line.in_flight, line.refunded_units) = (0, 0, 0);
        (line.requested, line.received, line.made_good) = (0, 0, 0);
    }
    for request in &mut known.requests {
        if matches!(request.state.as_str(), "done" | "agreed" | "lapsed") {
            (request.open, request.state) = (true, "open".into());
        }
    }
    known.work.offers_refused = 0;
    known.work.accepted_at = None;
    known.price_paid = 0;
    known
}
