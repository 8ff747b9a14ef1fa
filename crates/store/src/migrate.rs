//! Forward migrations. Owns their order; a backup of a SQLite file is made before the first one that changes existing data.

use crate::dialect::{Engine, schema};
use crate::tx::Connection;
use crate::{DbError, OpenError, Value};

/// Every migration ever shipped, oldest first; the n-th brings the schema to version n.
const MIGRATIONS: &[&str] = &[
    include_str!("../schema/0001_desk.sql"),
    include_str!("../schema/0002_search_text.sql"),
    include_str!("../schema/0003_import_job.sql"),
    include_str!("../schema/0004_portal.sql"),
    include_str!("../schema/0005_knowledge.sql"),
    include_str!("../schema/0006_bulk.sql"),
    include_str!("../schema/0007_together.sql"),
    include_str!("../schema/0008_insight.sql"),
    include_str!("../schema/0009_door.sql"),
    include_str!("../schema/0010_webhooks.sql"),
];

/// The newest version this program has.
pub(crate) fn newest() -> i64 {
    MIGRATIONS.len() as i64
}

/// The version found, 0 for empty data; an error when it is newer than this program.
pub(crate) fn check(connection: &mut dyn Connection, meta_exists: bool) -> Result<i64, OpenError> {
    if !meta_exists {
        return Ok(0);
    }
    let rows = connection.query("SELECT value FROM meta WHERE name = 'schema'", &[])?;
    let found = rows.first().map(|row| row.get::<String>(0)).transpose()?.and_then(|text| text.parse().ok()).unwrap_or(0);
    if found > newest() { Err(OpenError::NewerSchema { found, known: newest() }) } else { Ok(found) }
}

/// Runs what is missing after `from`, inside the caller's transaction.
pub(crate) fn run(connection: &mut dyn Connection, engine: Engine, from: i64) -> Result<(), DbError> {
    for text in MIGRATIONS.iter().skip(from as usize) {
        for statement in schema(engine, text).split(';').map(str::trim).filter(|s| !s.is_empty()) {
            connection.execute(statement, &[])?;
        }
    }
    let sql = "INSERT INTO meta (name, value) VALUES ('schema', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    connection.execute(sql, &[Value::from(newest().to_string())])?;
    Ok(())
}
