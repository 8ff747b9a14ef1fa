//! What the buyer asks for, and what is found out about it, told on both engines.

use crate::desk::{World, on_both, refused};
use aftercare_app::Context;
use aftercare_app::case::classify::Classify;
use aftercare_app::case::diagnosis::Diagnosis;
use aftercare_app::case::evidence::NewEvidence;
use aftercare_app::case::facts::GivenFacts;
use aftercare_app::case::open::NewRequest;
use aftercare_app::case::request::agree::AgreeRequest;
use aftercare_app::case::request::ask::ChangeRequest;
use aftercare_app::case::request::refuse::RefuseRequest;
use aftercare_app::command::{CaseRef, Changed};
use aftercare_domain::id::Id;
use aftercare_store::{DbError, values};
use serde_json::{Value, json};

fn asks(kind: &str) -> NewRequest {
    NewRequest { kind: kind.into(), reason: "defect".into(), amount_minor: None, lines: vec![] }
}

fn id(changed: &Changed, name: &str) -> Id {
    changed.result[name].as_str().and_then(Id::parse).expect("an id")
}

fn facts(facts: Value) -> GivenFacts {
    GivenFacts { facts: facts.as_object().expect("an object").clone() }
}

async fn fresh(world: &World, context: &Context, at: CaseRef) -> Context {
    let view = world.view(context, at).await;
    world.seeing(&world.now(context), view["case"]["version"].as_i64().expect("a version"))
}

#[test]
fn a_refund_of_goods_that_left_is_refused_with_proof() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let line = |shipped: i64| json!({ "sku": "coat", "title": "大衣", "quantity": 1, "list_minor": 100, "paid_minor": 100, "shipped": shipped });
        let order = json!({ "order_no": "P1", "lines": [line(1), line(0)], "paid_at": "2026-11-20T09:00:00+08:00" });
        let desk = Context::desk(world.desk.clock.now());
        world.desk.put_order(&desk, world.shop, serde_json::from_value(order).expect("an order")).await.expect("taken in");
        let input = json!({ "order_no": "P1", "channel": "chat", "text": "退款" });
        let opened = world.desk.open_case(&agent, world.shop, serde_json::from_value(input).expect("an intake")).await.expect("opened");
        let at = world.at(&opened);
        let check = async |line_no: Option<i64>, proof: Option<&str>, expect: Option<&str>| {
            let lines = line_no.map(|line_no| json!([{ "line_no": line_no, "quantity": 1 }])).unwrap_or(json!([]));
            let ask = json!({ "kind": "refund_only", "reason": "not_wanted", "lines": lines });
            let ask = serde_json::from_value(ask).expect("a request");
            let asked = id(&world.desk.add_request(&agent, at, ask).await.expect("asked"), "request_id");
            let now = fresh(&world, &agent, at).await;
            let no = RefuseRequest { reason: "已在路上".into(), proof: proof.map(str::to_owned) };
            match (world.desk.refuse_request(&now, at, asked, no).await, expect) {
                (Ok(_), None) => {}
                (Err(aftercare_app::Error::Refused(no)), Some(code)) => {
                    assert_eq!(no.code.as_str(), code);
                    world.desk.withdraw_request(&agent, at, asked).await.expect("withdrawn");
                }
                (other, _) => panic!("line {line_no:?}, proof {proof:?}: {other:?}"),
            }
        };
        check(Some(1), None, Some("proof_missing")).await;
        check(Some(1), Some("  "), Some("proof_missing")).await;
        check(None, None, Some("proof_missing")).await;
        check(Some(1), Some("轨迹"), None).await;
        check(Some(2), None, None).await;
    });
}

