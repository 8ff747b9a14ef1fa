//! What the platform tells by itself: early, late, twice, in place of a lost answer, against what is settled; told on both engines.

use crate::world::{SECRET, World, id, on_both, refused, sums};
use aftercare_app::callback::{Signed, Taken};
use aftercare_app::command::CaseRef;
use aftercare_app::effect::by_person::SettleEffect;
use aftercare_app::queue::{QueueQuery, View};
use aftercare_sim::platform::callback::signature;
use serde_json::{Value, json};

/// A refund of 1 000 on an order of its own, called with `faults`; callbacks are listened to.
async fn refunded(world: &World, order_no: &str, faults: Value) -> CaseRef {
    world.order(order_no, &[(1, 1_000)], 0, false).await;
    let at = world.case(order_no, "refund_only", &[(1, 1)]).await;
    world.tell("/faults", faults).await;
    world.refund(&world.agent, at, json!({})).await.expect("decided");
    world.pass(5).await;
    at
}

#[test]
fn early_late_and_twice_is_one_refund_one_event() {
    on_both(|world: World| async move {
        world.listen().await;
        for (n, (fault, times)) in
            [("none", 1), ("early_callback", 1), ("duplicate_callback", 2), ("late_callback", 1)].into_iter().enumerate()
        {
            let order_no = format!("A{n}");
            let at = refunded(&world, &order_no, json!({ "script": [fault], "late_ms": 150 })).await;
            world.called_back(&order_no, times).await;
            let view = world.view(at).await;
            assert_eq!((sums(&view), &view["effects"][0]["state"]), ((1_000, 0, 0), &json!("succeeded")), "{fault}");
            assert_eq!((world.count(at, "refund_done").await, world.count(at, "effect_ended").await), (1, 1), "{fault}");
        }
        world.ledger_is_sound().await;
    });
}

#[test]
fn a_callback_settles_what_nobody_can_ask_for() {
    on_both(|world: World| async move {
        world.settings(json!({ "platform": { "refund_class": "blind" } })).await;
        world.listen().await;
        // Applied, the answer lost, the callback late: first a person is asked, then the platform tells.
        let at = refunded(&world, "A1", json!({ "script": [["reset_after_apply", "late_callback"]], "late_ms": 400 })).await;
        assert_eq!(world.effect(at, 0).await["state"], "needs_person");
        assert_eq!(world.view(at).await["case"]["unknown_money"], true);
        world.called_back("A1", 1).await;
        let view = world.view(at).await;
        assert_eq!(
            (sums(&view), &view["effects"][0]["state"], &view["case"]["unknown_money"]),
            ((1_000, 0, 0), &json!("succeeded"), &json!(false))
        );
        let find_out = view["tasks"].as_array().expect("tasks").iter().find(|task| task["kind"] == "find_out").cloned();
        assert_eq!(find_out.map(|task| task["state"].clone()), Some(json!("cancelled")), "nobody has to look any more");
        world.ledger_is_sound().await;
    });
}

#[test]
fn what_is_only_accepted_ends_by_callback() {
    on_both(|world: World| async move {
        world.listen().await;
        let at = refunded(&world, "A1", json!({ "script": [["accepted", "late_callback"]], "late_ms": 300 })).await;
        assert_eq!((world.effect(at, 0).await["state"].clone(), world.count(at, "effect_accepted").await), (json!("in_flight"), 1));
        world.called_back("A1", 1).await;
        assert_eq!(sums(&world.view(at).await), (1_000, 0, 0));
    });
}

#[test]
fn the_platforms_own_refund_is_booked_once_and_ours_steps_back() {
    on_both(|world: World| async move {
        world.listen().await;
        world.order("A1", &[(1, 19_900)], 0, true).await;
        let at = world.case("A1", "refund_only", &[(1, 1)]).await;
        world.refund(&world.agent, at, json!({})).await.expect("held for five seconds");
        let act = json!({ "kind": "auto_refund", "order_no": "A1", "amount_minor": 19_900, "times": 3 });
        world.tell("/act", act).await;
        world.called_back("A1", 3).await;
        world.pass(60).await;
        let view = world.view(at).await;
        assert_eq!((sums(&view), &view["effects"][0]["state"]), ((19_900, 0, 0), &json!("cancelled")));
        let books = world.books("A1").await;
        assert_eq!((books["refunds"].as_array().map(Vec::len), &books["refunds"][0]["origin"]), (Some(1), &json!("auto_refund")));
        assert_eq!((world.count(at, "platform_refunded").await, world.count(at, "platform_acted").await), (1, 1));
        assert_eq!(view["order"]["lines"][0]["refunded_units"], 1);
        assert_eq!(refused(world.refund(&world.agent, at, json!({})).await), "over_refund");
        // The same refund told once more under another number of the event.
        let again = post(&world, "E-again", "auto_refund", "A1", 19_900, books["refunds"][0]["refund_id"].as_str()).await;
        assert_eq!(again, Ok(Taken::Known));
        assert_eq!(sums(&world.view(at).await), (19_900, 0, 0));
        world.ledger_is_sound().await;
    });
}

