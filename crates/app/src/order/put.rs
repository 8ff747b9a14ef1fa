//! Takes in one order: new, or the same order again with later facts. Owns the rule that a repeat changes nothing.

use super::buyer::SealedBuyer;
use crate::command::Repeat;
use crate::error::{Result, bad_input};
use crate::ids::new_id;
use crate::{Context, Desk, figures, parcel};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::time::Micros;
use aftercare_store::{Tx, values};
use serde::{Deserialize, Serialize};

/// Lines in one order, payments in one order.
const LINES_LIMIT: usize = 500;
/// Quantities and amounts (minor units) lie below it, so that no sum of an order overflows.
pub(crate) const AMOUNT_TOP: i64 = 1_000_000_000_000;

/// An order as the platform or the shop's system tells it. Amounts in minor units.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "named as in the order table")]
pub struct NewOrder {
    pub order_no: String,
    #[serde(default)]
    pub buyer: Option<NewBuyer>,
    pub lines: Vec<NewLine>,
    /// Absent: one payment of everything.
    #[serde(default)]
    pub payments: Vec<NewPayment>,
    /// ISO 4217; the yuan when absent.
    #[serde(default)]
    pub currency: Option<String>,
    #[serde(default)]
    pub freight_minor: i64,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    pub ordered_at: Option<Micros>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    pub paid_at: Option<Micros>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    pub shipped_at: Option<Micros>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    pub signed_at: Option<Micros>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    pub completed_at: Option<Micros>,
    #[serde(default)]
    pub bulky: bool,
    /// Further facts for playbooks, e.g. `{"free_return": true}`; never personal data.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub facts: serde_json::Map<String, serde_json::Value>,
    #[serde(default)]
    pub parcels: Vec<NewParcel>,
}

/// The buyer's contact data; sealed at once, shown masked.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "named as in the buyer table")]
pub struct NewBuyer {
    pub external_id: String,
    pub name: String,
    pub phone: String,
    pub address: String,
    pub level: String,
}

impl std::fmt::Debug for NewBuyer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewBuyer(…)")
    }
}

/// One line. `paid_minor` is what was paid for the whole line after allocated discounts, without freight.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "named as in the line table")]
pub struct NewLine {
    pub sku: String,
    pub title: String,
    #[serde(default)]
    pub spec: String,
    #[serde(default)]
    pub category: String,
    pub quantity: i64,
    pub list_minor: i64,
    pub paid_minor: i64,
    #[serde(default)]
    pub shipped: Option<i64>,
}

/// One payment of an order.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "named as in the payment table")]
pub struct NewPayment {
    pub payment_no: String,
    #[serde(default)]
    pub method: String,
    pub captured_minor: i64,
}

/// One outbound parcel.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "named as in the parcel table")]
pub struct NewParcel {
    pub carrier: String,
    pub waybill: String,
    #[serde(default)]
    pub state: String,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    pub shipped_at: Option<Micros>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    pub signed_at: Option<Micros>,
}

/// What taking in an order gives.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PutOrder {
    /// The order's id.
    #[schema(value_type = String, format = "uuid")]
    pub order_id: Id,
    /// False when the order was there already.
    pub created: bool,
}

impl NewOrder {
    /// Sum of what was paid for the lines and the freight.
    pub fn paid_minor(&self) -> i64 {
        self.lines.iter().map(|line| line.paid_minor).sum::<i64>() + self.freight_minor
    }

    fn check(&self) -> Result<()> {
        if self.order_no.is_empty() || self.order_no.len() > 64 {
            return Err(bad_input("order_no", "1 to 64 bytes"));
        }
        if self.lines.is_empty() || self.lines.len() > LINES_LIMIT || self.payments.len() > LINES_LIMIT {
            return Err(bad_input("lines", format!("1 to {LINES_LIMIT} lines")));
        }
        let fair = |line: &NewLine| {
            line.quantity > 0
                && (0..AMOUNT_TOP).contains(&line.quantity)
                && (0..AMOUNT_TOP).contains(&line.paid_minor)
                && (0..AMOUNT_TOP).contains(&line.list_minor)
        };
        if let Some(at) = self.lines.iter().position(|line| !fair(line)) {
            return Err(bad_input("lines", format!("line {}: quantity must be positive and amounts not negative", at + 1)));
        }
        if self.currency.as_ref().is_some_and(|code| code.len() != 3 || !code.bytes().all(|b| b.is_ascii_uppercase())) {
            return Err(bad_input("currency", "three capital letters such as CNY"));
        }
        if !(0..AMOUNT_TOP).contains(&self.freight_minor) {
            return Err(bad_input("freight_minor", "not negative"));
        }
        let captured: i64 = self.payments.iter().map(|p| p.captured_minor).sum();
        if !self.payments.is_empty() && captured != self.paid_minor() {
            return Err(bad_input("payments", format!("they sum to {captured}, the lines and freight to {}", self.paid_minor())));
        }
        Ok(())
    }
}

