//! Whose move it is. Owns the names and the order of precedence; stage says where, waiting-on says who.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Who has to act next (待谁处理).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitingOn {
    /// 客服
    Agent,
    /// 买家
    Buyer,
    /// 主管
    Supervisor,
    /// 仓库
    Warehouse,
    /// 财务
    Finance,
    /// 快递
    Carrier,
    /// 上门师傅
    Technician,
    /// 平台
    Platform,
}

impl WaitingOn {
    /// Everybody a case can wait for.
    pub const ALL: [Self; 8] =
        [Self::Agent, Self::Buyer, Self::Supervisor, Self::Warehouse, Self::Finance, Self::Carrier, Self::Technician, Self::Platform];

    /// The name in storage and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Buyer => "buyer",
            Self::Supervisor => "supervisor",
            Self::Warehouse => "warehouse",
            Self::Finance => "finance",
            Self::Carrier => "carrier",
            Self::Technician => "technician",
            Self::Platform => "platform",
        }
    }

    /// The Chinese name shown to users.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Agent => "客服",
            Self::Buyer => "买家",
            Self::Supervisor => "主管",
            Self::Warehouse => "仓库",
            Self::Finance => "财务",
            Self::Carrier => "快递",
            Self::Technician => "上门师傅",
            Self::Platform => "平台",
        }
    }

    /// Reads the storage name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|who| who.as_str() == text)
    }

    /// Whether the shop itself is idle while it waits for this one: internal clocks pause then.
    pub const fn pauses_own_clocks(self) -> bool {
        matches!(self, Self::Buyer)
    }
}

impl fmt::Display for WaitingOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is under way on a case, as far as it decides whose move it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// The buyer's last message has no answer yet, or words are ready that nobody has sent.
    pub buyer_unanswered: bool,
    /// An approval is pending.
    pub approval_pending: bool,
    /// A person of finance has to execute or settle something.
    pub finance: bool,
    /// An automatic effect is queued, in flight or unknown at the platform.
    pub effect_under_way: bool,
    /// Tasks the case cannot go on without: who has to do the one due first.
    pub task: Option<WaitingOn>,
    /// A return was agreed and the buyer has not sent it.
    pub buyer_to_send: bool,
    /// A parcel of ours or of the buyer's is on its way.
    pub parcel_moving: bool,
    /// A returned parcel arrived and is not inspected.
    pub parcel_to_inspect: bool,
    /// The platform is deciding a dispute.
    pub platform_decides: bool,
    /// An offer, a question or a result was sent and the buyer has not answered.
    pub buyer_asked: bool,
}

/// Whose move it is: a pending decision comes first, then a speaking buyer, then whoever blocks the money, then goods, then the answer we wait for.
pub fn whose_move(moves: &Moves) -> WaitingOn {
    let order = [
        (moves.approval_pending, WaitingOn::Supervisor),
        (moves.buyer_unanswered, WaitingOn::Agent),
        (moves.platform_decides, WaitingOn::Platform),
        (moves.finance, WaitingOn::Finance),
        (moves.parcel_to_inspect, WaitingOn::Warehouse),
        (moves.task.is_some(), moves.task.unwrap_or(WaitingOn::Agent)),
        (moves.effect_under_way, WaitingOn::Platform),
        (moves.buyer_to_send, WaitingOn::Buyer),
        (moves.parcel_moving, WaitingOn::Carrier),
        (moves.buyer_asked, WaitingOn::Buyer),
    ];
    order.into_iter().find(|(holds, _)| *holds).map_or(WaitingOn::Agent, |(_, who)| who)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(moves: Moves, expect: WaitingOn) {
        assert_eq!(whose_move(&moves), expect, "{moves:?}");
    }

    #[test]
    fn precedence() {
        let none = Moves::default;
        check(none(), WaitingOn::Agent);
        check(Moves { buyer_asked: true, ..none() }, WaitingOn::Buyer);
        check(Moves { buyer_asked: true, buyer_unanswered: true, ..none() }, WaitingOn::Agent);
        check(Moves { finance: true, buyer_asked: true, ..none() }, WaitingOn::Finance);
        check(Moves { approval_pending: true, buyer_unanswered: true, ..none() }, WaitingOn::Supervisor);
        check(Moves { task: Some(WaitingOn::Carrier), parcel_moving: true, ..none() }, WaitingOn::Carrier);
        check(Moves { buyer_to_send: true, ..none() }, WaitingOn::Buyer);
        check(Moves { parcel_moving: true, parcel_to_inspect: true, ..none() }, WaitingOn::Warehouse);
        check(Moves { platform_decides: true, finance: true, ..none() }, WaitingOn::Platform);
    }

    #[test]
    fn names_read_back_and_only_the_buyer_pauses() {
        for who in WaitingOn::ALL {
            assert_eq!(WaitingOn::parse(who.as_str()), Some(who));
            assert_eq!(who.pauses_own_clocks(), who == WaitingOn::Buyer);
        }
    }
}
