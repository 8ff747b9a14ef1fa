//! Random sequences of commands by several people, one after the other and at once, of the platform's own acts and of time: whatever is
//! tried, the rules hold, and both engines give the same answers. `AFTERCARE_SEQUENCES` says how many (the long run takes 60).

mod course;
mod goods;
mod money;

use crate::world::{SECRET, World, on_both};
use aftercare_app::command::{CaseRef, Changed};
use aftercare_app::{Context, Error};
use aftercare_domain::id::Id;
use aftercare_domain::refusal::Refusal;
use aftercare_store::{DbError, values};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

const STEPS: usize = 50;
/// Steps from one look at everything to the next.
const LOOK_EVERY: usize = 4;
/// People who act at once.
const AT_ONCE: u64 = 6;
/// Faults of a platform that answers quickly, so that a sequence does not wait.
const FAULTS: &[&str] = &["error_500_after_apply", "reset_after_apply", "error_500_before", "reset_before", "balance_too_low"];

fn sequences() -> u64 {
    std::env::var("AFTERCARE_SEQUENCES").ok().and_then(|n| n.parse().ok()).unwrap_or(6)
}

/// An input as a caller would write it.
fn parsed<T: DeserializeOwned>(input: Value) -> T {
    serde_json::from_value(input).expect("an input")
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

/// One who tries things, and what came of them.
struct Play {
    world: World,
    dice: Dice,
    /// Tells the numbers of one player from those of another.
    name: String,
    people: Vec<Context>,
    warehouse: Context,
    cases: Vec<(CaseRef, &'static str)>,
    /// Return waybills that were tried.
    waybills: Vec<String>,
    log: Vec<String>,
    acts: u64,
}

const ORDERS: [&str; 2] = ["Q1", "Q2"];

impl Play {
    async fn start(world: World, seed: u64) -> Self {
        world.desk.install_playbooks().await.expect("installed");
        // most of what is done is an agent's
        let mut people = vec![world.agent.clone(), world.agent.clone()];
        for role in ["lead", "supervisor", "finance"] {
            people.push(world.staff(role).await);
        }
        let warehouse = world.staff("warehouse").await;
        world.order_paid_by("Q1", &[(2, 9_001), (1, 4_000)], 999, true, &[("deposit", 3_000), ("rest", 11_000)]).await;
        world.order("Q2", &[(3, 10_000)], 500, false).await;
        let stock = "INSERT INTO stock (shop_id, sku, on_hand) VALUES (1, 's', 4)";
        world.desk.store.write::<_, DbError, _>(move |tx| tx.execute(stock, &values![])).await.expect("stock");
        let mut cases = Vec::new();
        for (order_no, kind) in [("Q1", "return_refund"), ("Q1", "refund_only"), ("Q2", "refund_only"), ("Q2", "compensation")] {
            cases.push((world.case(order_no, kind, &[]).await, order_no));
        }
        world.desk.set_callback_secret(&Context::desk(world.desk.clock.now()), world.shop, SECRET).await.expect("set");
        Self { world, dice: Dice(seed), name: seed.to_string(), people, warehouse, cases, waybills: vec![], log: vec![], acts: 0 }
    }

    /// Another player in the same world, with dice of its own.
    fn beside(&self, n: u64) -> Self {
        let dice = Dice(self.dice.0.wrapping_add(n));
        let (people, cases) = (self.people.clone(), self.cases.clone());
        let (world, warehouse) = (self.world.clone(), self.warehouse.clone());
        Self { world, dice, name: format!("{}-{n}", self.name), people, warehouse, cases, waybills: vec![], log: vec![], acts: 0 }
    }

    fn note(&mut self, what: &str, outcome: Result<Changed, Error>) {
        self.told(what, outcome.map(|done| done.result["amount_minor"].as_i64()));
    }

    fn told(&mut self, what: &str, outcome: Result<Option<i64>, Error>) {
        let code = match outcome {
            Ok(amount) => amount.map_or("ok".to_owned(), |amount| format!("ok {amount}")),
            Err(Error::Refused(Refusal { code, .. })) => code.as_str().to_owned(),
            Err(other) => panic!("{what}: not a clear answer: {other}"),
        };
        self.log.push(format!("{what}: {code}"));
    }

    /// The id of one of the rows of a part of the case's page.
    async fn one(&mut self, at: CaseRef, part: &str) -> Option<Id> {
        let all = self.world.view(at).await[part].as_array().cloned().unwrap_or_default();
        if all.is_empty() { None } else { self.dice.one_of(&all)["id"].as_str().and_then(Id::parse) }
    }

    async fn step(&mut self) {
        if self.dice.chance(8) {
            let seconds = i64::try_from(self.dice.below(20)).unwrap_or(1);
            let far = if self.dice.chance(20) { 3_600 } else { 1 };
            return self.world.pass(seconds * far).await;
        }
        self.act_once().await;
    }

    /// One act by somebody, without time passing.
    async fn act_once(&mut self) {
        let (at, order_no) = *self.dice.one_of(&self.cases.clone());
        let who = self.dice.one_of(&self.people.clone()).clone();
        match self.dice.below(10) {
            0..=4 => self.money(&who, at, order_no).await,
            5..=7 => self.goods(&who, at).await,
            _ => self.course(&who, at).await,
        }
    }

    /// What must hold at any moment.
    async fn must_hold(&self) {
        self.world.ledger_is_sound().await;
        let faults = self.world.desk.faults(self.world.shop).await.expect("looked at");
        assert_eq!(faults, [], "{:?}", self.log);
        assert_eq!(self.world.desk.queue_miscounts(self.world.shop).await.expect("counted"), []);
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

    /// The figures added up as things happened are what the events and orders give when they are counted anew.
    async fn figures_add_up(&self) {
        let desk = &self.world.desk;
        let kept = async || {
            desk.fold_counters().await.expect("folded");
            let sql = "/* test */ SELECT name, bucket, count, amount_minor FROM counter WHERE name LIKE 'f:%' AND (count <> 0 OR amount_minor <> 0) ORDER BY name, bucket";
            let read =
                |row: &aftercare_store::Row| Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<i64>(2)?, row.get::<i64>(3)?));
            desk.store.read(move |tx| tx.query(sql, &values![], read)).await.map_err(|error: DbError| error).expect("sums")
        };
        let live = kept().await;
        let done = desk.rebuild_figures(|_| true).await.expect("counted");
        assert!(done.changes > 0 && done.orders > 0, "{done:?}");
        assert_eq!(kept().await, live, "{:?}", self.log);
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
                for n in 0..STEPS {
                    play.step().await;
                    if n % LOOK_EVERY == 0 {
                        play.must_hold().await;
                    }
                }
                play.world.pass(86_400).await;
                play.must_hold().await;
                play.figures_add_up().await;
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

#[test]
fn several_people_at_once_break_no_rule() {
    for seed in 200..200 + sequences() {
        on_both(|world: World| async move {
            let play = Play::start(world, seed).await;
            let mut players = tokio::task::JoinSet::new();
            for n in 0..AT_ONCE {
                let mut player = play.beside(n);
                players.spawn(async move {
                    for _ in 0..STEPS / 2 {
                        player.act_once().await;
                    }
                    player.log
                });
            }
            let mut told = Vec::new();
            while let Some(player) = players.join_next().await {
                told.extend(player.expect("nobody panics"));
            }
            play.must_hold().await;
            play.world.pass(86_400).await;
            play.must_hold().await;
            let done = told.iter().filter(|line| line.contains(": ok")).count();
            assert!(done > STEPS / 2, "seed {seed}: {done} acts went through: nothing much was tried");
        });
    }
}
