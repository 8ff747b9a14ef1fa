//! Teams with a task queue of their own. Owns their names and which roles serve them; never who sits in which shift.

use super::Role;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A team that takes tasks and owns promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Team {
    /// 售后客服
    Agent,
    /// 主管
    Supervisor,
    /// 仓库
    Warehouse,
    /// 财务
    Finance,
    /// 查件专员, who also speaks with carriers.
    ParcelDesk,
    /// 审单员
    Reviewer,
    /// 品控
    Quality,
    /// 运营
    Operations,
    /// 上门师傅: outside the desk; the agents enter what the technician reports.
    Technician,
}

impl Team {
    /// Every team.
    pub const ALL: [Self; 9] = [
        Self::Agent,
        Self::Supervisor,
        Self::Warehouse,
        Self::Finance,
        Self::ParcelDesk,
        Self::Reviewer,
        Self::Quality,
        Self::Operations,
        Self::Technician,
    ];

    /// The name in storage and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::Warehouse => "warehouse",
            Self::Finance => "finance",
            Self::ParcelDesk => "parcel_desk",
            Self::Reviewer => "reviewer",
            Self::Quality => "quality",
            Self::Operations => "operations",
            Self::Technician => "technician",
        }
    }

    /// The Chinese name shown to users.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Agent => "售后客服",
            Self::Supervisor => "主管",
            Self::Warehouse => "仓库",
            Self::Finance => "财务",
            Self::ParcelDesk => "查件专员",
            Self::Reviewer => "审单员",
            Self::Quality => "品控",
            Self::Operations => "运营",
            Self::Technician => "上门师傅",
        }
    }

    /// Reads the storage name; `carrier` is the parcel desk's other name, since nobody else speaks with carriers.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "carrier" {
            return Some(Self::ParcelDesk);
        }
        Self::ALL.into_iter().find(|team| team.as_str() == text)
    }

    /// Whether a person of `role` takes this team's tasks. Leads and those above serve the agents' queue too.
    pub const fn served_by(self, role: Role) -> bool {
        match self {
            Self::Agent | Self::Technician => matches!(role, Role::Agent | Role::Senior | Role::Lead | Role::Supervisor | Role::Owner),
            Self::Supervisor => matches!(role, Role::Lead | Role::Supervisor | Role::Owner),
            Self::Warehouse => matches!(role, Role::Warehouse | Role::Owner),
            Self::Finance => matches!(role, Role::Finance | Role::Owner),
            Self::ParcelDesk => matches!(role, Role::ParcelDesk | Role::Owner),
            Self::Reviewer => matches!(role, Role::Reviewer | Role::Owner),
            Self::Quality => matches!(role, Role::Quality | Role::Owner),
            Self::Operations => matches!(role, Role::Operations | Role::Owner),
        }
    }
}

impl fmt::Display for Team {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_team_reads_its_own_name_and_somebody_serves_it() {
        for team in Team::ALL {
            assert_eq!(Team::parse(team.as_str()), Some(team));
            assert!(Role::ALL.iter().any(|role| team.served_by(*role)), "{team}");
        }
        assert_eq!(Team::parse("carrier"), Some(Team::ParcelDesk));
        assert_eq!(Team::parse("kitchen"), None);
    }

    #[test]
    fn those_who_only_read_serve_no_team() {
        for role in [Role::Auditor, Role::Night, Role::Admin, Role::Api] {
            assert!(Team::ALL.iter().all(|team| !team.served_by(role)), "{role}");
        }
    }
}
