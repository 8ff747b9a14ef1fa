//! Acts about the course of a case: words, promises, waiting, tasks, closing, and cases that become one or two.

use super::{Play, parsed};
use aftercare_app::Context;
use aftercare_app::command::CaseRef;
use serde_json::json;

impl Play {
    /// One of them.
    pub async fn course(&mut self, who: &Context, at: CaseRef) {
        let desk = self.world.desk.clone();
        let (now, seeing) = (self.world.now(who), self.world.seeing(who, at).await);
        match self.dice.below(16) {
            0 => {
                let direction = *self.dice.one_of(&["in", "out", "note"]);
                let marks = if direction == "in" && self.dice.chance(50) { json!(["buyer.confirms"]) } else { json!([]) };
                let input = json!({ "direction": direction, "channel": "chat", "text": "您好，马上处理", "marks": marks });
                let outcome = desk.record_contact(&now, at, parsed(input)).await;
                self.note("contact", outcome);
            }
            1 | 2 => {
                let team = *self.dice.one_of(&["finance", "warehouse", "agent"]);
                let input = json!({ "text": "洗衣费", "team": team, "due_in_h": 1 + self.dice.below(30), "amount_minor": 500 });
                let outcome = desk.make_promise(&seeing, at, parsed(input)).await;
                self.note("promise", outcome);
            }
            3 | 4 => {
                let Some(id) = self.one(at, "promises").await else { return };
                let outcome = desk.keep_promise(&now, at, id, parsed(json!({ "proof": "流水 1" }))).await;
                self.note("keep", outcome);
            }
            5 => {
                let Some(id) = self.one(at, "promises").await else { return };
                let input = json!({ "due_in_h": 1 + self.dice.below(60), "reason": "买家同意改期" });
                let outcome = desk.renegotiate_promise(&seeing, at, id, parsed(input)).await;
                self.note("renegotiate", outcome);
            }
            6 => {
                let on = *self.dice.one_of(&["buyer", "carrier", "warehouse"]);
                let input = json!({ "on": on, "until_h": 1 + self.dice.below(48), "reason": "等消息" });
                let outcome = desk.wait(&now, at, parsed(input)).await;
                self.note("wait", outcome);
            }
            7 => {
                let input = json!({ "team": "warehouse", "text": "查包裹", "due_in_h": 1 + self.dice.below(20) });
                let outcome = desk.open_task(&now, at, parsed(input)).await;
                self.note("task", outcome);
            }
            8 => {
                let Some(id) = self.one(at, "tasks").await else { return };
                let outcome = if self.dice.chance(60) {
                    desk.task_done(&now, at, id, parsed(json!({ "note": "好了" }))).await
                } else {
                    desk.cancel_task(&now, at, id).await
                };
                self.note("end task", outcome);
            }
            9 => {
                let input =
                    json!({ "scenario": self.dice.one_of(&["refund_unshipped", "refund_shipped", "damaged_defective", "no_return"]) });
                let outcome = desk.classify(&now, at, parsed(input)).await;
                self.note("classify", outcome);
            }
            10 => {
                let input =
                    json!({ "remedy": "compensation", "means": "coupon", "amount_minor": 100 + self.dice.below(900), "what": "送券" });
                let outcome = desk.draft_offer(&now, at, parsed(input)).await;
                self.note("offer", outcome);
            }
            11 => {
                let Some(id) = self.one(at, "sent_offers").await else { return };
                let outcome = if self.dice.chance(50) {
                    desk.send_offer(&seeing, at, id, parsed(json!({ "valid_for_h": 1 + self.dice.below(30) }))).await
                } else {
                    desk.answer_offer(&seeing, at, id, parsed(json!({ "answer": self.dice.one_of(&["accepted", "refused"]) }))).await
                };
                self.note("send or answer", outcome);
            }
            12 | 13 => {
                let confirmation = *self.dice.one_of(&["buyer", "timeout"]);
                let result = *self.dice.one_of(&["refunded_stopped", "withdrawn", "refunded"]);
                let outcome = desk.close_case(&seeing, at, parsed(json!({ "result": result, "confirmation": confirmation }))).await;
                self.note("close", outcome);
            }
            14 => {
                let outcome = desk.reopen_case(&now, at, parsed(json!({ "reason": "买家又来了" }))).await;
                self.note("reopen", outcome);
            }
            _ => {
                let into = self.dice.one_of(&self.cases.clone()).0;
                let outcome = if self.dice.chance(50) {
                    desk.merge_case(&seeing, at, parsed(json!({ "into": into.id }))).await
                } else {
                    desk.unmerge_case(&seeing, at).await
                };
                self.note("merge or part", outcome);
            }
        }
    }
}
