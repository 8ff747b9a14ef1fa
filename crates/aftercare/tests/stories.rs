//! Every file in `stories/` against the built program, on both engines: one test per file and engine, so that they run side by side.
//!
//! A test harness of its own (`harness = false`), since the files are found when the tests run. It speaks the protocol of `cargo test`
//! and `cargo nextest`: `--list`, `--exact NAME`, `--ignored`.

#![expect(clippy::print_stdout, reason = "a test harness speaks through its output")]

use aftercare_store::testing;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// With several nodes requests take turns, so a story that passes passes through either.
const ENGINES: [&str; 2] = ["sqlite", "two-nodes-on-postgres"];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let has = |name: &str| args.iter().any(|arg| arg == name);
    let stories = stories();
    let names = || stories.iter().flat_map(|file| ENGINES.map(|engine| (format!("{} {engine}", name(file)), file, engine)));
    if has("--list") {
        if !has("--ignored") {
            names().for_each(|(name, ..)| println!("{name}: test"));
        }
        return ExitCode::SUCCESS;
    }
    let wanted: Vec<&String> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    let fits = |name: &str| {
        wanted.is_empty() || wanted.iter().any(|wish| if has("--exact") { name == *wish } else { name.contains(wish.as_str()) })
    };
    let failed =
        names().filter(|(name, ..)| !has("--ignored") && fits(name)).filter(|(name, file, engine)| !tell(name, file, engine)).count();
    assert!(!stories.is_empty(), "there are no stories");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn stories() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stories");
    let entries = std::fs::read_dir(folder).expect("the folder of stories");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    files.retain(|file| file.extension().is_some_and(|kind| kind == "toml"));
    files.sort();
    files
}

fn name(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn tell(name: &str, file: &Path, engine: &str) -> bool {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aftercare"));
    command.arg("story").arg(file);
    if engine != "sqlite" {
        command.args(["--nodes", "2", "--database", &testing::postgres()]);
    }
    let output = command.output().expect("the program runs");
    let ok = output.status.success();
    println!("{} {name}", if ok { "ok" } else { "FAILED" });
    if !ok {
        println!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    }
    ok
}
