//! The written conversations of `content/*.toml`. Owns their format and its errors; fills nothing in.
//!
//! A script is lines of text:
//!
//! | line | meaning |
//! |---|---|
//! | `买 words` | the buyer says; ` // ` parts alternatives. The first one opens the case |
//! | `客 words` | the agent answers in the same channel |
//! | `电 words` | the agent calls, and this was said |
//! | `== stage` | from here on the case has been led to that stage |
//! | `+2h`, `+30m`, `+1d` | time passes |
//! | `! verb key=value … \| words` | an act of [`super::verb::Verb`], by whom it is usual, or `by=role` |
//!
//! Words may hold `{product}`, `{spec}`, `{order}`, `{city}`, `{agent_no}` and `{yuan AMOUNT}`. An amount is a number of yuan, a part of
//! the first line's paid sum (`10%`), that sum itself (`line`) or the order's freight (`freight`).

use aftercare_domain::time::Span;
use serde::Deserialize;

/// One line of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScriptLine {
    /// The stage the lines after it lead through.
    Stage(String),
    /// Time passes.
    Pause(Span),
    /// Words; of several alternatives one is taken.
    Say {
        /// Who: `买`, `客` or `电`.
        who: char,
        /// The alternatives.
        words: Vec<String>,
    },
    /// An act.
    Act {
        /// Which.
        verb: String,
        /// Its keys and values.
        fields: Vec<(String, String)>,
        /// The words after `|`.
        words: String,
    },
}

/// What the buyer asks for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// Kind of request.
    pub kind: String,
    /// The buyer's reason.
    pub reason: String,
    /// An amount, in the form described above.
    #[serde(default)]
    pub amount: Option<String>,
}

/// A conversation with all that was done in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversation {
    /// Unique name.
    pub name: String,
    /// Kind of problem.
    pub scenario: String,
    /// Short title.
    pub title: String,
    /// The buyer's mood.
    pub mood: String,
    /// `logistics`, `product`, `service` or `promotion`.
    pub class: String,
    /// 1 (grave) to 4 (slight).
    pub severity: u8,
    /// Goods that fit: categories, tags or numbers; all when empty.
    #[serde(default)]
    pub goods: Vec<String>,
    /// State of the order: `unshipped`, `packed`, `shipped`, `signed` or `none`.
    pub order: String,
    /// Lines of the order.
    #[serde(default = "one")]
    pub lines: usize,
    /// Pieces of the first line.
    #[serde(default = "one")]
    pub quantity: usize,
    /// Trouble of the parcel, see `parcel`.
    #[serde(default)]
    pub parcel: String,
    /// Channel of the first word.
    #[serde(default = "chat")]
    pub channel: String,
    /// What is asked for.
    pub request: Ask,
    script: String,
    /// The script, parsed.
    #[serde(skip)]
    pub steps: Vec<ScriptLine>,
}

fn one() -> usize {
    1
}

fn chat() -> String {
    "chat".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    conversation: Vec<Conversation>,
}

const FILES: &[(&str, &str)] = &[
    ("before_shipping.toml", include_str!("../../content/before_shipping.toml")),
    ("on_the_way.toml", include_str!("../../content/on_the_way.toml")),
    ("returns.toml", include_str!("../../content/returns.toml")),
    ("flaws.toml", include_str!("../../content/flaws.toml")),
    ("bulky.toml", include_str!("../../content/bulky.toml")),
    ("exchange.toml", include_str!("../../content/exchange.toml")),
    ("words.toml", include_str!("../../content/words.toml")),
    ("money.toml", include_str!("../../content/money.toml")),
    ("disputes.toml", include_str!("../../content/disputes.toml")),
];

/// All conversations. The files are part of the program; a fault in one is found by the test below.
pub fn all() -> Vec<Conversation> {
    FILES.iter().flat_map(|(name, text)| read(name, text).unwrap_or_else(|fault| panic!("{fault}"))).collect()
}

/// Reads one file; the error names file, conversation and line.
pub fn read(file: &str, text: &str) -> Result<Vec<Conversation>, String> {
    let parsed: File = toml::from_str(text).map_err(|fault| format!("{file}: {fault}"))?;
    if parsed.format != 1 {
        return Err(format!("{file}: format {} is not known, expected 1", parsed.format));
    }
    let mut conversations = parsed.conversation;
    for conversation in &mut conversations {
        let lines = conversation.script.lines().map(str::trim).filter(|line| !line.is_empty());
        conversation.steps = lines
            .map(|line| script_line(line).ok_or_else(|| format!("{file}: {}: cannot read the line: {line}", conversation.name)))
            .collect::<Result<_, _>>()?;
    }
    Ok(conversations)
}

fn script_line(line: &str) -> Option<ScriptLine> {
    if let Some(stage) = line.strip_prefix("== ") {
        return Some(ScriptLine::Stage(stage.to_owned()));
    }
    if let Some(length) = line.strip_prefix('+') {
        return span(length).map(ScriptLine::Pause);
    }
    if let Some(act) = line.strip_prefix("! ") {
        let (head, words) = act.split_once('|').unwrap_or((act, ""));
        let mut parts = head.split_whitespace();
        let verb = parts.next()?.to_owned();
        let fields =
            parts.map(|part| part.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned()))).collect::<Option<_>>()?;
        return Some(ScriptLine::Act { verb, fields, words: words.trim().to_owned() });
    }
    let (who, words) = line.split_once(' ')?;
    let who = ["买", "客", "电"].contains(&who).then(|| who.chars().next())??;
    Some(ScriptLine::Say { who, words: words.split(" // ").map(str::to_owned).collect() })
}

