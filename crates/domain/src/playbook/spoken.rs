//! What a reason or the buyer's own words speak of: the problem and the symptom, as codes of the fact catalogue.
//!
//! Owns reading and asking `data/problems_cn.toml`. A proposal only: a person corrects it, and absent stays absent.

use super::catalogue::{Catalogue, Fact};
use serde::Deserialize;
use std::sync::LazyLock;

/// The rows, narrow ones first.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spoken {
    #[serde(rename = "format")]
    _format: u8,
    #[serde(rename = "problem")]
    problems: Vec<Row>,
    #[serde(rename = "symptom")]
    symptoms: Vec<Row>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    code: String,
    words: Vec<String>,
}

static CHINA: LazyLock<Spoken> =
    LazyLock::new(|| toml::from_str(include_str!("../../data/problems_cn.toml")).expect("the shipped words are read by a test"));

impl Spoken {
    /// Chinese, from the file shipped with the product.
    pub fn china() -> &'static Self {
        &CHINA
    }

    /// A value of `request.problem`: the reason itself where it is one, else what the reason names, else what the text names.
    pub fn problem(&'static self, reason: &str, text: &str) -> Option<&'static str> {
        code("request.problem", reason).or_else(|| first(&self.problems, reason)).or_else(|| first(&self.problems, text))
    }

    /// A value of `request.symptom` that the text, else the reason, names.
    pub fn symptom(&'static self, reason: &str, text: &str) -> Option<&'static str> {
        code("request.symptom", reason).or_else(|| first(&self.symptoms, text)).or_else(|| first(&self.symptoms, reason))
    }
}

fn fact(name: &str) -> Option<&'static Fact> {
    let catalogue = Catalogue::standard();
    catalogue.find(name).map(|id| catalogue.fact(id))
}

fn code(name: &str, text: &str) -> Option<&'static str> {
    fact(name)?.choices.iter().map(|(code, _)| code.as_str()).find(|code| *code == text)
}

fn first(rows: &'static [Row], text: &str) -> Option<&'static str> {
    rows.iter().find(|row| row.words.iter().any(|word| text.contains(word.as_str()))).map(|row| row.code.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_a_value_of_the_catalogue_and_has_words() {
        for (name, rows) in [("request.problem", &Spoken::china().problems), ("request.symptom", &Spoken::china().symptoms)] {
            for row in rows {
                assert!(code(name, &row.code).is_some(), "{name} has no {}", row.code);
                assert!(row.words.iter().all(|word| !word.is_empty()) && !row.words.is_empty(), "{}", row.code);
            }
        }
    }

    #[test]
    fn reasons_of_platforms_and_words_of_buyers() {
        let check = |reason: &str, text: &str, problem: Option<&str>, symptom: Option<&str>| {
            let found = (Spoken::china().problem(reason, text), Spoken::china().symptom(reason, text));
            assert_eq!(found, (problem, symptom), "{reason} / {text}");
        };
        check("defective", "右耳时有时无的", Some("defective"), Some("no_sound"));
        check("质量问题", "第一次穿腋下就裂开一条缝", Some("defective"), Some("open_seam"));
        check("7天无理由退换货", "不喜欢 退", Some("not_wanted"), None);
        check("外包装破损拒收", "箱子都烂了，我直接拒收了", Some("refused"), Some("spoiled"));
        check("少件/漏发", "盒子里只有一件", Some("short"), None);
        check("", "衣服胸口好大一块污渍", Some("soiled"), Some("stain"));
        check("", "在吗", None, None);
    }
}
