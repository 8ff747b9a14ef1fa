//! A canary phone number and address go in through every entrance of the API for buyers' words, and are found nowhere but masked.
//!
//! The entrances are read from the API's own description, so that a new one is tried the day it exists; files are imported too. What is looked through: every answer, the log at its most talkative, and every file of the data folder and of a backup, while the program runs and after it ended.

use crate::program::{Act, Client, Folder, PROGRAM, Place, SHOP, Served, aftercare, found};
use aftercare_domain::people::Action;
use serde_json::{Map, Value, json};
use std::path::Path;

const PHONE: &str = "13967584932";
const STREET: &str = "文一西路9693号";
const ADDRESS: &str = "浙江省杭州市余杭区文一西路9693号7幢2502室";

/// What must not be found: the number, its middle, the street with its number.
const TRACES: [&str; 3] = [PHONE, "67584932", STREET];

/// Everything a buyer may say at once.
fn canary() -> String {
    format!("请打电话{PHONE}，送到{ADDRESS}，谢谢")
}

/// Entrances of the shop's own words, which name no buyer: staff, tokens, goods, playbooks, settings. `callbacks` have their own test.
/// A reveal answers in full on purpose and leaves a record; an erasure would take the canary away before it is looked for.
const NOT_OF_BUYERS: [&str; 13] = [
    "/staff",
    "/tokens",
    "/playbooks",
    "/session",
    "/me/",
    "/settings",
    "/callbacks",
    "/products",
    "/stock",
    "/custom-fields",
    "/clock",
    "/reveal",
    "/erase",
];

struct Description(Value);

impl Description {
    /// The paths that take a body, with its schema.
    fn entrances(&self) -> Vec<(String, &Value)> {
        let paths = self.0["paths"].as_object().expect("paths");
        let bodies = paths.iter().filter_map(|(path, of)| {
            let body = of.pointer("/post/requestBody/content/application~1json/schema")?;
            Some((path.strip_prefix("/api/v1")?.to_owned(), body))
        });
        bodies.filter(|(path, _)| path != "/shops" && !NOT_OF_BUYERS.iter().any(|part| path.contains(part))).collect()
    }

    /// The paths that are read, but for the stream, what is no JSON and what needs an id of its own.
    fn reads(&self) -> Vec<String> {
        let paths = self.0["paths"].as_object().expect("paths").iter().filter(|(_, of)| of.get("get").is_some());
        let paths = paths.filter_map(|(path, _)| path.strip_prefix("/api/v1"));
        paths.filter(|path| !["/live", "/evidence/{id}", "/document"].iter().any(|end| path.ends_with(end))).map(str::to_owned).collect()
    }

    /// A body with the canary in every free text; `known` gives the fields that have to name something that exists.
    fn filled(&self, schema: &Value, known: &Value, name: &str, depth: usize) -> Value {
        if let Some(value) = known.get(name) {
            return value.clone();
        }
        if let Some(at) = schema["$ref"].as_str() {
            let of = self.0.pointer(at.trim_start_matches('#')).expect("a schema");
            return self.filled(of, known, name, depth);
        }
        if let Some(one) = schema["oneOf"].as_array().and_then(|all| all.iter().find(|one| one.get("$ref").is_some())) {
            return if depth > 5 { Value::Null } else { self.filled(one, known, name, depth + 1) };
        }
        if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
            return first.clone();
        }
        let kind = schema["type"].as_str().or_else(|| schema["type"].as_array().and_then(|all| all.first()?.as_str()));
        match (kind, schema["format"].as_str()) {
            (Some("string"), Some("date-time")) => json!("2027-01-01T00:00:00Z"),
            (Some("string"), Some("uuid")) => json!("00000000-0000-7000-8000-000000000000"),
            (Some("string"), _) => json!(canary()),
            (Some("integer"), _) => json!(1),
            (Some("boolean"), _) => json!(false),
            (Some("array"), _) => json!([self.filled(&schema["items"], known, "", depth + 1)]),
            (Some("object"), _) if schema.get("properties").is_some() => {
                let of = schema["properties"].as_object().expect("properties");
                of.iter().map(|(name, of)| (name.clone(), self.filled(of, known, name, depth + 1))).collect::<Map<_, _>>().into()
            }
            (Some("object"), _) => json!({ "x": canary() }),
            _ => json!(canary()),
        }
    }
}

