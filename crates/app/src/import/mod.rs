//! Import (导入): what other systems know, taken in from files: purchases, cancellations, parcels' traces.
//!
//! Owns reading tables, the mapping of their columns, and the books made of them. A row that cannot be right goes to the error list
//! with its line and a reason; the rest goes in. Running the same files again changes nothing. Must not call anything outside.

mod amount;
mod invoice;
pub mod job;
mod mapping;
mod orders;
mod report;
mod returns;
mod sheet;
mod table;
mod tracking;

pub use mapping::{Encoding, Mapping};
pub use report::{Fault, Report};
pub use table::Table;
pub use tracking::Traces;

/// Invoices written in one transaction.
const BATCH: usize = 100;
