//! What a buyer's words show of mood and danger. Owns reading and asking `data/moods_cn.toml`.
//!
//! A proposal only: a person corrects it with one key.

use serde::Deserialize;
use std::sync::LazyLock;

/// Words by mood, graver moods first.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moods {
    #[serde(rename = "format")]
    _format: u8,
    mood: Vec<Row>,
    safety: Words,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    code: String,
    words: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    words: Vec<String>,
}

static CHINA: LazyLock<Moods> =
    LazyLock::new(|| toml::from_str(include_str!("../../data/moods_cn.toml")).expect("the shipped words are read by a test"));

impl Moods {
    /// Chinese, from the file shipped with the product.
    pub fn china() -> &'static Self {
        &CHINA
    }

    /// A value of `buyer.mood`; calm where nothing shows another one, nothing where nothing was said.
    pub fn mood(&self, text: &str) -> Option<&str> {
        let shown = self.mood.iter().find(|row| row.words.iter().any(|word| text.contains(word.as_str())));
        if text.trim().is_empty() { None } else { Some(shown.map_or("calm", |row| row.code.as_str())) }
    }

    /// Whether somebody was hurt or is in danger.
    pub fn danger(&self, text: &str) -> bool {
        self.safety.words.iter().any(|word| text.contains(word.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::Catalogue;

    #[test]
    fn every_mood_is_a_value_of_the_catalogue() {
        let catalogue = Catalogue::standard();
        let fact = catalogue.fact(catalogue.find("buyer.mood").expect("a fact"));
        for row in &Moods::china().mood {
            assert!(fact.choice(&row.code).is_some() && row.words.iter().all(|word| !word.is_empty()), "{}", row.code);
        }
    }

    #[test]
    fn moods_and_danger() {
        let check = |text: &str, mood: Option<&str>, danger: bool| {
            assert_eq!((Moods::china().mood(text), Moods::china().danger(text)), (mood, danger), "{text}");
        };
        check("衣服胸口好大一块污渍，你们怎么发的货！退货！", Some("angry"), false);
        check("怎么办啊，后天要用", Some("anxious"), false);
        check("尺码不合适，想换大一码", Some("calm"), false);
        check("用了一次就冒烟了", Some("calm"), true);
        check("", None, false);
    }
}