/// Everything that came back, with where it came from.
#[derive(Default)]
struct Heard(Vec<(String, String)>);

impl Heard {
    fn hear(&mut self, from: &str, answer: &Value) {
        self.0.push((from.to_owned(), answer.to_string()));
    }

    /// The file as it lies there; text in it is UTF-8 whatever stands around.
    fn file(&mut self, path: &Path) {
        if let Ok(bytes) = std::fs::read(path) {
            self.0.push((path.display().to_string(), String::from_utf8_lossy(&bytes).into_owned()));
        }
    }

    fn folder(&mut self, folder: &Path) {
        for path in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() { self.folder(&path) } else { self.file(&path) }
        }
    }

    fn traces(&self) -> Vec<String> {
        let around = |text: &str, at: usize| {
            let from = text[..at].char_indices().rev().nth(20).map_or(0, |(at, _)| at);
            text[from..].chars().take(60).collect::<String>()
        };
        let seen = |(from, text): &(String, String)| {
            TRACES.iter().find_map(|trace| text.find(trace).map(|at| format!("{from}: …{}…", around(text, at))))
        };
        self.0.iter().filter_map(seen).collect()
    }
}

/// Entrances with bodies that are right, in an order in which each is taken, so that what they bring is really kept. `{id}` is the
/// newest row of the list named beside it.
fn sound() -> Vec<(&'static str, Option<&'static str>, Value)> {
    let text = canary();
    let day = "2027-01-01T00:00:00Z";
    vec![
        ("/contacts", None, json!({ "direction": "in", "channel": "chat", "text": text })),
        ("/contacts", None, json!({ "direction": "note", "channel": "agent", "text": text })),
        ("/evidence", None, json!({ "kind": "photo", "giver": "buyer", "name": text, "media_type": "text/plain", "base64": "aGk=" })),
        ("/diagnosis", None, json!({ "cause": "other", "party": "buyer", "note": text })),
        ("/remark", None, json!({ "text": text })),
        ("/side-threads", None, json!({ "party": "carrier", "subject": text })),
        ("/side-threads/{id}/messages", Some("side_threads"), json!({ "direction": "in", "text": text })),
        ("/promises", None, json!({ "text": text, "team": "finance", "due_in_h": 24 })),
        ("/promises/{id}/renegotiate", Some("promises"), json!({ "due_in_h": 48, "reason": text })),
        ("/promises/{id}/keep", Some("promises"), json!({ "proof": text })),
        ("/tasks", None, json!({ "team": "warehouse", "text": text, "due_in_h": 24 })),
        ("/tasks/{id}/done", Some("tasks"), json!({ "note": text })),
        ("/requests", None, json!({ "kind": "refund_only", "reason": text, "lines": [{ "line_no": 1, "quantity": 1 }] })),
        ("/requests/{id}/refuse", Some("requests"), json!({ "reason": text, "proof": text })),
        ("/approvals", None, json!({ "subject": "payout", "amount_minor": 100, "note": text })),
        (
            "/offers",
            None,
            json!({ "remedy": "refund", "amount_minor": 100, "what": text, "why": text, "by_when": day, "buyer_must": text, "follows": text }),
        ),
        ("/order-change", None, json!({ "kind": "address", "text": text })),
        ("/wait", None, json!({ "on": "buyer", "reason": text })),
    ]
}

/// A client that hears everything it is answered.
struct Teller<'a> {
    client: &'a Client,
    heard: Heard,
    sent: usize,
}

