//! The contact gate on every way out, told on both engines.

use crate::desk::{World, on_both, refused};
use aftercare_app::Context;
use aftercare_app::case::contact::{NewContact, Override};
use aftercare_app::case::facts::GivenFacts;
use aftercare_app::case::gate::CheckContact;
use aftercare_app::case::prepared::MarkSent;
use aftercare_app::command::{CaseRef, Changed};
use aftercare_app::playbook::Files;
use aftercare_app::promise::by_hand::{KeepPromise, MakePromise};
use aftercare_domain::id::Id;
use aftercare_store::{DbError, values};
use serde_json::{Value, json};

fn says(channel: &str, text: &str, marks: &[&str]) -> NewContact {
    NewContact {
        direction: "out".into(),
        channel: channel.into(),
        text: text.into(),
        marks: marks.iter().map(|mark| (*mark).into()).collect(),
        script: None,
        knowledge: None,
        over: None,
        prepare: false,
    }
}

fn hears(text: &str) -> NewContact {
    NewContact { direction: "in".into(), ..says("chat", text, &[]) }
}

fn although(reason: &str, contact: NewContact) -> NewContact {
    NewContact { over: Some(Override { reason: reason.into() }), ..contact }
}

async fn say(world: &World, who: &Context, at: CaseRef, contact: NewContact) -> Result<Changed, aftercare_app::Error> {
    world.desk.record_contact(&world.now(who), at, contact).await
}

async fn check(world: &World, who: &Context, at: CaseRef, channel: &str, text: &str) -> Value {
    let ask = CheckContact { channel: channel.into(), text: text.into(), script: None, knowledge: None, marks: vec![] };
    world.desk.check_contact(&world.now(who), at, ask).await.expect("an answer")
}

#[test]
fn calls_have_their_hours_and_their_number() {
    on_both(|world: World| async move {
        let (agent, senior) = (world.staff("agent").await, world.staff("senior").await);
        let at = world.at(&world.complaint(&agent, "A1").await);
        world.until("2026-11-24T10:20").await;
        say(&world, &agent, at, says("phone", "无人接听", &[])).await.expect("the first");
        world.until("2026-11-24T12:40").await;
        say(&world, &agent, at, says("phone", "无人接听", &[])).await.expect("the second, two hours apart");
        world.until("2026-11-24T19:30").await;
        let third = check(&world, &agent, at, "phone", "请买家问门卫").await;
        assert_eq!(third["verdict"], "warn", "{third}");
        say(&world, &agent, at, says("phone", "无人接听", &[])).await.expect("the third, with a warning");
        world.until("2026-11-24T21:30").await;
        let late = check(&world, &agent, at, "phone", "再打一次").await;
        assert_eq!((late["verdict"].as_str(), late["allowed_from"].as_str()), (Some("refuse"), Some("2026-11-25T02:00:00Z")), "{late}");
        assert_eq!(refused(say(&world, &agent, at, says("phone", "再打一次", &[])).await), "contact_refused");
        let urgent = || although("买家刚刚挂断，要求马上回电", says("phone", "回电", &[]));
        assert_eq!(refused(say(&world, &agent, at, urgent()).await), "not_allowed");
        assert_eq!(refused(say(&world, &senior, at, although(" ", says("phone", "回电", &[]))).await), "bad_input");
        say(&world, &senior, at, urgent()).await.expect("a senior may, with a reason");
        assert_eq!(world.count(at, "gate_overridden").await, 1);
        world.until("2026-11-24T22:30").await;
        let asked = GivenFacts { facts: json!({ "buyer.wants_call": true }).as_object().expect("an object").clone() };
        world.desk.give_facts(&world.now(&agent), at, asked).await.expect("given");
        say(&world, &agent, at, says("phone", "按买家要求回电", &[])).await.expect("a call-back asked for is never held back");
        assert_eq!(refused(say(&world, &agent, at, says("phone", "又打", &[])).await), "contact_refused", "it was this one call");
    });
}

