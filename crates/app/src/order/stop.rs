//! Stops goods (拦停、拦截): asks the warehouse to hold an order, or the carrier to turn a parcel round. Owns asking once while an answer is out.

use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::effect::{self, NewEffect};
use crate::error::{Result, bad_input, not_found};
use crate::parcel::ParcelRow;
use crate::{Context, Desk};
use aftercare_domain::effect::Kind;
use aftercare_domain::id::Id;
use aftercare_domain::parcel::{Direction, State};
use aftercare_domain::people::Action;
use aftercare_domain::refusal::Code;
use aftercare_domain::time::Span;
use aftercare_store::{Row, values};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What must not leave.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Freeze {
    /// Numbers of whole lines; absent: the whole order.
    pub line_nos: Option<Vec<i64>>,
}

/// What must turn round.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Intercept {
    /// The parcel; absent: the one on its way.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub parcel_id: Option<Id>,
}

/// Asks the warehouse to hold the order, inside a change.
///
/// # Errors
/// `order_out` when the buyer has it already.
pub(crate) fn freeze(change: &mut Change<'_, '_>, lines: Option<&[i64]>) -> Result<Id> {
    let order = change.case.order.ok_or_else(|| not_found("order"))?;
    let sql = "SELECT signed_at, completed_at FROM orders WHERE shop_id = $1 AND id = $2";
    let read = |row: &Row| Ok(row.get::<Option<i64>>(0)?.is_some() || row.get::<Option<i64>>(1)?.is_some());
    if change.tx.query_opt(sql, &values![change.case.shop, order], read)?.unwrap_or(false) {
        return Err(Code::OrderOut.into());
    }
    let body = json!({ "lines": lines });
    ask(change, Kind::FreezeShipment, body, "order.freeze", "请拦停这张订单的发货，并答复：已拦下还是已出库")
}

/// Asks the carrier to turn the parcel round, inside a change.
///
/// # Errors
/// `nothing_on_the_way`.
pub(crate) fn intercept(change: &mut Change<'_, '_>, parcel: Option<Id>) -> Result<Id> {
    let parcel = on_the_way(change, parcel)?;
    let body = json!({ "parcel": parcel.id, "carrier": parcel.carrier, "waybill": parcel.waybill });
    ask(change, Kind::Intercept, body, "parcel.intercept", "请联系快递拦截这个包裹，并答复结果")
}

fn on_the_way(change: &mut Change<'_, '_>, wanted: Option<Id>) -> Result<ParcelRow> {
    let (shop, order) = (change.case.shop, change.case.order.ok_or_else(|| not_found("order"))?);
    let going = |row: &ParcelRow| row.direction == Direction::Out && !row.state.is_some_and(State::is_over);
    let parcels = crate::parcel::of(change.tx, shop, order)?;
    let found = match wanted {
        Some(id) => parcels.into_iter().find(|row| row.id == id).filter(going),
        None => parcels.into_iter().rev().find(going),
    };
    found.ok_or_else(|| Code::NothingOnTheWay.into())
}

/// One question at a time: while an answer is out, asking again is the same question.
fn ask(change: &mut Change<'_, '_>, kind: Kind, body: Value, fact: &str, words: &str) -> Result<Id> {
    let sql =
        "SELECT COUNT(*) FROM effect WHERE shop_id = $1 AND case_id = $2 AND kind = $3 AND state IN ('succeeded', 'rejected', 'cancelled')";
    let params = values![change.case.shop, change.case.id, kind.as_str()];
    let asked = change.tx.query_opt(sql, &params, |row| row.get::<i64>(0))?.unwrap_or(0);
    let by_hand = effect::by_hand(change, kind)?;
    let identity = format!("{kind}/{}/{asked}", change.case.id);
    let known = "SELECT id FROM effect WHERE shop_id = $1 AND identity = $2";
    if let Some(id) = change.tx.query_opt(known, &values![change.case.shop, &identity], |row| row.get::<Id>(0))? {
        return Ok(id);
    }
    let id = effect::plan(change, NewEffect { by_hand, body, ..NewEffect::new(kind, identity) })?;
    change.set_fact(fact, "asked");
    if let Some(team) = by_hand {
        let due = change.context.now + Span::hours(1);
        effect::hand_to(change, team, id, words, Some(due))?;
    }
    Ok(id)
}

impl Desk {
    /// Stops an order before it leaves; the warehouse answers stopped or already out.
    pub async fn freeze(&self, context: &Context, at: CaseRef, input: Freeze) -> Result<Changed> {
        if input.line_nos.as_ref().is_some_and(|lines| lines.is_empty() || lines.len() > 500 || lines.iter().any(|line| *line < 1)) {
            return Err(bad_input("line_nos", "1 to 500 line numbers, or leave it out for the whole order"));
        }
        let repeat = Repeat::of(context, format!("freeze/{}", at.id), &input);
        self.change(context, at, Action::Freeze, false, repeat, move |change| {
            change.must_be_open()?;
            let id = freeze(change, input.line_nos.as_deref())?;
            Ok(json!({ "effect_id": id }))
        })
        .await
    }

    /// Turns a parcel round; the carrier answers confirmed or failed.
    pub async fn intercept(&self, context: &Context, at: CaseRef, input: Intercept) -> Result<Changed> {
        let repeat = Repeat::of(context, format!("intercept/{}", at.id), &input);
        self.change(context, at, Action::Intercept, false, repeat, move |change| {
            change.must_be_open()?;
            let id = intercept(change, input.parcel_id)?;
            Ok(json!({ "effect_id": id }))
        })
        .await
    }
}
