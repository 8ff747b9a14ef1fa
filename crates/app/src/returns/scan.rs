//! The gate (扫描): a waybill is read, its case is found, and whoever holds the parcel is warned of what does not fit.
//!
//! Owns finding and warning; a warning never stops the scan. What is in the parcel is for the inspection to say.

use super::{request_of, unscanned};
use crate::case::open::{LineQuantity, NewRequest, OpenCase};
use crate::case::row::CaseRow;
use crate::command::{self, CaseRef, Change, Repeat};
use crate::desk::Tools;
use crate::error::{Error, Result};
use crate::ids::new_id;
use crate::parcel::{self, NewParcelRow, ParcelRow};
use crate::{Context, Desk};
use aftercare_domain::china;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::parcel::{Direction, Purpose, State};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::time::Micros;
use aftercare_store::{Row, Tx, values};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A waybill as the scanner reads it.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScanReturn {
    /// The bar code.
    pub waybill: String,
}

/// What was found.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[expect(missing_docs, reason = "named as in the case and parcel rows")]
pub struct Scanned {
    /// `case`, `unclaimed` (put on the shelf of unknown parcels) or `other_shop` (nothing was recorded).
    pub found: String,
    #[schema(value_type = Option<String>, format = "uuid")]
    pub parcel_id: Option<Id>,
    #[schema(value_type = Option<String>, format = "uuid")]
    pub case_id: Option<Id>,
    pub case_no: String,
    pub order_no: String,
    pub buyer_masked: String,
    #[schema(value_type = Option<String>, format = "uuid")]
    pub request_id: Option<Id>,
    pub request_kind: String,
    /// The shop's code.
    pub shop: String,
    /// It was scanned before; nothing was changed.
    pub again: bool,
    /// What is expected inside.
    pub lines: Vec<ScannedLine>,
    pub warnings: Vec<Warning>,
}

/// One expected line.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[expect(missing_docs, reason = "named as in the order line")]
pub struct ScannedLine {
    pub line_no: i64,
    pub sku: String,
    pub title: String,
    pub spec: String,
    pub category: String,
    /// Units expected in this parcel.
    pub quantity: i64,
    pub bought: i64,
    pub received: i64,
    pub refunded_units: i64,
}

/// Something that does not fit.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Warning {
    /// duplicate_scan, already_inspected, wrong_shop, over_quantity, already_refunded, case_closed.
    pub code: String,
    /// For whoever holds the parcel.
    pub message: String,
}

impl Scanned {
    fn warn(&mut self, code: &str, message: impl Into<String>) {
        self.warnings.push(Warning { code: code.to_owned(), message: message.into() });
    }
}

impl Desk {
    /// Scans a parcel at the gate.
    pub async fn scan_return(&self, context: &Context, shop: ShopId, input: ScanReturn) -> Result<Scanned> {
        context.actor.may(Action::Scan, &Object::shop("shop", shop))?;
        let waybill = parcel::waybill(&input.waybill)?;
        self.case_for_what_comes_back(context, shop, &waybill).await?;
        let repeat = Repeat::of(context, format!("returns/scan/{shop}"), &input);
        let (tools, frame) = (self.tools(), context.clone());
        let (scanned, version) = self
            .command(context, repeat, move |tx| {
                let known = parcel::by_waybill(tx, shop, &waybill)?;
                let (mut scanned, version) = match pick(&known) {
                    Some(row) => in_hand(tx, &tools, &frame, shop, row.clone())?,
                    None => (unknown(tx, &frame, shop, &waybill)?, None),
                };
                scanned.again = scanned.warnings.iter().any(|warning| warning.code == "duplicate_scan");
                scanned.shop = tx.query_opt("SELECT code FROM shop WHERE id = $1", &values![shop], |row| row.get(0))?.unwrap_or_default();
                Ok((scanned, version))
            })
            .await?;
        if let (Some(id), Some(version)) = (scanned.case_id, version) {
            self.announce(CaseRef { shop, id }, version);
        }
        Ok(scanned)
    }

