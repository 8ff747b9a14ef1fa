//! From what a script says was done to the desk's verbs. Owns the translation of names; one act may be several calls.

use aftercare_domain::time::{Micros, Span};
use aftercare_sim::shop::case::CaseScript;
use aftercare_sim::shop::verb::Verb;
use serde_json::{Map, Value, json};

/// One call: the verb's name, and its fields.
pub type Call = (&'static str, Map<String, Value>);

fn call(verb: &'static str, fields: Value) -> Call {
    let mut fields = fields.as_object().cloned().unwrap_or_default();
    fields.retain(|_, value| !value.is_null());
    (verb, fields)
}

/// The calls of an act at its time. Acts of the platform and the carrier are not the desk's.
pub fn calls(script: &CaseScript, verb: &Verb, at: Micros) -> Vec<Call> {
    match verb {
        Verb::Open { channel, text, request, scenario } => {
            let request = json!({ "kind": request.kind, "reason": request.reason, "amount_minor": request.amount_minor, "lines": lines(&request.lines) });
            let emotion = match script.mood.as_str() {
                "angry" => "angry",
                "anxious" | "upset" => "worried",
                _ => "calm",
            };
            let known = script.order_no.clone();
            vec![call(
                "open",
                json!({ "order_no": known, "channel": channel_of(channel), "text": text, "request": without_nothing(request), "scenario": scenario, "emotion": emotion }),
            )]
        }
        Verb::Contact { channel, direction, text, marks, .. } => {
            let verb = if direction == "in" { "hear" } else { "say" };
            vec![call(verb, json!({ "channel": channel_of(channel), "text": text, "marks": marks }))]
        }
        Verb::Classify { scenario, severity, class, .. } => {
            vec![call("classify", json!({ "scenario": scenario, "severity": severity, "class": class }))]
        }
        Verb::Evidence { kind, giver, name } => {
            let giver = if giver == "shop" { "agent" } else { giver };
            vec![call("evidence", json!({ "kind": kind, "giver": giver, "name": name }))]
        }
        Verb::Diagnosis { cause, party, note } => vec![call("diagnose", json!({ "cause": cause, "party": party, "note": note }))],
        Verb::ChangeRequest { kind } => vec![call("change", json!({ "kind": kind }))],
        Verb::Offer { remedy, means, amount_minor, lines: of, text, .. } => vec![call(
            "offer",
            json!({ "remedy": remedy, "means": means, "amount_minor": amount_minor, "lines": lines(of), "what": text, "why": "按本店售后处理办法",
                "by_when": at + Span::days(3), "buyer_must": "无需其他操作", "follows": "您确认后马上办理" }),
        )],
        Verb::Answer { answer } => vec![call("answer", json!({ "answer": answer }))],
        Verb::Approval { subject, amount_minor, note } => {
            vec![call("ask", json!({ "subject": subject, "amount_minor": amount_minor, "note": note }))]
        }
        Verb::Approve { note } => vec![call("approve", json!({ "note": note }))],
        Verb::Decline { note } => vec![call("decline", json!({ "note": note }))],
        Verb::Refund { lines: of, freight_minor, reason, .. } => {
            vec![call(
                "refund",
                json!({ "lines": lines(of), "freight_minor": freight_minor, "reason": reason, "confirm_payouts_seen": true }),
            )]
        }
        Verb::Payout { means, amount_minor, reason, payer } => {
            vec![call("payout", json!({ "means": means, "amount_minor": amount_minor, "reason": reason, "payer": payer }))]
        }
        Verb::Settle { outcome, serial, note } => vec![call("settle", json!({ "outcome": outcome, "serial": serial, "note": note }))],
        Verb::Promise { text, who, due_in_h, amount_minor } => {
            vec![call("promise", json!({ "text": text, "team": team(who), "due_in_h": due_in_h, "amount_minor": amount_minor }))]
        }
        Verb::Keep { proof } => vec![call("keep", json!({ "proof": proof }))],
        Verb::Renegotiate { due_in_h, reason } => vec![call("renegotiate", json!({ "due_in_h": due_in_h, "reason": reason }))],
        Verb::Task { team: of, text, due_in_h } => vec![call("task", json!({ "team": team(of), "text": text, "due_in_h": due_in_h }))],
        Verb::Take => vec![call("take", json!({}))],
        Verb::Done { note } => vec![call("done", json!({ "note": note }))],
        Verb::Return { method, .. } => vec![call("agree", json!({ "method": method }))],
        Verb::Waybill { carrier, waybill } => vec![call("waybill", json!({ "carrier": carrier, "waybill": waybill }))],
        Verb::Scan { waybill } => vec![call("scan", json!({ "waybill": waybill }))],
        Verb::Inspect { units, photos, video } => {
            let unit = |it: &aftercare_sim::shop::verb::UnitFound| json!({ "line_no": it.line_no, "quantity": it.quantity, "condition": it.condition, "note": it.note });
            vec![call("inspect", json!({ "units": units.iter().map(unit).collect::<Vec<_>>(), "photos": photos, "video": video }))]
        }
        Verb::Reserve { sku, quantity, until_h } => vec![call("reserve", json!({ "sku": sku, "quantity": quantity, "until_h": until_h }))],
        Verb::Release => vec![call("release", json!({}))],
        Verb::Ship { sku, quantity, carrier, waybill } => {
            let kind = shipment(script, sku);
            vec![call(
                "send_goods",
                json!({ "kind": kind, "sku": sku, "quantity": quantity, "carrier": carrier, "waybill": waybill, "line_no": 1 }),
            )]
        }
        Verb::Intercept => vec![call("intercept", json!({}))],
        Verb::Freeze => vec![call("freeze", json!({}))],
        Verb::Flag { flag } => vec![call("flag", json!({ "flag": flag }))],
        Verb::Remark { text } => vec![call("remark", json!({ "text": text }))],
        Verb::Assign { user } => vec![call("assign", json!({ "staff": user }))],
        Verb::Wait { on, until_h, reason } => vec![call("wait", json!({ "on": on, "until_h": until_h, "reason": reason }))],
        Verb::Close { result, confirmation, satisfaction, note } => {
            let words = call("note", json!({ "text": note }));
            vec![words, call("close", json!({ "result": result, "confirmation": confirmation, "satisfaction": satisfaction }))]
        }
        Verb::Reopen { reason } => vec![call("reopen", json!({ "reason": reason }))],
        Verb::Platform { .. } | Verb::Carrier { .. } => Vec::new(),
    }
}

fn lines(all: &[aftercare_sim::shop::verb::LineQuantity]) -> Value {
    all.iter()
        .map(|it| without_nothing(json!({ "line_no": it.line_no, "quantity": it.quantity, "amount_minor": it.amount_minor })))
        .collect()
}

fn without_nothing(mut value: Value) -> Value {
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    value
}

fn channel_of(channel: &str) -> &str {
    if channel == "email" { "mail" } else { channel }
}

/// Leads and the owner work in the supervisors' queue.
fn team(who: &str) -> &str {
    if matches!(who, "lead" | "owner") { "supervisor" } else { who }
}

/// A part has letters where a variant has its number.
fn shipment(script: &CaseScript, sku: &str) -> &'static str {
    let is_part = sku.rsplit('-').next().is_some_and(|tail| tail.starts_with(|letter: char| letter.is_ascii_alphabetic()));
    let exchange = script.steps.iter().any(|step| matches!(&step.verb, Verb::Open { request, .. } if request.kind == "exchange"));
    match (is_part, exchange) {
        (true, _) => "part",
        (false, true) => "exchange",
        (false, false) => "reship",
    }
}
