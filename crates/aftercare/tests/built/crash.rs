//! `kill -9` under mixed load: what was answered is there, what was not can be sent again, and nothing happens twice.
//!
//! The load's journal lives in this process, outside the program that is killed. After each kill the program is started again, every
//! answered write is repeated with its key and must get its first answer, and every unanswered one must go through.

use crate::program::{Act, Client, Folder, Place, SHOP, Served};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Kills; the long run sets `AFTERCARE_CRASH_CYCLES`.
fn cycles() -> usize {
    std::env::var("AFTERCARE_CRASH_CYCLES").ok().and_then(|n| n.parse().ok()).unwrap_or(20)
}

const CALLERS: usize = 8;

/// The kill comes after this many answers at most; counted, not timed, so that a slow disk is killed in the middle too.
const ANSWERS: usize = 120;

/// How long those answers may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// How many calls were started and how many answered.
#[derive(Default)]
struct Load {
    next: AtomicUsize,
    answered: AtomicUsize,
}

impl Load {
    /// Waits until `more` answers have come from now on.
    async fn answers(&self, more: usize) {
        let enough = self.answered.load(Ordering::Relaxed) + more;
        let waiting = async {
            while self.answered.load(Ordering::Relaxed) < enough {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.expect("the program answers");
    }
}

/// A write of the journal and its answer, if one came before the kill.
#[derive(Debug)]
struct Noted {
    act: Act,
    answer: Option<Value>,
}

fn order(no: &str) -> Act {
    let line = json!({ "sku": "lamp", "title": "灯", "quantity": 2, "list_minor": 9900, "paid_minor": 9900 });
    let body =
        json!({ "order_no": no, "lines": [line], "paid_at": "2026-11-24T09:00:00+08:00", "shipped_at": "2026-11-24T12:00:00+08:00" });
    Act { path: format!("/shops/{SHOP}/orders"), key: format!("order-{no}"), if_match: None, body }
}

fn case(no: &str) -> Act {
    let request = json!({ "kind": "return_refund", "reason": "坏了", "lines": [{ "line_no": 1, "quantity": 1 }] });
    let body = json!({ "order_no": no, "channel": "chat", "text": "灯不亮了，退货", "request": request });
    Act { path: format!("/shops/{SHOP}/cases"), key: format!("case-{no}"), if_match: None, body }
}

fn said(case: &str, n: usize) -> Act {
    let body = json!({ "direction": "in", "channel": "chat", "text": format!("第 {n} 句"), "marks": [] });
    Act { path: format!("/shops/{SHOP}/cases/{case}/contacts"), key: format!("said-{case}-{n}"), if_match: None, body }
}

/// One caller: an order, its case, some words, and on to the next until no answer comes.
async fn work(client: Client, load: Arc<Load>) -> Vec<Noted> {
    let mut noted = Vec::new();
    loop {
        let no = format!("K{:06}", load.next.fetch_add(1, Ordering::Relaxed));
        let mut opened = None;
        for act in [order(&no), case(&no)] {
            let answer = note(&client, act, &mut noted, &load).await;
            let Some(answer) = answer else { return noted };
            opened = answer["case_id"].as_str().map(str::to_owned).or(opened);
        }
        let case = opened.expect("a case");
        for n in 0..3 {
            if note(&client, said(&case, n), &mut noted, &load).await.is_none() {
                return noted;
            }
        }
    }
}

async fn note(client: &Client, act: Act, noted: &mut Vec<Noted>, load: &Load) -> Option<Value> {
    let answer = client.send(&act).await.map(|(status, answer)| {
        assert_eq!(status, 200, "{act:?}: {answer}");
        load.answered.fetch_add(1, Ordering::Relaxed);
        answer
    });
    noted.push(Noted { act, answer: answer.clone() });
    answer
}

/// Repeats everything of one cycle; gives what each case must look like.
async fn repeat(client: &Client, noted: Vec<Noted>, cases: &mut BTreeMap<String, i64>) {
    for Noted { act, answer } in noted {
        let (status, again) = client.send(&act).await.expect("an answer after the restart");
        assert_eq!(status, 200, "{act:?}: {again}");
        if let Some(first) = answer {
            assert_eq!(again, first, "{act:?}: an answered write is there and answers as it did");
        }
        if let (Some(case), Some(version)) = (again["case_id"].as_str(), again["version"].as_i64()) {
            let newest = cases.entry(case.to_owned()).or_insert(version);
            *newest = version.max(*newest);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_nine_loses_nothing_and_doubles_nothing() {
    let folder = Folder::new();
    let place = Place { data: folder.data(), database: None };
    let token = crate::program::found(&place, "import,read_case,read_queue,open_case,contact,note,request");
    let load = Arc::new(Load::default());
    let mut dice = StdRng::seed_from_u64(5);
    let mut cases = BTreeMap::new();
    let (mut answered, mut unanswered) = (0, 0);
    for _ in 0..cycles() {
        let served = Served::start(&place, &[], &[]);
        let client = Client::new(&served.address, &token);
        let callers: Vec<_> = (0..CALLERS).map(|_| tokio::spawn(work(client.clone(), load.clone()))).collect();
        load.answers(dice.random_range(0..ANSWERS)).await;
        served.kill();
        let mut noted = Vec::new();
        for caller in callers {
            noted.extend(caller.await.expect("the load runs"));
        }
        answered += noted.iter().filter(|noted| noted.answer.is_some()).count();
        unanswered += noted.iter().filter(|noted| noted.answer.is_none()).count();
        let served = Served::start(&place, &[], &[]);
        repeat(&Client::new(&served.address, &token), noted, &mut cases).await;
    }
    let served = Served::start(&place, &[], &[]);
    let client = Client::new(&served.address, &token);
    for (case, version) in &cases {
        let view = client.get(&format!("/shops/{SHOP}/cases/{case}")).await;
        let version_now = view["case"]["version"].as_i64().expect("a version");
        let said = view["timeline"].as_array().expect("a time line").iter().filter(|entry| entry["direction"] == "in").count();
        // The first word came with the case; each later write made exactly one version and one word.
        assert_eq!((version_now, said), (*version, usize::try_from(*version).expect("small")), "{case}");
    }
    assert!(answered > cycles() * 10 && unanswered > 0, "{answered} answered, {unanswered} cut off");
}