impl Teller<'_> {
    async fn send(&mut self, path: &str, if_match: Option<i64>, body: Value) -> (u16, Value) {
        self.sent += 1;
        let act = Act { path: path.to_owned(), key: format!("canary-{}", self.sent), if_match, body };
        let (status, answer) = self.client.send(&act).await.expect("an answer");
        self.heard.hear(&format!("POST {path} {status}"), &answer);
        (status, answer)
    }

    /// Sends what is right; where the desk acted by itself meanwhile, on the version that it tells.
    async fn taken(&mut self, path: &str, if_match: Option<i64>, body: Value) -> Value {
        let (mut status, mut answer) = self.send(path, if_match, body.clone()).await;
        for _ in 0..5 {
            if answer["code"] == "stale_version" {
                let current = answer["params"]["current"].as_str().and_then(|version| version.parse().ok());
                (status, answer) = self.send(path, current, body.clone()).await;
            }
        }
        assert!(status < 300, "POST {path}: {answer}");
        answer
    }

    async fn get(&mut self, path: &str) -> Value {
        let answer = self.client.get(path).await;
        assert_ne!(answer["code"], "internal", "GET {path}: {answer}");
        self.heard.hear(&format!("GET {path}"), &answer);
        answer
    }
}

/// The buyer's own page: the door opens for this order, and what is said there is kept.
async fn at_the_buyers_page(teller: &mut Teller<'_>) -> Client {
    teller.taken(&format!("/shops/{SHOP}/settings"), None, json!({ "portal": { "on": true, "platforms": ["tmall"] } })).await;
    let find = json!({ "shop": SHOP, "order_no": "C1", "phone_tail": &PHONE[PHONE.len() - 4..] });
    let ticket = teller.taken("/portal/find", None, find).await["ticket"].as_str().expect("a ticket").to_owned();
    teller.client.clone().with_ticket(ticket)
}

async fn through_every_entrance(client: &Client, description: &Description) -> Heard {
    let mut teller = Teller { client, heard: Heard::default(), sent: 0 };
    let order = json!({ "order_no": "C1", "buyer": { "external_id": "b1", "name": "王小明", "phone": PHONE, "address": ADDRESS },
        "lines": [{ "sku": "S1", "title": "大衣", "quantity": 1, "paid_minor": 19_900, "list_minor": 19_900 }],
        "paid_at": "2026-01-01T00:00:00Z" });
    teller.taken(&format!("/shops/{SHOP}/orders"), None, order).await;
    let buyer = at_the_buyers_page(&mut teller).await;
    let mut teller = Teller { client: &buyer, ..teller };
    let report = json!({ "problem": "other", "wish": "help", "text": canary(), "lines": [] });
    let reported = teller.taken("/portal/cases", None, report).await["case_id"].as_str().expect("a case").to_owned();
    teller.taken(&format!("/portal/cases/{reported}/messages"), None, json!({ "text": canary() })).await;
    teller.get("/portal/order").await;
    let intake = json!({ "order_no": "C1", "channel": "chat", "text": canary() });
    let case = teller.taken(&format!("/shops/{SHOP}/cases"), None, intake).await["case_id"].as_str().expect("a case").to_owned();
    let page = format!("/shops/{SHOP}/cases/{case}");
    for (path, list, body) in sound() {
        let view = teller.get(&page).await;
        let newest = list.map(|list| view[list].as_array().and_then(|rows| rows.last()?["id"].as_str()).expect("a row").to_owned());
        let url = format!("{page}{}", path.replace("{id}", newest.as_deref().unwrap_or_default()));
        teller.taken(&url, view["case"]["version"].as_i64(), body).await;
    }
    teller.taken("/search", None, json!({ "q": PHONE })).await;
    // names of things that exist, codes of the shop's own systems
    let known = json!({ "order_no": "C1", "sku": "S1", "waybill": "ZT1", "line_no": 1, "channel": "chat", "direction": "in",
        "external_id": "b1", "external_ref": "R1", "currency": "CNY", "serial": "S-1" });
    for (path, schema) in description.entrances() {
        let url = path.replace("{shop}", SHOP).replace("{case}", &case);
        let url = url.replace("{id}", &case).replace("{parcel}", &case).replace("{buyer}", &case);
        for body in [description.filled(schema, &known, "", 0), description.filled(schema, &json!({}), "", 0)] {
            let version = teller.get(&page).await["case"]["version"].as_i64();
            let (status, answer) = teller.send(&url, version, body).await;
            assert!(status < 500, "POST {url}: {answer}");
        }
    }
    for path in description.reads() {
        let url = path.replace("{shop}", SHOP).replace("{case}", &case).replace("{order_no}", "C1").replace("{sku}", "S1");
        teller.get(&url.replace("{scenario}", "parcel_inquiry")).await;
    }
    teller.heard
}

