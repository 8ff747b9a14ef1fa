//! Databases for one run on a PostgreSQL server: made fresh, removed afterwards. Owns their names.

use crate::{DbError, vault};

/// Makes an empty database on the server of `url` and answers its address.
pub async fn create(url: &str) -> Result<String, DbError> {
    let name = format!("aftercare_{}", vault::hex(&vault::random::<8>()));
    run(url.to_owned(), format!("CREATE DATABASE {name}")).await?;
    Ok(with_database(url, &name))
}

/// Removes a database made by [`create`], whoever is still connected.
pub async fn remove(url: &str) -> Result<(), DbError> {
    let name = url.split('?').next().and_then(|url| url.rsplit('/').next()).unwrap_or_default();
    if !name.starts_with("aftercare_") || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        return Err(DbError::Shape(format!("{name} is not a database for one run")));
    }
    run(with_database(url, "postgres"), format!("DROP DATABASE {name} WITH (FORCE)")).await
}

async fn run(url: String, sql: String) -> Result<(), DbError> {
    // The client blocks, and must not do so inside the runtime.
    let work = move || Ok(::postgres::Client::connect(&url, ::postgres::NoTls)?.batch_execute(&sql)?);
    tokio::task::spawn_blocking(work).await.map_err(|why| DbError::Engine(why.to_string()))?
}

/// The same server, another database.
fn with_database(url: &str, name: &str) -> String {
    let (address, options) = url.split_once('?').map_or((url, String::new()), |(address, options)| (address, format!("?{options}")));
    let start = address.find("://").map_or(0, |at| at + 3);
    let server = address[start..].find('/').map_or(address, |at| &address[..start + at]);
    format!("{server}/{name}{options}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_database_of_an_address_is_replaced() {
        let check = |url: &str, expect: &str| assert_eq!(super::with_database(url, "x"), expect);
        check("postgres://u@h:5/old", "postgres://u@h:5/x");
        check("postgres://u@h", "postgres://u@h/x");
        check("postgres://u@h/old?sslmode=disable", "postgres://u@h/x?sslmode=disable");
    }
}
