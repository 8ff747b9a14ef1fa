//! Facts of parcels: the one on its way to the buyer, what comes back, what is sent again. When a trace counts as stuck, the domain's limits say.

use super::Known;
use super::goods::concerned;
use super::known::Parcel;
use super::learn::Learner;
use crate::case::row::CaseRow;
use crate::parcel::watch;
use aftercare_domain::parcel::{State, View};
use aftercare_domain::time::Micros;

pub(super) fn learn(learner: &mut Learner<'_>, case: &CaseRow, known: &Known) {
    let outbound: Vec<&Parcel> = known.parcels.iter().filter(|parcel| !again_sent(parcel, case) && !parcel.inbound).collect();
    match outbound.last() {
        Some(parcel) => out(learner, known, parcel),
        None => learner.choice("parcel.state", "none"),
    }
    let moving = |parcel: &&&Parcel| parcel.signed_at.is_none() && parcel.shipped_at.is_some();
    let signed = outbound.iter().any(|parcel| parcel.signed_at.is_some());
    learner.count("order.other_parcels", if signed { outbound.iter().filter(moving).count() as i64 } else { 0 });
    back(learner, known);
    again(learner, case, known);
}

/// Whether a parcel belongs to the case alone: what is sent again, or what comes back.
fn again_sent(parcel: &Parcel, case: &CaseRow) -> bool {
    parcel.of_case && case.order.is_some() && matches!(parcel.purpose.as_str(), "exchange" | "reship" | "part")
}

fn out(learner: &mut Learner<'_>, known: &Known, parcel: &Parcel) {
    let state = parcel.state.as_str();
    learner.choice("parcel.state", state);
    let signed = parcel.signed_at.is_some() || state.starts_with("signed");
    learner.is("parcel.signed", signed);
    learner.choice("parcel.signed_by", &parcel.signed_by);
    learner.date("parcel.last_event_at", parcel.last_event_at);
    learner.date("parcel.signed_at", parcel.signed_at);
    learner.since("parcel.age", parcel.shipped_at);
    learner.since("parcel.since_signed", parcel.signed_at);
    learner.date("parcel.returned_at", parcel.returned_at);
    if matches!(state, "returning" | "return_signed" | "refused") {
        learner.is("parcel.returning", true);
    }
    if state == "refused" || parcel.refused {
        learner.is("parcel.refused_by_buyer", true);
    }
    if state == "lost" {
        learner.is("parcel.lost", true);
    }
    let last = parcel.last_event_at.or(parcel.shipped_at);
    if signed || matches!(state, "return_signed" | "cancelled") {
        learner.is("parcel.stuck", false);
        learner.is("parcel.moving", false);
        return;
    }
    learner.since("parcel.silent", last);
    let said_stuck = matches!(state, "stale" | "overdue_sign" | "held" | "unreachable" | "lost");
    match last {
        _ if said_stuck => learner.is("parcel.stuck", true),
        Some(last) => match stuck_at(learner, known, state, last) {
            Some(at) => learner.after("parcel.stuck", at),
            None => learner.is("parcel.stuck", false),
        },
        None => {}
    }
    let moving = last.is_some() && !learner.holds("parcel.stuck") && !matches!(state, "refused" | "damaged" | "customs" | "created");
    learner.is("parcel.moving", moving);
}

/// When silence since `last` will have been too long, by the platform's own limits.
fn stuck_at(learner: &Learner<'_>, known: &Known, state: &str, last: Micros) -> Option<Micros> {
    let facts = known.head.order.as_ref().map(|order| &order.facts);
    let view = View {
        platform: &known.head.platform,
        state: State::parse(state)?,
        route: facts.and_then(|facts| facts["parcel.route"].as_str()),
        silent_since: last,
        refused: false,
    };
    watch::limits().stuck_at(&view, learner.facts.now)
}

