//! `[[offer]]`: one rung of the ladder.

use super::words::{Act, Bearer, inner};
use super::{Fields, Node, Read, Reading};
use crate::names::names;
use crate::people::Team;
use crate::playbook::fault::Wrong;
use crate::playbook::line::{Amount, Conditions, Length};
use crate::playbook::read::{Lines, Noun, Said, read_names};
use crate::playbook::text::Text;

names! {
    /// A kind of solution (解决方案).
    Remedy {
        Refund, "refund", "退款";
        ReturnRefund, "return_refund", "退货退款";
        Exchange, "exchange", "换货";
        Reship, "reship", "补寄";
        Compensation, "compensation", "补偿";
        FreightReimbursement, "freight_reimbursement", "运费补偿";
        Repair, "repair", "维修";
        OnsiteVisit, "onsite_visit", "上门服务";
        Intercept, "intercept", "拦截包裹";
        OrderChange, "order_change", "修改订单";
        Explanation, "explanation", "解释说明";
    }
}

names! {
    /// How a compensation is given, virtual before cash.
    Means {
        Coupon, "coupon", "优惠券";
        Points, "points", "积分";
        Level, "level", "会员等级";
        RedPacket, "red_packet", "红包";
        Gift, "gift", "赠品";
        Cash, "cash", "现金";
    }
}

read_names!(Remedy, Means);

/// Who pays a return's freight, who lays it out, and how it comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freight {
    /// In the end.
    pub borne_by: Option<Bearer>,
    /// At first.
    pub advanced_by: Option<Bearer>,
    /// At most this much.
    pub cap: Option<Amount>,
    /// When the one who laid it out has it back.
    pub reimbursed: Option<Text>,
}

/// What becomes a promise when the buyer accepts: an act of the shop, never an arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromiseOf {
    /// Who keeps it.
    pub who: Team,
    /// By when, from the acceptance on.
    pub within: Length,
    /// The promise.
    pub text: Said,
}

/// One rung.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    /// Its id.
    pub id: String,
    /// For people.
    pub title: Text,
    /// What it does.
    pub remedy: Remedy,
    /// In order of preference.
    pub means: Vec<Means>,
    /// Possible only then.
    pub when: Conditions,
    /// Each alone rules it out.
    pub unless: Conditions,
    /// Moves to the front then.
    pub first_when: Conditions,
    /// A right of the buyer.
    pub lawful: bool,
    /// What is proposed.
    pub amount: Option<Amount>,
    /// More needs an approval of its own kind.
    pub cap: Option<Amount>,
    /// Binds everyone.
    pub limit: Option<Amount>,
    /// Cost to the shop; the amount where absent.
    pub cost: Option<Amount>,
    /// Until the buyer has it.
    pub takes: Option<Length>,
    /// Freight.
    pub freight: Option<Freight>,
    /// What is promised with it.
    pub promise: Option<PromiseOf>,
    /// What.
    pub what: Option<Said>,
    /// Why this.
    pub why: Option<Said>,
    /// What the buyer has to do.
    pub buyer_must: Option<Said>,
    /// What follows.
    pub follows: Option<Said>,
    /// What has to be said or recorded before it is sent.
    pub asks: Vec<Text>,
    /// The text that goes with it.
    pub script: Option<String>,
    /// What is executed on acceptance, in order.
    pub then: Vec<Act>,
}

impl Rung {
    pub(super) fn read(fields: &mut Fields<'_, '_, '_>) -> Self {
        let rung = Self {
            id: fields.define(Noun::Offer),
            title: fields.need("title"),
            remedy: fields.need("remedy"),
            means: fields.or("means", Vec::new()),
            when: fields.conditions("when"),
            unless: fields.conditions("unless"),
            first_when: fields.conditions("first_when"),
            lawful: fields.or("lawful", false),
            amount: fields.opt("amount"),
            cap: fields.opt("cap"),
            limit: fields.opt("limit"),
            cost: fields.opt("cost"),
            takes: fields.opt("takes"),
            freight: fields.opt("freight"),
            promise: fields.opt("promise"),
            what: fields.opt("what"),
            why: fields.opt("why"),
            buyer_must: fields.opt("buyer_must"),
            follows: fields.opt("follows"),
            asks: fields.or("asks", Vec::new()),
            script: fields.refer("script", Noun::Script),
            then: fields.or("then", Vec::new()),
        };
        if !rung.means.is_empty() && rung.remedy != Remedy::Compensation {
            fields.fault_at("means", Wrong::new(format!("means of a {}", rung.remedy), "means only with remedy compensation"));
        }
        rung
    }
}

impl Read for Freight {
    fn read(reading: &mut Reading<'_>, node: Node<'_>) -> Option<Self> {
        inner(reading, node, |fields| Self {
            borne_by: fields.opt("borne_by"),
            advanced_by: fields.opt("advanced_by"),
            cap: fields.opt("cap"),
            reimbursed: fields.opt("reimbursed"),
        })
    }
    fn blank() -> Self {
        Self { borne_by: None, advanced_by: None, cap: None, reimbursed: None }
    }
}

impl Read for PromiseOf {
    fn read(reading: &mut Reading<'_>, node: Node<'_>) -> Option<Self> {
        inner(reading, node, |fields| Self { who: fields.need("who"), within: fields.need("within"), text: fields.need("text") })
    }
    fn blank() -> Self {
        Self { who: Team::Agent, within: Length::blank(), text: Said::blank() }
    }
}
