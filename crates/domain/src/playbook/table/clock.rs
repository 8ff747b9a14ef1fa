//! `[[deadline]]`: a clock, its anchor, its ends and what happens at zero.

use super::words::{Source, inner};
use super::{Fields, Node, Read, Reading};
use crate::case::WaitingOn;
use crate::deadline::AtZero;
use crate::names::names;
use crate::people::Team;
use crate::playbook::catalogue::FactId;
use crate::playbook::fault::Wrong;
use crate::playbook::line::{Conditions, Length as Written};
use crate::playbook::read::{Lines, Noun, read_names};
use crate::playbook::text::Text;

names! {
    /// Which of several ends counts.
    Take {
        Earliest, "earliest", "取先到";
        Latest, "latest", "取后到";
    }
}

names! {
    /// What a clock counts in.
    Measure {
        Wall, "wall", "自然时间";
        Business, "business", "工作时间";
    }
}

read_names!(Take, Measure);

/// How long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// To the second.
    Within(Written),
    /// Whole local days, counted from the day after the anchor.
    Days(u16),
    /// Nobody told.
    Unknown,
}

/// One further end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ends {
    /// Its anchor; where that is absent the end is left out.
    pub starts: Option<FactId>,
    /// How long.
    pub length: Length,
}

/// Other lengths for clocks that start inside a calendar window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct During {
    /// The window's id.
    pub window: String,
    /// How long.
    pub length: Length,
    /// Further ends.
    pub also: Vec<Ends>,
    /// Which counts.
    pub take: Take,
    /// Due not before this day's end.
    pub not_before: Option<jiff::civil::Date>,
}

/// A clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// Its id; a case has at most one live clock per id.
    pub id: String,
    /// The kind of clock, e.g. `platform.agree`.
    pub clock: String,
    /// For people.
    pub label: Text,
    /// It holds only then.
    pub when: Conditions,
    /// Over as soon as these hold.
    pub until: Conditions,
    /// The anchor.
    pub starts: Option<FactId>,
    /// How long.
    pub length: Length,
    /// Further ends.
    pub also: Vec<Ends>,
    /// Which counts.
    pub take: Take,
    /// A due time that the platform or a notice names itself.
    pub named_by: Option<FactId>,
    /// Other lengths inside calendar windows; the first that fits counts.
    pub during: Vec<During>,
    /// What it counts in.
    pub measure: Measure,
    /// What happens when the time is up.
    pub at_zero: AtZero,
    /// Whose move.
    pub waits_on: WaitingOn,
    /// Waiting on these stops it.
    pub pauses_on: Vec<WaitingOn>,
    /// Who is told, or to whom it escalates, at zero.
    pub team: Option<Team>,
    /// The internal target: this long before the due time.
    pub buffer: Option<Written>,
    /// Where it comes from.
    pub source: Source,
}

impl Deadline {
    pub(super) fn read(fields: &mut Fields<'_, '_, '_>) -> Self {
        let deadline = Self {
            id: fields.define(Noun::Deadline),
            clock: fields.need("clock"),
            label: fields.need("label"),
            when: fields.conditions("when"),
            until: fields.conditions("until"),
            starts: fields.anchor("starts"),
            length: length(fields, true),
            also: fields.or("also", Vec::new()),
            take: fields.or("take", Take::Earliest),
            named_by: fields.anchor("named_by"),
            during: fields.or("during", Vec::new()),
            measure: fields.or("measure", Measure::Wall),
            at_zero: fields.need("at_zero"),
            waits_on: fields.or("waits_on", WaitingOn::Agent),
            pauses_on: fields.or("pauses_on", Vec::new()),
            team: fields.opt("team"),
            buffer: fields.opt("buffer"),
            source: fields.need("source"),
        };
        if fields.node("starts").is_none() {
            fields.fault_at("id", Wrong::new("a deadline without starts", "the date fact it starts at"));
        }
        let plain = matches!(deadline.length, Length::Within(_)) && deadline.also.is_empty() && deadline.during.is_empty();
        if deadline.measure == Measure::Business && !plain {
            fields.fault_at("measure", Wrong::new("business time with other ends than one length", "within alone with measure business"));
        }
        deadline
    }
}

fn length(fields: &mut Fields<'_, '_, '_>, may_be_unknown: bool) -> Length {
    if may_be_unknown {
        fields.exactly_one(&["within", "days", "unknown"]);
    } else {
        fields.exactly_one(&["within", "days"]);
    }
    let (within, days) = (fields.opt::<Written>("within"), fields.opt::<u32>("days"));
    if may_be_unknown && fields.opt::<bool>("unknown") == Some(false) {
        fields.fault_at("unknown", Wrong::new("false", "true, or no such key"));
    }
    if days.is_some_and(|days| days > 3_660) {
        fields.fault_at("days", Wrong::new("more than ten years", "at most 3660 days"));
    }
    match (within, days) {
        (Some(within), _) => Length::Within(within),
        (_, Some(days)) => Length::Days(days as u16),
        _ => Length::Unknown,
    }
}

impl Read for Ends {
    fn read(reading: &mut Reading<'_>, node: Node<'_>) -> Option<Self> {
        inner(reading, node, |fields| {
            if fields.node("starts").is_none() {
                fields.fault_at("starts", Wrong::new("an end without starts", "the date fact it starts at"));
            }
            Self { starts: fields.anchor("starts"), length: length(fields, false) }
        })
    }
    fn blank() -> Self {
        Self { starts: None, length: Length::Unknown }
    }
}

impl Read for During {
    fn read(reading: &mut Reading<'_>, node: Node<'_>) -> Option<Self> {
        inner(reading, node, |fields| {
            if fields.node("window").is_none() {
                fields.fault_at("window", Wrong::new("a table without it", "the key window"));
            }
            Self {
                window: fields.refer("window", Noun::Window).unwrap_or_default(),
                length: length(fields, true),
                also: fields.or("also", Vec::new()),
                take: fields.or("take", Take::Earliest),
                not_before: fields.opt("not_before"),
            }
        })
    }
    fn blank() -> Self {
        Self { window: String::new(), length: Length::Unknown, also: Vec::new(), take: Take::Earliest, not_before: None }
    }
}
