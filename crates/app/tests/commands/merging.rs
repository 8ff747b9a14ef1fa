//! Cases that become one, become two, or hang together, told on both engines.

use crate::desk::{World, on_both, refused};
use aftercare_app::Context;
use aftercare_app::case::contact::NewContact;
use aftercare_app::case::link::LinkCase;
use aftercare_app::case::merge::MergeInto;
use aftercare_app::case::open::NewRequest;
use aftercare_app::case::split::SplitCase;
use aftercare_app::command::CaseRef;
use aftercare_app::promise::by_hand::{KeepPromise, MakePromise};
use aftercare_domain::id::Id;
use serde_json::{Value, json};

fn fee() -> MakePromise {
    MakePromise {
        text: "清洗费 50.00 元打款给您".into(),
        team: "finance".into(),
        due_at: None,
        due_in_h: Some(24),
        amount_minor: Some(5_000),
    }
}

fn says(text: &str) -> NewContact {
    NewContact {
        direction: "out".into(),
        channel: "chat".into(),
        text: text.into(),
        marks: vec![],
        script: None,
        knowledge: None,
        over: None,
        prepare: false,
    }
}

/// A second case of the buyer on another channel; `order` or a caller whose order nobody knows yet.
async fn second(world: &World, who: &Context, order: Option<&str>, text: &str) -> CaseRef {
    let input =
        json!({ "order_no": order, "channel": "phone", "text": text, "scenario": "parcel_inquiry", "request": { "kind": "inquiry" } });
    let opened = world.desk.open_case(who, world.shop, serde_json::from_value(input).expect("an intake")).await.expect("opened");
    world.at(&opened)
}

fn texts(view: &Value) -> String {
    view["timeline"].as_array().expect("entries").iter().filter_map(|e| e["text"].as_str()).collect::<Vec<_>>().join("|")
}

#[test]
fn a_merge_keeps_contacts_promises_and_amounts_and_can_be_taken_back() {
    on_both(|world: World| async move {
        let (agent, finance) = (world.staff("agent").await, world.staff("finance").await);
        let first = world.at(&world.complaint(&agent, "A1").await);
        // nobody asked for the order number on the phone: the second case has a key of its own
        let phoned = second(&world, &agent, None, "我打电话来说大衣有污渍").await;
        let promise = world.desk.make_promise(&agent, phoned, fee()).await.expect("made");
        let promise = promise.result["promise_id"].as_str().and_then(Id::parse).expect("an id");
        assert_eq!(refused(world.desk.merge_case(&agent, phoned, MergeInto { into: phoned.id }).await), "bad_input");
        world.desk.merge_case(&agent, phoned, MergeInto { into: first.id }).await.expect("merged");

        let view = world.view(&agent, first).await;
        assert!(texts(&view).contains("我打电话来说大衣有污渍"), "words sealed under another key are read here: {}", texts(&view));
        assert_eq!(
            (view["promises"][0]["text"].as_str(), view["case"]["open_promises"].as_i64()),
            (Some("清洗费 50.00 元打款给您"), Some(1))
        );
        let gone = world.view(&agent, phoned).await;
        assert_eq!((gone["case"]["open"].as_bool(), gone["promises"].as_array().map(Vec::len)), (Some(false), Some(0)));
        assert_eq!(
            refused(
                world
                    .desk
                    .add_request(
                        &agent,
                        phoned,
                        NewRequest { kind: "help".into(), reason: String::new(), amount_minor: None, lines: vec![] }
                    )
                    .await
            ),
            "case_closed"
        );
        assert_eq!(refused(world.desk.merge_case(&agent, first, MergeInto { into: phoned.id }).await), "merge_other");
        // the clock of the promise came along: it breaks there
        world.until("2026-11-25T10:06").await;
        assert_eq!((world.count(first, "promise_broken").await, world.count(phoned, "promise_broken").await), (1, 0));

        world.desk.unmerge_case(&world.now(&agent), phoned).await.expect("taken back");
        let back = world.view(&agent, phoned).await;
        assert_eq!((back["case"]["open"].as_bool(), back["case"]["open_promises"].as_i64()), (Some(true), Some(1)));
        assert!(texts(&back).contains("我打电话来说大衣有污渍"));
        let view = world.view(&agent, first).await;
        assert_eq!((view["case"]["open_promises"].as_i64(), texts(&view).contains("打电话来")), (Some(0), false));
        world.desk.keep_promise(&world.now(&finance), phoned, promise, KeepPromise { proof: "流水 1".into() }).await.expect("kept there");
        assert_eq!(refused(world.desk.unmerge_case(&world.now(&agent), phoned).await), "not_merged");
    });
}

