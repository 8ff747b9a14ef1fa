//! The simulated world around the desk: a sales platform with faults, and shops with goods, orders, buyers and their problems.
//!
//! Owns: invented data, deterministic by seed, and a stand-in for the platforms' refund and service calls.
//! Must not: decide anything for the desk, or share a ledger with it.

pub mod platform;
pub mod shop;
