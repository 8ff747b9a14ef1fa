//! The board's figures (看板): what each event of a case adds to which figure, and how sure a rate is.
//!
//! Owns the definitions. Figures are sums over days of the shop; a figure can be computed anew from the events at any time. Formulas of
//! intervals: Wilson, J. Am. Stat. Assoc. 22 (1927) 209; control band of a proportion: Shewhart's p-chart, three standard errors.

mod asked;
mod quiet;
pub mod speed;
mod staffing;

pub use asked::Asked;
pub use quiet::covers;
pub use speed::Speed;
pub use staffing::{Hour, hours};

use crate::china::local;
use crate::names::names;
use crate::time::{Micros, Span};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

names! {
    /// What is counted.
    Figure {
        Opened, "opened", "新开售后单";
        Arrived, "arrived", "来单时段";
        Closed, "closed", "归档结果";
        Cause, "cause", "原因与结果";
        Took, "took", "处理时长";
        Satisfied, "satisfied", "满意度";
        Promise, "promise", "承诺兑现";
        Paid, "paid", "支出";
        Sold, "sold", "售出件数";
        AskedBack, "asked_back", "要求售后的件数";
        FirstAnswer, "first_answer", "首次响应时长";
        RefundTook, "refund_took", "退款时长";
        Acted, "acted", "在岗处理";
    }
}

/// One addition to a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// Which.
    pub figure: Figure,
    /// Of what: a scenario, a result, an article …
    pub key: String,
    /// How many.
    pub count: i64,
    /// Minor units; seconds for figures of time.
    pub amount_minor: i64,
}

/// What a figure needs of the case besides the event itself. It is put beside the event when it is written, so that counting anew gives
/// the same whatever has become of the case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// Its scenario.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub scenario: String,
    /// Its cause so far.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cause: String,
    /// Minor units at stake.
    pub amount_minor: i64,
    /// When it was opened.
    pub opened_at: Micros,
    /// Since when the buyer has waited for this: the first answer, the money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Micros>,
}

/// Under which name [`About`] stands beside an event.
const OF: &str = "of";

/// Whether an event of this kind is counted, so that [`About`] is put beside it.
pub fn is_counted(kind: &str) -> bool {
    matches!(kind, "case_opened" | "case_closed" | "refund_done" | "payout_done" | "contact_out")
}

impl About {
    /// Puts it beside an event.
    pub fn beside(&self, payload: &mut Value) {
        if let Some(fields) = payload.as_object_mut() {
            fields.insert(OF.to_owned(), json!(self));
        }
    }

    /// What stands beside an event; nothing beside those written before there was any.
    fn of(payload: &Value) -> Option<Self> {
        payload.get(OF).and_then(|of| serde_json::from_value(of.clone()).ok())
    }
}

