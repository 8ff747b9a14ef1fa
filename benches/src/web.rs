//! The workbench in a browser slowed down fourfold, on a hundred thousand cases. Owns the data and the desk; what is measured on the
//! screen, and the rows, are `web/browser/bench.ts`'s, which prints them in the same form.

use crate::Outcome;
use crate::million;
use crate::served::{self, Served};
use aftercare_store::testing;
use std::path::Path;
use std::process::Command;

/// Ten thousand cases are copied so many times; the first ten thousand are open.
const TIMES: usize = 10;
const PASSWORD: &str = "correct horse battery";

/// All figures of the screen, from one desk.
pub fn all() -> Outcome {
    let folder = testing::Folder::new()?;
    let data = million::cases(folder.path(), TIMES)?;
    served::aftercare(&data, &["user", "add", "--name", "lead", "--role", "lead"], &format!("{PASSWORD}\n"))?;
    let desk = Served::start(&data)?;
    let mut command = Command::new("npm");
    command.args(["run", "--silent", "bench"]).current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../web"));
    command.env("AFTERCARE_DESK", format!("http://{}", desk.address)).env("AFTERCARE_PASSWORD", PASSWORD);
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(format!("the browser ended with {status}").into()) }
}
