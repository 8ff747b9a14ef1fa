//! Custom fields (自定义字段): a shop's own typed facts about a case. Owns their definitions, the check of values, and their sealing.

use crate::command::{CaseRef, Changed, Repeat};
use crate::error::{Result, bad_input, not_found};
use crate::{Context, Desk, shown};
use aftercare_domain::id::ShopId;
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::time::Micros;
use aftercare_store::vault::DataKey;
use aftercare_store::{Row, Tx, values};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Fields of one shop.
const MOST: i64 = 200;
const KINDS: &[&str] = &["text", "number", "money", "date", "bool", "choice"];

/// A field's definition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Lower-case letters, digits and `_`; playbooks call it `custom.<code>`.
    pub code: String,
    /// Only on cases of this scenario; on all when empty.
    #[serde(default)]
    pub scenario: String,
    /// text, number (whole), money (minor units), date (RFC 3339), bool, choice.
    pub kind: String,
    /// Shown in Chinese.
    pub label_zh: String,
    /// Shown in English.
    pub label_en: String,
    /// What can be chosen, for `choice`.
    #[serde(default)]
    pub choices: Vec<String>,
}

impl Field {
    fn check(&self) -> Result<()> {
        let code = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if self.code.is_empty() || self.code.len() > 40 || !self.code.chars().all(code) {
            return Err(bad_input("code", "1 to 40 of a-z, 0-9 and _"));
        }
        if !KINDS.contains(&self.kind.as_str()) {
            return Err(bad_input("kind", format!("one of {}", KINDS.join(", "))));
        }
        if self.label_zh.trim().is_empty() || self.label_en.trim().is_empty() {
            return Err(bad_input("label_zh", "both labels are needed"));
        }
        if (self.kind == "choice") == self.choices.is_empty() || self.choices.len() > 100 {
            return Err(bad_input("choices", "1 to 100 for kind choice, none for others"));
        }
        Ok(())
    }

    /// Whether `value` is one of this field's; the problem otherwise.
    fn holds(&self, value: &Value) -> std::result::Result<(), String> {
        let fits = match self.kind.as_str() {
            "text" => value.as_str().is_some_and(|text| text.len() <= 2000),
            "number" | "money" => value.is_i64(),
            "bool" => value.is_boolean(),
            "date" => value.as_str().is_some_and(|text| Micros::parse(text).is_some()),
            _ => value.as_str().is_some_and(|text| self.choices.iter().any(|choice| choice == text)),
        };
        if fits { Ok(()) } else { Err(format!("{} is of kind {} {}", self.code, self.kind, self.choices.join(" / "))) }
    }
}

impl Desk {
    /// Adds a field to a shop, or changes the words of one that is there; its kind stays.
    pub async fn put_custom_field(&self, context: &Context, shop: ShopId, field: Field) -> Result<Field> {
        context.actor.may(Action::ManageSettings, &Object::shop("shop", shop))?;
        field.check()?;
        let repeat = Repeat::of(context, format!("custom_field/{shop}"), &field);
        self.command(context, repeat, move |tx| {
            let there = fields(tx, shop)?;
            if there.len() as i64 >= MOST && !there.iter().any(|known| known.code == field.code) {
                return Err(bad_input("code", format!("a shop has at most {MOST} fields")));
            }
            if there.iter().any(|known| known.code == field.code && known.kind != field.kind) {
                return Err(bad_input("kind", "the kind of a field cannot change; add another field"));
            }
            let sql = "INSERT INTO custom_field (shop_id, code, scenario, kind, label_zh, label_en, choices) VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (shop_id, code) DO UPDATE SET scenario = excluded.scenario, label_zh = excluded.label_zh, label_en = excluded.label_en, choices = excluded.choices";
            let choices = json!(field.choices);
            tx.execute(sql, &values![shop, &field.code, &field.scenario, &field.kind, &field.label_zh, &field.label_en, choices])?;
            Ok(field.clone())
        })
        .await
    }

