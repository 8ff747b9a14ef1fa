//! What must be true after a step. Owns which part of the desk or the platform each expectation looks at.

use super::path;
use super::prepare::{READER, take_text};
use super::run::Run;
use super::value::{At, agrees, field, row};
use serde_json::{Map, Value, json};

/// Lists of the case page: the expectation's name, and the page's where it differs.
const LISTS: &[(&str, &str)] = &[
    ("deadlines", "deadlines"),
    ("promises", "promises"),
    ("tasks", "tasks"),
    ("approvals", "approvals"),
    ("effects", "effects"),
    ("offers", "sent_offers"),
    ("requests", "requests"),
    ("evidence", "evidence"),
    ("parcels", "parcels"),
    ("reservations", "reservations"),
    ("inspections", "inspections"),
    ("links", "links"),
    ("remarks", "remarks"),
    ("carrier_claims", "carrier_claims"),
];

/// The differences found; empty when all holds.
pub async fn all(run: &Run<'_>, expected: &Value) -> Result<Vec<String>, String> {
    let expected = expected.as_object().ok_or("expect: expected a table")?;
    let mut faults = Vec::new();
    let view = if run.case.as_ref().is_some_and(|(_, case)| !case.is_empty()) { run.view().await? } else { Value::Null };
    let mut books = None;
    for (name, wanted) in expected {
        let found = match name.as_str() {
            "case" => fields(run.at(), wanted, &view["case"])?,
            "order" | "line" | "payment" => orders(run, name, wanted, &view).await?,
            "stock" => stock(run, wanted).await?,
            "count" => count(&view, wanted, run.at())?,
            "contacts" => rows(run.at(), name, wanted, &contacts(&view))?,
            "events" => events(run.at(), wanted, &happened(&view))?,
            "no_events" => no_events(wanted, &happened(&view))?,
            "answer" => fields(run.at(), wanted, &run.answer.body)?,
            "view" => fields(run.at(), wanted, &view)?,
            "get" => get(run, wanted).await?,
            "books" | "calls" | "refunds" => {
                if books.is_none() {
                    books = Some(run.client().books().await?);
                }
                platform(run.at(), name, wanted, books.as_ref().unwrap_or(&Value::Null), &view)?
            }
            other => match LISTS.iter().find(|(known, _)| *known == other) {
                Some((_, list)) => rows(run.at(), name, wanted, &view[*list])?,
                None => return Err(format!("there is no expectation {other}")),
            },
        };
        faults.extend(found.into_iter().map(|fault| format!("{name}: {fault}")));
    }
    Ok(faults)
}

fn table(value: &Value) -> Result<&Map<String, Value>, String> {
    value.as_object().ok_or_else(|| format!("expected a table, got {value}"))
}

fn fields(at: At, wanted: &Value, actual: &Value) -> Result<Vec<String>, String> {
    Ok(row(at, table(wanted)?, actual))
}

/// For each row wanted a row of its own that agrees.
fn rows(at: At, name: &str, wanted: &Value, actual: &Value) -> Result<Vec<String>, String> {
    let wanted = wanted.as_array().ok_or_else(|| format!("{name}: expected a list of rows"))?;
    let mut left: Vec<&Value> = actual.as_array().into_iter().flatten().collect();
    let mut faults = Vec::new();
    for wish in wanted {
        let wish = table(wish)?;
        match left.iter().position(|found| row(at, wish, found).is_empty()) {
            Some(place) => drop(left.remove(place)),
            None => faults.push(format!("no row is {}; there are {}", json!(wish), shown(at, wish, actual))),
        }
    }
    Ok(faults)
}

/// The rows there are, by the fields asked for.
fn shown(_: At, wish: &Map<String, Value>, actual: &Value) -> String {
    let short = |found: &Value| {
        let value = |name: &String| {
            let plain = path::find(found, name);
            let value = if plain.is_null() { path::find(found, &format!("{name}_minor")) } else { plain };
            format!("{name}={}", path::plain(&value))
        };
        wish.keys().map(value).collect::<Vec<_>>().join(" ")
    };
    let all: Vec<String> = actual.as_array().into_iter().flatten().map(short).collect();
    if all.is_empty() { "none".to_owned() } else { format!("[{}]", all.join("; ")) }
}

/// The contacts of the case.
fn contacts(view: &Value) -> Value {
    view["timeline"].as_array().into_iter().flatten().filter(|entry| entry["kind"] == "contact").cloned().collect()
}

/// Everything that happened, in order; a contact is `contact_in`, `contact_out` or `note_added`.
fn happened(view: &Value) -> Value {
    let named = |entry: &Value| {
        let mut entry = entry.clone();
        if entry["kind"] == "contact" {
            let kind = match entry["direction"].as_str() {
                Some("in") => "contact_in",
                Some("out") => "contact_out",
                _ => "note_added",
            };
            entry["data"] = entry.clone();
            entry["kind"] = json!(kind);
        }
        entry
    };
    view["timeline"].as_array().into_iter().flatten().map(named).collect()
}

