//! Two nodes on one PostgreSQL: one is killed in the middle and nothing answered is lost; what is due happens once, whoever does it.

use crate::program::{Act, Client, Folder, Place, SHOP, Served, found};
use aftercare_store::testing;
use serde_json::{Value, json};
use std::time::Duration;

const START: &str = "2026-11-24T10:00:00+08:00";

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

fn world(folder: &Folder, scopes: &str) -> (Place, String) {
    let place = Place { data: folder.data(), database: Some(testing::fresh_postgres()) };
    let token = found(&place, scopes);
    (place, token)
}

fn open(n: usize) -> Act {
    let body = json!({ "channel": "chat", "text": format!("在吗 {n}") });
    Act { path: format!("/shops/{SHOP}/cases"), key: format!("open-{n}"), if_match: None, body }
}

fn count(figures: &Value, view: &str) -> u64 {
    figures.as_array().into_iter().flatten().find(|row| row["view"] == view).and_then(|row| row["count"].as_u64()).unwrap_or(0)
}

#[test]
fn a_node_killed_in_the_middle_loses_nothing_that_was_answered() {
    let folder = Folder::new();
    let (place, token) = world(&folder, "open_case,read_queue,read_case,note,contact");
    let (one, other) = (Served::start(&place, &["--writers", "8"], &[]), Served::start(&place, &["--writers", "8"], &[]));
    let (first, second) = (Client::new(&one.address, &token), Client::new(&other.address, &token));
    runtime().block_on(async {
        let opening: Vec<_> = (0..120)
            .map(|n| {
                let (first, second) = (first.clone(), second.clone());
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(5 * n as u64)).await;
                    let through = if n % 2 == 0 { &first } else { &second };
                    let answered = through.send(&open(n)).await;
                    (n, answered)
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(300)).await;
        one.kill();
        let mut silent = 0;
        for task in opening {
            let (n, answered) = task.await.expect("ran");
            // Whoever got no answer repeats the same command through the other node; whoever got one gets the same again.
            let (status, again) = second.send(&open(n)).await.expect("the other node answers");
            assert_eq!(status, 200, "{again}");
            match answered {
                Some((status, before)) => assert_eq!((status, &before["case_id"]), (200, &again["case_id"])),
                None => silent += 1,
            }
        }
        assert!(silent > 0, "the kill came too late to matter");
        assert_eq!(count(&second.get("/queue/figures").await, "all"), 120);
    });
    drop(other);
}

#[test]
fn what_is_due_happens_once_whichever_node_does_it() {
    let folder = Folder::new();
    let (place, token) = world(&folder, "open_case,read_queue,read_case,run_story_clock");
    let clock = ["--writers", "8", "--hand-clock", START];
    let (one, other) = (Served::start(&place, &clock, &[]), Served::start(&place, &clock, &[]));
    let (first, second) = (Client::new(&one.address, &token), Client::new(&other.address, &token));
    runtime().block_on(async {
        let mut cases = Vec::new();
        for n in 0..20 {
            let (status, answer) = first.send(&open(n)).await.expect("answered");
            assert_eq!(status, 200, "{answer}");
            cases.push(answer["case_id"].as_str().expect("a case").to_owned());
        }
        let to = Act { path: "/clock".into(), key: "clock".into(), if_match: None, body: json!({ "to": "2026-11-24T11:00:00+08:00" }) };
        let (left, right) = tokio::join!(first.send(&to), second.send(&to));
        assert_eq!((left.expect("answered").0, right.expect("answered").0), (200, 200));
        for case in cases {
            let view = second.get(&format!("/shops/{SHOP}/cases/{case}")).await;
            let reached = |kind: &str| view["timeline"].as_array().into_iter().flatten().filter(|event| event["kind"] == kind).count();
            assert_eq!(reached("deadline_reached"), 1, "{}", view["timeline"]);
        }
    });
    drop((one, other));
}
