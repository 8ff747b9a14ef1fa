//! The verbs of the world: orders, parcels, the platform, time, several clients at once, and any call. Owns what each does.

use super::body;
use super::client::Ask;
use super::prepare::{Said, take_text};
use super::run::Run;
use super::value::fen;
use super::verbs::verb;
use super::{path, times};
use reqwest::Method;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

type Fields = Map<String, Value>;

/// Takes in what is there at the start.
pub async fn given(run: &mut Run<'_>) -> Result<(), String> {
    let given = &run.story.given;
    for shop in &given.shops {
        if let (Some(code), Some(settings)) = (shop.get("code").and_then(Value::as_str), shop.get("settings")) {
            post(run, &format!("/shops/{code}/settings"), settings.clone()).await?;
        }
    }
    let shop = run.shop();
    for (what, rows) in [("products", &given.products), ("stock", &given.stock)] {
        if !rows.is_empty() {
            post(run, &format!("/shops/{shop}/{what}"), json!(rows)).await?;
        }
    }
    for fields in &given.orders {
        order(run, fields.clone()).await?;
    }
    Ok(())
}

/// Carries out one step; answers how it ended.
pub async fn step(run: &mut Run<'_>, name: &str, mut fields: Fields, refused: Option<&str>) -> Result<String, String> {
    match name {
        "together" => return together(run, fields).await,
        "call" => return call(run, fields, refused).await,
        _ if refused.is_some() => return Err(format!("{name} cannot be refused")),
        "expect" => {}
        "order" => order(run, fields).await?,
        "ship" => ship(run, fields).await?,
        "deliver" => deliver(run, fields).await?,
        "refuse" => refuse(run, fields).await?,
        "track" => track(run, fields).await?,
        "platform" => platform(run, fields).await?,
        "faults" => drop(run.client().tell_platform("/faults", &Value::Object(fields)).await?),
        "callbacks" => run.settle(true).await?,
        "clock" => clock(run, &mut fields).await?,
        "restart" => {
            let kill = fields.get("kill") == Some(&json!(true));
            let now = run.now;
            run.world.restart(kill, now).await?;
        }
        "take_over" => take_over(run, fields).await?,
        "settings" => {
            let shop = run.shop();
            post(run, &format!("/shops/{shop}/settings"), run.fill(&Value::Object(fields))?).await?;
        }
        _ => return Err(format!("there is no verb {name}")),
    }
    Ok("ok".to_owned())
}

/// A write of the shop's own systems.
async fn post(run: &mut Run<'_>, at: &str, body: Value) -> Result<Value, String> {
    let ask = Ask { by: "admin".into(), method: Method::POST, path: at.to_owned(), body: Some(body), key: None, version: None };
    run.answer = run.client().ask(ask).await?;
    if run.answer.code() == "ok" { Ok(run.answer.body.clone()) } else { Err(format!("{at}: {}", run.answer.body)) }
}

