//! The parcels of a case as the case page and the order's page show them. Owns the projection.

use super::ParcelRow;
use crate::error::Result;
use crate::shown;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::parcel::State;
use aftercare_domain::time::Micros;
use aftercare_store::vault::Vault;
use aftercare_store::{Row, Tx, values};
use serde_json::{Value, json};

/// Parcels and reports shown.
const LIMIT: i64 = 100;

/// Parcels of the case and of its order, oldest first.
pub(crate) fn of_case(tx: &mut Tx<'_>, shop: ShopId, case: Id, order: Option<Id>) -> Result<Value> {
    let sql = format!(
        "{} WHERE shop_id = $1 AND id IN (SELECT id FROM parcel WHERE shop_id = $1 AND case_id = $2 UNION SELECT id FROM parcel WHERE shop_id = $1 AND order_id = $3)
        ORDER BY created_at, id LIMIT $4",
        super::row::SELECT
    );
    Ok(tx.query(&sql, &values![shop, case, order, LIMIT], |row| Ok(shown(&ParcelRow::read(row)?)))?.into())
}

/// Parcels of an order with what the carriers reported, oldest first.
pub(crate) fn of_order(tx: &mut Tx<'_>, vault: &Vault, shop: ShopId, order: Id) -> Result<Value> {
    let sql = format!("{} WHERE shop_id = $1 AND order_id = $2 ORDER BY id LIMIT $3", super::row::SELECT);
    let mut all = Vec::new();
    for parcel in tx.query(&sql, &values![shop, order, LIMIT], ParcelRow::read)? {
        let mut one = shown(&parcel);
        one["trace"] = trace(tx, vault, shop, &parcel)?;
        all.push(one);
    }
    Ok(all.into())
}

/// What the carrier reported, oldest first; the sentences of an erased buyer are gone.
pub(crate) fn trace(tx: &mut Tx<'_>, vault: &Vault, shop: ShopId, parcel: &ParcelRow) -> Result<Value> {
    let wrapped = "SELECT wrapped FROM data_key WHERE shop_id = $1 AND id = $2";
    let wrapped = tx.query_opt(wrapped, &values![shop, parcel.key], |row| row.get::<Vec<u8>>(0))?;
    let key = wrapped.map(|wrapped| vault.unwrap_data_key(&wrapped)).transpose()?;
    let sql =
        "SELECT at, place, state, signer, code, text_sealed FROM parcel_event WHERE shop_id = $1 AND parcel_id = $2 ORDER BY n LIMIT 500";
    let read = |row: &Row| {
        let sealed = row.get::<Option<Vec<u8>>>(5)?;
        let text = key.as_ref().zip(sealed).and_then(|(key, sealed)| shown::text(key, "parcel_event.text", &sealed));
        let place: Micros = row.get(1)?;
        let event = json!({ "at": row.get::<Option<Micros>>(0)?, "state": row.get::<String>(2)?, "signed_by": row.get::<String>(3)?,
            "code": row.get::<String>(4)?, "text": text });
        Ok((place, event))
    };
    let mut events = tx.query(sql, &values![shop, parcel.id], read)?;
    events.sort_by_key(|(place, _)| *place);
    Ok(events.into_iter().map(|(_, event)| event).collect())
}

/// `state` is the last thing known: what the warehouse did outranks what the carrier said.
fn shown(parcel: &ParcelRow) -> Value {
    let carrier_state = parcel.state.map_or("", State::as_str);
    let state = match (parcel.inspected_at, parcel.scanned_at) {
        (Some(_), _) => "inspected",
        (None, Some(_)) => "scanned",
        (None, None) => carrier_state,
    };
    json!({
        "id": parcel.id, "direction": parcel.direction, "purpose": parcel.purpose, "carrier": parcel.carrier, "waybill": parcel.waybill, "state": state,
        "carrier_state": carrier_state, "verdict": parcel.verdict, "request_id": parcel.request, "lines": parcel.lines, "shipped_at": parcel.shipped_at,
        "last_event_at": parcel.last_event_at, "signed_at": parcel.signed_at, "signed_by": parcel.signed_by, "returned_at": parcel.returned_at,
        "scanned_at": parcel.scanned_at, "inspected_at": parcel.inspected_at,
    })
}