/// What an event at `now` adds. `row` is the case as it stands, for events that have nothing beside them.
pub fn of_event(kind: &str, payload: &Value, row: &About, now: Micros) -> Vec<Addition> {
    let about = &About::of(payload).unwrap_or_else(|| row.clone());
    let took = |figure, seconds| Addition { figure, key: speed::step(seconds), count: 1, amount_minor: seconds };
    let add = |figure, key: String, amount_minor| Addition { figure, key, count: 1, amount_minor };
    let text = |name: &str| payload[name].as_str().unwrap_or_default().to_owned();
    match kind {
        // What comes with the history of another desk was not opened here.
        "case_opened" if payload["channel"] == "import" => Vec::new(),
        "case_opened" => {
            vec![add(Figure::Opened, about.scenario.clone(), about.amount_minor), add(Figure::Arrived, hour_of_week(now), 0)]
        }
        "case_closed" => {
            let mut all = vec![
                add(Figure::Closed, text("result"), about.amount_minor),
                add(Figure::Cause, format!("{}>{}", about.cause, text("result")), about.amount_minor),
                add(Figure::Took, took_step(about.opened_at, now).to_owned(), 0),
            ];
            all.extend(payload["satisfaction"].as_i64().map(|score| add(Figure::Satisfied, score.to_string(), 0)));
            all
        }
        "promise_kept" => {
            let key = if payload["late"] == true { "kept_late" } else { "kept" };
            vec![add(Figure::Promise, key.to_owned(), 0)]
        }
        "promise_broken" => vec![add(Figure::Promise, "broken".to_owned(), 0)],
        "refund_done" | "payout_done" => {
            let cause = if about.cause.is_empty() { "unknown" } else { &about.cause };
            let paid = add(Figure::Paid, format!("{}>{cause}", text("kind")), payload["amount_minor"].as_i64().unwrap_or(0));
            let since = about.since.filter(|_| kind == "refund_done");
            [Some(paid), since.map(|since| took(Figure::RefundTook, speed::seconds(since, now)))].into_iter().flatten().collect()
        }
        "contact_out" => about.since.map(|since| took(Figure::FirstAnswer, speed::awake_seconds(since, now))).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Weekday (1 is Monday) and hour of the shop, `2-09`.
fn hour_of_week(at: Micros) -> String {
    let it = local(at);
    format!("{}-{:02}", it.weekday().to_monday_one_offset(), it.hour())
}

/// How long it took, in the steps the board shows.
fn took_step(from: Micros, to: Micros) -> &'static str {
    match (to - from).as_millis() / 3_600_000 {
        ..4 => "h4",
        4..24 => "h24",
        24..72 => "h72",
        72..168 => "h168",
        _ => "more",
    }
}

/// The 95 % interval of a share, `hits` of `all` (Wilson). Nothing without any.
pub fn interval(hits: i64, all: i64) -> Option<(f64, f64)> {
    const Z: f64 = 1.959_964;
    if all <= 0 || hits < 0 || hits > all {
        return None;
    }
    let (n, p) = (all as f64, hits as f64 / all as f64);
    let (middle, width) = (p + Z * Z / (2.0 * n), Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt());
    let scale = 1.0 + Z * Z / n;
    Some((((middle - width) / scale).max(0.0), ((middle + width) / scale).min(1.0)))
}

/// The control band of a share around the shop's own `usual` one, for `all` trials: three standard errors.
pub fn band(usual: f64, all: i64) -> Option<(f64, f64)> {
    if all <= 0 || !(0.0..=1.0).contains(&usual) {
        return None;
    }
    let width = 3.0 * (usual * (1.0 - usual) / all as f64).sqrt();
    Some(((usual - width).max(0.0), (usual + width).min(1.0)))
}

/// Below this many units nothing is said about a share.
pub const ENOUGH: i64 = 20;

/// How often an article comes back, judged against the shop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// The share; absent where more came back than was sold.
    pub rate: Option<f64>,
    /// Its 95 % interval.
    pub interval: Option<(f64, f64)>,
    /// The shop's control band for so many units.
    pub band: Option<(f64, f64)>,
    /// Too few units to say anything.
    pub low_sample: bool,
    /// Above the band on enough units.
    pub signal: bool,
}

/// Judges `back` units of `sold` against the shop's `usual` share.
pub fn judge(sold: i64, back: i64, usual: Option<f64>) -> Rate {
    let rate = (sold > 0 && back <= sold).then(|| back as f64 / sold as f64);
    let band = usual.and_then(|usual| band(usual, sold));
    let low_sample = sold < ENOUGH;
    let signal = !low_sample && rate.zip(band).is_some_and(|(rate, (_, above))| rate > above);
    Rate { rate, interval: interval(back, sold), band, low_sample, signal }
}

/// The steps of the waterline, in the order of urgency.
pub const BUCKETS: [&str; 6] = ["over", "h1", "h4", "h24", "later", "none"];

