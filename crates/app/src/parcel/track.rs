//! Takes in what a carrier reports of a waybill: each report once, in the order of time, however the feed sends them.
//!
//! Owns what follows from a trace: the parcel's state, the order's dates, what its open cases are told, and when to look again.

use super::{NewParcelRow, ParcelRow, SHARED, by_waybill, insert, seal, watch, waybill};
use crate::command::{self, CaseRef, Change, Repeat};
use crate::desk::Tools;
use crate::error::{Result, bad_input};
use crate::{Context, Desk, exchange, returns};
use aftercare_domain::china;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::parcel::{Direction, Event, Journey, Purpose, Report, Signer, State, journey, read};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::time::Micros;
use aftercare_store::vault::Vault;
use aftercare_store::{DbError, Row, Tx, values};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeSet;

/// Reports in one call, and kept of one parcel.
const REPORTS: usize = 500;
/// Bytes of one sentence.
const TEXT: usize = 2_000;

/// What a carrier reports.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTracking {
    /// The carrier's code.
    #[serde(default)]
    pub carrier: String,
    /// The waybill.
    pub waybill: String,
    /// What happened, in any order; the same again changes nothing.
    pub events: Vec<NewReport>,
}

/// One report; everything may be missing.
#[derive(Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NewReport {
    /// When, as the carrier writes it; a broken time is kept as untimed.
    pub at: Option<String>,
    /// The desk's word for the state, where the reporter knows it.
    pub state: Option<String>,
    /// The carrier's or service's code, `scheme:code` where the scheme is known.
    pub code: Option<String>,
    /// The carrier's sentence; sealed.
    pub text: Option<String>,
    /// self, family, guard, locker, station, other.
    pub signed_by: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Tracked {
    /// Parcels under this waybill.
    pub parcels: usize,
    /// Reports that were new.
    pub new_events: usize,
    /// Where the parcel is now.
    pub state: String,
    /// Whether some report had no usable time.
    pub dates_broken: bool,
}

impl NewTracking {
    /// Refuses what cannot be a trace; answers the waybill as it is compared.
    pub(crate) fn check(&self) -> Result<String> {
        if self.events.len() > REPORTS {
            return Err(bad_input("events", format!("at most {REPORTS}")));
        }
        if self.carrier.len() > 40 || self.carrier.chars().any(|letter| letter.is_control() || letter.is_ascii_digit()) {
            return Err(bad_input("carrier", "up to 40 bytes, no digits"));
        }
        let long = |text: &Option<String>, most: usize| text.as_ref().is_some_and(|text| text.len() > most);
        let odd = |event: &NewReport| {
            long(&event.text, TEXT) || [&event.at, &event.state, &event.code, &event.signed_by].into_iter().any(|text| long(text, 60))
        };
        if let Some(n) = self.events.iter().position(odd) {
            return Err(bad_input("events", format!("event {}: a text of at most {TEXT} bytes and short names", n + 1)));
        }
        waybill(&self.waybill)
    }
}

impl NewReport {
    fn report(&self) -> Report {
        let Self { at, state, code, text, signed_by } = self.clone();
        Report { at, state, code, text, signed_by }
    }

    /// What makes the same report again recognisable.
    fn seen(&self, vault: &Vault) -> i64 {
        let parts = [&self.at, &self.state, &self.code, &self.text].map(|part| part.as_deref().unwrap_or_default());
        vault.token(&format!("report\u{1f}{}", parts.join("\u{1f}")))
    }
}

impl Desk {
    /// Takes in a trace. A waybill nobody has heard of is kept too: the order may come later.
    pub async fn track(&self, context: &Context, shop: ShopId, input: NewTracking) -> Result<Tracked> {
        context.actor.may(Action::Import, &Object::shop("shop", shop))?;
        input.check()?;
        let repeat = Repeat::of(context, format!("tracking/{shop}"), &input);
        let (tools, frame) = (self.tools(), context.clone());
        let (tracked, changed) = self.command(context, repeat, move |tx| take_in(tx, &tools, &frame, shop, &input)).await?;
        for (case, version) in changed {
            self.announce(CaseRef { shop, id: case }, version);
        }
        self.work.notify_waiters();
        Ok(tracked)
    }
}

/// Takes in one trace inside a transaction; answers what came of it and the cases that changed, with their versions.
pub(crate) fn take_in(
    tx: &mut Tx<'_>,
    tools: &Tools,
    context: &Context,
    shop: ShopId,
    input: &NewTracking,
) -> Result<(Tracked, Vec<(Id, i64)>)> {
    let waybill = input.check()?;
    let mut intake = Intake { tx, tools, context, shop, input, changed: Vec::new() };
    let tracked = intake.run(&waybill)?;
    Ok((tracked, intake.changed))
}

