//! What each key of each table holds, for whoever draws a form. Owns the list; whether a value is right is decided where it is read.

use crate::case::WaitingOn;
use crate::deadline::{AtZero, SourceKind};
use crate::names::names;
use crate::people::Team;
use crate::playbook::catalogue::Asked;
use crate::playbook::table::{Act, Bearer, By, Channel, Class, ExceptionKind, Gate, Means, Measure, Proof, Remedy, Section, Take};
use serde::Serialize;

names! {
    /// The form of a key's value.
    Shape {
        All, "all", "全部成立";
        Either, "either", "任一成立";
        One, "one", "一个条件";
        Amount, "amount", "金额";
        Length, "length", "时长";
        Said, "said", "两种语言的话";
        Word, "word", "选一个";
        Words, "words", "选几个";
        Flag, "flag", "是否";
        Number, "number", "整数";
        Anchor, "anchor", "时间";
        Plain, "plain", "文字";
        Raw, "raw", "原文";
    }
}

/// One key.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Key {
    /// Its name; `promise.within` inside a small table.
    pub key: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// The closed set its words come from.
    pub set: Option<&'static str>,
    /// Whether the table cannot be without it.
    pub needed: bool,
}

const fn key(key: &'static str, shape: Shape) -> Key {
    Key { key, shape, set: None, needed: false }
}
const fn word(key: &'static str, set: &'static str) -> Key {
    Key { key, shape: Shape::Word, set: Some(set), needed: false }
}
const fn words(key: &'static str, set: &'static str) -> Key {
    Key { key, shape: Shape::Words, set: Some(set), needed: false }
}
const fn needed(key: Key) -> Key {
    Key { needed: true, ..key }
}

use Shape::{All, Amount, Anchor, Either, Flag, Length, Number, One, Plain, Raw, Said};

const GROUP: Key = key("group", Plain);
const ID: Key = needed(key("id", Plain));
const TITLE: Key = needed(key("title", Said));
const SOURCE: [Key; 4] =
    [needed(word("source.kind", "source")), key("source.rule", Plain), key("source.read", Raw), key("source.note", Plain)];

