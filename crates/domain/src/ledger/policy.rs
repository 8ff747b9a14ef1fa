//! Where shops differ: switches that are data, per shop and scenario. Owns their names, values and defaults; reads no settings.
//!
//! A decision records the values that were in force.

use crate::names::names;
use crate::people::Role;
use serde::{Deserialize, Serialize};

names! {
    /// What happens to a promotion when part of an order goes back.
    Promotion {
        Keep, "keep", "维持分摊";
        Recompute, "recompute", "重算优惠";
    }
}

names! {
    /// Whether outbound freight goes back after shipping.
    FreightAfterShipping {
        ShopFault, "shop_fault", "商家责任才退";
        Always, "always", "都退";
        Never, "never", "不退";
    }
}

names! {
    /// A second request on a unit that is being made good.
    SecondRequest {
        Refuse, "refuse", "拒绝";
        Supersede, "supersede", "取代前一个";
    }
}

names! {
    /// The refund of a unit received damaged.
    DamagedReturn {
        Full, "full", "全额";
        Grade, "grade", "按定级建议扣减";
    }
}

names! {
    /// When the window for returns starts.
    ReturnWindow {
        DayAfterSigning, "day_after_signing", "签收次日";
        Completion, "completion", "交易成功";
    }
}

names! {
    /// Who may refund before the goods are back.
    BeforeReturn {
        Agent, "agent", "客服";
        Lead, "lead", "组长";
        Supervisor, "supervisor", "主管";
        Nobody, "nobody", "不允许";
    }
}

impl BeforeReturn {
    /// Whether this role is among them.
    pub fn allows(self, role: Role) -> bool {
        match self {
            Self::Agent => matches!(role, Role::Agent | Role::Senior | Role::Api) || Self::Lead.allows(role),
            Self::Lead => matches!(role, Role::Lead) || Self::Supervisor.allows(role),
            Self::Supervisor => matches!(role, Role::Supervisor | Role::Owner),
            Self::Nobody => false,
        }
    }
}

/// A share taken off by the grade of an inspected unit; only ever a proposal to the buyer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grade {
    /// The grade as the warehouse writes it.
    pub grade: String,
    /// Percent of the unit's refund.
    pub off_percent: i64,
}

/// The switches in force for one decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// What happens to a promotion when part of an order goes back.
    pub promotion_on_partial_return: Promotion,
    /// Whether outbound freight goes back after shipping.
    pub freight_after_shipping: FreightAfterShipping,
    /// A second request on a unit that is being made good.
    pub second_request: SecondRequest,
    /// The refund of a unit received damaged.
    pub damaged_return: DamagedReturn,
    /// Whether payouts reduce what can still be refunded.
    pub payouts_reduce_refundable: bool,
    /// When the window for returns starts.
    pub return_window_starts: ReturnWindow,
    /// Who may refund before the goods are back.
    pub refund_before_return: BeforeReturn,
    /// The hard limit of all payouts of one order, minor units; none when absent.
    pub payouts_per_order_minor: Option<i64>,
    /// Deductions proposed by grade.
    pub grades: Vec<Grade>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            promotion_on_partial_return: Promotion::Keep,
            freight_after_shipping: FreightAfterShipping::ShopFault,
            second_request: SecondRequest::Refuse,
            damaged_return: DamagedReturn::Full,
            payouts_reduce_refundable: false,
            return_window_starts: ReturnWindow::DayAfterSigning,
            refund_before_return: BeforeReturn::Lead,
            payouts_per_order_minor: None,
            grades: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_are_data_with_defaults() {
        let given: Policy = serde_json::from_str(r#"{"second_request": "supersede"}"#).expect("switches");
        assert_eq!(given, Policy { second_request: SecondRequest::Supersede, ..Policy::default() });
        assert!(serde_json::from_str::<Policy>(r#"{"second_request": "perhaps"}"#).is_err());
    }

    #[test]
    fn whoever_is_higher_may_too() {
        let check = |who: BeforeReturn, role: Role, expect: bool| assert_eq!(who.allows(role), expect, "{who} {role}");
        check(BeforeReturn::Agent, Role::Agent, true);
        check(BeforeReturn::Agent, Role::Warehouse, false);
        check(BeforeReturn::Lead, Role::Senior, false);
        check(BeforeReturn::Lead, Role::Supervisor, true);
        check(BeforeReturn::Nobody, Role::Owner, false);
    }
}