#[test]
fn a_request_is_refused_changed_agreed_and_withdrawn() {
    on_both(|world: World| async move {
        let (agent, night) = (world.staff("agent").await, world.staff("night").await);
        let at = world.at(&world.complaint(&agent, "A1").await);
        let odd = NewRequest { kind: "moon".into(), ..asks("exchange") };
        assert_eq!(refused(world.desk.add_request(&agent, at, odd).await), "bad_input");
        let asked = id(&world.desk.add_request(&night, at, asks("return_refund")).await.expect("asked"), "request_id");

        let no = || RefuseRequest { reason: "吊牌已剪，已穿着".into(), proof: Some("质检视频 1".into()) };
        assert_eq!(refused(world.desk.refuse_request(&agent, at, asked, no()).await), "version_missing");
        assert_eq!(refused(world.desk.refuse_request(&world.seeing(&night, 2), at, asked, no()).await), "not_allowed");
        let now = fresh(&world, &agent, at).await;
        world.desk.refuse_request(&now, at, asked, no()).await.expect("refused");
        let agree = || AgreeRequest { method: "self_sent".into(), address: Some("仓库退货组".into()) };
        let now = fresh(&world, &agent, at).await;
        assert_eq!(refused(world.desk.agree_request(&now, at, asked, agree()).await), "request_ended");

        let modified = ChangeRequest { kind: Some("exchange".into()), amount_minor: None, lines: None };
        world.desk.change_request(&agent, at, asked, modified).await.expect("changed");
        let now = fresh(&world, &agent, at).await;
        world.desk.agree_request(&now, at, asked, agree()).await.expect("agreed");
        let view = world.view(&agent, at).await;
        assert_eq!((view["case"]["stage"].as_str(), view["case"]["waiting_on"].as_str()), (Some("execution"), Some("agent")));
        assert_eq!((view["requests"][0]["state"].as_str(), view["requests"][0]["kind"].as_str()), (Some("agreed"), Some("exchange")));

        world.desk.withdraw_request(&agent, at, asked).await.expect("withdrawn");
        assert_eq!(refused(world.desk.withdraw_request(&agent, at, asked).await), "request_ended");
        let only = ChangeRequest { kind: None, amount_minor: Some(100), lines: None };
        assert_eq!(refused(world.desk.change_request(&agent, at, asked, only).await), "request_ended");
        let money = id(&world.desk.add_request(&agent, at, asks("refund_only")).await.expect("asked"), "request_id");
        let now = fresh(&world, &agent, at).await;
        assert_eq!(refused(world.desk.agree_request(&now, at, money, agree()).await), "no_return");
    });
}

#[test]
fn facts_are_typed_by_the_catalogue() {
    on_both(|world: World| async move {
        let (agent, warehouse) = (world.staff("agent").await, world.staff("warehouse").await);
        let at = world.at(&world.complaint(&agent, "A1").await);
        let give = |who: &Context, given: Value| {
            let (desk, who) = (world.desk.clone(), who.clone());
            async move { desk.give_facts(&who, at, facts(given)).await }
        };
        assert_eq!(refused(give(&agent, json!({ "moon.phase": 1 })).await), "fact_unknown");
        assert_eq!(refused(give(&agent, json!({ "line.paid": 1 })).await), "fact_worked_out");
        assert_eq!(refused(give(&agent, json!({ "buyer.wants_call": "yes", "request.symptom": "stain" })).await), "fact_mistyped");
        give(&warehouse, json!({ "buyer.wants_call": true, "request.symptom": "stain" })).await.expect("given");
        give(&agent, json!({ "request.symptom": null, "request.safety": true })).await.expect("given");
        let kept = kept_facts(&world, at).await;
        assert_eq!(
            kept,
            json!({ "request.problem": "soiled", "buyer.wants_call": true, "request.safety": true }),
            "what intake read stays"
        );
        let marks = world.view(&agent, at).await["case"]["marks"].clone();
        assert!(marks["safety"].is_string(), "a safety incident stands first in the queue");
    });
}

