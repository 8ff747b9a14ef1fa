//! Holds stock for a case (锁库) until a time; from another warehouse when the one that ships is short. Owns that nobody holds more than is there.

use super::{CLOCK, move_stock, shelves};
use crate::case::deadline::{self, NewDeadline};
use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::error::{Result, bad_input};
use crate::ids::new_id;
use crate::shop::goods::MAIN;
use crate::{Context, Desk, task};
use aftercare_domain::case::Happened;
use aftercare_domain::deadline::AtZero;
use aftercare_domain::id::Id;
use aftercare_domain::people::{Action, Team};
use aftercare_domain::reservation::{State, choose};
use aftercare_domain::time::{Micros, Span};
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What to hold, and how long.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReservation {
    /// The variant.
    pub sku: String,
    /// Pieces.
    pub quantity: i64,
    /// Hours from now; at the end it is given free by itself.
    pub until_h: i64,
}

/// The longest reservation: a month.
const MOST_H: i64 = 24 * 31;

/// Pieces to hold.
pub(crate) struct Wanted<'a> {
    pub(crate) sku: &'a str,
    pub(crate) quantity: i64,
    pub(crate) until: Micros,
}

/// Holds stock inside a change.
///
/// # Errors
/// `out_of_stock` when no warehouse has them all.
pub(crate) fn hold(change: &mut Change<'_, '_>, wanted: &Wanted<'_>) -> Result<Id> {
    change.must_be_open()?;
    let shelves = shelves(change, wanted.sku)?;
    let place = &shelves[choose(&shelves, wanted.quantity)?];
    move_stock(change, wanted.sku, &place.warehouse, 0, wanted.quantity)?;
    let (shop, case, now) = (change.case.shop, change.case.id, change.context.now);
    let id = new_id(now);
    const COLUMNS: &[&str] = &["shop_id", "id", "case_id", "sku", "warehouse", "quantity", "state", "until", "at"];
    let row = values![shop, id, case, wanted.sku, &place.warehouse, wanted.quantity, State::Held.as_str(), wanted.until, now];
    change.tx.insert("reservation", COLUMNS, row);
    let transfer = place.warehouse != MAIN;
    change.event(
        "stock_reserved",
        json!({ "reservation": id, "sku": wanted.sku, "quantity": wanted.quantity, "warehouse": place.warehouse, "transfer": transfer, "until": wanted.until }),
    );
    let clock = NewDeadline {
        clock: CLOCK.into(),
        label: "锁库到期".into(),
        source: "follow_up".into(),
        rule: String::new(),
        started_at: now,
        due_at: Some(wanted.until),
        at_zero: AtZero::Release.as_str().into(),
        subject: Some(id),
    };
    deadline::open(change, clock);
    if transfer {
        let text = format!("从 {} 仓调拨 {} ×{}，换货用，已锁", place.warehouse, wanted.sku, wanted.quantity);
        task::tell(change, Team::Warehouse, "transfer", id, &text)?;
    }
    change.happened(Happened::WorkStarted)?;
    Ok(id)
}

impl Desk {
    /// Holds stock for the case.
    pub async fn reserve(&self, context: &Context, at: CaseRef, input: NewReservation) -> Result<Changed> {
        if !(1..=64).contains(&input.sku.len()) || !(1..=100_000).contains(&input.quantity) {
            return Err(bad_input("sku", "1 to 64 bytes, and a positive quantity"));
        }
        if !(1..=MOST_H).contains(&input.until_h) {
            return Err(bad_input("until_h", format!("1 to {MOST_H}")));
        }
        let repeat = Repeat::of(context, format!("reserve/{}", at.id), &input);
        self.change(context, at, Action::Reserve, false, repeat, move |change| {
            let until = change.context.now + Span::hours(input.until_h);
            let id = hold(change, &Wanted { sku: &input.sku, quantity: input.quantity, until })?;
            Ok(json!({ "reservation_id": id, "until": until }))
        })
        .await
    }
}
