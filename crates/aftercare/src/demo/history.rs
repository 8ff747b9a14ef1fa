//! Lets the invented history happen: orders, words and acts in the order of time, over the public API. Owns the clock's walk.

use super::doing::{Doing, Fields, Tally};
use super::{goods, words};
use crate::story::client::{Ask, Client};
use aftercare_domain::time::Micros;
use aftercare_sim::shop::World;
use aftercare_sim::shop::case::{CaseScript, Step};
use aftercare_sim::shop::order::Order;
use aftercare_sim::shop::verb::Verb;
use reqwest::Method;
use serde_json::{Value, json};

/// A case under way.
struct Case<'w> {
    script: &'w CaseScript,
    order: Option<&'w Order>,
    id: Option<String>,
    /// An offer waits for the approval before it is sent.
    unsent: bool,
}

/// Everything up to the world's present.
pub async fn happen(client: &Client, world: &World, start: Micros) -> Result<(), String> {
    goods::tell_platform(client, world).await?;
    goods::send_all(client, goods::catalogue(world)).await?;
    let with_case = |order: &&Order| world.cases.iter().any(|case| case.order_no.as_deref() == Some(&order.order_no));
    let (troubled, quiet): (Vec<&Order>, Vec<&Order>) = world.orders.iter().partition(with_case);
    goods::send_all(client, quiet.iter().map(|order| goods::order(world, order)).collect()).await?;
    goods::send_all(client, troubled.iter().map(|order| goods::order(world, order)).collect()).await?;
    let mut cases: Vec<Case<'_>> = world
        .cases
        .iter()
        .map(|script| {
            let order = troubled.iter().find(|order| script.order_no.as_deref() == Some(&order.order_no)).copied();
            Case { script, order, id: None, unsent: false }
        })
        .collect();
    let mut acts: Vec<(Micros, usize, usize)> = Vec::new();
    for (at, case) in cases.iter().enumerate() {
        acts.extend(case.script.steps.iter().enumerate().map(|(n, step)| (step.at, at, n)));
    }
    acts.sort_unstable();
    let mut tally = Tally::default();
    for (now, at, n) in acts {
        move_clock(client, now.max(start)).await?;
        let case = &mut cases[at];
        act(client, world, case, &case.script.steps[n], n, &mut tally).await?;
    }
    move_clock(client, world.now).await?;
    tally.tell();
    Ok(())
}

/// Both clocks; what is due until then happens.
async fn move_clock(client: &Client, to: Micros) -> Result<(), String> {
    client.tell_platform("/clock", &json!({ "at": to })).await?;
    let ask =
        Ask { by: "admin".into(), method: Method::POST, path: "/clock".into(), body: Some(json!({ "to": to })), key: None, version: None };
    let answer = client.ask(ask).await?;
    if answer.code() == "ok" { Ok(()) } else { Err(format!("the clock does not move: {}", answer.body)) }
}

async fn act(client: &Client, world: &World, case: &mut Case<'_>, step: &Step, n: usize, tally: &mut Tally) -> Result<(), String> {
    match &step.verb {
        Verb::Platform { event, amount_minor, text } => {
            let data = if text.is_empty() { Value::Null } else { json!({ "text": text }) };
            let body = json!({ "kind": event, "order_no": case.script.order_no, "amount_minor": amount_minor, "data": data });
            let answer = client.tell_platform("/act", &body).await?;
            tally.count("platform", if answer.status < 300 { "ok" } else { answer.body["code"].as_str().unwrap_or("failed") });
            return Ok(());
        }
        Verb::Carrier { state, text } => {
            if let Some(parcel) = case.order.and_then(|order| goods::outbound(world, order).first().copied()) {
                let event = json!({ "at": step.at, "state": state, "text": text });
                let body = json!({ "carrier": parcel.carrier, "waybill": parcel.waybill, "events": [event] });
                let answer = client.ask(goods::write(format!("/shops/{}/tracking", case.script.shop), body)).await?;
                tally.count("carrier", answer.code());
            }
            return Ok(());
        }
        Verb::Intercept => left_meanwhile(client, world, case, step.at, tally).await?,
        Verb::Open { .. } => traces(client, world, case, step.at, tally).await?,
        _ => {}
    }
    for (name, fields) in words::calls(case.script, &step.verb, step.at) {
        call(client, case, step, name, fields, tally).await?;
    }
    // whoever goes on with a problem takes it; what just came in waits for somebody
    if matches!(step.verb, Verb::Open { .. }) && case.script.steps.len() > 2 {
        let owner = case.script.owner.clone();
        let fields = json!({ "staff": owner }).as_object().cloned().unwrap_or_default();
        call(client, case, &Step { actor: owner, ..step.clone() }, "assign", fields, tally).await?;
    }
    after(client, case, step, n, tally).await
}

