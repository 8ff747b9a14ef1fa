//! What the desk does: one file per command and per query, the workers, and the ports to the outside world.
//!
//! Owns transactions' contents and the order of things in a command. Must not know HTTP, HTML or a platform's wire format.

pub mod access;
pub mod approval;
pub mod audit;
pub mod authority;
pub mod bulk;
pub mod buyer;
pub mod calendar;
pub mod callback;
pub mod carrier_claim;
pub mod case;
pub mod clock;
pub mod command;
pub mod context;
pub mod custom_field;
pub mod desk;
mod due;
pub mod effect;
pub mod error;
pub mod exchange;
pub mod export;
pub mod figures;
pub mod handover;
pub mod ids;
pub mod import;
pub mod knowledge;
pub mod ledger;
pub mod live;
pub mod offer;
pub mod order;
pub mod parcel;
pub mod payout;
pub mod platform;
pub mod playbook;
pub mod policy;
pub mod portal;
pub mod promise;
pub mod quality;
pub mod queue;
pub mod refund;
mod remedy;
pub mod returns;
pub mod safety;
pub mod search;
pub mod shop;
mod shown;
pub mod side_thread;
pub mod soundness;
pub mod task;
pub mod timer;
pub mod worklist;

pub use context::{Actor, Context};
pub use desk::Desk;
pub use error::{Error, Result};
