//! Random sequences of commands by several people, of the platform's own acts and of time: whatever is tried, the rules hold, and both
//! engines give the same answers. `AFTERCARE_SEQUENCES` says how many (the long run takes 200).

use crate::world::{SECRET, World, on_both};
use aftercare_app::Error;
use aftercare_app::callback::Signed;
use aftercare_app::command::{CaseRef, Changed};
use aftercare_app::effect::by_person::SettleEffect;
use aftercare_domain::id::Id;
use aftercare_sim::platform::callback::signature;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

const STEPS: usize = 40;
/// Faults of a platform that answers quickly, so that a sequence does not wait.
const FAULTS: &[&str] = &["error_500_after_apply", "reset_after_apply", "error_500_before", "reset_before", "balance_too_low"];

fn sequences() -> u64 {
    std::env::var("AFTERCARE_SEQUENCES").ok().and_then(|n| n.parse().ok()).unwrap_or(6)
}

/// Dice that fall the same way for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
    fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len() as u64) as usize]
    }
    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

struct Play {
    world: World,
    dice: Dice,
    people: Vec<aftercare_app::Context>,
    cases: Vec<(CaseRef, &'static str)>,
    log: Vec<String>,
    acts: u64,
}

const ORDERS: [&str; 2] = ["Q1", "Q2"];

impl Play {
    async fn start(world: World, seed: u64) -> Self {
        let mut people = vec![world.agent.clone()];
        for role in ["lead", "supervisor", "finance"] {
            people.push(world.staff(role).await);
        }
        world.order_paid_by("Q1", &[(2, 9_001), (1, 4_000)], 999, true, &[("deposit", 3_000), ("rest", 11_000)]).await;
        world.order("Q2", &[(3, 10_000)], 500, false).await;
        let mut cases = Vec::new();
        for (order_no, kind) in [("Q1", "return_refund"), ("Q1", "refund_only"), ("Q2", "refund_only"), ("Q2", "compensation")] {
            cases.push((world.case(order_no, kind, &[]).await, order_no));
        }
        world.desk.set_callback_secret(&aftercare_app::Context::desk(world.desk.clock.now()), world.shop, SECRET).await.expect("set");
        Self { world, dice: Dice(seed), people, cases, log: Vec::new(), acts: 0 }
    }

    fn note(&mut self, what: &str, outcome: Result<Changed, Error>) {
        let code = match outcome {
            Ok(done) => done.result["amount_minor"].as_i64().map_or("ok".to_owned(), |amount| format!("ok {amount}")),
            Err(Error::Refused(refusal)) => refusal.code.as_str().to_owned(),
            Err(other) => panic!("{what}: not a clear answer: {other}"),
        };
        self.log.push(format!("{what}: {code}"));
    }

    async fn step(&mut self) {
        let (at, order_no) = *self.dice.one_of(&self.cases.clone());
        let who = self.dice.one_of(&self.people.clone()).clone();
        match self.dice.below(12) {
            0..=2 => self.refund(&who, at).await,
            3 | 4 => self.payout(&who, at).await,
            5 => self.request(at).await,
            6 => self.ask(&who, at).await,
            7 => self.approve(&who, at).await,
            8 => self.settle(at).await,
            9 => self.cancel(&who, at).await,
            10 => self.act(order_no).await,
            _ => {
                let seconds = i64::try_from(self.dice.below(20)).unwrap_or(1);
                self.world.pass(seconds).await;
            }
        }
    }

    async fn refund(&mut self, who: &aftercare_app::Context, at: CaseRef) {
        let (line, quantity) = (1 + self.dice.below(2), self.dice.below(3));
        let named = quantity == 0 || self.dice.chance(20);
        let amount = named.then(|| self.dice.below(3_000));
        let mut input = json!({ "lines": [{ "line_no": line, "quantity": quantity, "amount_minor": amount }],
            "confirm_payouts_seen": self.dice.chance(80), "before_return": self.dice.chance(50), "approval_id": self.approval(at).await });
        if self.dice.chance(30) {
            input["freight_minor"] = json!(self.dice.below(1_200));
        }
        let outcome = self.world.refund(who, at, input).await;
        self.note("refund", outcome);
    }

