//! What is said about a story that was run. Owns the two forms: lines for a person, JSON for a program.

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// One story as it went.
pub struct Told {
    file: PathBuf,
    /// Its title, once read.
    pub title: String,
    steps: Vec<Step>,
    failure: Option<String>,
    begun: Instant,
}

/// One step as it went.
pub struct Step {
    /// Its place, from 1.
    pub n: usize,
    /// The verb.
    pub verb: String,
    /// The desk's clock at its end.
    pub at: String,
    /// `ok`, a code, or counts of codes.
    pub outcome: String,
    /// What did not hold.
    pub faults: Vec<String>,
}

impl Told {
    pub fn new(file: &Path) -> Self {
        Self { file: file.to_owned(), title: String::new(), steps: Vec::new(), failure: None, begun: Instant::now() }
    }

    pub fn step(&mut self, step: Step) {
        self.steps.push(step);
    }

    pub fn fail(&mut self, why: String) {
        self.failure = Some(why);
    }

    pub fn ok(&self) -> bool {
        self.failure.is_none() && self.steps.iter().all(|step| step.faults.is_empty())
    }

    pub fn print(&self, as_json: bool) {
        if as_json {
            println!("{}", self.json());
            return;
        }
        let took = self.begun.elapsed().as_secs_f64();
        println!("{} {} · {} ({took:.1} s)", if self.ok() { "✓" } else { "✗" }, self.file.display(), self.title);
        for step in self.steps.iter().filter(|step| !self.ok() || !step.faults.is_empty()) {
            println!("  {} {:3} {:16} {}  {}", if step.faults.is_empty() { " " } else { "✗" }, step.n, step.verb, step.at, step.outcome);
            for fault in &step.faults {
                println!("        {fault}");
            }
        }
        if let Some(why) = &self.failure {
            println!("  ✗ {why}");
        }
    }

    fn json(&self) -> Value {
        let step = |step: &Step| json!({ "n": step.n, "do": step.verb, "at": step.at, "outcome": step.outcome, "faults": step.faults });
        json!({
            "file": self.file.display().to_string(), "title": self.title, "ok": self.ok(), "failure": self.failure,
            "steps": self.steps.iter().map(step).collect::<Vec<_>>(), "took_ms": self.begun.elapsed().as_millis() as u64,
        })
    }
}