fn back(learner: &mut Learner<'_>, known: &Known) {
    let agreed = known.requests.iter().any(|request| request.state == "agreed");
    let Some(parcel) = known.parcels.iter().rev().find(|parcel| parcel.inbound) else {
        let returning =
            |parcel: &&Parcel| parcel.returned_at.is_some() || parcel.scanned_at.is_some() || parcel.refused || parcel.state == "returning";
        if let Some(parcel) = known.parcels.iter().rev().find(returning) {
            our_own(learner, known, parcel);
            return;
        }
        if agreed {
            learner.choice("return.state", "agreed");
        }
        return;
    };
    let state = match parcel {
        Parcel { inspected_at: Some(_), .. } => "inspected",
        Parcel { scanned_at: Some(_), .. } => "scanned",
        Parcel { signed_at: Some(_), .. } => "signed",
        _ => "shipped",
    };
    learner.choice("return.state", state);
    learner.is("return.scanned", parcel.scanned_at.is_some());
    let received: i64 = concerned(known).iter().map(|(line, _)| line.received).sum();
    learner.count("return.received", received);
    learner.date("return.shipped_at", parcel.shipped_at);
    learner.date("return.signed_at", parcel.signed_at.or(parcel.scanned_at));
    learner.date("return.scanned_at", parcel.scanned_at);
    learner.since("return.since_signed", parcel.signed_at.or(parcel.scanned_at));
    inspection(learner, known);
}

/// A parcel of ours that comes back is scanned and inspected like a return; no clock of a buyer's return runs for it.
fn our_own(learner: &mut Learner<'_>, known: &Known, parcel: &Parcel) {
    match (parcel.inspected_at, parcel.scanned_at) {
        (Some(_), _) => learner.choice("return.state", "inspected"),
        (None, Some(_)) => learner.choice("return.state", "scanned"),
        (None, None) => {}
    }
    learner.is("return.scanned", parcel.scanned_at.is_some());
    learner.date("return.scanned_at", parcel.scanned_at);
    learner.count("return.received", concerned(known).iter().map(|(line, _)| line.received).sum());
    inspection(learner, known);
}

fn inspection(learner: &mut Learner<'_>, known: &Known) {
    let Some(found) = &known.inspection else { return };
    learner.is("inspection.done", true);
    learner.is("inspection.video", found.video);
    learner.count("inspection.photos", found.photos);
    learner.date("inspection.at", Some(found.at));
    if let Some(deduction) = found.deduction {
        learner.money("inspection.proposed_deduction", deduction);
    }
    let units = found.units.as_array().cloned().unwrap_or_default();
    let count = |condition: &str| {
        units.iter().filter(|unit| unit["condition"] == condition).filter_map(|unit| unit["quantity"].as_i64()).sum::<i64>()
    };
    learner.count("inspection.units_missing", count("missing"));
    // the gravest of the units stands for all
    let gravest = ["wrong", "missing", "damaged", "not_intact", "good"].into_iter().find(|condition| count(condition) > 0);
    let condition = gravest.unwrap_or(found.verdict.as_str());
    learner.choice("inspection.condition", condition);
    learner.is("inspection.intact", matches!(condition, "good" | "intact"));
}

fn again(learner: &mut Learner<'_>, case: &CaseRow, known: &Known) {
    if known.work.reserved_at.is_some() {
        learner.is("stock.reserved", true);
        learner.date("stock.reserved_at", known.work.reserved_at);
        learner.choice("replacement.state", "reserved");
    }
    let sent = known.parcels.iter().rev().find(|parcel| !parcel.inbound && again_sent(parcel, case));
    let Some(parcel) = sent else { return };
    learner.choice("replacement.state", if parcel.signed_at.is_some() { "signed" } else { "shipped" });
    learner.is("replacement.shipped", true);
    learner.is("replacement.signed", parcel.signed_at.is_some());
    learner.date("replacement.shipped_at", parcel.shipped_at.or(Some(Micros(0))).filter(|at| at.0 > 0));
}
