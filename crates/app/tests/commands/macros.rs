//! Macros: a reply and several steps as one, whole or not at all; whose they are, what may be in them. Told on both engines.

use crate::desk::{World, on_both, refused};
use aftercare_app::command::CaseRef;
use aftercare_app::knowledge::{NewKnowledge, RunMacro};
use aftercare_app::notification::NotificationsQuery;
use aftercare_app::{Context, Error};
use aftercare_domain::id::Id;
use serde_json::{Value, json};

fn new(scope: &str, code: &str, text: &str, steps: Value) -> NewKnowledge {
    let content = json!({ "title_zh": "等照片", "text_zh": text, "steps": steps });
    serde_json::from_value(json!({ "kind": "macro", "scope": scope, "code": code, "content": content })).expect("a macro")
}

async fn write(world: &World, who: &Context, input: NewKnowledge) -> Result<Id, Error> {
    let written = world.desk.write_knowledge(who, world.shop, input).await?;
    Ok(written["id"].as_str().and_then(Id::parse).expect("an id"))
}

async fn run(world: &World, who: &Context, at: CaseRef, id: Id) -> Result<Value, Error> {
    let run = RunMacro { channel: "chat".into() };
    world.desk.run_macro(&world.now(who), at, id, run).await.map(|changed| changed.result)
}

fn steps() -> Value {
    json!([
        { "do": "note", "text": "@lead 订单 {order.no} 等照片" },
        { "do": "flag", "flag": "yellow" },
        { "do": "remark", "text": "等买家照片" },
        { "do": "class", "class": "product" },
        { "do": "assign", "to": "me" },
        { "do": "wait", "on": "buyer", "until_h": 24, "reason": "等照片" },
    ])
}

/// What a run could have changed.
async fn state(world: &World, who: &Context, at: CaseRef) -> Value {
    let view = world.view(who, at).await;
    json!([
        view["case"]["version"],
        view["case"]["owner_id"],
        view["case"]["waiting_on"],
        view["order"]["flag"],
        view["timeline"],
        view["remarks"]
    ])
}

#[test]
fn one_key_does_it_all() {
    on_both(|world: World| async move {
        let (agent, lead) = (world.staff("agent").await, world.staff("lead").await);
        let at = world.at(&world.complaint(&agent, "A1").await);
        let id = write(&world, &lead, new("shop", "zp", "您好，订单 {order.no} 请发一张照片。", steps())).await.expect("written");
        let ready = world.desk.ready_knowledge(&agent, at).await.expect("ready");
        let row = &ready["items"][0];
        assert_eq!((&row["kind"], &row["code"], &row["missing"]), (&json!("macro"), &json!("zp"), &json!([])), "{row}");
        assert_eq!(row["steps"][0]["text"], "@lead 订单 A1 等照片");
        let version = world.view(&agent, at).await["case"]["version"].as_i64().expect("a version");
        let done = run(&world, &agent, at, id).await.expect("run");
        assert_eq!(done["steps"], json!(["reply", "note", "flag", "remark", "class", "assign", "wait"]));
        let view = world.view(&agent, at).await;
        assert_eq!(view["case"]["version"], version + 1, "one change");
        assert_eq!((&view["case"]["owner_id"], &view["case"]["waiting_on"]), (&json!(agent.actor.id()), &json!("buyer")));
        assert_eq!((&view["order"]["flag"], &view["case"]["complaint_class"]), (&json!(2), &json!("product")));
        let talk = view["timeline"].to_string();
        for words in ["您好，订单 A1 请发一张照片。", "@lead 订单 A1 等照片"] {
            assert!(talk.contains(words), "{words}");
        }
        assert!(view["remarks"].to_string().contains("等买家照片"), "{}", view["remarks"]);
        let told = world.desk.notifications(&world.now(&lead), NotificationsQuery::default()).await.expect("a list");
        assert_eq!(told["items"][0]["kind"], "mention");
        assert_eq!(world.count(at, "macro_run").await, 1);
        assert_eq!(world.desk.knowledge_entry(&agent, world.shop, id).await.expect("read")["used"], 1);
    });
}

