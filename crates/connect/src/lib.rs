//! Adapters behind the ports of `app`: the wire formats of the world outside.
//!
//! Owns how a call travels. Must not decide anything about cases, money or repetition.

pub mod platform;
pub mod webhook;
