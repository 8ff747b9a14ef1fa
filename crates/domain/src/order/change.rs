//! Changing an order (改单): address, recipient, spec, remark, by how far it is. Owns the table of ways.

use super::State;
use crate::names::names;
use crate::refusal::{Code, Refusal};

names! {
    /// What is to be changed (`change.kind`).
    Kind {
        Address, "address", "地址";
        Recipient, "recipient", "收件人";
        Spec, "spec", "规格";
        Remark, "remark", "备注";
        Quantity, "quantity", "数量";
        Invoice, "invoice", "发票";
    }
}

names! {
    /// How it is done.
    Way {
        Edit, "edit", "客服修改后放行";
        Review, "review", "插旗备注，交审单员";
        PullLabel, "pull_label", "通知仓库抽单，改后重打";
        Forward, "forward", "联系快递改派，或拦截";
        Finance, "finance", "交财务";
    }
}

impl Way {
    /// The team whose work it is; `None` when the agent does it.
    pub const fn team(self) -> Option<crate::people::Team> {
        use crate::people::Team;
        match self {
            Self::Edit => None,
            Self::Review => Some(Team::Reviewer),
            Self::PullLabel => Some(Team::Warehouse),
            Self::Forward => Some(Team::ParcelDesk),
            Self::Finance => Some(Team::Finance),
        }
    }
}

/// How `kind` is changed on an order that is this far.
///
/// # Errors
/// `order_change_late` when the goods are beyond it: a new spec is an exchange then, a new quantity another order.
pub fn way(kind: Kind, state: State) -> Result<Way, Refusal> {
    use {Kind as K, State as S};
    let late = || Err(Refusal::new(Code::OrderChangeLate).with("kind", kind.zh()).with("state", state.zh()));
    match (kind, state) {
        (K::Invoice, S::Closed) => late(),
        (K::Invoice, _) => Ok(Way::Finance),
        (_, S::Signed | S::Completed | S::Closed) => late(),
        (_, S::Unpaid | S::Paid) => Ok(Way::Edit),
        (_, S::Reviewed) => Ok(Way::Review),
        (_, S::LabelPrinted | S::Packed) => Ok(Way::PullLabel),
        (K::Address | K::Recipient, S::Shipped) => Ok(Way::Forward),
        (K::Spec | K::Quantity | K::Remark, S::Shipped) => late(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_by_state() {
        let mut table = String::new();
        for kind in Kind::ALL {
            for state in State::ALL {
                let how = way(*kind, *state).map_or_else(|no| no.code.as_str().to_owned(), |way| way.to_string());
                table.push_str(&format!("{:<12}{:<16}{how}\n", kind.as_str(), state.as_str()));
            }
        }
        insta::assert_snapshot!("ways", table);
    }
}
