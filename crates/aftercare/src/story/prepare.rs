//! From a verb and its fields to one request: the address with its row, the version, the body. Owns which row is meant when none is named.

use super::body;
use super::client::{Ask, Client};
use super::path;
use super::value::At;
use super::verbs::{Verb, Which};
use reqwest::Method;
use serde_json::{Map, Value};

/// Who looks at cases and orders on nobody's behalf.
pub const READER: &str = "auditor";

/// What a request is about.
pub struct About<'a> {
    pub client: &'a Client,
    pub shop: &'a str,
    pub case: Option<&'a str>,
    pub at: At,
}

/// What a step says about its request beside the body.
#[derive(Default)]
pub struct Said {
    pub by: Option<String>,
    pub which: Option<Value>,
    pub key: Option<String>,
    pub version: Option<String>,
}

impl Said {
    /// Takes it out of the step's fields.
    pub fn take(fields: &mut Map<String, Value>) -> Result<Self, String> {
        let version = fields.remove("version").map(|version| path::plain(&version));
        Ok(Self { by: take_text(fields, "as")?, which: fields.remove("which"), key: take_text(fields, "key")?, version })
    }
}

impl About<'_> {
    /// The page of the case.
    pub async fn view(&self) -> Result<Value, String> {
        let case = self.case.ok_or("no case was opened yet")?;
        self.client.get(READER, &format!("/shops/{}/cases/{case}", self.shop)).await
    }

    /// The request of a verb.
    pub async fn prepare(&self, verb: &Verb, said: Said, fields: &Map<String, Value>) -> Result<Ask, String> {
        let mut at = verb.path.replace("{shop}", self.shop);
        if let Some(rest) = at.strip_prefix("C/") {
            at = format!("/shops/{}/cases/{}/{rest}", self.shop, self.case.ok_or("no case was opened yet")?);
        }
        let view = if verb.versioned || verb.which.is_some() { self.view().await.unwrap_or_default() } else { Value::Null };
        let by = said.by.unwrap_or_else(|| verb.by.to_owned());
        if let Some(which) = verb.which {
            at = at.replace("{which}", &row(&view, which, said.which.as_ref(), &by)?);
        }
        let version = match said.version.as_deref() {
            Some("none") => None,
            Some(given) => Some(given.to_owned()),
            None if verb.versioned => Some(path::plain(&view["case"]["version"])),
            None => None,
        };
        let body = body::body(fields, self.at)?;
        Ok(Ask { by, method: Method::POST, path: at, body: Some(body), key: said.key, version })
    }
}

/// The id of the row meant: of several that wait, the latest one of the team of whoever does it.
fn row(view: &Value, which: Which, given: Option<&Value>, by: &str) -> Result<String, String> {
    let rows = view[which.list].as_array().map(Vec::as_slice).unwrap_or_default();
    let found = match given {
        Some(Value::String(id)) if id != "last" => return Ok(id.clone()),
        Some(Value::Number(n)) => n.as_u64().and_then(|n| rows.get(usize::try_from(n).ok()?.checked_sub(1)?)),
        Some(_) => rows.last(),
        None => {
            let waits = |row: &&Value| which.waits.iter().any(|state| row["state"] == *state);
            let own = |row: &&Value| waits(row) && row["team"] == by.trim_end_matches(|c: char| c.is_ascii_digit());
            rows.iter().rev().find(own).or_else(|| rows.iter().rev().find(waits)).or(rows.last())
        }
    };
    found.map(|row| path::plain(&row["id"])).ok_or_else(|| format!("the case has no such row in {}", which.list))
}

/// Takes a text field.
pub fn take_text(fields: &mut Map<String, Value>, name: &str) -> Result<Option<String>, String> {
    match fields.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(format!("{name}: expected a text, got {other}")),
    }
}
