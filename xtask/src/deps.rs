//! Checks the dependency tree: every licence is on the list, every duplicate version is known. Owns both lists.

use cargo_metadata::MetadataCommand;
use std::collections::{BTreeMap, BTreeSet};

/// Licences we may ship. MPL-2.0 is file-level copyleft: its files stay unmodified.
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Crates known to come in more than one version through others' requirements.
const DUPLICATES: &str = include_str!("../duplicates.txt");

pub(crate) fn run() -> Result<(), String> {
    let metadata = MetadataCommand::new().exec().map_err(|e| format!("cannot read the dependency tree: {e}"))?;
    let mut faults = Vec::new();
    let mut versions: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for package in &metadata.packages {
        versions.entry(&package.name).or_default().insert(package.version.to_string());
        let licence = package.license.as_deref().unwrap_or("none stated");
        if !allowed(licence) {
            faults.push(format!("licence of {} {} is not on the list: {licence}", package.name, package.version));
        }
    }
    let known: BTreeSet<&str> = DUPLICATES.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    for (name, found) in versions.iter().filter(|(_, found)| found.len() > 1) {
        if !known.contains(name) {
            faults.push(format!("{name} comes in versions {found:?}: unify them or list the crate in xtask/duplicates.txt"));
        }
    }
    println!("{} packages checked", metadata.packages.len());
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// An `OR` needs one side on the list, an `AND` both; `/` is the old spelling of `OR`.
fn allowed(expression: &str) -> bool {
    let flat = expression.replace(['(', ')'], "").replace('/', " OR ");
    flat.split(" AND ").all(|part| part.split(" OR ").any(|licence| LICENCES.contains(&licence.trim())))
}

#[cfg(test)]
mod tests {
    use super::allowed;
    use cargo_metadata::{DependencyKind, MetadataCommand};

    /// Who may use whom: domain ← store ← app ← {api, connect, sim} ← the program.
    const MAY_USE: &[(&str, &[&str])] = &[
        ("aftercare-domain", &[]),
        ("aftercare-store", &["aftercare-domain"]),
        ("aftercare-app", &["aftercare-domain", "aftercare-store"]),
        ("aftercare-api", &["aftercare-domain", "aftercare-store", "aftercare-app"]),
        ("aftercare-connect", &["aftercare-domain", "aftercare-store", "aftercare-app"]),
        ("aftercare-sim", &["aftercare-domain", "aftercare-app"]),
    ];

    #[test]
    fn dependencies_point_one_way() {
        let metadata = MetadataCommand::new().no_deps().exec().expect("the workspace");
        for (name, may) in MAY_USE {
            let package = metadata.packages.iter().find(|package| package.name == *name).expect("a crate of ours");
            let uses = package.dependencies.iter().filter(|it| it.kind == DependencyKind::Normal && it.name.starts_with("aftercare-"));
            for used in uses {
                assert!(may.contains(&used.name.as_str()), "{name} must not use {}", used.name);
            }
        }
    }

    #[test]
    fn licence_expressions() {
        let check = |expression: &str, expect: bool| assert_eq!(allowed(expression), expect, "{expression}");
        check("MIT OR Apache-2.0", true);
        check("MIT/Apache-2.0", true);
        check("(MIT OR Apache-2.0) AND Unicode-3.0", true);
        check("GPL-3.0", false);
        check("MIT AND GPL-3.0", false);
        check("none stated", false);
    }
}
