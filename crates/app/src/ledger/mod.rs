//! The ledger of an order (钱货账) in the database: loaded under lock, changed by entries, written back with its totals.
//!
//! Owns the rows of entries, totals and holds. What may move is the domain's decision; who may move it the commands'.

mod book;
pub mod units;
mod verify;

pub(crate) use book::{Book, Sign};
pub use verify::Difference;
