//! What can be done to the outside world. Owns the list and what each kind spends.

use crate::names::names;
use crate::people::authority::Spending;

names! {
    /// A kind of effect. Those the platform carries out bear the name of its call.
    Kind {
        Refund, "refund", "退款";
        AgreeReturn, "agree_return", "同意退货";
        RefuseRequest, "refuse_request", "拒绝申请";
        ModifyAmount, "modify_amount", "修改金额";
        Coupon, "coupon", "优惠券";
        Points, "points", "积分";
        Level, "level", "会员等级";
        RedPacket, "red_packet", "红包";
        Gift, "gift", "赠品";
        SmallPayment, "small_payment", "小额打款";
        FreezeShipment, "freeze_shipment", "拦停发货";
        Intercept, "intercept", "拦截包裹";
        Remark, "remark", "备注";
        Flag, "flag", "插旗";
        Message, "message", "消息";
    }
}

impl Kind {
    /// What it spends; `None` for what costs nothing.
    pub const fn spends(self) -> Option<Spending> {
        match self {
            Self::Refund => Some(Spending::Refund),
            Self::RedPacket | Self::Gift | Self::SmallPayment => Some(Spending::Payout),
            Self::Coupon | Self::Points | Self::Level => Some(Spending::Virtual),
            _ => None,
        }
    }

    /// Whether only a person can carry it out: no platform has a call for it.
    pub const fn by_hand_only(self) -> bool {
        matches!(self, Self::Level)
    }

    /// Whether an outcome has to be known before anything else is done with the order's money or goods.
    pub const fn weighs(self) -> bool {
        self.spends().is_some() || matches!(self, Self::FreezeShipment | Self::Intercept)
    }

    /// The kind a means of compensation is paid by; cash travels as a small payment.
    pub fn of_means(means: &str) -> Option<Self> {
        let kind = Self::parse(if means == "cash" { "small_payment" } else { means })?;
        matches!(kind.spends(), Some(Spending::Payout | Spending::Virtual)).then_some(kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_kinds_that_pay_out() {
        assert_eq!(Kind::of_means("coupon"), Some(Kind::Coupon));
        assert_eq!(Kind::of_means("small_payment"), Some(Kind::SmallPayment));
        assert_eq!(Kind::of_means("cash"), Some(Kind::SmallPayment));
        assert_eq!(Kind::of_means("refund"), None);
        assert_eq!(Kind::of_means("remark"), None);
        for kind in Kind::ALL.iter().filter(|kind| Kind::of_means(kind.as_str()).is_some()) {
            assert_eq!(kind.spends(), Some(Spending::of_means(kind.as_str())), "{kind}");
        }
    }
}
