//! Whose case it is: assigning, waiting with an end, handing over by name, told on both engines.

use crate::desk::{World, on_both, refused};
use aftercare_app::Context;
use aftercare_app::case::assign::Assign;
use aftercare_app::case::close::CloseCase;
use aftercare_app::case::contact::NewContact;
use aftercare_app::case::wait::Wait;
use aftercare_app::command::CaseRef;
use aftercare_app::handover::give::HandOver;
use aftercare_app::promise::by_hand::MakePromise;
use aftercare_app::worklist::WorkQuery;
use aftercare_domain::id::Id;

fn says(direction: &str, text: &str) -> NewContact {
    NewContact {
        direction: direction.into(),
        channel: "chat".into(),
        text: text.into(),
        marks: vec![],
        script: None,
        knowledge: None,
        over: None,
        prepare: false,
    }
}

fn waits(on: &str, until_h: i64) -> Wait {
    Wait { on: on.into(), until_h: Some(until_h), reason: "等回复".into() }
}

fn by_timeout() -> CloseCase {
    CloseCase { result: "explained".into(), confirmation: "timeout".into(), cause: None, satisfaction: None }
}

async fn fresh(world: &World, context: &Context, at: CaseRef) -> Context {
    let view = world.view(context, at).await;
    world.seeing(&world.now(context), view["case"]["version"].as_i64().expect("a version"))
}

async fn waiting_on(world: &World, context: &Context, at: CaseRef) -> String {
    world.view(context, at).await["case"]["waiting_on"].as_str().expect("a party").to_owned()
}

#[test]
fn a_wait_that_ran_out_opens_closing_by_time_out_and_a_word_of_the_buyer_ends_it() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let at = world.at(&world.complaint(&agent, "A1").await);
        world.desk.record_contact(&agent, at, says("out", "非常抱歉，退换都可以，您看怎么处理方便？")).await.expect("said");
        assert_eq!(refused(world.desk.wait(&agent, at, waits("moon", 4)).await), "bad_input");
        world.desk.wait(&agent, at, waits("buyer", 48)).await.expect("waits");
        assert_eq!(waiting_on(&world, &agent, at).await, "buyer");
        assert_eq!(refused(world.desk.close_case(&fresh(&world, &agent, at).await, at, by_timeout()).await), "timeout_not_on_record");
        world.until("2026-11-25T10:06").await;
        let view = world.view(&agent, at).await;
        assert!(view["timeline"].to_string().contains("还在等您的回复"), "half way the buyer is reminded");
        assert_eq!(view["case"]["open"], true);

        world.desk.record_contact(&world.now(&agent), at, says("in", "我想想")).await.expect("heard");
        assert_eq!(waiting_on(&world, &agent, at).await, "agent");
        world.until("2026-11-26T10:06").await;
        assert_eq!(world.count(at, "wait_ran_out").await, 0, "the buyer spoke in time");

        world.desk.record_contact(&world.now(&agent), at, says("out", "好的，您慢慢想。")).await.expect("said");
        world.desk.wait(&world.now(&agent), at, waits("buyer", 20)).await.expect("waits");
        world.until("2026-11-27T06:06").await;
        assert_eq!(world.count(at, "wait_ran_out").await, 1);
        world.desk.close_case(&fresh(&world, &agent, at).await, at, by_timeout()).await.expect("documented");
    });
}

#[test]
fn waiting_for_another_team_ends_with_a_task_not_with_a_time_out() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let at = world.at(&world.complaint(&agent, "A1").await);
        world.desk.record_contact(&agent, at, says("out", "非常抱歉，正在请快递核实。")).await.expect("said");
        world.desk.wait(&agent, at, waits("carrier", 4)).await.expect("waits");
        assert_eq!(waiting_on(&world, &agent, at).await, "carrier");
        world.until("2026-11-24T14:06").await;
        let view = world.view(&agent, at).await;
        assert!(view["tasks"].to_string().contains("wait_over"));
        assert_eq!(refused(world.desk.close_case(&fresh(&world, &agent, at).await, at, by_timeout()).await), "timeout_not_on_record");
    });
}

#[test]
fn a_case_is_given_to_those_who_handle_cases() {
    on_both(|world: World| async move {
        let (agent, senior, lead) = (world.staff("agent").await, world.staff("senior").await, world.staff("lead").await);
        world.staff("warehouse").await;
        let at = world.at(&world.complaint(&agent, "A1").await);
        let to = |name: &str| Assign { staff: Some(name.into()) };
        assert_eq!(refused(world.desk.assign(&agent, at, to("warehouse")).await), "bad_input");
        assert_eq!(refused(world.desk.assign(&agent, at, to("nobody")).await), "not_found");
        world.desk.assign(&agent, at, to("senior")).await.expect("nobody's is given");
        assert_eq!(refused(world.desk.assign(&agent, at, to("agent")).await), "not_allowed", "another's is not");
        world.desk.assign(&senior, at, to("agent")).await.expect("one's own is");
        world.desk.assign(&lead, at, Assign { staff: None }).await.expect("a lead gives any");
        assert_eq!(world.view(&lead, at).await["case"]["owner_id"], serde_json::Value::Null);
    });
}

