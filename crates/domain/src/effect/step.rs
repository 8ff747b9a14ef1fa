//! What a due effect does next, and what an answer makes of it. Owns the limits and the growing pauses.

use super::{Class, State};
use crate::time::Span;

/// Calls that may act, over the life of one effect; each but the first follows the platform's own word that nothing was done.
pub const CALL_LIMIT: i64 = 5;
/// Questions after one call before a person is asked.
pub const ASK_LIMIT: i64 = 12;
/// Times the platform has to say that it knows nothing before that is believed: the first call may still be on its way.
const NOTHING_KNOWN_TIMES: i64 = 2;

/// What is done with a due effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The call itself.
    Call,
    /// The same call again under the same key: the platform answers what it answered first.
    Repeat,
    /// A question about the call.
    Query,
    /// Nothing can be asked: a person has to look.
    Person,
}

impl Step {
    /// The name kept with the attempt.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Repeat => "repeat",
            Self::Query => "query",
            Self::Person => "person",
        }
    }

    /// What an effect in this state does when it is due; an effect found in flight lost its answer.
    pub const fn of(state: State, class: Class) -> Self {
        match (state, class) {
            (State::Held | State::Queued, _) => Self::Call,
            (_, Class::Keyed) => Self::Repeat,
            (_, Class::Queryable) => Self::Query,
            (_, Class::Blind) => Self::Person,
        }
    }
}

/// What came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Done.
    Succeeded,
    /// Not done, and it will not be.
    Rejected,
    /// Taken by the platform; the result comes later.
    Accepted,
    /// To a question: the platform knows of no such call.
    NothingKnown,
    /// No answer, or none that says what happened.
    Lost,
}

/// Where an effect stands after an answer, and when it is looked at again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    /// The state.
    pub state: State,
    /// Not before this long from now; meaningless for states nobody looks at.
    pub pause: Span,
}

impl Next {
    /// What `answer` to `step` makes of the effect. `calls` counts calls that may have acted, `asks` the questions since the last one.
    pub fn after(step: Step, class: Class, answer: Answer, calls: i64, asks: i64) -> Self {
        let state = match (step, answer) {
            (Step::Person, _) => State::NeedsPerson,
            (_, Answer::Succeeded) => State::Succeeded,
            (_, Answer::Rejected) => State::Rejected,
            (Step::Query, Answer::NothingKnown) if asks >= NOTHING_KNOWN_TIMES => {
                if calls < CALL_LIMIT {
                    State::Queued
                } else {
                    State::NeedsPerson
                }
            }
            // What the platform has taken is called back, be it late; a blind one cannot be asked for meanwhile.
            (Step::Call, Answer::Accepted) => State::InFlight,
            _ if class == Class::Blind || asks >= ASK_LIMIT => State::NeedsPerson,
            _ => State::Unknown,
        };
        let patient = state == State::InFlight && class == Class::Blind;
        Self { state, pause: if patient { Span::hours(1) } else { ask_after(asks) } }
    }
}

/// The pause before the next question: five seconds, doubling, at most five minutes.
pub const fn ask_after(asks: i64) -> Span {
    let doubled = if asks < 6 { 5 << asks } else { 300 };
    Span::seconds(doubled)
}