/// In which step a case with this nearest deadline is.
pub fn bucket(due: Option<Micros>, now: Micros) -> &'static str {
    match due {
        None => "none",
        Some(due) if due <= now => "over",
        Some(due) if due <= now + Span::hours(1) => "h1",
        Some(due) if due <= now + Span::hours(4) => "h4",
        Some(due) if due <= now + Span::hours(24) => "h24",
        Some(_) => "later",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about() -> About {
        About { scenario: "damaged".into(), cause: "transport_damage".into(), amount_minor: 5_000, ..About::default() }
    }

    #[test]
    fn events_add_to_figures() {
        let now = Micros::parse("2026-11-24T09:30:00+08:00").expect("a time");
        let check = |kind: &str, payload: Value, expect: &[(Figure, &str, i64)]| {
            let about = About { opened_at: now - Span::hours(5), ..about() };
            let added = of_event(kind, &payload, &about, now);
            let added: Vec<(Figure, &str, i64)> = added.iter().map(|it| (it.figure, it.key.as_str(), it.amount_minor)).collect();
            assert_eq!(added, expect, "{kind}");
        };
        check("case_opened", json!({}), &[(Figure::Opened, "damaged", 5_000), (Figure::Arrived, "2-09", 0)]);
        check(
            "case_closed",
            json!({ "result": "refunded", "satisfaction": 4 }),
            &[
                (Figure::Closed, "refunded", 5_000),
                (Figure::Cause, "transport_damage>refunded", 5_000),
                (Figure::Took, "h24", 0),
                (Figure::Satisfied, "4", 0),
            ],
        );
        check("promise_kept", json!({ "late": true }), &[(Figure::Promise, "kept_late", 0)]);
        check("promise_broken", json!({}), &[(Figure::Promise, "broken", 0)]);
        check("payout_done", json!({ "kind": "payout", "amount_minor": 700 }), &[(Figure::Paid, "payout>transport_damage", 700)]);
        check("contact_in", json!({}), &[]);
        check("contact_out", json!({}), &[]);
        check("case_opened", json!({ "channel": "import" }), &[]);
        let of = |about: About| {
            let mut payload = json!({ "kind": "refund", "amount_minor": 900 });
            about.beside(&mut payload);
            payload
        };
        let waited = About { since: Some(now - Span::minutes(100)), cause: "defect".into(), ..About::default() };
        check("contact_out", of(waited.clone()), &[(Figure::FirstAnswer, "07", 5_400)]);
        check("refund_done", of(waited), &[(Figure::Paid, "refund>defect", 900), (Figure::RefundTook, "08", 6_000)]);
        // What stands beside the event counts, whatever has become of the case.
        check(
            "case_opened",
            of(About { scenario: "wrong_item".into(), ..about() }),
            &[(Figure::Opened, "wrong_item", 5_000), (Figure::Arrived, "2-09", 0)],
        );
    }

    #[test]
    fn a_signal_needs_enough_units_and_a_rate_above_the_band() {
        let check = |sold: i64, back: i64, expect: (bool, bool)| {
            let it = judge(sold, back, Some(0.05));
            assert_eq!((it.signal, it.low_sample), expect, "{back} of {sold}");
        };
        check(100, 5, (false, false));
        check(100, 12, (true, false));
        check(19, 10, (false, true));
        check(0, 3, (false, true));
        check(200, 300, (false, false));
    }

    #[test]
    fn every_open_case_is_in_one_step_of_the_waterline() {
        let check = |hours: Option<i64>, expect: &str| {
            assert_eq!(bucket(hours.map(|hours| Micros(0) + Span::hours(hours)), Micros(0)), expect, "{hours:?}");
            assert!(BUCKETS.contains(&expect));
        };
        check(Some(-1), "over");
        check(Some(0), "over");
        check(Some(1), "h1");
        check(Some(4), "h4");
        check(Some(24), "h24");
        check(Some(25), "later");
        check(None, "none");
    }

    #[test]
    fn intervals_and_bands() {
        let check = |given: Option<(f64, f64)>, expect: Option<(f64, f64)>| match (given, expect) {
            (Some(given), Some(expect)) => {
                assert!((given.0 - expect.0).abs() < 5e-4 && (given.1 - expect.1).abs() < 5e-4, "{given:?} {expect:?}");
            }
            (given, expect) => assert_eq!(given.is_some(), expect.is_some()),
        };
        // Newcombe, Stat. Med. 17 (1998) 857, table I: 81 of 263, 15 of 148, 0 of 20, 29 of 29.
        check(interval(81, 263), Some((0.2553, 0.3662)));
        check(interval(15, 148), Some((0.0624, 0.1605)));
        check(interval(0, 20), Some((0.0, 0.1611)));
        check(interval(29, 29), Some((0.8830, 1.0)));
        check(interval(0, 0), None);
        check(interval(3, 2), None);
        check(band(0.1, 100), Some((0.01, 0.19)));
        check(band(0.01, 20), Some((0.0, 0.0767)));
        check(band(0.1, 0), None);
    }
}