/// Kinds in this order; others may stand between. Contacts are looked for in their own order: within one moment they have none.
fn events(at: At, wanted: &Value, happened: &Value) -> Result<Vec<String>, String> {
    let is_contact = |kind: &Value| ["contact_in", "contact_out", "note_added"].iter().any(|known| kind == known);
    let all = || happened.as_array().into_iter().flatten();
    let (mut said, mut done) = (all().filter(|event| is_contact(&event["kind"])), all().filter(|event| !is_contact(&event["kind"])));
    for wish in wanted.as_array().ok_or("expected a list of kinds")? {
        let fits = |event: &Value| match wish {
            Value::String(kind) => event["kind"] == *kind,
            Value::Object(wish) => wish.iter().all(|(name, value)| match name.as_str() {
                "kind" | "actor" | "actor_role" | "at" => agrees(at, value, &event[name.as_str()]),
                _ => field(at, name, value, &event["data"]).is_none(),
            }),
            _ => false,
        };
        let found = if is_contact(wish) || is_contact(&wish["kind"]) { said.any(fits) } else { done.any(fits) };
        if !found {
            let kinds: Vec<String> = all().map(|event| path::plain(&event["kind"])).collect();
            return Ok(vec![format!("{wish} does not follow in [{}]", kinds.join(", "))]);
        }
    }
    Ok(Vec::new())
}

fn no_events(wanted: &Value, happened: &Value) -> Result<Vec<String>, String> {
    let kinds = wanted.as_array().ok_or("expected a list of kinds")?;
    let there = |kind: &&Value| happened.as_array().into_iter().flatten().any(|event| event["kind"] == **kind);
    Ok(kinds.iter().filter(there).map(|kind| format!("{kind} happened")).collect())
}

fn count(view: &Value, wanted: &Value, at: At) -> Result<Vec<String>, String> {
    let one = |(name, wanted): (&String, &Value)| {
        let (name_of, state) = name.split_once('.').map_or((name.as_str(), None), |(name, state)| (name, Some(state)));
        let all = match LISTS.iter().find(|(known, _)| *known == name_of) {
            Some((_, list)) => view[*list].clone(),
            None => contacts(view),
        };
        let there = all.as_array().into_iter().flatten().filter(|row| state.is_none_or(|state| row["state"] == state)).count();
        (!agrees(at, wanted, &json!(there))).then(|| format!("{name}: expected {wanted}, found {there}"))
    };
    Ok(table(wanted)?.iter().filter_map(one).collect())
}

/// Order, line and payment: the order's own page, asked for once per order.
async fn orders(run: &Run<'_>, name: &str, wanted: &Value, view: &Value) -> Result<Vec<String>, String> {
    let mut faults = Vec::new();
    for (key, wish) in table(wanted)? {
        let (no, part) = key.rsplit_once('/').filter(|_| name != "order").unwrap_or((key, ""));
        let shop = run.orders.get(no).map_or_else(|| run.shop(), |order| path::plain(&order["shop"]));
        let page = match run.client().get(READER, &format!("/shops/{shop}/orders/{no}")).await {
            Ok(page) => page,
            Err(_) if view["order"]["order_no"] == *no => json!({ "order": view["order"], "lines": view["order"]["lines"] }),
            Err(why) => return Err(why),
        };
        let actual = match name {
            "line" => path::find(&page, &format!("lines[line_no={part}]")),
            "payment" => path::find(&page, &format!("payments[payment_no={part}]")),
            _ => page["order"].clone(),
        };
        faults.extend(fields(run.at(), wish, &actual)?.into_iter().map(|fault| format!("{key}: {fault}")));
    }
    Ok(faults)
}

async fn stock(run: &Run<'_>, wanted: &Value) -> Result<Vec<String>, String> {
    let page = run.client().get("admin", &format!("/shops/{}/stock", run.shop())).await?;
    let mut faults = Vec::new();
    for (sku, wish) in table(wanted)? {
        let actual = path::find(&page, &format!("items[sku={sku}]"));
        faults.extend(fields(run.at(), wish, &actual)?.into_iter().map(|fault| format!("{sku}: {fault}")));
    }
    Ok(faults)
}

async fn get(run: &Run<'_>, wanted: &Value) -> Result<Vec<String>, String> {
    let mut wish = table(wanted)?.clone();
    let by = take_text(&mut wish, "as")?.unwrap_or_else(|| READER.to_owned());
    let at = take_text(&mut wish, "path")?.ok_or("expected `path`")?;
    let page = run.client().get(&by, &at).await?;
    Ok(row(run.at(), &wish, &page))
}

/// What the platform says of the case's order, or of the orders named.
fn platform(at: At, name: &str, wanted: &Value, books: &Value, view: &Value) -> Result<Vec<String>, String> {
    let mine = path::plain(&view["case"]["order_no"]);
    if name != "books" {
        return rows(at, name, wanted, &of_order(&books[name], &mine));
    }
    let wish = table(wanted)?;
    let (named, own): (Vec<_>, Vec<_>) = wish.iter().partition(|(_, value)| value.is_object());
    let own = Map::from_iter(own.into_iter().map(|(name, value)| (name.clone(), value.clone())));
    let mut faults = row(at, &own, &summary(books, &mine));
    for (no, wish) in named {
        faults.extend(fields(at, wish, &summary(books, no))?.into_iter().map(|fault| format!("{no}: {fault}")));
    }
    Ok(faults)
}

fn of_order(rows: &Value, no: &str) -> Value {
    rows.as_array().into_iter().flatten().filter(|row| row["order_no"] == no).cloned().collect()
}

fn summary(books: &Value, no: &str) -> Value {
    let mut order = books["orders"][no].clone();
    for list in ["refunds", "rejected", "calls", "callbacks"] {
        if order.is_object() {
            order[list] = json!(of_order(&books[list], no).as_array().map_or(0, Vec::len));
        }
    }
    order
}
