//! Every name used here is in the catalogue, told facts and rows take their precedence, and sums are of the lines concerned.

use super::known::{Head, Inspection, Line, Order, Parcel, Request};
use super::*;
use crate::ids::new_id;
use aftercare_domain::id::ShopId;
use aftercare_domain::playbook::Value;
use aftercare_domain::time::Span;
use serde_json::json;

fn now() -> Micros {
    Micros::parse("2026-11-24T10:05:00+08:00").expect("a time")
}

fn known() -> Known {
    let order = Order {
        no: "A1".into(),
        state: "signed".into(),
        paid: 17_900,
        signed_at: Some(now() - Span::days(2)),
        shipped_at: Some(now() - Span::days(4)),
        facts: json!({ "insured": true, "nonsense": 1 }),
        ..Order::default()
    };
    let line = |no: i64, paid: i64, quantity: i64| Line {
        no,
        title: format!("衣服{no}"),
        category: "clothing".into(),
        quantity,
        paid,
        shipped: quantity,
        card: Some(json!({ "weight": 800, "cost_minor": 1_200 })),
        available: Some(5 - no),
        ..Line::default()
    };
    Known {
        head: Head { platform: "tmall".into(), order: Some(order), level: Some(String::new()), ..Head::default() },
        lines: vec![line(1, 8_900, 1), line(2, 9_000, 3)],
        requests: vec![Request {
            kind: "return_refund".into(),
            state: "open".into(),
            reason: "defective".into(),
            lines: json!([{ "line_no": 2, "quantity": 2 }]),
            applied_at: now(),
            open: true,
            ..Request::default()
        }],
        ..Known::default()
    }
}

fn case() -> CaseRow {
    let draft = CaseRow::new(ShopId(1), new_id(now()), new_id(now()), now());
    CaseRow { order: Some(new_id(now())), channel: "chat".into(), ..draft }
}

fn shown(case: &CaseRow, known: &Known, name: &str) -> String {
    let catalogue = Catalogue::standard();
    let projected = project(case, known, catalogue, None, now());
    let id = catalogue.find(name).unwrap_or_else(|| panic!("no fact {name}"));
    let fact = catalogue.fact(id);
    projected
        .facts
        .get(id)
        .map_or("-".into(), |value| aftercare_domain::playbook::line::show(value, fact, aftercare_domain::china::OFFSET_MIN).en)
}

#[test]
fn sums_are_of_the_lines_asked_about() {
    let check = |name: &str, expect: &str| assert_eq!(shown(&case(), &known(), name), expect, "{name}");
    check("line.title", "\"衣服2\"");
    check("line.paid", "60 元");
    check("line.refundable", "60 元");
    check("line.cost", "12 元");
    check("line.weight", "800 g");
    check("request.quantity", "2");
    check("request.whole_order", "false");
    check("request.problem", "defective");
    check("order.insured", "true");
    check("order.free_return", "false");
    check("line.seven_day_open", "true");
    check("line.seven_day_left", "5 d 13 h");
    check("stock.replacement", "3");
    check("policy.refund_before_return", "lead");
    check("platform.name", "tmall");
    check("parcel.state", "none");
    check("stock.part", "-");
}

#[test]
fn rows_win_over_words_and_words_over_silence() {
    let told = |facts: serde_json::Value, marks: serde_json::Value| CaseRow { facts, marks, ..case() };
    let check = |case: &CaseRow, name: &str, expect: &str| assert_eq!(shown(case, &known(), name), expect, "{name}");
    check(&told(json!({ "order.paid": 1, "order.insured": false }), json!({})), "order.paid", "179 元");
    check(&told(json!({ "parcel.intercept": "asked" }), json!({})), "parcel.intercept", "asked");
    check(&told(json!({ "parcel.intercept": "perhaps" }), json!({})), "parcel.intercept", "none");
    check(&told(json!({ "request.state": "modified" }), json!({})), "request.state", "modified");
    check(&told(json!({ "request.state": "done" }), json!({})), "request.state", "open");
    let at = "2026-11-24T01:00:00Z";
    check(&told(json!({}), json!({ "apology": at })), "contact.apology", "true");
    check(&told(json!({}), json!({ "contact.apology": at })), "contact.apology", "true");
    check(&told(json!({}), json!({ "told_result": at })), "case.told_result_at", "2026-11-24 09:00");
    check(&told(json!({}), json!({ "supervisor_told": at })), "case.supervisor_told", "true");
    check(&told(json!({}), json!({ "buyer.confirms": at })), "buyer.confirms", "true");
    check(&told(json!({}), json!({ "request.agreed_at": at })), "request.agreed_at", "2026-11-24 09:00");
    check(&case(), "contact.apology", "false");
}

#[test]
fn parcels_are_stuck_by_silence_and_returns_by_their_last_step() {
    let parcel = |hours: i64| Parcel {
        state: "in_transit".into(),
        shipped_at: Some(now() - Span::hours(90)),
        last_event_at: Some(now() - Span::hours(hours)),
        ..Parcel::default()
    };
    let with = |parcels: Vec<Parcel>| Known { parcels, ..known() };
    assert_eq!(shown(&case(), &with(vec![parcel(71)]), "parcel.stuck"), "false");
    assert_eq!(shown(&case(), &with(vec![parcel(71)]), "parcel.moving"), "true");
    assert_eq!(shown(&case(), &with(vec![parcel(72)]), "parcel.stuck"), "true");
    let turn = project(&case(), &with(vec![parcel(71)]), Catalogue::standard(), None, now()).next_turn;
    assert_eq!(turn, Some(now() + Span::hours(1)));
    let back = Parcel { inbound: true, of_case: true, scanned_at: Some(now()), inspected_at: Some(now()), ..parcel(1) };
    let inspection = Inspection {
        units: json!([{ "condition": "good", "quantity": 1 }, { "condition": "damaged", "quantity": 1 }]),
        video: true,
        ..Inspection::default()
    };
    let inspected = Known { inspection: Some(inspection), ..with(vec![back]) };
    for (name, expect) in
        [("return.state", "inspected"), ("inspection.condition", "damaged"), ("inspection.intact", "false"), ("return.scanned", "true")]
    {
        assert_eq!(shown(&case(), &inspected, name), expect, "{name}");
    }
}

#[test]
fn a_setting_wins_over_the_default_in_either_form() {
    let with = |settings: serde_json::Value| {
        let mut known = known();
        known.head.settings = settings;
        known
    };
    let check = |settings: serde_json::Value, name: &str, expect: &str| assert_eq!(shown(&case(), &with(settings), name), expect, "{name}");
    check(json!({ "policy": { "auto_agree_up_to": "300 元" } }), "policy.auto_agree_up_to", "300 元");
    check(json!({ "policy": { "auto_agree_up_to": 20_000 } }), "policy.auto_agree_up_to", "200 元");
    check(json!({ "policy": { "second_request": "supersede" } }), "policy.second_request", "supersede");
    let catalogue = Catalogue::standard();
    let value = project(&case(), &known(), catalogue, None, now()).facts.named(catalogue, "policy.goodwill_share").cloned();
    assert_eq!(value, Some(Value::Number(10)));
}
