//! The import wizard's job under `kill -9`: cut off while the file comes in, in the dry run, twice in the run, while paused and in undoing.
//! Every order is there once, every bad row is told, and undoing leaves nothing.

use crate::program::{Act, Client, Folder, Place, SHOP, Served, found};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::time::Duration;

/// Rows of the file; the long run sets `AFTERCARE_IMPORT_ROWS`.
fn rows() -> usize {
    std::env::var("AFTERCARE_IMPORT_ROWS").ok().and_then(|n| n.parse().ok()).unwrap_or(4_000)
}

/// One row in so many is bad.
const BAD: usize = 100;
/// What the desk takes at once.
const PART: usize = 1 << 20;
/// How long a piece of work may take.
const PATIENCE: Duration = Duration::from_secs(1_200);

const HEADER: [&str; 7] = ["订单编号", "商品标题", "商家编码", "购买数量", "商品价格", "订单付款时间", "买家会员名"];

fn row(n: usize) -> [String; 7] {
    let quantity = if n.is_multiple_of(BAD) { "若干".to_owned() } else { "1".to_owned() };
    let time = format!("2026/11/{:02} 08:{:02}:00", n % 28 + 1, n % 60);
    [format!("8{n:017}"), "羊毛围巾".into(), format!("SC-{}", n % 97), quantity, "59.90".into(), time, format!("买家{}", n % 1_000)]
}

fn csv(rows: usize) -> Vec<u8> {
    let lines = std::iter::once(HEADER.map(str::to_owned)).chain((0..rows).map(row)).map(|cells| cells.join(",") + "\r\n");
    encoding_rs::GB18030.encode(&lines.collect::<String>()).0.into_owned()
}

fn sheet(rows: usize) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    page.write_row(0, 0, HEADER).expect("a header");
    for n in 0..rows {
        page.write_row(n as u32 + 1, 0, row(n)).expect("a row");
    }
    book.save_to_buffer().expect("a sheet")
}

/// A desk that is killed and comes back.
struct Desk {
    place: Place,
    token: String,
    served: Option<Served>,
    kills: usize,
}

impl Desk {
    fn client(&mut self) -> Client {
        let served = self.served.get_or_insert_with(|| Served::start(&self.place, &[], &[]));
        Client::new(&served.address, &self.token)
    }

    fn kill(&mut self) {
        self.served.take().expect("it runs").kill();
        self.kills += 1;
    }

    async fn post(&mut self, path: &str, body: Value) -> Value {
        let act = Act { path: format!("/shops/{SHOP}/imports{path}"), key: format!("{path}{}", self.kills), if_match: None, body };
        let (status, answer) = self.client().send(&act).await.expect("an answer");
        assert_eq!(status, 200, "{}: {answer}", act.path);
        answer
    }

    async fn job(&mut self, id: &str) -> Value {
        self.client().get(&format!("/shops/{SHOP}/imports/{id}")).await
    }

    async fn steer(&mut self, id: &str, word: &str) {
        self.post(&format!("/{id}/steer"), json!({ "word": word })).await;
    }

    /// Looks until the job is as wanted.
    async fn until(&mut self, id: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let begun = std::time::Instant::now();
        loop {
            let job = self.job(id).await;
            if wanted(&job) {
                return job;
            }
            assert!(begun.elapsed() < PATIENCE && job["state"] != "failed", "{job}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Kills it once the work under way has come further, and tells how far it was. Work that was quicker is not cut off.
    async fn cut(&mut self, id: &str) {
        let before = self.job(id).await["done"].as_i64().expect("a place");
        self.until(id, |job| job["done"].as_i64() > Some(before) || !working(job)).await;
        self.kill();
    }
}

fn working(job: &Value) -> bool {
    ["checking", "running", "undoing"].iter().any(|state| job["state"] == *state)
}

async fn goes_in_and_out(bytes: &[u8], name: &str) {
    let (folder, rows) = (Folder::new(), rows());
    let place = Place { data: folder.data(), database: None };
    let token = found(&place, "import");
    let mut desk = Desk { place: place.clone(), token, served: None, kills: 0 };
    let id = desk.post("", json!({ "name": name, "size": bytes.len() })).await["id"].as_str().expect("an id").to_owned();
    let parts: Vec<&[u8]> = bytes.chunks(PART).collect();
    for (n, part) in parts.iter().enumerate() {
        if n == parts.len() / 2 {
            desk.kill();
            assert_eq!(desk.job(&id).await["wants"], json!(n), "what had come is there");
        }
        desk.post(&format!("/{id}/parts"), json!({ "n": n, "base64": STANDARD.encode(part) })).await;
    }
    let looked = desk.post(&format!("/{id}/look"), json!({})).await;
    assert_eq!((looked["rows"].as_u64(), &looked["missing"]), (Some(rows as u64), &json!([])), "{}", looked["mapping"]);
    desk.post(&format!("/{id}/steer"), json!({ "word": "check", "mapping": looked["mapping"] })).await;
    desk.cut(&id).await;
    let dry = desk.until(&id, |job| job["state"] == "checked").await;
    let good = rows - rows.div_ceil(BAD);
    assert_eq!(
        (dry["figures"]["orders_new"].as_u64(), dry["figures"]["rows_bad"].as_u64()),
        (Some(good as u64), Some((rows - good) as u64))
    );

    desk.steer(&id, "start").await;
    desk.cut(&id).await;
    desk.cut(&id).await;
    let state = desk.job(&id).await["state"].clone();
    if state == "running" {
        desk.steer(&id, "pause").await;
        desk.kill();
        assert_eq!(desk.job(&id).await["state"], "paused", "a pause outlives the program");
        desk.steer(&id, "resume").await;
    }
    let done = desk.until(&id, |job| job["state"] == "done").await;
    assert_eq!(done["figures"], dry["figures"], "what was tried is what was done");
    let errors = desk.client().text(&format!("/shops/{SHOP}/imports/{id}/errors")).await;
    assert_eq!(errors.lines().count(), rows - good + 1, "the header and every bad row");
    assert_eq!(counted(&place), [good, good, good], "each order once, with its line and its payment");

    desk.steer(&id, "undo").await;
    desk.cut(&id).await;
    let undone = desk.until(&id, |job| job["state"] == "undone").await;
    assert_eq!((undone["figures"]["undone"].as_u64(), undone["figures"]["kept"].as_u64()), (Some(good as u64), Some(0)));
    assert_eq!(counted(&place), [0, 0, 0]);
    assert!(desk.kills >= 5, "it was cut off {} times", desk.kills);
}

/// Orders, lines, payments as they stand on the disk.
fn counted(place: &Place) -> [usize; 3] {
    let file = place.data.join("aftercare.db");
    let disk = rusqlite::Connection::open_with_flags(&file, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).expect("the file");
    ["orders", "order_line", "payment"].map(|table| {
        let sql = format!("SELECT COUNT(*) FROM {table}");
        disk.query_row(&sql, [], |row| row.get::<_, i64>(0)).expect("a count") as usize
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_file_goes_in_and_out_over_kills() {
    goes_in_and_out(&csv(rows()), "订单导出.csv").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sheet_goes_in_and_out_over_kills() {
    goes_in_and_out(&sheet(rows()), "订单导出.xlsx").await;
}
