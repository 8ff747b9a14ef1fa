//! Playbooks at the desk: the default pack, versions in force, the facts of a case, advice, clocks and rules.
//!
//! Owns everything between the rows of a case and the answers of `domain::playbook`. Knows no scenario by name.

mod act;
pub(crate) mod advice;
pub(crate) mod after;
mod books;
pub(crate) mod clocks;
pub(crate) mod closing;
mod custom;
pub mod default;
pub(crate) mod facts;
pub(crate) mod figures;
pub(crate) mod filling;
pub(crate) mod proposed;
pub mod publish;
pub(crate) mod rules;
pub(crate) mod script;
mod shelf;
mod source;
mod standing;
pub mod trial;

pub use books::{Book, InForce, Playbooks};
pub(crate) use custom::catalogue;
pub use source::{Files, Source};
