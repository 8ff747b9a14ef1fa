//! The limit of a write figure: the rows a run left behind, written again by the bare driver. Owns finding and writing them.

use postgres::types::{IsNull, ToSql, Type};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};
use std::error::Error;
use std::path::Path;
use std::time::Instant;

/// Connections of the plain PostgreSQL writer.
const CONNECTIONS: usize = 32;
/// The product's own bound on its write-ahead log, bytes.
const WAL_LIMIT_BYTES: u64 = 16 << 20;

const FILE: &str = "aftercare.db";

/// The last row of every table before a run. Tables that are kept in the order of their key have no last row; of them the run's rows
/// are those of cases after the last one.
pub struct Marks {
    tables: Vec<(String, i64)>,
    clustered: Vec<String>,
    last_case: Vec<u8>,
}

/// One row: its table's place in [`Bundles::tables`] and its values.
type Written = (usize, Vec<Value>);

/// What the run wrote, one bundle of rows per command.
pub struct Bundles {
    tables: Vec<(String, Vec<String>)>,
    commands: Vec<Vec<Written>>,
}

fn open(folder: &Path) -> Result<Connection, rusqlite::Error> {
    Connection::open_with_flags(folder.join(FILE), OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
}

/// Copies the database as it stands.
pub fn copy(from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    open(from)?.execute("VACUUM INTO ?1", [to.join(FILE).to_string_lossy()])?;
    Ok(())
}

impl Marks {
    /// Marks what is there now.
    pub fn of(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let connection = open(folder)?;
        let of = |clustered: bool| {
            let not = if clustered { "" } else { "NOT" };
            format!(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE 'CREATE VIRTUAL%' AND sql {not} LIKE '%WITHOUT ROWID%'"
            )
        };
        let named = |sql: &str| connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>();
        let last = |name: &str| connection.query_row(&format!("SELECT COALESCE(MAX(rowid), 0) FROM {name}"), [], |row| row.get(0));
        let tables = named(&of(false))?.into_iter().map(|name| last(&name).map(|at| (name, at))).collect::<Result<_, _>>()?;
        let last_case = connection.query_row("SELECT COALESCE(MAX(id), x'') FROM cases", [], |row| row.get(0))?;
        Ok(Self { tables, clustered: named(&of(true))?, last_case })
    }

    /// The rows added since, divided evenly over `count` commands in the order they were written.
    pub fn bundles(&self, folder: &Path, count: usize) -> Result<Bundles, Box<dyn Error>> {
        let connection = open(folder)?;
        let mut bundles = Bundles { tables: Vec::new(), commands: (0..count).map(|_| Vec::new()).collect() };
        let by_row = self.tables.iter().map(|(name, after)| (name, "rowid", Value::Integer(*after)));
        let by_case = self.clustered.iter().map(|name| (name, "case_id", Value::Blob(self.last_case.clone())));
        for (name, order, after) in by_row.chain(by_case) {
            let mut statement = connection.prepare(&format!("SELECT * FROM {name} WHERE {order} > ?1 ORDER BY {order}"))?;
            let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
            let read = |row: &rusqlite::Row<'_>| (0..columns.len()).map(|n| row.get(n)).collect::<Result<Vec<Value>, _>>();
            let rows = statement.query_map([after], read)?.collect::<Result<Vec<_>, _>>()?;
            let (table, total) = (bundles.tables.len(), rows.len());
            for (n, row) in rows.into_iter().enumerate() {
                bundles.commands[n * count / total].push((table, row));
            }
            bundles.tables.push((name.clone(), columns));
        }
        Ok(bundles)
    }
}

impl Bundles {
    fn statements(&self, mark: char) -> Vec<String> {
        let insert = |(name, columns): &(String, Vec<String>)| {
            let marks: Vec<String> = (1..=columns.len()).map(|n| format!("{mark}{n}")).collect();
            format!("INSERT INTO {name} ({}) VALUES ({})", columns.join(", "), marks.join(", "))
        };
        self.tables.iter().map(insert).collect()
    }
}

/// Seconds that the rows take by bare rusqlite, `batch` commands to a commit.
pub fn sqlite(folder: &Path, bundles: &Bundles, batch: usize) -> Result<f64, Box<dyn Error>> {
    let connection = open(folder)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384;",
    )?;
    connection.set_prepared_statement_cache_capacity(256);
    let statements = bundles.statements('?');
    let wal = folder.join(format!("{FILE}-wal"));
    let start = Instant::now();
    for group in bundles.commands.chunks(batch) {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for (table, row) in group.iter().flatten() {
            connection.prepare_cached(&statements[*table])?.execute(rusqlite::params_from_iter(row))?;
        }
        connection.execute_batch("COMMIT")?;
        if std::fs::metadata(&wal).is_ok_and(|file| file.len() > WAL_LIMIT_BYTES) {
            connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        }
    }
    Ok(start.elapsed().as_secs_f64())
}

/// Commands per second as plain PostgreSQL transactions, one statement a row, over all connections.
pub fn postgres(address: &str, bundles: &Bundles) -> Result<f64, Box<dyn Error>> {
    let mut clients = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut client = postgres::Client::connect(address, postgres::NoTls)?;
        let prepared = bundles.statements('$').iter().map(|sql| client.prepare(sql)).collect::<Result<Vec<_>, _>>()?;
        clients.push((client, prepared));
    }
    let share = bundles.commands.len().div_ceil(CONNECTIONS);
    let start = Instant::now();
    std::thread::scope(|scope| {
        let work = clients.into_iter().zip(bundles.commands.chunks(share));
        let threads: Vec<_> = work
            .map(|((mut client, prepared), commands)| {
                scope.spawn(move || write(&mut client, &prepared, commands).map_err(|e| e.to_string()))
            })
            .collect();
        threads.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a writer panicked".to_owned())?)
    })?;
    Ok(bundles.commands.len() as f64 / start.elapsed().as_secs_f64())
}

fn write(client: &mut postgres::Client, prepared: &[postgres::Statement], commands: &[Vec<Written>]) -> Result<(), postgres::Error> {
    for command in commands {
        let mut transaction = client.transaction()?;
        for (table, row) in command {
            let values: Vec<Plain<'_>> = row.iter().map(Plain).collect();
            let params: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
            transaction.execute(&prepared[*table], &params)?;
        }
        transaction.commit()?;
    }
    Ok(())
}

/// A SQLite value on its way into PostgreSQL.
#[derive(Debug)]
struct Plain<'v>(&'v Value);

impl ToSql for Plain<'_> {
    fn to_sql(&self, kind: &Type, out: &mut postgres::types::private::BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Integer(v) => v.to_sql(kind, out),
            Value::Real(v) => v.to_sql(kind, out),
            Value::Text(v) => v.to_sql(kind, out),
            Value::Blob(v) => v.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}
