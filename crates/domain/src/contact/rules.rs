//! The gate's data: reading and checking `data/gate_cn.toml`. Owns its format; a fault names what is wrong with it.

use super::Channel;
use super::gate::{Level, Why};
use super::hours::Daily;
use crate::people::Team;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::HashMap;

/// Everything the gate goes by.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) read: Date,
    pub(crate) hours: Vec<Daily>,
    pub(crate) fold: HashMap<char, char>,
    pub(crate) lists: Vec<List>,
    pub(crate) near: Vec<Near>,
    pub(crate) acts: Vec<Act>,
    pub(crate) others: Vec<String>,
}

/// Words that are matched alone.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    pub(crate) code: Why,
    pub(crate) level: Level,
    #[serde(default, rename = "final")]
    pub(crate) is_final: bool,
    #[serde(rename = "source")]
    _source: String,
    pub(crate) words: Vec<String>,
    #[serde(default)]
    pub(crate) except: Vec<String>,
    #[serde(default)]
    pub(crate) not_after: Vec<String>,
}

/// Words that are matched together.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Near {
    pub(crate) code: Why,
    pub(crate) level: Level,
    #[serde(default, rename = "final")]
    pub(crate) is_final: bool,
    #[serde(rename = "source")]
    _source: String,
    pub(crate) parts: Vec<Vec<String>>,
    pub(crate) within: usize,
    #[serde(default)]
    pub(crate) except: Vec<String>,
    #[serde(default)]
    pub(crate) not_after: Vec<String>,
}

/// An act of the shop and whose it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Act {
    pub(crate) team: Team,
    pub(crate) words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    read: Date,
    hours: Vec<HoursRow>,
    fold: Fold,
    list: Vec<List>,
    near: Vec<Near>,
    act: Vec<Act>,
    others: Others,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HoursRow {
    channel: Channel,
    free: [u8; 2],
    warn: [u8; 2],
    a_day: ADay,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ADay {
    free: u32,
    warn: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fold {
    pairs: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Others {
    words: Vec<String>,
}

impl Rules {
    /// Reads `format = 1` text.
    ///
    /// # Errors
    /// What is wrong with the text, for whoever edits it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|why| why.to_string())?;
        if file.format != 1 {
            return Err(format!("format {} is not known", file.format));
        }
        let pair = |pair: &String| match pair.chars().collect::<Vec<_>>()[..] {
            [from, to] => Ok((from, to)),
            _ => Err(format!("fold pair {pair} needs two characters")),
        };
        let fold: HashMap<char, char> = file.fold.pairs.iter().map(pair).collect::<Result<_, _>>()?;
        let hours = file.hours.into_iter().map(daily).collect::<Result<_, _>>()?;
        if let Some(short) = file.near.iter().find(|near| near.parts.len() < 2 || near.parts.iter().any(Vec::is_empty)) {
            return Err(format!("a [[near]] of {} needs two parts with words", short.code));
        }
        if file.list.iter().any(|list| list.words.is_empty()) {
            return Err("a [[list]] has no words".into());
        }
        let (mut lists, mut near) = (file.list, file.near);
        lists.iter_mut().for_each(|list| [&mut list.words, &mut list.except].into_iter().for_each(|words| folded(words, &fold)));
        near.iter_mut().for_each(|near| near.parts.iter_mut().chain([&mut near.except]).for_each(|words| folded(words, &fold)));
        Ok(Self { read: file.read, hours, fold, lists, near, acts: file.act, others: file.others.words })
    }
}

/// The words as folded text holds them; each once.
fn folded(words: &mut Vec<String>, pairs: &HashMap<char, char>) {
    for word in words.iter_mut() {
        *word = word.to_lowercase().chars().map(|c| pairs.get(&c).copied().unwrap_or(c)).collect();
    }
    words.sort();
    words.dedup();
}

fn daily(row: HoursRow) -> Result<Daily, String> {
    let [from, to] = row.free;
    let [late_from, late_to] = row.warn;
    if from >= to || to > 24 || late_from > late_to || late_to > 24 || row.a_day.free > row.a_day.warn {
        return Err(format!("hours of {} are not in order", row.channel));
    }
    Ok(Daily { channel: row.channel, free: row.free, warn: row.warn, a_day: (row.a_day.free, row.a_day.warn) })
}
