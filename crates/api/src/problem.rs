//! Error answers: `{code, params, message}` with the catalogue's status. Owns the line to the outside; faults are logged under an id.

use aftercare_app::Error;
use aftercare_app::ids::new_id;
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_domain::time::Micros;
use aftercare_store::DbError;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A clear no. `GET /api/v1/errors` lists every code.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// The stable code.
    pub code: &'static str,
    /// Named facts behind it, as text; `changes` is a list.
    #[schema(value_type = Object)]
    pub params: Map<String, Value>,
    /// For a person, in the language of `Accept-Language`.
    pub message: String,
}

/// The answer to an error.
pub(crate) fn answer(error: Error, chinese: bool, now: Micros) -> Response {
    refused(&refusal(error, now), chinese)
}

/// The answer to a panic: the caller learns the id under which it was logged.
pub(crate) fn panicked(chinese: bool, now: Micros) -> Response {
    refused(&fault("a handler panicked", now), chinese)
}

fn refusal(error: Error, now: Micros) -> Refusal {
    match error {
        Error::Refused(refusal) => refusal,
        Error::TakenBack(_) => fault("a rehearsal reached a caller", now),
        Error::Db(DbError::Busy | DbError::Conflict) => Refusal::new(Code::Busy).with("retry_after_s", 1),
        Error::Db(DbError::Closed) => Refusal::new(Code::Busy).with("retry_after_s", 5),
        Error::Db(DbError::CommitUnknown(why)) => {
            tracing::error!(why, "the outcome of a commit is unknown");
            Refusal::new(Code::OutcomeUnknown).with("retry_after_s", 1)
        }
        Error::Db(error) => fault(&error.to_string(), now),
    }
}

fn fault(why: &str, now: Micros) -> Refusal {
    let id = new_id(now);
    tracing::error!(error_id = %id, why, "internal error");
    Refusal::new(Code::Internal).with("error_id", id)
}

fn refused(refusal: &Refusal, chinese: bool) -> Response {
    let status = StatusCode::from_u16(refusal.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let params = refusal.params.iter().map(|(name, text)| ((*name).to_owned(), param(name, text))).collect();
    let problem = Problem { code: refusal.code.as_str(), params, message: refusal.message(chinese) };
    let mut response = (status, Json(problem)).into_response();
    let wait = refusal.params.iter().find(|(name, _)| *name == "retry_after_s").and_then(|(_, text)| HeaderValue::from_str(text).ok());
    if let Some(wait) = wait {
        response.headers_mut().insert(header::RETRY_AFTER, wait);
    }
    response.extensions_mut().insert(refusal.code);
    response
}

/// Facts travel as text, but lists of changes as what they are.
fn param(name: &str, text: &str) -> Value {
    let list = (name == "changes").then(|| serde_json::from_str(text).ok()).flatten();
    list.unwrap_or_else(|| Value::from(text))
}
