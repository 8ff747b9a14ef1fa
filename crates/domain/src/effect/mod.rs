//! One thing done to the outside world (执行记录): exactly once, with a result that may be *unknown*.
//!
//! Owns the state machine and what is asked next when an answer was lost. Money is never moved again on unknown: a call with a key is
//! repeated with that key, a call that can be asked about is asked about, anything else waits for a person.
//!
//! ```text
//! held → queued → in_flight ─┬→ succeeded | rejected
//!    └→ cancelled            ├→ unknown → asked → succeeded | rejected | not applied → queued
//! awaiting_person ─→ settled └→ needs_person ─→ settled by a person, or asked once more
//! ```

mod kind;
mod step;

pub use kind::Kind;
pub use step::{ASK_LIMIT, Answer, CALL_LIMIT, Next, Step, ask_after};

use crate::names::names;
use crate::refusal::{Code, Refusal};

names! {
    /// Where an effect stands.
    State {
        Held, "held", "待发出";
        Queued, "queued", "排队中";
        InFlight, "in_flight", "执行中";
        Succeeded, "succeeded", "成功";
        Rejected, "rejected", "被拒";
        Unknown, "unknown", "结果未知";
        AwaitingPerson, "awaiting_person", "待人工执行";
        NeedsPerson, "needs_person", "待人工核实";
        Cancelled, "cancelled", "已撤回";
    }
}

names! {
    /// How a call can be told apart from its own repetition.
    Class {
        Keyed, "keyed", "幂等键";
        Queryable, "queryable", "可查询";
        Blind, "blind", "不可查询";
    }
}

impl State {
    /// Whether nothing will change any more.
    pub const fn ended(self) -> bool {
        matches!(self, Self::Succeeded | Self::Rejected | Self::Cancelled)
    }

    /// Whether its money counts as spent.
    pub const fn counts(self) -> bool {
        !matches!(self, Self::Rejected | Self::Cancelled)
    }

    /// Taken back by a person while nothing has left yet.
    ///
    /// # Errors
    /// `effect_started` once it has been sent, `effect_ended`.
    pub fn cancel(self) -> Result<Self, Refusal> {
        match self {
            Self::Held | Self::AwaitingPerson => Ok(Self::Cancelled),
            Self::Succeeded | Self::Rejected | Self::Cancelled => Err(ended(self)),
            Self::Queued | Self::InFlight | Self::Unknown | Self::NeedsPerson => Err(Refusal::new(Code::EffectStarted).with("state", self)),
        }
    }

    /// Taken back with everything that was decided together with it, while all of it is still held or lies before a person.
    ///
    /// # Errors
    /// `already_left` once it has been sent, whatever came of it; `effect_ended` when it was taken back before.
    pub fn take_back(self) -> Result<Self, Refusal> {
        match self {
            Self::Held | Self::AwaitingPerson => Ok(Self::Cancelled),
            Self::Cancelled => Err(ended(self)),
            _ => Err(Refusal::new(Code::AlreadyLeft).with("state", self)),
        }
    }

    /// Settled by a person who has looked: done by hand, or found out.
    ///
    /// # Errors
    /// `effect_started` while the desk itself is at it, `effect_ended`.
    pub fn settle(self, succeeded: bool) -> Result<Self, Refusal> {
        match self {
            Self::AwaitingPerson | Self::NeedsPerson | Self::Unknown => Ok(if succeeded { Self::Succeeded } else { Self::Rejected }),
            Self::Succeeded | Self::Rejected | Self::Cancelled => Err(ended(self)),
            Self::Held | Self::Queued | Self::InFlight => Err(Refusal::new(Code::EffectStarted).with("state", self)),
        }
    }

    /// A person wants the platform asked once more.
    ///
    /// # Errors
    /// `effect_cannot_ask` where the platform answers no questions about such calls; `effect_ended`, `effect_started`.
    pub fn ask_again(self, class: Option<Class>) -> Result<Self, Refusal> {
        match (self, class) {
            (Self::Unknown | Self::NeedsPerson, Some(Class::Keyed | Class::Queryable)) => Ok(Self::Unknown),
            (Self::Unknown | Self::NeedsPerson | Self::AwaitingPerson, _) => Err(Code::EffectCannotAsk.into()),
            (Self::Succeeded | Self::Rejected | Self::Cancelled, _) => Err(ended(self)),
            (Self::Held | Self::Queued | Self::InFlight, _) => Err(Refusal::new(Code::EffectStarted).with("state", self)),
        }
    }

    /// The platform calls back with a result; `None` where it changes nothing: it is known already, or contradicts what is settled.
    pub fn called_back(self, succeeded: bool) -> Option<Self> {
        let told = if succeeded { Self::Succeeded } else { Self::Rejected };
        matches!(self, Self::Queued | Self::InFlight | Self::Unknown | Self::NeedsPerson).then_some(told)
    }
}

fn ended(state: State) -> Refusal {
    Refusal::new(Code::EffectEnded).with("state", state)
}

#[cfg(test)]
mod tests;