async fn order(run: &mut Run<'_>, fields: Fields) -> Result<(), String> {
    let Value::Object(mut fields) = run.fill(&Value::Object(fields))? else { return Err("expected a table".into()) };
    let no = take_text(&mut fields, "order")?.ok_or("expected `order`")?;
    let shop = take_text(&mut fields, "shop")?.unwrap_or_else(|| run.shop());
    let intercept_fails = fields.remove("intercept_fails").unwrap_or(json!(false));
    let rows = fields.remove("lines").and_then(|lines| lines.as_array().cloned()).ok_or("expected `lines`")?;
    let lines = rows.iter().map(line).collect::<Result<Vec<_>, _>>()?;
    let freight = fields.remove("freight").map_or(Ok(0), |freight| fen(&freight))?;
    let total = lines.iter().filter_map(|line| line["paid_minor"].as_i64()).sum::<i64>() + freight;
    let payments = match fields.remove("payments") {
        None => vec![json!({ "payment_no": "P1", "captured_minor": total })],
        Some(rows) => rows.as_array().into_iter().flatten().map(payment).collect::<Result<Vec<_>, _>>()?,
    };
    let mut body = json!({ "order_no": no, "lines": lines, "payments": payments, "freight_minor": freight });
    body["buyer"] = match fields.remove("buyer") {
        Some(Value::Object(buyer)) => Value::Object(buyer),
        Some(Value::String(name)) => buyer(&name),
        _ => buyer("王小明"),
    };
    for (name, long) in
        [("ordered", "ordered_at"), ("paid", "paid_at"), ("shipped", "shipped_at"), ("signed", "signed_at"), ("completed", "completed_at")]
    {
        let text = take_text(&mut fields, name)?.or_else(|| (name == "paid").then(|| "+0 s".to_owned()));
        if let Some(text) = text {
            let at = times::instant(&text, run.now, run.story.start).ok_or_else(|| format!("{name}: expected a time, got {text}"))?;
            body[long] = json!(at);
        }
    }
    let (carrier, waybill) = (take_text(&mut fields, "carrier")?, take_text(&mut fields, "waybill")?);
    if body.get("shipped_at").is_some() {
        let state = if body.get("signed_at").is_some() { "signed_self" } else { "in_transit" };
        body["parcels"] = json!([{ "carrier": carrier.unwrap_or_else(|| "中通".into()), "waybill": waybill.unwrap_or_else(|| format!("OUT-{no}")),
            "state": state, "shipped_at": body["shipped_at"], "signed_at": body.get("signed_at") }]);
    }
    for (name, value) in fields {
        body[name] = value;
    }
    let shipped = body.get("shipped_at").is_some();
    let known = json!({ "order_no": no, "shop": shop, "payments": payments, "shipped": shipped, "intercept_fails": intercept_fails });
    run.client().tell_platform("/orders", &known).await?;
    post(run, &format!("/shops/{shop}/orders"), body.clone()).await?;
    body["shop"] = json!(shop);
    run.orders.insert(no, body);
    Ok(())
}

fn line(row: &Value) -> Result<Value, String> {
    let mut line = row.as_object().cloned().ok_or("lines: expected { sku, paid, … }")?;
    let paid = fen(line.get("paid").unwrap_or(&Value::Null)).map_err(|why| format!("lines: paid: {why}"))?;
    let list = line.get("list").map_or(Ok(paid), fen)?;
    line.remove("paid");
    line.remove("list");
    let sku = line.get("sku").and_then(Value::as_str).ok_or("lines: expected `sku`")?.to_owned();
    line.entry("title").or_insert_with(|| json!(sku));
    line.entry("quantity").or_insert(json!(1));
    line.extend([("paid_minor".to_owned(), json!(paid)), ("list_minor".to_owned(), json!(list))]);
    Ok(Value::Object(line))
}

fn payment(row: &Value) -> Result<Value, String> {
    let no = row["no"].as_str().ok_or("payments: expected { no, amount }")?;
    Ok(json!({ "payment_no": no, "captured_minor": fen(&row["amount"])? }))
}

/// An invented buyer; no mobile number begins with 100.
fn buyer(name: &str) -> Value {
    let tail = name.chars().fold(7_u32, |sum, letter| (sum * 31 + letter as u32) % 10_000);
    json!({ "external_id": name, "name": name, "phone": format!("1000000{tail:04}"), "address": format!("浙江省杭州市余杭区未来路 {tail} 号") })
}

/// The order's number and its latest form.
fn known(run: &Run<'_>, fields: &mut Fields) -> Result<(String, Value), String> {
    let no = take_text(fields, "order")?.ok_or("expected `order`")?;
    let body = run.orders.get(&no).cloned().ok_or_else(|| format!("there is no order {no} in this story"))?;
    Ok((no, body))
}

/// Tells the desk a later form of an order.
async fn again(run: &mut Run<'_>, no: &str, mut body: Value) -> Result<(), String> {
    run.orders.insert(no.to_owned(), body.clone());
    let shop = body.as_object_mut().and_then(|body| body.remove("shop")).unwrap_or_default();
    post(run, &format!("/shops/{}/orders", path::plain(&shop)), body).await?;
    Ok(())
}

