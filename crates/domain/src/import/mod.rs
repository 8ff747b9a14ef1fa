//! Import (导入): what an import job may do next, and what a file's columns and times most likely mean.
//!
//! Owns the job's states and the guesses, which are shown to a person before anything is written. Reads no file.

mod guess;
mod state;

pub use guess::{Field, columns, time_format};
pub use state::{State, Word, next};
