//! Playbooks at work, told on both engines: proposals at intake, clocks in step with what happens, rules that act, advice.

use crate::desk::{World, on_both, refused};
use aftercare_app::Context;
use aftercare_app::case::facts::GivenFacts;
use aftercare_app::case::open::{NewRequest, OpenCase};
use aftercare_app::command::CaseRef;
use aftercare_app::playbook::Files;
use aftercare_app::playbook::publish::{CheckPlaybook, EditedPlaybook, PublishPlaybook};
use aftercare_domain::time::{Micros, Span};
use aftercare_store::{DbError, values};
use serde_json::{Value, json};

const TORN: &str = r#"format = 1
scenario = "torn"
number = "B99"
version = 1
title = { zh = "开线", en = "Torn" }
summary = { zh = "说明", en = "About" }
class = "product"
applies = ["request.problem in [defective, soiled]", "order.signed"]
words = ["开线"]
policy = { "policy.auto_agree_up_to" = "100 元" }

[closing]
by = ["buyer", "timeout"]
silence = "48 h"
needs = ["diagnosis.cause is not other"]
results = [
  { id = "done", title = { zh = "已解决", en = "solved" } },
  { id = "paid", title = { zh = "已补偿", en = "paid" }, of = ["compensation"] },
  { id = "returned", title = { zh = "已退货", en = "returned" }, of = ["return_refund"] },
]

[[severity]]
level = 2
when = ["buyer.mood is angry"]

[[step]]
id = "apologise"
title = { zh = "致歉", en = "Apologise" }
before = "offer"
done = ["contact.apology"]
within = "30 min"

[[fact]]
need = "evidence.photos >= 1"
ask = { zh = "拍一张", en = "one photo" }

[[offer]]
id = "cleaning"
title = { zh = "清洗费", en = "Cleaning" }
remedy = "compensation"
means = ["cash"]
amount = "60 元"
cap = "10% of line.paid"
limit = "30% of line.paid"
promise = { who = "finance", within = "24 h", text = { zh = "清洗费 {offer.amount}", en = "{offer.amount}" } }
what = { zh = "给您 {offer.amount} 清洗费，{offer.due} 前打款", en = "{offer.amount} by {offer.due}" }
then = ["payout"]

[[offer]]
id = "give_back"
title = { zh = "退货退款", en = "Return" }
remedy = "return_refund"
lawful = true
when = ["line.returnable >= 1"]
then = ["agree_return", "refund"]

[[deadline]]
id = "first"
clock = "sla.first_response"
label = { zh = "首响", en = "first answer" }
until = ["contact.shop_wrote_at is known"]
starts = "case.opened_at"
within = "30 min"
at_zero = "escalate"
team = "supervisor"
source = { kind = "sla" }

[[deadline]]
id = "solve"
clock = "sla.resolution"
label = { zh = "解决", en = "solve" }
starts = "case.opened_at"
within = "10 h"
measure = "business"
pauses_on = ["buyer"]
at_zero = "notify"
source = { kind = "sla" }

[[deadline]]
id = "carrier"
clock = "follow_up.carrier"
label = { zh = "快递", en = "carrier" }
starts = "carrier.promised_at"
within = "4 h"
at_zero = "notify"
team = "parcel_desk"
source = { kind = "follow_up" }

[[deadline]]
id = "over_before"
clock = "law.window"
label = { zh = "早已过", en = "over long ago" }
starts = "order.paid_at"
within = "24 h"
at_zero = "notify"
source = { kind = "sla" }

[[rule]]
id = "tell_quality"
title = { zh = "通知品控", en = "tell quality" }
when = ["request.symptom is open_seam"]
do = "task"
team = "quality"
within = "24 h"
on = true
why = { zh = "批次问题", en = "a batch" }

[[rule]]
id = "old"
title = { zh = "两天未解决上报", en = "up after two days" }
when = ["case.age >= 48 h"]
do = "escalate"
on = true
why = { zh = "太久", en = "too long" }

[[rule]]
id = "off"
title = { zh = "默认关闭", en = "off" }
when = ["order.signed"]
do = "remind"
why = { zh = "无", en = "none" }

[[script]]
id = "statement"
title = { zh = "情况说明", en = "Statement" }
text = { zh = "订单{order.no}已受理。", en = "Order {order.no} is taken in." }
unfit = ["buyer.mood is calm"]
frozen = true

