//! Signing in, sessions, API tokens and staff. Owns every secret's life; secrets are stored as hashes only.

pub mod login;
mod password;
pub mod session;
pub mod staff;
mod throttle;
