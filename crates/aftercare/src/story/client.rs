//! The story's client: calls of the public API as one of the staff, and of the simulated platform. Owns headers and tokens.

use super::world::SECRET;
use reqwest::{Client as Http, Method};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

/// One request, ready to go.
#[derive(Clone, Debug)]
pub struct Ask {
    /// A member of staff, or `nobody`.
    pub by: String,
    pub method: Method,
    /// Under `/api/v1`.
    pub path: String,
    pub body: Option<Value>,
    pub key: Option<String>,
    pub version: Option<String>,
}

/// What came back.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Answer {
    /// `ok`, or the refusal's code.
    pub fn code(&self) -> &str {
        if (200..300).contains(&self.status) { "ok" } else { self.body["code"].as_str().unwrap_or("no code") }
    }
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Client {
    http: Http,
    /// One address per node; requests take turns.
    desks: Vec<String>,
    platform: String,
    tokens: Arc<HashMap<String, String>>,
    keys: Arc<AtomicU64>,
    turns: Arc<AtomicUsize>,
}

impl Client {
    /// A client of these nodes of one desk, which take turns.
    pub fn new(desks: Vec<String>, platform: String, tokens: HashMap<String, String>) -> Self {
        let http = Http::builder().timeout(Duration::from_secs(120)).build().expect("a client without TLS");
        Self { http, desks, platform, tokens: Arc::new(tokens), keys: Arc::default(), turns: Arc::default() }
    }

    /// The same client for nodes that were started again elsewhere.
    pub fn at(&self, desks: Vec<String>) -> Self {
        Self { desks, ..self.clone() }
    }

    /// How many nodes there are.
    pub fn nodes(&self) -> usize {
        self.desks.len()
    }

    /// Where the platform listens.
    pub fn platform(&self) -> &str {
        &self.platform
    }

    /// From now on the platform calls back to the first node of this desk.
    pub async fn call_back(&self) -> Result<(), String> {
        let target = json!({ "url": format!("{}/api/v1/shops/{{shop}}/callbacks/platform", self.desks[0]), "secret": SECRET });
        self.tell_platform("/callbacks", &target).await.map(drop)
    }

    /// Asks the desk, each time through the next node.
    pub async fn ask(&self, ask: Ask) -> Result<Answer, String> {
        let turn = self.turns.fetch_add(1, Ordering::Relaxed);
        self.ask_node(turn % self.desks.len(), ask).await
    }

    /// Asks the desk through one node.
    pub async fn ask_node(&self, node: usize, ask: Ask) -> Result<Answer, String> {
        let mut request = self.http.request(ask.method.clone(), format!("{}/api/v1{}", self.desks[node], ask.path));
        if ask.by != "nobody" {
            let token = self.tokens.get(&ask.by).ok_or_else(|| format!("nobody here is called {}", ask.by))?;
            request = request.bearer_auth(token);
        }
        if ask.method != Method::GET {
            let key = ask.key.unwrap_or_else(|| format!("story-{}", self.keys.fetch_add(1, Ordering::Relaxed)));
            request = request.header("idempotency-key", key);
        }
        if let Some(version) = ask.version {
            request = request.header("if-match", version);
        }
        if let Some(body) = &ask.body {
            request = request.json(body);
        }
        let response = request.send().await.map_err(|why| format!("{} {}: {why}", ask.method, ask.path))?;
        let status = response.status().as_u16();
        let text = response.text().await.map_err(|why| format!("{} {}: {why}", ask.method, ask.path))?;
        Ok(Answer { status, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) })
    }

    /// A question as one of the staff; an error when it is refused.
    pub async fn get(&self, by: &str, path: &str) -> Result<Value, String> {
        let ask = Ask { by: by.to_owned(), method: Method::GET, path: path.to_owned(), body: None, key: None, version: None };
        let answer = self.ask(ask).await?;
        if answer.code() == "ok" { Ok(answer.body) } else { Err(format!("GET {path} as {by}: {} {}", answer.status, answer.body)) }
    }

    /// Tells the platform something.
    pub async fn tell_platform(&self, path: &str, body: &Value) -> Result<Answer, String> {
        let response =
            self.http.post(format!("{}{path}", self.platform)).json(body).send().await.map_err(|why| format!("platform {path}: {why}"))?;
        let status = response.status().as_u16();
        let body = response.json().await.unwrap_or_default();
        Ok(Answer { status, body })
    }

    /// What the platform's books say.
    pub async fn books(&self) -> Result<Value, String> {
        let response =
            self.http.get(format!("{}/books", self.platform)).send().await.map_err(|why| format!("the platform's books: {why}"))?;
        response.json().await.map_err(|why| format!("the platform's books: {why}"))
    }
}