    async fn payout(&mut self, who: &aftercare_app::Context, at: CaseRef) {
        let means = *self.dice.one_of(&["small_payment", "coupon", "cash", "red_packet"]);
        let payer = *self.dice.one_of(&["platform", "finance"]);
        let input =
            json!({ "means": means, "amount_minor": self.dice.below(5_000), "payer": payer, "approval_id": self.approval(at).await });
        let outcome = self.world.payout(who, at, input).await;
        self.note("payout", outcome);
    }

    async fn request(&mut self, at: CaseRef) {
        let kind = *self.dice.one_of(&["return_refund", "exchange", "refund_only", "reship"]);
        let wish = json!({ "kind": kind, "lines": [{ "line_no": 1 + self.dice.below(2), "quantity": 1 + self.dice.below(2) }] });
        let context = self.world.now(&self.world.agent);
        let open = self.world.view(at).await["requests"].as_array().cloned().unwrap_or_default();
        if self.dice.chance(40)
            && let Some(id) = open.last().and_then(|request| request["id"].as_str()).and_then(Id::parse)
        {
            let outcome = self.world.desk.withdraw_request(&context, at, id).await;
            return self.note("withdraw", outcome);
        }
        let outcome = self.world.desk.add_request(&context, at, serde_json::from_value(wish).expect("a wish")).await;
        self.note("request", outcome);
    }

    async fn ask(&mut self, who: &aftercare_app::Context, at: CaseRef) {
        let subject = *self.dice.one_of(&["refund", "payout"]);
        let input = json!({ "subject": subject, "amount_minor": self.dice.below(9_000) });
        let context = self.world.now(who);
        let outcome = self.world.desk.ask_approval(&context, at, serde_json::from_value(input).expect("a question")).await;
        self.note("ask", outcome);
    }

    /// An approval of the case, now and then.
    async fn approval(&mut self, at: CaseRef) -> Option<Id> {
        let all = self.world.view(at).await["approvals"].as_array().cloned().unwrap_or_default();
        if all.is_empty() || self.dice.chance(60) {
            return None;
        }
        self.dice.one_of(&all)["id"].as_str().and_then(Id::parse)
    }

    async fn approve(&mut self, who: &aftercare_app::Context, at: CaseRef) {
        if let Some(id) = self.approval(at).await {
            let yes = aftercare_app::approval::Approve { note: String::new(), amount_minor: None };
            let context = self.world.now(who);
            let outcome = self.world.desk.approve(&context, at, id, yes).await;
            self.note("approve", outcome);
        }
    }

    async fn effect(&mut self, at: CaseRef) -> Option<Id> {
        let all = self.world.view(at).await["effects"].as_array().cloned().unwrap_or_default();
        (!all.is_empty()).then(|| self.dice.one_of(&all)["id"].as_str().and_then(Id::parse)).flatten()
    }

    /// Records what was done by hand. Whoever looks after a lost answer looks well: that is another test's business.
    async fn settle(&mut self, at: CaseRef) {
        let all = self.world.view(at).await["effects"].as_array().cloned().unwrap_or_default();
        let by_hand: Vec<Value> = all.into_iter().filter(|effect| effect["manual"] == true).collect();
        if by_hand.is_empty() {
            return;
        }
        let Some(id) = self.dice.one_of(&by_hand)["id"].as_str().and_then(Id::parse) else { return };
        let outcome = *self.dice.one_of(&["succeeded", "rejected"]);
        self.acts += 1;
        let input = SettleEffect { outcome: outcome.into(), serial: format!("S{}", self.acts), note: String::new() };
        let context = self.world.now(&self.people[3]);
        let outcome = self.world.desk.settle_effect(&context, at, id, input).await;
        self.note("settle", outcome);
    }

    async fn cancel(&mut self, who: &aftercare_app::Context, at: CaseRef) {
        let Some(id) = self.effect(at).await else { return };
        let context = self.world.now(who);
        let outcome = self.world.desk.cancel_effect(&context, at, id).await;
        self.note("cancel", outcome);
    }

