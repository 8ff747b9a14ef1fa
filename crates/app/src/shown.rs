//! Sealed words as whoever reads along sees them: opened, personal data masked. Owns that no page shows them otherwise.
//!
//! In full they are shown by a reveal on record (`buyer/reveal.rs`). What is written here is never sent to a buyer or a platform.

use aftercare_domain::privacy::masked;
use aftercare_store::vault::DataKey;
use serde_json::Value;

/// The words; `None` when their key is destroyed, which reads as erased and never as an error.
pub(crate) fn text(key: &DataKey, field: &str, sealed: &[u8]) -> Option<String> {
    key.open(field, sealed).ok().map(|text| masked(&text))
}

/// Words that were sealed together as JSON: each is masked by itself, so that what stands between them stays readable.
pub(crate) fn json(key: &DataKey, field: &str, sealed: &[u8]) -> Value {
    key.open(field, sealed).ok().and_then(|text| serde_json::from_str(&text).ok()).map_or(Value::Null, each_masked)
}

fn each_masked(value: Value) -> Value {
    match value {
        Value::String(text) => masked(&text).into(),
        // a phone written as a number is a phone
        Value::Number(number) => {
            let text = number.to_string();
            let seen = masked(&text);
            if seen == text { number.into() } else { seen.into() }
        }
        Value::Array(all) => all.into_iter().map(each_masked).collect(),
        Value::Object(all) => all.into_iter().map(|(name, value)| (name, each_masked(value))).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::each_masked;
    use serde_json::{Value, json};

    fn check(input: Value, expect: Value) {
        assert_eq!(each_masked(input.clone()), expect, "{input}");
    }

    #[test]
    fn every_word_by_itself() {
        check(json!("电话13800001111"), json!("电话138****1111"));
        check(json!({ "what": "寄到未来路一百二十号", "why": "好" }), json!({ "what": "寄到***", "why": "好" }));
        check(json!([13_800_001_111_i64, 42, true, null]), json!(["138****1111", 42, true, null]));
        check(json!({ "by_when": "2026-11-24T10:05:00.123456Z" }), json!({ "by_when": "2026-11-24T10:05:00.123456Z" }));
    }
}
