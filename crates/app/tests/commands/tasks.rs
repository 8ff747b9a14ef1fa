//! Tasks between teams and the lists of work over all shops, told on both engines.

use crate::desk::{World, on_both, refused};
use aftercare_app::promise::by_hand::MakePromise;
use aftercare_app::task::by_hand::OpenTask;
use aftercare_app::task::done::TaskDone;
use aftercare_app::worklist::WorkQuery;
use aftercare_domain::id::Id;
use serde_json::{Map, json};

fn look(due_in_h: i64) -> OpenTask {
    OpenTask {
        team: "warehouse".into(),
        kind: "check_stock".into(),
        text: "看一下余货有没有污渍".into(),
        due_in_h: Some(due_in_h),
        tell_buyer: true,
    }
}

#[test]
fn a_team_takes_its_task_and_tells_what_it_found() {
    on_both(|world: World| async move {
        let (agent, warehouse, finance) = (world.staff("agent").await, world.staff("warehouse").await, world.staff("finance").await);
        let at = world.at(&world.complaint(&agent, "A1").await);
        assert_eq!(refused(world.desk.open_task(&finance, at, look(4)).await), "not_allowed");
        assert_eq!(refused(world.desk.open_task(&agent, at, OpenTask { team: "kitchen".into(), ..look(4) }).await), "bad_input");
        let opened = world.desk.open_task(&agent, at, look(4)).await.expect("opened");
        let id = opened.result["task_id"].as_str().and_then(Id::parse).expect("an id");
        assert!(world.view(&agent, at).await["timeline"].to_string().contains("预计11月24日14:05前有答复"), "the buyer can be told a time");
        assert_eq!(refused(world.desk.take_task(&finance, at, id).await), "not_allowed");
        world.desk.take_task(&warehouse, at, id).await.expect("taken");
        let done = |facts: Map<String, serde_json::Value>| TaskDone { note: "余货四件均无污渍".into(), facts };
        let odd = json!({ "moon.phase": 1 }).as_object().expect("an object").clone();
        assert_eq!(refused(world.desk.task_done(&warehouse, at, id, done(odd)).await), "fact_unknown");
        let found = json!({ "diagnosis.verified": true }).as_object().expect("an object").clone();
        world.desk.task_done(&warehouse, at, id, done(found)).await.expect("done");
        assert_eq!(refused(world.desk.task_done(&warehouse, at, id, done(Map::new())).await), "task_ended");
        let view = world.view(&agent, at).await;
        let task = view["tasks"].as_array().expect("tasks").iter().find(|t| t["team"] == "warehouse").expect("the task");
        assert_eq!((task["state"].as_str(), task["note"].as_str()), (Some("done"), Some("余货四件均无污渍")));
        let second = world.desk.open_task(&agent, at, look(8)).await.expect("opened");
        let second = second.result["task_id"].as_str().and_then(Id::parse).expect("an id");
        world.desk.cancel_task(&agent, at, second).await.expect("taken back");
    });
}

#[test]
fn lists_are_paged_in_the_order_of_time_with_their_cases() {
    on_both(|world: World| async move {
        let (agent, night) = (world.staff("agent").await, world.staff("night").await);
        let mut opened = Vec::new();
        for n in 0..5 {
            let case = world.complaint(&agent, &format!("A{n}")).await;
            let at = world.at(&case);
            world.desk.open_task(&agent, at, OpenTask { tell_buyer: false, ..look(20 - 2 * n) }).await.expect("opened");
            let due = MakePromise {
                text: format!("打款 {n}"),
                team: "finance".into(),
                due_at: None,
                due_in_h: Some(30 - n),
                amount_minor: Some(100),
            };
            world.desk.make_promise(&agent, at, due).await.expect("made");
            opened.push(case);
        }
        let mut numbers = Vec::new();
        let mut cursor = None;
        loop {
            let query = WorkQuery { team: Some("warehouse".into()), cursor, limit: Some(2) };
            let page = world.desk.tasks(&agent, query).await.expect("a page");
            assert!(page.items.len() <= 2);
            numbers.extend(page.items.iter().map(|item| item["case_no"].as_str().expect("a number").to_owned()));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        let expect: Vec<String> = opened.iter().rev().map(|case| case.case_no.clone()).collect();
        assert_eq!(numbers, expect, "due first, each once");
        let promises = world.desk.promises(&agent, WorkQuery::default()).await.expect("a page");
        let first = &promises.items[0];
        assert_eq!((first["shop"].as_str(), first["order_no"].as_str(), first["text"].as_str()), (Some("tm"), Some("A4"), Some("打款 4")));
        assert_eq!((first["title"].as_str(), first["case_version"].as_i64()), (Some("双面羊毛大衣"), Some(3)));
        assert_eq!(refused(world.desk.promises(&night, WorkQuery::default()).await), "not_allowed");
        assert!(world.desk.tasks(&world.stranger(&agent), WorkQuery::default()).await.expect("nothing").items.is_empty());
        let odd = WorkQuery { team: Some("kitchen".into()), ..WorkQuery::default() };
        assert_eq!(refused(world.desk.tasks(&agent, odd).await), "bad_input");
    });
}

#[test]
fn work_that_is_done_is_known_to_be_done() {
    on_both(|world: World| async move {
        let (agent, finance) = (world.staff("agent").await, world.staff("finance").await);
        let done = |facts: serde_json::Value| TaskDone {
            note: "发票号 25312000000012345678".into(),
            facts: facts.as_object().cloned().unwrap_or_default(),
        };
        // (what the task is, what finance says besides its note, what the case knows then)
        let table = [
            ("A1", "invoice", json!({}), json!(true)),
            ("A2", "invoice", json!({ "invoice.sent": false }), json!(false)),
            ("A3", "check", json!({}), json!(null)),
        ];
        for (order, kind, said, known) in table {
            let at = world.at(&world.complaint(&agent, order).await);
            let task = OpenTask { team: "finance".into(), kind: kind.into(), text: "请开票".into(), due_in_h: None, tell_buyer: false };
            let opened = world.desk.open_task(&agent, at, task).await.expect("opened");
            let id = opened.result["task_id"].as_str().and_then(Id::parse).expect("an id");
            world.desk.task_done(&finance, at, id, done(said)).await.expect("done");
            let sql = "SELECT facts FROM cases WHERE shop_id = $1 AND id = $2";
            let facts = world
                .desk
                .store
                .read(move |tx| tx.query_opt(sql, &aftercare_store::values![at.shop, at.id], |row| row.get::<serde_json::Value>(0)));
            let facts = facts.await.map_err(|error: aftercare_store::DbError| error).expect("read").expect("the case");
            assert_eq!(facts["invoice.sent"], known, "{order} {kind}");
        }
    });
}