/// The keys of every table, in the order of the format.
pub const KEYS: &[(&str, &[Key])] = &[
    (
        "head",
        &[
            needed(key("format", Number)),
            needed(key("scenario", Plain)),
            needed(key("name", Plain)),
            needed(key("number", Plain)),
            needed(key("version", Number)),
            key("valid_from", Raw),
            TITLE,
            needed(key("summary", Said)),
            needed(word("class", "class")),
            needed(key("applies", All)),
            key("words", Raw),
            key("include", Raw),
            key("policy", Raw),
            key("bottom_line", Said),
        ],
    ),
    (
        "fact",
        &[
            GROUP,
            needed(key("need", One)),
            word("before", "gate"),
            key("when", All),
            key("unless", Either),
            key("ask", Said),
            key("ask.at_most", Number),
            word("of", "asked"),
            key("why", Said),
            key("instead", Said),
        ],
    ),
    (
        "step",
        &[
            GROUP,
            ID,
            TITLE,
            needed(word("before", "gate")),
            key("when", All),
            key("after", Raw),
            needed(key("done", All)),
            key("within", Length),
            key("from", Anchor),
            word("waits_on", "waits_on"),
            word("team", "team"),
            word("do", "act"),
            key("script", Plain),
            key("must", Flag),
            key("why", Said),
        ],
    ),
    (
        "offer",
        &[
            GROUP,
            ID,
            TITLE,
            needed(word("remedy", "remedy")),
            words("means", "means"),
            key("when", All),
            key("unless", Either),
            key("first_when", All),
            key("lawful", Flag),
            key("amount", Amount),
            key("cap", Amount),
            key("limit", Amount),
            key("cost", Amount),
            key("takes", Length),
            word("freight.borne_by", "bearer"),
            word("freight.advanced_by", "bearer"),
            key("freight.cap", Amount),
            key("freight.reimbursed", Said),
            needed(word("promise.who", "team")),
            needed(key("promise.within", Length)),
            needed(key("promise.text", Said)),
            key("what", Said),
            key("why", Said),
            key("buyer_must", Said),
            key("follows", Said),
            key("asks", Raw),
            key("script", Plain),
            words("then", "act"),
        ],
    ),
    (
        "deadline",
        &[
            GROUP,
            ID,
            needed(key("clock", Plain)),
            needed(key("label", Said)),
            key("when", All),
            key("until", All),
            needed(key("starts", Anchor)),
            key("within", Length),
            key("days", Number),
            key("unknown", Flag),
            key("also", Raw),
            word("take", "take"),
            key("named_by", Anchor),
            key("during", Raw),
            word("measure", "measure"),
            needed(word("at_zero", "at_zero")),
            word("waits_on", "waits_on"),
            words("pauses_on", "waits_on"),
            word("team", "team"),
            key("buffer", Length),
            SOURCE[0],
            SOURCE[1],
            SOURCE[2],
            SOURCE[3],
        ],
    ),
    (
        "rule",
        &[
            GROUP,
            ID,
            TITLE,
            needed(key("when", All)),
            key("unless", Either),
            needed(word("do", "act")),
            key("amount", Amount),
            word("team", "team"),
            key("within", Length),
            key("text", Said),
            key("on", Flag),
            needed(key("why", Said)),
        ],
    ),
    (
        "script",
        &[
            GROUP,
            ID,
            TITLE,
            needed(key("text", Said)),
            key("fits", All),
            key("unfit", Either),
            key("marks", Raw),
            words("channel", "channel"),
            key("frozen", Flag),
        ],
    ),
    ("call", &[GROUP, ID, TITLE, key("say", Said), key("outcomes", Raw), key("when", All)]),
    ("cause", &[GROUP, needed(key("cause", Plain)), needed(key("party", Plain)), key("when", All), key("note", Said)]),
    ("severity", &[GROUP, needed(key("level", Number)), needed(key("when", All)), key("why", Said)]),
    ("document", &[GROUP, needed(word("section", "section")), needed(key("text", Said)), SOURCE[0], SOURCE[1], SOURCE[2], SOURCE[3]]),
    (
        "window",
        &[
            GROUP,
            ID,
            TITLE,
            key("platforms", Raw),
            needed(key("from", Raw)),
            needed(key("until", Raw)),
            key("offset", Plain),
            SOURCE[0],
            SOURCE[1],
            SOURCE[2],
            SOURCE[3],
        ],
    ),
    (
        "exception",
        &[
            GROUP,
            ID,
            TITLE,
            needed(word("kind", "exception")),
            needed(key("when", All)),
            needed(key("text", Said)),
            SOURCE[0],
            SOURCE[1],
            SOURCE[2],
            SOURCE[3],
        ],
    ),
    (
        "criterion",
        &[
            GROUP,
            ID,
            TITLE,
            needed(key("categories", Raw)),
            needed(key("text", Said)),
            word("proof", "proof"),
            SOURCE[0],
            SOURCE[1],
            SOURCE[2],
            SOURCE[3],
        ],
    ),
    (
        "closing",
        &[
            key("needs", All),
            needed(key("results", Raw)),
            needed(words("by", "by")),
            key("silence", Length),
            key("satisfaction", All),
            key("follow_up", Length),
        ],
    ),
];

/// The keys of one table.
pub(super) fn keys(table: &str) -> &'static [Key] {
    KEYS.iter().find(|(name, _)| *name == table).map_or(&[], |(_, keys)| keys)
}

/// A closed set: its name, and each word with its Chinese.
pub type WordSet = (&'static str, Vec<(&'static str, &'static str)>);

/// Every closed set that keys take their words from.
pub fn word_sets() -> Vec<WordSet> {
    macro_rules! sets {
        ($($name:literal: $set:ty),* $(,)?) => {
            vec![$(($name, <$set>::ALL.iter().map(|word| (word.as_str(), word.zh())).collect()),)*]
        };
    }
    sets! {
        "gate": Gate, "asked": Asked, "waits_on": WaitingOn, "team": Team, "act": Act, "remedy": Remedy, "means": Means,
        "bearer": Bearer, "take": Take, "measure": Measure, "at_zero": AtZero, "channel": Channel, "class": Class,
        "section": Section, "exception": ExceptionKind, "proof": Proof, "by": By, "source": SourceKind,
    }
}

/// The Chinese of a word of a closed set.
pub(super) fn word_zh(set: &str, word: &str) -> Option<&'static str> {
    let sets = word_sets();
    let words = sets.iter().find(|(name, _)| *name == set).map(|(_, words)| words)?;
    words.iter().find(|(code, _)| *code == word).map(|(_, zh)| *zh)
}