#[test]
fn without_a_case_one_is_opened_for_it() {
    on_both(|world: World| async move {
        world.listen().await;
        world.order("A1", &[(1, 5_000)], 0, true).await;
        world.tell("/act", json!({ "kind": "auto_refund", "order_no": "A1", "amount_minor": 2_000, "times": 2 })).await;
        world.called_back("A1", 2).await;
        let open = QueueQuery::of(View::All);
        let page = world.desk.queue(&world.now(&world.agent), open).await.expect("the queue");
        assert_eq!(page.items.len(), 1);
        let at = CaseRef { shop: world.shop, id: page.items[0].id };
        let view = world.view(at).await;
        assert_eq!((sums(&view), &view["case"]["channel"]), ((2_000, 0, 3_000), &json!("platform")));
        assert_eq!(world.count(at, "platform_refunded").await, 1);
        world.ledger_is_sound().await;
    });
}

#[test]
fn what_a_person_settled_wrongly_shows_itself() {
    on_both(|world: World| async move {
        world.settings(json!({ "platform": { "refund_class": "blind" } })).await;
        world.listen().await;
        let at = refunded(&world, "A1", json!({ "script": [["reset_after_apply", "late_callback"]], "late_ms": 600 })).await;
        let finance = world.staff("finance").await;
        let effect = id_of(&world.effect(at, 0).await);
        let wrong = SettleEffect { outcome: "rejected".into(), serial: String::new(), note: "没看到".into() };
        world.desk.settle_effect(&world.now(&finance), at, effect, wrong).await.expect("settled");
        assert_eq!(sums(&world.view(at).await), (0, 0, 1_000));
        world.called_back("A1", 1).await;
        let view = world.view(at).await;
        assert_eq!(sums(&view), (1_000, 0, 0), "the money did leave");
        assert!(view["case"]["marks"]["money_mismatch"].is_string());
        assert_eq!(world.count(at, "callback_contradicts").await, 1);
        world.ledger_is_sound().await;
    });
}

#[test]
fn forged_callbacks_change_nothing() {
    on_both(|world: World| async move {
        world.listen().await;
        world.order("A1", &[(1, 5_000)], 0, true).await;
        let at = world.case("A1", "refund_only", &[(1, 1)]).await;
        let body = event("E1", "auto_refund", "A1", 5_000, Some("RF-forged"));
        let stamp = "1795485900";
        let good = signature(SECRET, stamp, &body);
        let check = async |event_id: &str, timestamp: &str, signature: &str, expect: &str| {
            let signed = Signed { event_id, timestamp, signature, body: body.as_bytes() };
            assert_eq!(refused(world.desk.take_callback(world.shop, &signed).await), expect, "{event_id} {timestamp} {signature}");
        };
        check("E1", stamp, &signature("another secret", stamp, &body), "callback_forged").await;
        check("E1", stamp, "", "callback_forged").await;
        check("E1", "1795485901", &good, "callback_forged").await;
        check("E2", stamp, &good, "callback_forged").await;
        assert_eq!(sums(&world.view(at).await), (0, 0, 5_000));
    });
}

fn event(event_id: &str, kind: &str, order_no: &str, amount_minor: i64, refund_id: Option<&str>) -> String {
    json!({ "event_id": event_id, "event": kind, "order_no": order_no, "amount_minor": amount_minor, "refund_id": refund_id }).to_string()
}

/// A callback as the platform would send it.
async fn post(world: &World, event_id: &str, kind: &str, order_no: &str, amount: i64, refund_id: Option<&str>) -> Result<Taken, String> {
    let body = event(event_id, kind, order_no, amount, refund_id);
    let stamp = "1795485900";
    let signed = Signed { event_id, timestamp: stamp, signature: &signature(SECRET, stamp, &body), body: body.as_bytes() };
    world.desk.take_callback(world.shop, &signed).await.map_err(|error| error.to_string())
}

fn id_of(effect: &Value) -> aftercare_domain::id::Id {
    aftercare_domain::id::Id::parse(effect["id"].as_str().expect("an id")).expect("an id")
}

#[test]
fn a_dispute_waits_on_the_platform_until_it_ends_there() {
    on_both(|world: World| async move {
        world.listen().await;
        let check = async |order_no: &str, end: &str| {
            world.order(order_no, &[(1, 1_000)], 0, false).await;
            let at = world.case(order_no, "refund_only", &[(1, 1)]).await;
            let said = json!({ "direction": "out", "channel": "chat", "text": "收到，正在核实。" });
            let said = serde_json::from_value(said).expect("words");
            world.desk.record_contact(&world.now(&world.agent), at, said).await.expect("answered");
            post(&world, &format!("{order_no}-1"), "intervened", order_no, 0, None).await.expect("taken");
            assert_eq!(world.view(at).await["case"]["waiting_on"], "platform", "{end}");
            post(&world, &format!("{order_no}-2"), end, order_no, 0, None).await.expect("taken");
            assert_ne!(world.view(at).await["case"]["waiting_on"], "platform", "{end}");
        };
        check("A1", "ruling").await;
        check("A2", "closed").await;
        check("A3", "succeeded").await;
    });
}

#[test]
fn a_decision_of_the_desk_is_found_by_its_own_name() {
    on_both(|world: World| async move {
        world.listen().await;
        world.order("A1", &[(1, 1_000)], 0, false).await;
        let at = world.case("A1", "refund_only", &[(1, 1)]).await;
        let asked = world.refund(&world.agent, at, json!({})).await.expect("decided");
        world.pass(5).await;
        let effect = id(&asked, "/effect_ids/0");
        let books = world.books("A1").await;
        assert_eq!(books["refunds"][0]["merchant_ref"], json!(effect), "the platform knows the effect");
    });
}
