//! Refunds and payouts against a real platform, told on both engines: what leaves, what is kept, what is refused.

use crate::world::{World, id, on_both, refused, sums};
use aftercare_app::effect::by_person::SettleEffect;
use aftercare_domain::time::Span;
use serde_json::{Value, json};

fn settle(outcome: &str, serial: &str) -> SettleEffect {
    SettleEffect { outcome: outcome.into(), serial: serial.into(), note: String::new() }
}

#[test]
fn parts_of_an_order_leave_one_by_one_to_the_fen() {
    on_both(|world: World| async move {
        world.order("A6", &[(1, 7_906), (1, 3_997), (1, 3_997)], 0, false).await;
        let mut given = 0;
        for (n, line) in [2, 3, 1].into_iter().enumerate() {
            let at = world.case("A6", "refund_only", &[(line, 1)]).await;
            let asked = world.refund(&world.agent, at, json!({ "lines": [{ "line_no": line, "quantity": 1 }] })).await.expect("decided");
            let amount = asked.result["amount_minor"].as_i64().expect("an amount");
            assert_eq!(sums(&world.view(at).await), (given, amount, 15_900 - given - amount), "held before it leaves");
            assert_eq!(world.books("A6").await["orders"]["A6"]["refunded_minor"], given, "the hold has not run out");
            world.pass(5).await;
            given += amount;
            let view = world.view(at).await;
            assert_eq!(sums(&view), (given, 0, 15_900 - given));
            assert_eq!((&view["effects"][0]["state"], &view["requests"][0]["state"]), (&json!("succeeded"), &json!("done")));
            assert_eq!(view["case"]["stage"], "confirmation");
            let books = world.books("A6").await;
            assert_eq!((&books["orders"]["A6"]["refunded_minor"], books["refunds"].as_array().map(Vec::len)), (&json!(given), Some(n + 1)));
            assert_eq!(world.count(at, "refund_done").await, 1);
        }
        assert_eq!(given, 15_900);
        world.ledger_is_sound().await;
    });
}

#[test]
fn what_was_paid_bounds_everything() {
    on_both(|world: World| async move {
        world.order("A1", &[(2, 10_000)], 800, true).await;
        let at = world.case("A1", "refund_only", &[(1, 2)]).await;
        let check =
            async |input: Value, code: &str| assert_eq!(refused(world.refund(&world.agent, at, input.clone()).await), code, "{input}");
        let line = |quantity: i64| json!([{ "line_no": 1, "quantity": quantity }]);
        check(json!({ "lines": line(3) }), "already_made_good").await;
        check(json!({ "lines": [{ "line_no": 2, "quantity": 1 }] }), "bad_input").await;
        check(json!({ "lines": line(1), "freight_minor": 800 }), "freight_not_refundable").await;
        check(json!({ "lines": [{ "line_no": 1, "quantity": 1, "amount_minor": 4_000 }] }), "deduction_not_agreed").await;
        check(json!({ "lines": [{ "line_no": 1, "quantity": 0, "amount_minor": 10_001 }] }), "over_line").await;
        assert_eq!(sums(&world.view(at).await), (0, 0, 10_800), "a refusal changes nothing");
        world.refund(&world.agent, at, json!({ "lines": [{ "line_no": 1, "quantity": 0, "amount_minor": 3_000 }] })).await.expect("kept");
        world.refund(&world.agent, at, json!({ "lines": line(2) })).await.expect("the rest");
        check(json!({ "lines": line(1) }), "already_made_good").await;
        world.pass(5).await;
        let view = world.view(at).await;
        assert_eq!((sums(&view), &view["order"]["lines"][0]["refunded_units"]), ((10_000, 0, 800), &json!(2)));
        world.ledger_is_sound().await;
    });
}

#[test]
fn legs_follow_the_payments_and_a_rejected_one_frees_its_money() {
    on_both(|world: World| async move {
        world.order_paid_by("A1", &[(1, 10_000)], 0, false, &[("deposit", 2_000), ("rest", 8_000)]).await;
        let at = world.case("A1", "refund_only", &[(1, 1)]).await;
        world.tell("/faults", json!({ "script": ["none", "balance_too_low"] })).await;
        let asked = world.refund(&world.agent, at, json!({})).await.expect("decided");
        assert_eq!(asked.result["effect_ids"].as_array().map(Vec::len), Some(2));
        world.pass(5).await;
        let view = world.view(at).await;
        let states: Vec<&Value> = view["effects"].as_array().expect("effects").iter().map(|effect| &effect["state"]).collect();
        assert!(states.contains(&&json!("succeeded")) && states.contains(&&json!("rejected")), "{states:?}");
        let given = sums(&view).0;
        assert_eq!(sums(&view), (given, 0, 10_000 - given), "what was rejected is free again");
        assert_eq!(world.books("A1").await["orders"]["A1"]["refunded_minor"], given);
        assert!(view["case"]["marks"]["balance_too_low"].is_string());
        let top_up = view["tasks"].as_array().expect("tasks").iter().find(|task| task["kind"] == "top_up");
        assert_eq!(top_up.map(|task| &task["team"]), Some(&json!("finance")));
        assert_eq!(view["case"]["stage"], "negotiation", "another way is needed");
        // The account is filled up: the rest goes out under a decision of its own.
        let rest = json!({ "lines": [{ "line_no": 1, "quantity": 0, "amount_minor": 10_000 - given }] });
        world.refund(&world.agent, at, rest).await.expect("decided");
        world.pass(5).await;
        assert_eq!(sums(&world.view(at).await), (10_000, 0, 0));
        world.ledger_is_sound().await;
    });
}

