//! Who works here. Owns roles; what a role may do stands in `policy`.

mod action;
pub mod authority;
pub mod policy;
mod team;

pub use action::Action;
pub use policy::{Actor, Object, may, permissions};
pub use team::Team;

use serde::{Deserialize, Serialize};
use std::fmt;

/// A role of the desk (domain §8). A user has exactly one; custom roles narrow one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 售后客服
    Agent,
    /// 高级售后
    Senior,
    /// 售后组长
    Lead,
    /// 主管
    Supervisor,
    /// 售前夜班: intake and calming only.
    Night,
    /// 查件专员
    ParcelDesk,
    /// 审单员
    Reviewer,
    /// 仓库
    Warehouse,
    /// 财务
    Finance,
    /// 品控
    Quality,
    /// 运营: owns price, gift and coupon facts.
    Operations,
    /// 管理员
    Admin,
    /// 稽核: reads, never writes.
    Auditor,
    /// 店主: may decide alone, logged.
    Owner,
    /// A program with a token; its scopes narrow it further.
    Api,
}

impl Role {
    /// Every role, in the order of the policy matrix.
    pub const ALL: [Self; 15] = [
        Self::Agent,
        Self::Senior,
        Self::Lead,
        Self::Supervisor,
        Self::Night,
        Self::ParcelDesk,
        Self::Reviewer,
        Self::Warehouse,
        Self::Finance,
        Self::Quality,
        Self::Operations,
        Self::Admin,
        Self::Auditor,
        Self::Owner,
        Self::Api,
    ];

    /// The name in storage and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Senior => "senior",
            Self::Lead => "lead",
            Self::Supervisor => "supervisor",
            Self::Night => "night",
            Self::ParcelDesk => "parcel_desk",
            Self::Reviewer => "reviewer",
            Self::Warehouse => "warehouse",
            Self::Finance => "finance",
            Self::Quality => "quality",
            Self::Operations => "operations",
            Self::Admin => "admin",
            Self::Auditor => "auditor",
            Self::Owner => "owner",
            Self::Api => "api",
        }
    }

    /// Reads the storage name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
