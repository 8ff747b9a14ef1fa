//! One waybill (包裹) and what its carrier reported: states, reports made sense of, and when a parcel counts as stuck or lost.
//!
//! Owns the reading of traces, however broken; never asks a carrier and never decides about money.

mod journey;
mod judge;
mod report;
mod when;
mod words;

pub use journey::{Journey, journey};
pub use judge::{Limit, Limits, Verdict, View};
pub use report::{Event, Report, read};
pub use when::read_time;

use crate::names::names;

names! {
    /// Where a parcel is, in the words of the fact `parcel.state`.
    State {
        Created, "created", "已下单";
        AwaitingPickup, "awaiting_pickup", "待揽收";
        PickedUp, "picked_up", "已揽收";
        InTransit, "in_transit", "运输中";
        ArrivedCity, "arrived_city", "到达派件城市";
        OutForDelivery, "out_for_delivery", "派件中";
        AtLocker, "at_locker", "已入柜";
        Signed, "signed", "已签收";
        SignedSelf, "signed_self", "本人签收";
        SignedOther, "signed_other", "他人代签";
        SignedLocker, "signed_locker", "柜站取出";
        Stale, "stale", "超时未更新";
        OverdueSign, "overdue_sign", "超时未签收";
        Refused, "refused", "拒收";
        Unreachable, "unreachable", "联系不上";
        OutOfArea, "out_of_area", "超区";
        Held, "held", "滞留";
        Damaged, "damaged", "破损";
        Lost, "lost", "丢失";
        LockerTimeout, "locker_timeout", "柜站超时未取";
        Returning, "returning", "退回中";
        ReturnSigned, "return_signed", "退回签收";
        Forwarded, "forwarded", "转投";
        Cancelled, "cancelled", "销单";
        Customs, "customs", "清关";
    }
}

names! {
    /// Whose hands took it (`parcel.signed_by`).
    Signer {
        Itself, "self", "本人";
        Family, "family", "家人";
        Guard, "guard", "门卫";
        Locker, "locker", "快递柜";
        Station, "station", "驿站";
        Other, "other", "他人";
        Unknown, "unknown_person", "不明";
    }
}

names! {
    /// Which way it goes, seen from the shop.
    Direction {
        Out, "out", "发出";
        In, "in", "退回";
    }
}

names! {
    /// Why it travels.
    Purpose {
        Order, "order", "订单发货";
        Return, "return", "退货";
        Exchange, "exchange", "换货";
        Reship, "reship", "补寄";
        Part, "part", "补配件";
    }
}

impl State {
    /// Handed over to somebody at the address: the carrier says its work is done.
    pub const fn is_signed(self) -> bool {
        matches!(self, Self::Signed | Self::SignedSelf | Self::SignedOther | Self::SignedLocker)
    }

    /// Nothing further is expected of this parcel.
    pub const fn is_over(self) -> bool {
        self.is_signed() || matches!(self, Self::ReturnSigned | Self::Lost | Self::Cancelled)
    }

    /// On its way back to the sender, or there.
    pub const fn comes_back(self) -> bool {
        matches!(self, Self::Refused | Self::Returning | Self::ReturnSigned)
    }

    /// Its place on the ordinary way; `None` for what interrupts it.
    const fn step(self) -> Option<u8> {
        Some(match self {
            Self::Created => 0,
            Self::AwaitingPickup => 1,
            Self::PickedUp => 2,
            Self::InTransit => 3,
            Self::ArrivedCity => 4,
            Self::OutForDelivery => 5,
            Self::AtLocker => 6,
            Self::Signed | Self::SignedSelf | Self::SignedOther | Self::SignedLocker => 7,
            _ => return None,
        })
    }

    /// Whether `finer` says the same as this, with more detail.
    const fn allows(self, finer: Self) -> bool {
        match self {
            Self::Signed => finer.is_signed(),
            Self::InTransit => matches!(finer, Self::ArrivedCity | Self::OutForDelivery | Self::AtLocker | Self::Stale),
            Self::Held => matches!(
                finer,
                Self::Refused | Self::Unreachable | Self::OutOfArea | Self::Damaged | Self::Lost | Self::LockerTimeout | Self::Stale
            ),
            Self::OutForDelivery => matches!(finer, Self::AtLocker),
            _ => false,
        }
    }
}