[[script]]
id = "sorry"
title = { zh = "致歉", en = "Sorry" }
text = { zh = "抱歉，您的{line.title}有问题，{shop.title}来处理。", en = "Sorry about {line.title}." }
fits = ["request.problem is defective"]
marks = ["contact.apology"]
"#;

async fn install(world: &World) {
    world.desk.install(Files::from([("torn.toml".to_owned(), TORN.to_owned())])).await.expect("installed");
}

fn torn() -> OpenCase {
    OpenCase {
        order_no: Some("A1".into()),
        channel: "chat".into(),
        text: "第一次穿就开线！！太差了".into(),
        request: Some(NewRequest { kind: "return_refund".into(), reason: "质量问题".into(), amount_minor: None, lines: vec![] }),
        scenario: None,
        external_ref: None,
        severity: None,
        emotion: None,
    }
}

/// Says something to the buyer, or hears it.
async fn says(world: &World, context: &Context, at: CaseRef, direction: &str, text: &str, marks: &[&str]) {
    let contact = json!({ "direction": direction, "channel": "chat", "text": text, "marks": marks });
    let contact = serde_json::from_value(contact).expect("a contact");
    world.desk.record_contact(&world.now(context), at, contact).await.expect("said");
}

/// The payloads of the case's events of this kind.
async fn events_of(world: &World, at: CaseRef, kind: &str) -> Vec<Value> {
    world.events(at).await.into_iter().filter(|(known, _)| known == kind).map(|(_, payload)| payload).collect()
}

async fn number(world: &World, sql: &'static str, at: CaseRef) -> i64 {
    let found = world.desk.store.read(move |tx| tx.query_opt(sql, &values![at.shop, at.id], |row| row.get::<i64>(0)));
    found.await.map_err(|error: DbError| error).expect("a number").unwrap_or_default()
}

fn deadline<'a>(view: &'a Value, clock: &str) -> Option<&'a Value> {
    view["deadlines"].as_array().expect("deadlines").iter().rev().find(|row| row["clock"] == clock)
}

fn at(text: &str) -> Micros {
    Micros::parse(text).expect("a time")
}

#[test]
fn intake_proposes_what_a_case_is_and_starts_its_clocks() {
    on_both(|world: World| async move {
        install(&world).await;
        world.coat("A1").await;
        let agent = world.staff("agent").await;
        let opened = world.desk.open_case(&agent, world.shop, torn()).await.expect("opened");
        let view = world.view(&agent, world.at(&opened)).await;
        let case = &view["case"];
        assert_eq!((case["scenario"].as_str(), case["complaint_class"].as_str()), (Some("torn"), Some("product")));
        assert_eq!((case["severity"].as_i64(), case["emotion"].as_str()), (Some(2), Some("angry")));
        assert_eq!(case["playbook"]["version"], 1);
        assert_eq!(case["next_deadline"]["clock"], "sla.first_response");
        assert_eq!(deadline(&view, "sla.first_response").expect("a clock")["due_at"], json!(at("2026-11-24T10:35:00+08:00")));
        assert_eq!(deadline(&view, "sla.resolution").expect("a clock")["due_at"], json!(at("2026-11-24T20:05:00+08:00")), "working hours");
        assert!(deadline(&view, "law.window").is_none(), "what ran out before the case was there is no clock of it");
        assert!(deadline(&view, "follow_up.carrier").is_none());
        let joined = world.desk.open_case(&agent, world.shop, torn()).await.expect("joined");
        assert_eq!((joined.case_id, joined.version), (opened.case_id, 2));
        let odd = OpenCase { scenario: Some("nowhere".into()), ..torn() };
        assert!(world.desk.open_case(&agent, world.shop, odd).await.is_err());
    });
}

