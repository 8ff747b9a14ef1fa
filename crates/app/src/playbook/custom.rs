//! A shop's custom fields as facts: `custom.<code>`. Owns which kinds of field can be asked about.

use crate::error::Result;
use aftercare_domain::playbook::catalogue::{Asked, CUSTOM, Fact};
use aftercare_domain::playbook::value::Kind;
use aftercare_domain::playbook::{Catalogue, Text};
use aftercare_store::{Row, Tx, values};
use serde_json::Value;
use std::collections::BTreeMap;

/// The standard catalogue and every custom field. Where shops disagree about a field's kind the first shop's holds.
pub(crate) fn catalogue(tx: &mut Tx<'_>) -> Result<Catalogue> {
    let sql = "SELECT code, kind, label_zh, label_en, choices FROM custom_field ORDER BY code, shop_id";
    let read = |row: &Row| {
        Ok((row.get::<String>(0)?, row.get::<String>(1)?, Text::new(row.get::<String>(2)?, row.get::<String>(3)?), row.get::<Value>(4)?))
    };
    let mut fields: BTreeMap<String, Fact> = BTreeMap::new();
    for (code, kind, label, choices) in tx.query(sql, &values![], read)? {
        if let Some(fact) = fact(&code, &kind, label, &choices) {
            fields.entry(code).or_insert(fact);
        }
    }
    // the names differ from each other and from the standard ones, so none stands twice
    Ok(Catalogue::standard().clone().with_custom(fields.into_values()).unwrap_or_else(|_| Catalogue::standard().clone()))
}

fn fact(code: &str, kind: &str, label: Text, choices: &Value) -> Option<Fact> {
    let kind = match kind {
        "flag" | "bool" => Kind::Bool,
        "choice" | "enum" => Kind::Choice,
        "number" | "count" => Kind::Count,
        "money" => Kind::Money,
        "date" => Kind::Date,
        "text" => Kind::Text,
        _ => return None,
    };
    let code_of = |choice: &Value| {
        let code = choice.as_str().or_else(|| choice["code"].as_str())?;
        Some((code.to_owned(), choice["zh"].as_str().unwrap_or(code).to_owned()))
    };
    let choices = choices.as_array().map(|all| all.iter().filter_map(code_of).collect()).unwrap_or_default();
    Some(Fact {
        name: format!("{CUSTOM}{code}"),
        kind,
        unit: None,
        choices,
        label,
        source: "custom".into(),
        asked: Asked::Agent,
        down: false,
    })
}
