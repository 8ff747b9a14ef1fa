//! A power cut: what was not synced is dropped or torn, what was answered must be there. The real program, its real writes, replayed.
//!
//! `record.c` writes down what the program does to its files; the client adds a mark for every answer it got. The power is then cut at
//! random places of that record: each file gets what was synced, and of the rest nothing, all or torn pieces. The negative control
//! leaves the syncs out of the account, and must lose answers.

use crate::program::{Act, Client, Folder, Place, SHOP, Served};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::process::Command;

/// Cut points; the long run sets `AFTERCARE_POWER_POINTS`.
fn points() -> usize {
    std::env::var("AFTERCARE_POWER_POINTS").ok().and_then(|n| n.parse().ok()).unwrap_or(60)
}

#[derive(Clone, Copy, PartialEq)]
enum Op {
    Write,
    Sync,
    Truncate,
    Unlink,
    Answer,
}

struct Record {
    op: Op,
    path: String,
    offset: usize,
    data: Vec<u8>,
}

fn read(journal: &[u8]) -> Vec<Record> {
    let number = |at: usize| u64::from_le_bytes(journal[at..at + 8].try_into().expect("eight bytes")) as usize;
    let (mut records, mut at) = (Vec::new(), 0);
    while at < journal.len() {
        let op = match journal[at] {
            b'W' => Op::Write,
            b'S' => Op::Sync,
            b'T' => Op::Truncate,
            b'U' => Op::Unlink,
            b'A' => Op::Answer,
            other => panic!("a record begins with {other}"),
        };
        let (offset, length, path_length) = (number(at + 1), number(at + 9), number(at + 17));
        let path = String::from_utf8(journal[at + 25..at + 25 + path_length].to_vec()).expect("a path");
        at += 25 + path_length;
        let carried = if matches!(op, Op::Write | Op::Answer) { length } else { 0 };
        records.push(Record { op, path, offset, data: journal[at..at + carried].to_vec() });
        at += carried;
    }
    records
}

/// The files as the disk holds them when the power goes after `until` records, and the orders answered by then.
fn cut(records: &[Record], until: usize, syncs_count: bool, dice: &mut StdRng) -> (BTreeMap<String, Vec<u8>>, BTreeSet<String>) {
    let mut synced: BTreeMap<&str, usize> = BTreeMap::new();
    for (n, record) in records[..until].iter().enumerate().filter(|(_, record)| record.op == Op::Sync && syncs_count) {
        synced.insert(&record.path, n);
    }
    let (mut files, mut answered) = (BTreeMap::<String, Vec<u8>>::new(), BTreeSet::new());
    for (n, record) in records[..until].iter().enumerate() {
        let durable = synced.get(record.path.as_str()).is_some_and(|at| n < *at);
        match record.op {
            Op::Sync => {}
            Op::Answer => _ = answered.insert(String::from_utf8(record.data.clone()).expect("a number")),
            Op::Unlink => _ = files.remove(&record.path),
            Op::Truncate if durable || dice.random_bool(0.5) => files.entry(record.path.clone()).or_default().resize(record.offset, 0),
            Op::Truncate => {}
            Op::Write => write(files.entry(record.path.clone()).or_default(), record, durable, dice),
        }
    }
    (files, answered)
}

/// What is not durable is lost, kept, or torn at a sector.
fn write(file: &mut Vec<u8>, record: &Record, durable: bool, dice: &mut StdRng) {
    let mut data = record.data.as_slice();
    if !durable {
        match dice.random_range(0..10) {
            0..5 => return,
            5..7 => data = &data[..dice.random_range(0..=data.len() / 512) * 512],
            _ => {}
        }
    }
    if data.is_empty() {
        return;
    }
    let end = record.offset + data.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    file[record.offset..end].copy_from_slice(data);
}

/// Opens what is left; answers the orders that are in it, or what is wrong with the file.
fn left(files: &BTreeMap<String, Vec<u8>>, folder: &Path) -> Result<BTreeSet<String>, String> {
    std::fs::create_dir_all(folder).expect("a folder");
    for (path, bytes) in files.iter().filter(|(path, _)| !path.ends_with("-shm")) {
        let name = Path::new(path).file_name().expect("a name");
        std::fs::write(folder.join(name), bytes).expect("a file");
    }
    let connection = rusqlite::Connection::open(folder.join("aftercare.db")).map_err(|error| error.to_string())?;
    let sound: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).map_err(|error| error.to_string())?;
    if sound != "ok" {
        return Err(sound);
    }
    let mut statement = match connection.prepare("SELECT order_no FROM orders") {
        Ok(statement) => statement,
        // The power went before the schema was there.
        Err(_) => return Ok(BTreeSet::new()),
    };
    let numbers = statement.query_map([], |row| row.get(0)).map_err(|error| error.to_string())?;
    numbers.collect::<Result<_, _>>().map_err(|error| error.to_string())
}

