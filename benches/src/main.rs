//! The load and scale harness: each figure is measured beside a limit in the same run, on the same machine, and printed as
//! `name value unit | limit value | ratio`. Owns how things are measured, never what the product does.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks through its output")]

mod bare;
mod http;
mod intake;
mod million;
mod over_http;
mod replay;
mod row;
mod served;
mod web;
mod world;

use std::process::ExitCode;

type Measure = fn() -> Outcome;
type Outcome = Result<(), Box<dyn std::error::Error>>;

/// What measures which figures, in the order they are printed; those of a million cases are measured on one set.
const FIGURES: &[(&[&str], Measure)] = &[
    (&["intake"], intake::sqlite),
    (&["intake-postgres"], intake::postgres),
    (&["http-intake"], over_http::intake),
    (&["http-queue"], over_http::queue),
    (&["queue-1m", "memory-idle", "memory-1m", "start"], million::all),
    (
        &[
            "web",
            "inp-p75-ms",
            "key-paint-p95-ms",
            "page-switch-p95-ms",
            "next-case-p95-ms",
            "long-tasks-scrolling",
            "shell-js-kb",
            "portal-js-kb",
        ],
        web::all,
    ),
];

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    if let [first, folder] = wanted.as_slice()
        && first == bare::ARGUMENT
    {
        return ended("bare page", bare::serve(folder.as_ref()));
    }
    let known: Vec<&str> = FIGURES.iter().flat_map(|(names, _)| names.iter().copied()).collect();
    if let Some(unknown) = wanted.iter().find(|name| !known.contains(&name.as_str())) {
        eprintln!("no figure is called {unknown}; there are: {}", known.join(", "));
        return ExitCode::FAILURE;
    }
    let chosen = |names: &[&str]| wanted.is_empty() || wanted.iter().any(|name| names.contains(&name.as_str()));
    for (names, measure) in FIGURES.iter().filter(|(names, _)| chosen(names)) {
        let outcome = measure();
        if outcome.is_err() {
            return ended(&names.join(", "), outcome);
        }
    }
    ExitCode::SUCCESS
}

fn ended(what: &str, outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{what}: {why}");
            ExitCode::FAILURE
        }
    }
}
