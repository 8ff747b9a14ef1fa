//! Quality alerts (质量预警): articles that come back more often than the shop's usual, and what people said to that.
//!
//! Owns the words said (`quality_word`) and the look at an article's cases. What a signal is, is decided in `domain::figures`; nothing is
//! detected here over time, and nothing is stopped by itself.

mod cases;
mod list;
mod word;

pub use list::{Days, Reason, SignalRow, Signals, Word};
pub use word::{SaidWord, SayWord};
