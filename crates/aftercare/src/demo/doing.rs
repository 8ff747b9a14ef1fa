//! One act of the history, with what the desk asks for on the way: somebody's approval, the present version, the right task.
//!
//! Owns the answers to such questions; an act that is refused for any other reason stays refused.

use crate::story::client::{Answer, Ask, Client};
use crate::story::path::plain;
use crate::story::prepare::{About, Said};
use crate::story::value::At;
use crate::story::verbs::verb;
use aftercare_domain::people::{Role, Team};
use aftercare_domain::time::Micros;
use reqwest::Method;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Fields of an act.
pub type Fields = Map<String, Value>;

/// Tries of one act: as it is, with an approval, on a newer version.
const TRIES: usize = 3;

/// How it went.
#[derive(Default)]
pub struct Tally {
    done: usize,
    refused: BTreeMap<String, usize>,
}

impl Tally {
    /// Counts one act under its code.
    pub fn count(&mut self, name: &str, code: &str) {
        if code == "ok" {
            self.done += 1;
        } else {
            *self.refused.entry(format!("{name} {code}")).or_default() += 1;
        }
    }

    /// Says how many there were.
    pub fn tell(&self) {
        let refused: usize = self.refused.values().sum();
        println!("  {} acts happened, {refused} were refused", self.done);
        for (what, count) in &self.refused {
            tracing::info!("{what}: {count}");
        }
    }
}

/// Where and when something is done.
pub struct Doing<'a> {
    pub client: &'a Client,
    pub shop: &'a str,
    pub case: Option<&'a str>,
    pub at: Micros,
}

impl Doing<'_> {
    /// Does it, and what it takes.
    pub async fn go_on(&self, name: &'static str, actor: &str, mut fields: Fields) -> Result<Answer, String> {
        let mut actor = actor.to_owned();
        self.complete(name, &actor, &mut fields).await?;
        if matches!(name, "refund" | "payout") && paid_by_offer(&self.view().await?, name, &fields) {
            return Ok(Answer { status: 200, body: json!({}) });
        }
        for _ in 1..TRIES {
            let answer = self.once(name, &actor, fields.clone()).await?;
            match (name, answer.code()) {
                (_, "stale_version") => {}
                // An accepted offer has agreed already.
                ("agree", "request_ended") => return Ok(Answer { status: 200, ..answer }),
                ("refund" | "payout", "approval_needed") => {
                    let Some(approval) = self.approval(name, &actor, &fields, &answer.body["params"]).await? else { return Ok(answer) };
                    fields.insert("approval_id".into(), json!(approval));
                }
                ("send", "offer_state") if answer.body["params"]["state"] == "needs_approval" => {
                    let about = json!({ "amount_minor": self.last_offer().await?, "approver": "lead" });
                    if self.approval("offer", &actor, &fields, &about).await?.is_none() {
                        return Ok(answer);
                    }
                }
                ("refund", "goods_not_back") => {
                    fields.insert("before_return".into(), json!(true));
                    actor = "lead".to_owned();
                }
                ("close", "money_task_open") => self.finish_tasks(&actor).await?,
                ("say", "contact_refused") => {
                    fields.insert("override".into(), json!({ "reason": "买家约好的时间" }));
                    actor = "lead".to_owned();
                }
                _ => return Ok(answer),
            }
        }
        self.once(name, &actor, fields).await
    }

    async fn once(&self, name: &'static str, actor: &str, mut fields: Fields) -> Result<Answer, String> {
        let verb = verb(name).ok_or_else(|| format!("there is no verb {name}"))?;
        (verb.usual)(&mut fields);
        let about = About { client: self.client, shop: self.shop, case: self.case, at: At { now: self.at, start: self.at } };
        let said = Said { by: Some(actor.to_owned()), which: fields.remove("which"), ..Said::default() };
        match about.prepare(verb, said, &fields).await {
            Ok(ask) => self.client.ask(ask).await,
            Err(_) => Ok(Answer { status: 404, body: json!({ "code": "nothing_there" }) }),
        }
    }

    /// What a script leaves to its reader: the amount of the offer, the task of one's own team.
    async fn complete(&self, name: &str, actor: &str, fields: &mut Fields) -> Result<(), String> {
        if name == "ask" && !fields.contains_key("amount_minor") {
            fields.insert("amount_minor".into(), self.last_offer().await?);
        }
        if matches!(name, "take" | "done") {
            // Names of the demo's staff begin with their role.
            let role = Role::parse(actor.trim_end_matches(|digit: char| digit.is_ascii_digit())).unwrap_or(Role::Agent);
            let mine = |row: &&Value| {
                let team = row["team"].as_str().and_then(Team::parse);
                team.is_some_and(|team| team.served_by(role)) && (row["state"] == "open" || row["state"] == "taken")
            };
            let view = self.view().await?;
            if let Some(row) = view["tasks"].as_array().and_then(|rows| rows.iter().rev().find(mine)) {
                fields.insert("which".into(), row["id"].clone());
            }
        }
        Ok(())
    }

    /// Asks for an approval as the desk demanded it, and has it given; its id.
    async fn approval(&self, subject: &str, actor: &str, fields: &Fields, wanted: &Value) -> Result<Option<String>, String> {
        let amount: Option<i64> = wanted["amount_minor"].as_i64().or_else(|| wanted["amount_minor"].as_str()?.parse().ok());
        let body = json!({ "subject": subject, "amount_minor": amount, "note": "按实际情况申请", "means": fields.get("means") });
        let asked = self.write(actor, "approvals", body).await?;
        let Some(id) = asked.body["result"]["approval_id"].as_str().map(str::to_owned) else { return Ok(None) };
        let approver = wanted["approver"].as_str().unwrap_or("lead");
        let given = self.write(approver, &format!("approvals/{id}/approve"), json!({ "note": "同意" })).await?;
        Ok((given.code() == "ok").then_some(id))
    }

    /// What the other teams have left undone is done by them.
    async fn finish_tasks(&self, agent: &str) -> Result<(), String> {
        let view = self.view().await?;
        for task in view["tasks"].as_array().into_iter().flatten().filter(|task| task["state"] == "open" || task["state"] == "taken") {
            let team = task["team"].as_str().unwrap_or_default();
            let by = if matches!(team, "agent" | "technician") { agent } else { team };
            self.write(by, &format!("tasks/{}/done", plain(&task["id"])), json!({ "note": "已办" })).await?;
        }
        Ok(())
    }

    async fn last_offer(&self) -> Result<Value, String> {
        let view = self.view().await?;
        Ok(view["sent_offers"].as_array().and_then(|rows| rows.last()).map_or(json!(0), |offer| offer["amount_minor"].clone()))
    }

    async fn view(&self) -> Result<Value, String> {
        About { client: self.client, shop: self.shop, case: self.case, at: At { now: self.at, start: self.at } }.view().await
    }

    async fn write(&self, by: &str, path: &str, mut body: Value) -> Result<Answer, String> {
        if let Some(fields) = body.as_object_mut() {
            fields.retain(|_, value| !value.is_null());
        }
        let path = format!("/shops/{}/cases/{}/{path}", self.shop, plain(&json!(self.case)));
        self.client.ask(Ask { by: by.to_owned(), method: Method::POST, path, body: Some(body), key: None, version: None }).await
    }
}

