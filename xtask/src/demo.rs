//! Builds everything, the workbench too, and starts the demo. Owns where its data lies.

use crate::run::status;
use std::path::Path;
use std::process::Command;

/// The demo's data; `fresh` throws it away first, anything else goes on to the program.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/demo");
    let fresh = args.first().is_some_and(|first| first == "fresh");
    if fresh && data.exists() {
        std::fs::remove_dir_all(&data).map_err(|why| format!("{}: {why}", data.display()))?;
    }
    crate::web::build()?;
    let mut command = Command::new("cargo");
    command.args(["run", "--quiet", "--locked", "--package", "aftercare", "--", "demo", "--data"]).arg(data);
    status(command.args(&args[usize::from(fresh)..]))
}
