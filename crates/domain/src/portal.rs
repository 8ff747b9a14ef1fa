//! The buyer's own page (买家自助): which orders it serves, where a problem stands in a buyer's words, what happens next and until when.
//!
//! Owns these answers. Says nothing of limits, people or notes of the shop; the words themselves stand in the page's catalogues.

use crate::case::{Stage, WaitingOn};
use crate::names::names;
use crate::time::Micros;
use serde::{Deserialize, Serialize};

/// Where an order is the shop's own and a page of the shop leads nobody off a platform; a shop without a platform is one of them.
const OWN: &[&str] = &["", "own_site", "offline"];

/// The shop's setting `portal`. Absent: off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Portal {
    /// Whether the page is there at all.
    pub on: bool,
    /// Sales platforms whose orders it serves besides the shop's own; a marketplace is named here or refused.
    #[serde(default)]
    pub platforms: Vec<String>,
}

impl Portal {
    /// Whether orders of this sales platform are served.
    pub fn serves(&self, platform: &str) -> bool {
        self.on && (OWN.contains(&platform) || self.platforms.iter().any(|named| named == platform))
    }
}

names! {
    /// Whose move it is and what comes of it, as the buyer is told.
    What {
        Decide, "decide", "请您答复方案";
        SendBack, "send_back", "请您寄回商品";
        Confirm, "confirm", "请您确认是否解决";
        Reply, "reply", "请您回复客服";
        Answer, "answer", "客服答复您";
        Arrange, "arrange", "内部确认处理办法";
        Handle, "handle", "仓库、财务或师傅办理";
        OnTheWay, "on_the_way", "包裹在路上";
        Platform, "platform", "支付或平台处理";
        Nothing, "nothing", "已结束";
    }
}

/// What is known of a case that bears on what the buyer waits for.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Where it stands.
    pub stage: Stage,
    /// Whose move the desk says it is.
    pub waiting_on: WaitingOn,
    /// Until when the newest unanswered offer holds; absent without one.
    pub offer_until: Option<Micros>,
    /// A return was agreed and nothing is on its way back.
    pub to_send_back: bool,
    /// The nearest time somebody promised the buyer.
    pub promised: Option<Micros>,
    /// The nearest time by which the team whose move it is wants to be done.
    pub expected: Option<Micros>,
    /// By when the first answer is due; absent once it was given.
    pub first_answer: Option<Micros>,
}

/// What happens next and, where it is known, until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Next {
    /// What.
    pub what: What,
    /// Until when; a time that has passed is not told again as if it were ahead.
    pub by: Option<Micros>,
}

/// What happens next. What the buyer can do comes before what the shop does, so that nobody waits for each other.
pub fn next(case: &Standing, now: Micros) -> Next {
    let (what, by) = match (case.stage, case.waiting_on) {
        (Stage::Closed, _) => (What::Nothing, None),
        _ if case.offer_until.is_some_and(|until| until > now) => (What::Decide, case.offer_until),
        _ if case.to_send_back => (What::SendBack, None),
        (Stage::Confirmation, WaitingOn::Buyer | WaitingOn::Agent) => (What::Confirm, None),
        (_, WaitingOn::Buyer) => (What::Reply, None),
        (_, WaitingOn::Agent) => (What::Answer, case.promised.or(case.first_answer)),
        (_, WaitingOn::Supervisor) => (What::Arrange, case.promised.or(case.first_answer)),
        (_, WaitingOn::Warehouse | WaitingOn::Finance | WaitingOn::Technician) => (What::Handle, case.promised.or(case.expected)),
        (_, WaitingOn::Carrier) => (What::OnTheWay, case.promised.or(case.expected)),
        (_, WaitingOn::Platform) => (What::Platform, case.promised),
    };
    Next { what, by: by.filter(|by| *by > now) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marketplaces_are_served_only_where_the_shop_says_so() {
        let check = |setting: &str, platform: &str, expect: bool| {
            let portal: Portal = serde_json::from_str(setting).expect("a setting");
            assert_eq!(portal.serves(platform), expect, "{setting} {platform}");
        };
        check(r#"{"on":true}"#, "", true);
        check(r#"{"on":true}"#, "own_site", true);
        check(r#"{"on":true}"#, "offline", true);
        check(r#"{"on":true}"#, "tmall", false);
        check(r#"{"on":true,"platforms":["tmall"]}"#, "tmall", true);
        check(r#"{"on":true,"platforms":["tmall"]}"#, "jd", false);
        check(r#"{"on":false,"platforms":["tmall"]}"#, "tmall", false);
        check(r#"{"on":false}"#, "own_site", false);
        assert!(!Portal::default().serves("own_site"));
    }

    #[test]
    fn the_buyer_is_told_one_next_thing() {
        let quiet = Standing {
            stage: Stage::Diagnosis,
            waiting_on: WaitingOn::Agent,
            offer_until: None,
            to_send_back: false,
            promised: None,
            expected: None,
            first_answer: None,
        };
        let at = |n: i64| Some(Micros(n));
        let check = |case: Standing, what: What, by: Option<Micros>| assert_eq!(next(&case, Micros(100)), Next { what, by }, "{case:?}");
        check(quiet, What::Answer, None);
        check(Standing { first_answer: at(120), ..quiet }, What::Answer, at(120));
        check(Standing { first_answer: at(80), ..quiet }, What::Answer, None);
        check(Standing { promised: at(300), first_answer: at(120), ..quiet }, What::Answer, at(300));
        check(Standing { offer_until: at(200), to_send_back: true, ..quiet }, What::Decide, at(200));
        check(Standing { offer_until: at(100), ..quiet }, What::Answer, None);
        let buyers = Standing { waiting_on: WaitingOn::Buyer, ..quiet };
        check(buyers, What::Reply, None);
        check(Standing { to_send_back: true, ..buyers }, What::SendBack, None);
        check(Standing { stage: Stage::Confirmation, ..buyers }, What::Confirm, None);
        check(Standing { stage: Stage::Confirmation, ..quiet }, What::Confirm, None);
        let works = Standing { stage: Stage::Execution, waiting_on: WaitingOn::Warehouse, expected: at(400), ..quiet };
        check(works, What::Handle, at(400));
        check(Standing { promised: at(300), ..works }, What::Handle, at(300));
        check(Standing { waiting_on: WaitingOn::Carrier, ..works }, What::OnTheWay, at(400));
        check(Standing { waiting_on: WaitingOn::Platform, ..works }, What::Platform, None);
        check(Standing { waiting_on: WaitingOn::Supervisor, ..works }, What::Arrange, None);
        check(Standing { stage: Stage::Closed, offer_until: at(200), ..works }, What::Nothing, None);
    }
}