/// Files of orders, cancellations and traces with the canary in every column that speaks of a buyer, and where it makes a row wrong; what
/// was printed and the list of what was left out are heard.
fn imported(place: &Place, folder: &Path, heard: &mut Heard) {
    let rows = format!(
        "order_no,sku,title,spec,quantity,unit_price,time,buyer\nI1,S2,大衣,M,1,199.00,2026-01-01 10:00:00,{PHONE}\nI2,S2,大衣,M,{ADDRESS},1,2026-01-01 10:00:00,{PHONE}\nCI1,S2,大衣,M,-1,199.00,2026-01-02 10:00:00,{PHONE}\n"
    );
    let traces = format!("waybill,time,carrier,state,text,signed_by\nZT9,2026-01-03 10:00:00,zto,signed,{},王{PHONE}\n", canary());
    for (kind, text) in [("orders", &rows), ("returns", &rows), ("tracking", &traces)] {
        let (file, errors) = (folder.join(format!("{kind}.csv")), folder.join(format!("{kind}-errors.csv")));
        std::fs::write(&file, text).expect("written");
        let [path, list] = [&file, &errors].map(|path| path.display().to_string());
        let printed = aftercare(&["import", kind, &path, "--shop", SHOP, "--errors", &list], place, "");
        heard.hear(&format!("import {kind}"), &json!(printed));
        heard.file(&errors);
    }
}

/// The API's own description, as the program prints it.
fn described() -> String {
    let output = std::process::Command::new(PROGRAM).arg("openapi").output().expect("the program runs");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn personal_data_is_found_nowhere_but_masked() {
    let folder = Folder::new();
    let (log, place) = (folder.0.join("log"), Place { data: folder.data(), database: None });
    let description = Description(serde_json::from_str(&described()).expect("JSON"));
    let scopes: Vec<&str> = Action::ALL.iter().map(|action| action.as_str()).collect();
    let token = found(&place, &scopes.join(","));
    let mut files = Heard::default();
    imported(&place, &folder.0, &mut files);
    assert!(files.0.iter().any(|(from, text)| from.ends_with("orders-errors.csv") && text.contains("I2")), "a wrong row is listed");
    let served = Served::logged(&place, &log);
    let client = Client::new(&served.address, &token);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut heard = runtime.block_on(through_every_entrance(&client, &description));
    heard.0.append(&mut files.0);
    let copy = folder.0.join("copy");
    aftercare(&["backup", &copy.display().to_string()], &place, "");
    heard.folder(&place.data);
    heard.folder(&copy);
    served.terminate();
    assert!(served.wait().success());
    heard.folder(&place.data);
    heard.file(&log);
    assert_eq!(heard.traces(), Vec::<String>::new());
    assert!(heard.0.iter().any(|(_, text)| text.contains("139****4932")), "masked it is shown");
}

#[test]
fn the_look_itself_finds_a_trace() {
    let mut heard = Heard::default();
    heard.hear("answer", &json!({ "text": canary() }));
    assert_eq!(heard.traces().len(), 1);
}
