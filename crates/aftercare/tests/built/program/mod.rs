//! The built program under test: started, asked over HTTP, killed, started again. Owns processes and folders; knows no business.

use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// The program of this build.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_aftercare");
/// The only shop's code.
pub const SHOP: &str = "krash";

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A folder that is removed at the end.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        let name = format!("aftercare-program-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }

    pub fn data(&self) -> PathBuf {
        self.0.join("data")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder left behind is only untidy.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs a command of the program to its end and answers what it printed.
pub fn aftercare(args: &[&str], place: &Place, input: &str) -> String {
    let mut command = Command::new(PROGRAM);
    command.args(args).args(place.args()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    child.stdin.take().expect("its input").write_all(input.as_bytes()).expect("input taken");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// Where the data lies.
#[derive(Clone)]
pub struct Place {
    pub data: PathBuf,
    pub database: Option<String>,
}

impl Place {
    fn args(&self) -> Vec<String> {
        let mut args = vec!["--data".to_owned(), self.data.display().to_string()];
        if let Some(url) = &self.database {
            args.extend(["--database".to_owned(), url.clone()]);
        }
        args
    }
}

/// A desk with a shop, an owner and a token that may do everything the owner may in the load.
pub fn found(place: &Place, scopes: &str) -> String {
    aftercare(&["shop", "add", "--code", SHOP, "--title", "试车场", "--platform", "tmall"], place, "");
    aftercare(&["user", "add", "--name", "boss", "--role", "owner"], place, "correct horse battery\n");
    let printed = aftercare(&["token", "add", "--user", "boss", "--label", "load", "--scopes", scopes], place, "");
    printed.split_whitespace().last().expect("a token").to_owned()
}

/// A serving program; dropped, it is killed.
pub struct Served {
    child: Child,
    /// `http://127.0.0.1:port`
    pub address: String,
}

impl Served {
    /// Starts `aftercare serve` and waits until it listens.
    pub fn start(place: &Place, more: &[&str], env: &[(&str, &Path)]) -> Self {
        let mut command = Self::command(place);
        command.args(more);
        Self::launch(command, env)
    }

    /// Starts `aftercare serve` with its log, at its most talkative, in a file.
    pub fn logged(place: &Place, log: &Path) -> Self {
        let mut command = Self::command(place);
        command.stderr(std::fs::File::create(log).expect("a log file"));
        Self::launch(command, &[("AFTERCARE_LOG", Path::new("trace"))])
    }

    fn command(place: &Place) -> Command {
        let mut command = Command::new(PROGRAM);
        command.arg("serve").args(place.args()).args(["--listen", "127.0.0.1:0"]);
        command
    }

    fn launch(mut command: Command, env: &[(&str, &Path)]) -> Self {
        let log = std::env::var_os("AFTERCARE_LOG").map_or("error".into(), |log| log);
        command.env("AFTERCARE_LOG", log).envs(env.iter().map(|(name, value)| (name, value.as_os_str())));
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let address = line.split_whitespace().find(|word| word.starts_with("http://"));
        let address = address.unwrap_or_else(|| panic!("it says where it listens, not {line:?}")).to_owned();
        Self { child, address }
    }

    /// Asks it to end in order.
    pub fn terminate(&self) {
        let id = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw).expect("a process");
        rustix::process::kill_process(id, rustix::process::Signal::TERM).expect("told");
    }

    /// Waits for its end.
    pub fn wait(mut self) -> std::process::ExitStatus {
        self.child.wait().expect("it ends")
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // Gone already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One write and what came back.
#[derive(Clone, Debug)]
pub struct Act {
    pub path: String,
    pub key: String,
    pub if_match: Option<i64>,
    pub body: Value,
}

/// A client with the load's token, and a ticket of the buyer's page where it has one.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    pub address: String,
    token: String,
    ticket: String,
}

impl Client {
    pub fn new(address: &str, token: &str) -> Self {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().expect("a client");
        Self { http, address: address.to_owned(), token: token.to_owned(), ticket: String::new() }
    }

    /// The same client, holding a ticket too.
    pub fn with_ticket(self, ticket: String) -> Self {
        Self { ticket, ..self }
    }

    /// Sends a write; `None` when no answer came.
    pub async fn send(&self, act: &Act) -> Option<(u16, Value)> {
        let mut request = self.http.post(format!("{}/api/v1{}", self.address, act.path)).bearer_auth(&self.token).json(&act.body);
        request = request.header("idempotency-key", &act.key).header("x-portal-ticket", &self.ticket);
        if let Some(version) = act.if_match {
            request = request.header("if-match", version.to_string());
        }
        let answer = request.send().await.ok()?;
        let status = answer.status().as_u16();
        Some((status, answer.json().await.ok()?))
    }

    /// Asks for a document that is not JSON.
    pub async fn text(&self, path: &str) -> String {
        let request = self.http.get(format!("{}/api/v1{path}", self.address)).bearer_auth(&self.token);
        request.send().await.expect("an answer").text().await.expect("text")
    }

    /// Asks a question.
    pub async fn get(&self, path: &str) -> Value {
        let request = self.http.get(format!("{}/api/v1{path}", self.address)).bearer_auth(&self.token);
        let answer = request.header("x-portal-ticket", &self.ticket).send().await.expect("an answer");
        answer.json().await.expect("JSON")
    }
}
