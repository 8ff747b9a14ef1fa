//! The gate's words measured on texts it was not written for: real reviews, real offensive posts, and the desk's own conversations.
//!
//! The real texts lie beside the repository in `shared/data`; where they are absent the test says so, where `CI` is set that is an error.

#![expect(clippy::print_stderr, reason = "the measured rates are what these tests are read for")]

use aftercare_domain::contact::{Channel, Fit, Gate, Level, Situation, Why};
use aftercare_domain::people::Role;
use aftercare_domain::time::Micros;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn shared(name: &str) -> Option<String> {
    let roots = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let found = roots.map(|dir| dir.join("shared/data/text").join(name)).find(|path| path.exists());
    assert!(found.is_some() || std::env::var_os("CI").is_none(), "shared/data/text/{name} is absent");
    match found {
        Some(path) => Some(std::fs::read_to_string(path).expect("a readable file")),
        None => {
            eprintln!("not measured: shared/data/text/{name} is absent");
            None
        }
    }
}

/// In how many of ten thousand texts each list speaks.
fn rates<'a>(texts: impl Iterator<Item = &'a str>) -> BTreeMap<Why, f64> {
    let (mut total, mut counts) = (0, BTreeMap::new());
    for text in texts {
        total += 1;
        for reason in Gate::china().wording(text) {
            *counts.entry(reason.why).or_insert(0) += 1;
        }
    }
    assert!(total > 500, "{total} texts are too few to measure");
    counts.into_iter().map(|(why, n)| (why, f64::from(n) * 10_000.0 / f64::from(total))).collect()
}

#[test]
fn content_buyers_are_not_taken_for_insults() {
    let Some(text) = shared("os10_dev.json") else { return };
    let all: Vec<serde_json::Value> = serde_json::from_str(&text).expect("json");
    let good: Vec<&str> = all.iter().filter(|review| review["label"] == 1).filter_map(|review| review["text"].as_str()).collect();
    let rates = rates(good.iter().copied());
    eprintln!("on {} positive reviews, per ten thousand: {rates:?}", good.len());
    let most = |why: Why, most: f64| assert!(rates.get(&why).copied().unwrap_or(0.0) <= most, "{why}: {rates:?}");
    most(Why::Abuse, 20.0);
    most(Why::Threat, 1.0);
    most(Why::OffPlatform, 10.0);
    most(Why::ReasonSteering, 1.0);
}

#[test]
fn insults_are_found_in_offensive_posts() {
    let Some(text) = shared("cold_dev.csv") else { return };
    let row = |line: &'_ str| {
        let mut cells = line.splitn(5, ',');
        let label = cells.nth(3)? == "1";
        Some((label, cells.next()?.to_owned()))
    };
    let rows: Vec<(bool, String)> = text.lines().skip(1).filter_map(row).collect();
    let flagged = |offensive: bool| {
        let texts = rows.iter().filter(|(label, _)| *label == offensive).map(|(_, text)| text.as_str());
        rates(texts).get(&Why::Abuse).copied().unwrap_or(0.0) / 100.0
    };
    let (found, wrongly) = (flagged(true), flagged(false));
    eprintln!("abuse: {found:.1} % of offensive posts, {wrongly:.1} % of the others");
    assert!(found >= 15.0 && found >= 6.0 * wrongly, "{found} {wrongly}");
}

/// What the agents of the written conversations say: all of it may be sent, and a promise in it is the only thing to be asked about.
#[test]
fn the_desks_own_conversations_pass() {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "sim", "content"].iter().collect();
    let mut said = 0;
    let mut stopped = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the written conversations") {
        let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("a readable file");
        for line in text.lines().filter_map(|line| line.strip_prefix("客 ")) {
            said += 1;
            let judged = Gate::china().judge(&spoken(line));
            let odd = judged.reasons.iter().filter(|reason| reason.why != Why::PromiseWording).map(|reason| (reason.why, &reason.found));
            stopped.extend(odd.map(|odd| format!("{line}: {odd:?}")));
            assert!(judged.verdict != Level::Refuse || !stopped.is_empty());
        }
    }
    assert!(stopped.is_empty(), "{stopped:#?}");
    assert!(said > 100, "{said}");
}

fn spoken(text: &str) -> Situation<'_> {
    let now = Micros::parse("2026-11-24T14:00:00+08:00").expect("a time");
    Situation {
        channel: Channel::Chat,
        text,
        now,
        offset_min: 480,
        role: Role::Agent,
        buyer_wrote: Some((now, true)),
        wants_call: false,
        no_contact: false,
        done_today: 0,
        asks_evidence: false,
        evidence_asked: 0,
        evidence_at_most: 1,
        fit: Fit::Fits,
        known: &[],
        promised: &[],
    }
}
