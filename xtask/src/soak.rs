//! The long runs: crash, power cut, imports, races, lost answers and random sequences with the numbers of a release instead of the suite's. Owns those numbers.

use crate::run::status;
use std::process::Command;

/// A long run: the package, its test program, the tests by their file, and the figures it takes from the environment.
type Run = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

const RUNS: &[Run] = &[
    ("aftercare", "built", "crash", &[("AFTERCARE_CRASH_CYCLES", "200")]),
    ("aftercare", "built", "imports", &[("AFTERCARE_IMPORT_ROWS", "200000")]),
    ("aftercare", "built", "power", &[("AFTERCARE_POWER_POINTS", "500")]),
    ("aftercare-connect", "platform", "races", &[("AFTERCARE_ROUNDS", "50")]),
    ("aftercare-connect", "platform", "lost_answers", &[("AFTERCARE_REFUNDS", "2000")]),
    ("aftercare-connect", "platform", "sequences", &[("AFTERCARE_SEQUENCES", "60")]),
];

pub(crate) fn run(names: &[String]) -> Result<(), String> {
    for (package, program, test, figures) in RUNS.iter().filter(|(_, _, test, _)| names.is_empty() || names.iter().any(|name| name == test))
    {
        println!("{test}: {figures:?}");
        let mut command = Command::new("cargo");
        status(
            command
                .args(["test", "--locked", "--package", package, "--test", program, &format!("{test}::"), "--", "--nocapture"])
                .envs(figures.iter().copied()),
        )?;
    }
    Ok(())
}
