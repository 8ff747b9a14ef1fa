//! The gate before every word to a buyer (沟通关口): allow, warn or refuse, why, and from when it is allowed.
//!
//! Owns the one decision for what we send and for texts a person pastes into a platform's chat. Reads nothing, sends nothing;
//! hours and words are data (`data/gate_cn.toml`). An override needs a name and a reason and never lifts what is final.

mod folded;
mod gate;
mod hours;
mod later;
mod personal;
mod promise;
mod rules;
mod words;

pub use gate::{Fit, Gate, Judgement, Level, Proposal, Reason, Situation, Why};
pub use hours::Daily;
pub use later::{AHEAD, Due, Hindrance, Later, by_itself, is_ahead};
pub use personal::Personal;

use crate::names::names;

names! {
    /// By which way something was said. `hand`, `api` and `system` exist at intake only.
    Channel {
        Chat, "chat", "在线聊天";
        Phone, "phone", "电话";
        Sms, "sms", "短信";
        Email, "email", "邮件";
        Portal, "portal", "自助页面";
        Platform, "platform", "平台申请";
        Hand, "hand", "手工录入";
        Api, "api", "接口";
        System, "system", "系统发现";
    }
}

#[cfg(test)]
mod gate_tests;
