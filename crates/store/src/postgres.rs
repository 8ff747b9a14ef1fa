//! PostgreSQL: a pool of threads, each with its connection; the whole closure is run again on a serialisation conflict.
//!
//! Isolation is READ COMMITTED with row locks taken by the commands (`FOR UPDATE`) and constraints in the schema: money is guarded
//! by locks and checks, not by isolation alone (Jepsen on PostgreSQL 12.3 found serialisable anomalies nine years old).

use crate::dialect::{self, Batch, Engine};
use crate::engine::{Job, Tally};
use crate::tx::{Connection as _, Tx};
use crate::{DbError, OpenError, Row, Value, migrate};
use ::postgres::types::{IsNull, ToSql, Type, private::BytesMut};
use ::postgres::{Client, NoTls, Statement};
use crossbeam_channel::Receiver;
use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// Runs of one closure before a conflict is given up.
const TRIES: u32 = 5;
/// From then on the tables' statistics are taken whenever the commands of this process have doubled: plans made over empty tables read
/// whole shops (measured: 6,000 rows a look-up), and the server by itself looks only once a minute.
const OUTGROWN: u64 = 256;
/// The advisory lock under which migrations run ("after" in ASCII).
const MIGRATION_LOCK: i64 = 0x61_66_74_65_72;

type ColumnTypes = Arc<HashMap<(String, String), &'static str>>;

pub(crate) fn start(
    url: &str,
    writers: usize,
    readers: usize,
    write: Receiver<Box<dyn Job>>,
    read: Receiver<Box<dyn Job>>,
    tally: &Arc<Tally>,
) -> Result<Vec<JoinHandle<()>>, OpenError> {
    let io = |error| OpenError::Io(url.into(), error);
    let mut first = Postgres::connect(url, Arc::default())?;
    bring_up_to_date(&mut first)?;
    let types = column_types(&mut first)?;
    drop(first);
    let mut threads = Vec::new();
    let pools = [("write", writers, write, true), ("read", readers, read, false)];
    for (name, size, jobs, writes) in pools {
        for n in 0..size {
            let mut link =
                Link { url: url.to_owned(), types: types.clone(), tally: tally.clone(), statistics_due: false, connection: None };
            let jobs = jobs.clone();
            let body = move || {
                while let Ok(job) = jobs.recv() {
                    link.serve(job, writes);
                }
            };
            threads.push(Builder::new().name(format!("{name}-{n}")).spawn(body).map_err(io)?);
        }
    }
    Ok(threads)
}

fn bring_up_to_date(connection: &mut Postgres) -> Result<(), OpenError> {
    connection.client.batch_execute("BEGIN").map_err(DbError::from)?;
    connection.query("SELECT pg_advisory_xact_lock($1)::text", &[Value::Int(MIGRATION_LOCK)])?;
    let meta = connection.query("SELECT to_regclass('meta')::text", &[])?.first().is_some_and(|row| row.0[0] != Value::Null);
    let found = migrate::check(connection, meta)?;
    if found < migrate::newest() {
        migrate::run(connection, Engine::Postgres, found)?;
    }
    keep_places_growing(connection)?;
    Ok(connection.client.batch_execute("COMMIT").map_err(DbError::from)?)
}

/// Places in the logs are transaction numbers. Data brought from another server has higher ones than this server gives out yet: then
/// all numbers are raised by a base, so that places only grow.
fn keep_places_growing(connection: &mut Postgres) -> Result<(), DbError> {
    let sql = "SELECT GREATEST(COALESCE((SELECT MAX(tx) FROM feed), 0), COALESCE((SELECT MAX(tx) FROM audit), 0)),
        pg_current_xact_id()::text::bigint, COALESCE((SELECT value::bigint FROM meta WHERE name = 'tx_base'), 0)";
    let rows = connection.query(sql, &[])?;
    let Some(row) = rows.first() else { return Ok(()) };
    let (highest, now, base): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
    if highest <= now + base {
        return Ok(());
    }
    let base = highest - now + 1;
    let keep = "INSERT INTO meta (name, value) VALUES ('tx_base', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    connection.execute(keep, &[Value::from(base.to_string())])?;
    for log in ["feed", "audit"] {
        let sql = format!("ALTER TABLE {log} ALTER COLUMN tx SET DEFAULT (pg_current_xact_id()::text::bigint + {base})");
        connection.execute(&sql, &[])?;
    }
    Ok(())
}

fn column_types(connection: &mut Postgres) -> Result<ColumnTypes, DbError> {
    let sql =
        "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns WHERE table_schema = current_schema()";
    let rows = connection.query(sql, &[])?;
    let read = |row: &Row| {
        let kind = match row.get::<String>(2)?.as_str() {
            "bigint" => "bigint",
            "bytea" => "bytea",
            _ => "text",
        };
        Ok(((row.get(0)?, row.get(1)?), kind))
    };
    rows.iter().map(read).collect::<Result<HashMap<_, _>, DbError>>().map(Arc::new)
}

/// A thread's connection, made anew when it broke.
struct Link {
    url: String,
    types: ColumnTypes,
    tally: Arc<Tally>,
    statistics_due: bool,
    connection: Option<Postgres>,
}

impl Link {
    fn serve(&mut self, mut job: Box<dyn Job>, writes: bool) {
        for attempt in 1.. {
            match self.attempt(job.as_mut(), writes) {
                Ok(()) if job.wants_retry() && attempt < TRIES => {
                    std::thread::sleep(Duration::from_millis(u64::from(attempt * attempt) * 2 + u64::from(std::process::id() % 7)));
                }
                outcome => {
                    job.answer(outcome.err());
                    return self.take_statistics();
                }
            }
        }
    }