    /// The fields of a shop.
    pub async fn custom_fields(&self, context: &Context, shop: ShopId) -> Result<Vec<Field>> {
        context.actor.may(Action::ReadCase, &Object::shop("shop", shop))?;
        self.store.read(move |tx| fields(tx, shop)).await
    }

    /// Sets values by field code; `null` takes a value away.
    pub async fn set_custom(&self, context: &Context, at: CaseRef, given: Map<String, Value>) -> Result<Changed> {
        if given.is_empty() || given.len() > 50 {
            return Err(bad_input("custom", "1 to 50 values"));
        }
        let repeat = Repeat::of(context, format!("custom/{}", at.id), &given);
        let key = self.case_key(at).await?;
        self.change(context, at, Action::Classify, false, repeat, move |change| {
            change.must_be_open()?;
            let (shop, case) = (change.case.shop, change.case.id);
            let known = fields(change.tx, shop)?;
            for (code, value) in &given {
                let field = known.iter().find(|field| field.code == *code).ok_or_else(|| not_found("custom field"))?;
                let elsewhere = !field.scenario.is_empty() && field.scenario != change.case.scenario;
                if elsewhere {
                    return Err(bad_input("custom", format!("{code} is a field of other cases")));
                }
                change
                    .tx
                    .execute("DELETE FROM custom_value WHERE shop_id = $1 AND case_id = $2 AND code = $3", &values![shop, case, code])?;
                if !value.is_null() {
                    field.holds(value).map_err(|problem| bad_input("custom", problem))?;
                    let sealed = key.seal("custom_value", &value.to_string());
                    change.tx.insert("custom_value", &["shop_id", "case_id", "code", "value_sealed"], values![shop, case, code, sealed]);
                }
            }
            let codes: Vec<&String> = given.keys().collect();
            change.event("custom_set", json!({ "fields": codes }));
            Ok(json!({}))
        })
        .await
    }
}

fn fields(tx: &mut Tx<'_>, shop: ShopId) -> Result<Vec<Field>> {
    let sql = "SELECT code, scenario, kind, label_zh, label_en, choices FROM custom_field WHERE shop_id = $1 ORDER BY code LIMIT $2";
    let read = |row: &Row| {
        let choices = row.get::<Value>(5)?.as_array().into_iter().flatten().filter_map(|c| c.as_str().map(str::to_owned)).collect();
        Ok(Field { code: row.get(0)?, scenario: row.get(1)?, kind: row.get(2)?, label_zh: row.get(3)?, label_en: row.get(4)?, choices })
    };
    Ok(tx.query(sql, &values![shop, MOST], read)?)
}

/// The values of a case by field code, for its page.
pub(crate) fn of_case(tx: &mut Tx<'_>, at: CaseRef, key: &DataKey) -> Result<Value> {
    let sql = "SELECT code, value_sealed FROM custom_value WHERE shop_id = $1 AND case_id = $2 ORDER BY code LIMIT $3";
    let read = |row: &Row| Ok((row.get::<String>(0)?, shown::json(key, "custom_value", &row.get::<Vec<u8>>(1)?)));
    Ok(Value::Object(tx.query(sql, &values![at.shop, at.id, MOST], read)?.into_iter().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_typed() {
        let check = |kind: &str, value: Value, expect: bool| {
            let choices = if kind == "choice" { vec!["红".to_owned()] } else { vec![] };
            let field = Field {
                code: "x".into(),
                scenario: String::new(),
                kind: kind.into(),
                label_zh: "某".into(),
                label_en: "x".into(),
                choices,
            };
            field.check().expect("a field");
            assert_eq!(field.holds(&value).is_ok(), expect, "{kind} {value}");
        };
        check("text", json!("a"), true);
        check("text", json!(1), false);
        check("number", json!(3), true);
        check("money", json!(1.5), false);
        check("bool", json!("true"), false);
        check("date", json!("2026-11-24T10:00:00+08:00"), true);
        check("date", json!("yesterday"), false);
        check("choice", json!("红"), true);
        check("choice", json!("绿"), false);
    }
}
