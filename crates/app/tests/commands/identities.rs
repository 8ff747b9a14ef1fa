//! One person with several identities, and marks on buyers that decide nothing.

use crate::desk::{World, on_both, refused};
use aftercare_app::Context;
use aftercare_app::buyer::identity::{JudgeIdentity, Person};
use aftercare_app::buyer::mark::{MarksQuery, NewMark};
use aftercare_app::command::CaseRef;
use aftercare_domain::id::Id;
use aftercare_domain::time::Span;
use serde_json::json;

async fn order_of(world: &World, order_no: &str, account: &str, name: &str, phone: &str) {
    world
        .order(order_no, |order| {
            let buyer = order.buyer.as_mut().expect("a buyer");
            (buyer.external_id, buyer.name, buyer.phone) = (account.into(), name.into(), phone.into());
        })
        .await;
}

/// The case of an order and its buyer.
async fn case_of(world: &World, context: &Context, order_no: &str) -> (CaseRef, Id) {
    let input = json!({ "order_no": order_no, "channel": "chat", "text": "袖口开线了", "severity": 1,
        "request": { "kind": "return_refund", "reason": "defect" } });
    let opened = world.desk.open_case(context, world.shop, serde_json::from_value(input).expect("an intake")).await.expect("opened");
    let at = world.at(&opened);
    let page = world.view(context, at).await;
    (at, serde_json::from_value(page["buyer"]["id"].clone()).expect("an id"))
}

fn verdict(buyer: Id, verdict: &str) -> JudgeIdentity {
    JudgeIdentity { shop: "tm".into(), buyer, verdict: verdict.into() }
}

fn names(person: &Person) -> (Vec<Vec<&'static str>>, Vec<Vec<&'static str>>) {
    let of = |all: &[aftercare_app::buyer::identity::Identity]| all.iter().map(|it| it.signals.clone()).collect();
    (of(&person.linked), of(&person.proposed))
}

#[test]
fn identities_are_proposed_with_reasons_said_by_a_person_and_taken_back() {
    on_both(|world: World| async move {
        let (agent, lead) = (world.staff("agent").await, world.staff("lead").await);
        order_of(&world, "A1", "b1", "王小明", "19900006021").await;
        order_of(&world, "A2", "b2", "王小明", "13800006021").await;
        order_of(&world, "A3", "b3", "李四", "15500006021").await;
        order_of(&world, "A4", "b4", "赵六", "19900006021").await;
        let (_, one) = case_of(&world, &agent, "A1").await;
        let (at, two) = case_of(&world, &agent, "A2").await;
        let (_, third) = case_of(&world, &agent, "A3").await;
        let (_, four) = case_of(&world, &agent, "A4").await;
        let person = async |of: Id| world.desk.person(&world.now(&agent), world.shop, of).await.expect("known");

        let found = person(one).await;
        assert!(found.proposed.iter().all(|it| it.buyer != third), "a tail alone is shared by many");
        let mut signals = names(&found).1;
        signals.sort();
        assert_eq!(signals, [vec!["phone", "phone_tail"], vec!["phone_tail", "name"]]);
        assert_eq!(found.history.len(), 1);
        assert!(!serde_json::to_string(&found).expect("json").contains("王小明"), "masked");

        assert_eq!(refused(world.desk.judge_identity(&agent, world.shop, one, verdict(two, "same")).await), "not_allowed");
        assert_eq!(refused(world.desk.judge_identity(&lead, world.shop, one, verdict(one, "same")).await), "bad_input");
        world.desk.judge_identity(&lead, world.shop, one, verdict(two, "same")).await.expect("kept");
        world.desk.judge_identity(&lead, world.shop, four, verdict(two, "same")).await.expect("kept");
        let found = person(one).await;
        assert_eq!((found.linked.len(), found.proposed.len(), found.history.len()), (2, 0, 3), "joined over what is linked with it");
        assert!(person(two).await.linked.iter().any(|it| it.buyer == one && it.by_id == Some(lead.actor.id())), "from either side");
        let money = world.view(&agent, at).await["buyer"]["cases"].clone();
        assert_eq!(money, 1, "a link joins what is shown, not what is counted");

        world.desk.judge_identity(&lead, world.shop, two, verdict(one, "open")).await.expect("taken back");
        assert_eq!((person(one).await.linked.len(), person(one).await.proposed.len()), (0, 2));
        world.desk.judge_identity(&lead, world.shop, one, verdict(two, "apart")).await.expect("kept");
        assert_eq!(person(one).await.proposed.len(), 1, "whoever was told apart is not proposed again");
        assert_eq!(refused(world.desk.person(&world.stranger(&agent), world.shop, one).await.map(|_| ())), "not_found");
    });
}