struct Intake<'t, 'c> {
    tx: &'t mut Tx<'c>,
    tools: &'t Tools,
    context: &'t Context,
    shop: ShopId,
    input: &'t NewTracking,
    changed: Vec<(Id, i64)>,
}

impl Intake<'_, '_> {
    fn run(&mut self, waybill: &str) -> Result<Tracked> {
        let mut parcels = by_waybill(self.tx, self.shop, waybill)?;
        if parcels.is_empty() {
            self.add_unknown(waybill);
            parcels = by_waybill(self.tx, self.shop, waybill)?;
        }
        debug_assert!(parcels.len() <= SHARED as usize);
        let mut cases = BTreeSet::new();
        for parcel in &parcels {
            cases.extend(parcel.open_cases(self.tx, self.shop)?);
        }
        for case in &cases {
            crate::case::row::CaseRow::lock(self.tx, self.shop, *case)?;
        }
        let mut tracked = Tracked { parcels: parcels.len(), ..Tracked::default() };
        for parcel in parcels {
            let mut parcel = ParcelRow::lock(self.tx, self.shop, parcel.id)?;
            tracked.new_events += self.add_reports(&mut parcel)?;
            if let Some(trip) = self.fold(&parcel)? {
                tracked.state = trip.state.to_string();
                tracked.dates_broken = trip.dates_broken;
                self.follow(&parcel, &trip)?;
            }
        }
        Ok(tracked)
    }

    /// The id comes from the waybill: two feeds that both speak of it first make one row.
    fn add_unknown(&mut self, waybill: &str) {
        let hash = self.tools.vault.blind("parcel", &format!("{}/{waybill}", self.shop));
        let id = Id::from_bytes(hash[..16].try_into().expect("sixteen of thirty-two bytes"));
        let row = NewParcelRow {
            id,
            direction: Direction::Out,
            purpose: Purpose::Order,
            order: None,
            case: None,
            request: None,
            carrier: &self.input.carrier,
            waybill,
            state: State::Created.as_str(),
            lines: json!([]),
            shipped_at: None,
            signed_at: None,
            scanned_at: None,
        };
        insert(self.tx, self.shop, self.context.now, row);
    }

    /// Adds the reports that are new; answers how many.
    fn add_reports(&mut self, parcel: &mut ParcelRow) -> Result<usize> {
        let (shop, now) = (self.shop, self.context.now);
        let known = "SELECT seen FROM parcel_event WHERE shop_id = $1 AND parcel_id = $2";
        let mut known: BTreeSet<i64> = self.tx.query(known, &values![shop, parcel.id], |row| row.get(0))?.into_iter().collect();
        let before = known.len();
        let fresh: Vec<(&NewReport, i64)> =
            self.input.events.iter().map(|event| (event, event.seen(&self.tools.vault))).filter(|(_, seen)| known.insert(*seen)).collect();
        if fresh.is_empty() || before >= REPORTS {
            return Ok(0);
        }
        let key = seal::key(self.tx, &self.tools.vault, shop, now, parcel)?;
        let reports: Vec<Report> = fresh.iter().map(|(event, _)| event.report()).collect();
        const EVENT: &[&str] = &["shop_id", "parcel_id", "n", "at", "place", "state", "signer", "code", "seen", "text_sealed"];
        for (n, event) in read(&reports, china::OFFSET_MIN, now).into_iter().enumerate() {
            let (given, seen) = fresh[event.n];
            let text = given.text.as_deref().filter(|text| !text.is_empty());
            let sealed = key.as_ref().zip(text).map(|(key, text)| key.seal("parcel_event.text", text));
            let (state, signer) = (event.state.map_or("", State::as_str), event.signer.map_or("", Signer::as_str));
            let code = given.code.as_deref().filter(|code| is_code(code)).unwrap_or_default();
            let row = values![shop, parcel.id, (before + n) as i64, event.at, event.place, state, signer, code, seen, sealed];
            self.tx.insert("parcel_event", EVENT, row);
        }
        Ok(fresh.len())
    }

    fn fold(&mut self, parcel: &ParcelRow) -> Result<Option<Journey>> {
        let sql = "SELECT at, place, state, signer, n FROM parcel_event WHERE shop_id = $1 AND parcel_id = $2 ORDER BY n";
        let read = |row: &Row| -> std::result::Result<Event, DbError> {
            Ok(Event {
                at: row.get(0)?,
                place: row.get(1)?,
                state: State::parse(&row.get::<String>(2)?),
                signer: Signer::parse(&row.get::<String>(3)?),
                n: row.get::<i64>(4)? as usize,
            })
        };
        let mut events = self.tx.query(sql, &values![self.shop, parcel.id], read)?;
        events.sort_by_key(|event| event.place);
        Ok(journey(&events))
    }

