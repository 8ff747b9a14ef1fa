//! `[[window]]`, `[[exception]]`, `[[criterion]]`: calendar windows, exceptions from the seven days, and when goods count as intact.

use super::Fields;
use super::words::Source;
use crate::china;
use crate::names::names;
use crate::playbook::fault::Wrong;
use crate::playbook::line::Conditions;
use crate::playbook::read::{Lines, Noun, read_names};
use crate::playbook::text::Text;
use jiff::civil::Date;

/// A calendar window with rules of its own, such as a holiday.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its id.
    pub id: String,
    /// For people.
    pub title: Text,
    /// On these platforms; on all when empty.
    pub platforms: Vec<String>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// Whose local days, minutes east of UTC.
    pub offset_min: i32,
    /// Where it comes from.
    pub source: Source,
}

impl Window {
    pub(super) fn read(fields: &mut Fields<'_, '_, '_>) -> Self {
        let offset: Option<String> = fields.opt("offset");
        let offset_min = offset.as_deref().map_or(Some(china::OFFSET_MIN), offset_minutes);
        if offset_min.is_none() {
            fields.fault_at("offset", Wrong::new(offset.unwrap_or_default(), "hours and minutes east of UTC, such as +08:00"));
        }
        let window = Self {
            id: fields.define(Noun::Window),
            title: fields.need("title"),
            platforms: choices(fields, "platforms", "platform.name"),
            from: fields.need("from"),
            until: fields.need("until"),
            offset_min: offset_min.unwrap_or_default(),
            source: fields.need("source"),
        };
        if window.until < window.from {
            fields.fault_at("until", Wrong::new(window.until.to_string(), format!("a day not before {}", window.from)));
        }
        window
    }
}

fn offset_minutes(text: &str) -> Option<i32> {
    let sign = match text.get(..1)? {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let (hours, minutes) = text[1..].split_once(':')?;
    let (hours, minutes): (u8, u8) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 14 && minutes < 60).then_some(sign * (i32::from(hours) * 60 + i32::from(minutes)))
}

/// A list of values of an enum fact; `*` stays as it is.
fn choices(fields: &mut Fields<'_, '_, '_>, key: &'static str, fact: &str) -> Vec<String> {
    let list: Vec<String> = fields.or(key, Vec::new());
    let catalogue = fields.reading.catalogue;
    let Some(fact) = catalogue.find(fact).map(|id| catalogue.fact(id)) else { return list };
    for code in &list {
        if code != "*" && fact.choice(code).is_none() {
            let codes = || fact.choices.iter().map(|(code, _)| code.as_str());
            fields.fault_at(key, Wrong::new(format!("\"{code}\""), format!("values of {}", fact.name)).near(code, codes()));
        }
    }
    list
}

names! {
    /// Why the seven days do not hold.
    ExceptionKind {
        Statutory, "statutory", "法定例外";
        Confirmed, "confirmed", "购买时确认";
    }
}

names! {
    /// What has to be recorded when goods are not intact.
    Proof {
        Photo, "photo", "照片";
        Video, "video", "视频";
    }
}

read_names!(ExceptionKind, Proof);

/// An exception from the seven days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Its id.
    pub id: String,
    /// For people.
    pub title: Text,
    /// By law, or because the buyer confirmed it at purchase.
    pub kind: ExceptionKind,
    /// Then.
    pub when: Conditions,
    /// How the buyer is told.
    pub text: Text,
    /// Where it comes from.
    pub source: Source,
}

impl Exception {
    pub(super) fn read(fields: &mut Fields<'_, '_, '_>) -> Self {
        Self {
            id: fields.define(Noun::Exception),
            title: fields.need("title"),
            kind: fields.need("kind"),
            when: fields.conditions_needed("when"),
            text: fields.need("text"),
            source: fields.need("source"),
        }
    }
}

/// A check on returned goods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criterion {
    /// Its id.
    pub id: String,
    /// The warehouse's line; yes means intact.
    pub title: Text,
    /// For goods of these categories; `*` for all.
    pub categories: Vec<String>,
    /// How the buyer is told beforehand.
    pub text: Text,
    /// What has to be recorded when the answer is no.
    pub proof: Proof,
    /// Where it comes from.
    pub source: Source,
}

impl Criterion {
    pub(super) fn read(fields: &mut Fields<'_, '_, '_>) -> Self {
        let criterion = Self {
            id: fields.define(Noun::Criterion),
            title: fields.need("title"),
            categories: choices(fields, "categories", "line.category"),
            text: fields.need("text"),
            proof: fields.or("proof", Proof::Photo),
            source: fields.need("source"),
        };
        if criterion.categories.is_empty() {
            fields.fault_at("categories", Wrong::new("no category", "values of line.category, or [\"*\"]"));
        }
        criterion
    }

    /// Whether it is asked of goods of this category.
    pub fn concerns(&self, category: &str) -> bool {
        self.categories.iter().any(|code| code == "*" || code == category)
    }
}