#[test]
fn evidence_is_sealed_hashed_and_read_back() {
    on_both(|world: World| async move {
        let (agent, auditor) = (world.staff("agent").await, world.staff("auditor").await);
        let at = world.at(&world.complaint(&agent, "A1").await);
        let photo = NewEvidence {
            kind: "photo".into(),
            giver: "buyer".into(),
            name: "胸口污渍.jpg".into(),
            media_type: Some("image/jpeg".into()),
            base64: Some("/9j/4AAQ".into()),
        };
        for odd in [
            NewEvidence { kind: "song".into(), ..photo.clone() },
            NewEvidence { giver: "moon".into(), ..photo.clone() },
            NewEvidence { base64: Some("***".into()), ..photo.clone() },
            NewEvidence { media_type: Some("text/html".into()), ..photo.clone() },
        ] {
            assert_eq!(refused(world.desk.add_evidence(&agent, at, odd).await), "bad_input");
        }
        assert_eq!(refused(world.desk.add_evidence(&auditor, at, photo.clone()).await), "not_allowed");
        let added = world.desk.add_evidence(&agent, at, photo).await.expect("added");
        let bytes = world.desk.evidence_bytes(&auditor, at, id(&added, "evidence_id")).await.expect("read");
        assert_eq!((bytes.media_type.as_str(), bytes.bytes.as_slice()), ("image/jpeg", &[0xff, 0xd8, 0xff, 0xe0, 0, 0x10][..]));
        assert_eq!(refused(world.desk.evidence_bytes(&world.stranger(&agent), at, id(&added, "evidence_id")).await), "not_found");
        let view = world.view(&agent, at).await;
        assert_eq!((&view["evidence"][0]["sha256"], &view["evidence"][0]["name"]), (&added.result["sha256"], &json!("胸口污渍.jpg")));
        assert_eq!(view["case"]["stage"], "diagnosis");
        let odd = "/* test */ UPDATE evidence SET sha256 = $1";
        let changed = world.desk.store.write(move |tx| tx.execute(odd, &values![[0_u8; 32]])).await;
        assert_eq!(changed.map_err(|error: DbError| error).expect("changed"), 1);
        assert!(
            world.desk.evidence_bytes(&agent, at, id(&added, "evidence_id")).await.is_err(),
            "what does not match its hash is not shown"
        );
    });
}

#[test]
fn diagnosis_and_corrections_are_kept() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let at = world.at(&world.complaint(&agent, "A1").await);
        let found = Diagnosis { cause: "soiled".into(), party: "warehouse".into(), note: "出库前已有污渍".into(), verified: true };
        assert_eq!(refused(world.desk.diagnose(&agent, at, Diagnosis { cause: "moon".into(), ..found.clone() }).await), "bad_input");
        world.desk.diagnose(&agent, at, found).await.expect("diagnosed");
        let correct = Classify {
            scenario: Some("damaged_defective".into()),
            severity: Some(1),
            emotion: Some("upset".into()),
            class: Some("product".into()),
        };
        world.desk.classify(&agent, at, correct).await.expect("classified");
        let view = world.view(&agent, at).await;
        let case = &view["case"];
        assert_eq!(
            (case["cause"].as_str(), case["party"].as_str(), case["stage"].as_str()),
            (Some("soiled"), Some("warehouse"), Some("negotiation"))
        );
        assert_eq!((case["scenario"].as_str(), case["complaint_class"].as_str()), (Some("damaged_defective"), Some("product")));
        assert!(view["tasks"].as_array().expect("tasks").iter().any(|task| task["team"] == "supervisor"), "injury goes up at once");
        let sql = "/* test */ SELECT COUNT(*) FROM classification WHERE decided <> proposed";
        let kept = world.desk.store.read(move |tx| tx.query_opt(sql, &values![], |row| row.get::<i64>(0))).await;
        assert_eq!(kept.map_err(|error: DbError| error).expect("a count"), Some(4));
        let facts = json!({ "request.problem": "soiled", "request.symptom": "stain", "diagnosis.verified": true, "request.safety": true });
        assert_eq!(kept_facts(&world, at).await, facts);
    });
}

async fn kept_facts(world: &World, at: CaseRef) -> Value {
    let sql = "SELECT facts FROM cases WHERE shop_id = $1 AND id = $2";
    let found = world.desk.store.read(move |tx| tx.query_opt(sql, &values![at.shop, at.id], |row| row.get::<Value>(0))).await;
    found.map_err(|error: DbError| error).expect("facts").expect("a case")
}