#[test]
fn an_answer_is_never_held_back_but_its_words_are_judged() {
    on_both(|world: World| async move {
        let (agent, lead) = (world.staff("agent").await, world.staff("lead").await);
        let at = world.at(&world.complaint(&agent, "A1").await);
        say(&world, &agent, at, says("chat", "非常抱歉，我马上核实。", &["contact.apology"])).await.expect("answered");
        world.until("2026-11-24T23:30").await;
        assert_eq!(refused(say(&world, &agent, at, says("chat", "您好，在吗", &[])).await), "contact_refused");
        say(&world, &agent, at, hears("还没睡，什么时候处理")).await.expect("heard");
        say(&world, &agent, at, says("chat", "您的问题已转给仓库核实。", &[])).await.expect("an answer at night");
        for text in ["退款已到账，加微信给您返现", "您这种人真是无赖", "改成好评给您红包"] {
            assert_eq!(refused(say(&world, &agent, at, says("chat", text, &[])).await), "contact_forbidden", "{text}");
            let over = although("老客户", says("chat", text, &[]));
            assert_eq!(refused(say(&world, &lead, at, over).await), "contact_forbidden", "nobody lifts it: {text}");
        }
        let promising = check(&world, &agent, at, "chat", "明天10点前给您打款 50 元").await;
        assert_eq!(promising["reasons"][0]["code"], "promise_wording", "{promising}");
        assert_eq!(promising["reasons"][0]["proposal"]["team"], "finance");
        let due =
            MakePromise {
                text: "打款 50 元".into(), team: "finance".into(), due_at: None, due_in_h: Some(10), amount_minor: Some(5_000)
            };
        world.desk.make_promise(&world.now(&agent), at, due).await.expect("made");
        let covered = check(&world, &agent, at, "chat", "明天10点前给您打款 50 元").await;
        assert_eq!(covered["verdict"], "allow", "the promise is on record: {covered}");
    });
}

#[test]
fn proof_is_asked_for_once_and_the_night_promises_nothing() {
    on_both(|world: World| async move {
        let (agent, night) = (world.staff("agent").await, world.staff("night").await);
        let at = world.at(&world.complaint(&agent, "A1").await);
        let ask = || says("chat", "麻烦拍一张照片，我好马上处理", &["evidence_asked"]);
        say(&world, &agent, at, ask()).await.expect("once");
        assert_eq!(refused(say(&world, &agent, at, ask()).await), "contact_refused");
        say(&world, &agent, at, hears("拍了")).await.expect("heard");
        assert_eq!(refused(say(&world, &night, at, says("chat", "明天10点前给您退款", &[])).await), "contact_refused");
        say(&world, &night, at, says("chat", "非常抱歉，已经登记，白天同事接着处理。", &[])).await.expect("calming is what the night does");
    });
}

#[test]
fn do_not_contact_binds_and_personal_data_is_seen() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let at = world.at(&world.complaint(&agent, "A1").await);
        let personal = check(&world, &agent, at, "chat", "您的手机 19900006021，订单 A1").await;
        assert_eq!(personal["reasons"][0]["code"], "personal_data", "{personal}");
        assert!(!personal.to_string().contains("19900006021"), "the answer repeats nothing personal");
        say(&world, &agent, at, says("chat", "好的", &[])).await.expect("answered");
        let no = "/* test */ UPDATE buyer SET no_contact = 1";
        world.desk.store.write(move |tx| tx.execute(no, &values![])).await.map_err(|error: DbError| error).expect("set");
        world.until("2026-11-24T15:00").await;
        assert_eq!(refused(say(&world, &agent, at, says("sms", "您好，请看一下站内信", &[])).await), "contact_refused");
        say(&world, &agent, at, hears("那退款呢")).await.expect("heard");
        say(&world, &agent, at, says("chat", "已经在核实。", &[])).await.expect("who writes gets an answer");
    });
}

#[test]
fn what_lies_ready_is_looked_at_again_when_it_is_sent() {
    on_both(|world: World| async move {
        let (agent, finance) = (world.staff("agent").await, world.staff("finance").await);
        let at = world.at(&world.complaint(&agent, "A1").await);
        say(&world, &agent, at, says("chat", "非常抱歉，我马上核实。", &[])).await.expect("answered");
        let due =
            MakePromise {
                text: "打款 50 元".into(), team: "finance".into(), due_at: None, due_in_h: Some(24), amount_minor: Some(5_000)
            };
        let promise = world.desk.make_promise(&agent, at, due).await.expect("made");
        let promise = promise.result["promise_id"].as_str().and_then(Id::parse).expect("an id");
        world.desk.keep_promise(&finance, at, promise, KeepPromise { proof: "流水号 1".into() }).await.expect("kept");
        let view = world.view(&agent, at).await;
        let ready = view["timeline"].as_array().expect("entries").iter().find(|e| e["direction"] == "out" && e["sent_at"].is_null());
        let ready = ready.and_then(|entry| entry["id"].as_str()).and_then(Id::parse).expect("words that lie ready");
        assert_eq!(view["case"]["waiting_on"], "agent", "words that nobody has sent yet are the agent's move");
        world.until("2026-11-24T23:30").await;
        let sent = |text: Option<&str>| MarkSent { text: text.map(Into::into), over: None };
        assert_eq!(refused(world.desk.mark_sent(&world.now(&agent), at, ready, sent(None)).await), "contact_refused");
        world.until("2026-11-25T09:00").await;
        let forbidden = sent(Some("办好了，给个好评返红包"));
        assert_eq!(refused(world.desk.mark_sent(&world.now(&agent), at, ready, forbidden).await), "contact_forbidden");
        world.desk.mark_sent(&world.now(&agent), at, ready, sent(None)).await.expect("sent");
        assert_eq!(refused(world.desk.mark_sent(&world.now(&agent), at, ready, sent(None)).await), "not_found");
        let view = world.view(&agent, at).await;
        assert!(view["case"]["marks"]["told_result"].is_string());
        let prepared = NewContact { prepare: true, ..says("chat", "补一句", &[]) };
        let prepared = say(&world, &agent, at, prepared).await.expect("prepared").result["contact_id"].as_str().and_then(Id::parse);
        world.desk.drop_prepared(&world.now(&agent), at, prepared.expect("an id")).await.expect("dropped");
    });
}