async fn ship(run: &mut Run<'_>, mut fields: Fields) -> Result<(), String> {
    let (no, mut body) = known(run, &mut fields)?;
    let carrier = take_text(&mut fields, "carrier")?.unwrap_or_else(|| "中通".into());
    let waybill = take_text(&mut fields, "waybill")?.unwrap_or_else(|| format!("OUT-{no}"));
    let answer = run.client().tell_platform(&format!("/orders/{no}"), &json!({ "shipped": true })).await?;
    if answer.status >= 300 {
        return Err(format!("the platform does not let it go: {}", answer.body));
    }
    body["shipped_at"] = json!(run.now);
    body["parcels"] = json!([{ "carrier": carrier, "waybill": waybill, "state": "picked_up", "shipped_at": run.now }]);
    again(run, &no, body).await
}

/// Carrier and waybill of an order's outbound parcel, or the waybill said.
fn parcel(run: &Run<'_>, fields: &mut Fields) -> Result<(Option<String>, String, String), String> {
    let carrier = take_text(fields, "carrier")?;
    if let Some(waybill) = take_text(fields, "waybill")? {
        return Ok((None, carrier.unwrap_or_default(), waybill));
    }
    let (no, body) = known(run, fields)?;
    let parcel = &body["parcels"][0];
    Ok((Some(no), carrier.unwrap_or_else(|| path::plain(&parcel["carrier"])), path::plain(&parcel["waybill"])))
}

async fn report(run: &mut Run<'_>, carrier: &str, waybill: &str, mut event: Value) -> Result<(), String> {
    let shop = run.shop();
    event["at"] = json!(run.now);
    let body = json!({ "carrier": carrier, "waybill": waybill, "events": [event] });
    post(run, &format!("/shops/{shop}/tracking"), body).await?;
    Ok(())
}

async fn deliver(run: &mut Run<'_>, mut fields: Fields) -> Result<(), String> {
    let by = take_text(&mut fields, "by")?.unwrap_or_else(|| "self".into());
    let (no, carrier, waybill) = parcel(run, &mut fields)?;
    let state = if by == "self" { "signed_self" } else { "signed_other" };
    report(run, &carrier, &waybill, json!({ "state": state, "signed_by": by })).await?;
    if let Some(no) = no {
        let mut body = run.orders[&no].clone();
        body["signed_at"] = json!(run.now);
        again(run, &no, body).await?;
    }
    Ok(())
}

async fn refuse(run: &mut Run<'_>, mut fields: Fields) -> Result<(), String> {
    let (_, carrier, waybill) = parcel(run, &mut fields)?;
    report(run, &carrier, &waybill, json!({ "state": "refused" })).await
}

async fn track(run: &mut Run<'_>, mut fields: Fields) -> Result<(), String> {
    let (_, carrier, waybill) = parcel(run, &mut fields)?;
    report(run, &carrier, &waybill, Value::Object(fields)).await
}

async fn platform(run: &mut Run<'_>, mut fields: Fields) -> Result<(), String> {
    let act = take_text(&mut fields, "act")?.ok_or("expected `act`")?;
    let Value::Object(fields) = run.fill(&Value::Object(fields))? else { return Err("expected a table".into()) };
    let mut body = body::body(&fields, run.at())?;
    body["kind"] = json!(act);
    let answer = run.client().tell_platform("/act", &body).await?;
    if answer.status >= 300 {
        return Err(format!("the platform says no: {}", answer.body));
    }
    run.answer = answer;
    Ok(())
}

async fn clock(run: &mut Run<'_>, fields: &mut Fields) -> Result<(), String> {
    let to = match (take_text(fields, "to")?, take_text(fields, "by")?) {
        (Some(text), None) => times::instant(&text, run.now, run.story.start).ok_or_else(|| format!("to: expected a time, got {text}"))?,
        (None, Some(text)) => run.now + times::length(&text).ok_or_else(|| format!("by: expected a length of time, got {text}"))?,
        _ => return Err("expected `to` or `by`".into()),
    };
    run.move_to(to).await
}

