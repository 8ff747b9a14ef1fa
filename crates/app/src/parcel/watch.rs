//! Looks after parcels that go quiet: when silence, or the carrier's own word, means trouble, a case is there before the buyer writes.
//!
//! Owns the timers of parcels. Only parcels whose carrier has been heard are watched. What counts as trouble is the domain's judgement;
//! which scenario the case is, the playbooks say from the problem.

use super::ParcelRow;
use crate::case::open::{NewRequest, OpenCase};
use crate::command::{self, CaseRef, Change};
use crate::error::{Error, Result};
use crate::timer::{self, Timer};
use crate::{Context, Desk};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::parcel::{Direction, Limits, State, Verdict, View};
use aftercare_domain::people::Action;
use aftercare_domain::time::Micros;
use aftercare_store::{Row, Tx, values};
use serde_json::{Value, json};
use std::sync::LazyLock;

static LIMITS: LazyLock<Limits> = LazyLock::new(Limits::shipped);

/// The limits in force, for whoever else asks whether a parcel is stuck.
pub(crate) fn limits() -> &'static Limits {
    &LIMITS
}

/// The kind of timer.
pub(crate) const KIND: &str = "parcel_watch";

/// What is known of a parcel when it is looked at.
struct Look {
    parcel: ParcelRow,
    order_no: Option<String>,
    refundable_minor: i64,
    verdict: Verdict,
    rule: Option<(String, i64)>,
    again: Option<Micros>,
    cases: Vec<Id>,
}

/// Sets the next look: at once when the verdict changed, else when silence reaches the next limit. An earlier look is taken back.
pub(crate) fn set(tx: &mut Tx<'_>, shop: ShopId, parcel: Id, now: Micros) -> Result<()> {
    let look = look(tx, shop, parcel, now)?;
    let changed = look.verdict.as_str() != look.parcel.verdict && !(look.parcel.verdict.is_empty() && look.verdict.problem().is_none());
    timer::cancel_loose(tx, shop, KIND, parcel)?;
    if let Some(due) = if changed { Some(now) } else { look.again } {
        timer::set_loose(tx, shop, KIND, parcel, due, now);
    }
    Ok(())
}

fn look(tx: &mut Tx<'_>, shop: ShopId, id: Id, now: Micros) -> Result<Look> {
    let parcel = ParcelRow::load(tx, shop, id)?;
    let platform = tx.query_opt("SELECT platform FROM shop WHERE id = $1", &values![shop], |row| row.get::<String>(0))?.unwrap_or_default();
    let sql = "SELECT order_no, facts, paid_minor - refunded_minor - in_flight_minor FROM orders WHERE shop_id = $1 AND id = $2";
    let read = |row: &Row| Ok((row.get::<String>(0)?, row.get::<Value>(1)?, row.get::<i64>(2)?));
    let order = match parcel.order {
        Some(order) => tx.query_opt(sql, &values![shop, order], read)?,
        None => None,
    };
    let cases = parcel.open_cases(tx, shop)?;
    let (order_no, facts, refundable_minor) = order.map_or((None, Value::Null, 0), |(no, facts, left)| (Some(no), facts, left));
    let view = View {
        platform: &platform,
        state: parcel.state.unwrap_or(State::Created),
        route: facts["parcel.route"].as_str(),
        silent_since: parcel.last_event_at.or(parcel.shipped_at).unwrap_or(parcel.created_at),
        refused: parcel.refused,
    };
    let (verdict, again, rule) = match parcel.direction {
        Direction::Out => {
            let (verdict, limit) = LIMITS.judge(&view, now);
            (verdict, LIMITS.next_look(&view, now), limit.map(|limit| (limit.source.rule.clone(), limit.hours)))
        }
        // The buyer's own parcel: its clocks belong to the return.
        Direction::In => (Verdict::Moving, None, None),
    };
    Ok(Look { parcel, order_no, refundable_minor, verdict, rule, again, cases })
}

impl Desk {
    /// Looks at the parcel of a timer that is due; false when another node has.
    pub(crate) async fn watch_parcel(&self, timer: Timer, now: Micros) -> Result<bool> {
        let (shop, id) = (timer.shop, timer.subject);
        let seen = self.store.read(move |tx| look(tx, shop, id, now)).await?;
        let known = seen.verdict.as_str() == seen.parcel.verdict;
        // The case first: should the program die here, the timer is still there and the same key opens nothing twice.
        if !known && seen.cases.is_empty() {
            self.open_before_the_buyer_asks(shop, &seen, now).await?;
        }
        let (tools, context) = (self.tools(), Context::desk(now));
        let changed = self
            .store
            .write(move |tx| {
                let mut look = look(tx, shop, id, now)?;
                for case in &look.cases {
                    crate::case::row::CaseRow::lock(tx, shop, *case)?;
                }
                if !timer::take(tx, &timer)? {
                    return Ok::<_, Error>(None);
                }
                if let Some(due) = look.again.take() {
                    timer::set_loose(tx, shop, KIND, id, due, now);
                }
                let sql = "UPDATE parcel SET verdict = $3 WHERE shop_id = $1 AND id = $2 AND verdict <> $3";
                let mut told = Vec::new();
                if tx.execute(sql, &values![shop, id, look.verdict.as_str()])? == 1 {
                    for case in look.cases.clone() {
                        let mut decide = |change: &mut Change<'_, '_>| {
                            change.event("parcel_judged", look.event());
                            Ok(json!({}))
                        };
                        let at = CaseRef { shop, id: case };
                        told.push(command::run(tx, &tools, &context, at, Action::Wait.into(), &mut decide)?);
                    }
                }
                Ok(Some(told))
            })
            .await?;
        for case in changed.iter().flatten() {
            self.announce(CaseRef { shop, id: case.case_id }, case.version);
        }
        Ok(changed.is_some())
    }

    async fn open_before_the_buyer_asks(&self, shop: ShopId, seen: &Look, now: Micros) -> Result<()> {
        let (Some(problem), Some(order_no)) = (seen.verdict.problem(), seen.order_no.clone()) else { return Ok(()) };
        if seen.refundable_minor == 0 {
            // Everything is paid back: nobody waits for this parcel any more.
            return Ok(());
        }
        let context = Context { key: Some(format!("{KIND}/{}/{problem}", seen.parcel.id)), ..Context::desk(now) };
        let request = NewRequest { kind: "inquiry".into(), reason: problem.into(), amount_minor: None, lines: vec![] };
        let input = OpenCase {
            order_no: Some(order_no),
            channel: "tracking".into(),
            text: String::new(),
            request: Some(request),
            scenario: None,
            external_ref: None,
            severity: None,
            emotion: None,
        };
        self.open_case(&context, shop, input).await.map(drop)
    }
}

impl Look {
    fn event(&self) -> Value {
        let (rule, hours) = self.rule.clone().unzip();
        json!({ "parcel": self.parcel.id, "verdict": self.verdict, "state": self.parcel.state, "rule": rule, "hours": hours })
    }
}
