//! Words that leave later: once, at their time, asked again; kept with the reason where they may not leave. Told on both engines.

use crate::desk::{World, on_both, refused};
use aftercare_app::Context;
use aftercare_app::case::contact::NewContact;
use aftercare_app::case::later::{ChangeLater, SendLater};
use aftercare_app::command::{CaseRef, Changed};
use aftercare_domain::id::Id;
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, values};
use serde_json::Value;

fn at_time(text: &str) -> Micros {
    Micros::parse(&format!("{text}:00+08:00")).expect("a time")
}

fn later(channel: &str, text: &str, send_at: &str) -> SendLater {
    let input = serde_json::json!({ "channel": channel, "text": text, "send_at": at_time(send_at) });
    serde_json::from_value(input).expect("words")
}

fn hears(text: &str) -> NewContact {
    serde_json::from_value(serde_json::json!({ "direction": "in", "channel": "portal", "text": text })).expect("words")
}

fn later_id(changed: &Changed) -> Id {
    changed.result["later_id"].as_str().and_then(Id::parse).expect("an id")
}

/// Times, words and marks of what went to the buyer.
async fn sent(world: &World, context: &Context, at: CaseRef) -> Vec<String> {
    let view = world.view(context, at).await;
    let out = view["timeline"].as_array().into_iter().flatten().filter(|it| it["direction"] == "out" && !it["sent_at"].is_null());
    out.map(|it| format!("{} {} {}", it["text"].as_str().unwrap_or(""), it["actor"].as_str().unwrap_or("-"), it["marks"])).collect()
}

async fn waiting(world: &World, context: &Context, at: CaseRef) -> Value {
    world.view(context, at).await["later"].clone()
}

#[test]
fn words_leave_once_at_their_time_in_the_name_of_whoever_wrote_them() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let at = world.at(&world.complaint(&agent, "A1").await);
        let mut words = later("portal", "您好，今天给您处理结果。", "2026-11-24T15:00");
        words.marks = vec!["told_result".into()];
        let repeated = world.with_key(&agent, "k1");
        let first = world.desk.send_later(&repeated, at, words.clone()).await.expect("written");
        assert_eq!(later_id(&world.desk.send_later(&repeated, at, words).await.expect("the first answer")), later_id(&first));
        world.until("2026-11-24T14:59").await;
        assert_eq!(sent(&world, &agent, at).await, Vec::<String>::new());
        assert_eq!(waiting(&world, &agent, at).await[0]["state"], "waiting");
        // Two nodes find it due at once.
        world.desk.clock.by_hand().expect("by hand").move_to(at_time("2026-11-24T15:00"));
        let (one, other) = (world.desk.clone(), world.desk.clone());
        let both = tokio::join!(
            tokio::spawn(async move { one.fire_due_timers().await }),
            tokio::spawn(async move { other.fire_due_timers().await })
        );
        both.0.expect("a node").and(both.1.expect("a node")).expect("fired");
        world.until("2026-11-25T15:00").await;
        assert_eq!(sent(&world, &agent, at).await, ["您好，今天给您处理结果。 agent [\"told_result\"]"]);
        assert_eq!(waiting(&world, &agent, at).await, serde_json::json!([]));
        assert_eq!((world.count(at, "later_left").await, world.count(at, "contact_out").await), (1, 1));
        assert_eq!(refused(world.desk.cancel_later(&world.now(&agent), at, later_id(&first)).await), "not_found");
    });
}