impl Desk {
    /// Takes in an order. The same order number again updates its dates and parcels where they are later, never its money.
    pub async fn put_order(&self, context: &Context, shop: ShopId, order: NewOrder) -> Result<PutOrder> {
        context.actor.may(Action::Import, &Object::shop("shop", shop))?;
        order.check()?;
        let now = context.now;
        let repeat = Repeat::of(context, format!("order/{shop}"), &order);
        let buyer = order.buyer.as_ref().map(|buyer| SealedBuyer::new(&self.vault, now, buyer));
        self.command(context, repeat, move |tx| put(tx, shop, now, &order, buyer.as_ref())).await
    }
}

pub(crate) fn put(tx: &mut Tx<'_>, shop: ShopId, now: Micros, order: &NewOrder, buyer: Option<&SealedBuyer>) -> Result<PutOrder> {
    let there =
        tx.query_opt("SELECT id FROM orders WHERE shop_id = $1 AND order_no = $2 FOR UPDATE", &values![shop, &order.order_no], |row| {
            row.get::<Id>(0)
        })?;
    if let Some(id) = there {
        let sql = "UPDATE orders SET paid_at = COALESCE($3, paid_at), shipped_at = COALESCE($4, shipped_at), signed_at = COALESCE($5, signed_at), completed_at = COALESCE($6, completed_at), state = $7, version = version + 1 WHERE shop_id = $1 AND id = $2";
        tx.execute(sql, &values![shop, id, order.paid_at, order.shipped_at, order.signed_at, order.completed_at, state(order)])?;
        if order.shipped_at.is_some() {
            tx.execute(
                "UPDATE order_line SET shipped = quantity WHERE shop_id = $1 AND order_id = $2 AND shipped = 0",
                &values![shop, id],
            )?;
        }
        for parcel in &order.parcels {
            parcel::of_order(tx, shop, id, now, parcel)?;
        }
        return Ok(PutOrder { order_id: id, created: false });
    }
    Ok(PutOrder { order_id: make(tx, shop, now, order, buyer)?, created: true })
}

/// Makes an order whose number the shop does not have yet.
pub(crate) fn make(tx: &mut Tx<'_>, shop: ShopId, now: Micros, order: &NewOrder, buyer: Option<&SealedBuyer>) -> Result<Id> {
    let id = new_id(now);
    let buyer = buyer.map(|buyer| buyer.put(tx, shop, now)).transpose()?;
    let list: i64 = order.lines.iter().map(|line| line.list_minor).sum();
    let goods: i64 = order.lines.iter().map(|line| line.paid_minor).sum();
    const ORDER: &[&str] = &[
        "shop_id",
        "id",
        "order_no",
        "buyer_id",
        "state",
        "currency",
        "goods_minor",
        "discount_minor",
        "freight_minor",
        "paid_minor",
        "ordered_at",
        "paid_at",
        "shipped_at",
        "signed_at",
        "completed_at",
        "bulky",
        "facts",
    ];
    let facts = serde_json::Value::Object(order.facts.clone());
    tx.insert(
        "orders",
        ORDER,
        values![
            shop,
            id,
            &order.order_no,
            buyer,
            state(order),
            order.currency.as_deref().unwrap_or("CNY"),
            goods,
            (list - goods).max(0),
            order.freight_minor,
            order.paid_minor(),
            order.ordered_at.or(order.paid_at),
            order.paid_at,
            order.shipped_at,
            order.signed_at,
            order.completed_at,
            order.bulky,
            facts,
        ],
    );
    put_lines(tx, shop, id, order);
    let bought = figures::bought_at(id, order.ordered_at.or(order.paid_at));
    figures::sold(tx, shop, bought, order.lines.iter().map(|line| (line.sku.as_str(), line.quantity)));
    for parcel in &order.parcels {
        parcel::of_order(tx, shop, id, now, parcel)?;
    }
    Ok(id)
}

fn put_lines(tx: &mut Tx<'_>, shop: ShopId, id: Id, order: &NewOrder) {
    const LINE: &[&str] = &[
        "shop_id",
        "order_id",
        "line_no",
        "sku",
        "title",
        "spec",
        "category",
        "quantity",
        "list_minor",
        "discount_minor",
        "paid_minor",
        "shipped",
    ];
    for (n, line) in order.lines.iter().enumerate() {
        let shipped = line.shipped.unwrap_or(if order.shipped_at.is_some() { line.quantity } else { 0 });
        let discount = (line.list_minor - line.paid_minor).max(0);
        let row = values![
            shop,
            id,
            n as i64 + 1,
            &line.sku,
            &line.title,
            &line.spec,
            &line.category,
            line.quantity,
            line.list_minor,
            discount,
            line.paid_minor,
            shipped
        ];
        tx.insert("order_line", LINE, row);
    }
    const PAYMENT: &[&str] = &["shop_id", "order_id", "payment_no", "method", "captured_minor"];
    if order.payments.is_empty() {
        tx.insert("payment", PAYMENT, values![shop, id, "1", "", order.paid_minor()]);
    }
    for payment in &order.payments {
        tx.insert("payment", PAYMENT, values![shop, id, &payment.payment_no, &payment.method, payment.captured_minor]);
    }
}

fn state(order: &NewOrder) -> &'static str {
    match (order.paid_at, order.shipped_at, order.signed_at, order.completed_at) {
        (.., Some(_)) => "completed",
        (_, _, Some(_), _) => "signed",
        (_, Some(_), ..) => "shipped",
        (Some(_), ..) => "paid",
        _ => "placed",
    }
}
