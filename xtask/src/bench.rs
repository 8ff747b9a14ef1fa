//! Builds the product and the load harness with optimisation and runs it. Owns nothing of what is measured.

use crate::run::status;
use std::process::Command;

pub(crate) fn run(names: &[String]) -> Result<(), String> {
    // The figures of the screen need the built pages inside the program, and a browser.
    if names.is_empty() || names.iter().any(|name| name == "web" || name.ends_with("-ms") || name.ends_with("-kb")) {
        crate::web::ready()?;
    }
    status(Command::new("cargo").args(["build", "--quiet", "--release", "--locked", "--package", "aftercare"]))?;
    status(Command::new("cargo").args(["run", "--quiet", "--release", "--locked", "--package", "aftercare-bench", "--"]).args(names))
}
