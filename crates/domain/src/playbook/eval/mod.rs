//! What lines say about the facts of one case. Owns three-valued truth, amounts and the explanation line by line.
//!
//! Nothing here fails or loops: a line was checked against the types of the catalogue when it was read.

mod decide;
mod explain;
mod facts;
mod truth;

pub use decide::{all, amount, any, condition, test};
pub use explain::{Line, explain, explain_amount};
pub use facts::Facts;
pub use truth::Truth;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
