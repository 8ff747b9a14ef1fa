//! A million cases: the queue's page against its time at ten thousand, memory, and the time to start. Owns the making of them.

use crate::row::Row;
use crate::served::{self, Served};
use crate::{Outcome, http, world};
use aftercare_app::access::staff::NewStaff;
use aftercare_app::queue::{QueueQuery, View};
use aftercare_app::{Context, Desk};
use aftercare_domain::people::Role;
use aftercare_store::{Target, testing};
use rusqlite::Connection;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const FIRST: usize = 10_000;
const TIMES: usize = 100;
/// Memory that the product may take when nothing happens, and after load on a million cases, MB.
const IDLE_MB: f64 = 100.0;
const LOADED_MB: f64 = 300.0;
/// Seconds to start on a million cases.
const START_S: f64 = 0.5;
const LOAD_FOR: Duration = Duration::from_secs(60);

/// What is copied of each case, with the columns that make a copy another case.
const COPIED: &[(&str, &[(&str, &str)])] = &[
    (
        "cases",
        &[
            ("id", "CAST(substr(id, 1, 13) || ?1 AS BLOB)"),
            ("case_no", "case_no || '-' || ?2"),
            ("external_ref", "NULL"),
            ("open", "CASE WHEN ?2 % 10 = 0 THEN 1 ELSE 0 END"),
            ("closed_at", "CASE WHEN ?2 % 10 = 0 THEN NULL ELSE opened_at + ?2 END"),
            ("queue_key", "queue_key + ?2 * 1000"),
        ],
    ),
    ("contact", &[("case_id", "CAST(substr(case_id, 1, 13) || ?1 AS BLOB)")]),
    ("request", &[("case_id", "CAST(substr(case_id, 1, 13) || ?1 AS BLOB)")]),
    ("event", &[("case_id", "CAST(substr(case_id, 1, 13) || ?1 AS BLOB)")]),
    ("deadline", &[("id", "CAST(substr(id, 1, 13) || ?1 AS BLOB)"), ("case_id", "CAST(substr(case_id, 1, 13) || ?1 AS BLOB)")]),
];

/// A folder with ten thousand cases, and with a million when `times` is 100.
pub fn cases(folder: &Path, times: usize) -> Result<PathBuf, Box<dyn Error>> {
    let data = folder.join("data");
    let runtime = world::runtime()?;
    let desk = world::desk(Target::Folder(data.clone()))?;
    runtime.block_on(world::fill(&desk, 2 * FIRST))?;
    runtime.block_on(world::intake(&desk, 0..FIRST))?;
    drop(desk);
    let connection = Connection::open(data.join("aftercare.db"))?;
    connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; PRAGMA wal_autocheckpoint = 20000;")?;
    for (table, _) in COPIED {
        connection.execute_batch(&format!("CREATE TEMP TABLE first_{table} AS SELECT * FROM {table}"))?;
    }
    for copy in 1..times {
        connection.execute_batch("BEGIN")?;
        for (table, changed) in COPIED {
            let columns: Vec<String> =
                connection.prepare(&format!("SELECT * FROM {table} LIMIT 0"))?.column_names().map(str::to_owned).collect();
            let values: Vec<&str> = columns
                .iter()
                .map(|column| changed.iter().find(|(name, _)| name == column).map_or(column.as_str(), |(_, value)| value))
                .collect();
            let tail = [0, (copy >> 8) as u8, copy as u8];
            let sql = format!("INSERT INTO {table} ({}) SELECT {} FROM first_{table}", columns.join(", "), values.join(", "));
            let mut statement = connection.prepare_cached(&sql)?;
            if statement.parameter_count() > 1 {
                statement.execute((tail, copy as i64))?
            } else {
                statement.execute([tail])?
            };
        }
        connection.execute_batch("COMMIT")?;
    }
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(data)
}

/// The median time of a queue page, µs.
fn page_us(data: &Path) -> Result<f64, Box<dyn Error>> {
    let runtime = world::runtime()?;
    let desk = world::desk(Target::Folder(data.to_owned()))?;
    let reader = runtime.block_on(reader(&desk))?;
    let mut took = Vec::new();
    for _ in 0..2_000 {
        let began = Instant::now();
        let query = QueueQuery { limit: Some(50), ..QueueQuery::of(View::All) };
        let page = runtime.block_on(desk.queue(&reader, query))?;
        took.push(began.elapsed().as_secs_f64() * 1e6);
        if page.items.len() != 50 {
            return Err(format!("a page of {}", page.items.len()).into());
        }
    }
    took.sort_by(f64::total_cmp);
    Ok(took[took.len() / 2])
}

async fn reader(desk: &Desk) -> Result<Context, Box<dyn Error>> {
    let new = NewStaff {
        name: format!("reader-{}", desk.clock.now().0),
        display_name: "reader".into(),
        agent_no: "R1".into(),
        role: Role::Supervisor,
        password: Some("correct horse battery".into()),
        shops: vec![],
    };
    let name = new.name.clone();
    desk.add_staff(new).await?;
    Ok(desk.context(desk.sign_in(&name, "correct horse battery").await?.actor))
}

/// The four figures that need a million cases, on one set of them.
pub fn all() -> Outcome {
    let (small, large) = (testing::Folder::new()?, testing::Folder::new()?);
    let few = page_us(&cases(small.path(), 1)?)?;
    let data = cases(large.path(), TIMES)?;
    Row { name: "queue-1m", value: page_us(&data)?, unit: "µs", limit: few }.print();
    let token = served::token(&data)?;
    let mut starts: Vec<f64> = Vec::new();
    for _ in 0..5 {
        starts.push(Served::start(&data)?.began_in.as_secs_f64());
    }
    starts.sort_by(f64::total_cmp);
    Row { name: "start", value: starts[2], unit: "s", limit: START_S }.print();
    let served = Served::start(&data)?;
    std::thread::sleep(Duration::from_secs(3));
    Row { name: "memory-idle", value: served.memory_mb()?, unit: "MB", limit: IDLE_MB }.print();
    let runtime = world::runtime()?;
    let began = Instant::now();
    let mut round = 0;
    while began.elapsed() < LOAD_FOR {
        let token = token.clone();
        let make = move |n: usize| match n % 4 {
            0 => {
                let order = FIRST + (round * 500 + n) % FIRST;
                let body = serde_json::to_string(&world::complaint(order)).unwrap_or_default();
                http::request("POST", "/shops/bench/cases", &token, Some(&format!("m-{round}-{n}")), &body)
            }
            1 => http::request("GET", "/queue/figures", &token, None, ""),
            2 => http::request("GET", "/queue?view=agent&limit=50", &token, None, ""),
            _ => http::request("GET", "/queue?view=all&limit=50", &token, None, ""),
        };
        runtime.block_on(http::load(&served.address, 32, 500, make))?;
        round += 1;
    }
    Row { name: "memory-1m", value: served.memory_mb()?, unit: "MB", limit: LOADED_MB }.print();
    Ok(())
}
