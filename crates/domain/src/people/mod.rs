//! Who works here. Owns roles; what a role may do stands in `policy`.

mod action;
pub mod authority;
pub mod custom;
pub mod factor;
pub mod identity;
pub mod policy;
mod team;

pub use action::Action;
pub use policy::{Actor, Object, may, permissions};
pub use team::Team;

use crate::names::names;

names! {
    /// A role of the desk (domain §8). A user has exactly one; custom roles narrow one of these. Night takes in and calms only; operations
    /// owns price, gift and coupon facts; the auditor reads and never writes; the owner may decide alone, logged; an api is a program with
    /// a token whose scopes narrow it further. In the order of the policy matrix.
    Role {
        Agent, "agent", "售后客服";
        Senior, "senior", "高级售后";
        Lead, "lead", "售后组长";
        Supervisor, "supervisor", "主管";
        Night, "night", "售前夜班";
        ParcelDesk, "parcel_desk", "查件专员";
        Reviewer, "reviewer", "审单员";
        Warehouse, "warehouse", "仓库";
        Finance, "finance", "财务";
        Quality, "quality", "品控";
        Operations, "operations", "运营";
        Admin, "admin", "管理员";
        Auditor, "auditor", "稽核";
        Owner, "owner", "店主";
        Api, "api", "接口";
    }
}