/// What the carriers had reported when the buyer wrote.
async fn traces(client: &Client, world: &World, case: &Case<'_>, until: Micros, tally: &mut Tally) -> Result<(), String> {
    let Some(order) = case.order else { return Ok(()) };
    for parcel in goods::outbound(world, order) {
        if let Some(ask) = goods::tracking(&order.shop, parcel, until) {
            tally.count("carrier", client.ask(ask).await?.code());
        }
    }
    Ok(())
}

/// Somebody asks to turn round what the desk has not seen leave: it left in the meantime.
async fn left_meanwhile(client: &Client, world: &World, case: &Case<'_>, now: Micros, tally: &mut Tally) -> Result<(), String> {
    let Some(order) = case.order.filter(|order| order.shipped_at.is_none()) else { return Ok(()) };
    let mut ask = goods::order(world, order);
    if let Some(body) = &mut ask.body {
        body["shipped_at"] = json!(now);
        body["parcels"] =
            json!([{ "carrier": "zto", "waybill": format!("ZT{}", order.order_no), "state": "picked_up", "shipped_at": now }]);
    }
    client.tell_platform(&format!("/orders/{}", order.order_no), &json!({ "shipped": true })).await?;
    tally.count("order", client.ask(ask).await?.code());
    Ok(())
}

/// An offer leaves at once, unless an approval is asked for next; then it leaves with that.
async fn after(client: &Client, case: &mut Case<'_>, step: &Step, n: usize, tally: &mut Tally) -> Result<(), String> {
    let hours = match &step.verb {
        Verb::Offer { valid_for_h, .. } => {
            let asks =
                case.script.steps.get(n + 1).is_some_and(|next| matches!(&next.verb, Verb::Approval { subject, .. } if subject == "offer"));
            case.unsent = asks;
            valid_for_h.filter(|_| !asks)
        }
        Verb::Approve { .. } if std::mem::take(&mut case.unsent) => Some(48),
        _ => None,
    };
    let Some(hours) = hours else { return Ok(()) };
    let fields = json!({ "valid_for_h": hours }).as_object().cloned().unwrap_or_default();
    let sender = Step { actor: case.script.owner.clone(), ..step.clone() };
    call(client, case, &sender, "send", fields, tally).await
}

async fn call(
    client: &Client,
    case: &mut Case<'_>,
    step: &Step,
    name: &'static str,
    fields: Fields,
    tally: &mut Tally,
) -> Result<(), String> {
    if name != "open" && case.id.is_none() {
        tally.count(name, "no_case");
        return Ok(());
    }
    let doing = Doing { client, shop: &case.script.shop, case: case.id.as_deref(), at: step.at };
    let answer = doing.go_on(name, &step.actor, fields).await?;
    if answer.code() != "ok" {
        tracing::debug!(case = case.script.key, name, answer = %answer.body, "refused");
    }
    if name == "open" && answer.code() == "ok" {
        case.id = answer.body["case_id"].as_str().map(str::to_owned);
    }
    tally.count(name, answer.code());
    Ok(())
}
