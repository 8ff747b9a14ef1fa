//! The port to a sales platform: one call, one question. Owns the words both sides speak; the wire is the adapter's business.
//!
//! Neither may be called inside a transaction, and an adapter never repeats anything by itself: whether a lost answer may be asked
//! for or called again is the effect's machine to say.

use aftercare_domain::effect::{Answer, Class, Kind};
use aftercare_domain::id::Id;
use serde_json::Value;
use std::future::Future;
use std::pin::Pin;

/// One call as the platform has to see it.
#[derive(Clone, Debug)]
pub struct Call {
    /// The shop's code.
    pub shop: String,
    /// What is done.
    pub kind: Kind,
    /// How it can be told apart from a repetition.
    pub class: Class,
    /// The effect: the merchant's reference and, where the class has one, the key.
    pub effect: Id,
    /// The platform's number of the order.
    pub order_no: String,
    /// The payment, of refunds.
    pub payment_no: Option<String>,
    /// Minor units; zero where it costs nothing.
    pub amount_minor: i64,
    /// Words of remarks and messages.
    pub text: Option<String>,
    /// Anything else the call carries.
    pub data: Value,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// How it ended, as far as it is known.
    pub answer: Answer,
    /// The platform's number of the act.
    pub platform_ref: Option<String>,
    /// The platform's code: why it was rejected, or what was found.
    pub code: String,
}

impl Reply {
    /// No answer, or none that says what happened; `code` tells which kind of silence.
    pub fn lost(code: impl Into<String>) -> Self {
        Self { answer: Answer::Lost, platform_ref: None, code: code.into() }
    }
}

/// A reply on its way.
pub type Replying<'a> = Pin<Box<dyn Future<Output = Reply> + Send + 'a>>;

/// A sales platform.
pub trait Platform: Send + Sync {
    /// Does it. Every way in which no clear answer arrives is [`Answer::Lost`].
    fn call<'a>(&'a self, call: &'a Call) -> Replying<'a>;
    /// Asks what became of it, where the class allows that.
    fn ask<'a>(&'a self, call: &'a Call) -> Replying<'a>;
}
