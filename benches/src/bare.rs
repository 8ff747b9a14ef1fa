//! The limit of `http-queue`: the same page by bare rusqlite and serde behind a handler of the same web framework. Owns nothing else.

use crate::Outcome;
use axum::Router;
use axum::routing::get;
use rusqlite::{Connection, OpenFlags, Row};
use serde::Serialize;
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use uuid::Uuid;

/// Starts the harness as this server.
pub const ARGUMENT: &str = "--bare-queue";

const PAGE: &str = "SELECT id, case_no, shop_id, scenario, title, amount_minor, currency, stage, waiting_on, owner_id, severity, emotion, version,
    next_deadline_at, next_at_zero, next_clock, next_state, last_contact_at, last_contact_from, order_no, buyer_masked, verdict, unknown_money, opened_at, queue_key
    FROM cases WHERE shop_id = ?1 AND open = 1 AND (queue_key, id) > (?2, ?3) ORDER BY queue_key, id LIMIT ?4";

#[derive(Serialize)]
struct Item {
    id: Uuid,
    case_no: String,
    shop_id: i64,
    scenario: String,
    title: String,
    amount_minor: i64,
    currency: String,
    stage: String,
    waiting_on: String,
    owner_id: Option<Uuid>,
    severity: i64,
    emotion: String,
    version: i64,
    next_deadline_at: Option<String>,
    next_at_zero: String,
    next_clock: String,
    next_state: String,
    last_contact_at: Option<String>,
    last_contact_from: String,
    order_no: String,
    buyer_masked: String,
    verdict: String,
    unknown_money: bool,
    opened_at: String,
}

#[derive(Serialize)]
struct Page {
    items: Vec<Item>,
    next: Option<String>,
}

thread_local! {
    static CONNECTION: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

/// Serves until killed.
pub fn serve(folder: &Path) -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(4).build()?;
    runtime.block_on(async {
        let file = Arc::new(folder.join("aftercare.db"));
        let handler = move || {
            let file = file.clone();
            async move {
                let page = tokio::task::spawn_blocking(move || page(&file)).await.expect("a page is read");
                axum::Json(page.expect("a page is read"))
            }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("listening on http://{}", listener.local_addr()?);
        axum::serve(listener, Router::new().route("/api/v1/queue", get(handler))).await?;
        Ok(())
    })
}

fn page(file: &PathBuf) -> rusqlite::Result<Page> {
    CONNECTION.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = Some(Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?);
        }
        let Some(connection) = slot else { unreachable!("it was opened just now") };
        let mut statement = connection.prepare_cached(PAGE)?;
        let mut items: Vec<Item> = statement.query_map((1, i64::MIN, [0u8; 16], 51), item)?.collect::<Result<_, _>>()?;
        let more = items.len() > 50;
        items.truncate(50);
        let next = items.last().filter(|_| more).map(|last| last.id.to_string());
        Ok(Page { items, next })
    })
}

fn time(micros: i64) -> String {
    jiff::Timestamp::from_microsecond(micros).unwrap_or_default().to_string()
}

fn item(row: &Row<'_>) -> rusqlite::Result<Item> {
    let id = |bytes: [u8; 16]| Uuid::from_bytes(bytes);
    Ok(Item {
        id: id(row.get(0)?),
        case_no: row.get(1)?,
        shop_id: row.get(2)?,
        scenario: row.get(3)?,
        title: row.get(4)?,
        amount_minor: row.get(5)?,
        currency: row.get(6)?,
        stage: row.get(7)?,
        waiting_on: row.get(8)?,
        owner_id: row.get::<_, Option<[u8; 16]>>(9)?.map(id),
        severity: row.get(10)?,
        emotion: row.get(11)?,
        version: row.get(12)?,
        next_deadline_at: row.get::<_, Option<i64>>(13)?.map(time),
        next_at_zero: row.get(14)?,
        next_clock: row.get(15)?,
        next_state: row.get(16)?,
        last_contact_at: row.get::<_, Option<i64>>(17)?.map(time),
        last_contact_from: row.get(18)?,
        order_no: row.get(19)?,
        buyer_masked: row.get(20)?,
        verdict: row.get(21)?,
        unknown_money: row.get(22)?,
        opened_at: time(row.get(23)?),
    })
}
