//! Playbooks: a scenario's policy as data. Reads and checks the files, and answers which steps are due, which offers are possible
//! and which deadlines hold.
//!
//! Owns the language, the fact catalogue and every answer. Knows no scenario by name and no fact outside its catalogue.

pub mod answer;
pub mod catalogue;
pub mod document;
pub mod eval;
mod fault;
mod given;
pub mod line;
mod mood;
pub mod outline;
mod pack;
#[cfg(test)]
mod pack_tests;
mod read;
mod spoken;
pub mod table;
pub mod text;
pub mod trial;
pub mod value;

pub use catalogue::{Catalogue, FactId};
pub use eval::{Facts, Truth};
pub use fault::{Fault, Wrong};
pub use mood::Moods;
pub use pack::{Pack, Playbook};
pub use read::Said;
pub use spoken::Spoken;
pub use text::Text;
pub use value::Value;
