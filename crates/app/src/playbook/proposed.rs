//! What a new case is held to be: its scenario, class, severity and mood, its first clocks and the rules that fire at once.
//!
//! Owns the order of deciding; everything here is worked out before the transaction of intake begins.

use super::books::{Book, InForce};
use super::clocks::{self, Hours, Opened};
use super::facts::{self, Known, Projected};
use super::rules;
use crate::case::row::CaseRow;
use crate::error::{Result, bad_input};
use aftercare_domain::playbook::answer::{Proposal, Words, propose};
use aftercare_domain::playbook::{Catalogue, Facts, Moods, Spoken};
use aftercare_domain::time::Micros;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Proposals kept with the event of opening.
const KEPT: usize = 3;

/// What intake was told besides the rows.
pub(crate) struct Told<'a> {
    pub scenario: Option<&'a str>,
    pub severity: Option<i64>,
    pub emotion: Option<&'a str>,
    pub reason: &'a str,
    pub text: &'a str,
}

/// What follows for the case's first moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Considered {
    /// Its first clocks.
    pub opened: Vec<Opened>,
    /// Rules that shall act at once.
    pub acts: Vec<String>,
    /// When time alone changes something.
    pub wake: Option<Micros>,
    /// The scenarios that were proposed, most likely first: id, score, and what spoke for it.
    pub proposals: Vec<Value>,
    /// Whether somebody was hurt or is in danger.
    pub danger: bool,
}

/// Fills in what `case` is held to be.
///
/// # Errors
/// `bad_input` for a scenario that no playbook in force has.
pub(crate) fn consider(in_force: &InForce, case: &mut CaseRow, known: &Known, told: &Told<'_>) -> Result<Considered> {
    let words = hinted(told);
    case.emotion = told.emotion.or(Moods::china().mood(told.text)).unwrap_or_default().to_owned();
    let certain = project(in_force, case, known, None).facts;
    case.facts = Value::Object(words.clone());
    let supposed = project(in_force, case, known, None).facts;
    let proposals = propose(&in_force.pack, &in_force.catalogue, &certain, &supposed, &Words::of(told.text));
    let mut considered = Considered {
        proposals: proposals.iter().take(KEPT).map(kept).collect(),
        danger: words.get("request.safety") == Some(&Value::Bool(true)),
        ..Considered::default()
    };
    let scenario = match told.scenario {
        Some(scenario) if in_force.book(scenario).is_none() && in_force.books().next().is_some() => {
            return Err(bad_input("scenario", "a scenario of the playbooks in force"));
        }
        Some(scenario) => Some(scenario),
        None => proposals.first().map(|proposal| proposal.scenario),
    };
    case.scenario = scenario.unwrap_or_default().to_owned();
    let Some(book) = in_force.book(&case.scenario) else { return Ok(considered) };
    case.playbook_version = book.version;
    case.complaint_class = book.playbook.head.class.as_str().to_owned();
    severity(in_force, book, case, known, told);
    let Projected { facts, next_turn } = project(in_force, case, known, Some(book));
    considered.opened = clocks::first(case, book, &facts, &mut Hours::new(&known.head.settings));
    let fires = book.asking(&facts).rules(|rule| rules::is_on(&known.head.settings, rule));
    (case.rules, considered.acts) = rules::guard(&case.rules, &fires.iter().map(|fires| fires.rule.id.as_str()).collect());
    let by_line = book.asking(&facts).next_turn().map(|in_| case.opened_at + in_);
    considered.wake = [by_line, next_turn].into_iter().flatten().min();
    Ok(considered)
}

fn project(in_force: &InForce, case: &CaseRow, known: &Known, book: Option<&Arc<Book>>) -> Projected {
    let catalogue: &Catalogue = book.map_or(&in_force.catalogue, |book| &book.catalogue);
    facts::project(case, known, catalogue, book.map(|book| &*book.playbook), case.opened_at)
}

fn severity(in_force: &InForce, book: &Arc<Book>, case: &mut CaseRow, known: &Known, told: &Told<'_>) {
    let facts: Facts = project(in_force, case, known, Some(book)).facts;
    let proposed = book.asking(&facts).severity().map(|severity| i64::from(severity.level));
    case.severity = told.severity.or(proposed).unwrap_or(3);
}

/// Facts that reason and words are read as. A reason that is a problem of the catalogue already needs no reading.
fn hinted(told: &Told<'_>) -> Map<String, Value> {
    let mut facts = Map::new();
    let problem = Spoken::china().problem(told.reason, told.text).filter(|code| *code != told.reason);
    for (name, code) in [("request.problem", problem), ("request.symptom", Spoken::china().symptom(told.reason, told.text))] {
        facts.extend(code.map(|code| (name.to_owned(), json!(code))));
    }
    if Moods::china().danger(told.text) || Moods::china().danger(told.reason) {
        facts.insert("request.safety".to_owned(), json!(true));
    }
    facts
}

fn kept(proposal: &Proposal<'_>) -> Value {
    let lines: Vec<&str> = proposal.because.iter().filter(|line| line.ok.is_yes()).map(|line| line.line.en.as_str()).collect();
    json!({ "scenario": proposal.scenario, "score": proposal.score, "because": lines, "words": proposal.words.len() })
}
