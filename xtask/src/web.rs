//! The workbench: installs its packages, checks, tests and builds it. Owns the order and when a step can be left out.

use crate::run::status;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// Everything: packages, formatting and lints, types, unit tests, the built pages that the program carries.
pub(crate) fn run() -> Result<(), String> {
    packages()?;
    status(npm().args(["run", "check"]))?;
    status(npm().args(["test"]))?;
    status(npm().args(["run", "build"]))
}

/// The built pages alone, where they are older than what they are built from.
pub(crate) fn build() -> Result<(), String> {
    let built = modified(&folder().join("dist/index.html"));
    if built.is_some() && newest(&folder().join("src")) <= built && modified(&folder().join("package-lock.json")) <= built {
        return Ok(());
    }
    packages()?;
    status(npm().args(["run", "build"]))
}

/// The real program in a real browser; the program is built first.
pub(crate) fn browser() -> Result<(), String> {
    program()?;
    status(npm().args(["run", "test:browser"]).env("AFTERCARE_AXE", "all"))
}

/// Accessibility of every page in every state, and nothing else.
pub(crate) fn axe() -> Result<(), String> {
    program()?;
    status(npm().args(["run", "test:browser", "--", "browser/axe.test.ts"]).env("AFTERCARE_AXE", "all"))
}

/// Pictures of every page into `docs/screens`; `all` takes the wide ones too.
pub(crate) fn screens(args: &[String]) -> Result<(), String> {
    program()?;
    let which = args.first().map_or("", String::as_str);
    status(npm().args(["run", "screens"]).env("AFTERCARE_SCREENS", which))
}

/// What a measurement on the screen needs besides the program.
pub(crate) fn ready() -> Result<(), String> {
    need_chromium()?;
    build()?;
    packages()
}

/// A browser, the pages, and the program that carries them.
fn program() -> Result<(), String> {
    ready()?;
    status(Command::new("cargo").args(["build", "-p", "aftercare", "--locked"]))
}

/// What the suite plays in a browser; the stories and the rarer states have commands of their own.
const SCREEN: &[&str] = &[
    "intake",
    "restart",
    "imports",
    "portal",
    "editor",
    "knowledge",
    "bulk",
    "views",
    "together",
    "insight",
    "door",
    "keys",
    "webhooks",
    "shift",
    "axe",
];

/// A case from intake to the archive, the pages that have a test, the tasks by keyboard, and accessibility, with the program that the
/// suite has just built.
pub(crate) fn screen() -> Result<(), String> {
    need_chromium()?;
    let files = SCREEN.iter().map(|test| format!("browser/{test}.test.ts"));
    status(npm().args(["run", "test:browser", "--"]).args(files))
}

/// The packages of the lock file; left out when they are installed already.
fn packages() -> Result<(), String> {
    let installed = modified(&folder().join("node_modules/.package-lock.json"));
    if installed.is_some() && modified(&folder().join("package-lock.json")) <= installed {
        return Ok(());
    }
    status(npm().arg("ci"))
}

fn npm() -> Command {
    let mut npm = Command::new("npm");
    npm.current_dir(folder());
    npm
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../web")
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|it| it.modified()).ok()
}

/// The latest change of any file under a folder.
fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = std::fs::read_dir(folder).ok()?;
    let one = |path: PathBuf| if path.is_dir() { newest(&path) } else { modified(&path) };
    entries.flatten().filter_map(|entry| one(entry.path())).max()
}

/// The browser that the screens are driven in, and letters for Chinese.
fn need_chromium() -> Result<(), String> {
    let needs = [("/usr/bin/chromium", "chromium"), ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "fonts-noto-cjk")];
    let missing: Vec<&str> = needs.iter().filter(|(path, _)| !Path::new(path).exists()).map(|(_, package)| *package).collect();
    if missing.is_empty() { Ok(()) } else { crate::test::debian(&missing) }
}
