//! The load and scale harness: each figure is measured beside a limit in the same run, on the same machine, and printed as
//! `name value unit | limit value | ratio`. Owns how things are measured, never what the product does.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks through its output")]

mod intake;
mod replay;
mod row;
mod world;

use std::process::ExitCode;

type Measure = fn() -> Outcome;
type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Every figure's name and what measures it, in the order they are printed.
const FIGURES: &[(&str, Measure)] = &[("intake", intake::sqlite), ("intake-postgres", intake::postgres)];

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = wanted.iter().find(|name| !FIGURES.iter().any(|(known, _)| known == name)) {
        let known: Vec<&str> = FIGURES.iter().map(|(name, _)| *name).collect();
        eprintln!("no figure is called {unknown}; there are: {}", known.join(", "));
        return ExitCode::FAILURE;
    }
    for (name, measure) in FIGURES.iter().filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|w| w == name)) {
        if let Err(why) = measure() {
            eprintln!("{name}: {why}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
