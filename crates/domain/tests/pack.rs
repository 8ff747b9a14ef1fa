//! The pack of the repository reads without a fault.

use aftercare_domain::playbook::{Catalogue, Pack};
use std::path::Path;

#[test]
fn the_default_pack_has_no_fault() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../playbooks");
    let mut files = Vec::new();
    for below in ["", "shared/"] {
        let Ok(entries) = std::fs::read_dir(folder.join(below)) else { continue };
        for path in entries.map(|entry| entry.expect("an entry").path()) {
            if path.extension().is_some_and(|ext| ext == "toml") {
                let name = path.file_name().expect("a name").to_string_lossy().into_owned();
                files.push((format!("{below}{name}"), std::fs::read_to_string(&path).expect("a text")));
            }
        }
    }
    let read = Pack::read(files.iter().map(|(path, text)| (path.as_str(), text.as_str())), Catalogue::standard());
    let faults = read.map_or_else(|faults| faults, |_| Vec::new());
    assert!(faults.is_empty(), "{}", faults.iter().map(|fault| format!("{fault}\n")).collect::<String>());
}
