//! Lets the invented history happen: orders, words and acts in the order of time, over the public API. Owns the clock's walk.

use super::{goods, words};
use crate::story::client::{Ask, Client};
use crate::story::prepare::{About, Said};
use crate::story::value::At;
use crate::story::verbs::verb;
use aftercare_domain::time::Micros;
use aftercare_sim::shop::World;
use aftercare_sim::shop::case::{CaseScript, Step};
use aftercare_sim::shop::order::Order;
use aftercare_sim::shop::verb::Verb;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How it went.
#[derive(Default)]
struct Tally {
    done: usize,
    refused: BTreeMap<String, usize>,
}

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
        Verb::Open { .. } => traces(client, world, case, step.at, tally).await?,
        _ => {}
    }
    for (name, fields) in words::calls(case.script, &step.verb, step.at) {
        call(client, case, step, name, fields, tally).await?;
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
    mut fields: serde_json::Map<String, Value>,
    tally: &mut Tally,
) -> Result<(), String> {
    let verb = verb(name).ok_or_else(|| format!("there is no verb {name}"))?;
    if name != "open" && case.id.is_none() {
        tally.count(name, "no_case");
        return Ok(());
    }
    (verb.usual)(&mut fields);
    let about = About { client, shop: &case.script.shop, case: case.id.as_deref(), at: At { now: step.at, start: step.at } };
    let said = Said { by: Some(step.actor.clone()), ..Said::default() };
    let code = match about.prepare(verb, said, &fields).await {
        Err(_) => "nothing_there".to_owned(),
        Ok(ask) => {
            let answer = client.ask(ask).await?;
            if answer.code() != "ok" {
                tracing::debug!(case = case.script.key, name, answer = %answer.body, "refused");
            }
            if name == "open" && answer.code() == "ok" {
                case.id = answer.body["case_id"].as_str().map(str::to_owned);
            }
            answer.code().to_owned()
        }
    };
    tally.count(name, &code);
    Ok(())
}

impl Tally {
    fn count(&mut self, name: &str, code: &str) {
        if code == "ok" {
            self.done += 1;
        } else {
            *self.refused.entry(format!("{name} {code}")).or_default() += 1;
        }
    }

    fn tell(&self) {
        let refused: usize = self.refused.values().sum();
        println!("  {} acts happened, {refused} were refused", self.done);
        for (what, count) in &self.refused {
            tracing::info!("{what}: {count}");
        }
    }
}
