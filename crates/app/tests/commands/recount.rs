//! Figures counted anew from the events are those that were added up when things happened, also when the work is cut off; on both engines.

use crate::desk::{World, on_both, refused};
use aftercare_app::Context;
use aftercare_app::case::close::CloseCase;
use aftercare_app::case::contact::NewContact;
use aftercare_app::case::diagnosis::Diagnosis;
use aftercare_app::case::open::NewRequest;
use aftercare_app::case::request::ask::ChangeRequest;
use aftercare_app::command::{CaseRef, Changed};
use aftercare_app::figures::{DrillQuery, Period};
use aftercare_domain::figures::Figure;
use aftercare_domain::id::Id;
use aftercare_domain::time::Span;
use aftercare_store::{DbError, values};
use serde_json::json;

/// Every sum of a figure that is not nothing.
async fn kept(world: &World) -> Vec<(String, String, i64, i64)> {
    world.desk.fold_counters().await.expect("folded");
    let sql = "/* test */ SELECT name, bucket, count, amount_minor FROM counter WHERE name LIKE 'f:%' AND (count <> 0 OR amount_minor <> 0)
        ORDER BY name, bucket";
    let read = |row: &aftercare_store::Row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
    world.desk.store.read(move |tx| tx.query(sql, &values![], read)).await.map_err(|error: DbError| error).expect("sums")
}

fn of(kept: &[(String, String, i64, i64)], figure: Figure) -> impl Iterator<Item = &(String, String, i64, i64)> {
    let name = format!("f:{figure}");
    kept.iter().filter(move |row| row.0 == name)
}

fn units(kept: &[(String, String, i64, i64)]) -> i64 {
    of(kept, Figure::AskedBack).map(|row| row.2).sum()
}

fn id(changed: &Changed) -> Id {
    changed.result["request_id"].as_str().and_then(Id::parse).expect("an id")
}

fn back(quantity: i64) -> NewRequest {
    let lines = json!([{ "line_no": 1, "quantity": quantity }]);
    serde_json::from_value(json!({ "kind": "return_refund", "reason": "defect", "lines": lines })).expect("a request")
}

async fn fresh(world: &World, context: &Context, at: CaseRef) -> Context {
    let view = world.view(context, at).await;
    world.seeing(&world.now(context), view["case"]["version"].as_i64().expect("a version"))
}

async fn says(world: &World, who: &Context, at: CaseRef) {
    let contact: NewContact =
        serde_json::from_value(json!({ "direction": "out", "channel": "chat", "text": "您好，我来看看" })).expect("a contact");
    world.desk.record_contact(&world.now(who), at, contact).await.expect("said");
}

/// Two coats ordered, both asked back, less asked back, withdrawn, asked for again; answered, diagnosed, closed; a second case beside.
async fn lived(world: &World, agent: &Context, lead: &Context) -> CaseRef {
    world.order("B1", |order| order.lines[0].quantity = 3).await;
    let first = world.complaint(&world.now(agent), "B1").await;
    let at = world.at(&first);
    says(world, agent, at).await;
    says(world, agent, at).await;
    let asked = id(&world.desk.add_request(&world.now(agent), at, back(2)).await.expect("asked"));
    assert_eq!(units(&kept(world).await), 2);
    let less: ChangeRequest = serde_json::from_value(json!({ "lines": [{ "line_no": 1, "quantity": 1 }] })).expect("a change");
    world.desk.change_request(&world.now(agent), at, asked, less).await.expect("changed");
    assert_eq!(units(&kept(world).await), 1, "what was put right is not counted besides");
    world.desk.withdraw_request(&world.now(agent), at, asked).await.expect("withdrawn");
    let again = id(&world.desk.add_request(&world.now(agent), at, back(1)).await.expect("asked"));
    assert_eq!(units(&kept(world).await), 1, "the same unit asked back once more is one unit");
    let cause: Diagnosis = serde_json::from_value(json!({ "cause": "defect", "party": "supplier" })).expect("a cause");
    world.desk.diagnose(&world.now(agent), at, cause).await.expect("diagnosed");
    world.desk.withdraw_request(&world.now(agent), at, again).await.expect("withdrawn");
    let end: CloseCase =
        serde_json::from_value(json!({ "result": "withdrawn", "confirmation": "buyer", "satisfaction": 5 })).expect("a close");
    let now = fresh(world, lead, at).await;
    world.desk.close_case(&now, at, end).await.expect("closed");
    world.complaint(&world.now(agent), "B2").await;
    at
}

