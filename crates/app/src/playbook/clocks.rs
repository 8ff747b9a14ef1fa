//! Keeps a case's deadlines in step with its playbook: opens those that hold, moves, pauses and ends those that are open.
//!
//! Owns the rows with a `policy_id`, at most one open per id and case. Ids and segments of an open clock are kept.

use super::books::Book;
use crate::calendar;
use crate::case::deadline;
use crate::case::row::CaseRow;
use crate::command::Change;
use crate::error::Result;
use crate::ids::new_id;
use crate::timer;
use aftercare_domain::case::WaitingOn;
use aftercare_domain::deadline::{Calendar, Due, Measure};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::Team;
use aftercare_domain::playbook::Facts;
use aftercare_domain::playbook::answer::{ClockState, End, Kept};
use aftercare_domain::playbook::table;
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Row, Tx, values};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The working hours of teams, read from the shop's settings when one is asked for.
pub(crate) struct Hours<'a> {
    settings: &'a Value,
    known: BTreeMap<Team, Option<Calendar>>,
}

impl<'a> Hours<'a> {
    pub(crate) fn new(settings: &'a Value) -> Self {
        Self { settings, known: BTreeMap::new() }
    }

    /// How a clock of this rule is measured; hours that do not read are wall time, so that nothing stands still unseen.
    fn measure(&mut self, rule: &table::Deadline) -> Measure<'_> {
        if rule.measure == table::Measure::Wall {
            return Measure::Wall;
        }
        let team = rule.team.unwrap_or(Team::Agent);
        let calendar = self.known.entry(team).or_insert_with(|| calendar::of_settings(self.settings, team).ok());
        calendar.as_ref().map_or(Measure::Wall, Measure::Business)
    }
}

/// An open clock as stored.
pub(crate) struct Stored {
    id: Id,
    policy: String,
    state: String,
    due_at: Option<Micros>,
    kept: Kept,
}

/// What runs on a case.
#[derive(Default)]
pub(crate) struct Open {
    pub clocks: Vec<Stored>,
    /// Timers that wake the case, with their times.
    pub wakes: Vec<(Id, Micros)>,
}

/// What a clock looks like in its row.
#[derive(Debug, PartialEq)]
struct Look {
    state: &'static str,
    due_at: Option<Micros>,
}

/// A clock to open with a new case.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) id: Id,
    label: String,
    rule: String,
    policy: String,
    source: &'static str,
    pub(crate) clock: String,
    pub(crate) at_zero: &'static str,
    kept: Kept,
    pub(crate) state: &'static str,
    pub(crate) due_at: Option<Micros>,
}

impl Opened {
    pub(crate) fn event(&self) -> Value {
        json!({ "deadline": self.id, "clock": self.clock, "policy": self.policy, "due_at": self.due_at, "at_zero": self.at_zero, "rule": self.rule })
    }
}

const OPEN: &str = "SELECT id, policy_id, state, due_at, segments, anchor_at FROM deadline WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL AND policy_id <> ''
  UNION ALL SELECT id, '', 'wake', due_at, '', NULL FROM timer WHERE shop_id = $1 AND case_id = $2 AND kind = 'playbook'";