#[test]
fn clocks_follow_what_happens() {
    on_both(|world: World| async move {
        install(&world).await;
        world.coat("A1").await;
        let agent = world.staff("agent").await;
        // no rule acts on a stain, so that nobody but the buyer is waited for
        let stained = OpenCase { text: "胸口一块污渍".into(), ..torn() };
        let at_case = world.at(&world.desk.open_case(&agent, world.shop, stained).await.expect("opened"));
        let before = world.view(&agent, at_case).await;
        let id = deadline(&before, "sla.resolution").expect("a clock")["id"].clone();
        // the shop answers: first answer met, and waiting for the buyer stops the solution
        says(&world, &agent, at_case, "out", "实在抱歉，我们来处理。", &["apology"]).await;
        let view = world.view(&agent, at_case).await;
        assert_eq!(deadline(&view, "sla.first_response").expect("a clock")["state"], "met");
        let solve = deadline(&view, "sla.resolution").expect("a clock");
        assert_eq!((&solve["state"], &solve["id"], &solve["due_at"]), (&json!("paused"), &id, &Value::Null));
        assert_eq!(view["advice"]["steps"][0]["done"], true);
        // two hours later the buyer writes: it goes on with what was left
        world.desk.run_due_timers(world.desk.clock.now() + Span::hours(2)).await.expect("ran");
        says(&world, &agent, at_case, "in", "那怎么办", &[]).await;
        let view = world.view(&agent, at_case).await;
        let solve = deadline(&view, "sla.resolution").expect("a clock");
        assert_eq!((&solve["state"], &solve["id"]), (&json!("running"), &id));
        assert_eq!(solve["due_at"], json!(at("2026-11-25T10:05:00+08:00")), "two hours more of the desk's day, which ends at nine");
        // an anchor becomes known, moves, and its clock moves with it
        let give = |facts: Value| GivenFacts { facts: facts.as_object().cloned().expect("facts") };
        for (time, due) in
            [("2026-11-24T13:00:00+08:00", "2026-11-24T17:00:00+08:00"), ("2026-11-24T15:00:00+08:00", "2026-11-24T19:00:00+08:00")]
        {
            world.desk.give_facts(&world.now(&agent), at_case, give(json!({ "carrier.promised_at": time }))).await.expect("given");
            let view = world.view(&agent, at_case).await;
            let rows = view["deadlines"].as_array().expect("deadlines").iter().filter(|row| row["clock"] == "follow_up.carrier").count();
            assert_eq!((deadline(&view, "follow_up.carrier").expect("a clock")["due_at"].clone(), rows), (json!(at(due)), 1));
        }
        world.desk.give_facts(&world.now(&agent), at_case, give(json!({ "carrier.promised_at": null }))).await.expect("taken back");
        let view = world.view(&agent, at_case).await;
        assert_eq!(deadline(&view, "follow_up.carrier").expect("a clock")["state"], "void");
        let timers =
            "SELECT COUNT(*) FROM deadline d WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL AND due_at IS NOT NULL AND NOT EXISTS
            (SELECT 1 FROM timer t WHERE t.shop_id = d.shop_id AND t.subject_id = d.id AND t.due_at = d.due_at)";
        assert_eq!(number(&world, timers, at_case).await, 0, "a deadline with a due time has its timer");
    });
}

#[test]
fn rules_act_by_themselves_once_and_can_be_switched_off() {
    on_both(|world: World| async move {
        install(&world).await;
        world.coat("A1").await;
        let agent = world.staff("agent").await;
        let at_case = world.at(&world.desk.open_case(&agent, world.shop, torn()).await.expect("opened"));
        world.desk.fire_due_timers().await.expect("fired");
        let acted = events_of(&world, at_case, "rule_acted").await;
        assert_eq!(acted.len(), 1, "{acted:?}");
        assert_eq!((&acted[0]["rule"], &acted[0]["scenario"], &acted[0]["version"]), (&json!("tell_quality"), &json!("torn"), &json!(1)));
        let view = world.view(&agent, at_case).await;
        assert_eq!(view["tasks"][0]["team"], "quality");
        says(&world, &agent, at_case, "in", "还在吗", &[]).await;
        world.desk.fire_due_timers().await.expect("fired");
        assert_eq!(events_of(&world, at_case, "rule_acted").await.len(), 1, "once, as long as it holds");
        // time alone makes the second rule hold
        world.desk.run_due_timers(at("2026-11-26T10:04:00+08:00")).await.expect("ran");
        assert_eq!(events_of(&world, at_case, "rule_acted").await.len(), 1);
        let version = world.view(&agent, at_case).await["case"]["version"].clone();
        world.desk.run_due_timers(at("2026-11-26T10:06:00+08:00")).await.expect("ran");
        let acted = events_of(&world, at_case, "rule_acted").await;
        assert_eq!((acted.len(), &acted[1]["rule"]), (2, &json!("old")));
        assert_ne!(world.view(&agent, at_case).await["case"]["version"], version);
    });
}

