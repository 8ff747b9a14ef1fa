//! The case (售后工单): where it stands, whose move it is, when it may end, and its place in the queue.
//!
//! Must not know scenarios: one machine serves all of them, playbooks make the difference.

pub mod close;
mod narrow;
pub mod queue;
pub mod similar;
mod stage;
mod waiting;

pub use close::{CloseFacts, Confirmation, may_close, may_reopen, obstacles};
pub use narrow::{Asked, Narrow, Sort, VIEWS_LIMIT};
pub use stage::{Happened, Stage};
pub use waiting::{Moves, WaitingOn, whose_move};

#[cfg(test)]
mod walks;
