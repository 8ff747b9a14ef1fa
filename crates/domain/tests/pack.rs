//! The pack of the repository: it reads without a fault, and everything it would have said to a buyer may be said.

use aftercare_domain::contact::{Gate, Why};
use aftercare_domain::playbook::{Catalogue, Pack, Said};
use std::collections::BTreeSet;
use std::path::Path;

fn pack() -> Pack {
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
    read.unwrap_or_else(|faults| panic!("{}", faults.iter().map(|fault| format!("{fault}\n")).collect::<String>()))
}

#[test]
fn the_default_pack_has_no_fault() {
    assert!(!pack().playbooks.is_empty());
}

#[test]
fn nothing_it_says_is_stopped_by_the_gate() {
    let mut odd = BTreeSet::new();
    let mut judge = |of: &str, text: &str| {
        // asking for proof is counted when it is sent; every other reason is a fault of the text
        let found = Gate::china().wording(text).into_iter().filter(|reason| reason.why != Why::AsksEvidence);
        odd.extend(found.map(|reason| format!("{of}: {} {:?} in {text}", reason.why, reason.found)));
    };
    for (scenario, book) in &pack().playbooks {
        let mut said = |of: &str, text: &Said| judge(&format!("{scenario} {of}"), &text.0.zh);
        for script in &book.scripts {
            said(&script.id, &script.text);
        }
        for rung in &book.ladder {
            let texts = [&rung.what, &rung.why, &rung.buyer_must, &rung.follows];
            texts.into_iter().flatten().for_each(|text| said(&rung.id, text));
            rung.promise.iter().for_each(|promise| said(&rung.id, &promise.text));
        }
        for need in &book.needs {
            [&need.why, &need.instead].into_iter().flatten().for_each(|text| said("need", text));
            need.ask.iter().for_each(|ask| said("need", &ask.text));
        }
        for call in &book.calls {
            call.say.iter().for_each(|text| said(&call.id, text));
        }
        for exception in &book.exceptions {
            judge(&format!("{scenario} {}", exception.id), &exception.text.zh);
        }
        for criterion in &book.criteria {
            judge(&format!("{scenario} {}", criterion.id), &criterion.text.zh);
        }
    }
    assert!(odd.is_empty(), "{}", odd.into_iter().collect::<Vec<_>>().join("\n"));
}