/// The open clocks of the playbook, and the timers that wake the case.
pub(crate) fn open(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Open> {
    let read = |row: &Row| {
        let (id, policy, state): (Id, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let due_at: Option<Micros> = row.get(3)?;
        if state == "wake" {
            return Ok((None, Some((id, due_at.unwrap_or_default()))));
        }
        let clock = serde_json::from_value(row.get::<Value>(4)?).map_err(|error| DbError::Shape(error.to_string()))?;
        let kept = Kept { anchor: row.get::<Option<Micros>>(5)?.unwrap_or_default(), clock };
        Ok((Some(Stored { id, policy, state, due_at, kept }), None))
    };
    let rows = tx.query(OPEN, &values![case.shop, case.id], read)?;
    let mut found = Open::default();
    for (clock, wake) in rows {
        found.clocks.extend(clock);
        found.wakes.extend(wake);
    }
    Ok(found)
}

/// Brings the open clocks in step with what holds now.
pub(crate) fn follow(change: &mut Change<'_, '_>, stored: Vec<Stored>, book: &Book, facts: &Facts, hours: &mut Hours<'_>) -> Result<()> {
    let mut stored: BTreeMap<String, Stored> = stored.into_iter().map(|clock| (clock.policy.clone(), clock)).collect();
    for clock in book.asking(facts).clocks() {
        let there = stored.remove(&clock.rule.id);
        match (clock.state, there) {
            (ClockState::Runs { starts, end }, Some(there)) => go_on(change, clock.rule, there, starts, end, hours)?,
            (ClockState::Runs { starts, end }, None) => {
                if let Some(opened) = start(&change.case, change.context.now, clock.rule, starts, end, hours) {
                    insert(change.tx, change.case.shop, change.case.id, &opened);
                    change.event("deadline_opened", opened.event());
                    change.deadlines_moved();
                }
            }
            (ClockState::Over, Some(there)) => deadline::end_one(change, there.id, "met")?,
            (ClockState::Off | ClockState::NotStarted, Some(there)) => deadline::end_one(change, there.id, "void")?,
            (ClockState::Undecided, _) | (_, None) => {}
        }
    }
    // what the playbook no longer knows: the case was given another scenario
    stored.into_values().try_for_each(|gone| deadline::end_one(change, gone.id, "void"))
}

/// The clocks that run from the first moment of a case.
pub(crate) fn first(case: &CaseRow, book: &Book, facts: &Facts, hours: &mut Hours<'_>) -> Vec<Opened> {
    let running = book.asking(facts).clocks().into_iter().filter_map(|clock| match clock.state {
        ClockState::Runs { starts, end } => Some((clock.rule, starts, end)),
        _ => None,
    });
    running.filter_map(|(rule, starts, end)| start(case, case.opened_at, rule, starts, end, hours)).collect()
}

/// A clock that begins; nothing for one that ran out before the case was there.
fn start(case: &CaseRow, now: Micros, rule: &table::Deadline, starts: Micros, end: End, hours: &mut Hours<'_>) -> Option<Opened> {
    let measure = hours.measure(rule);
    let kept = Kept::start(starts, end).follow(now, starts, end, pause(rule, case), measure);
    let look = look(&kept, measure);
    if starts < case.opened_at && look.due_at.is_some_and(|due| due <= case.opened_at) {
        return None;
    }
    Some(Opened {
        id: new_id(now),
        label: rule.label.zh.clone(),
        rule: rule.source.line(),
        policy: rule.id.clone(),
        source: rule.source.kind.as_str(),
        clock: rule.clock.clone(),
        at_zero: rule.at_zero.as_str(),
        kept,
        state: look.state,
        due_at: look.due_at,
    })
}

/// Whom the clock waits for, when that stops it.
fn pause<'a>(rule: &table::Deadline, case: &'a CaseRow) -> Option<&'a str> {
    let on = WaitingOn::parse(&case.waiting_on)?;
    rule.pauses_on.contains(&on).then_some(case.waiting_on.as_str())
}

fn look(kept: &Kept, measure: Measure<'_>) -> Look {
    let due = kept.clock.due(measure);
    let state = if due == Due::CalendarUnknown { "unknown" } else { due.state() };
    Look { state, due_at: due.at() }
}

const DEADLINE: &[&str] = &[
    "shop_id",
    "id",
    "case_id",
    "clock",
    "label",
    "source",
    "rule",
    "state",
    "due_at",
    "at_zero",
    "segments",
    "policy_id",
    "anchor_at",
    "started_at",
];
const TIMER: &[&str] = &["shop_id", "id", "case_id", "kind", "subject_id", "due_at"];

/// Adds the row and its timer to the bundle.
pub(crate) fn insert(tx: &mut Tx<'_>, shop: ShopId, case: Id, opened: &Opened) {
    let segments = serde_json::to_value(&opened.kept.clock).unwrap_or_default();
    let row = values![
        shop,
        opened.id,
        case,
        &opened.clock,
        &opened.label,
        opened.source,
        &opened.rule,
        opened.state,
        opened.due_at,
        opened.at_zero,
        segments,
        &opened.policy,
        opened.kept.anchor,
        opened.kept.clock.started()
    ];
    tx.insert("deadline", DEADLINE, row);
    if let Some(due) = opened.due_at {
        tx.insert("timer", TIMER, values![shop, new_id(due), case, "deadline", opened.id, due]);
    }
}

fn go_on(
    change: &mut Change<'_, '_>,
    rule: &table::Deadline,
    there: Stored,
    starts: Micros,
    end: End,
    hours: &mut Hours<'_>,
) -> Result<()> {
    let now = change.context.now;
    let measure = hours.measure(rule);
    let before = there.kept.clone();
    let kept = there.kept.follow(now, starts, end, pause(rule, &change.case), measure);
    let look = look(&kept, measure);
    // zero was reached and nothing moved it: it stays at the head of the queue
    let still_over = there.state == "overdue" && look.due_at == there.due_at;
    if kept == before && (still_over || look == (Look { state: look.state, due_at: there.due_at }) && there.state == look.state) {
        return Ok(());
    }
    let state = if still_over { "overdue" } else { look.state };
    let segments = serde_json::to_value(&kept.clock).unwrap_or_default();
    let sql = "UPDATE deadline SET state = $3, due_at = $4, segments = $5, anchor_at = $6 WHERE shop_id = $1 AND id = $2";
    change.tx.execute(sql, &values![change.case.shop, there.id, state, look.due_at, segments, kept.anchor])?;
    if look.due_at != there.due_at {
        timer::cancel(change, "deadline", there.id)?;
        if let Some(due) = look.due_at {
            timer::set(change, "deadline", there.id, due, json!({}));
        }
    }
    let payload = json!({ "deadline": there.id, "clock": rule.clock, "from": there.due_at, "due_at": look.due_at, "state": state });
    change.event("deadline_moved", payload);
    change.deadlines_moved();
    Ok(())
}