async fn take_over(run: &mut Run<'_>, mut fields: Fields) -> Result<(), String> {
    let by = Said::take(&mut fields)?.by.unwrap_or_else(|| "night".into());
    let case = run.case.as_ref().map(|(_, case)| case.clone()).unwrap_or_default();
    let register = run.client().get(&by, "/handover").await?;
    let entry = path::find(&register, &format!("items[case_id={case}].id"));
    if entry.is_null() {
        return Err("the case is not on the register".into());
    }
    let at = format!("/handover/{}/take", path::plain(&entry));
    let ask = Ask { by, method: Method::POST, path: at, body: Some(json!({})), key: None, version: None };
    run.answer = run.client().ask(ask).await?;
    if run.answer.code() == "ok" { Ok(()) } else { Err(run.answer.body.to_string()) }
}

async fn call(run: &mut Run<'_>, mut fields: Fields, refused: Option<&str>) -> Result<String, String> {
    let said = Said::take(&mut fields)?;
    let Value::Object(mut fields) = run.fill(&Value::Object(fields))? else { return Err("expected a table".into()) };
    let method = take_text(&mut fields, "method")?.unwrap_or_else(|| "GET".into());
    let method = method.parse::<Method>().map_err(|_| format!("there is no method {method}"))?;
    let at = take_text(&mut fields, "path")?.ok_or("expected `path`")?;
    let status = fields.remove("status").and_then(|status| status.as_u64());
    let by = said.by.unwrap_or_else(|| "agent".into());
    run.answer = run.client().ask(Ask { by, method, path: at, body: fields.remove("body"), key: said.key, version: said.version }).await?;
    let code = run.answer.code().to_owned();
    let fits = match (status, refused) {
        (Some(status), _) => u64::from(run.answer.status) == status,
        (None, wanted) => code == wanted.unwrap_or("ok"),
    };
    if fits { Ok(code) } else { Err(format!("got {} {}", run.answer.status, run.answer.body)) }
}

/// Several clients at once: every call is prepared first, then all go together.
async fn together(run: &mut Run<'_>, mut fields: Fields) -> Result<String, String> {
    let clients = fields.remove("clients").and_then(|n| n.as_u64()).unwrap_or(1);
    let each = fields.remove("each").map(|each| vec![each]);
    let steps = each.or_else(|| fields.remove("steps").and_then(|steps| steps.as_array().cloned())).ok_or("expected `each` or `steps`")?;
    let wanted = fields.remove("outcomes").ok_or("expected `outcomes`")?;
    let mut asks = Vec::new();
    for step in steps {
        let mut step = step.as_object().cloned().ok_or("expected a step as a table")?;
        let name = take_text(&mut step, "do")?.ok_or("expected `do`")?;
        let verb = verb(&name).ok_or_else(|| format!("{name} cannot be done together; only verbs of the case can"))?;
        let times = step.remove("times").and_then(|n| n.as_u64()).unwrap_or(clients);
        let ask = run.prepare(verb, step).await?;
        asks.extend((0..times).map(|_| ask.clone()));
    }
    let calls = asks.into_iter().map(|ask| {
        let client = run.client().clone();
        tokio::spawn(async move { client.ask(ask).await })
    });
    let calls: Vec<_> = calls.collect();
    let (mut counts, mut unwanted): (BTreeMap<String, u64>, String) = Default::default();
    for call in calls {
        let answer = call.await.map_err(|why| why.to_string())??;
        *counts.entry(answer.code().to_owned()).or_default() += 1;
        if answer.code() == "ok" {
            run.answer = answer;
        } else if wanted.get(answer.code()).is_none() {
            unwanted = format!(": {}", answer.body);
        }
    }
    if json!(counts) == wanted { Ok(format!("{counts:?}")) } else { Err(format!("expected {wanted}, got {counts:?}{unwanted}")) }
}
