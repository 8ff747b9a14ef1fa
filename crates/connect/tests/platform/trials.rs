//! What is told of cases where money really went: a playbook tried on them puts it back before it judges, an article's cases sum it up.
//! Told on both engines.

use crate::world::{World, on_both};
use aftercare_app::Context;
use aftercare_app::command::CaseRef;
use aftercare_app::playbook::trial::TryPlaybook;
use aftercare_app::quality::Days;
use aftercare_domain::people::custom::Narrowed;
use aftercare_domain::playbook::trial::{Gives, Verdict};
use aftercare_store::{DbError, values};
use serde_json::json;

/// A refund before shipping, asked for, given and closed; without `given` closed with nothing.
async fn solved(world: &World, order_no: &str, paid: i64, given: bool) -> CaseRef {
    world.order(order_no, &[(1, paid)], 0, false).await;
    let input = json!({ "order_no": order_no, "channel": "chat", "text": "不想要了", "scenario": "refund_unshipped",
        "request": { "kind": "refund_only", "reason": "not_wanted", "lines": [{ "line_no": 1, "quantity": 1 }] } });
    let input = serde_json::from_value(input).expect("an intake");
    let opened = world.desk.open_case(&world.now(&world.agent), world.shop, input).await.expect("opened");
    let at = CaseRef { shop: world.shop, id: opened.case_id };
    world.pass(900).await;
    if given {
        world.refund(&world.agent, at, json!({})).await.expect("given");
        world.pass(60).await;
    } else {
        let request = world.view(at).await["requests"][0]["id"].as_str().and_then(aftercare_domain::id::Id::parse).expect("an id");
        world.desk.withdraw_request(&world.now(&world.agent), at, request).await.expect("withdrawn");
    }
    if world.view(at).await["case"]["open"] == true {
        let result = if given { "refunded_stopped" } else { "withdrawn" };
        let end = serde_json::from_value(json!({ "result": result, "confirmation": "buyer" })).expect("a close");
        world.desk.close_case(&world.seeing(&world.agent, at).await, at, end).await.expect("closed");
    }
    at
}

#[test]
fn what_was_given_is_put_back_before_it_is_judged() {
    on_both(|world: World| async move {
        world.desk.install_playbooks().await.expect("playbooks");
        solved(&world, "A1", 4_000, true).await;
        let kept = solved(&world, "A2", 3_000, false).await;
        world.desk.fold_counters().await.expect("folded");
        let boss = world.staff("supervisor").await;
        let book = world.desk.playbook(&world.now(&boss), "refund_unshipped".into(), None).await.expect("a playbook");
        let source = book["source"].as_str().expect("a text").to_owned();
        let input = TryPlaybook { source, shared: Default::default(), days: 30, after: None };
        let at = (world.shop, "refund_unshipped".to_owned());
        let tried = world.desk.try_playbook(&world.now(&boss), at, input).await.expect("tried");
        // The playbook would have given both back, as it was bound to; one buyer wished it no more.
        let sums = tried.sums;
        assert_eq!((sums.cases, sums.same, sums.other, sums.amount, sums.silent), (2, 1, 1, 0, 0), "{tried:?}");
        assert_eq!((sums.given_minor, sums.would_minor), (4_000, 7_000), "{tried:?}");
        let [row] = tried.differing.as_slice() else { panic!("one differs: {tried:?}") };
        assert_eq!((row.case_id, row.verdict, row.given, row.would), (kept.id, Verdict::Other, Gives::Nothing, Some(Gives::Refund)));
        assert_eq!((row.given_minor, row.would_minor), (0, 3_000));
    });
}

#[test]
fn an_article_costs_what_went_through_and_whoever_does_not_see_costs_sees_none() {
    on_both(|world: World| async move {
        world.desk.install_playbooks().await.expect("playbooks");
        let at = solved(&world, "A1", 4_000, true).await;
        solved(&world, "A2", 3_000, false).await;
        let sku = world.view(at).await["order"]["lines"][0]["sku"].as_str().expect("an article").to_owned();
        // Sales enough for it to stand out.
        let today = aftercare_domain::china::day(world.desk.clock.now());
        let shop = world.shop;
        let sold = world.desk.store.write::<_, DbError, _>(move |tx| {
            let put = "/* test */ INSERT INTO counter (shop_id, name, bucket, count, amount_minor) VALUES ($1, $2, $3, $4, 0)
                ON CONFLICT (shop_id, name, bucket) DO UPDATE SET count = excluded.count";
            for (figure, sku, units) in [("sold", sku.as_str(), 40), ("asked_back", sku.as_str(), 30), ("sold", "other", 1_000)] {
                tx.execute(put, &values![shop, format!("f:{figure}"), format!("{today} {sku}"), units])?;
            }
            Ok(())
        });
        sold.await.expect("sums");
        let boss = world.staff("supervisor").await;
        let costs = async |who: &Context| {
            let seen = world.desk.quality(&world.now(who), world.shop, Days { days: None }).await.expect("signals");
            seen.items.iter().map(|row| (row.cases, row.open, row.cost_minor)).collect::<Vec<_>>()
        };
        assert_eq!(costs(&boss).await, [(2, 0, Some(4_000))], "both were asked back, one was paid");
        let mut narrowed = boss.clone();
        narrowed.actor.who.custom = Some(Narrowed { costs: false, ..Narrowed::default() });
        assert_eq!(costs(&narrowed).await, [(2, 0, None)]);
    });
}
