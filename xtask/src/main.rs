//! The project's own commands: `cargo xtask <demo|test|web|screens|deps|soak|controls|bench>`. Owns how things are run, never what they do.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks through its output")]

mod bench;
mod controls;
mod demo;
mod deps;
mod run;
mod soak;
mod test;
mod web;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask <command>
  demo [fresh] [--listen ADDR] [--seed N] [--orders N]  build everything and start the demo (fresh: a new shop)
  test    install what the tests need and run the whole suite
  web [build|browser|axe]  install, check, test and build the workbench; only build it; drive it in a browser; look at every state
  screens [all]  pictures of every page into docs/screens, the wide ones too
  soak [name…]   the long crash, power-cut and race runs
  browser the suite's stories on the screen, in Chromium
  controls [name…]  take each safety mechanism away: its test has to fail
  bench [name…]  measure each figure beside its limit
  deps    check licences and duplicate versions of dependencies";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match args.first().map(String::as_str) {
        Some("demo") => demo::run(&args[1..]),
        Some("test") => test::run(),
        Some("browser") => web::browser(),
        Some("web") if args.get(1).is_some_and(|what| what == "build") => web::build(),
        Some("web") if args.get(1).is_some_and(|what| what == "browser") => web::browser(),
        Some("web") if args.get(1).is_some_and(|what| what == "axe") => web::axe(),
        Some("screens") => web::screens(&args[1..]),
        Some("web") => web::run(),
        Some("soak") => soak::run(&args[1..]),
        Some("controls") => controls::run(&args[1..]),
        Some("bench") => bench::run(&args[1..]),
        Some("deps") => deps::run(),
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