#[test]
fn a_hole_or_a_refusal_leaves_nothing_behind() {
    on_both(|world: World| async move {
        let (agent, lead) = (world.staff("agent").await, world.staff("lead").await);
        let at = world.at(&world.complaint(&agent, "A1").await);
        let before = state(&world, &agent, at).await;
        let flag = json!([{ "do": "flag", "flag": "red" }]);
        let hole = write(&world, &lead, new("shop", "", "方案 {offer.amount} 元", flag.clone())).await.expect("written");
        assert_eq!(refused(run(&world, &agent, at, hole).await), "variables_missing");
        let inside = json!([{ "do": "flag", "flag": "red" }, { "do": "note", "text": "方案 {offer.amount} 元" }]);
        let inside = write(&world, &lead, new("shop", "", "您好", inside)).await.expect("written");
        assert_eq!(refused(run(&world, &agent, at, inside).await), "variables_missing");
        let gate = write(&world, &lead, new("shop", "", "好评返现五元", flag.clone())).await.expect("written");
        assert_eq!(refused(run(&world, &agent, at, gate).await), "contact_forbidden");
        let nobody = json!([{ "do": "flag", "flag": "red" }, { "do": "note", "text": "看" }, { "do": "assign", "to": "ghost" }]);
        let nobody = write(&world, &lead, new("shop", "", "您好", nobody)).await.expect("written");
        assert_eq!(refused(run(&world, &agent, at, nobody).await), "not_found", "the last step undoes the first");
        let warehouse = world.staff("warehouse").await;
        assert_eq!(refused(run(&world, &warehouse, at, nobody).await), "not_allowed", "each step by its own right");
        assert_eq!(state(&world, &agent, at).await, before);
        assert_eq!(world.count(at, "macro_run").await, 0);
        assert_eq!(refused(run(&world, &world.stranger(&agent), at, nobody).await), "not_found");
    });
}

#[test]
fn what_can_be_written_and_who_can_use_it() {
    on_both(|world: World| async move {
        let (agent, lead) = (world.staff("agent").await, world.staff("lead").await);
        let at = world.at(&world.complaint(&agent, "A1").await);
        let flag = json!([{ "do": "flag", "flag": "red" }]);
        assert_eq!(
            refused(write(&world, &agent, new("shop", "", "您好", flag.clone())).await),
            "not_allowed",
            "shared ones by whoever cares for them"
        );
        let own = write(&world, &agent, new("person", "wo", "", flag.clone())).await.expect("one's own");
        assert_eq!(refused(run(&world, &lead, at, own).await), "not_found", "nobody else's");
        run(&world, &agent, at, own).await.expect("without words");
        assert_eq!(refused(write(&world, &agent, new("person", "", "", json!([]))).await), "bad_input", "neither words nor steps");
        let unknown = json!([{ "do": "note", "text": "{moon.phase}" }]);
        assert_eq!(refused(write(&world, &agent, new("person", "", "", unknown)).await), "unknown_variable");
        let nine: Vec<Value> = (0..9).map(|_| json!({ "do": "flag", "flag": "red" })).collect();
        assert_eq!(refused(write(&world, &agent, new("person", "", "", json!(nine))).await), "bad_input");
        for money in ["refund", "payout", "offer"] {
            let content = json!({ "title_zh": "钱", "text_zh": "好", "steps": [{ "do": money, "amount_minor": 100 }] });
            let input = json!({ "kind": "macro", "scope": "person", "content": content });
            assert!(serde_json::from_value::<NewKnowledge>(input).is_err(), "{money} is no step");
        }
        let script = json!({ "kind": "script", "scope": "person", "content": { "title_zh": "话", "text_zh": "好", "steps": flag } });
        let script: NewKnowledge = serde_json::from_value(script).expect("read");
        assert_eq!(refused(write(&world, &agent, script).await), "bad_input", "only a macro has steps");
    });
}
