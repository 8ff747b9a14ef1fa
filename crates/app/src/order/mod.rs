//! Orders as the shop sold them: snapshots that cases work on. Owns taking them in; the money ledger moves elsewhere.

mod buyer;
mod change;
pub(crate) mod mask;
mod put;
pub(crate) mod remark;
pub(crate) mod stop;
pub(crate) mod view;

pub(crate) use buyer::SealedBuyer;
pub use change::ChangeOrder;
pub(crate) use put::{AMOUNT_TOP, make, put};
pub use put::{NewBuyer, NewLine, NewOrder, NewParcel, NewPayment, PutOrder};
pub use remark::{NewFlag, NewRemark};
pub use stop::{Freeze, Intercept};
