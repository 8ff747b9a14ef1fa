//! Turns a written conversation into dated steps on one order. Owns amounts, gaps between words and who usually does what.

use super::buyer::Buyer;
use super::case::Step;
use super::content::{Conversation, ScriptLine};
use super::order::Order;
use super::staff::first_of;
use super::verb::{LineQuantity, Verb};
use super::{goods::Product, parcel};
use aftercare_domain::time::{Micros, Span};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

/// What a conversation is played with. Times of the steps count from zero.
pub(crate) struct Stage<'a> {
    pub(crate) conversation: &'a Conversation,
    pub(crate) order: Option<&'a Order>,
    pub(crate) product: &'a Product,
    pub(crate) buyer: &'a Buyer,
    pub(crate) agent: &'a str,
    pub(crate) agent_no: &'a str,
    /// The outbound parcel.
    pub(crate) waybill: Option<String>,
    /// Makes waybills unique.
    pub(crate) serial: usize,
}

/// The steps, and the stage each has led to.
pub(crate) fn steps(dice: &mut ChaCha8Rng, stage: &Stage<'_>) -> Vec<(String, Step)> {
    let mut play = Play {
        stage,
        at: Micros(0),
        led: "intake".to_owned(),
        team: "agent".to_owned(),
        back: None,
        channel: stage.conversation.channel.clone(),
    };
    let mut steps = Vec::new();
    for line in &stage.conversation.steps {
        match line {
            ScriptLine::Stage(name) => play.led.clone_from(name),
            ScriptLine::Pause(length) => play.at = play.at + *length,
            ScriptLine::Say { who, words } => {
                play.at = play.at + Span::seconds(dice.random_range(40..300));
                let words = &words[dice.random_range(0..words.len())];
                steps.push(play.step(stage.agent.to_owned(), play.say(*who, words, steps.is_empty())));
            }
            ScriptLine::Act { verb, fields, words } => {
                play.at = play.at + Span::seconds(dice.random_range(20..150));
                let (actor, verb) = play.act(dice, verb, fields, words);
                steps.push(play.step(actor, verb));
            }
        }
    }
    steps
}

struct Play<'a> {
    stage: &'a Stage<'a>,
    at: Micros,
    led: String,
    /// The team of the latest task.
    team: String,
    /// The waybill of the latest return.
    back: Option<String>,
    channel: String,
}

