//! The inspection (退货质检): units by condition, photos and the video; units are booked as received, good ones go back on the shelf.
//!
//! Owns the inspection rows. It proposes; refund, agreed deduction or refusal are other commands.

use super::scan;
use crate::case::open::LineQuantity;
use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::error::{Error, Result, bad_input};
use crate::ids::new_id;
use crate::ledger::units;
use crate::parcel::ParcelRow;
use crate::{Context, Desk, policy};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::inspection::{Condition, Expected, Grade, Outcome, Units, judge};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::refusal::Code;
use aftercare_store::{Row, values};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What was found.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInspection {
    /// Units by line and condition.
    pub units: Vec<InspectedUnits>,
    /// Photos taken.
    #[serde(default)]
    pub photos: i64,
    /// Whether the opening was filmed. Without it nothing can be refused because of the goods.
    #[serde(default)]
    pub video: bool,
}

/// Units of one line in one condition.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InspectedUnits {
    /// The line of the order.
    pub line_no: i64,
    /// How many.
    pub quantity: i64,
    /// good, damaged, missing, wrong, not_intact.
    pub condition: String,
    /// A grade of the shop's table (`settings.grades`).
    #[serde(default)]
    pub grade: Option<String>,
    /// Criteria of the category that were not met, by their id.
    #[serde(default)]
    pub failed: Vec<String>,
    /// What was seen; sealed.
    #[serde(default)]
    pub note: Option<String>,
}

impl NewInspection {
    fn units(&self) -> Result<Vec<Units>> {
        if self.units.len() > 500 || !(0..=1_000).contains(&self.photos) {
            return Err(bad_input("units", "at most 500, and 0 to 1000 photos"));
        }
        let name = |text: &String| text.len() <= 40 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let of = |unit: &InspectedUnits| {
            let fine = unit.failed.len() <= 30 && unit.failed.iter().chain(&unit.grade).all(name);
            if !fine || unit.note.as_ref().is_some_and(|note| note.len() > 2_000) {
                return Err(bad_input("units", "grade and failed are short names, a note has at most 2000 bytes"));
            }
            let condition = Condition::parse(&unit.condition);
            let condition = condition.ok_or_else(|| bad_input("units.condition", "good, damaged, missing, wrong or not_intact"))?;
            let (line_no, quantity, grade, failed) = (unit.line_no, unit.quantity, unit.grade.clone(), unit.failed.clone());
            Ok(Units { line_no, quantity, condition, grade, failed })
        };
        self.units.iter().map(of).collect()
    }

    /// What was seen, line by line; `None` when nothing was written.
    fn notes(&self) -> Option<String> {
        let notes: Vec<Value> =
            self.units.iter().filter_map(|unit| Some(json!({ "line_no": unit.line_no, "note": unit.note.as_ref()? }))).collect();
        (!notes.is_empty()).then(|| Value::from(notes).to_string())
    }
}

impl Desk {
    /// Records the inspection of a parcel. Each parcel is inspected once.
    pub async fn inspect_return(&self, context: &Context, shop: ShopId, parcel: Id, input: NewInspection) -> Result<Changed> {
        context.actor.may(Action::Inspect, &Object::shop("shop", shop))?;
        let units = input.units()?;
        let case = self.store.read(move |tx| {
            let row = ParcelRow::load(tx, shop, parcel)?;
            Ok::<_, Error>(scan::case_of(tx, shop, &row)?.ok_or(Code::ParcelUnclaimed)?)
        });
        let at = CaseRef { shop, id: case.await? };
        let repeat = Repeat::of(context, format!("returns/inspect/{parcel}"), &input);
        let key = self.case_key(at).await?;
        let note = input.notes().map(|notes| key.seal("inspection.note", &notes));
        let (photos, video) = (input.photos, input.video);
        self.change(context, at, Action::Inspect, false, repeat, move |change| {
            let row = ParcelRow::lock(change.tx, shop, parcel)?;
            if row.inspected_at.is_some() {
                return Err(Code::ParcelInspected.into());
            }
            if row.scanned_at.is_none() {
                scan::book(change, &row)?;
            }
            let row = ParcelRow::lock(change.tx, shop, parcel)?;
            let outcome = found(change, &units)?;
            let id = write(change, &row, &units, &outcome, (photos, video), note.clone())?;
            let back = came_back(&units);
            if !back.is_empty() {
                units::received(change, row.request, &back)?;
            }
            put_back(change, &units)?;
            Ok(json!({ "inspection_id": id, "condition": outcome.worst, "intact": outcome.intact, "received": outcome.received,
                "proposal": outcome.proposal, "deduction_minor": outcome.deduction_minor }))
        })
        .await
    }
}