    /// A parcel of ours that comes back without anybody having opened a case gets one before it is scanned.
    async fn case_for_what_comes_back(&self, context: &Context, shop: ShopId, waybill: &str) -> Result<()> {
        let waybill = waybill.to_owned();
        let orphan = self.store.read(move |tx| {
            let known = parcel::by_waybill(tx, shop, &waybill)?;
            let Some(row) = pick(&known).filter(|row| row.case.is_none()).cloned() else { return Ok::<_, Error>(None) };
            let Some(order) = row.order else { return Ok(None) };
            let sql = "SELECT o.order_no FROM orders o WHERE o.shop_id = $1 AND o.id = $2 AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.shop_id = $1 AND c.order_id = $2)";
            Ok(tx.query_opt(sql, &values![shop, order], |row| row.get::<String>(0))?.map(|order_no| (row.id, order_no)))
        });
        let Some((parcel, order_no)) = orphan.await? else { return Ok(()) };
        let desk = Context { key: Some(format!("scan/{parcel}")), ..Context::desk(context.now) };
        let request = NewRequest { kind: "inquiry".into(), reason: "refused".into(), amount_minor: None, lines: vec![] };
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
        self.open_case(&desk, shop, input).await.map(drop)
    }
}

/// The row that is meant: a return before a parcel of ours that comes back.
fn pick(known: &[ParcelRow]) -> Option<&ParcelRow> {
    known.iter().find(|row| row.direction == Direction::In).or_else(|| known.iter().find(|row| row.order.is_some()))
}

/// Nobody expects it here: another shop's, or one for the shelf.
fn unknown(tx: &mut Tx<'_>, context: &Context, shop: ShopId, waybill: &str) -> Result<Scanned> {
    let mut scanned = Scanned::default();
    for other in context.actor.who.shops.iter().filter(|other| **other != shop) {
        if pick(&parcel::by_waybill(tx, *other, waybill)?).is_some() {
            let title = tx.query_opt("SELECT title FROM shop WHERE id = $1", &values![*other], |row| row.get::<String>(0))?;
            scanned.found = "other_shop".into();
            scanned.warn("wrong_shop", format!("这个包裹属于店铺“{}”，请放到那边的入口再扫", title.unwrap_or_default()));
            return Ok(scanned);
        }
    }
    let (id, now) = (new_id(context.now), context.now);
    let row = NewParcelRow {
        id,
        direction: Direction::In,
        purpose: Purpose::Return,
        order: None,
        case: None,
        request: None,
        carrier: "",
        waybill,
        state: State::Signed.as_str(),
        lines: json!([]),
        shipped_at: None,
        signed_at: Some(now),
        scanned_at: Some(now),
    };
    parcel::insert(tx, shop, now, row);
    scanned.found = "unclaimed".into();
    scanned.parcel_id = Some(id);
    Ok(scanned)
}

/// Expected: the scan is booked on its case.
fn in_hand(tx: &mut Tx<'_>, tools: &Tools, context: &Context, shop: ShopId, row: ParcelRow) -> Result<(Scanned, Option<i64>)> {
    let Some(case) = case_of(tx, shop, &row)? else {
        let mut scanned = Scanned { found: "unclaimed".into(), parcel_id: Some(row.id), ..Scanned::default() };
        scanned.warn("duplicate_scan", "这个无主件已经扫过，还在货架上");
        return Ok((scanned, None));
    };
    CaseRow::lock(tx, shop, case)?;
    let row = ParcelRow::lock(tx, shop, row.id)?;
    let again = row.scanned_at;
    let mut version = None;
    if again.is_none() {
        let mut decide = |change: &mut Change<'_, '_>| {
            book(change, &row)?;
            Ok(json!({}))
        };
        let at = CaseRef { shop, id: case };
        version = Some(command::run(tx, tools, context, at, Action::Scan.into(), &mut decide)?.version);
    }
    let mut scanned = describe(tx, shop, case, &row)?;
    if let Some(at) = again {
        scanned.warn("duplicate_scan", format!("已经在 {} 扫过一次", local(at)));
    }
    Ok((scanned, version))
}

/// Writes the scan on the case: alarms end, the inspection is due.
pub(super) fn book(change: &mut Change<'_, '_>, row: &ParcelRow) -> Result<()> {
    let (shop, case, now) = (change.case.shop, change.case.id, change.context.now);
    let request = match row.request {
        Some(request) => Some((request, Vec::new())),
        None => request_of(change.tx, shop, case, None)?,
    };
    let sql = "UPDATE parcel SET scanned_at = $3, signed_at = COALESCE(signed_at, $3), case_id = COALESCE(case_id, $4), request_id = COALESCE(request_id, $5)
        WHERE shop_id = $1 AND id = $2";
    change.tx.execute(sql, &values![shop, row.id, now, case, request.map(|(id, _)| id)])?;
    unscanned::scanned(change, row.id)?;
    change.event("return_scanned", json!({ "parcel": row.id, "direction": row.direction, "signed_at": row.signed_at }));
    Ok(())
}

