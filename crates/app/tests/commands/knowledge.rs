//! A shop's own texts, told on both engines: whose they are, what is refused, how they go out on a case.

use crate::desk::{World, on_both, refused};
use aftercare_app::Context;
use aftercare_app::case::contact::NewContact;
use aftercare_app::case::gate::CheckContact;
use aftercare_app::knowledge::{ChangeKnowledge, NewKnowledge};
use aftercare_domain::id::Id;
use aftercare_domain::time::Span;
use aftercare_store::{DbError, values};
use serde_json::{Value, json};

fn text(scope: &str, code: &str, zh: &str) -> NewKnowledge {
    let team = if scope == "team" { "agent" } else { "" };
    let content = json!({ "title_zh": "运费说明", "title_en": "Freight", "text_zh": zh });
    let input = json!({ "kind": "script", "scope": scope, "team": team, "code": code, "content": content });
    serde_json::from_value(input).expect("a text")
}

fn changed(version: i64, code: &str, zh: &str) -> ChangeKnowledge {
    let input = json!({ "version": version, "code": code, "content": { "title_zh": "运费说明", "text_zh": zh } });
    serde_json::from_value(input).expect("a change")
}

fn says(text: &str, knowledge: Option<Id>) -> NewContact {
    NewContact {
        direction: "out".into(),
        channel: "chat".into(),
        text: text.into(),
        marks: vec![],
        script: None,
        knowledge,
        over: None,
        prepare: false,
    }
}

async fn write(world: &World, who: &Context, input: NewKnowledge) -> Id {
    let written = world.desk.write_knowledge(who, world.shop, input).await.expect("written");
    Id::parse(written["id"].as_str().expect("an id")).expect("an id")
}

async fn listed(world: &World, who: &Context) -> Vec<Value> {
    let list = world.desk.knowledge(&world.now(who), world.shop).await.expect("listed");
    list["items"].as_array().expect("items").clone()
}

#[test]
fn whose_a_text_is_decides_who_sees_and_changes_it() {
    on_both(|world: World| async move {
        let (agent, lead, warehouse) = (world.staff("agent").await, world.staff("lead").await, world.staff("warehouse").await);
        assert_eq!(refused(world.desk.write_knowledge(&agent, world.shop, text("shop", "yf", "运费我们出")).await), "not_allowed");
        assert_eq!(refused(world.desk.write_knowledge(&agent, world.shop, text("team", "yf", "运费我们出")).await), "not_allowed");
        let mine = write(&world, &agent, text("person", "yf", "运费放心，我们出")).await;
        let shared = write(&world, &lead, text("shop", "yf", "运费由我们承担")).await;
        let team = write(&world, &lead, text("team", "tz", "团队的话")).await;
        let ids = |items: Vec<Value>| items.iter().map(|it| it["id"].as_str().expect("an id").to_owned()).collect::<Vec<_>>();
        assert_eq!(ids(listed(&world, &agent).await), [mine.to_string(), shared.to_string(), team.to_string()]);
        assert_eq!(ids(listed(&world, &lead).await), [shared.to_string(), team.to_string()], "nobody sees what is another's own");
        assert_eq!(ids(listed(&world, &warehouse).await), [shared.to_string()]);
        let stranger = world.stranger(&lead);
        assert_eq!(refused(world.desk.knowledge(&stranger, world.shop).await), "not_found");
        // changing: one's own, or with the right
        assert_eq!(refused(world.desk.change_knowledge(&agent, world.shop, shared, changed(1, "yf", "改")).await), "not_allowed");
        assert_eq!(refused(world.desk.change_knowledge(&lead, world.shop, mine, changed(1, "yf", "改")).await), "not_found");
        assert_eq!(refused(world.desk.retire_knowledge(&agent, world.shop, shared).await), "not_allowed");
        assert_eq!(refused(world.desk.review_knowledge(&agent, world.shop, shared).await), "not_allowed");
        world.desk.change_knowledge(&agent, world.shop, mine, changed(1, "yf", "运费我们来出")).await.expect("changed");
        assert_eq!(refused(world.desk.change_knowledge(&agent, world.shop, mine, changed(1, "yf", "晚了")).await), "knowledge_moved");
        let entry = world.desk.knowledge_entry(&agent, world.shop, mine).await.expect("shown");
        assert_eq!((&entry["version"], &entry["versions"][1]["content"]["text_zh"]), (&json!(2), &json!("运费放心，我们出")));
        world.desk.retire_knowledge(&agent, world.shop, mine).await.expect("retired");
        assert_eq!(refused(world.desk.knowledge_entry(&agent, world.shop, mine).await), "not_found");
        assert_eq!(ids(listed(&world, &agent).await), [shared.to_string(), team.to_string()]);
    });
}

