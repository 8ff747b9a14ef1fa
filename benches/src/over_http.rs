//! The figures over HTTP: `http-intake` against the same command called directly, `http-queue` against the bare page.

use crate::row::Row;
use crate::served::{self, Served};
use crate::{Outcome, http, intake, world};
use aftercare_store::{Target, testing};

const WARM: usize = 1_000;
const CASES: usize = 10_000;
const PAGES: usize = 20_000;
const CASES_BEHIND_PAGES: usize = 10_000;
/// Connections of the queue figure.
const CONNECTIONS: usize = 64;

/// A case opened over HTTP against the same command called in the process.
pub fn intake() -> Outcome {
    let (limit, _) = intake::measured(CASES)?;
    let folder = testing::Folder::new()?;
    let data = folder.path().join("data");
    let runtime = world::runtime()?;
    let desk = world::desk(Target::Folder(data.clone()))?;
    runtime.block_on(world::fill(&desk, WARM + CASES))?;
    drop(desk);
    let token = served::token(&data)?;
    let served = Served::start(&data)?;
    let make = move |n: usize| {
        let body = serde_json::to_string(&world::complaint(n)).unwrap_or_default();
        http::request("POST", "/shops/bench/cases", &token, Some(&format!("h-{n}")), &body)
    };
    let warm = make.clone();
    runtime.block_on(http::load(&served.address, world::CALLERS, WARM, warm))?;
    let came = runtime.block_on(http::load(&served.address, world::CALLERS, CASES, move |n| make(WARM + n)))?;
    Row { name: "http-intake", value: came.rate, unit: "requests/s", limit }.print();
    println!("http-intake-p99 {:.2} ms", came.p99_ms);
    Ok(())
}

/// A page of 50, signed in, against the bare page.
pub fn queue() -> Outcome {
    let folder = testing::Folder::new()?;
    let data = folder.path().join("data");
    let runtime = world::runtime()?;
    let desk = world::desk(Target::Folder(data.clone()))?;
    runtime.block_on(world::fill(&desk, CASES_BEHIND_PAGES))?;
    runtime.block_on(world::intake(&desk, 0..CASES_BEHIND_PAGES))?;
    drop(desk);
    let token = served::token(&data)?;
    let page = http::request("GET", "/queue?view=all&limit=50", &token, None, "");
    let (served, bare) = (Served::start(&data)?, Served::bare(&data)?);
    let mut rates = [Vec::new(), Vec::new()];
    let mut p99_ms = 0.0f64;
    // Taken in turns, so that whatever else the machine does meets both.
    for turn in 0..6 {
        for (who, address) in [&served.address, &bare.address].into_iter().enumerate() {
            let page = page.clone();
            let came = runtime.block_on(http::load(address, CONNECTIONS, PAGES / 5, move |_| page.clone()))?;
            if turn > 0 {
                rates[who].push(came.rate);
                p99_ms = if who == 0 { p99_ms.max(came.p99_ms) } else { p99_ms };
            }
        }
    }
    let [value, limit] = rates.map(|mut rates| {
        rates.sort_by(f64::total_cmp);
        rates[rates.len() / 2]
    });
    Row { name: "http-queue", value, unit: "requests/s", limit }.print();
    println!("http-queue-p99 {p99_ms:.2} ms");
    Ok(())
}
