//! The fact catalogue: what playbooks may speak of, with its labels.

use crate::call::Call;
use crate::route::{Access::May, Empty, Route, get};
use aftercare_domain::people::Action::ReadPlaybooks;
use aftercare_domain::playbook::Catalogue;
use aftercare_domain::playbook::outline::{KEYS, Key, word_sets};
use serde::Serialize;
use std::collections::BTreeMap;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/facts", May(ReadPlaybooks), "Every fact that conditions may speak of", async |_: Call, _: Empty| Ok(rows())),
        get("/facts/words", May(ReadPlaybooks), "Keys, closed sets and variables of the playbook format", async |_: Call, _: Empty| {
            Ok(format_words())
        }),
    ]
}

fn format_words() -> FormatWords {
    let variable = |it: &'static aftercare_domain::playbook::catalogue::Variable| VariableRow { name: &it.name, zh: &it.zh, en: &it.en };
    let key = |key: &Key| KeyRow { key: key.key, shape: key.shape.as_str(), set: key.set, needed: key.needed };
    FormatWords {
        tables: KEYS.iter().map(|(name, keys)| (*name, keys.iter().map(key).collect())).collect(),
        sets: word_sets()
            .into_iter()
            .map(|(name, words)| (name, words.into_iter().map(|(code, zh)| ValueRow { code, zh }).collect()))
            .collect(),
        variables: Catalogue::standard().variables().iter().map(variable).collect(),
    }
}

fn rows() -> Vec<FactRow> {
    let row = |(_, fact): (_, &'static aftercare_domain::playbook::catalogue::Fact)| FactRow {
        name: &fact.name,
        kind: fact.kind.as_str(),
        unit: fact.unit.map(|unit| unit.as_str()),
        zh: &fact.label.zh,
        en: &fact.label.en,
        values: fact.choices.iter().map(|(code, zh)| ValueRow { code, zh }).collect(),
        source: &fact.source,
        asked: fact.asked.as_str(),
    };
    Catalogue::standard().facts().map(row).collect()
}

/// One fact.
#[derive(Serialize, utoipa::ToSchema)]
struct FactRow {
    /// Its name, e.g. `parcel.age`.
    name: &'static str,
    /// bool, enum, number, money, duration, text, date, count.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The unit of a number.
    unit: Option<&'static str>,
    /// Chinese label.
    zh: &'static str,
    /// English label.
    en: &'static str,
    /// The values of an enum.
    values: Vec<ValueRow>,
    /// How it is known.
    source: &'static str,
    /// Who is asked while it is unknown.
    asked: &'static str,
}

/// One value of an enum.
#[derive(Serialize, utoipa::ToSchema)]
struct ValueRow {
    /// In conditions and commands.
    code: &'static str,
    /// Shown to people.
    zh: &'static str,
}

/// What a form over the playbook format has to know.
#[derive(Serialize, utoipa::ToSchema)]
struct FormatWords {
    /// The keys of every table.
    tables: BTreeMap<&'static str, Vec<KeyRow>>,
    /// The closed sets that keys take their words from.
    sets: BTreeMap<&'static str, Vec<ValueRow>>,
    /// Variables of texts that are no facts.
    variables: Vec<VariableRow>,
}

/// One key of a table.
#[derive(Serialize, utoipa::ToSchema)]
struct KeyRow {
    /// Its name.
    key: &'static str,
    /// all, either, one, amount, length, said, word, words, flag, number, anchor, plain, raw.
    shape: &'static str,
    /// The closed set its words come from.
    set: Option<&'static str>,
    /// Whether the table cannot be without it.
    needed: bool,
}

/// One variable of texts.
#[derive(Serialize, utoipa::ToSchema)]
struct VariableRow {
    /// In braces in a text.
    name: &'static str,
    /// Chinese label.
    zh: &'static str,
    /// English label.
    en: &'static str,
}