#[test]
fn counted_anew_is_as_counted_live_and_a_cut_off_count_goes_on() {
    on_both(|world: World| async move {
        let (agent, lead) = (world.staff("agent").await, world.staff("lead").await);
        lived(&world, &agent, &lead).await;
        let live = kept(&world).await;
        assert_eq!(of(&live, Figure::FirstAnswer).map(|row| row.2).sum::<i64>(), 1, "the first answer counts, the second does not");
        assert!(of(&live, Figure::Acted).count() >= 2, "two people did something");

        // Whatever became of the case does not change what was counted when it was closed.
        let other = "/* test */ UPDATE cases SET cause = 'misuse', amount_minor = 1, scenario = 'other'";
        world.desk.store.write::<_, DbError, _>(move |tx| tx.execute(other, &values![])).await.expect("changed");
        let wrong = "/* test */ UPDATE counter SET count = count + 7 WHERE name LIKE 'f:%'";
        world.desk.store.write::<_, DbError, _>(move |tx| tx.execute(wrong, &values![])).await.expect("spoilt");
        assert_ne!(kept(&world).await, live);
        // Cut off after the first batch, and on again.
        let cut = world.desk.rebuild_figures(|_| false).await.expect("begun");
        assert_eq!(cut.shops, 0);
        assert_ne!(kept(&world).await, live, "nothing is exchanged before all is counted");
        let done = world.desk.rebuild_figures(|_| true).await.expect("counted");
        assert_eq!((done.shops, done.changes), (1, 0), "what was counted is not counted again");
        assert_eq!(kept(&world).await, live);

        // A second time from the beginning, with somebody at work in between.
        world.desk.rebuild_figures(|_| false).await.expect("begun");
        world.complaint(&world.now(&agent), "B3").await;
        let live = kept(&world).await;
        assert!(world.desk.rebuild_figures(|_| true).await.expect("counted").changes > 0, "it began anew");
        assert_eq!(kept(&world).await, live);
    });
}

#[test]
fn a_desk_at_work_is_not_counted_anew() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        world.complaint(&world.now(&agent), "B1").await;
        let live = kept(&world).await;
        let (desk, shop) = (world.desk.clone(), world.shop);
        let mut meanwhile = Some(move || {
            let row = values![shop, Id::from_bytes([9; 16]), 1, 0].to_vec();
            let store = desk.store.clone();
            store
                .write_blocking::<_, DbError, _>(move |tx| {
                    tx.insert("feed", &["shop_id", "case_id", "case_version", "at"], row.clone());
                    Ok(())
                })
                .expect("a change");
        });
        let outcome = world.desk.rebuild_figures(|_| {
            if let Some(meanwhile) = meanwhile.take() {
                tokio::task::block_in_place(meanwhile);
            }
            true
        });
        assert_eq!(refused(outcome.await), "desk_at_work");
        assert_eq!(kept(&world).await, live);
    });
}

#[test]
fn the_board_tells_speed_and_hands_and_leads_to_the_cases() {
    on_both(|world: World| async move {
        let (agent, lead) = (world.staff("agent").await, world.staff("lead").await);
        let at = lived(&world, &agent, &lead).await;
        let second = world.complaint(&world.now(&agent), "B4").await;
        let hand = world.desk.clock.now() + Span::minutes(30);
        world.desk.clock.by_hand().expect("a hand-moved clock").move_to(hand);
        says(&world, &agent, world.at(&second)).await;
        world.desk.fold_counters().await.expect("folded");
        let period = || Period { from: "2026-11-24".into(), to: "2026-11-24".into() };
        let board = world.desk.board(&lead, world.shop, period()).await.expect("a board");
        let answers = board.speeds.iter().find(|it| it.figure == Figure::FirstAnswer).expect("answers");
        assert_eq!((answers.count, answers.mean_s), (2, Some(900)), "at once, and after half an hour");
        assert_eq!(answers.days.len(), 1);
        let ten = &board.staffing[10];
        assert_eq!((ten.people, ten.cases), (2.0, 3.0), "the agent and the lead");

        let ask = |figure: &str, key: &str| DrillQuery {
            figure: figure.into(),
            key: Some(key.into()),
            from: "2026-11-24".into(),
            to: "2026-11-24".into(),
            cursor: None,
        };
        let scenario = world.view(&lead, at).await["case"]["scenario"].as_str().expect("a scenario").to_owned();
        for (figure, key, expect) in [
            ("opened", scenario.as_str(), 3),
            ("opened", "none", 0),
            ("closed", "withdrawn", 1),
            ("cause", "defect", 1),
            ("cause", "unknown", 0),
            ("cause", "", 1),
        ] {
            let page = world.desk.drill(&lead, world.shop, ask(figure, key)).await.expect("cases");
            assert_eq!(page.items.len(), expect, "{figure} {key}");
        }
    });
}
