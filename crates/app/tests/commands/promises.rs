//! Promises and the timers behind them, told on both engines.

use crate::desk::{World, on_both, refused};
use aftercare_app::case::close::CloseCase;
use aftercare_app::effect::by_person::SettleEffect;
use aftercare_app::payout::AskPayout;
use aftercare_app::promise::by_hand::{KeepPromise, MakePromise};
use aftercare_app::promise::renegotiate::RenegotiatePromise;
use aftercare_domain::id::Id;
use aftercare_store::{DbError, values};

fn cleaning_fee(due_in_h: Option<i64>) -> MakePromise {
    MakePromise {
        text: "清洗费 50.00 元打款给您".into(), team: "finance".into(), due_at: None, due_in_h, amount_minor: Some(5_000)
    }
}

fn made(changed: &aftercare_app::command::Changed) -> Id {
    Id::parse(changed.result["promise_id"].as_str().expect("an id")).expect("an id")
}

fn close() -> CloseCase {
    CloseCase { result: "compensated".into(), confirmation: "buyer".into(), cause: None, satisfaction: None }
}

fn proof() -> KeepPromise {
    KeepPromise { proof: "流水号 20261125-0001".into() }
}

#[test]
fn a_promise_escalates_breaks_and_keeps_its_case_open_until_it_is_made_good() {
    on_both(|world: World| async move {
        let (agent, finance) = (world.staff("agent").await, world.staff("finance").await);
        let at = world.at(&world.complaint(&agent, "A1").await);
        world.until("2026-11-24T10:40").await;
        assert_eq!(refused(world.desk.make_promise(&world.now(&agent), at, cleaning_fee(None)).await), "promise_without_end");
        let due = MakePromise { due_at: Some(world.now(&agent).now + aftercare_domain::time::Span::minutes(1400)), ..cleaning_fee(None) };
        let promise = made(&world.desk.make_promise(&world.now(&agent), at, due).await.expect("made"));

        // finance works 9–18; the ladder is laid inside those hours
        let steps = [
            ("2026-11-24T14:59", 0),
            ("2026-11-24T15:00", 1),
            ("2026-11-24T17:00", 2),
            ("2026-11-24T18:00", 3),
            ("2026-11-25T08:59", 3),
            ("2026-11-25T09:00", 4),
        ];
        for (time, expect) in steps {
            world.until(time).await;
            assert_eq!(world.count(at, "promise_escalated").await, expect, "{time}");
        }
        let view = world.view(&agent, at).await;
        assert_eq!(
            view["tasks"].as_array().expect("tasks").iter().filter(|t| t["team"] == "supervisor" && t["state"] == "open").count(),
            2
        );
        assert!(view["timeline"].to_string().contains("目前还没有办完"), "the buyer can be told before asking");
        let now = world.seeing(&world.now(&agent), view["case"]["version"].as_i64().expect("a version"));
        assert_eq!(refused(world.desk.close_case(&now, at, close()).await), "promise_open");

        world.until("2026-11-25T10:00").await;
        let view = world.view(&agent, at).await;
        assert_eq!(view["promises"][0]["state"], "broken");
        assert_eq!((world.count(at, "promise_broken").await, view["case"]["open_promises"].as_i64()), (1, Some(1)));
        assert!(view["case"]["marks"]["bad_review_risk"].is_string());
        let now = world.seeing(&world.now(&agent), view["case"]["version"].as_i64().expect("a version"));
        assert_eq!(refused(world.desk.close_case(&now, at, close()).await), "promise_open", "broken and binding");

        world.until("2026-11-25T13:00").await;
        let warehouse = world.staff("warehouse").await;
        assert_eq!(refused(world.desk.keep_promise(&world.now(&warehouse), at, promise, proof()).await), "not_allowed");
        let kept = world.desk.keep_promise(&world.now(&finance), at, promise, proof()).await.expect("made good");
        assert_eq!(refused(world.desk.keep_promise(&world.now(&finance), at, promise, proof()).await), "promise_ended");
        let view = world.view(&agent, at).await;
        assert_eq!((view["promises"][0]["state"].as_str(), view["case"]["open_promises"].as_i64()), (Some("broken"), Some(0)));
        let promised = view["deadlines"].as_array().expect("deadlines").iter().find(|d| d["clock"] == "promise").expect("its deadline");
        assert_eq!(promised["state"], "missed");
        let now = world.seeing(&world.now(&agent), kept.version);
        world.desk.close_case(&now, at, close()).await.expect("nothing binds any more");
        assert_eq!(timers(&world).await, 0);
    });
}

#[test]
fn putting_off_is_counted_and_only_the_successor_binds() {
    on_both(|world: World| async move {
        let (agent, finance) = (world.staff("agent").await, world.staff("finance").await);
        let at = world.at(&world.complaint(&agent, "A1").await);
        let first = made(&world.desk.make_promise(&agent, at, cleaning_fee(Some(24))).await.expect("made"));
        let later =
            |hours| RenegotiatePromise { due_at: None, due_in_h: Some(hours), reason: "银行系统维护，和您约到后天".into() };
        let second = world.desk.renegotiate_promise(&agent, at, first, later(48)).await.expect("agreed");
        assert_eq!(second.result["put_off"], 1);
        assert_eq!(refused(world.desk.keep_promise(&finance, at, first, proof()).await), "promise_ended");
        assert_eq!(refused(world.desk.renegotiate_promise(&finance, at, made(&second), later(72)).await), "not_allowed");
        world.until("2026-11-25T10:05").await;
        assert_eq!(world.count(at, "promise_broken").await, 0, "the old time no longer counts");
        world.desk.keep_promise(&world.now(&finance), at, made(&second), proof()).await.expect("kept");
        let view = world.view(&agent, at).await;
        let states: Vec<_> = view["promises"].as_array().expect("two").iter().map(|p| p["state"].as_str().expect("a state")).collect();
        assert_eq!(states, ["renegotiated", "kept"]);
        assert!(view["timeline"].to_string().contains("已经办好了"), "the buyer can be told that it was kept");
    });
}

