//! The rules of after-sales service: pure decisions over values.
//!
//! Owns: words, state machines, the money-and-goods ledger, clocks, authority, the contact gate, playbooks.
//! Must not: touch a clock, randomness, a file, a database or the network; `now` and new ids come in as parameters.

pub mod approval;
pub mod bulk;
pub mod case;
pub mod china;
pub mod contact;
pub mod deadline;
pub mod effect;
pub mod export;
pub mod figures;
pub mod id;
pub mod import;
pub mod inspection;
pub mod knowledge;
pub mod ledger;
pub mod money;
mod names;
pub mod notification;
pub mod offer;
pub mod order;
pub mod parcel;
pub mod people;
pub mod playbook;
pub mod portal;
pub mod privacy;
pub mod promise;
pub mod refund;
pub mod refusal;
pub mod reservation;
pub mod search;
pub mod task;
pub mod time;
pub mod webhook;