#[test]
fn a_shop_switches_a_rule_off() {
    on_both(|world: World| async move {
        install(&world).await;
        let settings = json!({ "rules": { "tell_quality": false, "off": true } });
        let sql = "UPDATE shop SET settings = $2 WHERE id = $1";
        let shop = world.shop;
        world.desk.store.write::<_, DbError, _>(move |tx| tx.execute(sql, &values![shop, &settings])).await.expect("set");
        world.coat("A1").await;
        let agent = world.staff("agent").await;
        let at_case = world.at(&world.desk.open_case(&agent, world.shop, torn()).await.expect("opened"));
        world.desk.fire_due_timers().await.expect("fired");
        let acted = events_of(&world, at_case, "rule_acted").await;
        assert_eq!(acted.iter().map(|event| event["rule"].as_str().expect("a rule")).collect::<Vec<_>>(), ["off"]);
    });
}

#[test]
fn the_case_page_carries_the_advice() {
    on_both(|world: World| async move {
        install(&world).await;
        world.coat("A1").await;
        let agent = world.staff("agent").await;
        let at_case = world.at(&world.desk.open_case(&agent, world.shop, torn()).await.expect("opened"));
        let advice = world.view(&agent, at_case).await["advice"].clone();
        assert_eq!(advice["playbook"]["scenario"], "torn");
        assert_eq!((&advice["steps"][0]["id"], &advice["steps"][0]["done"]), (&json!("apologise"), &json!(false)));
        assert_eq!(
            (&advice["facts"][0]["of"], &advice["facts"][0]["need"]["line"]["en"]),
            (&json!("buyer"), &json!("evidence.photos >= 1"))
        );
        let rung = &advice["ladder"][0];
        assert_eq!(
            (&rung["rung"], &rung["next"], &rung["amount_minor"], &rung["cap_minor"]),
            (&json!("cleaning"), &json!(true), &json!(5_980), &json!(5_980))
        );
        assert_eq!((&rung["needs_approval"], &rung["approver"], rung.get("asked")), (&json!(true), &json!("lead"), None));
        assert_eq!(rung["what"]["zh"], "给您 59.80 元 清洗费，11月25日 10:05 前打款");
        assert_eq!(advice["ladder"][1]["lawful"], true);
        let mut narrowed = agent.clone();
        narrowed.actor.who.custom = Some(aftercare_domain::people::custom::Narrowed::default());
        let without = world.view(&narrowed, at_case).await["advice"].to_string();
        assert!(advice.to_string().contains("cost_minor") && !without.contains("cost_minor"), "costs are for whom they are for");
        let actions = advice["actions"].as_array().expect("actions");
        assert!(["agree_return", "refund", "reply"].iter().all(|act| actions.contains(&json!(act))), "{actions:?}");
        let script = advice["scripts"].as_array().expect("scripts").iter().find(|script| script["id"] == "sorry").expect("a script");
        assert_eq!((&script["text"]["zh"], &script["fits"]), (&json!("抱歉，您的双面羊毛大衣有问题，棉屿女装来处理。"), &json!(true)));
        assert_eq!((&advice["closing"]["results"][0]["id"], &advice["severity"]["level"]), (&json!("done"), &json!(2)));
    });
}

#[test]
fn an_offer_takes_from_its_rung_what_nobody_said() {
    on_both(|world: World| async move {
        install(&world).await;
        world.coat("A1").await;
        let (agent, lead) = (world.staff("agent").await, world.staff("lead").await);
        let at_case = world.at(&world.desk.open_case(&agent, world.shop, torn()).await.expect("opened"));
        let offer = |json: Value| serde_json::from_value(json).expect("an offer");
        let draft =
            world.desk.draft_offer(&agent, at_case, offer(json!({ "rung": "cleaning", "amount_minor": 5_000 }))).await.expect("drafted");
        assert_eq!(draft.result["state"], "needs_approval", "above the agent's own authority");
        let view = world.view(&agent, at_case).await;
        let sent = &view["sent_offers"][0];
        assert_eq!((&sent["rung"], &sent["amount_minor"], &sent["cap_minor"]), (&json!("cleaning"), &json!(5_000), &json!(5_980)));
        assert!(sent.to_string().contains("给您 50.00 元 清洗费，11月25日 10:05 前打款"), "{sent}");
        let over = offer(json!({ "rung": "cleaning", "amount_minor": 20_000 }));
        assert_eq!(refused(world.desk.draft_offer(&lead, at_case, over).await), "over_hard_limit");
        assert_eq!(refused(world.desk.draft_offer(&agent, at_case, offer(json!({ "rung": "moon" }))).await), "not_found");
        // the buyer's answers are the figures of the next case
        let small = world.desk.draft_offer(
            &agent,
            at_case,
            offer(json!({ "rung": "cleaning", "amount_minor": 1_000, "why": "洗得干净", "buyer_must": "无", "follows": "无" })),
        );
        let small = small.await.expect("drafted");
        let id = small.result["offer_id"].as_str().and_then(aftercare_domain::id::Id::parse).expect("an id");
        let sent = serde_json::from_value(json!({ "valid_for_h": 24 })).expect("a sending");
        let sent = world.desk.send_offer(&world.seeing(&agent, small.version), at_case, id, sent).await.expect("sent");
        let answer = serde_json::from_value(json!({ "answer": "refused" })).expect("an answer");
        world.desk.answer_offer(&world.seeing(&agent, sent.version), at_case, id, answer).await.expect("answered");
        let ladder = world.view(&agent, at_case).await["advice"]["ladder"].clone();
        assert_eq!((&ladder[0]["tried"], &ladder[0]["accepted"], &ladder[0]["asked"]), (&json!("refused"), &json!(0), &json!(1)));
        assert_eq!((&ladder[1]["rung"], &ladder[1]["next"]), (&json!("give_back"), &json!(true)));
    });
}