/// Every running deadline with a due time has its timer, and no timer of a deadline is without one.
#[test]
fn a_deadline_runs_if_and_only_if_its_timer_exists() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let at = world.at(&world.complaint(&agent, "A1").await);
        for time in ["2026-11-24T10:10", "2026-11-24T10:25", "2026-11-24T16:00", "2026-11-26T00:00"] {
            world.desk.make_promise(&world.now(&agent), at, cleaning_fee(Some(3))).await.expect("made");
            world.until(time).await;
            let sql = "/* test */ SELECT (SELECT COUNT(*) FROM deadline d WHERE d.state = 'running' AND d.due_at IS NOT NULL AND NOT EXISTS
                (SELECT 1 FROM timer t WHERE t.subject_id = d.id AND t.kind = 'deadline' AND t.due_at = d.due_at)),
                (SELECT COUNT(*) FROM timer t WHERE t.kind = 'deadline' AND NOT EXISTS
                (SELECT 1 FROM deadline d WHERE d.id = t.subject_id AND d.state = 'running'))";
            let odd = world.desk.store.read(move |tx| tx.query_opt(sql, &values![], |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?))));
            assert_eq!(odd.await.map_err(|error: DbError| error).expect("counts"), Some((0, 0)), "{time}");
        }
    });
}

async fn timers(world: &World) -> i64 {
    let count = world.desk.store.read(|tx| tx.query_opt("/* test */ SELECT COUNT(*) FROM timer", &values![], |row| row.get(0)));
    count.await.map_err(|error: DbError| error).expect("a count").unwrap_or(0)
}

#[test]
fn a_payment_joins_the_promise_in_words_and_leaves_it_bound_when_it_comes_to_nothing() {
    on_both(|world: World| async move {
        let (agent, finance, lead) = (world.staff("agent").await, world.staff("finance").await, world.staff("lead").await);
        let at = world.at(&world.complaint(&agent, "A1").await);
        let words = made(&world.desk.make_promise(&agent, at, cleaning_fee(Some(24))).await.expect("made"));
        let pays = |amount_minor, promise_id| AskPayout {
            means: "small_payment".into(),
            amount_minor,
            reason: "清洗费".into(),
            payer: Some("finance".into()),
            approval_id: None,
            offer_id: None,
            promise_id,
            bearer: None,
            due_in_h: None,
        };
        let fresh = || async {
            let version = world.view(&lead, at).await["case"]["version"].as_i64().expect("a version");
            world.seeing(&world.now(&lead), version)
        };
        assert_eq!(refused(world.desk.ask_payout(&fresh().await, at, pays(4_000, Some(words))).await), "promise_other_payment");
        assert_eq!(refused(world.desk.ask_payout(&fresh().await, at, pays(5_000, Some(Id::nil()))).await), "not_found");
        let first = world.desk.ask_payout(&fresh().await, at, pays(5_000, Some(words))).await.expect("decided");
        let view = world.view(&agent, at).await;
        assert_eq!(view["promises"].as_array().expect("promises").len(), 1, "one promise about the same money");
        assert_eq!(
            (&view["promises"][0]["effect_id"], &first.result["promise_id"]),
            (&first.result["effect_id"], &serde_json::json!(words))
        );
        assert_eq!(refused(world.desk.keep_promise(&world.now(&finance), at, words, proof()).await), "bad_input");
        assert_eq!(refused(world.desk.ask_payout(&fresh().await, at, pays(5_000, Some(words))).await), "promise_other_payment");

        // taken back: the buyer was told all the same, and another payment may keep it
        let remedy = first.result["remedy_id"].as_str().and_then(Id::parse).expect("an id");
        world.desk.take_back(&world.now(&lead), at, remedy).await.expect("taken back");
        let view = world.view(&agent, at).await;
        assert_eq!((&view["promises"][0]["state"], &view["promises"][0]["effect_id"]), (&"open".into(), &serde_json::Value::Null));
        let second = world.desk.ask_payout(&fresh().await, at, pays(5_000, Some(words))).await.expect("decided");
        let effect = second.result["effect_id"].as_str().and_then(Id::parse).expect("an id");
        let paid = SettleEffect { outcome: "succeeded".into(), serial: "20261125-0001".into(), note: String::new() };
        world.until("2026-11-24T10:07").await;
        world.desk.settle_effect(&world.now(&finance), at, effect, paid).await.expect("paid");
        let view = world.view(&agent, at).await;
        assert_eq!((view["promises"].as_array().expect("promises").len(), &view["promises"][0]["state"]), (1, &"kept".into()));
        assert_eq!(view["case"]["open_promises"], 0);
    });
}
