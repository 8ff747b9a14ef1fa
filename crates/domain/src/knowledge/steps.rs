//! Steps of a macro (快捷操作): what is done together with its reply, by one key. Owns the list of what can be a step.
//!
//! Nothing of money is on it and nothing can be: a step that is not listed here cannot be read.

use crate::case::WaitingOn;
use crate::order::Flag;
use crate::people::Action;
use serde::{Deserialize, Serialize};

/// Steps of one macro.
pub const STEPS: usize = 8;
/// Bytes of one step's words.
const WORDS: usize = 2_000;

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// A note for colleagues; `@` names them.
    Note {
        /// The words; variables in braces.
        text: String,
    },
    /// A remark on the order.
    Remark {
        /// The words; variables in braces.
        text: String,
    },
    /// The order's flag.
    Flag {
        /// Its colour.
        flag: Flag,
    },
    /// The kind of complaint.
    Class {
        /// logistics, product, service, promotion.
        class: String,
    },
    /// Whose case it is.
    Assign {
        /// A name to sign in with; `me` is whoever runs it.
        to: String,
    },
    /// Whose move it is, and until when.
    Wait {
        /// For whom.
        on: WaitingOn,
        /// Hours.
        until_h: i64,
        /// What for; variables in braces.
        reason: String,
    },
}

impl Step {
    /// What whoever runs it has to be allowed to do.
    pub const fn action(&self) -> Action {
        match self {
            Self::Note { .. } => Action::Note,
            Self::Remark { .. } => Action::Remark,
            Self::Flag { .. } => Action::Flag,
            Self::Class { .. } => Action::Classify,
            Self::Assign { .. } => Action::Assign,
            Self::Wait { .. } => Action::Wait,
        }
    }

    /// Its name.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Note { .. } => "note",
            Self::Remark { .. } => "remark",
            Self::Flag { .. } => "flag",
            Self::Class { .. } => "class",
            Self::Assign { .. } => "assign",
            Self::Wait { .. } => "wait",
        }
    }

    /// Its words, where it has some.
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::Note { text } | Self::Remark { text } | Self::Wait { reason: text, .. } => Some(text),
            Self::Flag { .. } | Self::Class { .. } | Self::Assign { .. } => None,
        }
    }

    /// The same step with other words.
    #[must_use]
    pub fn with_words(&self, words: impl FnOnce(&str) -> String) -> Self {
        match self {
            Self::Note { text } => Self::Note { text: words(text) },
            Self::Remark { text } => Self::Remark { text: words(text) },
            Self::Wait { on, until_h, reason } => Self::Wait { on: *on, until_h: *until_h, reason: words(reason) },
            other => other.clone(),
        }
    }

    /// What is wrong with it; nothing when it can be done.
    pub fn fault(&self) -> Option<&'static str> {
        let plain = |code: &str| !code.is_empty() && code.len() <= 64;
        match self {
            _ if self.words().is_some_and(|words| words.trim().is_empty() || words.len() > WORDS) => Some("1 to 2000 bytes of words"),
            Self::Wait { until_h, .. } if !(1..=24 * 60).contains(until_h) => Some("until_h is 1 to 1440"),
            Self::Class { class: code } | Self::Assign { to: code } if !plain(code) => Some("a name of 1 to 64 bytes"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::authority::Spending;

    fn read(text: &str) -> Option<Step> {
        serde_json::from_str(text).ok()
    }

    #[test]
    fn what_can_be_a_step_and_that_money_cannot() {
        let check = |text: &str, action: Option<Action>| assert_eq!(read(text).map(|step| step.action()), action, "{text}");
        check(r#"{"do":"note","text":"看一下"}"#, Some(Action::Note));
        check(r#"{"do":"remark","text":"先质检"}"#, Some(Action::Remark));
        check(r#"{"do":"flag","flag":"red"}"#, Some(Action::Flag));
        check(r#"{"do":"class","class":"product"}"#, Some(Action::Classify));
        check(r#"{"do":"assign","to":"me"}"#, Some(Action::Assign));
        check(r#"{"do":"wait","on":"buyer","until_h":48,"reason":"等照片"}"#, Some(Action::Wait));
        check(r#"{"do":"flag","flag":"red","amount_minor":100}"#, None);
        for money in ["refund", "payout", "small_payment", "coupon", "offer", "approve", "settle", "close"] {
            check(&format!(r#"{{"do":"{money}","amount_minor":100}}"#), None);
            check(&format!(r#"{{"do":"{money}"}}"#), None);
        }
        assert_eq!(Spending::parse("refund"), Some(Spending::Refund), "money has its own words, none of which is a step");
    }

    #[test]
    fn what_is_wrong_with_a_step() {
        let check = |step: Step, fault: bool| assert_eq!(step.fault().is_some(), fault, "{step:?}");
        check(Step::Note { text: " ".into() }, true);
        check(Step::Note { text: "好".into() }, false);
        check(Step::Wait { on: WaitingOn::Buyer, until_h: 0, reason: "等".into() }, true);
        check(Step::Wait { on: WaitingOn::Buyer, until_h: 24, reason: String::new() }, true);
        check(Step::Wait { on: WaitingOn::Buyer, until_h: 24, reason: "等".into() }, false);
        check(Step::Assign { to: String::new() }, true);
        check(Step::Flag { flag: Flag::Red }, false);
    }
}