#[test]
fn marks_need_a_reason_end_by_themselves_and_are_listed() {
    on_both(|world: World| async move {
        let (agent, lead) = (world.staff("agent").await, world.staff("lead").await);
        world.coat("A1").await;
        let (_, buyer) = case_of(&world, &agent, "A1").await;
        let mark = |kind: &str, reason: &str, days| NewMark { kind: kind.into(), reason: reason.into(), days };
        let set = async |who: &Context, mark| world.desk.mark_buyer(&world.now(who), world.shop, buyer, mark).await.map(|it| it.id);
        assert_eq!(refused(set(&agent, mark("risk", "三次空包", 30)).await), "not_allowed");
        assert_eq!(refused(set(&lead, mark("risk", "  ", 30)).await), "bad_input");
        assert_eq!(refused(set(&lead, mark("risk", "三次空包", 400)).await), "bad_input");
        assert_eq!(refused(set(&lead, mark("ban", "三次空包", 30)).await), "bad_input");
        set(&lead, mark("risk", "三次退回空包，电话 13800001111", 10)).await.expect("set");
        let block = set(&lead, mark("block", "冒用他人订单", 30)).await.expect("set");
        let listed = async || world.desk.marks(&world.now(&lead), world.shop, MarksQuery::default()).await.expect("listed").items;
        let first = &listed().await[0];
        assert_eq!((first.kind.as_str(), first.reason.as_deref()), ("risk", Some("三次退回空包，电话 138****1111")));
        assert_eq!(world.desk.person(&agent, world.shop, buyer).await.expect("known").marks.len(), 2);
        world.desk.run_due_timers(world.desk.clock.now() + Span::days(11)).await.expect("timers");
        assert_eq!(listed().await.iter().map(|it| it.id).collect::<Vec<_>>(), [block], "the other one ended by itself");
        world.desk.end_mark(&world.now(&lead), world.shop, block).await.expect("ended");
        assert!(listed().await.is_empty());
        assert_eq!(refused(world.desk.end_mark(&world.now(&lead), world.shop, block).await), "not_found");
    });
}

#[test]
fn a_buyer_on_the_block_list_still_gets_what_is_lawful() {
    on_both(|world: World| async move {
        let (agent, lead) = (world.staff("agent").await, world.staff("lead").await);
        order_of(&world, "A1", "b1", "王小明", "19900006021").await;
        order_of(&world, "A2", "b2", "李四", "13800001111").await;
        let (free, _) = case_of(&world, &agent, "A1").await;
        let before = world.view(&agent, free).await;
        let (at, buyer) = case_of(&world, &agent, "A2").await;
        let mark = NewMark { kind: "block".into(), reason: "多次恶意投诉".into(), days: 365 };
        world.desk.mark_buyer(&lead, world.shop, buyer, mark).await.expect("set");
        order_of(&world, "A3", "b2", "李四", "13800001111").await;
        let (later, _) = case_of(&world, &agent, "A3").await;
        for blocked in [at, later] {
            let page = world.view(&agent, blocked).await;
            assert_eq!(page["advice"]["actions"], before["advice"]["actions"]);
            assert_eq!(page["requests"][0]["state"], before["requests"][0]["state"]);
            let asked: Id = serde_json::from_value(page["requests"][0]["id"].clone()).expect("an id");
            let seen = world.seeing(&agent, page["case"]["version"].as_i64().expect("a version"));
            let input = serde_json::from_value(json!({ "method": "self_sent", "address": "仓库退货组" })).expect("a yes");
            let agreed = world.desk.agree_request(&seen, blocked, asked, input).await;
            assert!(agreed.is_ok(), "{agreed:?}");
            assert_eq!(world.view(&agent, blocked).await["requests"][0]["state"], "agreed");
        }
    });
}