#[test]
fn the_closing_is_proposed_from_the_offer_that_was_carried_out() {
    on_both(|world: World| async move {
        install(&world).await;
        world.coat("A1").await;
        let lead = world.staff("lead").await;
        let at_case = world.at(&world.desk.open_case(&lead, world.shop, torn()).await.expect("opened"));
        let proposed = || async { world.view(&lead, at_case).await["advice"]["closing"]["proposed"].clone() };
        assert_eq!(proposed().await, Value::Null, "nothing was done yet");
        let draft = json!({ "rung": "cleaning", "amount_minor": 1_000, "why": "洗得干净", "buyer_must": "无", "follows": "无" });
        let draft = serde_json::from_value(draft).expect("an offer");
        let drafted = world.desk.draft_offer(&lead, at_case, draft).await.expect("drafted");
        let id = drafted.result["offer_id"].as_str().and_then(aftercare_domain::id::Id::parse).expect("an id");
        let sent = serde_json::from_value(json!({ "valid_for_h": 24 })).expect("a sending");
        let sent = world.desk.send_offer(&world.seeing(&lead, drafted.version), at_case, id, sent).await.expect("sent");
        assert_eq!(proposed().await, Value::Null, "offered is not carried out");
        let answer = serde_json::from_value(json!({ "answer": "accepted" })).expect("an answer");
        world.desk.answer_offer(&world.seeing(&lead, sent.version), at_case, id, answer).await.expect("answered");
        assert_eq!(proposed().await, json!({ "id": "paid", "why": { "zh": "已办：补偿", "en": "carried out: compensation" } }));
    });
}

#[test]
fn scripts_mark_what_they_do_and_frozen_ones_go_out_as_they_stand() {
    on_both(|world: World| async move {
        install(&world).await;
        world.coat("A1").await;
        let agent = world.staff("agent").await;
        let at_case = world.at(&world.desk.open_case(&agent, world.shop, torn()).await.expect("opened"));
        let say = async |script: &str, text: &str| {
            let contact = json!({ "direction": "out", "channel": "chat", "text": text, "script": script });
            world.desk.record_contact(&agent, at_case, serde_json::from_value(contact).expect("a contact")).await
        };
        assert_eq!(refused(say("moon", "您好").await), "not_found");
        assert_eq!(refused(say("statement", "订单A1我改一下").await), "contact_forbidden");
        say("statement", "订单A1已受理。").await.expect("as it stands");
        say("sorry", "抱歉，换了说法也算。").await.expect("said");
        assert!(world.view(&agent, at_case).await["case"]["marks"]["apology"].is_string(), "what the script does is marked");
        let check = json!({ "channel": "chat", "text": "抱歉", "script": "sorry" });
        let fits = world.desk.check_contact(&agent, at_case, serde_json::from_value(check).expect("a check")).await.expect("checked");
        assert_eq!(fits["verdict"], "allow");
        let calm = json!({ "emotion": "calm" });
        world.desk.classify(&agent, at_case, serde_json::from_value(calm).expect("a correction")).await.expect("classified");
        let check = json!({ "channel": "chat", "text": "订单A1已受理。", "script": "statement" });
        let misfit = world.desk.check_contact(&agent, at_case, serde_json::from_value(check).expect("a check")).await.expect("checked");
        assert_eq!(misfit["reasons"][0]["code"], "script_misfit", "{misfit}");
    });
}

