//! `[[script]]`: texts with variables, what they fit and what sending them does.

use super::{Fields, Node, Read, Reading};
use crate::names::names;
use crate::playbook::catalogue::FactId;
use crate::playbook::fault::Wrong;
use crate::playbook::line::Conditions;
use crate::playbook::read::{Lines, Noun, Said, read_names};
use crate::playbook::text::Text;
use crate::playbook::value::Kind;

names! {
    /// Where a text may be used.
    Channel {
        Chat, "chat", "在线聊天";
        Phone, "phone", "电话";
        Sms, "sms", "短信";
        Email, "email", "邮件";
        Platform, "platform", "平台留言";
    }
}

read_names!(Channel);

/// A text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Its id.
    pub id: String,
    /// For people who choose.
    pub title: Text,
    /// What is said.
    pub text: Said,
    /// Fits when these hold; unknown ones count as fitting.
    pub fits: Conditions,
    /// Each alone makes it a misfit.
    pub unfit: Conditions,
    /// Facts that sending it makes true.
    pub marks: Vec<Mark>,
    /// Where it may be used; everywhere when empty.
    pub channels: Vec<Channel>,
    /// May not be edited before sending.
    pub frozen: bool,
}

/// A fact that sending a text makes true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(pub FactId);

impl Script {
    /// Whether words are this text, whatever was filled in for its variables; spaces around it do not count.
    pub fn is_kept_by(&self, words: &str) -> bool {
        [&self.text.0.zh, &self.text.0.en].into_iter().any(|text| kept(text, words.trim()))
    }

    pub(super) fn read(fields: &mut Fields<'_, '_, '_>) -> Self {
        Self {
            id: fields.define(Noun::Script),
            title: fields.need("title"),
            text: fields.need("text"),
            fits: fields.conditions("fits"),
            unfit: fields.conditions("unfit"),
            marks: fields.or("marks", Vec::new()),
            channels: fields.or("channel", Vec::new()),
            frozen: fields.or("frozen", false),
        }
    }
}

impl Read for Mark {
    fn read(reading: &mut Reading<'_>, node: Node<'_>) -> Option<Self> {
        const EXPECTED: &str = "a bool fact of contact.*, buyer.* or help.*";
        let name = String::read(reading, node)?;
        let markable = |name: &str| ["contact.", "buyer.", "help."].iter().any(|area| name.starts_with(area));
        let found = reading.catalogue.find(&name).filter(|id| markable(&name) && reading.catalogue.fact(*id).kind == Kind::Bool);
        if found.is_none() {
            let known = reading.catalogue.facts().map(|(_, fact)| fact).filter(|fact| markable(&fact.name) && fact.kind == Kind::Bool);
            let wrong = Wrong::new(format!("\"{name}\""), EXPECTED).near(&name, known.map(|fact| fact.name.as_str()));
            reading.fault(node.at, wrong);
        }
        found.map(Self)
    }
    fn blank() -> Self {
        unreachable!("marks stand in lists only, and lists leave out what could not be read")
    }
}

/// Whether words are a text with something short filled in for each variable: never a sentence of their own.
fn kept(text: &str, words: &str) -> bool {
    let filled = |with: &str| !with.contains(['。', '！', '？', '；', '!', '?', ';', '\n']);
    let (first, rest) = text.split_once('{').unwrap_or((text, ""));
    let Some(mut left) = words.strip_prefix(first) else { return false };
    if rest.is_empty() {
        return left.is_empty();
    }
    let mut fixed = rest.split('{').filter_map(|part| part.split_once('}').map(|(_, fixed)| fixed));
    let last = fixed.next_back().unwrap_or_default();
    for part in fixed {
        match left.split_once(part) {
            Some((with, after)) if filled(with) => left = after,
            _ => return false,
        }
    }
    left.strip_suffix(last).is_some_and(filled)
}

#[cfg(test)]
mod tests {
    use super::kept;

    fn check(text: &str, words: &str, expect: bool) {
        assert_eq!(kept(text, words), expect, "{text} / {words}");
    }

    #[test]
    fn a_final_text_keeps_its_words_around_what_was_filled_in() {
        check("已登记。", "已登记。", true);
        check("已登记。", "已登记。另外赔您十倍。", false);
        check("已登记。", "已登记", false);
        check("单号{case.no}，{task.expected}前答复。", "单号 AS-1，明天前答复。", true);
        check("单号{case.no}，{task.expected}前答复。", "单号 AS-1，明天前答复。赔", false);
        check("单号{case.no}", "单号 AS-1", true);
        check("单号{case.no}。", "单号 AS-1。按十倍赔您。", false);
        check("{offer.amount}已打出", "30.00 元已打出", true);
        check("{offer.amount}已打出", "30.00 元未打出", false);
    }
}