    /// The platform refunds by itself and tells, once or twice.
    async fn act(&mut self, order_no: &str) {
        let amount = 1 + self.dice.below(4_000);
        let done = self.world.tell("/act", json!({ "kind": "auto_refund", "order_no": order_no, "amount_minor": amount })).await;
        let Some(refund_id) = done["refund_id"].as_str() else { return };
        let event_id = done["event_id"].as_str().unwrap_or_default();
        let body =
            json!({ "event_id": event_id, "event": "auto_refund", "order_no": order_no, "amount_minor": amount, "refund_id": refund_id });
        let body = body.to_string();
        for _ in 0..1 + self.dice.below(2) {
            let signed =
                Signed { event_id, timestamp: "1795485900", signature: &signature(SECRET, "1795485900", &body), body: body.as_bytes() };
            self.world.desk.take_callback(self.world.shop, &signed).await.expect("taken in");
        }
        self.log.push(format!("act {amount}"));
    }

    /// What must hold at any moment.
    async fn must_hold(&self) {
        self.world.ledger_is_sound().await;
        for order_no in ORDERS {
            let books = self.world.books(order_no).await;
            let order = &books["orders"][order_no];
            assert!(order["refunded_minor"].as_i64() <= order["captured_minor"].as_i64(), "{order_no}: {order}");
        }
        for (kind, amount) in self.world.spent(&self.world.agent).await {
            let limit = match kind.as_str() {
                "refund" => 300_000,
                "payout" => 30_000,
                _ => 50_000,
            };
            assert!(amount <= limit, "the agent spent {amount} of {kind} on one day");
        }
    }

    /// What this desk holds, for comparison.
    async fn sums(&self) -> Vec<String> {
        let mut all = Vec::new();
        for (at, _) in &self.cases {
            let view = self.world.view(*at).await;
            let order = &view["order"];
            let names =
                ["refunded_minor", "in_flight_minor", "refundable_minor", "external_minor", "payout_minor", "payout_in_flight_minor"];
            let effects: Vec<&Value> = view["effects"].as_array().expect("effects").iter().map(|effect| &effect["state"]).collect();
            all.push(format!("{:?} {effects:?} {}", names.map(|name| order[name].clone()), view["case"]["stage"]));
        }
        all
    }
}

#[test]
fn both_engines_answer_alike_and_the_rules_hold() {
    let seen: Arc<Mutex<BTreeMap<u64, Vec<Vec<String>>>>> = Arc::default();
    for seed in 0..sequences() {
        on_both(|world: World| {
            let seen = seen.clone();
            async move {
                let mut play = Play::start(world, seed).await;
                for _ in 0..STEPS {
                    play.step().await;
                    play.must_hold().await;
                }
                play.world.pass(86_400).await;
                play.must_hold().await;
                let mut told = std::mem::take(&mut play.log);
                told.extend(play.sums().await);
                seen.lock().expect("one engine after the other").entry(seed).or_default().push(told);
            }
        });
    }
    let mut refunds = 0;
    for (seed, engines) in seen.lock().expect("done").iter() {
        assert_eq!(engines[0], engines[1], "seed {seed}");
        refunds += engines[0].iter().filter(|line| line.starts_with("refund: ok")).count();
    }
    assert!(refunds as u64 >= sequences(), "{refunds} refunds went through: nothing much was tried");
}

#[test]
fn with_a_platform_that_loses_answers_the_books_agree_in_the_end() {
    for seed in 100..100 + sequences() {
        on_both(|world: World| async move {
            let class = ["keyed", "queryable"][usize::from(seed % 2 == 0)];
            world.settings(json!({ "platform": { "refund_class": class, "call_class": class } })).await;
            world.tell("/faults", json!({ "kinds": FAULTS, "share": 0.3, "seed": seed })).await;
            let mut play = Play::start(world, seed).await;
            for _ in 0..STEPS {
                play.step().await;
            }
            play.world.tell("/faults", json!({})).await;
            play.world.pass(86_400).await;
            play.must_hold().await;
            for (at, order_no) in &play.cases {
                let order = play.world.view(*at).await["order"].clone();
                let of = |name: &str| order[name].as_i64().expect("a sum");
                let books = play.world.books(order_no).await;
                let there = books["orders"][*order_no]["refunded_minor"].as_i64().expect("a sum");
                assert_eq!(of("refunded_minor") + of("external_minor"), there, "seed {seed}, {order_no}: {:?}", play.log);
                assert_eq!(of("in_flight_minor"), 0, "seed {seed}: everything has ended");
            }
        });
    }
}