#[test]
fn closing_asks_the_playbook_too() {
    on_both(|world: World| async move {
        install(&world).await;
        world.coat("A1").await;
        let agent = world.staff("agent").await;
        let opened = world.desk.open_case(&agent, world.shop, OpenCase { request: None, ..torn() }).await.expect("opened");
        let at_case = world.at(&opened);
        let close = async |result: &str, confirmation: &str, cause: Option<&str>| {
            let version = world.view(&agent, at_case).await["case"]["version"].as_i64().expect("a version");
            let input = json!({ "result": result, "confirmation": confirmation, "cause": cause });
            world
                .desk
                .close_case(&world.now(&world.seeing(&agent, version)), at_case, serde_json::from_value(input).expect("a closing"))
                .await
        };
        assert_eq!(refused(close("explained", "buyer", Some("defect")).await), "bad_input");
        assert_eq!(refused(close("done", "platform", Some("defect")).await), "confirmation_not_accepted");
        assert_eq!(refused(close("done", "buyer", None).await), "closing_needs", "nobody knows the cause");
        assert_eq!(refused(close("done", "buyer", Some("other")).await), "closing_needs");
        says(&world, &agent, at_case, "out", "已为您处理好。", &["told_result"]).await;
        assert_eq!(refused(close("done", "timeout", Some("defect")).await), "timeout_not_on_record");
        world.desk.run_due_timers(world.desk.clock.now() + Span::hours(49)).await.expect("ran");
        close("done", "timeout", Some("defect")).await.expect("silent for two days after the result was told");
        let open = "SELECT COUNT(*) FROM deadline WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL";
        assert_eq!(number(&world, open, at_case).await, 0);
    });
}

#[test]
fn another_scenario_takes_its_playbook_and_the_clocks_of_the_first_end() {
    on_both(|world: World| async move {
        let other = TORN
            .replace("\"torn\"", "\"worn\"")
            .replace("id = \"solve\"", "id = \"solve_other\"")
            .replace("class = \"product\"", "class = \"service\"");
        let other = other.replace("request.problem in [defective, soiled]", "request.problem is attitude");
        let files = Files::from([("torn.toml".to_owned(), TORN.to_owned()), ("worn.toml".to_owned(), other)]);
        world.desk.install(files).await.expect("installed");
        world.coat("A1").await;
        let agent = world.staff("agent").await;
        let at_case = world.at(&world.desk.open_case(&agent, world.shop, torn()).await.expect("opened"));
        let scenario = |id: &str| serde_json::from_value(json!({ "scenario": id })).expect("a correction");
        assert_eq!(refused(world.desk.classify(&agent, at_case, scenario("moon")).await), "bad_input");
        let first = deadline(&world.view(&agent, at_case).await, "sla.first_response").expect("a clock")["id"].clone();
        world.desk.classify(&agent, at_case, scenario("worn")).await.expect("classified");
        let view = world.view(&agent, at_case).await;
        assert_eq!((&view["case"]["complaint_class"], &view["advice"]["playbook"]["scenario"]), (&json!("service"), &json!("worn")));
        assert_eq!(deadline(&view, "sla.first_response").expect("a clock")["id"], first, "the same clock goes on");
        let states: Vec<&str> = view["deadlines"]
            .as_array()
            .expect("deadlines")
            .iter()
            .filter(|row| row["clock"] == "sla.resolution")
            .filter_map(|row| row["state"].as_str())
            .collect();
        assert_eq!(states, ["void", "running"]);
    });
}

fn looked_at(source: &str, file: Option<&str>) -> CheckPlaybook {
    CheckPlaybook { source: source.to_owned(), shared: Files::new(), file: file.map(str::to_owned) }
}

