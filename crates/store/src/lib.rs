//! One SQL path for SQLite and PostgreSQL: transactions, migrations, sealing of personal data.
//!
//! Owns connections, the engines' differences (`dialect`) and the keys. Must not decide anything about cases, money or promises.
//!
//! A write is one closure inside one transaction. It may run twice (PostgreSQL retries), so it touches nothing but its
//! transaction and its inputs. SQLite has one writer thread with group commit; answers leave only after the commit is durable.

pub mod backup;
mod dialect;
mod engine;
mod error;
mod migrate;
mod postgres;
mod row;
pub mod scratch;
mod sqlite;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;
mod value;
pub mod vault;

pub use engine::{Config, Engine, Failure, Store, Target};
pub use error::{DbError, OpenError};
pub use row::{FromValue, Row};
pub use tx::{Log, Tx};
pub use value::Value;
