//! What a route is made of. Owns the few kinds there are; a route without an [`Access`] cannot be written.

use crate::call::{Call, Place, Visit};
use crate::openapi::Described;
use aftercare_app::Result;
use aftercare_app::error::bad_input;
use aftercare_domain::people::Action;
use axum::Json;
use axum::extract::Query;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use utoipa::{IntoParams, ToSchema};

/// Who may use a route; asked before anything of the request is read. What it is done *to* is asked again in `app`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody: signing in, and what carries its own proof.
    Public,
    /// Whoever is signed in, for their own things.
    Signed,
    /// Whose role and scopes allow this action on some object.
    May(Action),
}

/// Bytes of a body where a route says nothing else.
pub const BODY_LIMIT: usize = 256 * 1024;

/// Time to an answer where a route says nothing else.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) type Answering = Pin<Box<dyn Future<Output = Result<Response>> + Send>>;
pub(crate) type Run = Arc<dyn Fn(Visit) -> Answering + Send + Sync>;

/// One row of the table.
#[derive(Clone)]
pub struct Route {
    /// How.
    pub method: Method,
    /// Where, under `/api/v1`.
    pub path: &'static str,
    /// Who.
    pub access: Access,
    /// What, in a few words for the reference.
    pub about: &'static str,
    /// The file of the table it stands in.
    pub noun: &'static str,
    /// Whether the caller must name the command by an `Idempotency-Key`.
    pub keyed: bool,
    /// Whether the caller must say which version of the case they saw (`If-Match`).
    pub versioned: bool,
    /// Bytes of the body.
    pub limit: usize,
    /// How long the answer may take.
    pub patience: Duration,
    pub(crate) run: Run,
    pub(crate) shape: fn(&mut Described),
}

/// A body or query without fields.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Empty {}

impl IntoParams for Empty {
    fn into_params(_: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>) -> Vec<utoipa::openapi::path::Parameter> {
        Vec::new()
    }
}

/// A question: answers JSON and changes nothing.
pub fn get<P, Q, O, F, A>(path: &'static str, access: Access, about: &'static str, handler: F) -> Route
where
    P: Place,
    Q: DeserializeOwned + IntoParams + Send + 'static,
    O: Serialize + ToSchema + 'static,
    F: Fn(Call<P>, Q) -> A + Send + Sync + 'static,
    A: Future<Output = Result<O>> + Send + 'static,
{
    let run = with_query(handler, |answer: O| Json(answer).into_response());
    Route { shape: |it| it.query::<Q>().answer::<O>(), ..Route::new(Method::GET, path, access, about, run) }
}

/// A question whose answer is not JSON: a file, a document, a stream.
pub fn raw<P, Q, O, F, A>(path: &'static str, access: Access, about: &'static str, handler: F) -> Route
where
    P: Place,
    Q: DeserializeOwned + IntoParams + Send + 'static,
    O: IntoResponse + 'static,
    F: Fn(Call<P>, Q) -> A + Send + Sync + 'static,
    A: Future<Output = Result<O>> + Send + 'static,
{
    let run = with_query(handler, O::into_response);
    Route { shape: |it| it.query::<Q>().bytes(), ..Route::new(Method::GET, path, access, about, run) }
}

/// A command: needs an `Idempotency-Key`, since a repeat must not do it twice.
pub fn post<P, B, O, F, A>(path: &'static str, access: Access, about: &'static str, handler: F) -> Route
where
    P: Place,
    B: DeserializeOwned + ToSchema + Send + 'static,
    O: Serialize + ToSchema + 'static,
    F: Fn(Call<P>, B) -> A + Send + Sync + 'static,
    A: Future<Output = Result<O>> + Send + 'static,
{
    Route { keyed: true, ..ask(path, access, about, handler) }
}

/// A question too long or too private for an address: a body, but nothing is changed and no key is needed.
pub fn ask<P, B, O, F, A>(path: &'static str, access: Access, about: &'static str, handler: F) -> Route
where
    P: Place,
    B: DeserializeOwned + ToSchema + Send + 'static,
    O: Serialize + ToSchema + 'static,
    F: Fn(Call<P>, B) -> A + Send + Sync + 'static,
    A: Future<Output = Result<O>> + Send + 'static,
{
    let handler = Arc::new(handler);
    let run: Run = Arc::new(move |visit| {
        let handler = handler.clone();
        Box::pin(async move {
            let body = json::<B>(&visit)?;
            let call = Call::<P>::of(visit).await?;
            Ok(Json(handler(call, body).await?).into_response())
        })
    });
    Route { shape: |it| it.body::<B>().answer::<O>(), ..Route::new(Method::POST, path, access, about, run) }
}

/// A route that anybody may call; it proves for itself what has to be proved.
pub fn public<F, A>(method: Method, path: &'static str, about: &'static str, shape: fn(&mut Described), handler: F) -> Route
where
    F: Fn(Visit) -> A + Send + Sync + 'static,
    A: Future<Output = Result<Response>> + Send + 'static,
{
    let run: Run = Arc::new(move |visit| Box::pin(handler(visit)));
    Route { shape, ..Route::new(method, path, Access::Public, about, run) }
}

impl Route {
    fn new(method: Method, path: &'static str, access: Access, about: &'static str, run: Run) -> Self {
        Self {
            method,
            path,
            access,
            about,
            noun: "",
            keyed: false,
            versioned: false,
            limit: BODY_LIMIT,
            patience: PATIENCE,
            run,
            shape: |_| {},
        }
    }

    /// Demands `If-Match`, as the command in `app` does.
    #[must_use]
    pub fn versioned(self) -> Self {
        Self { versioned: true, ..self }
    }

    /// Takes bodies up to `limit` bytes.
    #[must_use]
    pub fn limit(self, limit: usize) -> Self {
        Self { limit, ..self }
    }

    /// May take this long.
    #[must_use]
    pub fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Answers `DELETE` in place of `POST`.
    #[must_use]
    pub fn delete(self) -> Self {
        Self { method: Method::DELETE, ..self }
    }
}

fn with_query<P, Q, O, F, A>(handler: F, answer: fn(O) -> Response) -> Run
where
    P: Place,
    Q: DeserializeOwned + Send + 'static,
    O: 'static,
    F: Fn(Call<P>, Q) -> A + Send + Sync + 'static,
    A: Future<Output = Result<O>> + Send + 'static,
{
    let handler = Arc::new(handler);
    Arc::new(move |visit: Visit| {
        let handler = handler.clone();
        Box::pin(async move {
            let Query(query) = Query::<Q>::try_from_uri(&visit.uri).map_err(|problem| bad_input("query", problem.body_text()))?;
            let call = Call::<P>::of(visit).await?;
            Ok(answer(handler(call, query).await?))
        })
    })
}

/// The body as JSON; an absent one is `{}`.
pub(crate) fn json<B: DeserializeOwned>(visit: &Visit) -> Result<B> {
    let bytes: &[u8] = if visit.body.is_empty() { b"{}" } else { &visit.body };
    serde_json::from_slice(bytes).map_err(|problem| bad_input("body", problem))
}
