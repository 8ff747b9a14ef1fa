//! A quarter of the answers is lost, in every way there is, for each kind of call: nothing is doubled, and what cannot be asked for
//! waits for a person. `AFTERCARE_REFUNDS` says how many refunds per kind (the long run takes 2 000).

use crate::world::{World, id, on_both, sums};
use aftercare_app::clock::HandClock;
use aftercare_app::command::CaseRef;
use aftercare_app::effect::by_person::SettleEffect;
use aftercare_app::platform::{Call, Platform, Reply, Replying};
use aftercare_app::{Context, Desk};
use aftercare_connect::platform::HttpPlatform;
use aftercare_domain::id::Id;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

const LOST: &[&str] =
    &["timeout_after_apply", "error_500_after_apply", "reset_after_apply", "timeout_before", "error_500_before", "reset_before"];

fn refunds() -> usize {
    std::env::var("AFTERCARE_REFUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(150)
}

/// One case per order, each with a refund of 1 000 decided.
async fn decided(world: &World, count: usize) -> Vec<(String, CaseRef)> {
    // The limits of one person's day are another test's business.
    let supervisor = world.staff("supervisor").await;
    let mut all = Vec::new();
    for n in 0..count {
        let order_no = format!("L{n}");
        // Five units, one of which goes back: the platform itself would let a second refund pass.
        world.order(&order_no, &[(5, 5_000)], 0, false).await;
        let at = world.case(&order_no, "refund_only", &[(1, 1)]).await;
        world.refund(&supervisor, at, json!({})).await.expect("decided");
        all.push((order_no, at));
    }
    all
}

async fn states(world: &World, all: &[(String, CaseRef)]) -> (usize, usize) {
    let (mut succeeded, mut person) = (0, 0);
    for (order_no, at) in all {
        let effect = world.effect(*at, 0).await;
        match effect["state"].as_str() {
            Some("succeeded") => succeeded += 1,
            Some("needs_person") => person += 1,
            other => panic!("{order_no} stands at {other:?}: {effect}"),
        }
    }
    (succeeded, person)
}

/// The platform's books hold each order's refund at most once, and what succeeded here is there.
async fn nothing_is_doubled(world: &World, all: &[(String, CaseRef)]) {
    for (order_no, at) in all {
        let books = world.books(order_no).await;
        let refunds = books["refunds"].as_array().expect("refunds");
        assert!(refunds.len() <= 1, "{order_no} was refunded {} times", refunds.len());
        let refunded = sums(&world.view(*at).await).0;
        assert!(refunded == 0 || refunds.len() == 1, "{order_no}: refunded here, not there");
    }
}

async fn lose_a_quarter(world: &World, class: &str) -> Vec<(String, CaseRef)> {
    world.settings(json!({ "platform": { "refund_class": class } })).await;
    let all = decided(world, refunds()).await;
    world.tell("/faults", json!({ "kinds": LOST, "share": 0.25, "seed": 7, "hold_ms": 700 })).await;
    world.pass(3_600).await;
    world.tell("/faults", json!({})).await;
    world.pass(3_600).await;
    all
}

#[test]
fn calls_with_a_key_all_end_and_none_twice() {
    on_both(|world: World| async move {
        let all = lose_a_quarter(&world, "keyed").await;
        assert_eq!(states(&world, &all).await, (all.len(), 0));
        nothing_is_doubled(&world, &all).await;
        world.ledger_is_sound().await;
    });
}

#[test]
fn calls_that_can_be_asked_about_all_end_and_none_twice() {
    on_both(|world: World| async move {
        let all = lose_a_quarter(&world, "queryable").await;
        let (succeeded, person) = states(&world, &all).await;
        assert!(person * 200 <= all.len(), "{person} of {} need a person", all.len());
        assert_eq!(succeeded + person, all.len());
        nothing_is_doubled(&world, &all).await;
        world.ledger_is_sound().await;
    });
}

#[test]
fn what_cannot_be_asked_about_waits_for_a_person_who_looks() {
    on_both(|world: World| async move {
        let all = lose_a_quarter(&world, "blind").await;
        let (succeeded, person) = states(&world, &all).await;
        assert!(person > all.len() / 8 && succeeded > all.len() / 2, "{succeeded} and {person}");
        nothing_is_doubled(&world, &all).await;
        let finance = world.staff("finance").await;
        for (order_no, at) in &all {
            let effect = world.effect(*at, 0).await;
            if effect["state"] == "needs_person" {
                look_and_settle(&world, &finance, order_no, *at, &effect).await;
            }
        }
        for (order_no, at) in &all {
            let books = world.books(order_no).await;
            assert_eq!(sums(&world.view(*at).await).0, books["orders"][order_no]["refunded_minor"].as_i64().expect("a sum"), "{order_no}");
        }
        world.ledger_is_sound().await;
    });
}

/// What a person of finance does: looks at the platform's books and records what is there.
async fn look_and_settle(world: &World, finance: &Context, order_no: &str, at: CaseRef, effect: &Value) {
    let books = world.books(order_no).await;
    let found = books["refunds"][0]["refund_id"].as_str().map(str::to_owned);
    let outcome = if found.is_some() { "succeeded" } else { "rejected" };
    let input = SettleEffect { outcome: outcome.into(), serial: found.unwrap_or_default(), note: String::new() };
    let effect = Id::parse(effect["id"].as_str().expect("an id")).expect("an id");
    world.desk.settle_effect(&world.now(finance), at, effect, input).await.expect("settled");
}

/// A platform whose answers to calls are kept back until somebody says so.
struct Slow {
    inner: HttpPlatform,
    called: Notify,
    go_on: Notify,
}

impl Platform for Slow {
    fn call<'a>(&'a self, call: &'a Call) -> Replying<'a> {
        Box::pin(async move {
            let reply: Reply = self.inner.call(call).await;
            self.called.notify_one();
            self.go_on.notified().await;
            reply
        })
    }

    fn ask<'a>(&'a self, call: &'a Call) -> Replying<'a> {
        self.inner.ask(call)
    }
}

#[test]
fn a_node_that_slept_through_its_lease_changes_nothing_any_more() {
    on_both(|world: World| async move {
        world.settings(json!({ "platform": { "refund_class": "queryable" } })).await;
        world.order("A1", &[(1, 1_000)], 0, false).await;
        let at = world.case("A1", "refund_only", &[(1, 1)]).await;
        let asked = world.refund(&world.agent, at, json!({})).await.expect("decided");
        world.desk.clock.by_hand().expect("a hand-moved clock").move_to(world.desk.clock.now() + aftercare_domain::time::Span::seconds(6));
        let inner = HttpPlatform::new(world.platform.clone(), Duration::from_secs(5)).expect("a client");
        let slow = Arc::new(Slow { inner, called: Notify::new(), go_on: Notify::new() });
        let clock = Arc::new(HandClock::new(world.desk.clock.now()));
        let sleeper = Desk::new(world.desk.store.clone(), world.desk.vault.clone(), clock).with_platform(slow.clone());
        let asleep = tokio::spawn(async move { sleeper.carry_out_due().await.expect("recorded") });
        slow.called.notified().await;
        // Its lease runs out: this node asks the platform and ends the effect.
        world.pass(120).await;
        let effect = id(&asked, "/effect_ids/0");
        assert_eq!(world.effect(at, 0).await["state"], "succeeded");
        let before = (world.view(at).await["case"]["version"].clone(), world.count(at, "effect_ended").await);
        slow.go_on.notify_one();
        assert_eq!(asleep.await.expect("woke"), 0, "its answer came too late");
        assert_eq!((world.view(at).await["case"]["version"].clone(), world.count(at, "effect_ended").await), before);
        assert_eq!(sums(&world.view(at).await), (1_000, 0, 0));
        assert_eq!(world.books("A1").await["refunds"].as_array().map(Vec::len), Some(1));
        let attempts = "SELECT outcome FROM effect_attempt WHERE shop_id = 1 AND effect_id = $1 ORDER BY n";
        let outcomes = world.desk.store.read(move |tx| tx.query(attempts, &aftercare_store::values![effect], |row| row.get::<String>(0)));
        let outcomes = outcomes.await.map_err(|error: aftercare_store::DbError| error).expect("attempts");
        assert_eq!(outcomes, ["late:succeeded", "succeeded"], "kept as evidence");
        world.ledger_is_sound().await;
    });
}