/// Whether an accepted offer has paid this already: the story tells what the desk did by itself, and it must not happen twice.
fn paid_by_offer(view: &Value, name: &str, fields: &Fields) -> bool {
    let line = |line: &Value| line["amount_minor"].as_i64();
    let told = match fields.get("amount_minor").and_then(Value::as_i64) {
        Some(amount) => Some(amount),
        None => fields.get("lines").and_then(Value::as_array).and_then(|lines| lines.iter().map(line).sum()),
    };
    let same = |effect: &&Value| {
        let kind = effect["kind"].as_str().unwrap_or_default();
        let dead = matches!(effect["state"].as_str(), Some("rejected" | "cancelled"));
        !dead && !effect["offer_id"].is_null() && (kind == "refund") == (name == "refund")
    };
    // a story without an amount means the whole line, which the offer was about
    view["effects"].as_array().into_iter().flatten().filter(same).any(|effect| told.is_none_or(|told| effect["amount_minor"] == told))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_accepted_offer_paid_is_not_paid_again() {
        let effect = |kind: &str, amount: i64, offer: Value, state: &str| json!({ "kind": kind, "amount_minor": amount, "offer_id": offer, "state": state });
        let check = |effects: Vec<Value>, name: &str, fields: Value, expect: bool| {
            let fields = fields.as_object().cloned().unwrap_or_default();
            assert_eq!(paid_by_offer(&json!({ "effects": effects }), name, &fields), expect, "{name} {fields:?} {effects:?}");
        };
        let (offer, coupon) = (json!("o1"), json!({ "means": "coupon", "amount_minor": 500 }));
        check(vec![], "payout", coupon.clone(), false);
        check(vec![effect("coupon", 500, offer.clone(), "succeeded")], "payout", coupon.clone(), true);
        check(vec![effect("coupon", 500, offer.clone(), "held")], "payout", coupon.clone(), true);
        check(vec![effect("coupon", 500, offer.clone(), "rejected")], "payout", coupon.clone(), false);
        check(vec![effect("coupon", 500, Value::Null, "succeeded")], "payout", coupon.clone(), false);
        check(vec![effect("coupon", 800, offer.clone(), "succeeded")], "payout", coupon.clone(), false);
        check(vec![effect("refund", 500, offer.clone(), "succeeded")], "payout", coupon, false);
        let part = json!({ "lines": [{ "line_no": 1, "quantity": 1, "amount_minor": 300 }, { "line_no": 2, "quantity": 1, "amount_minor": 200 }] });
        check(vec![effect("refund", 500, offer.clone(), "succeeded")], "refund", part.clone(), true);
        check(vec![effect("refund", 400, offer.clone(), "succeeded")], "refund", part, false);
        check(vec![effect("refund", 900, offer, "succeeded")], "refund", json!({ "lines": [{ "line_no": 1, "quantity": 1 }] }), true);
    }
}
