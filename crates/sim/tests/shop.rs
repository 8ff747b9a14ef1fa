//! The simulated world as a whole: the same by seed, right to the fen, lived in, and free of real people.

use aftercare_sim::shop::{World, case::CaseScript, order::Order, verb::Verb};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

#[test]
fn the_same_seed_gives_the_same_world() {
    let text = |seed| serde_json::to_string(&World::make(seed, 300)).expect("JSON");
    assert!(text(7) == text(7));
    assert!(text(7) != text(8));
    let world = World::make(7, 300);
    let again: World = serde_json::from_str(&serde_json::to_string(&world).expect("JSON")).expect("a world");
    assert!(again == world, "a world survives its text form");
}

#[test]
fn a_shop_that_looks_lived_in_is_made_quickly() {
    let begun = Instant::now();
    let world = World::make(1, 2_000);
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(5), "{took:?} without optimisation");
    assert_eq!((world.orders.len(), world.cases.len()), (2_000, 200));
    assert_eq!(world.shops.iter().map(|shop| &shop.platform).collect::<BTreeSet<_>>().len(), 4);
    let count = |of: &dyn Fn(&CaseScript) -> String| {
        let mut counts = BTreeMap::<String, usize>::new();
        world.cases.iter().for_each(|case| *counts.entry(of(case)).or_default() += 1);
        counts
    };
    let stages = count(&|case| case.stage.clone());
    assert_eq!(stages.len(), 6, "{stages:?}");
    assert!(stages.values().all(|count| *count >= 5), "{stages:?}");
    assert!(count(&|case| case.scenario.clone()).values().all(|count| *count >= 3));
    assert_eq!(count(&|case| case.shop.clone()).len(), 4);
    let traces: BTreeSet<&str> = world.parcels.iter().flat_map(|parcel| &parcel.traces).map(|trace| trace.state.as_str()).collect();
    for state in ["picked_up", "in_transit", "signed_self", "signed_other", "stale", "lost", "at_locker", "refused", "returning"] {
        assert!(traces.contains(state), "{state} is not among {traces:?}");
    }
    assert!(world.orders.iter().any(|order| order.payments.len() > 1), "some orders are paid in two payments");
}

fn sums_hold(order: &Order) {
    let no = &order.order_no;
    assert!((1..=4).contains(&order.lines.len()), "{no}");
    for line in &order.lines {
        assert_eq!(line.paid_minor, line.unit_minor * line.quantity - line.shop_discount_minor - line.platform_discount_minor, "{no}");
        assert!(line.paid_minor > 0 && line.shop_discount_minor >= 0 && line.platform_discount_minor >= 0, "{no}");
    }
    let lines = |of: &dyn Fn(&aftercare_sim::shop::order::Line) -> i64| order.lines.iter().map(of).sum::<i64>();
    assert_eq!(lines(&|line| line.shop_discount_minor), order.shop_discount_minor, "{no}");
    assert_eq!(lines(&|line| line.platform_discount_minor), order.platform_discount_minor, "{no}");
    assert_eq!(lines(&|line| line.paid_minor) + order.freight_minor, order.paid_minor, "{no}");
    assert_eq!(order.payments.iter().map(|payment| payment.captured_minor).sum::<i64>(), order.paid_minor, "{no}");
    assert!(order.payments.iter().all(|payment| payment.captured_minor > 0), "{no}");
}