const BOOK: &str = r#"format = 1
scenario = "stained"
number = "B99"
version = 1
title = { zh = "污渍", en = "Stained" }
summary = { zh = "说明", en = "About" }
class = "product"
applies = ["request.kind in [return_refund, complaint]"]
words = ["污渍"]

[closing]
by = ["buyer"]
results = [{ id = "done", title = { zh = "已解决", en = "solved" } }]

[[script]]
id = "sorry"
title = { zh = "致歉", en = "Sorry" }
text = { zh = "真抱歉。", en = "We are sorry." }
unfit = ["contact.apology"]
marks = ["contact.apology"]

[[script]]
id = "final"
title = { zh = "定稿", en = "Final" }
text = { zh = "已登记，工单{case.no}。", en = "Registered as {case.no}." }
frozen = true
marks = ["contact.legal_reply"]
"#;

#[test]
fn a_text_of_the_playbook_fits_or_warns_and_a_final_one_keeps_its_words() {
    on_both(|world: World| async move {
        world.desk.install(Files::from([("stained.toml".to_owned(), BOOK.to_owned())])).await.expect("installed");
        let (agent, lead) = (world.staff("agent").await, world.staff("lead").await);
        world.coat("A1").await;
        let input = json!({ "order_no": "A1", "channel": "chat", "text": "好大一块污渍", "scenario": "stained" });
        let opened = world.desk.open_case(&agent, world.shop, serde_json::from_value(input).expect("an intake")).await.expect("opened");
        let at = world.at(&opened);
        let with = |script: &str, text: &str| NewContact { script: Some(script.into()), knowledge: None, ..says("chat", text, &[]) };
        let verdict = async |script: &str, text: &str| {
            let ask =
                CheckContact { channel: "chat".into(), text: text.into(), script: Some(script.into()), knowledge: None, marks: vec![] };
            let answer = world.desk.check_contact(&world.now(&agent), at, ask).await.expect("an answer");
            (
                answer["verdict"].as_str().unwrap_or_default().to_owned(),
                answer["reasons"][0]["code"].as_str().unwrap_or_default().to_owned(),
            )
        };
        assert_eq!(verdict("sorry", "真抱歉，我来处理。").await.0, "allow");
        say(&world, &agent, at, with("sorry", "真抱歉，我来处理。")).await.expect("said");
        let marks = world.view(&agent, at).await["case"]["marks"].clone();
        assert!(marks["apology"].is_string(), "saying it makes its facts true: {marks}");
        assert_eq!(verdict("sorry", "真抱歉。").await, ("warn".into(), "script_misfit".into()));
        say(&world, &agent, at, with("sorry", "再次真抱歉。")).await.expect("a warning holds nothing back");
        assert_eq!(verdict("final", "已登记，工单 AS-1。").await.0, "allow");
        assert_eq!(verdict("final", "已登记，工单 AS-1。按十倍赔您。").await, ("refuse".into(), "script_frozen".into()));
        let over = although("急", with("final", "确实是我们的错。"));
        assert_eq!(refused(say(&world, &lead, at, over).await), "contact_forbidden", "nobody changes a final text");
        let ready = NewContact { prepare: true, ..with("final", "已登记，工单 AS-1。") };
        let ready = say(&world, &agent, at, ready).await.expect("prepared").result["contact_id"].as_str().and_then(Id::parse);
        let sent = |text: &str| MarkSent { text: Some(text.into()), over: None };
        let changed = world.desk.mark_sent(&world.now(&agent), at, ready.expect("an id"), sent("是我们的错。")).await;
        assert_eq!(refused(changed), "contact_forbidden", "nor when it is pasted");
        assert_eq!(refused(say(&world, &agent, at, with("none", "你好")).await), "not_found");
    });
}