fn found(change: &mut Change<'_, '_>, units: &[Units]) -> Result<Outcome> {
    let sql = "SELECT line_no, quantity, paid_minor FROM order_line WHERE shop_id = $1 AND order_id = $2 LIMIT 2000";
    let read = |row: &Row| Ok(Expected { line_no: row.get(0)?, quantity: row.get(1)?, paid_minor: row.get(2)? });
    let expected = match change.case.order {
        Some(order) => change.tx.query(sql, &values![change.case.shop, order], read)?,
        None => Vec::new(),
    };
    let settings = policy::settings(change.tx, change.case.shop)?;
    let grades: Vec<Grade> = serde_json::from_value(settings["grades"].clone()).unwrap_or_default();
    Ok(judge(units, &expected, &grades)?)
}

fn write(
    change: &mut Change<'_, '_>,
    row: &ParcelRow,
    units: &[Units],
    outcome: &Outcome,
    (photos, video): (i64, bool),
    note: Option<Vec<u8>>,
) -> Result<Id> {
    let (shop, now, id) = (change.case.shop, change.context.now, new_id(change.context.now));
    const COLUMNS: &[&str] =
        &["shop_id", "id", "parcel_id", "case_id", "units", "photos", "video", "verdict", "outcome", "note_sealed", "at", "actor_id"];
    let actor = change.context.actor.stored_id();
    let worst = outcome.worst.as_str();
    let line = values![shop, id, row.id, change.case.id, json!(units), photos, video, worst, json!(outcome), note, now, actor];
    change.tx.insert("inspection", COLUMNS, line);
    change.tx.execute("UPDATE parcel SET inspected_at = $3 WHERE shop_id = $1 AND id = $2", &values![shop, row.id, now])?;
    change.case.verdict = worst.to_owned();
    change.event(
        "inspected",
        json!({ "inspection": id, "parcel": row.id, "condition": worst, "intact": outcome.intact, "received": outcome.received,
            "absent": outcome.absent, "proposal": outcome.proposal, "deduction_minor": outcome.deduction_minor, "photos": photos, "video": video }),
    );
    Ok(id)
}

/// Units of each line that are in the warehouse now.
fn came_back(units: &[Units]) -> Vec<LineQuantity> {
    let mut lines: BTreeMap<i64, i64> = BTreeMap::new();
    for unit in units.iter().filter(|unit| unit.condition.came_back()) {
        *lines.entry(unit.line_no).or_default() += unit.quantity;
    }
    lines.into_iter().map(|(line_no, quantity)| LineQuantity { line_no, quantity }).collect()
}

/// Good units go back on the shelf; a parcel is inspected once, so each goes back once.
fn put_back(change: &mut Change<'_, '_>, units: &[Units]) -> Result<()> {
    for unit in units.iter().filter(|unit| unit.condition == Condition::Good) {
        let sql = "INSERT INTO stock (shop_id, sku, on_hand) SELECT shop_id, sku, $4 FROM order_line WHERE shop_id = $1 AND order_id = $2 AND line_no = $3
            ON CONFLICT (shop_id, sku, warehouse) DO UPDATE SET on_hand = stock.on_hand + excluded.on_hand, version = stock.version + 1";
        change.tx.execute(sql, &values![change.case.shop, change.case.order, unit.line_no, unit.quantity])?;
    }
    Ok(())
}
