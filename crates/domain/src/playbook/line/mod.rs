//! The little language of playbooks: conditions, amounts and lengths, each one readable line.
//!
//! Owns reading and writing of lines; what they say about a case is decided in `eval`. There are no loops, names or calls in it.

mod amount;
mod condition;
mod length;
mod literal;
mod parse;
mod tokens;

pub use amount::{Amount, Share, Step, Sum, Term, amount};
pub use condition::{Condition, Conditions, Op, Operand, Side, Test, show};
pub use length::{Length, LengthUnit};
pub use literal::literal;
pub use parse::test;

#[cfg(test)]
mod tests;
