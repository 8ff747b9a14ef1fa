//! What the shops sell and have sold, as the desk and the platform take it in. Owns the translation; invents nothing.

use crate::story::client::{Ask, Client};
use aftercare_domain::time::Micros;
use aftercare_sim::shop::World;
use aftercare_sim::shop::order::Order;
use aftercare_sim::shop::parcel::{Parcel, Trace};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Requests under way at once.
const AT_ONCE: usize = 32;

/// A write of the shop's own systems.
pub fn write(path: String, body: Value) -> Ask {
    Ask { by: "operations".into(), method: Method::POST, path, body: Some(body), key: None, version: None }
}

/// Every shop's products and stock.
pub fn catalogue(world: &World) -> Vec<Ask> {
    let mut asks = Vec::new();
    for shop in &world.shops {
        let sold: Vec<_> = world.products.iter().filter(|product| product.shops.contains(&shop.code)).collect();
        let variants = sold.iter().flat_map(|product| {
            product.specs.iter().enumerate().map(move |(place, spec)| {
                let card = json!({ "spec": spec, "features": product.features, "cautions": product.cautions, "flaws": product.flaws,
                    "cost_minor": product.cost, "weight_g": product.weight_g });
                json!({ "sku": product.variant(place), "title": product.title, "category": product.category, "bulky": product.bulky, "card": card })
            })
        });
        asks.push(write(format!("/shops/{}/products", shop.code), variants.collect()));
        let mut stock: BTreeMap<&str, i64> = BTreeMap::new();
        for row in world.stock.iter().filter(|row| sold.iter().any(|product| row.sku.starts_with(&product.sku))) {
            *stock.entry(&row.sku).or_default() += row.on_hand;
        }
        let rows: Vec<Value> = stock.into_iter().map(|(sku, on_hand)| json!({ "sku": sku, "on_hand": on_hand })).collect();
        asks.push(write(format!("/shops/{}/stock", shop.code), json!(rows)));
    }
    asks
}

/// An order as the desk takes it in, with its outbound parcels.
pub fn order(world: &World, order: &Order) -> Ask {
    let buyer = world.buyers.iter().find(|buyer| buyer.nick == order.buyer);
    let buyer = buyer.map(
        |it| json!({ "external_id": it.nick, "name": it.name, "phone": it.phone, "address": it.address, "level": it.level.to_string() }),
    );
    let line = |line: &aftercare_sim::shop::order::Line| {
        json!({ "sku": line.sku, "title": line.title, "spec": line.spec, "category": line.category, "quantity": line.quantity,
            "list_minor": line.unit_minor * line.quantity, "paid_minor": line.paid_minor, "shipped": line.shipped })
    };
    let payment = |it: &aftercare_sim::shop::order::Payment| json!({ "payment_no": it.payment_no, "method": it.means, "captured_minor": it.captured_minor });
    let parcel = |parcel: &&Parcel| {
        let last = parcel.traces.last();
        let signed = order.signed_at.filter(|_| last.is_some_and(|trace| trace.state.starts_with("signed")));
        json!({ "carrier": parcel.carrier, "waybill": parcel.waybill, "state": last.map_or("picked_up", |trace| &trace.state),
            "shipped_at": order.shipped_at, "signed_at": signed })
    };
    let body = json!({
        "order_no": order.order_no, "buyer": buyer, "lines": order.lines.iter().map(line).collect::<Vec<_>>(),
        "payments": order.payments.iter().map(payment).collect::<Vec<_>>(), "freight_minor": order.freight_minor,
        "paid_at": order.paid_at, "shipped_at": order.shipped_at, "signed_at": order.signed_at,
        "completed_at": (order.state == "finished").then_some(order.signed_at),
        "bulky": order.lines.iter().any(|line| line.bulky),
        "parcels": outbound(world, order).iter().map(parcel).collect::<Vec<_>>(),
    });
    write(format!("/shops/{}/orders", order.shop), body)
}

/// What the carrier reported up to a moment.
pub fn tracking(shop: &str, parcel: &Parcel, until: Micros) -> Option<Ask> {
    let traces: Vec<Value> = parcel.traces.iter().filter(|trace| trace.at <= until).map(event).collect();
    let body = json!({ "carrier": parcel.carrier, "waybill": parcel.waybill, "events": traces });
    (!traces.is_empty()).then(|| write(format!("/shops/{shop}/tracking"), body))
}

/// One report.
pub fn event(trace: &Trace) -> Value {
    json!({ "at": trace.at, "state": trace.state, "text": trace.text })
}

/// The outbound parcels of an order.
pub fn outbound<'w>(world: &'w World, order: &Order) -> Vec<&'w Parcel> {
    world.parcels.iter().filter(|parcel| parcel.direction == "out" && parcel.order_no == order.order_no).collect()
}

/// The platform knows every order.
pub async fn tell_platform(client: &Client, world: &World) -> Result<(), String> {
    for order in &world.orders {
        let payment =
            |it: &aftercare_sim::shop::order::Payment| json!({ "payment_no": it.payment_no, "captured_minor": it.captured_minor });
        let body = json!({ "order_no": order.order_no, "shop": order.shop, "shipped": order.shipped_at.is_some(),
            "payments": order.payments.iter().map(payment).collect::<Vec<_>>() });
        client.tell_platform("/orders", &body).await?;
    }
    Ok(())
}

/// Sends requests side by side and answers the first refusal, if any.
pub async fn send_all(client: &Client, asks: Vec<Ask>) -> Result<(), String> {
    let mut waiting = asks.into_iter();
    let mut under_way = tokio::task::JoinSet::new();
    loop {
        while under_way.len() < AT_ONCE
            && let Some(ask) = waiting.next()
        {
            let client = client.clone();
            under_way.spawn(async move {
                let path = ask.path.clone();
                let answer = client.ask(ask).await?;
                if answer.code() == "ok" { Ok(()) } else { Err(format!("{path}: {}", answer.body)) }
            });
        }
        match under_way.join_next().await {
            Some(sent) => sent.map_err(|why| why.to_string())??,
            None => return Ok(()),
        }
    }
}
