//! From a step's fields to the body of a command: short names, 元, lines and times become what the API takes. Owns that translation.

use super::times;
use super::value::{At, fen};
use serde_json::{Map, Value, json};

/// Names that stories write shorter.
const SHORT: &[(&str, &str)] = &[("order", "order_no"), ("line", "line_no")];
/// Amounts in 元.
const AMOUNTS: &[&str] = &["amount", "freight", "paid", "list", "captured"];
/// Times in any form.
const TIMES: &[&str] = &["due_at", "by_when", "ordered_at", "paid_at", "shipped_at", "signed_at", "completed_at"];
/// Passed on as written.
const AS_WRITTEN: &[&str] = &["facts", "fields", "data", "card", "settings", "body", "value"];

/// The body of a command.
pub fn body(fields: &Map<String, Value>, at: At) -> Result<Value, String> {
    let mut body = Map::new();
    for (name, value) in fields {
        let (name, value) = field(name, value, at).map_err(|why| format!("{name}: {why}"))?;
        body.insert(name, value);
    }
    Ok(Value::Object(body))
}

fn field(name: &str, value: &Value, at: At) -> Result<(String, Value), String> {
    if AS_WRITTEN.contains(&name) {
        return Ok((name.to_owned(), value.clone()));
    }
    if AMOUNTS.contains(&name) && value.is_number() {
        return Ok((format!("{name}_minor"), json!(fen(value)?)));
    }
    if let (true, Some(text)) = (TIMES.contains(&name), value.as_str()) {
        let instant = times::instant(text, at.now, at.start).ok_or_else(|| format!("expected a time, got {value}"))?;
        return Ok((name.to_owned(), json!(instant)));
    }
    let long = SHORT.iter().find(|(short, _)| *short == name && !value.is_object()).map_or(name, |(_, long)| long);
    let value = match value {
        Value::Array(rows) if matches!(name, "lines" | "units") => rows.iter().map(|row| line(row, at)).collect::<Result<_, _>>()?,
        Value::Array(rows) => {
            rows.iter().map(|row| row.as_object().map_or_else(|| Ok(row.clone()), |row| body(row, at))).collect::<Result<_, _>>()?
        }
        Value::Object(inner) => body(inner, at)?,
        other => other.clone(),
    };
    Ok((long.to_owned(), value))
}

/// `2` is one unit of line 2.
fn line(row: &Value, at: At) -> Result<Value, String> {
    match row {
        Value::Number(n) => Ok(json!({ "line_no": n, "quantity": 1 })),
        Value::Object(fields) => {
            let mut line = body(fields, at)?;
            if let Some(line) = line.as_object_mut().filter(|line| line.contains_key("line_no")) {
                line.entry("quantity").or_insert(json!(1));
            }
            Ok(line)
        }
        other => Err(format!("expected a line's number or {{ line, quantity }}, got {other}")),
    }
}

/// Puts the values of variables in. A text that is nothing but one variable becomes its value.
pub fn fill(value: &Value, look: &impl Fn(&str) -> Option<Value>) -> Result<Value, String> {
    Ok(match value {
        Value::String(text) => fill_text(text, look)?,
        Value::Array(rows) => rows.iter().map(|row| fill(row, look)).collect::<Result<_, _>>()?,
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| Ok::<_, String>((name.clone(), fill(value, look)?)));
            Value::Object(fields.collect::<Result<_, _>>()?)
        }
        other => other.clone(),
    })
}

fn fill_text(text: &str, look: &impl Fn(&str) -> Option<Value>) -> Result<Value, String> {
    let find = |name: &str| look(name.trim()).ok_or_else(|| format!("there is no variable {{{{{name}}}}}"));
    let whole = text.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")).filter(|name| !name.contains("{{"));
    if let Some(name) = whole {
        return find(name);
    }
    let (mut filled, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, left) = after.split_once("}}").ok_or_else(|| format!("{text}: expected }}}}"))?;
        filled.push_str(before);
        filled.push_str(&super::path::plain(&find(name)?));
        rest = left;
    }
    filled.push_str(rest);
    Ok(Value::String(filled))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aftercare_domain::time::Micros;

    #[test]
    fn short_forms_become_the_apis() {
        let now = Micros::parse("2026-11-24T02:00:00Z").expect("a time");
        let at = At { now, start: now };
        let check = |given: Value, expect: Value| assert_eq!(body(given.as_object().expect("a table"), at), Ok(expect));
        check(json!({ "order": "A1", "amount": 39.97 }), json!({ "order_no": "A1", "amount_minor": 3997 }));
        check(
            json!({ "lines": [2, { "line": 3, "quantity": 2, "amount": 1 }] }),
            json!({ "lines": [{ "line_no": 2, "quantity": 1 },
            { "line_no": 3, "quantity": 2, "amount_minor": 100 }] }),
        );
        check(
            json!({ "request": { "kind": "exchange", "lines": [1] } }),
            json!({ "request": { "kind": "exchange",
            "lines": [{ "line_no": 1, "quantity": 1 }] } }),
        );
        check(json!({ "due_at": "+24 h", "due_in_h": 24 }), json!({ "due_at": "2026-11-25T02:00:00Z", "due_in_h": 24 }));
        check(json!({ "facts": { "amount": 5 } }), json!({ "facts": { "amount": 5 } }));
        check(json!({ "amount_minor": 5 }), json!({ "amount_minor": 5 }));
        assert!(body(json!({ "amount": 0.001 }).as_object().expect("a table"), at).is_err());
    }

    #[test]
    fn variables_keep_their_kind_where_they_stand_alone() {
        let look = |name: &str| (name == "n").then(|| json!(5));
        assert_eq!(fill(&json!({ "a": "{{n}}", "b": "no {{ n }}." }), &look), Ok(json!({ "a": 5, "b": "no 5." })));
        assert!(fill(&json!("{{m}}"), &look).is_err());
    }
}
