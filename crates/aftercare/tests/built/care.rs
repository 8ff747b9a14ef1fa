//! Starting, stopping and looking after the data, with the built program: what it refuses, what it says, and that nothing is lost.

use crate::program::{Act, Client, Folder, PROGRAM, Place, SHOP, Served, aftercare, found};
use serde_json::json;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Runs a command that must be refused and answers what it said.
fn refused(args: &[&str]) -> String {
    let output = Command::new(PROGRAM).args(args).stdin(Stdio::null()).output().expect("the program runs");
    assert!(!output.status.success(), "{args:?} was not refused");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn place(folder: &Folder) -> Place {
    Place { data: folder.data(), database: None }
}

fn act(key: &str) -> Act {
    let body = json!({ "channel": "chat", "text": "在吗" });
    Act { path: format!("/shops/{SHOP}/cases"), key: key.into(), if_match: None, body }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

#[test]
fn what_cannot_start_says_what_to_do() {
    let folder = Folder::new();
    let data = folder.data().display().to_string();
    assert!(refused(&["doctor"]).contains("--data DIR"));
    let key = folder.data().join("key").display().to_string();
    assert!(refused(&["doctor", "--data", &data, "--key-file", &key]).contains("inside the data folder"));
    let served = Served::start(&place(&folder), &[], &[]);
    assert!(refused(&["doctor", "--data", &data]).contains("another aftercare process"));
    drop(served);
    let other = folder.0.join("other.key").display().to_string();
    assert!(refused(&["doctor", "--data", &data, "--key-file", &other]).contains("does not fit this data"));
    assert!(!std::path::Path::new(&other).exists(), "a key that fits nothing is not left behind");
    let listen = refused(&["serve", "--data", &data, "--listen", "203.0.113.1:1"]);
    assert!(listen.contains("Choose another --listen"), "{listen}");
}

#[test]
fn told_to_stop_it_answers_what_it_has_begun_and_loses_nothing() {
    let folder = Folder::new();
    let place = place(&folder);
    let token = found(&place, "open_case,read_queue");
    let served = Served::start(&place, &[], &[]);
    let client = Client::new(&served.address, &token);
    let opened = runtime().block_on(async {
        let sends = (0..40).map(|n| {
            let client = client.clone();
            tokio::spawn(async move { client.send(&act(&format!("k{n}"))).await })
        });
        let sends: Vec<_> = sends.collect();
        tokio::time::sleep(Duration::from_millis(20)).await;
        served.terminate();
        let mut opened = 0;
        for send in sends {
            let answer = send.await.expect("sent");
            opened += usize::from(answer.is_some_and(|(status, _)| status == 200));
        }
        opened
    });
    let begun = Instant::now();
    assert!(served.wait().success(), "an orderly end");
    assert!(begun.elapsed() < Duration::from_secs(12));
    assert!(folder.data().join("aftercare.db-wal").metadata().map_or(0, |file| file.len()) == 0, "the log is folded in");
    let served = Served::start(&place, &[], &[]);
    let figures = runtime().block_on(Client::new(&served.address, &token).get("/queue/figures"));
    let all = figures.as_array().and_then(|rows| rows.iter().find(|row| row["view"] == "all").map(|row| row["count"].clone()));
    assert!(all.unwrap_or_default().as_u64().unwrap_or(0) >= opened as u64, "{opened} were answered, {figures}");
}

#[test]
fn a_backup_of_the_running_desk_is_restored_and_found_sound() {
    let folder = Folder::new();
    let place = place(&folder);
    let token = found(&place, "open_case,read_queue");
    let served = Served::start(&place, &[], &[]);
    let client = Client::new(&served.address, &token);
    runtime().block_on(async { assert_eq!(client.send(&act("k")).await.expect("answered").0, 200) });
    let copy = folder.0.join("copy").display().to_string();
    aftercare(&["backup", &copy], &place, "");
    drop(served);
    assert!(aftercare(&["doctor"], &place, "").contains("✓ the chain of hashes over the history is whole"));

    let restored = Place { data: folder.0.join("restored"), database: None };
    std::fs::copy(folder.0.join("data.key"), folder.0.join("restored.key")).expect("the key is kept apart");
    aftercare(&["restore", &copy], &restored, "");
    let said = aftercare(&["doctor"], &restored, "");
    assert!(said.contains("effects wait (restored from a backup)"), "{said}");
    let seal = said.lines().find_map(|line| line.trim().strip_prefix("last seal, to be kept elsewhere: ")).expect("a seal").to_owned();
    aftercare(&["resume"], &restored, "");
    assert!(!aftercare(&["doctor", "--seal", &seal], &restored, "").contains("effects wait"));

    let harm = "UPDATE event SET payload = '{}' WHERE n = 0";
    rusqlite::Connection::open(restored.data.join("aftercare.db")).expect("opened").execute(harm, []).expect("harmed");
    let data = restored.data.display().to_string();
    let output = Command::new(PROGRAM).args(["doctor", "--data", &data]).output().expect("it runs");
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stdout).contains("history was changed outside the program"));
}
