//! Several people at once on the same money, the same goods, the same approval: the rules hold, and losers get a clear refusal.
//! `AFTERCARE_ROUNDS` says how often each is tried (the long run takes 50).

use crate::world::{World, id, on_both, sums};
use aftercare_app::approval::Approve;
use aftercare_app::command::{CaseRef, Changed};
use aftercare_app::{Context, Error};
use aftercare_connect::platform::HttpPlatform;
use aftercare_domain::time::Span;
use aftercare_store::{DbError, values};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Barrier;

const CLIENTS: [usize; 3] = [2, 6, 12];
/// Kinds of request with which cases can be opened side by side on one order.
const KINDS: [&str; 12] = [
    "inquiry",
    "help",
    "complaint",
    "repair",
    "compensation",
    "price_difference",
    "freight",
    "order_change",
    "refund_only",
    "reship",
    "exchange",
    "return_refund",
];

fn rounds() -> usize {
    std::env::var("AFTERCARE_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(3)
}

/// Runs `client` so often at once and counts the codes they got.
async fn at_once<F, A>(clients: usize, client: F) -> BTreeMap<String, usize>
where
    F: Fn(usize) -> A,
    A: Future<Output = Result<Changed, Error>> + Send + 'static,
{
    let gate = Arc::new(Barrier::new(clients));
    let running: Vec<_> = (0..clients)
        .map(|n| {
            let (gate, work) = (gate.clone(), client(n));
            tokio::spawn(async move {
                gate.wait().await;
                work.await
            })
        })
        .collect();
    let mut codes = BTreeMap::new();
    for outcome in running {
        let code = match outcome.await.expect("a client") {
            Ok(_) => "ok".to_owned(),
            Err(Error::Refused(refusal)) => refusal.code.as_str().to_owned(),
            Err(other) => panic!("not a clear answer: {other}"),
        };
        *codes.entry(code).or_default() += 1;
    }
    codes
}

fn counts(rows: &[(&str, usize)]) -> BTreeMap<String, usize> {
    rows.iter().filter(|(_, n)| *n > 0).map(|(code, n)| ((*code).to_owned(), *n)).collect()
}

/// Cases of different kinds on one order, none of which holds anything.
async fn cases(world: &World, order_no: &str, count: usize) -> Vec<CaseRef> {
    let mut all = Vec::new();
    for kind in &KINDS[..count] {
        all.push(world.case(order_no, kind, &[]).await);
    }
    all
}

#[test]
fn one_case_one_refund_however_many_press_the_button() {
    on_both(|world: World| async move {
        for round in 0..rounds() {
            for clients in CLIENTS {
                let order_no = format!("S{round}-{clients}");
                // little enough for one agent's day, however many rounds
                world.order(&order_no, &[(1, 500)], 0, false).await;
                let at = world.case(&order_no, "refund_only", &[(1, 1)]).await;
                let seen = world.seeing(&world.agent, at).await;
                let codes = at_once(clients, |_| {
                    let (world, seen) = (world.clone(), seen.clone());
                    async move { world.desk.ask_refund(&seen, at, input(json!({}))).await }
                });
                assert_eq!(codes.await, counts(&[("ok", 1), ("stale_version", clients - 1)]));
                assert_eq!(sums(&world.view(at).await), (0, 500, 0));
            }
        }
        world.ledger_is_sound().await;
    });
}

/// Two nodes send what is due while two people press undo: each refund is either back, and the platform never heard of it, or gone.
#[test]
fn undo_and_dispatch_never_both_win() {
    on_both(|world: World| async move {
        let inner = HttpPlatform::new(world.platform.clone(), Duration::from_secs(5)).expect("a client");
        let other = world.desk.clone().with_platform(Arc::new(inner));
        let mut back: BTreeMap<_, usize> = BTreeMap::new();
        let mut all = Vec::new();
        for round in 0..4 * rounds() {
            let mut due = Vec::new();
            for n in 0..6 {
                let order_no = format!("U{round}-{n}");
                world.order(&order_no, &[(1, 10)], 0, false).await;
                let at = world.case(&order_no, "refund_only", &[(1, 1)]).await;
                let asked = world.refund(&world.agent, at, json!({})).await.expect("decided");
                due.push((order_no, at, asked.held[0].remedy_id));
            }
            world.desk.clock.by_hand().expect("a hand-moved clock").move_to(world.desk.clock.now() + Span::seconds(5));
            // The nodes begin before, among and after those who press undo.
            let (mut undone, mut nodes) = (Vec::new(), Vec::new());
            for (n, (_, at, remedy)) in due.iter().enumerate() {
                if n == round % 4 {
                    for node in [world.desk.clone(), other.clone()] {
                        nodes.push(tokio::spawn(async move { node.carry_out_due().await.expect("carried out") }));
                    }
                    tokio::time::sleep(Duration::from_millis(round as u64 % 3)).await;
                }
                for desk in [&world.desk, &other] {
                    let (desk, who, at, remedy) = (desk.clone(), world.now(&world.agent), *at, *remedy);
                    undone.push(tokio::spawn(async move { (at, desk.take_back(&who, at, remedy).await) }));
                }
            }
            for outcome in undone {
                match outcome.await.expect("a person") {
                    (at, Ok(_)) => *back.entry(at.id).or_default() += 1,
                    (_, Err(Error::Refused(no))) => assert!(["already_left", "effect_ended"].contains(&no.code.as_str()), "{no}"),
                    (_, Err(other)) => panic!("not a clear answer: {other}"),
                }
            }
            for node in nodes {
                node.await.expect("a node");
            }
            all.extend(due);
        }
        world.pass(600).await;
        for (order_no, at, _) in &all {
            let (view, books) = (world.view(*at).await, world.books(order_no).await);
            let (effect, paid) = (&view["effects"][0]["state"], &books["orders"][order_no.as_str()]["refunded_minor"]);
            match back.get(&at.id) {
                Some(times) => {
                    assert_eq!((*times, effect, paid, sums(&view)), (1, &json!("cancelled"), &json!(0), (0, 0, 10)), "{order_no}");
                }
                None => assert_eq!((effect, paid, sums(&view)), (&json!("succeeded"), &json!(10), (10, 0, 0)), "{order_no}"),
            }
        }
        world.ledger_is_sound().await;
    });
}

#[test]
fn several_cases_of_one_order_share_its_money() {
    on_both(|world: World| async move {
        for round in 0..rounds() {
            for clients in CLIENTS {
                let order_no = format!("M{round}-{clients}");
                world.order(&order_no, &[(1, 1_000)], 0, true).await;
                let all = cases(&world, &order_no, clients).await;
                let mut seen = Vec::new();
                for at in &all {
                    seen.push(world.seeing(&world.agent, *at).await);
                }
                let codes = at_once(clients, |n| {
                    let (world, seen, at) = (world.clone(), seen[n].clone(), all[n]);
                    let part = json!({ "lines": [{ "line_no": 1, "quantity": 0, "amount_minor": 400 }] });
                    async move { world.desk.ask_refund(&seen, at, input(part)).await }
                });
                assert_eq!(codes.await, counts(&[("ok", 2), ("over_line", clients - 2)]), "{clients} clients");
                assert_eq!(sums(&world.view(all[0]).await), (0, 800, 200));
                world.pass(5).await;
                assert_eq!(world.books(&order_no).await["orders"][&order_no]["refunded_minor"], 800);
            }
        }
        world.ledger_is_sound().await;
    });
}

#[test]
fn no_more_units_come_back_than_were_sold() {
    on_both(|world: World| async move {
        for round in 0..rounds() {
            for clients in CLIENTS {
                let order_no = format!("U{round}-{clients}");
                world.order(&order_no, &[(3, 3_000)], 0, true).await;
                let all = cases(&world, &order_no, clients).await;
                let codes = at_once(clients, |n| {
                    let (world, at) = (world.clone(), all[n]);
                    let wish = json!({ "kind": "return_refund", "lines": [{ "line_no": 1, "quantity": 1 }] });
                    let wish = serde_json::from_value(wish).expect("a request");
                    async move { world.desk.add_request(&world.now(&world.agent), at, wish).await }
                });
                let won = clients.min(3);
                assert_eq!(codes.await, counts(&[("ok", won), ("already_made_good", clients - won)]));
                let line = world.view(all[0]).await["order"]["lines"][0].clone();
                assert_eq!((&line["requested"], &line["returnable"]), (&json!(won), &json!(3 - won)));
            }
        }
        world.ledger_is_sound().await;
    });
}

#[test]
fn an_approval_is_decided_once_and_used_once() {
    on_both(|world: World| async move {
        let (lead, supervisor) = (world.staff("lead").await, world.staff("supervisor").await);
        for round in 0..rounds() {
            for clients in CLIENTS {
                let order_no = format!("P{round}-{clients}");
                world.order(&order_no, &[(1, 10_000)], 0, true).await;
                let at = world.case(&order_no, "compensation", &[]).await;
                let ask = json!({ "subject": "payout", "amount_minor": 5_000 + round });
                let ask = serde_json::from_value(ask).expect("a question");
                let asked = world.desk.ask_approval(&world.now(&world.agent), at, ask).await.expect("asked");
                let approval = id(&asked, "/approval_id");
                let codes = at_once(clients, |n| {
                    let (world, who) = (world.clone(), if n % 2 == 0 { lead.clone() } else { supervisor.clone() });
                    async move {
                        let yes = Approve { note: String::new(), amount_minor: None };
                        world.desk.approve(&world.now(&who), at, approval, yes).await
                    }
                });
                assert_eq!(codes.await, counts(&[("ok", 1), ("approval_decided", clients - 1)]));
                let paid = json!({ "means": "small_payment", "amount_minor": 5_000 + round, "approval_id": approval });
                let seen = world.seeing(&world.agent, at).await;
                let codes = at_once(clients, |_| {
                    let (world, seen, paid) = (world.clone(), seen.clone(), paid.clone());
                    let paid = serde_json::from_value(paid).expect("a payout");
                    async move { world.desk.ask_payout(&seen, at, paid).await }
                });
                assert_eq!(codes.await, counts(&[("ok", 1), ("stale_version", clients - 1)]));
                let again = world.payout(&world.agent, at, paid).await.err().map(|error| error.to_string());
                assert!(again.is_some_and(|text| text.contains("approval_void")), "it serves once");
            }
            // what somebody may approve is limited by the day
            world.pass(86_400).await;
        }
        world.ledger_is_sound().await;
    });
}

#[test]
fn the_last_pieces_are_reserved_once() {
    on_both(|world: World| async move {
        let order_no = "R1";
        world.order(order_no, &[(1, 3_000)], 0, true).await;
        let all = cases(&world, order_no, CLIENTS[2]).await;
        for round in 0..rounds() {
            for clients in CLIENTS {
                let sku = format!("s{round}-{clients}");
                let put = "INSERT INTO stock (shop_id, sku, on_hand) VALUES (1, $1, 2)";
                let (named, wish) = (sku.clone(), json!({ "sku": sku, "quantity": 1, "until_h": 24 }));
                let stock = world.desk.store.write::<_, DbError, _>(move |tx| tx.execute(put, &values![named.as_str()])).await;
                stock.expect("stock");
                let codes = at_once(clients, |n| {
                    let (world, at, wish) = (world.clone(), all[n], serde_json::from_value(wish.clone()).expect("a wish"));
                    async move { world.desk.reserve(&world.now(&world.agent), at, wish).await }
                });
                assert_eq!(codes.await, counts(&[("ok", 2), ("out_of_stock", clients - 2)]), "{clients} clients");
            }
        }
        assert_eq!(world.desk.faults(world.shop).await.expect("looked at"), []);
    });
}

#[test]
fn a_day_is_spent_once_over_all_cases() {
    on_both(|world: World| async move {
        // 300.00 a day, 30.00 a case: ten of twelve.
        let mut all = Vec::new();
        for n in 0..12 {
            let order_no = format!("D{n}");
            world.order(&order_no, &[(1, 10_000)], 0, true).await;
            let at = world.case(&order_no, "compensation", &[]).await;
            all.push((at, world.seeing(&world.agent, at).await));
        }
        let codes = at_once(12, |n| {
            let (world, (at, seen)) = (world.clone(), all[n].clone());
            let paid = serde_json::from_value(json!({ "means": "small_payment", "amount_minor": 3_000 })).expect("a payout");
            async move { world.desk.ask_payout(&seen, at, paid).await }
        });
        assert_eq!(codes.await, counts(&[("ok", 10), ("approval_needed", 2)]));
    });
}

#[test]
fn a_thousand_copies_of_twenty_requests_are_twenty_effects() {
    on_both(|world: World| async move {
        let mut all = Vec::new();
        for n in 0..20 {
            let order_no = format!("C{n}");
            world.order(&order_no, &[(1, 1_000)], 0, false).await;
            let at = world.case(&order_no, "refund_only", &[(1, 1)]).await;
            let seen = world.seeing(&world.agent, at).await;
            all.push((at, Context { key: Some(format!("refund-{n}")), ..seen }));
        }
        let copies: Vec<_> = (0..1_000)
            .map(|n| {
                let (world, (at, seen)) = (world.clone(), all[n % 20].clone());
                tokio::spawn(async move { (n % 20, world.desk.ask_refund(&seen, at, input(json!({}))).await) })
            })
            .collect();
        let mut answers: BTreeMap<usize, Vec<Value>> = BTreeMap::new();
        for copy in copies {
            let (n, answer) = copy.await.expect("a copy");
            answers.entry(n).or_default().push(json!(answer.expect("every copy gets the first answer")));
        }
        for (n, same) in &answers {
            assert_eq!(same.len(), 50);
            assert!(same.iter().all(|answer| *answer == same[0]), "copies of {n} got different answers");
        }
        world.pass(5).await;
        let mut refunds = 0;
        for (n, (at, _)) in all.iter().enumerate() {
            let order_no = format!("C{n}");
            refunds += world.books(&order_no).await["refunds"].as_array().map_or(0, Vec::len);
            assert_eq!(world.view(*at).await["effects"].as_array().map(Vec::len), Some(1));
        }
        assert_eq!(refunds, 20);
        world.ledger_is_sound().await;
    });
}

fn input(value: Value) -> aftercare_app::refund::AskRefund {
    serde_json::from_value(value).expect("a refund")
}