#[test]
fn an_edited_text_is_shown_as_sentences_with_their_places() {
    on_both(|world: World| async move {
        let shared = "format = 1\nname = \"talk\"\n[[script]]\nid = \"calm\"\ntitle = { zh = \"安抚\", en = \"Calm\" }\ntext = { zh = \"别急\", en = \"Take your time\" }\n";
        let files = [("torn.toml".to_owned(), TORN.to_owned()), ("shared/talk.toml".to_owned(), shared.to_owned())];
        world.desk.install(Files::from(files)).await.expect("installed");
        let operations = world.staff("operations").await;
        let answer = world.desk.check_playbook(&operations, "torn".into(), looked_at(TORN, None)).await.expect("checked");
        assert_eq!(answer["faults"], json!([]));
        let blocks = answer["blocks"].as_array().expect("blocks");
        let rung = blocks.iter().find(|block| block["id"] == "cleaning").expect("a rung");
        let cap = rung["rows"].as_array().expect("rows").iter().find(|row| row["key"] == "cap").expect("a cap");
        assert_eq!((&cap["said"]["en"], &cap["value"]), (&json!("10% of line.paid"), &json!("10% of line.paid")));
        let (from, to) = (cap["at"]["from"].as_u64().expect("a place"), cap["at"]["to"].as_u64().expect("a place"));
        let units: Vec<u16> = TORN.encode_utf16().collect();
        assert_eq!(String::from_utf16(&units[from as usize..to as usize]).expect("text"), "\"10% of line.paid\"");
        // a shared file is looked at as well, and a text that is no TOML has no blocks but a fault
        let answer =
            world.desk.check_playbook(&operations, "torn".into(), looked_at(TORN, Some("shared/talk.toml"))).await.expect("checked");
        assert_eq!(answer["blocks"][1]["id"], "calm");
        let broken = world.desk.check_playbook(&operations, "torn".into(), looked_at("format = ", None)).await.expect("checked");
        assert_eq!((&broken["blocks"], &broken["faults"][0]["line"]), (&Value::Null, &json!(1)));
        let shown = world.desk.playbook(&operations, "torn".into(), None).await.expect("shown");
        assert_eq!(shown["blocks"].as_array().expect("blocks").len(), blocks.len());
    });
}

#[test]
fn a_draft_that_somebody_else_kept_meanwhile_is_not_replaced() {
    on_both(|world: World| async move {
        install(&world).await;
        let (operations, supervisor, admin) =
            (world.staff("operations").await, world.staff("supervisor").await, world.staff("admin").await);
        let edited = |title: &str, over: Option<Micros>| EditedPlaybook {
            source: TORN.replace("version = 1", "version = 2").replace("en = \"Torn\"", &format!("en = \"{title}\"")),
            shared: Files::new(),
            over,
        };
        let first = world.desk.draft_playbook(&operations, "torn".into(), edited("One", None)).await.expect("kept");
        let at_first = serde_json::from_value(first["created_at"].clone()).expect("a time");
        let moved = world.desk.draft_playbook(&supervisor, "torn".into(), edited("Blind", None)).await;
        assert_eq!(refused(moved), "draft_moved");
        world.until("2026-11-24T10:06").await;
        let supervisor = world.now(&supervisor);
        let second = world.desk.draft_playbook(&supervisor, "torn".into(), edited("Two", Some(at_first))).await.expect("went on from it");
        let stale = world.desk.draft_playbook(&operations, "torn".into(), edited("Late", Some(at_first))).await;
        assert_eq!(refused(stale), "draft_moved");
        assert_ne!(first["created_at"], second["created_at"]);
        assert_eq!(world.desk.playbooks(&operations).await.expect("listed")["items"][0]["draft"], 2);
        // what changed is told in the history
        let long = PublishPlaybook { version: 2, valid_from: None, note: "长".repeat(400) };
        assert_eq!(refused(world.desk.publish_playbook(&admin, "torn".into(), long).await), "bad_input");
        let publish = PublishPlaybook { version: 2, valid_from: None, note: "改了标题".into() };
        world.desk.publish_playbook(&world.now(&admin), "torn".into(), publish).await.expect("published");
        let shown = world.desk.playbook(&world.now(&supervisor), "torn".into(), None).await.expect("shown");
        assert_eq!((&shown["versions"][1]["note"], &shown["versions"][1]["own"]), (&json!("改了标题"), &json!(true)));
        assert_eq!(world.desk.playbooks(&world.now(&operations)).await.expect("listed")["items"][0]["draft"], Value::Null);
    });
}