fn order(no: &str) -> Act {
    let line = json!({ "sku": "lamp", "title": "灯", "quantity": 1, "list_minor": 9900, "paid_minor": 9900 });
    let body = json!({ "order_no": no, "lines": [line], "paid_at": "2026-11-24T09:00:00+08:00" });
    Act { path: format!("/shops/{SHOP}/orders"), key: format!("key-{no}"), if_match: None, body }
}

/// Runs the load against the recorded program and gives the record.
async fn recorded(folder: &Folder) -> Vec<Record> {
    let shim = folder.0.join("record.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/built/record.c");
    let built =
        Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&shim).arg(source).arg("-ldl").status().expect("a C compiler");
    assert!(built.success());
    let place = Place { data: folder.data(), database: None };
    let token = crate::program::found(&place, "import,read_case,open_case");
    let journal = folder.0.join("journal");
    // What lies on the disk before the recording begins is safe.
    for entry in std::fs::read_dir(&place.data).expect("the data").flatten() {
        prelude(&journal, &entry.path());
    }
    let env = [("LD_PRELOAD", shim.as_path()), ("RECORD_DIR", place.data.as_path()), ("RECORD_TO", journal.as_path())];
    let served = Served::start(&place, &[], &env);
    let client = Client::new(&served.address, &token);
    let mut load = tokio::task::JoinSet::new();
    for caller in 0..8 {
        let (client, journal) = (client.clone(), journal.clone());
        load.spawn(async move {
            for n in 0..60 {
                let no = format!("P{caller}-{n}");
                let (status, answer) = client.send(&order(&no)).await.expect("an answer");
                assert_eq!(status, 200, "{answer}");
                append(&journal, b'A', "", no.as_bytes());
            }
        });
    }
    while let Some(ended) = load.join_next().await {
        ended.expect("the load runs");
    }
    served.kill();
    read(&std::fs::read(&journal).expect("the journal"))
}

fn prelude(journal: &Path, path: &Path) {
    let text = path.display().to_string();
    append(journal, b'W', &text, &std::fs::read(path).expect("a file"));
    append(journal, b'S', &text, b"");
}

fn append(journal: &Path, op: u8, path: &str, data: &[u8]) {
    let mut record = vec![op];
    for number in [0, data.len() as u64, path.len() as u64] {
        record.extend(number.to_le_bytes());
    }
    record.extend(path.as_bytes());
    record.extend(data);
    let mut file = std::fs::File::options().create(true).append(true).open(journal).expect("the journal");
    file.write_all(&record).expect("appended");
}

/// Cuts at `points` places; the number of cuts that lost an answered order or left a broken file.
fn losses(records: &[Record], folder: &Folder, points: usize, syncs_count: bool) -> Vec<String> {
    let mut dice = StdRng::seed_from_u64(11);
    let mut losses = Vec::new();
    for point in 0..points {
        let until = dice.random_range(1..=records.len());
        let (files, answered) = cut(records, until, syncs_count, &mut dice);
        let at = folder.0.join(format!("cut-{point}"));
        match left(&files, &at) {
            Ok(there) => {
                let lost: Vec<&String> = answered.difference(&there).collect();
                if !lost.is_empty() {
                    losses.push(format!("cut after record {until}: {} answered orders are gone", lost.len()));
                }
            }
            Err(why) => losses.push(format!("cut after record {until}: {why}")),
        }
        std::fs::remove_dir_all(at).expect("removed");
    }
    losses
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_answered_is_lost_when_the_power_goes() {
    let folder = Folder::new();
    let records = recorded(&folder).await;
    let syncs = records.iter().filter(|record| record.op == Op::Sync).count();
    assert!(syncs > 20, "{syncs} syncs were recorded");
    assert_eq!(losses(&records, &folder, points(), true), Vec::<String>::new());
    // The control: a disk that lies about its syncs loses answers, so the check above can fail.
    assert!(losses(&records, &folder, 20, false).len() > 10, "without syncs, answers must be lost");
}
