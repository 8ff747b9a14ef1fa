//! Signing in, sessions, API tokens and staff. Owns every secret's life; secrets are stored as hashes only.

pub mod factor;
pub mod login;
pub mod me;
mod password;
pub mod people;
pub mod role;
pub mod session;
pub mod sessions;
pub mod staff;
pub(crate) mod throttle;
pub mod token;
