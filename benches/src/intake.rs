//! Intakes per second against the same final rows written by the bare driver. Owns the two figures `intake` and `intake-postgres`.

use crate::row::Row;
use crate::{Outcome, replay, world};
use aftercare_store::{Target, testing};
use std::time::Instant;

const WARM: usize = 2_000;
const CASES: usize = 20_000;
const CASES_POSTGRES: usize = 10_000;

/// SQLite: the durable command with all its rows against the same rows in the same batch sizes through bare rusqlite.
pub fn sqlite() -> Outcome {
    let (ours, plain) = (testing::Folder::new()?, testing::Folder::new()?);
    let runtime = world::runtime()?;
    let desk = world::desk(Target::Folder(ours.path().into()))?;
    runtime.block_on(world::fill(&desk, WARM + CASES))?;
    runtime.block_on(world::intake(&desk, 0..WARM))?;
    let before = replay::Marks::of(ours.path())?;
    replay::copy(ours.path(), plain.path())?;
    let (batches, commands) = desk.store.batches();
    let start = Instant::now();
    runtime.block_on(world::intake(&desk, WARM..WARM + CASES))?;
    let value = CASES as f64 / start.elapsed().as_secs_f64();
    let (batches_after, commands_after) = desk.store.batches();
    let batch = ((commands_after - commands) / (batches_after - batches).max(1)).max(1) as usize;
    drop(desk);
    let bundles = before.bundles(ours.path(), CASES)?;
    let limit = replay::sqlite(plain.path(), &bundles, batch)?;
    Row { name: "intake", value, unit: "cases/s", limit }.print();
    Ok(())
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
