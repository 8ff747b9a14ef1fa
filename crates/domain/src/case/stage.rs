//! The stages of a case and how what happens moves them. Owns the one machine; never looks at the scenario.

use crate::refusal::{Code, Refusal};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 受理
    Intake,
    /// 核实定责
    Diagnosis,
    /// 协商
    Negotiation,
    /// 执行
    Execution,
    /// 确认
    Confirmation,
    /// 归档
    Closed,
}

impl Stage {
    /// Every stage, first to last.
    pub const ALL: [Self; 6] = [Self::Intake, Self::Diagnosis, Self::Negotiation, Self::Execution, Self::Confirmation, Self::Closed];

    /// The name in storage and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Diagnosis => "diagnosis",
            Self::Negotiation => "negotiation",
            Self::Execution => "execution",
            Self::Confirmation => "confirmation",
            Self::Closed => "closed",
        }
    }

    /// The Chinese name shown to users.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Intake => "受理",
            Self::Diagnosis => "核实定责",
            Self::Negotiation => "协商",
            Self::Execution => "执行",
            Self::Confirmation => "确认",
            Self::Closed => "归档",
        }
    }

    /// Reads the storage name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == text)
    }

    /// Whether work on the case goes on.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Closed)
    }

    /// The stage after `happened`.
    ///
    /// Talk and checks never push a running execution back; work may start from any open stage (the fast lane skips what it does not need).
    ///
    /// # Errors
    /// `case_closed` for anything but a reopening of a closed case, `case_not_closed` for the reopening of an open one.
    pub fn after(self, happened: Happened) -> Result<Self, Refusal> {
        use Happened as H;
        match (self, happened) {
            (Self::Closed, H::Reopened) => Ok(Self::Negotiation),
            (Self::Closed, _) => Err(Code::CaseClosed.into()),
            (_, H::Reopened) => Err(Code::CaseNotClosed.into()),
            (_, H::Closed) => Ok(Self::Closed),
            (Self::Intake, H::Checking) => Ok(Self::Diagnosis),
            (Self::Intake | Self::Diagnosis, H::Diagnosed) => Ok(Self::Negotiation),
            (Self::Intake | Self::Diagnosis | Self::Confirmation, H::Offered) => Ok(Self::Negotiation),
            (_, H::WorkStarted) => Ok(Self::Execution),
            (Self::Execution, H::WorkDone) => Ok(Self::Confirmation),
            (Self::Execution, H::WorkFailed) => Ok(Self::Negotiation),
            (Self::Confirmation, H::Objected) => Ok(Self::Negotiation),
            (stage, H::Checking | H::Diagnosed | H::Offered | H::WorkDone | H::WorkFailed | H::Objected) => Ok(stage),
        }
    }
}

impl Stage {
    /// The stage once the only work under way was taken back before anything of it had left: the one `before` it.
    #[must_use]
    pub fn taken_back(self, before: Self) -> Self {
        if self == Self::Execution && before.is_open() { before } else { self }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What moves a case between stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Happened {
    /// Facts are being looked for: evidence asked for, a team asked to check.
    Checking,
    /// Cause and responsible party are set.
    Diagnosed,
    /// An offer was drafted or sent.
    Offered,
    /// Something is being done: an effect, a promise, an agreed return, a reservation.
    WorkStarted,
    /// The last piece of work under way ended well.
    WorkDone,
    /// The last piece of work under way ended without its result; another way is needed.
    WorkFailed,
    /// The buyer is not content with what was done.
    Objected,
    /// Closed, after `may_close` agreed.
    Closed,
    /// Opened again after closing.
    Reopened,
}

impl Happened {
    /// Everything that can happen, in the order above.
    pub const ALL: [Self; 9] = [
        Self::Checking,
        Self::Diagnosed,
        Self::Offered,
        Self::WorkStarted,
        Self::WorkDone,
        Self::WorkFailed,
        Self::Objected,
        Self::Closed,
        Self::Reopened,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machine() {
        let mut text = String::new();
        for happened in Happened::ALL {
            text.push_str(&format!("{happened:?}\n"));
            for stage in Stage::ALL {
                let to = stage.after(happened).map_or_else(|no| format!("refused: {}", no.code.as_str()), |to| to.to_string());
                text.push_str(&format!("  {:<14}{to}\n", stage.as_str()));
            }
        }
        insta::assert_snapshot!("stages", text);
    }

    #[test]
    fn what_was_taken_back_leaves_no_stage_behind() {
        let check = |now: Stage, before: Stage, expect: Stage| assert_eq!(now.taken_back(before), expect, "{now} after {before}");
        check(Stage::Execution, Stage::Intake, Stage::Intake);
        check(Stage::Execution, Stage::Negotiation, Stage::Negotiation);
        check(Stage::Execution, Stage::Execution, Stage::Execution);
        // the case went on meanwhile, or the stage before was none to work in
        check(Stage::Confirmation, Stage::Intake, Stage::Confirmation);
        check(Stage::Execution, Stage::Closed, Stage::Execution);
    }

    #[test]
    fn names_read_back() {
        for stage in Stage::ALL {
            assert_eq!(Stage::parse(stage.as_str()), Some(stage));
            assert_eq!(serde_json::to_value(stage).expect("json"), stage.as_str());
        }
    }
}
