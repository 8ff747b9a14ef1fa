//! Runs the whole test suite, after installing what it needs. Owns the list of needs.

use crate::run::status;
use std::path::Path;
use std::process::Command;

pub(crate) fn run() -> Result<(), String> {
    need_postgres()?;
    crate::web::run()?;
    let nextest = Command::new("cargo").args(["nextest", "--version"]).output().is_ok_and(|o| o.status.success());
    let args: &[&str] = if nextest { &["nextest", "run", "--workspace", "--locked"] } else { &["test", "--workspace", "--locked"] };
    status(Command::new("cargo").args(args))?;
    crate::web::screen()
}

/// PostgreSQL's own programs; the tests start private servers with them.
fn need_postgres() -> Result<(), String> {
    let found = std::fs::read_dir("/usr/lib/postgresql")
        .is_ok_and(|mut versions| versions.any(|v| v.is_ok_and(|v| v.path().join("bin/initdb").exists())));
    if found { Ok(()) } else { debian(&["postgresql"]) }
}

pub(crate) fn debian(packages: &[&str]) -> Result<(), String> {
    let root = std::env::var("USER").is_ok_and(|user| user == "root")
        || Path::new("/root").metadata().is_ok_and(|_| std::fs::read_dir("/root").is_ok());
    if !root {
        return Err(format!(
            "the tests need the Debian packages {packages:?}; install them (as root: apt-get install {})",
            packages.join(" ")
        ));
    }
    status(Command::new("apt-get").args(["update", "-qq"]))?;
    status(Command::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(["install", "-y", "-qq"]).args(packages))
}