/// The parcel's case; for a parcel of ours that comes back, the order's open one, else its last.
pub(super) fn case_of(tx: &mut Tx<'_>, shop: ShopId, row: &ParcelRow) -> Result<Option<Id>> {
    if row.case.is_some() && row.direction == Direction::In {
        return Ok(row.case);
    }
    let sql = "SELECT id FROM cases WHERE shop_id = $1 AND order_id = $2 ORDER BY open DESC, id DESC LIMIT 1";
    match row.order {
        Some(order) => Ok(tx.query_opt(sql, &values![shop, order], |row| row.get(0))?.or(row.case)),
        None => Ok(row.case),
    }
}

fn describe(tx: &mut Tx<'_>, shop: ShopId, case: Id, row: &ParcelRow) -> Result<Scanned> {
    let case = CaseRow::load(tx, shop, case)?;
    let request = request_of(tx, shop, case.id, row.request)?;
    let mut expected: Vec<LineQuantity> = serde_json::from_value(row.lines.clone()).unwrap_or_default();
    if expected.is_empty() {
        expected = request.as_ref().map(|(_, lines)| lines.clone()).unwrap_or_default();
    }
    let mut scanned = Scanned {
        found: "case".into(),
        parcel_id: Some(row.id),
        case_id: Some(case.id),
        case_no: case.case_no.clone(),
        order_no: case.order_no.clone(),
        buyer_masked: case.buyer_masked.clone(),
        request_id: request.as_ref().map(|(id, _)| *id),
        ..Scanned::default()
    };
    if let Some((id, _)) = &request {
        let sql = "SELECT kind FROM request WHERE shop_id = $1 AND case_id = $2 AND id = $3";
        scanned.request_kind = tx.query_opt(sql, &values![shop, case.id, *id], |row| row.get(0))?.unwrap_or_default();
    }
    if let Some(order) = case.order {
        scanned.lines = lines(tx, shop, order, &expected)?;
    }
    if scanned.lines.iter().any(|line| line.received + line.quantity > line.bought) && row.inspected_at.is_none() {
        scanned.warn("over_quantity", "登记的件数比还能退回的多，请逐件清点");
    }
    if !scanned.lines.is_empty() && scanned.lines.iter().all(|line| line.refunded_units >= line.quantity) {
        scanned.warn("already_refunded", "这些商品已经退过款，收货入库后不要再退");
    }
    if row.inspected_at.is_some() {
        scanned.warn("already_inspected", "这个包裹已经质检过");
    }
    if !case.open {
        scanned.warn("case_closed", "工单已归档，质检结果会记在这一单上");
    }
    Ok(scanned)
}

fn lines(tx: &mut Tx<'_>, shop: ShopId, order: Id, expected: &[LineQuantity]) -> Result<Vec<ScannedLine>> {
    let sql = "SELECT line_no, sku, title, spec, category, quantity, received, refunded_units FROM order_line WHERE shop_id = $1 AND order_id = $2
        ORDER BY line_no LIMIT 2000";
    let read = |row: &Row| {
        let bought = row.get(5)?;
        Ok(ScannedLine {
            line_no: row.get(0)?,
            sku: row.get(1)?,
            title: row.get(2)?,
            spec: row.get(3)?,
            category: row.get(4)?,
            quantity: bought,
            bought,
            received: row.get(6)?,
            refunded_units: row.get(7)?,
        })
    };
    let mut all = tx.query(sql, &values![shop, order], read)?;
    if !expected.is_empty() {
        all.retain(|line| expected.iter().any(|wanted| wanted.line_no == line.line_no));
        for line in &mut all {
            line.quantity = expected.iter().filter(|wanted| wanted.line_no == line.line_no).map(|wanted| wanted.quantity).sum();
        }
    }
    Ok(all)
}

/// Day and minute in China, for people.
pub(super) fn local(at: Micros) -> String {
    china::local(at).strftime("%m-%d %H:%M").to_string()
}