#[test]
fn what_may_not_leave_is_kept_with_the_reason_and_tried_again() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let at = world.at(&world.complaint(&agent, "A1").await);
        assert_eq!(refused(world.desk.send_later(&agent, at, later("sms", "好评返现五元", "2026-11-24T16:00")).await), "contact_forbidden");
        assert_eq!(refused(world.desk.send_later(&agent, at, later("sms", "您好", "2026-11-23T16:00")).await), "bad_input", "past");
        assert_eq!(refused(world.desk.send_later(&agent, at, later("sms", "您好", "2026-12-30T16:00")).await), "bad_input", "too far");
        let written =
            world.desk.send_later(&agent, at, later("portal", "您好，请看一下处理结果。", "2026-11-24T16:00")).await.expect("written");
        let no = "/* test */ UPDATE buyer SET no_contact = 1";
        world.desk.store.write(move |tx| tx.execute(no, &values![])).await.map_err(|error: DbError| error).expect("set");
        // The message of the case itself was answered, so that words now would come unasked.
        let say: NewContact =
            serde_json::from_value(serde_json::json!({ "direction": "out", "channel": "chat", "text": "在的。" })).expect("words");
        world.desk.record_contact(&agent, at, say).await.expect("answered");
        world.until("2026-11-24T17:00").await;
        let held = waiting(&world, &agent, at).await;
        assert_eq!((&held[0]["state"], &held[0]["tries"]), (&"held".into(), &1.into()), "{held}");
        assert_eq!(held[0]["reasons"][0]["code"], "no_contact", "{held}");
        assert_eq!(held[0]["text"], "您好，请看一下处理结果。", "never lost");
        assert!(sent(&world, &agent, at).await.iter().all(|words| !words.contains("处理结果")));
        let yes = "/* test */ UPDATE buyer SET no_contact = 0";
        world.desk.store.write(move |tx| tx.execute(yes, &values![])).await.map_err(|error: DbError| error).expect("set");
        let now = ChangeLater { text: Some("您好，结果在您的页面上。".into()), send_at: None };
        world.desk.change_later(&world.now(&agent), at, later_id(&written), now).await.expect("another try");
        world.until("2026-11-24T17:00").await;
        assert!(sent(&world, &agent, at).await.iter().any(|words| words.starts_with("您好，结果在您的页面上。")));
        assert_eq!(waiting(&world, &agent, at).await, serde_json::json!([]));
    });
}

#[test]
fn a_buyer_who_wrote_first_is_not_answered_by_old_words() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let at = world.at(&world.complaint(&agent, "A1").await);
        let careful = later("portal", "您好，问题还在吗？", "2026-11-24T15:00");
        let plain = SendLater { unless_answered: false, ..later("portal", "您好，补件今天寄出。", "2026-11-24T15:00") };
        world.desk.send_later(&agent, at, careful).await.expect("written");
        world.desk.send_later(&agent, at, plain).await.expect("written");
        world.until("2026-11-24T12:00").await;
        world.desk.record_contact(&world.now(&agent), at, hears("已经好了")).await.expect("heard");
        world.until("2026-11-24T15:00").await;
        let left = waiting(&world, &agent, at).await;
        assert_eq!((left.as_array().map(Vec::len), &left[0]["reasons"][0]["code"]), (Some(1), &"buyer_wrote".into()), "{left}");
        assert_eq!(sent(&world, &agent, at).await.len(), 1);
    });
}

#[test]
fn where_only_a_person_can_send_it_lies_ready_at_its_time_and_can_be_cancelled_before() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let at = world.at(&world.complaint(&agent, "A1").await);
        let written = world.desk.send_later(&agent, at, later("chat", "您好，我们在核实。", "2026-11-24T15:00")).await.expect("written");
        let other = world.desk.send_later(&agent, at, later("chat", "您好，还在核实。", "2026-11-24T15:30")).await.expect("written");
        world.desk.cancel_later(&agent, at, later_id(&other)).await.expect("taken back");
        assert_eq!(refused(world.desk.cancel_later(&world.stranger(&agent), at, later_id(&written)).await), "not_found");
        world.until("2026-11-24T16:00").await;
        let view = world.view(&agent, at).await;
        let ready = view["timeline"].as_array().into_iter().flatten().filter(|it| it["direction"] == "out" && it["sent_at"].is_null());
        let ready: Vec<&str> = ready.filter_map(|it| it["text"].as_str()).filter(|text| text.contains("核实")).collect();
        assert_eq!(ready, ["您好，我们在核实。"]);
        assert_eq!(sent(&world, &agent, at).await, Vec::<String>::new(), "nobody has sent it yet");
    });
}

#[test]
fn words_that_somebody_else_changed_leave_in_their_name() {
    on_both(|world: World| async move {
        let (agent, lead) = (world.staff("agent").await, world.staff("lead").await);
        let at = world.at(&world.complaint(&agent, "A1").await);
        let first = world.desk.send_later(&agent, at, later("portal", "您好，在处理。", "2026-11-24T15:00")).await.expect("written");
        let second = world.desk.send_later(&agent, at, later("portal", "您好，已登记。", "2026-11-24T15:00")).await.expect("written");
        let other = |text: Option<&str>| ChangeLater { text: text.map(str::to_owned), send_at: Some(at_time("2026-11-24T15:00")) };
        world.desk.change_later(&world.now(&lead), at, later_id(&first), other(Some("您好，今天答复。"))).await.expect("other words");
        world.desk.change_later(&world.now(&lead), at, later_id(&second), other(None)).await.expect("the same words");
        world.until("2026-11-24T15:00").await;
        let mut out = sent(&world, &agent, at).await;
        out.sort();
        assert_eq!(out, ["您好，今天答复。 lead []", "您好，已登记。 agent []"]);
    });
}
