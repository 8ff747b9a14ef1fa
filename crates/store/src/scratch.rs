//! Places for one run in a PostgreSQL database: a schema of their own, removed afterwards. Owns their names.
//!
//! Schemas and not databases, because making and dropping a database makes the whole server write out what it has in memory.

use crate::{DbError, vault};

const OPTION: &str = "options=-csearch_path%3D";

/// Makes an empty schema in the database of `url` and answers the address that leads into it.
pub async fn create(url: &str) -> Result<String, DbError> {
    let name = format!("aftercare_{}", vault::hex(&vault::random::<8>()));
    run(url.to_owned(), format!("CREATE SCHEMA {name}")).await?;
    let sign = if url.contains('?') { '&' } else { '?' };
    Ok(format!("{url}{sign}{OPTION}{name}"))
}

/// Removes a schema made by [`create`] with everything in it.
pub async fn remove(url: &str) -> Result<(), DbError> {
    let name = url.rsplit_once(OPTION).map_or("", |(_, name)| name);
    if !name.starts_with("aftercare_") || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        return Err(DbError::Shape(format!("{url} does not lead into a schema for one run")));
    }
    run(url.to_owned(), format!("DROP SCHEMA {name} CASCADE")).await
}

async fn run(url: String, sql: String) -> Result<(), DbError> {
    // The client blocks, and must not do so inside the runtime.
    let work = move || Ok(::postgres::Client::connect(&url, ::postgres::NoTls)?.batch_execute(&sql)?);
    tokio::task::spawn_blocking(work).await.map_err(|why| DbError::Engine(why.to_string()))?
}
