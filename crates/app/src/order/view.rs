//! Everything known of one order (订单 360): lines, payments, parcels with their traces, ledger, remarks, cases, the buyer. Owns the projection.

use crate::case::view::order_part;
use crate::error::{Error, Result, not_found};
use crate::{Context, Desk, buyer, parcel, shown};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::time::Micros;
use aftercare_store::vault::{DataKey, Vault};
use aftercare_store::{Row, Tx, values};
use serde_json::{Value, json};
use std::collections::BTreeMap;

impl Desk {
    /// The order's page.
    pub async fn order_view(&self, context: &Context, shop: ShopId, order_no: String) -> Result<Value> {
        context.actor.may(Action::ReadCase, &Object::shop("order", shop))?;
        let vault = self.vault.clone();
        self.store
            .read(move |tx| {
                let sql = "SELECT id, buyer_id FROM orders WHERE shop_id = $1 AND order_no = $2";
                let found =
                    tx.query_opt(sql, &values![shop, order_no.as_str()], |row| Ok((row.get::<Id>(0)?, row.get::<Option<Id>>(1)?)))?;
                let (order, buyer) = found.ok_or_else(|| not_found("order"))?;
                let mut head = order_part(tx, shop, order)?;
                let lines = head["lines"].take();
                head["id"] = json!(order);
                Ok::<_, Error>(json!({
                    "order": head,
                    "lines": lines,
                    "payments": payments(tx, shop, order)?,
                    "parcels": parcel::view::of_order(tx, &vault, shop, order)?,
                    "ledger": ledger(tx, shop, order)?,
                    "remarks": remarks(tx, &vault, shop, order)?,
                    "cases": cases(tx, shop, order)?,
                    "buyer": buyer.map(|buyer| buyer::view::masked(tx, shop, buyer)).transpose()?,
                    "buyer_cases": buyer.map(|buyer| buyer::view::history(tx, shop, buyer)).transpose()?,
                }))
            })
            .await
    }
}

fn payments(tx: &mut Tx<'_>, shop: ShopId, order: Id) -> Result<Value> {
    let sql = "SELECT payment_no, method, captured_minor, refunded_minor, in_flight_minor FROM payment WHERE shop_id = $1 AND order_id = $2 ORDER BY payment_no";
    let read = |row: &Row| {
        let (captured, refunded, in_flight): (i64, i64, i64) = (row.get(2)?, row.get(3)?, row.get(4)?);
        Ok(
            json!({ "payment_no": row.get::<String>(0)?, "method": row.get::<String>(1)?, "captured_minor": captured, "refunded_minor": refunded,
            "in_flight_minor": in_flight, "refundable_minor": captured - refunded - in_flight }),
        )
    };
    Ok(tx.query(sql, &values![shop, order], read)?.into())
}

/// Newest last; the history of money and units as it was booked.
fn ledger(tx: &mut Tx<'_>, shop: ShopId, order: Id) -> Result<Value> {
    let sql = "SELECT n, kind, case_id, effect_id, line_no, quantity, amount_minor, payment_no, at, about FROM
        (SELECT * FROM ledger_entry WHERE shop_id = $1 AND order_id = $2 ORDER BY n DESC LIMIT 500) AS newest ORDER BY n";
    let read = |row: &Row| {
        Ok(
            json!({ "n": row.get::<i64>(0)?, "kind": row.get::<String>(1)?, "case_id": row.get::<Option<Id>>(2)?, "effect_id": row.get::<Option<Id>>(3)?,
            "line_no": row.get::<Option<i64>>(4)?, "quantity": row.get::<i64>(5)?, "amount_minor": row.get::<i64>(6)?,
            "payment_no": row.get::<Option<String>>(7)?, "at": row.get::<Micros>(8)?, "why": row.get::<Value>(9)? }),
        )
    };
    Ok(tx.query(sql, &values![shop, order], read)?.into())
}

/// Remarks and flags, oldest first. Each is sealed under the key of the case it was written on.
pub(crate) fn remarks(tx: &mut Tx<'_>, vault: &Vault, shop: ShopId, order: Id) -> Result<Value> {
    let sql = "SELECT r.n, r.flag, r.text_sealed, r.agent_no, r.at, s.display_name, c.key_id, k.wrapped, r.case_id FROM remark r
        LEFT JOIN staff s ON s.id = r.actor_id LEFT JOIN cases c ON c.shop_id = r.shop_id AND c.id = r.case_id
        LEFT JOIN data_key k ON k.shop_id = r.shop_id AND k.id = c.key_id WHERE r.shop_id = $1 AND r.order_id = $2 ORDER BY r.n LIMIT 500";
    let mut keys: BTreeMap<Id, Option<DataKey>> = BTreeMap::new();
    type Sealed = (Value, Option<Vec<u8>>, Option<Id>, Option<Vec<u8>>);
    let read = |row: &Row| -> std::result::Result<Sealed, aftercare_store::DbError> {
        let remark = json!({ "n": row.get::<i64>(0)?, "flag": row.get::<Option<i64>>(1)?, "agent_no": row.get::<String>(3)?, "at": row.get::<Micros>(4)?,
            "actor": row.get::<Option<String>>(5)?, "case_id": row.get::<Option<Id>>(8)? });
        Ok((remark, row.get(2)?, row.get(6)?, row.get(7)?))
    };
    let mut all = Vec::new();
    for (mut remark, text, key, wrapped) in tx.query(sql, &values![shop, order], read)? {
        let key = key.and_then(|id| keys.entry(id).or_insert_with(|| vault.unwrap_data_key(wrapped.as_deref()?).ok()).clone());
        remark["text"] = json!(key.zip(text).and_then(|(key, text)| shown::text(&key, "remark.text", &text)));
        all.push(remark);
    }
    Ok(all.into())
}

fn cases(tx: &mut Tx<'_>, shop: ShopId, order: Id) -> Result<Value> {
    let sql = "SELECT id, case_no, order_no, scenario, title, stage, result, opened_at, closed_at FROM cases
        WHERE shop_id = $1 AND order_id IS NOT NULL AND order_id = $2 ORDER BY id DESC LIMIT 100";
    Ok(tx.query(sql, &values![shop, order], buyer::view::case_row)?.into())
}
