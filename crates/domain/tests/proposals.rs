//! How well the scenario of a new case is proposed, measured on the written conversations: what the buyer said first, and what the order tells.

#![expect(clippy::print_stderr, reason = "the measured rate is what this test is read for")]

use aftercare_domain::playbook::answer::{Words, propose};
use aftercare_domain::playbook::{Catalogue, Facts, Pack, Spoken, Value};
use aftercare_domain::time::Micros;
use std::collections::BTreeMap;
use std::path::Path;

fn folder(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn texts(folder: &Path) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let files = entries.filter(|path| path.extension().is_some_and(|ext| ext == "toml"));
    let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    files.map(|path| (name(&path), std::fs::read_to_string(&path).expect("a text"))).collect()
}

fn pack() -> Pack {
    let mut files = texts(&folder("../../playbooks"));
    files.extend(texts(&folder("../../playbooks/shared")).into_iter().map(|(name, text)| (format!("shared/{name}"), text)));
    Pack::read(files.iter().map(|(path, text)| (path.as_str(), text.as_str())), Catalogue::standard()).expect("a pack without fault")
}

struct Said {
    scenario: String,
    name: String,
    opening: String,
    /// Without what is only read out of the words.
    certain: Facts,
    facts: Facts,
}

fn product(products: &[toml::Table], wanted: &toml::Value) -> Option<toml::Table> {
    let wanted = wanted.as_str()?;
    let is = |product: &&toml::Table| {
        product["sku"].as_str() == Some(wanted)
            || product["category"].as_str() == Some(wanted)
            || product["tags"].as_array().is_some_and(|tags| tags.iter().any(|tag| tag.as_str() == Some(wanted)))
    };
    products.iter().find(is).cloned()
}

fn said(conversation: &toml::Table, products: &[toml::Table]) -> Said {
    let catalogue = Catalogue::standard();
    let text = |name: &str| conversation.get(name).and_then(toml::Value::as_str).unwrap_or_default().to_owned();
    let request = |name: &str| conversation["request"].get(name).and_then(toml::Value::as_str).unwrap_or_default().to_owned();
    let opening = text("script").lines().find_map(|line| line.strip_prefix("买 ")).unwrap_or_default().to_owned();
    let mut facts = Facts::new(catalogue, Micros::parse("2026-11-24T10:00:00+08:00").expect("a time"), 480);
    let mut set = |name: &str, value: &str| {
        let fact = catalogue.fact(catalogue.find(name).expect("a fact"));
        if let Some(choice) = fact.choice(value) {
            facts.set(catalogue, name, choice);
        }
    };
    set("request.kind", &request("kind"));
    set("request.problem", Spoken::china().problem(&request("reason"), &opening).unwrap_or_default());
    set("request.symptom", Spoken::china().symptom(&request("reason"), &opening).unwrap_or_default());
    let order = text("order");
    set("order.state", if order == "unshipped" { "paid" } else { &order });
    let goods = conversation.get("goods").and_then(toml::Value::as_array).and_then(|goods| goods.first());
    let product = goods.and_then(|goods| product(products, goods));
    set("line.category", product.as_ref().and_then(|product| product["category"].as_str()).unwrap_or_default());
    let parcel = text("parcel");
    let state = [("moving", "in_transit"), ("stuck", "stale"), ("lost", "lost"), ("refused", "refused"), ("returned", "returning")];
    set("parcel.state", state.iter().find(|(known, _)| *known == parcel).map_or("", |(_, state)| state));
    let mut flag = |name: &str, yes: bool| facts.set(catalogue, name, Value::Bool(yes));
    flag("order.shipped", order == "shipped" || order == "signed");
    flag("order.signed", order == "signed");
    flag("parcel.stuck", parcel == "stuck");
    flag("parcel.lost", parcel == "lost");
    flag("parcel.moving", parcel == "moving");
    flag("parcel.returning", parcel == "returned");
    flag("parcel.refused_by_buyer", parcel == "refused");
    flag("parcel.signed", order == "signed");
    // what the platform did before the case was sorted
    let script = text("script");
    let before = script.split("! classify").next().unwrap_or_default();
    let refunded = before.contains("! platform event=auto_refund") || before.contains("! platform event=ruling amount");
    flag("platform.refunded", refunded);
    flag("platform.intervened", before.contains("! platform event=intervened"));
    flag("review.posted", opening.starts_with("（评价）"));
    if let Some(product) = &product {
        flag("order.bulky", product.get("bulky").and_then(toml::Value::as_bool).unwrap_or(false));
        let installed = product["tags"].as_array().is_some_and(|tags| tags.iter().any(|tag| tag.as_str() == Some("install")));
        flag("line.needs_installation", installed);
    }
    facts.set(catalogue, "order.refunded", Value::Money(if refunded { 100 } else { 0 }));
    let mut certain = facts.clone();
    for name in ["request.problem", "request.symptom"] {
        certain.put(catalogue.find(name).expect("a fact"), None);
    }
    Said { certain, scenario: text("scenario"), name: text("name"), opening, facts }
}

#[test]
fn the_written_conversations_are_proposed_their_scenario() {
    let pack = pack();
    let catalogue = Catalogue::standard();
    let content = texts(&folder("../sim/content"));
    let parse = |text: &str| text.parse::<toml::Table>().expect("toml");
    let products: Vec<toml::Table> = content
        .iter()
        .find(|(name, _)| name == "products.toml")
        .map(|(_, text)| parse(text)["products"].as_array().expect("products").iter().filter_map(|row| row.as_table().cloned()).collect())
        .expect("the products");
    let (mut first, mut among, mut all, mut missed) = (0, 0, 0, BTreeMap::new());
    for (_, text) in content.iter().filter(|(name, _)| name != "products.toml") {
        for conversation in parse(text)["conversation"].as_array().expect("conversations").iter().filter_map(toml::Value::as_table) {
            let said = said(conversation, &products);
            if !pack.playbooks.contains_key(&said.scenario) {
                continue;
            }
            all += 1;
            let proposals = propose(&pack, catalogue, &said.certain, &said.facts, &Words::of(&said.opening));
            let place = proposals.iter().position(|proposal| proposal.scenario == said.scenario);
            first += usize::from(place == Some(0));
            among += usize::from(place.is_some_and(|place| place < 3));
            if place != Some(0) {
                let seen: Vec<String> =
                    proposals.iter().take(3).map(|proposal| format!("{} {}", proposal.scenario, proposal.score)).collect();
                missed.insert(format!("{} ({})", said.name, said.scenario), seen);
            }
        }
    }
    eprintln!("{first} of {all} first, {among} among the first three; otherwise: {missed:#?}");
    assert!(first * 100 >= all * 80, "{first} of {all}");
    assert!(among * 100 >= all * 95, "{among} of {all}");
}