#[test]
fn within_the_hold_it_can_be_taken_back_and_afterwards_it_cannot() {
    on_both(|world: World| async move {
        world.order("A1", &[(1, 5_000)], 0, false).await;
        let at = world.case("A1", "refund_only", &[(1, 1)]).await;
        let asked = world.refund(&world.agent, at, json!({})).await.expect("decided");
        world.pass(4).await;
        let effect = id(&asked, "/effect_ids/0");
        world.desk.cancel_effect(&world.now(&world.agent), at, effect).await.expect("in time");
        world.pass(60).await;
        assert_eq!(world.books("A1").await["requests"], 0, "nothing left the house");
        assert_eq!(sums(&world.view(at).await), (0, 0, 5_000));
        let again = world.refund(&world.agent, at, json!({})).await.expect("decided anew");
        world.pass(5).await;
        let sent = id(&again, "/effect_ids/0");
        assert_eq!(refused(world.desk.cancel_effect(&world.now(&world.agent), at, sent).await), "effect_ended");
        assert_eq!(sums(&world.view(at).await), (5_000, 0, 0));
        world.ledger_is_sound().await;
    });
}

#[test]
fn undo_leaves_everything_as_it_was_before() {
    on_both(|world: World| async move {
        world.order_paid_by("A1", &[(1, 3_000), (1, 2_000)], 0, false, &[("P1", 3_000), ("P2", 2_000)]).await;
        let at = world.case("A1", "refund_only", &[(1, 1), (2, 1)]).await;
        let before = world.view(at).await;
        let asked = world.refund(&world.agent, at, json!({})).await.expect("decided");
        let [held] = asked.held.as_slice() else { panic!("one thing is held: {:?}", asked.held) };
        assert_eq!((held.amount_minor, held.leaves_at), (5_000, world.desk.clock.now() + Span::seconds(5)), "both payments together");
        assert_eq!(world.view(at).await["case"]["stage"], "execution");
        let remedy = held.remedy_id;
        world.pass(4).await;
        world.desk.take_back(&world.now(&world.agent), at, remedy).await.expect("in time");
        world.pass(60).await;
        let after = world.view(at).await;
        assert_eq!(world.books("A1").await["requests"], 0, "nothing left the house");
        for part in ["requests", "order"] {
            assert_eq!(after[part], before[part], "{part}");
        }
        assert_eq!(after["case"]["stage"], before["case"]["stage"]);
        assert_eq!(world.spent(&world.agent).await.iter().map(|(_, minor)| minor).sum::<i64>(), 0, "the day is free again");
        assert_eq!((world.count(at, "taken_back").await, world.count(at, "refund_cancelled").await), (1, 2));
        assert_eq!(refused(world.desk.take_back(&world.now(&world.agent), at, remedy).await), "effect_ended", "once");
        world.ledger_is_sound().await;

        // The same again, and this time it has gone.
        let again = world.refund(&world.agent, at, json!({})).await.expect("decided anew");
        world.pass(5).await;
        let gone = again.held[0].remedy_id;
        assert_eq!(refused(world.desk.take_back(&world.now(&world.agent), at, gone).await), "already_left");
        assert_eq!(sums(&world.view(at).await), (5_000, 0, 0));
        let reader = world.staff("auditor").await;
        assert_eq!(refused(world.desk.take_back(&reader, at, gone).await), "not_allowed");
        world.ledger_is_sound().await;
    });
}

#[test]
fn a_shop_without_a_hold_has_nothing_to_undo() {
    on_both(|world: World| async move {
        world.settings(json!({ "hold_s": 0 })).await;
        world.order("A1", &[(1, 1_000)], 0, false).await;
        let at = world.case("A1", "refund_only", &[(1, 1)]).await;
        let asked = world.refund(&world.agent, at, json!({})).await.expect("decided");
        assert_eq!(asked.held, []);
        assert_eq!(refused(world.desk.take_back(&world.now(&world.agent), at, id(&asked, "/remedy_id")).await), "already_left");
        world.pass(0).await;
        assert_eq!(sums(&world.view(at).await), (1_000, 0, 0));
    });
}

