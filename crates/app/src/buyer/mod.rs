//! The buyer (买家) as a person: what is shown masked, what is revealed with a reason, and what is erased for good.
//!
//! Owns reading a buyer's sealed record. Taking buyers in belongs to orders.

mod erase;
pub mod identity;
pub mod mark;
mod reveal;
mod reveal_words;
pub(crate) mod view;

pub use erase::{EraseBuyer, Erased};
pub use reveal::{RevealField, Revealed};
pub use reveal_words::RevealWords;
