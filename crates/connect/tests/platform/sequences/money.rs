//! Acts about money: refunds, payouts, approvals, effects by hand, and the platform's own refunds.

use super::{Play, parsed};
use crate::world::SECRET;
use aftercare_app::Context;
use aftercare_app::approval::Approve;
use aftercare_app::callback::Signed;
use aftercare_app::command::CaseRef;
use aftercare_app::effect::by_person::SettleEffect;
use aftercare_domain::id::Id;
use aftercare_sim::platform::callback::signature;
use serde_json::{Value, json};

impl Play {
    /// One of them.
    pub async fn money(&mut self, who: &Context, at: CaseRef, order_no: &str) {
        match self.dice.below(9) {
            0..=2 => self.refund(who, at).await,
            3 | 4 => self.payout(who, at).await,
            5 => self.ask(who, at).await,
            6 => self.approve(who, at).await,
            7 => {
                if self.dice.chance(60) {
                    self.settle(at).await;
                } else {
                    self.cancel(who, at).await;
                }
            }
            _ => self.act(order_no).await,
        }
    }

    async fn refund(&mut self, who: &Context, at: CaseRef) {
        let (line, quantity) = (1 + self.dice.below(2), self.dice.below(3));
        let named = quantity == 0 || self.dice.chance(20);
        let amount = named.then(|| self.dice.below(3_000));
        let mut input = json!({ "lines": [{ "line_no": line, "quantity": quantity, "amount_minor": amount }],
            "confirm_payouts_seen": self.dice.chance(80), "before_return": self.dice.chance(50), "approval_id": self.approval(at).await });
        if self.dice.chance(30) {
            input["freight_minor"] = json!(self.dice.below(1_200));
        }
        let outcome = self.world.refund(who, at, input).await;
        self.note("refund", outcome);
    }

    async fn payout(&mut self, who: &Context, at: CaseRef) {
        let means = *self.dice.one_of(&["small_payment", "coupon", "cash", "red_packet"]);
        let payer = *self.dice.one_of(&["platform", "finance"]);
        let input =
            json!({ "means": means, "amount_minor": self.dice.below(5_000), "payer": payer, "approval_id": self.approval(at).await });
        let outcome = self.world.payout(who, at, input).await;
        self.note("payout", outcome);
    }

    async fn ask(&mut self, who: &Context, at: CaseRef) {
        let subject = *self.dice.one_of(&["refund", "payout"]);
        let input = json!({ "subject": subject, "amount_minor": self.dice.below(9_000) });
        let context = self.world.now(who);
        let outcome = self.world.desk.ask_approval(&context, at, parsed(input)).await;
        self.note("ask", outcome);
    }

    /// An approval of the case, now and then.
    async fn approval(&mut self, at: CaseRef) -> Option<Id> {
        if self.dice.chance(60) { None } else { self.one(at, "approvals").await }
    }

    async fn approve(&mut self, who: &Context, at: CaseRef) {
        if let Some(id) = self.approval(at).await {
            let yes = Approve { note: String::new(), amount_minor: None };
            let context = self.world.now(who);
            let outcome = self.world.desk.approve(&context, at, id, yes).await;
            self.note("approve", outcome);
        }
    }

    /// Records what was done by hand. Whoever looks after a lost answer looks well: that is another test's business.
    async fn settle(&mut self, at: CaseRef) {
        let all = self.world.view(at).await["effects"].as_array().cloned().unwrap_or_default();
        let by_hand: Vec<Value> = all.into_iter().filter(|effect| effect["manual"] == true).collect();
        if by_hand.is_empty() {
            return;
        }
        let Some(id) = self.dice.one_of(&by_hand)["id"].as_str().and_then(Id::parse) else { return };
        let outcome = *self.dice.one_of(&["succeeded", "rejected"]);
        self.acts += 1;
        let input = SettleEffect { outcome: outcome.into(), serial: format!("S{}-{}", self.name, self.acts), note: String::new() };
        let context = self.world.now(&self.people[3]);
        let outcome = self.world.desk.settle_effect(&context, at, id, input).await;
        self.note("settle", outcome);
    }

    async fn cancel(&mut self, who: &Context, at: CaseRef) {
        let Some(id) = self.one(at, "effects").await else { return };
        let context = self.world.now(who);
        let outcome = self.world.desk.cancel_effect(&context, at, id).await;
        self.note("cancel", outcome);
    }

    /// The platform refunds by itself and tells, once or twice.
    async fn act(&mut self, order_no: &str) {
        let amount = 1 + self.dice.below(4_000);
        let done = self.world.tell("/act", json!({ "kind": "auto_refund", "order_no": order_no, "amount_minor": amount })).await;
        let Some(refund_id) = done["refund_id"].as_str() else { return };
        let event_id = done["event_id"].as_str().unwrap_or_default();
        let body =
            json!({ "event_id": event_id, "event": "auto_refund", "order_no": order_no, "amount_minor": amount, "refund_id": refund_id });
        let body = body.to_string();
        for _ in 0..1 + self.dice.below(2) {
            let signed =
                Signed { event_id, timestamp: "1795485900", signature: &signature(SECRET, "1795485900", &body), body: body.as_bytes() };
            self.world.desk.take_callback(self.world.shop, &signed).await.expect("taken in");
        }
        self.log.push(format!("act {amount}"));
    }
}
