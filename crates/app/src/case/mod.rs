//! The case from intake to archive. One file per command; the row and its deadlines beside them.

pub mod assign;
pub mod classify;
pub mod close;
pub mod contact;
pub(crate) mod danger;
pub mod deadline;
pub mod diagnosis;
pub mod evidence;
pub mod facts;
pub mod gate;
mod intake;
pub mod later;
pub mod link;
pub mod merge;
pub(crate) mod moved;
pub mod notice;
pub mod open;
pub mod prepared;
pub mod request;
pub mod row;
pub mod similar;
pub mod split;
pub mod standing;
pub mod view;
pub mod wait;
pub mod watcher;
