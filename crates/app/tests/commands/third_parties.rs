//! Claims on carriers, talk with third parties and the shop's own fields, on both engines.

use crate::desk::{World, on_both};
use aftercare_app::Error;
use aftercare_app::carrier_claim::{NewClaim, SettleClaim};
use aftercare_app::case::open::OpenCase;
use aftercare_app::command::{CaseRef, Changed};
use aftercare_app::custom_field::Field;
use aftercare_app::side_thread::{NewMessage, NewThread};
use aftercare_domain::id::Id;
use serde_json::json;

async fn opened(world: &World, agent: &aftercare_app::Context) -> CaseRef {
    world.coat("A1001").await;
    let intake: OpenCase =
        serde_json::from_value(json!({ "order_no": "A1001", "channel": "chat", "text": "箱子压坏了" })).expect("an intake");
    world.at(&world.desk.open_case(agent, world.shop, intake).await.expect("opened"))
}

fn id(changed: &Changed, name: &str) -> Id {
    Id::parse(changed.result[name].as_str().expect("an id")).expect("an id")
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>) -> &'static str {
    match outcome {
        Err(Error::Refused(refusal)) => refusal.code.as_str(),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn a_claim_is_settled_once_and_its_clock_ends() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let at = opened(&world, &agent).await;
        let claim = NewClaim { parcel_id: None, amount_minor: 12_000, answer_within_h: Some(48) };
        let elsewhere = NewClaim { parcel_id: Some(at.id), ..claim.clone() };
        assert_eq!(refused(world.desk.open_claim(&agent, at, elsewhere).await), "not_found");
        assert_eq!(refused(world.desk.open_claim(&agent, at, NewClaim { amount_minor: 0, ..claim.clone() }).await), "bad_input");
        let made = world.desk.open_claim(&agent, at, claim).await.expect("opened");
        let running = |view: &serde_json::Value| {
            view["deadlines"]
                .as_array()
                .expect("a list")
                .iter()
                .filter(|d| d["clock"] == "follow_up.carrier_claim" && d["state"] == "running")
                .count()
        };
        assert_eq!(running(&world.desk.case_view(&agent, at).await.expect("a page")), 1);
        let claim = id(&made, "claim_id");
        world.desk.settle_claim(&agent, at, claim, SettleClaim { paid_minor: 9_000 }).await.expect("settled");
        assert_eq!(refused(world.desk.settle_claim(&agent, at, claim, SettleClaim { paid_minor: 1 }).await), "claim_ended");
        let view = world.desk.case_view(&agent, at).await.expect("a page");
        assert_eq!(running(&view), 0);
        assert_eq!((&view["carrier_claims"][0]["state"], &view["carrier_claims"][0]["paid_minor"]), (&json!("paid"), &json!(9_000)));
    });
}

#[test]
fn the_buyer_never_sees_a_side_thread_and_an_answer_ends_the_wait() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let at = opened(&world, &agent).await;
        let begun = NewThread { party: "supplier".into(), subject: "这批面料".into() };
        let thread = id(&world.desk.begin_thread(&agent, at, begun).await.expect("begun"), "thread_id");
        let say =
            |direction: &str, hours| NewMessage {
                direction: direction.into(), text: "同批还有几件？".into(), answer_within_h: hours
            };
        assert_eq!(refused(world.desk.add_side_message(&agent, at, thread, say("in", Some(4))).await), "bad_input");
        assert_eq!(refused(world.desk.add_side_message(&agent, at, at.id, say("out", None)).await), "not_found");
        world.desk.add_side_message(&agent, at, thread, say("out", Some(4))).await.expect("said");
        world.desk.add_side_message(&agent, at, thread, say("in", None)).await.expect("answered");
        let view = world.desk.case_view(&agent, at).await.expect("a page");
        assert_eq!(view["side_threads"][0]["messages"].as_array().map(Vec::len), Some(2));
        let clock = view["deadlines"].as_array().expect("a list").iter().find(|d| d["clock"] == "follow_up.side_thread");
        assert_eq!(clock.expect("a clock")["state"], "met");
        let told = view["timeline"].as_array().expect("a list").iter().filter(|entry| entry["text"] == "同批还有几件？").count();
        assert_eq!(told, 0, "no contact with the buyer came of it");
    });
}

#[test]
fn own_fields_are_typed_and_keep_their_kind() {
    on_both(|world: World| async move {
        let (agent, admin) = (world.staff("agent").await, world.staff("admin").await);
        let at = opened(&world, &agent).await;
        let field = Field {
            code: "batch".into(),
            scenario: String::new(),
            kind: "number".into(),
            label_zh: "批次".into(),
            label_en: "Batch".into(),
            choices: vec![],
        };
        assert_eq!(refused(world.desk.put_custom_field(&agent, world.shop, field.clone()).await), "not_allowed");
        world.desk.put_custom_field(&admin, world.shop, field.clone()).await.expect("added");
        let other = Field { kind: "text".into(), ..field.clone() };
        assert_eq!(refused(world.desk.put_custom_field(&admin, world.shop, other).await), "bad_input");
        let set = |value: serde_json::Value| [("batch".to_owned(), value)].into_iter().collect();
        assert_eq!(refused(world.desk.set_custom(&agent, at, set(json!("七"))).await), "bad_input");
        world.desk.set_custom(&agent, at, set(json!(7))).await.expect("set");
        assert_eq!(world.desk.case_view(&agent, at).await.expect("a page")["custom"], json!({ "batch": 7 }));
        world.desk.set_custom(&agent, at, set(json!(null))).await.expect("taken away");
        assert_eq!(world.desk.case_view(&agent, at).await.expect("a page")["custom"], json!({}));
        assert_eq!(world.desk.custom_fields(&agent, world.shop).await.expect("fields"), [field]);
    });
}