#[test]
fn requests_are_split_off_and_come_back() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let at = world.at(&world.complaint(&agent, "A1").await);
        let ask = |kind: &str| NewRequest { kind: kind.into(), reason: String::new(), amount_minor: Some(1_200), lines: vec![] };
        let stays = world.desk.add_request(&agent, at, ask("return_refund")).await.expect("asked");
        let goes = world.desk.add_request(&agent, at, ask("freight")).await.expect("asked");
        let id = |changed: &aftercare_app::command::Changed| changed.result["request_id"].as_str().and_then(Id::parse).expect("an id");
        assert_eq!(refused(world.desk.unsplit_case(&agent, at).await), "not_split");
        let split = world.desk.split_case(&agent, at, SplitCase { request_ids: vec![id(&goes)] }).await.expect("split");
        let new = CaseRef { shop: at.shop, id: split.result["case_id"].as_str().and_then(Id::parse).expect("an id") };
        let (old, fresh) = (world.view(&agent, at).await, world.view(&agent, new).await);
        assert_eq!((old["requests"].as_array().map(Vec::len), &old["requests"][0]["id"]), (Some(1), &json!(id(&stays))));
        assert_eq!((fresh["requests"][0]["kind"].as_str(), fresh["case"]["order_no"].as_str()), (Some("freight"), Some("A1")));
        assert_eq!((fresh["links"][0]["kind"].as_str(), old["links"][0]["from_other"].as_bool()), (Some("split_from"), Some(true)));
        world.desk.make_promise(&agent, new, fee()).await.expect("made");
        world.desk.unsplit_case(&agent, new).await.expect("brought back");
        let old = world.view(&agent, at).await;
        assert_eq!((old["requests"].as_array().map(Vec::len), old["case"]["open_promises"].as_i64()), (Some(2), Some(1)));
    });
}

#[test]
fn an_incident_answers_all_its_children_at_once() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let incident = world.at(&world.complaint(&agent, "A0").await);
        let mut children = Vec::new();
        for n in 1..4 {
            children.push(world.at(&world.complaint(&agent, &format!("A{n}")).await));
        }
        let link = |other: Id, kind: &str| LinkCase { other, kind: kind.into(), undo: false };
        assert_eq!(refused(world.desk.link_case(&agent, incident, link(incident.id, "incident")).await), "bad_input");
        for child in &children {
            world.desk.link_case(&agent, incident, link(child.id, "incident")).await.expect("linked");
        }
        world.desk.link_case(&agent, incident, LinkCase { undo: true, ..link(children[2].id, "incident") }).await.expect("taken back");
        let answer =
            world.desk.reply_to_children(&agent, incident, says("非常抱歉，这一批有瑕疵，我们正在逐一核实。")).await.expect("answered");
        assert_eq!(answer["items"].as_array().map(Vec::len), Some(2), "{answer}");
        for (n, child) in children.iter().enumerate() {
            assert_eq!(texts(&world.view(&agent, *child).await).contains("这一批有瑕疵"), n < 2);
        }
        let forbidden = world.desk.reply_to_children(&agent, incident, says("加微信给您返现")).await.expect("each answers for itself");
        assert_eq!(forbidden["items"][0]["refused"], "contact_forbidden");
    });
}