fn span(text: &str) -> Option<Span> {
    let unit = text.chars().last()?;
    let number: i64 = text.trim_end_matches(unit).parse().ok()?;
    match unit {
        'm' => Some(Span::minutes(number)),
        'h' => Some(Span::hours(number)),
        'd' => Some(Span::days(number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn lines() {
        let check = |text: &str, expect: Option<ScriptLine>| assert_eq!(script_line(text), expect, "{text}");
        check("== diagnosis", Some(ScriptLine::Stage("diagnosis".into())));
        check("+90m", Some(ScriptLine::Pause(Span::minutes(90))));
        check("+2x", None);
        check("买 在吗 // 你好", Some(ScriptLine::Say { who: '买', words: vec!["在吗".into(), "你好".into()] }));
        check("他 在吗", None);
        let fields = vec![("answer".to_owned(), "accepted".to_owned())];
        check("! answer answer=accepted", Some(ScriptLine::Act { verb: "answer".into(), fields, words: String::new() }));
        check("! answer accepted", None);
    }

    #[test]
    fn a_fault_names_file_conversation_and_line() {
        let text = "format = 1\n[[conversation]]\nname='x'\nscenario='s'\ntitle='t'\nmood='calm'\nclass='product'\nseverity=3\n\
                    order='signed'\nrequest={kind='help',reason='r'}\nscript='''\n买 在吗\n瞎写\n'''";
        assert_eq!(read("a.toml", text).expect_err("a fault"), "a.toml: x: cannot read the line: 瞎写");
        assert!(read("a.toml", "format = 2\nconversation = []").expect_err("a fault").contains("format 2"));
    }

    #[test]
    fn every_scenario_has_three_conversations_in_more_than_one_mood() {
        let all = all();
        let names: BTreeSet<&str> = all.iter().map(|conversation| conversation.name.as_str()).collect();
        assert_eq!(names.len(), all.len(), "names are unique");
        let mut by_scenario: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for conversation in &all {
            by_scenario.entry(&conversation.scenario).or_default().push(&conversation.mood);
        }
        assert_eq!(by_scenario.len(), 24, "{:?}", by_scenario.keys());
        for (scenario, moods) in by_scenario {
            assert!(moods.len() >= 3, "{scenario} has {}", moods.len());
            assert!(moods.iter().collect::<BTreeSet<_>>().len() >= 2, "{scenario}: {moods:?}");
        }
    }

    #[test]
    fn every_script_goes_through_its_stages_in_order_to_a_close_with_every_promise_settled() {
        let order = ["diagnosis", "negotiation", "execution", "confirmation", "closed"];
        for conversation in all() {
            let name = &conversation.name;
            assert!(matches!(conversation.steps.first(), Some(ScriptLine::Say { who: '买', .. })), "{name} begins with the buyer");
            let mut reached = Vec::new();
            let mut count: BTreeMap<&str, usize> = BTreeMap::new();
            for line in &conversation.steps {
                match line {
                    ScriptLine::Stage(stage) => reached.push(order.iter().position(|known| known == stage).expect(name)),
                    ScriptLine::Act { verb, .. } => *count.entry(verb).or_default() += 1,
                    _ => {}
                }
            }
            assert!(reached.is_sorted_by(|a, b| a < b) && reached.last() == Some(&4), "{name}: {reached:?}");
            let of = |verb: &str| count.get(verb).copied().unwrap_or(0);
            assert_eq!(of("promise"), of("keep"), "{name}: promises");
            assert_eq!(of("task"), of("done"), "{name}: tasks");
            assert_eq!(of("approval"), of("approve") + of("decline"), "{name}: approvals");
            assert_eq!(of("offer"), of("answer"), "{name}: offers");
            assert_eq!((of("diagnosis"), of("classify"), of("close")), (1, 1, 1), "{name}");
            assert!(of("scan") >= of("inspect"), "{name}: nothing is inspected that was not scanned");
        }
    }

    /// Off-platform contact, talk of reviews, absolute promises, steering of reasons: an agent's words that a platform punishes.
    fn punished(words: &str) -> Option<&'static str> {
        const PUNISHED: &[&str] =
            &["微信", "支付宝", "加我", "好评", "删评", "改评", "绝对", "百分百", "保证", "肯定到账", "改成不想要", "改一下原因"];
        PUNISHED.iter().find(|word| words.contains(**word)).copied()
    }

    #[test]
    fn agents_say_nothing_a_platform_punishes() {
        assert_eq!(punished("麻烦给个好评哦"), Some("好评"), "the check can fail");
        for conversation in all() {
            for line in &conversation.steps {
                let said: Vec<&str> = match line {
                    ScriptLine::Say { who: '客' | '电', words } => words.iter().map(String::as_str).collect(),
                    ScriptLine::Act { verb, words, .. } if verb == "offer" || verb == "promise" => vec![words],
                    _ => Vec::new(),
                };
                for words in said {
                    assert_eq!(punished(words), None, "{}: {words}", conversation.name);
                }
            }
        }
    }
}
