//! Paths into an answer: `advice.ladder[rung=coupon].possible`, `promises#`. Owns their form.

use serde_json::Value;

/// What lies at the path: a value, nothing, or with `#` a number of rows.
pub fn find(root: &Value, path: &str) -> Value {
    match path.strip_suffix('#') {
        Some(list) => match find(root, list) {
            Value::Array(rows) => Value::from(rows.len()),
            Value::Object(fields) => Value::from(fields.len()),
            _ => Value::from(0),
        },
        None => steps(path).into_iter().try_fold(root, |at, step| step.of(at)).cloned().unwrap_or_default(),
    }
}

enum Step<'p> {
    Field(&'p str),
    Row(usize),
    Where(&'p str, &'p str),
}

impl Step<'_> {
    fn of<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        match self {
            Step::Field(name) => value.get(name),
            Step::Row(n) => value.get(n),
            Step::Where(name, wanted) => value.as_array()?.iter().find(|row| plain(&find(row, name)) == *wanted),
        }
    }
}

/// A value as the text a person would write.
pub fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Dots inside brackets belong to the field's name, so that `facts[order.paid]` is one field.
fn steps(path: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('[') {
            let (inside, left) = after.split_once(']').unwrap_or((after, ""));
            steps.push(match (inside.parse(), inside.split_once('=')) {
                (Ok(n), _) => Step::Row(n),
                (_, Some((name, wanted))) => Step::Where(name, wanted),
                _ => Step::Field(inside),
            });
            rest = left.strip_prefix('.').unwrap_or(left);
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            steps.push(Step::Field(&rest[..end]));
            rest = rest[end..].strip_prefix('.').unwrap_or(&rest[end..]);
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_lead_into_objects_rows_and_counts() {
        let page = json!({ "a": { "b": [{ "id": "x", "n": 1 }, { "id": "y", "n": 2, "on": true }] }, "facts": { "order.paid": 5 } });
        let check = |path: &str, expect: Value| assert_eq!(find(&page, path), expect, "{path}");
        check("a.b[0].n", json!(1));
        check("a.b[id=y].n", json!(2));
        check("a.b[on=true].id", json!("y"));
        check("a.b#", json!(2));
        check("a.c", Value::Null);
        check("a.c#", json!(0));
        check("facts[order.paid]", json!(5));
    }
}