#[test]
fn the_register_is_taken_over_by_name_or_goes_up() {
    on_both(|world: World| async move {
        let (agent, night, senior) = (world.staff("agent").await, world.staff("night").await, world.staff("senior").await);
        let at = world.at(&world.complaint(&agent, "A1").await);
        let due =
            MakePromise { text: "打款".into(), team: "finance".into(), due_at: None, due_in_h: Some(24), amount_minor: Some(5_000) };
        world.desk.make_promise(&agent, at, due).await.expect("made");
        let hand = |to: Option<&str>| HandOver { to: to.map(Into::into), cases: vec![at], note: Some("明早催财务".into()) };
        let first = world.desk.hand_over(&agent, hand(Some("night"))).await.expect("handed over");
        let second = world.desk.hand_over(&agent, hand(Some("night"))).await.expect("again");
        let id = |answer: &serde_json::Value| answer["items"][0]["handover_id"].as_str().and_then(Id::parse).expect("an id");
        assert_eq!(refused(world.desk.take_handover(&night, id(&first)).await), "not_found", "the newer entry took its place");
        let page = world.desk.handovers(&night, WorkQuery::default()).await.expect("a page");
        let entry = &page.items[0];
        assert_eq!((entry["from"]["name"].as_str(), entry["note"].as_str()), (Some("agent"), Some("明早催财务")));
        assert_eq!(entry["summary"]["promises"][0]["team"], "finance", "what was promised is on the register");
        assert_eq!(refused(world.desk.take_handover(&senior, id(&second)).await), "handover_for_another");
        world.until("2026-11-24T10:35").await;
        let view = world.view(&agent, at).await;
        assert!(view["tasks"].to_string().contains("handover_unconfirmed"), "nobody confirmed");
        world.desk.take_handover(&world.now(&night), id(&second)).await.expect("taken");
        assert_eq!(refused(world.desk.take_handover(&world.now(&night), id(&second)).await), "handover_taken");
        let view = world.view(&agent, at).await;
        assert_eq!(view["case"]["owner_id"], serde_json::json!(night.actor.id()));
        assert!(view["tasks"].as_array().expect("tasks").iter().all(|t| t["kind"] != "handover_unconfirmed" || t["state"] == "cancelled"));
        assert!(world.desk.handovers(&night, WorkQuery::default()).await.expect("a page").items.is_empty());
        let elsewhere = HandOver { to: Some("nobody".into()), cases: vec![at], note: None };
        let answer = world.desk.hand_over(&agent, elsewhere).await.expect("each answers for itself");
        assert_eq!(answer["items"][0]["refused"], "not_found");
    });
}

#[test]
fn a_shift_is_taken_over_in_one_call_and_each_entry_answers_for_itself() {
    on_both(|world: World| async move {
        let (agent, night, senior) = (world.staff("agent").await, world.staff("night").await, world.staff("senior").await);
        let mut entries = Vec::new();
        for (order, to) in [("A1", None), ("A2", Some("senior")), ("A3", None)] {
            let at = world.at(&world.complaint(&agent, order).await);
            let given = HandOver { to: to.map(Into::into), cases: vec![at], note: Some("明早催财务".into()) };
            let answer = world.desk.hand_over(&agent, given).await.expect("handed over");
            entries.push((at, answer["items"][0]["handover_id"].as_str().and_then(Id::parse).expect("an id")));
        }
        assert_eq!(refused(world.desk.take_handovers(&night, &[]).await), "bad_input");
        assert_eq!(refused(world.desk.take_handovers(&night, &[Id::nil(); 101]).await), "bad_input");
        let nothing = world.desk.take_handovers(&night, &[Id::nil()]).await.expect("answers");
        assert_eq!(nothing["items"][0]["refused"], "not_found", "what nobody handed over");
        let all: Vec<Id> = entries.iter().map(|(_, id)| *id).collect();
        let answer = world.desk.take_handovers(&world.now(&night), &all).await.expect("taken");
        let said: Vec<Option<&str>> = answer["items"].as_array().expect("items").iter().map(|item| item["refused"].as_str()).collect();
        assert_eq!(said, [None, Some("handover_for_another"), None], "the one meant for somebody else stays");
        for (at, whose) in [(entries[0].0, &night), (entries[2].0, &night)] {
            assert_eq!(world.view(&agent, at).await["case"]["owner_id"], serde_json::json!(whose.actor.id()));
        }
        let left = world.desk.handovers(&senior, WorkQuery::default()).await.expect("a page").items;
        assert_eq!(left.len(), 1);
        let again = world.desk.take_handovers(&world.now(&senior), &all).await.expect("answers");
        let said: Vec<Option<&str>> = again["items"].as_array().expect("items").iter().map(|item| item["refused"].as_str()).collect();
        assert_eq!(said, [Some("handover_taken"), None, Some("handover_taken")]);
    });
}