    /// Writes what the trace says and tells whoever waits for the parcel.
    fn follow(&mut self, parcel: &ParcelRow, trip: &Journey) -> Result<()> {
        let signed = parcel.signed_at.or(trip.signed_at);
        let moved = parcel.state != Some(trip.state) || parcel.signed_at != signed || parcel.returned_at != trip.returned_at;
        let sql = "UPDATE parcel SET state = $3, shipped_at = COALESCE(shipped_at, $4), last_event_at = $5, signed_at = $6, signed_by = $7, returned_at = $8,
            refused = $9, carrier = CASE WHEN carrier = '' THEN $10 ELSE carrier END, version = version + 1 WHERE shop_id = $1 AND id = $2";
        let signer = trip.signer.map_or("", Signer::as_str);
        let params = values![
            self.shop,
            parcel.id,
            trip.state.as_str(),
            trip.picked_up_at,
            trip.last_event_at,
            signed,
            signer,
            trip.returned_at,
            trip.refused,
            &self.input.carrier
        ];
        self.tx.execute(sql, &params)?;
        if let (Direction::Out, Purpose::Order, Some(order)) = (parcel.direction, parcel.purpose, parcel.order) {
            order_follows(self.tx, self.shop, order, trip)?;
        }
        watch::set(self.tx, self.shop, parcel.id, self.context.now)?;
        if moved {
            self.tell_cases(parcel, trip, signed)?;
        }
        Ok(())
    }

    fn tell_cases(&mut self, parcel: &ParcelRow, trip: &Journey, signed: Option<Micros>) -> Result<()> {
        let newly_signed = parcel.signed_at.is_none() && signed.is_some();
        for case in parcel.open_cases(self.tx, self.shop)? {
            let mut decide = |change: &mut Change<'_, '_>| {
                change.event(
                    "parcel_moved",
                    json!({ "parcel": parcel.id, "direction": parcel.direction, "purpose": parcel.purpose, "state": trip.state,
                        "signed_at": signed, "signed_by": trip.signer, "dates_broken": trip.dates_broken }),
                );
                if parcel.direction == Direction::In && parcel.case == Some(change.case.id) {
                    returns::unscanned::signed(change, parcel, signed)?;
                }
                if parcel.direction == Direction::Out
                    && parcel.case == Some(change.case.id)
                    && parcel.purpose != Purpose::Order
                    && newly_signed
                {
                    exchange::arrived(change, parcel)?;
                }
                Ok(json!({}))
            };
            let at = CaseRef { shop: self.shop, id: case };
            let changed = command::run(self.tx, self.tools, self.context, at, Action::Import.into(), &mut decide)?;
            self.changed.push((changed.case_id, changed.version));
        }
        Ok(())
    }
}

/// The order is shipped with the carrier's first scan, and signed for when its last parcel is.
fn order_follows(tx: &mut Tx<'_>, shop: ShopId, order: Id, trip: &Journey) -> Result<()> {
    if let Some(at) = trip.picked_up_at {
        let sql = "UPDATE orders SET shipped_at = $3, state = CASE WHEN state IN ('placed', 'paid') THEN 'shipped' ELSE state END, version = version + 1
            WHERE shop_id = $1 AND id = $2 AND shipped_at IS NULL";
        if tx.execute(sql, &values![shop, order, at])? == 1 {
            let lines = "UPDATE order_line SET shipped = quantity WHERE shop_id = $1 AND order_id = $2 AND shipped = 0";
            tx.execute(lines, &values![shop, order])?;
        }
    }
    if let Some(at) = trip.signed_at {
        let sql = "UPDATE orders SET signed_at = $3, state = CASE WHEN state IN ('placed', 'paid', 'shipped') THEN 'signed' ELSE state END, version = version + 1
            WHERE shop_id = $1 AND id = $2 AND signed_at IS NULL AND NOT EXISTS
            (SELECT 1 FROM parcel p WHERE p.shop_id = $1 AND p.order_id = $2 AND p.direction = 'out' AND p.purpose = 'order' AND p.signed_at IS NULL)";
        tx.execute(sql, &values![shop, order, at])?;
    }
    Ok(())
}

/// Codes are kept plain, words are not: a code is short and says nothing about a person.
fn is_code(code: &str) -> bool {
    let digits = code.bytes().filter(u8::is_ascii_digit).count();
    code.len() <= 20 && digits < 7 && code.bytes().all(|b| b.is_ascii_alphanumeric() || b":/_-".contains(&b))
}
