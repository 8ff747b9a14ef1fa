//! Staff: one person or more for every role of the desk. Owns the roster; rights are the desk's business.

use serde::{Deserialize, Serialize};

/// Somebody who works at the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// Sign-in name; the role is in it.
    pub name: String,
    /// The name shown.
    pub display_name: String,
    /// The number put under remarks.
    pub agent_no: String,
    /// The role, as the desk's text.
    pub role: String,
    /// Codes of the shops granted.
    pub shops: Vec<String>,
}

const ROSTER: &[(&str, &str, &str)] = &[
    ("agent", "林小满", "agent"),
    ("agent2", "周一帆", "agent"),
    ("agent3", "何冬宁", "agent"),
    ("agent4", "许念念", "agent"),
    ("senior", "沈知远", "senior"),
    ("lead", "秦可", "lead"),
    ("supervisor", "顾言", "supervisor"),
    ("night", "唐星河", "night"),
    ("parcel_desk", "罗子期", "parcel_desk"),
    ("reviewer", "余书", "reviewer"),
    ("warehouse", "孟大川", "warehouse"),
    ("warehouse2", "鲁小乔", "warehouse"),
    ("finance", "齐静", "finance"),
    ("quality", "方圆", "quality"),
    ("operations", "安乔", "operations"),
    ("admin", "管理员", "admin"),
    ("auditor", "严谨", "auditor"),
    ("owner", "老板", "owner"),
];

/// The roster; everybody sees all shops.
pub fn roster() -> Vec<Staff> {
    let shops: Vec<String> = super::shops().into_iter().map(|shop| shop.code).collect();
    let row = |(place, (name, shown, role)): (usize, &(&str, &str, &str))| Staff {
        name: (*name).into(),
        display_name: (*shown).into(),
        agent_no: format!("K{:03}", place + 1),
        role: (*role).into(),
        shops: shops.clone(),
    };
    ROSTER.iter().enumerate().map(row).collect()
}

/// Who at the desk does the work of a role: the first of that role.
pub(crate) fn first_of(role: &str) -> String {
    ROSTER.iter().find(|(_, _, has)| *has == role).map_or_else(|| role.to_owned(), |(name, _, _)| (*name).to_owned())
}

/// How many agents take cases.
pub(crate) const AGENTS: [&str; 5] = ["agent", "agent2", "agent3", "agent4", "senior"];
