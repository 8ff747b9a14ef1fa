//! A story as written. Owns reading the file; what the words mean stands in `verbs` and `special`.

use super::times;
use aftercare_domain::time::Micros;
use serde_json::{Map, Value};

/// One story.
pub struct Story {
    /// What it tells.
    pub title: String,
    /// Where the clock stands at first.
    pub start: Micros,
    /// What is there at the start.
    pub given: Given,
    /// What happens, in order.
    pub steps: Vec<Map<String, Value>>,
}

/// What is there at the start; each row as written.
#[derive(Default)]
pub struct Given {
    pub shops: Vec<Map<String, Value>>,
    pub staff: Vec<Map<String, Value>>,
    pub products: Vec<Map<String, Value>>,
    pub stock: Vec<Map<String, Value>>,
    pub orders: Vec<Map<String, Value>>,
}

const FORMAT: i64 = 1;

impl Story {
    /// Reads a story; the error says what was expected where.
    pub fn parse(text: &str) -> Result<Self, String> {
        let table: toml::Table = toml::from_str(text).map_err(|why| why.to_string())?;
        let Value::Object(mut top) = json(toml::Value::Table(table)) else { return Err("expected a table".into()) };
        if top.remove("format").and_then(|format| format.as_i64()) != Some(FORMAT) {
            return Err(format!("expected `format = {FORMAT}` at the top"));
        }
        let title = text_of(&mut top, "title")?;
        let start = top.remove("start").map_or_else(|| Ok(Micros(1_795_485_600_000_000)), |at| times::instant_of(&at))?;
        let given = Given::parse(top.remove("given").unwrap_or_default())?;
        let steps = rows("step", top.remove("step").unwrap_or_default())?;
        top.remove("scenario");
        top.remove("about");
        if let Some(unknown) = top.keys().next() {
            return Err(format!("there is no `{unknown}` at the top of a story (title, scenario, about, start, given, step)"));
        }
        if let Some(at) = steps.iter().position(|step| !step.get("do").is_some_and(Value::is_string)) {
            return Err(format!("step {}: expected `do = \"verb\"`", at + 1));
        }
        Ok(Self { title, start, given, steps })
    }
}

impl Given {
    fn parse(value: Value) -> Result<Self, String> {
        let mut table = match value {
            Value::Null => return Ok(Self::default()),
            Value::Object(table) => table,
            _ => return Err("expected [[given.…]] tables".into()),
        };
        let mut take = |name: &str| rows(name, table.remove(name).unwrap_or_default());
        let given =
            Self { shops: take("shop")?, staff: take("staff")?, products: take("product")?, stock: take("stock")?, orders: take("order")? };
        match table.keys().next() {
            Some(unknown) => Err(format!("there is no [[given.{unknown}]] (shop, staff, product, stock, order)")),
            None => Ok(given),
        }
    }
}

fn text_of(table: &mut Map<String, Value>, name: &str) -> Result<String, String> {
    match table.remove(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text),
        _ => Err(format!("expected `{name} = \"…\"`")),
    }
}

fn rows(name: &str, value: Value) -> Result<Vec<Map<String, Value>>, String> {
    let list = match value {
        Value::Null => Vec::new(),
        Value::Array(list) => list,
        _ => return Err(format!("expected [[{name}]]")),
    };
    let table = |value| if let Value::Object(table) = value { Ok(table) } else { Err(format!("expected [[{name}]] tables")) };
    list.into_iter().map(table).collect()
}

/// TOML as JSON; dates become their text.
fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(n) => Value::from(n),
        toml::Value::Float(n) => Value::from(n),
        toml::Value::Boolean(yes) => Value::Bool(yes),
        toml::Value::Datetime(at) => Value::String(at.to_string()),
        toml::Value::Array(list) => list.into_iter().map(json).collect(),
        toml::Value::Table(table) => table.into_iter().map(|(name, value)| (name, json(value))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_named() {
        let check = |text: &str, expect: &str| {
            let why = Story::parse(text).err().unwrap_or_default();
            assert!(why.contains(expect), "{text}: {why}");
        };
        check("title = \"x\"", "format = 1");
        check("format = 1", "title");
        check("format = 1\ntitle = \"x\"\nstory = 1", "`story`");
        check("format = 1\ntitle = \"x\"\n[[given.car]]\nname = 1", "given.car");
        check("format = 1\ntitle = \"x\"\n[[step]]\nverb = \"open\"", "step 1");
        check("format = 1\ntitle = \"x\"\nstart = \"tomorrow\"", "tomorrow");
    }
}
