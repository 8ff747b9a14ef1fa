//! Facts as people, teams and platforms give them: JSON read into the catalogue's types and written back.
//!
//! Owns the JSON form of a value and which facts may be given at all; what the desk works out itself is not open to anybody's word.

use super::catalogue::{Asked, Fact};
use super::value::{Kind, Value};
use crate::time::Micros;
use serde_json::{Value as Json, json};

/// Sources that the desk works out from its own records.
const WORKED_OUT: &[&str] = &["ledger", "case", "order", "request", "buyer", "policy"];
/// Facts of these sources that somebody has to say all the same.
const SAID: &[&str] =
    &["request.problem", "buyer.mood", "buyer.risk_note", "buyer.professional", "carrier.asked_at", "carrier.promised_at"];

impl Fact {
    /// Whether staff, teams and platforms may say what it is.
    pub fn may_be_given(&self) -> bool {
        !matches!(self.kind, Kind::Text | Kind::Duration)
            && (SAID.contains(&self.name.as_str()) || self.asked_of_a_person() || !WORKED_OUT.contains(&self.source.as_str()))
    }

    /// Of the case, but somebody is asked for it: it cannot be worked out.
    fn asked_of_a_person(&self) -> bool {
        self.source == "case" && self.asked != Asked::System
    }

    /// Reads a given value: amounts in minor units, times in RFC 3339, choices by their code.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn read(&self, given: &Json) -> Result<Value, String> {
        let whole = |least: i64| given.as_i64().filter(|n| *n >= least);
        let value = match self.kind {
            Kind::Bool => given.as_bool().map(Value::Bool),
            Kind::Choice => given.as_str().and_then(|code| self.choice(code)),
            Kind::Number => whole(i64::MIN).map(Value::Number),
            Kind::Money => whole(0).map(Value::Money),
            Kind::Count => whole(0).map(Value::Count),
            Kind::Date => given.as_str().and_then(Micros::parse).map(Value::Date),
            Kind::Text => given.as_str().map(|text| Value::Text(text.to_owned())),
            Kind::Duration => whole(i64::MIN).map(|micros| Value::Duration(crate::time::Span(micros))),
        };
        value.ok_or_else(|| self.expected())
    }

    /// Writes a value as it is kept with a case.
    pub fn write(&self, value: &Value) -> Json {
        match value {
            Value::Bool(yes) => json!(yes),
            Value::Choice(choice) => json!(self.code(*choice)),
            Value::Number(n) | Value::Money(n) | Value::Count(n) => json!(n),
            Value::Duration(span) => json!(span.0),
            Value::Text(text) => json!(text),
            Value::Date(at) => json!(at),
        }
    }

    fn expected(&self) -> String {
        let what = match self.kind {
            Kind::Bool => "true or false",
            Kind::Choice => {
                let codes: Vec<&str> = self.choices.iter().map(|(code, _)| code.as_str()).collect();
                return format!("one of {}", codes.join(", "));
            }
            Kind::Number => "a whole number",
            Kind::Money => "an amount in minor units, not negative",
            Kind::Count => "a whole number, not negative",
            Kind::Date => "a time in RFC 3339",
            Kind::Text => "a text",
            Kind::Duration => "microseconds",
        };
        what.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::catalogue::Catalogue;

    fn fact(name: &str) -> &'static Fact {
        let catalogue = Catalogue::standard();
        catalogue.fact(catalogue.find(name).unwrap_or_else(|| panic!("{name}")))
    }

    #[test]
    fn given_values_are_typed() {
        let check = |name: &str, given: Json, expect: Result<Json, &str>| {
            let fact = fact(name);
            let got = fact.read(&given).map(|value| fact.write(&value));
            match expect {
                Ok(json) => assert_eq!(got, Ok(json), "{name}"),
                Err(part) => assert!(got.as_ref().is_err_and(|no| no.contains(part)), "{name}: {got:?}"),
            }
        };
        check("buyer.wants_call", json!(true), Ok(json!(true)));
        check("buyer.wants_call", json!("yes"), Err("true or false"));
        check("request.symptom", json!("stain"), Ok(json!("stain")));
        check("request.symptom", json!("rain"), Err("no_sound, no_power"));
        check("return_freight.paid", json!(1_200), Ok(json!(1_200)));
        check("return_freight.paid", json!(-1), Err("minor units"));
        check("return_freight.paid", json!(12.5), Err("minor units"));
        check("carrier.promised_at", json!("2026-11-24T10:05:00+08:00"), Ok(json!("2026-11-24T02:05:00Z")));
        check("carrier.promised_at", json!("tomorrow"), Err("RFC 3339"));
    }

    #[test]
    fn what_the_desk_works_out_is_not_given() {
        for name in ["line.paid", "case.promises_open", "order.paid", "request.kind", "case.stage"] {
            assert!(!fact(name).may_be_given(), "{name}");
        }
        for name in ["buyer.wants_call", "warehouse.stopped", "request.problem", "buyer.mood", "regulator.due_at", "case.supervisor_told"] {
            let catalogue = Catalogue::standard();
            assert!(catalogue.find(name).is_none_or(|id| catalogue.fact(id).may_be_given()), "{name}");
        }
    }
}
