//! The desk against the platform simulator, money first: one file per matter. One program, so that it links once.

mod approvals;
mod bulk;
mod callbacks;
mod lost_answers;
mod races;
mod refunds;
mod sequences;
mod trials;
mod webhooks;
mod world;