    fn take_statistics(&mut self) {
        let due = std::mem::take(&mut self.statistics_due);
        if let Some(connection) = self.connection.as_mut().filter(|_| due) {
            // Without them everything still works, only slower; the next doubling tries again.
            if let Err(error) = connection.client.batch_execute("ANALYZE") {
                tracing::warn!(%error, "the statistics could not be taken");
            }
        }
    }

    /// One run in one transaction. `Err` means the outcome was replaced by a failure of the connection.
    fn attempt(&mut self, job: &mut dyn Job, writes: bool) -> Result<(), DbError> {
        let connection = match self.connection.take() {
            Some(connection) if !connection.client.is_closed() => connection,
            _ => Postgres::connect(&self.url, self.types.clone())?,
        };
        let connection = self.connection.insert(connection);
        let begin = if writes { "BEGIN" } else { "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" };
        connection.client.batch_execute(begin)?;
        let keep = job.run(&mut Tx::new(connection)) && writes;
        let ended = connection.client.batch_execute(if keep { "COMMIT" } else { "ROLLBACK" });
        match ended {
            Ok(()) => {
                if keep {
                    let commands = self.tally.committed(1);
                    self.statistics_due = commands >= OUTGROWN && commands.is_power_of_two();
                }
                Ok(())
            }
            Err(error) if keep && connection.client.is_closed() => Err(DbError::CommitUnknown(error.to_string())),
            Err(error) if keep => Err(error.into()),
            Err(_) => {
                self.connection = None;
                Ok(())
            }
        }
    }
}

struct Postgres {
    client: Client,
    types: ColumnTypes,
    prepared: HashMap<String, Statement>,
}

impl Postgres {
    fn connect(url: &str, types: ColumnTypes) -> Result<Self, DbError> {
        let mut client = Client::connect(url, NoTls)?;
        client.batch_execute("SET lock_timeout = '10s'; SET statement_timeout = '30s'; SET idle_in_transaction_session_timeout = '60s'")?;
        Ok(Self { client, types, prepared: HashMap::new() })
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement, DbError> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(&dialect::statement(Engine::Postgres, sql))?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

impl ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(v) if *kind == Type::INT4 => i32::try_from(*v)?.to_sql(kind, out),
            Self::Int(v) => v.to_sql(kind, out),
            Self::Text(v) => v.to_sql(kind, out),
            Self::Blob(v) => v.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    ::postgres::types::to_sql_checked!();
}

/// One column of a batch as an array.
fn array(rows: &[Vec<Value>], column: usize, kind: &str) -> Box<dyn ToSql + Sync> {
    let cells = rows.iter().map(|row| &row[column]);
    let int = |value: &Value| if let Value::Int(v) = value { Some(*v) } else { None };
    let bytes = |value: &Value| if let Value::Blob(v) = value { Some(v.clone()) } else { None };
    let text = |value: &Value| if let Value::Text(v) = value { Some(v.clone()) } else { None };
    match kind {
        "bigint" => Box::new(cells.map(int).collect::<Vec<_>>()),
        "bytea" => Box::new(cells.map(bytes).collect::<Vec<_>>()),
        _ => Box::new(cells.map(text).collect::<Vec<_>>()),
    }
}

fn refs(params: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    params.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

fn read(row: &::postgres::Row) -> Result<Row, DbError> {
    let cell = |n: usize| {
        let kind = row.columns()[n].type_();
        Ok(match *kind {
            Type::INT8 => row.try_get::<_, Option<i64>>(n)?.map_or(Value::Null, Value::Int),
            Type::INT4 => row.try_get::<_, Option<i32>>(n)?.map_or(Value::Null, |v| Value::Int(v.into())),
            Type::BOOL => row.try_get::<_, Option<bool>>(n)?.map_or(Value::Null, |v| Value::Int(v.into())),
            Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(n)?.map_or(Value::Null, Value::Blob),
            Type::TEXT | Type::VARCHAR | Type::NAME => row.try_get::<_, Option<String>>(n)?.map_or(Value::Null, Value::Text),
            _ => return Err(DbError::Shape(format!("column {n} has type {kind}; cast it to bigint, text or bytea"))),
        })
    };
    (0..row.len()).map(cell).collect::<Result<_, _>>().map(Row)
}

impl crate::tx::Connection for Postgres {
    fn engine(&self) -> Engine {
        Engine::Postgres
    }

    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, DbError> {
        let statement = self.prepare(sql)?;
        Ok(self.client.execute(&statement, &refs(params))?)
    }

    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, DbError> {
        let statement = self.prepare(sql)?;
        self.client.query(&statement, &refs(params))?.iter().map(read).collect()
    }

    fn insert(&mut self, batches: Vec<Batch>) -> Result<(), DbError> {
        let types = self.types.clone();
        let type_of = |table: &str, column: &str| types.get(&(table.to_owned(), column.to_owned())).copied().unwrap_or("text");
        let sql = dialect::insert_all(&batches, type_of);
        let statement = self.prepare(&sql)?;
        let mut params = Vec::new();
        for batch in &batches {
            for (n, column) in batch.columns.iter().enumerate() {
                params.push(array(&batch.rows, n, type_of(batch.table, column)));
            }
        }
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(AsRef::as_ref).collect();
        self.client.execute(&statement, &params)?;
        Ok(())
    }
}
