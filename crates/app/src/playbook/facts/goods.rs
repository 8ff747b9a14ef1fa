//! Facts of the order, its lines and their product cards. Owns which lines a case is about, and their sums.

use super::Known;
use super::known::{Line, Order};
use super::learn::Learner;
use aftercare_domain::deadline::window_end;
use aftercare_domain::money;
use aftercare_domain::time::Micros;
use serde_json::Value;

/// Days of returning without a reason.
const SEVEN: u16 = 7;

/// The lines a case is about, with the units of each: those of the request, else all of the order.
pub(super) fn concerned(known: &Known) -> Vec<(&Line, i64)> {
    let request = known.requests.iter().rev().find(|request| request.open).or(known.requests.last());
    let asked: Vec<(i64, i64)> = request
        .and_then(|request| request.lines.as_array())
        .map(|lines| lines.iter().filter_map(|line| Some((line["line_no"].as_i64()?, line["quantity"].as_i64()?))).collect())
        .unwrap_or_default();
    let of = |line: &Line| asked.iter().find(|(no, _)| *no == line.no).map(|(_, quantity)| (*quantity).min(line.quantity));
    let named: Vec<(&Line, i64)> = known.lines.iter().filter_map(|line| Some((line, of(line)?))).collect();
    if named.is_empty() { known.lines.iter().map(|line| (line, line.quantity)).collect() } else { named }
}

/// Facts that orders and product cards carry by name: `order.insured` or `insured`, `line.weight` or `weight`.
pub(super) fn cards(learner: &mut Learner<'_>, known: &Known) {
    let first = concerned(known).first().map(|(line, _)| line.no);
    let card = known.lines.iter().find(|line| Some(line.no) == first).and_then(|line| line.card.as_ref());
    let order = known.head.order.as_ref().map(|order| &order.facts);
    for (source, area) in [(order, "order"), (card, "line")] {
        for (name, value) in source.and_then(Value::as_object).into_iter().flatten() {
            let full = if name.contains('.') { name.clone() } else { format!("{area}.{}", name.trim_end_matches("_minor")) };
            learner.told(&full, value);
        }
    }
}

pub(super) fn order(learner: &mut Learner<'_>, known: &Known) {
    let Some(order) = &known.head.order else { return };
    learner.text("order.no", &order.no);
    learner.choice("order.state", state(order));
    learner.is("order.shipped", order.shipped_at.is_some() || known.lines.iter().any(|line| line.shipped > 0));
    learner.is("order.signed", order.signed_at.is_some());
    learner.money("order.paid", order.paid);
    learner.money("order.freight", order.freight);
    learner.money("order.discount", order.discount);
    learner.money("order.refunded", order.refunded);
    learner.money("order.in_flight", order.in_flight);
    learner.money("order.refundable", (order.paid - order.refunded - order.in_flight).max(0));
    learner.money("order.payouts", order.payouts);
    learner.count("order.lines", known.lines.len() as i64);
    learner.is("order.bulky", order.bulky || known.lines.iter().any(|line| line.bulky));
    learner.is("order.free_shipping", order.freight == 0);
    learner.date("order.paid_at", order.paid_at);
    learner.date("order.shipped_at", order.shipped_at);
    learner.date("order.signed_at", order.signed_at);
    learner.date("order.completed_at", order.completed_at);
    learner.since("order.age", order.paid_at);
    learner.since("order.since_completed", order.completed_at);
    if let Some(promised) = learner.at("order.promised_at") {
        match order.shipped_at {
            Some(shipped) => learner.is("order.late", shipped > promised),
            None => learner.after("order.late", promised),
        }
    }
}

/// The state of an order; between payment and shipping as finely as the order itself says.
fn state(order: &Order) -> &str {
    let told = ["order.state", "state"].iter().find_map(|name| order.facts.get(name)?.as_str());
    match order.state.as_str() {
        "finished" => "completed",
        "paid" => told.filter(|told| ["reviewed", "label_printed", "packed"].contains(told)).unwrap_or("paid"),
        other => other,
    }
}

pub(super) fn lines(learner: &mut Learner<'_>, known: &Known) {
    let lines = concerned(known);
    let Some((first, _)) = lines.first() else { return };
    let title = if lines.len() > 1 { format!("{}等 {} 件商品", first.title, lines.len()) } else { first.title.clone() };
    learner.text("line.title", &title);
    learner.text("line.sku", &first.sku);
    learner.text("line.spec", &first.spec);
    learner.choice("line.category", &first.category);
    let sum = |of: fn(&Line, i64) -> i64| lines.iter().map(|(line, units)| of(line, *units)).sum::<i64>();
    learner.count("line.quantity", sum(|line, _| line.quantity));
    learner.money("line.paid", sum(|line, units| money::share(line.paid, line.quantity.max(1), 0, 0, units)));
    learner.money("line.unit_paid", first.paid / first.quantity.max(1));
    learner.money("line.refundable", sum(refundable));
    learner.money("line.refunded", sum(|line, _| line.refunded));
    learner.count("line.returnable", sum(|line, _| (line.shipped - line.requested - line.received).max(0)));
    learner.count("line.made_good", sum(|line, _| line.made_good));
    learner.is("line.bulky", lines.iter().any(|(line, _)| line.bulky));
    if learner.code("line.exception").is_empty() {
        learner.choice("line.exception", exception(&first.category));
    }
    if let Some(available) = lines.iter().map(|(line, _)| line.available).min().flatten() {
        learner.count("stock.replacement", available);
    }
    if let Some(elsewhere) = lines.iter().map(|(line, _)| line.elsewhere).min().flatten() {
        learner.count("stock.other_warehouse", elsewhere);
    }
    seven_days(learner);
}

/// What goods of a category are by law, when their card does not say.
fn exception(category: &str) -> &'static str {
    match category {
        "fresh" => "fresh",
        "custom" => "custom_made",
        "papers" => "papers",
        "media" => "opened_media",
        _ => "none",
    }
}

/// What is left to refund of so many units.
fn refundable(line: &Line, units: i64) -> i64 {
    let left = (line.quantity - line.refunded_units).max(0);
    let units = units.min(left);
    money::share(line.paid, line.quantity.max(1), line.refunded_units, line.refunded + line.in_flight, units)
}

/// The window counts from the day after signing or after completion, as the shop has it.
fn seven_days(learner: &mut Learner<'_>) {
    let completion = learner.code("policy.return_window_starts") == "completion";
    let anchor = if completion { learner.at("order.completed_at") } else { None };
    let anchor: Option<Micros> = anchor.or_else(|| learner.at("order.signed_at"));
    let Some(end) = anchor.map(|at| window_end(at, SEVEN, learner.facts.offset_min)) else { return };
    let now = learner.facts.now;
    learner.is("line.seven_day_open", now < end);
    if now < end {
        learner.turns.push(end);
    }
    let left = aftercare_domain::playbook::Value::Duration(end - now);
    learner.facts.set(learner.catalogue, "line.seven_day_left", left);
}