#[test]
fn a_second_person_publishes_and_running_cases_stay_with_their_version() {
    on_both(|world: World| async move {
        install(&world).await;
        world.coat("A1").await;
        world.coat("A2").await;
        let (agent, operations, supervisor) =
            (world.staff("agent").await, world.staff("operations").await, world.staff("supervisor").await);
        let old = world.desk.open_case(&agent, world.shop, torn()).await.expect("opened");
        let edited = |version: &str, title: &str| EditedPlaybook {
            source: TORN.replace("version = 1", version).replace("en = \"Torn\"", title),
            shared: Files::new(),
            over: None,
        };
        let scenario = || "torn".to_owned();
        let wrong = EditedPlaybook { source: TORN.replace("line.returnable", "line.retunable"), shared: Files::new(), over: None };
        let faults = world.desk.check_playbook(&operations, scenario(), looked_at(&wrong.source, None)).await.expect("checked");
        assert_eq!((&faults["faults"][0]["line"], &faults["faults"][0]["nearest"]), (&json!(54), &json!("line.returnable")));
        assert_eq!(refused(world.desk.draft_playbook(&operations, scenario(), wrong).await), "playbook_faulty");
        assert_eq!(refused(world.desk.draft_playbook(&agent, scenario(), edited("version = 2", "en = \"Torn\"")).await), "not_allowed");
        assert_eq!(refused(world.desk.draft_playbook(&operations, scenario(), edited("version = 1", "en = \"Torn\"")).await), "bad_input");
        world.desk.draft_playbook(&operations, scenario(), edited("version = 2", "en = \"Torn\"")).await.expect("kept");
        world.desk.draft_playbook(&operations, scenario(), edited("version = 2", "en = \"Torn open\"")).await.expect("replaced");
        let publish = |version: i64| PublishPlaybook { version, valid_from: None, note: String::new() };
        assert_eq!(refused(world.desk.publish_playbook(&operations, scenario(), publish(2)).await), "not_allowed");
        world.desk.publish_playbook(&supervisor, scenario(), publish(2)).await.expect("published");
        assert_eq!(refused(world.desk.publish_playbook(&supervisor, scenario(), publish(2)).await), "playbook_state");
        // one's own edit needs a second person
        world.desk.draft_playbook(&supervisor, scenario(), edited("version = 3", "en = \"Torn\"")).await.expect("kept");
        assert_eq!(refused(world.desk.publish_playbook(&supervisor, scenario(), publish(3)).await), "own_playbook");
        let new = world.desk.open_case(&agent, world.shop, OpenCase { order_no: Some("A2".into()), ..torn() }).await.expect("opened");
        for (opened, version, title) in [(&old, 1, "Torn"), (&new, 2, "Torn open")] {
            let advice = world.view(&agent, world.at(opened)).await["advice"].clone();
            assert_eq!((&advice["playbook"]["version"], &advice["playbook"]["title"]["en"]), (&json!(version), &json!(title)));
        }
        let shown = world.desk.playbook(&agent, scenario(), None).await.expect("shown");
        assert_eq!(
            (&shown["version"], &shown["versions"][1]["state"], &shown["versions"][2]["state"]),
            (&json!(2), &json!("published"), &json!("draft"))
        );
        let discard = serde_json::from_value(json!({ "version": 3 })).expect("a draft");
        world.desk.discard_playbook(&operations, scenario(), discard).await.expect("discarded");
        let list = world.desk.playbooks(&agent).await.expect("listed");
        assert_eq!((&list["items"][0]["scenario"], &list["items"][0]["version"]), (&json!("torn"), &json!(2)));
        let document = world.desk.process_document(&agent, scenario(), Some("en".into()), None).await.expect("a document");
        assert!(document.starts_with("# B99 Torn open"), "{document}");
        // from a date: until then the version before is in force
        world.desk.draft_playbook(&operations, scenario(), edited("version = 4", "en = \"Torn later\"")).await.expect("kept");
        let tomorrow = PublishPlaybook { version: 4, valid_from: Some(at("2026-11-25T00:00:00+08:00")), note: String::new() };
        world.desk.publish_playbook(&supervisor, scenario(), tomorrow).await.expect("published");
        assert_eq!(world.desk.playbooks(&agent).await.expect("listed")["items"][0]["version"], 2);
        world.desk.run_due_timers(at("2026-11-25T00:00:01+08:00")).await.expect("ran");
        assert_eq!(world.desk.playbooks(&world.now(&agent)).await.expect("listed")["items"][0]["version"], 4);
        // the program brings no default over a shop's own edit
        world
            .desk
            .install(Files::from([("torn.toml".to_owned(), TORN.replace("version = 1", "version = 9"))]))
            .await
            .expect("nothing to do");
        assert_eq!(world.desk.playbooks(&world.now(&agent)).await.expect("listed")["items"][0]["version"], 4);
    });
}