impl Play<'_> {
    fn step(&self, actor: String, verb: Verb) -> (String, Step) {
        (self.led.clone(), Step { at: self.at, actor, verb })
    }

    fn say(&self, who: char, words: &str, first: bool) -> Verb {
        let text = self.fill(words);
        let conversation = self.stage.conversation;
        if first {
            let ask = &conversation.request;
            let request = json!({ "kind": ask.kind, "reason": ask.reason, "lines": self.lines(None, None),
                "amount_minor": ask.amount.as_deref().map(|amount| self.amount(amount)) });
            return built(
                json!({ "verb": "open", "channel": self.channel, "text": text, "request": request, "scenario": conversation.scenario }),
            );
        }
        // What was applied for on the platform is then talked over in its chat.
        let channel = match (who, self.channel.as_str()) {
            ('电', _) => "phone",
            (_, "platform") => "chat",
            (_, channel) => channel,
        };
        let apology = ["抱歉", "对不起", "不好意思"].iter().any(|word| who != '买' && text.contains(word));
        let marks: &[&str] = if apology { &["apology"] } else { &[] };
        let direction = if who == '买' { "in" } else { "out" };
        built(json!({ "verb": "contact", "channel": channel, "direction": direction, "text": text, "marks": marks, "sent": true }))
    }

    fn act(&mut self, dice: &mut ChaCha8Rng, verb: &str, fields: &[(String, String)], words: &str) -> (String, Verb) {
        let mut body = json!({ "verb": verb });
        let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        for (key, value) in
            fields.iter().filter(|(key, _)| !matches!(key.as_str(), "by" | "line" | "amount" | "freight" | "part" | "condition"))
        {
            body[key] =
                value.parse::<i64>().map(Value::from).or_else(|_| value.parse::<bool>().map(Value::from)).unwrap_or_else(|_| json!(value));
        }
        if let Some(name) = words_go_to(verb) {
            body[name] = json!(self.fill(words));
        }
        let amount = field("amount").filter(|amount| *amount != "line");
        let lines = || self.lines(field("line"), amount.map(|amount| self.amount(amount)));
        let variant = self.stage.order.map_or_else(|| self.stage.product.variant(0), |order| order.lines[0].sku.clone());
        match verb {
            "classify" => {
                let conversation = self.stage.conversation;
                body = json!({ "verb": verb, "scenario": conversation.scenario, "severity": conversation.severity,
                    "emotion": conversation.mood, "class": conversation.class });
            }
            "offer" => {
                body["lines"] = json!(self.lines(field("line"), None));
                body["amount_minor"] = json!(field("amount").map(|amount| self.amount(amount)));
            }
            "payout" | "promise" | "platform" | "approval" => {
                body["amount_minor"] = json!(field("amount").map(|amount| self.amount(amount)))
            }
            "refund" => {
                body["lines"] = if field("line") == Some("none") { json!([]) } else { json!(lines()) };
                body["freight_minor"] = json!(field("freight").map_or(0, |freight| self.amount(freight)));
            }
            "return" => body["lines"] = json!(self.lines(field("line"), None)),
            "waybill" => {
                let (carrier, waybill) = parcel::waybill(dice, 500_000 + self.stage.serial, false);
                self.back = Some(waybill.clone());
                body = json!({ "verb": verb, "carrier": carrier, "waybill": waybill });
            }
            "scan" => body["waybill"] = json!(self.back.clone().or_else(|| self.stage.waybill.clone()).unwrap_or_default()),
            "inspect" => {
                let unit = |line: LineQuantity| json!({ "line_no": line.line_no, "quantity": line.quantity, "condition": field("condition").unwrap_or("good"), "note": self.fill(words) });
                body["units"] = self.lines(field("line"), None).into_iter().map(unit).collect();
            }
            "reserve" => {
                body["sku"] = json!(variant);
                body["quantity"] = json!(1);
            }
            "ship" => {
                let (carrier, waybill) = parcel::waybill(dice, 700_000 + self.stage.serial, self.stage.product.bulky);
                let sku = field("part").map_or(variant, |part| format!("{}-{part}", self.stage.product.sku));
                body = json!({ "verb": verb, "sku": sku, "quantity": 1, "carrier": carrier, "waybill": waybill });
            }
            "task" => field("team").unwrap_or("agent").clone_into(&mut self.team),
            _ => {}
        }
        let role = field("by").unwrap_or_else(|| usual(verb, &self.team));
        let actor = if matches!(role, "agent" | "technician") { self.stage.agent.to_owned() } else { first_of(role) };
        (actor, built(body))
    }

    /// The first line of the order (or the one named), all its pieces.
    fn lines(&self, line: Option<&str>, amount_minor: Option<i64>) -> Vec<LineQuantity> {
        let Some(order) = self.stage.order else { return Vec::new() };
        let wanted: i64 = line.map_or(1, |line| line.parse().expect("line=N"));
        let found = order.lines.iter().find(|line| line.line_no == wanted).expect("a line of the order");
        vec![LineQuantity { line_no: found.line_no, quantity: found.quantity, amount_minor }]
    }

    fn amount(&self, text: &str) -> i64 {
        let paid = self.stage.order.map_or(self.stage.product.price, |order| order.lines[0].paid_minor);
        match (text, text.strip_suffix('%')) {
            ("line", _) => paid,
            ("freight", _) => self.stage.order.map_or(0, |order| order.freight_minor),
            (_, Some(part)) => paid * part.parse::<i64>().expect("a number before %") / 100,
            (_, None) => text.parse::<i64>().expect("an amount: a number of yuan, a part, line or freight") * 100,
        }
    }

    fn fill(&self, words: &str) -> String {
        let stage = self.stage;
        let line = stage.order.map(|order| &order.lines[0]);
        let mut text = words
            .replace("{product}", &stage.product.title)
            .replace("{spec}", line.map_or(stage.product.specs[0].as_str(), |line| line.spec.as_str()))
            .replace("{order}", stage.order.map_or("", |order| order.order_no.as_str()))
            .replace("{city}", &stage.buyer.city)
            .replace("{agent_no}", stage.agent_no);
        while let Some((before, rest)) = text.split_once("{yuan ") {
            let (amount, after) = rest.split_once('}').expect("{yuan AMOUNT}");
            text = format!("{before}{}{after}", yuan(self.amount(amount)));
        }
        text
    }
}

fn yuan(minor: i64) -> String {
    if minor % 100 == 0 { format!("{}", minor / 100) } else { format!("{}.{:02}", minor / 100, minor % 100) }
}

fn built(body: Value) -> Verb {
    let shown = body.to_string();
    serde_json::from_value(body).unwrap_or_else(|fault| panic!("{fault} in {shown}"))
}

/// Which field the words after `|` are.
fn words_go_to(verb: &str) -> Option<&'static str> {
    match verb {
        "offer" | "promise" | "task" | "remark" | "platform" | "carrier" => Some("text"),
        "diagnosis" | "approval" | "approve" | "decline" | "settle" | "done" | "close" => Some("note"),
        "refund" | "payout" | "renegotiate" | "wait" | "reopen" => Some("reason"),
        "keep" => Some("proof"),
        "evidence" => Some("name"),
        _ => None,
    }
}

/// Whose hand an act usually needs.
fn usual<'a>(verb: &str, team: &'a str) -> &'a str {
    match verb {
        "approve" | "decline" => "lead",
        "settle" | "keep" => "finance",
        "scan" | "inspect" | "ship" => "warehouse",
        "take" | "done" => team,
        "platform" => "platform",
        "carrier" => "carrier",
        _ => "agent",
    }
}