/// What the script sends back of the order's money, the platform's own refunds included.
fn sent_back(case: &CaseScript, order: &Order) -> i64 {
    let of_line = |no: i64| order.lines.iter().find(|line| line.line_no == no).expect("a line of the order").paid_minor;
    let of_step = |verb: &Verb| match verb {
        Verb::Refund { lines, freight_minor, .. } => {
            lines.iter().map(|line| line.amount_minor.unwrap_or(of_line(line.line_no))).sum::<i64>() + freight_minor
        }
        Verb::Platform { event, amount_minor: Some(amount), .. } if event == "auto_refund" || event == "ruling" => *amount,
        _ => 0,
    };
    case.steps.iter().map(|step| of_step(&step.verb)).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn every_world_adds_up(seed in any::<u64>()) {
        let world = World::make(seed, 400);
        world.orders.iter().for_each(sums_hold);
        let orders: BTreeMap<&str, &Order> = world.orders.iter().map(|order| (order.order_no.as_str(), order)).collect();
        prop_assert_eq!(orders.len(), world.orders.len(), "order numbers are unique");
        let waybills: BTreeSet<&str> = world.parcels.iter().map(|parcel| parcel.waybill.as_str()).collect();
        prop_assert_eq!(waybills.len(), world.parcels.len(), "waybills are unique");
        for order in &world.orders {
            let times: Vec<_> = [Some(order.paid_at), order.shipped_at, order.signed_at, Some(world.now)].into_iter().flatten().collect();
            prop_assert!(times.is_sorted(), "{}: {times:?}", order.order_no);
        }
        for parcel in &world.parcels {
            prop_assert!(parcel.traces.is_sorted_by_key(|trace| trace.at) && parcel.traces.iter().all(|trace| trace.at <= world.now));
        }
        for case in &world.cases {
            let order = case.order_no.as_deref().map(|no| orders[no]);
            prop_assert!(matches!(case.steps[0].verb, Verb::Open { .. }), "{}", case.key);
            prop_assert!(case.steps.is_sorted_by_key(|step| step.at), "{}", case.key);
            prop_assert!(case.steps.iter().all(|step| step.at <= world.now), "{}", case.key);
            let closes = case.steps.iter().filter(|step| matches!(step.verb, Verb::Close { .. })).count();
            prop_assert_eq!(closes, usize::from(case.stage == "closed"), "{}", case.key);
            if let Some(order) = order {
                prop_assert!(order.paid_at < case.steps[0].at && order.shop == case.shop, "{}", case.key);
                prop_assert!(sent_back(case, order) <= order.paid_minor, "{}", case.key);
            }
        }
    }
}

#[test]
fn everybody_who_acts_works_here_and_every_word_is_filled_in() {
    let world = World::make(3, 2_000);
    let staff: BTreeSet<&str> = world.staff.iter().map(|person| person.name.as_str()).chain(["platform", "carrier"]).collect();
    let waybills: BTreeSet<&str> = world.parcels.iter().map(|parcel| parcel.waybill.as_str()).collect();
    for case in &world.cases {
        for step in &case.steps {
            assert!(staff.contains(step.actor.as_str()), "{}: {}", case.key, step.actor);
            if let Verb::Scan { waybill } = &step.verb {
                assert!(waybills.contains(waybill.as_str()), "{}: {waybill}", case.key);
            }
        }
        let words: String = case.steps.iter().flat_map(|step| words_of(&step.verb)).collect();
        assert!(!words.contains(['{', '}', '|']), "{}: {words}", case.key);
    }
    for person in &world.staff {
        assert!(person.name.starts_with(&person.role), "{}: the role is in the name", person.name);
    }
}

fn words_of(verb: &Verb) -> Vec<String> {
    let value = serde_json::to_value(verb).expect("JSON");
    let fields = value.as_object().expect("an object");
    fields.values().filter_map(|field| field.as_str()).map(str::to_owned).collect()
}

/// A run of eleven digits in which a mobile number could lie begins with 13 to 19.
fn could_be_a_mobile(text: &str) -> bool {
    let runs = text.split(|c: char| !c.is_ascii_digit());
    runs.filter(|run| run.len() == 11).any(|run| run.starts_with('1') && matches!(run.as_bytes()[1], b'3'..=b'9'))
}

#[test]
fn nobody_real_is_in_it() {
    assert!(could_be_a_mobile("13912345678") && !could_be_a_mobile("10000000017"), "the check can fail");
    let world = World::make(5, 2_000);
    let text = serde_json::to_string(&world).expect("JSON");
    assert!(!could_be_a_mobile(&text));
    assert!(!text.contains('@'), "no e-mail addresses");
    let phones: BTreeSet<&str> = world.buyers.iter().map(|buyer| buyer.phone.as_str()).collect();
    assert_eq!(phones.len(), world.buyers.len());
    for buyer in &world.buyers {
        assert!(buyer.phone.len() == 11 && buyer.phone.starts_with("100"), "{}", buyer.phone);
        assert!(buyer.address.contains("虚拟区"), "{}: the district does not exist", buyer.address);
    }
    let cases: String = world.cases.iter().flat_map(|case| &case.steps).flat_map(|step| words_of(&step.verb)).collect();
    assert!(
        world.buyers.iter().filter(|buyer| buyer.name.chars().count() == 3).all(|buyer| !cases.contains(&buyer.name)),
        "no names in talk"
    );
}
