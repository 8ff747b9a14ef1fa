//! The demo's shop as the built program makes it: what its history must not contain.

use crate::program::{Client, Folder, PROGRAM, Place, Served, aftercare};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A demo that serves; ended as by a person at the end, its platform with it.
struct Demo(Child);

impl Drop for Demo {
    fn drop(&mut self) {
        // What has ended already needs no signal.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

/// Makes a small demo and waits until its history has happened.
fn made(folder: &Folder, orders: &str) -> Demo {
    let data = folder.data().display().to_string();
    let mut command = Command::new(PROGRAM);
    command.args(["demo", "--orders", orders, "--data", &data, "--listen", "127.0.0.1:0"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program starts");
    let told = BufReader::new(child.stdout.take().expect("its output"));
    let ready = told.lines().map_while(Result::ok).any(|line| line.contains("made in"));
    let demo = Demo(child);
    assert!(ready, "the history happens");
    demo
}

#[test]
fn no_case_of_the_demo_pays_twice_for_an_offer() {
    let folder = Folder::new();
    let demo = made(&folder, "600");
    drop(demo);
    let data = rusqlite::Connection::open(folder.data().join("aftercare.db")).expect("the data");
    let count = |sql: &str| data.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("a count");
    let live = "state NOT IN ('rejected', 'cancelled') AND amount_minor > 0";
    let by_offer = count(&format!("SELECT COUNT(*) FROM effect WHERE offer_id IS NOT NULL AND {live}"));
    assert!(by_offer >= 5, "{by_offer} offers paid: nothing was looked at");
    let twice = format!(
        "SELECT COUNT(*) FROM effect a JOIN effect b ON b.shop_id = a.shop_id AND b.case_id = a.case_id AND b.kind = a.kind
            AND b.amount_minor = a.amount_minor AND b.id <> a.id AND COALESCE(b.payment_no, '') = COALESCE(a.payment_no, '')
         WHERE a.offer_id IS NOT NULL AND (b.offer_id IS NULL OR b.offer_id = a.offer_id)
            AND a.{live} AND b.state NOT IN ('rejected', 'cancelled')",
        live = "state NOT IN ('rejected', 'cancelled') AND a.amount_minor > 0"
    );
    assert_eq!(count(&twice), 0, "paid twice for the same offer");
}

#[test]
fn the_demo_has_an_article_that_comes_back_too_often() {
    let folder = Folder::new();
    drop(made(&folder, "1000"));
    let place = Place { data: folder.data(), database: None };
    let printed = aftercare(&["token", "add", "--user", "owner", "--label", "look", "--scopes", "read_reports"], &place, "");
    let token = printed.split_whitespace().last().expect("a token").to_owned();
    let served = Served::start(&place, &[], &[]);
    let client = Client::new(&served.address, &token);
    // what is counted is folded by a worker some moments after the start
    let ask = async {
        for _ in 0..150 {
            let found = client.get("/shops/jizhou/quality").await;
            if found["articles"].as_i64().is_some_and(|articles| articles > 0) {
                return found;
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        client.get("/shops/jizhou/quality").await
    };
    let found = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(ask);
    let signals: Vec<&str> = found["items"].as_array().expect("signals").iter().filter_map(|row| row["article"]["sku"].as_str()).collect();
    assert!(signals.contains(&"EL-401-1"), "{found}");
    let row = found["items"].as_array().expect("signals").iter().find(|row| row["article"]["sku"] == "EL-401-1").expect("the batch");
    let (rate, above) = (row["article"]["rate"].as_f64(), row["article"]["band"][1].as_f64());
    assert!(rate > above && above.is_some(), "above the shop's control band: {row}");
    assert!(signals.len() <= 3, "the exception, not the rule: {signals:?}");
}
