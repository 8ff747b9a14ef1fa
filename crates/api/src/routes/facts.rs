//! The fact catalogue: what playbooks may speak of, with its labels.

use crate::call::Call;
use crate::route::{Access::May, Empty, Route, get};
use aftercare_domain::people::Action::ReadPlaybooks;
use aftercare_domain::playbook::Catalogue;
use serde::Serialize;

pub(super) fn routes() -> Vec<Route> {
    vec![get("/facts", May(ReadPlaybooks), "Every fact that conditions may speak of", async |_: Call, _: Empty| Ok(rows()))]
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