#[test]
fn what_is_misspelt_or_taken_is_refused_at_saving_with_its_place() {
    on_both(|world: World| async move {
        let lead = world.staff("lead").await;
        let wrong = world.desk.write_knowledge(&lead, world.shop, text("shop", "tk", "退款{offer.amonut}已提交")).await;
        let Err(aftercare_app::Error::Refused(refusal)) = wrong else { panic!("expected a refusal") };
        assert_eq!(refusal.code.as_str(), "unknown_variable");
        assert_eq!(refusal.message(true), "text_zh 第 3 个字：没有变量 {offer.amonut}，相近的是 offer.amount");
        write(&world, &lead, text("shop", "tk", "退款{offer.amount}已提交")).await;
        assert_eq!(refused(world.desk.write_knowledge(&lead, world.shop, text("shop", "tk", "又一条")).await), "code_taken");
        assert_eq!(refused(world.desk.write_knowledge(&lead, world.shop, text("team", "tk", "又一条")).await), "code_taken");
        write(&world, &lead, text("person", "tk", "我自己的")).await;
        for (scope, code, zh) in [("shop", "T K", "字母不对"), ("shop", "x", ""), ("office", "x", "不知道是谁的")] {
            assert_eq!(refused(world.desk.write_knowledge(&lead, world.shop, text(scope, code, zh)).await), "bad_input", "{scope} {code}");
        }
        let nobody = NewKnowledge { scope: "team".into(), team: String::new(), ..text("team", "y", "没有组") };
        assert_eq!(refused(world.desk.write_knowledge(&lead, world.shop, nobody).await), "bad_input");
        // what people write may be personal: it is sealed, and masked for those who do not take care of it
        let agent = world.staff("agent").await;
        let id = write(&world, &lead, text("shop", "dh", "有事打 13800001111 找老王")).await;
        let of = |items: Vec<Value>| items.into_iter().find(|it| it["id"] == id.to_string()).expect("listed")["content"]["text_zh"].clone();
        assert_eq!(of(listed(&world, &agent).await), "有事打 138****1111 找老王");
        assert_eq!(of(listed(&world, &lead).await), "有事打 13800001111 找老王");
        let shop = world.shop;
        let stored = "SELECT content_sealed FROM knowledge WHERE shop_id = $1 AND id = $2";
        let read = world.desk.store.read(move |tx| tx.query(stored, &values![shop, id], |row| row.get::<Vec<u8>>(0)));
        let sealed = read.await.map_err(|error: DbError| error).expect("read");
        assert!(!String::from_utf8_lossy(&sealed[0]).contains("13800001111"));
    });
}

#[test]
fn a_text_goes_out_filled_in_and_never_with_a_hole() {
    on_both(|world: World| async move {
        let (agent, lead) = (world.staff("agent").await, world.staff("lead").await);
        let opened = world.complaint(&agent, "A1").await;
        let at = world.at(&opened);
        let known = write(&world, &lead, text("shop", "dd", "订单{order.no}我在跟进")).await;
        let unknown = write(&world, &lead, text("shop", "tk", "退款{offer.amount}已提交")).await;
        let elsewhere = NewKnowledge { scenarios: vec!["moon".into()], ..text("shop", "yq", "月球专用") };
        let elsewhere = write(&world, &lead, elsewhere).await;
        let ready = world.desk.ready_knowledge(&agent, at).await.expect("ready");
        let of = |id: Id| ready["items"].as_array().expect("items").iter().find(|it| it["id"] == id.to_string()).expect("there").clone();
        assert_eq!((&of(known)["text"]["zh"], &of(known)["missing"]), (&json!("订单A1我在跟进"), &json!([])));
        assert_eq!(of(unknown)["missing"], json!(["offer.amount"]));
        assert_eq!((&of(elsewhere)["fits"], &ready["items"][2]["id"]), (&json!(false), &json!(elsewhere.to_string())));
        // a hole is refused, a misfit is warned about, a use is counted once a case
        let hole = world.desk.record_contact(&agent, at, says("退款{offer.amount}已提交", Some(unknown))).await;
        assert_eq!(refused(hole), "variables_missing");
        assert_eq!(world.count(at, "contact_out").await, 0);
        let check =
            CheckContact { channel: "chat".into(), text: "月球专用".into(), script: None, knowledge: Some(elsewhere), marks: vec![] };
        let judged = world.desk.check_contact(&agent, at, check).await.expect("judged");
        assert_eq!((&judged["verdict"], &judged["reasons"][0]["code"]), (&json!("warn"), &json!("script_misfit")));
        for _ in 0..2 {
            world.desk.record_contact(&agent, at, says("订单A1我在跟进", Some(known))).await.expect("sent");
        }
        let used = |items: Vec<Value>| items.into_iter().find(|it| it["id"] == known.to_string()).expect("listed")["used"].clone();
        assert_eq!(used(listed(&world, &agent).await), 1);
        let gone = world.desk.record_contact(&agent, at, says("好", Some(Id::from_bytes([9; 16])))).await;
        assert_eq!(refused(gone), "not_found");
        // what is forbidden stays forbidden, from whatever text it comes
        let steering = world.desk.record_contact(&agent, at, says("麻烦您把退款原因改成不想要了", Some(known))).await;
        assert_eq!(refused(steering), "contact_forbidden");
    });
}

#[test]
fn a_text_is_stale_after_ninety_days_until_somebody_reads_it_again() {
    on_both(|world: World| async move {
        let lead = world.staff("lead").await;
        let id = write(&world, &lead, text("shop", "yf", "运费由我们承担")).await;
        assert_eq!(listed(&world, &lead).await[0]["stale"], false);
        let later = Context { now: lead.now + Span::days(90), ..lead.clone() };
        let list = world.desk.knowledge(&later, world.shop).await.expect("listed");
        assert_eq!(list["items"][0]["stale"], true);
        world.desk.review_knowledge(&later, world.shop, id).await.expect("reviewed");
        let list = world.desk.knowledge(&later, world.shop).await.expect("listed");
        assert_eq!((&list["items"][0]["stale"], &list["items"][0]["version"]), (&json!(false), &json!(1)));
    });
}