#[test]
fn goods_come_back_first_unless_somebody_who_may_says_otherwise() {
    on_both(|world: World| async move {
        world.order("A1", &[(1, 19_900)], 0, true).await;
        let at = world.case("A1", "return_refund", &[(1, 1)]).await;
        assert_eq!(refused(world.refund(&world.agent, at, json!({})).await), "goods_not_back");
        assert_eq!(refused(world.refund(&world.agent, at, json!({ "before_return": true })).await), "goods_not_back", "not the agent");
        let lead = world.staff("lead").await;
        assert_eq!(refused(world.refund(&lead, at, json!({})).await), "goods_not_back", "not by accident");
        world.refund(&lead, at, json!({ "before_return": true })).await.expect("on purpose");
        world.pass(5).await;
        let view = world.view(at).await;
        assert_eq!(view["order"]["lines"][0]["requested"], 1, "the goods are still awaited");
        assert_eq!(view["requests"][0]["state"], "open");
    });
}

#[test]
fn finance_pays_with_a_promise_a_task_and_a_serial_number_that_serves_once() {
    on_both(|world: World| async move {
        world.order("A1", &[(1, 59_800)], 0, true).await;
        let at = world.case("A1", "compensation", &[]).await;
        let input = json!({ "means": "cash", "amount_minor": 3_000, "reason": "goodwill", "payer": "finance", "due_in_h": 24 });
        let paid = world.payout(&world.agent, at, input.clone()).await.expect("decided");
        let view = world.view(at).await;
        assert_eq!((&view["effects"][0]["state"], &view["effects"][0]["kind"]), (&json!("awaiting_person"), &json!("small_payment")));
        assert_eq!((&view["promises"][0]["team"], &view["promises"][0]["state"]), (&json!("finance"), &json!("open")));
        assert_eq!(view["tasks"][0]["team"], "finance");
        assert_eq!(view["order"]["payout_in_flight_minor"], 3_000);
        let effect = id(&paid, "/effect_id");
        let finance = world.staff("finance").await;
        let act = async |who, effect, outcome, serial| world.desk.settle_effect(who, at, effect, settle(outcome, serial)).await;
        assert_eq!(refused(act(&world.agent, effect, "succeeded", "XE1").await), "not_allowed");
        assert_eq!(refused(act(&finance, effect, "succeeded", " ").await), "serial_missing");
        act(&finance, effect, "succeeded", "XE1").await.expect("paid");
        assert_eq!(refused(act(&finance, effect, "succeeded", "XE2").await), "effect_ended");
        let view = world.view(at).await;
        assert_eq!((&view["promises"][0]["state"], &view["tasks"][0]["state"]), (&json!("kept"), &json!("done")));
        assert_eq!((&view["order"]["payout_minor"], &view["order"]["refundable_minor"]), (&json!(3_000), &json!(59_800)));
        // An agent's limit for one case is spent; the lead pays another one, and the old number proves nothing new.
        assert_eq!(refused(world.payout(&world.agent, at, input.clone()).await), "approval_needed");
        let lead = world.staff("lead").await;
        let second = world.payout(&lead, at, input).await.expect("decided");
        assert_eq!(refused(act(&finance, id(&second, "/effect_id"), "succeeded", "XE1").await), "serial_used");
        act(&finance, id(&second, "/effect_id"), "rejected", "").await.expect("not paid after all");
        let view = world.view(at).await;
        assert_eq!((&view["order"]["payout_minor"], &view["order"]["payout_in_flight_minor"]), (&json!(3_000), &json!(0)));
        // What was paid out is shown before anything is refunded.
        let refund = json!({ "lines": [{ "line_no": 1, "quantity": 1 }] });
        let supervisor = world.staff("supervisor").await;
        assert_eq!(refused(world.refund(&supervisor, at, refund.clone()).await), "payouts_not_seen");
        let seen = json!({ "lines": [{ "line_no": 1, "quantity": 1 }], "confirm_payouts_seen": true });
        world.refund(&supervisor, at, seen).await.expect("seen");
        world.ledger_is_sound().await;
    });
}

#[test]
fn the_platform_pays_out_and_some_reasons_are_paid_once() {
    on_both(|world: World| async move {
        world.settings(json!({ "policy": { "payouts_per_order_minor": 4_000 } })).await;
        world.order("A1", &[(1, 10_000)], 0, true).await;
        let at = world.case("A1", "price_difference", &[]).await;
        let price = json!({ "means": "small_payment", "amount_minor": 1_500, "reason": "price_protection" });
        world.payout(&world.agent, at, price.clone()).await.expect("once");
        assert_eq!(refused(world.payout(&world.agent, at, price).await), "paid_out_already");
        world.pass(5).await;
        world.payout(&world.agent, at, json!({ "means": "coupon", "amount_minor": 2_000, "reason": "goodwill" })).await.expect("a coupon");
        let over = json!({ "means": "red_packet", "amount_minor": 501 });
        assert_eq!(refused(world.payout(&world.agent, at, over).await), "payout_limit");
        world.pass(5).await;
        let books = world.books("A1").await;
        let calls: Vec<&Value> = books["calls"].as_array().expect("calls").iter().map(|call| &call["kind"]).collect();
        assert_eq!(calls, [&json!("small_payment"), &json!("coupon")]);
        assert_eq!(world.view(at).await["order"]["payout_minor"], 3_500);
        world.ledger_is_sound().await;
    });
}
