//! No scenario is known to the code: its id stands in its playbook alone, so that taking the file away takes nothing else along.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The Rust files below a folder, without tests and build output.
fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() && !["tests", "target"].contains(&name.as_str()) {
            rust_files(&path, found);
        } else if name.ends_with(".rs") && name != "tests.rs" && !name.ends_with("_tests.rs") {
            found.push(path);
        }
    }
}

fn scenarios() -> BTreeSet<String> {
    let entries = std::fs::read_dir(root().join("playbooks")).expect("the pack").map(|entry| entry.expect("an entry").path());
    let files = entries.filter(|path| path.extension().is_some_and(|ext| ext == "toml"));
    files.map(|path| path.file_stem().expect("a stem").to_string_lossy().into_owned()).collect()
}

/// The code in front of its own tests.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text)
}

/// The ids that stand in quotes in a piece of code, and are no other word of the product.
fn named<'a>(code: &str, scenarios: &'a BTreeSet<String>, words: &BTreeSet<&str>) -> Vec<&'a String> {
    scenarios.iter().filter(|id| !words.contains(id.as_str()) && code.contains(&format!("\"{id}\""))).collect()
}

#[test]
fn no_scenario_id_stands_in_the_code() {
    // ids that are also a kind of request or remedy, wherever these are spoken of
    let words = BTreeSet::from(["exchange", "order_change"]);
    // ids that one file uses as another word: a remedy, a reason of a payout, a cause of a refund by the platform
    let elsewhere =
        [("table/rung.rs", "onsite_visit"), ("app/src/payout.rs", "price_protection"), ("app/src/callback/act.rs", "price_protection")];
    let scenarios = scenarios();
    assert!(scenarios.len() >= 24, "{scenarios:?}");
    let mut files = Vec::new();
    rust_files(&root().join("crates"), &mut files);
    assert!(files.len() > 200);
    let mut faults = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a text");
        let path = file.display().to_string();
        let other_word = |id: &&String| elsewhere.iter().any(|(place, word)| path.ends_with(place) && word == id);
        let ids = named(code(&text), &scenarios, &words);
        faults.extend(ids.into_iter().filter(|id| !other_word(id)).map(|id| format!("{path} names {id}")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_look_itself_sees_an_id() {
    let scenarios = BTreeSet::from(["torn".to_owned()]);
    assert_eq!(named("if case.scenario == \"torn\" {}", &scenarios, &BTreeSet::new()).len(), 1);
    assert_eq!(named("torn", &scenarios, &BTreeSet::new()).len(), 0);
}
