//! Orders as the shop sold them: snapshots that cases work on. Owns taking them in; the money ledger moves elsewhere.

mod buyer;
pub(crate) mod mask;
mod put;
mod view;

pub(crate) use buyer::SealedBuyer;
pub(crate) use put::put;
pub use put::{NewBuyer, NewLine, NewOrder, NewParcel, NewPayment, PutOrder};
