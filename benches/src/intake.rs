//! Intakes per second against the same final rows written by the bare driver. Owns the two figures `intake` and `intake-postgres`.

use crate::row::Row;
use crate::{Outcome, replay, world};
use aftercare_store::{Target, testing};
use std::time::Instant;

const WARM: usize = 2_000;
/// Turns that a run is cut into, so that whatever else the machine does meets both sides.
const TURNS: usize = 8;
const CASES: usize = 20_000;
const CASES_POSTGRES: usize = 10_000;

/// SQLite: the durable command with all its rows against the same rows in the same batch sizes through bare rusqlite.
pub fn sqlite() -> Outcome {
    let (value, limit) = measured(CASES)?;
    Row { name: "intake", value, unit: "cases/s", limit }.print();
    Ok(())
}

/// Cases per second of the command and of its bare rows, the run cut into turns that alternate.
pub fn measured(cases: usize) -> Result<(f64, f64), Box<dyn std::error::Error>> {
    let (ours, plain) = (testing::Folder::new()?, testing::Folder::new()?);
    let runtime = world::runtime()?;
    let desk = world::desk(Target::Folder(ours.path().into()))?;
    runtime.block_on(world::fill(&desk, WARM + cases))?;
    runtime.block_on(world::intake(&desk, 0..WARM))?;
    replay::copy(ours.path(), plain.path())?;
    let turn = cases / TURNS;
    let (mut value_s, mut limit_s) = (0.0, 0.0);
    for n in 0..TURNS {
        let before = replay::Marks::of(ours.path())?;
        let (batches, commands) = desk.store.batches();
        let start = Instant::now();
        runtime.block_on(world::intake(&desk, WARM + n * turn..WARM + (n + 1) * turn))?;
        value_s += start.elapsed().as_secs_f64();
        let (batches_after, commands_after) = desk.store.batches();
        let batch = ((commands_after - commands) / (batches_after - batches).max(1)).max(1) as usize;
        let bundles = before.bundles(ours.path(), turn)?;
        limit_s += replay::sqlite(plain.path(), &bundles, batch)?;
    }
    let cases = (turn * TURNS) as f64;
    Ok((cases / value_s, cases / limit_s))
}

/// PostgreSQL: the same command against plain transactions of the same rows, one statement a row, 32 connections.
pub fn postgres() -> Outcome {
    let (ours, sqlite) = (testing::fresh_postgres(), testing::Folder::new()?);
    let plain = testing::fresh_postgres();
    let runtime = world::runtime()?;
    let bundles = {
        let desk = world::desk(Target::Folder(sqlite.path().into()))?;
        runtime.block_on(world::fill(&desk, CASES_POSTGRES))?;
        let before = replay::Marks::of(sqlite.path())?;
        runtime.block_on(world::intake(&desk, 0..CASES_POSTGRES))?;
        drop(desk);
        before.bundles(sqlite.path(), CASES_POSTGRES)?
    };
    let desk = world::desk(Target::Postgres(ours))?;
    runtime.block_on(world::fill(&desk, WARM + CASES_POSTGRES))?;
    runtime.block_on(world::intake(&desk, 0..WARM))?;
    let start = Instant::now();
    runtime.block_on(world::intake(&desk, WARM..WARM + CASES_POSTGRES))?;
    let value = CASES_POSTGRES as f64 / start.elapsed().as_secs_f64();
    drop(desk);
    let desk = world::desk(Target::Postgres(plain.clone()))?;
    runtime.block_on(world::fill(&desk, 1))?;
    drop(desk);
    let limit = replay::postgres(&plain, &bundles)?;
    Row { name: "intake-postgres", value, unit: "cases/s", limit }.print();
    Ok(())
}
