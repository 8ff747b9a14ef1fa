//! Checks a playbook folder and lists every mistake: `cargo run -p aftercare-domain --example check_pack -- playbooks`.

use aftercare_domain::playbook::{Catalogue, Pack};
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

fn main() -> io::Result<ExitCode> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "playbooks".to_owned());
    let mut files = Vec::new();
    for below in ["", "shared/"] {
        let Ok(entries) = std::fs::read_dir(Path::new(&folder).join(below)) else { continue };
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|ext| ext == "toml") {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                files.push((format!("{below}{name}"), std::fs::read_to_string(&path)?));
            }
        }
    }
    files.sort();
    let mut out = io::stdout().lock();
    match Pack::read(files.iter().map(|(path, text)| (path.as_str(), text.as_str())), Catalogue::standard()) {
        Ok(pack) => {
            writeln!(out, "{} files, {} playbooks, no fault", files.len(), pack.playbooks.len())?;
            Ok(ExitCode::SUCCESS)
        }
        Err(faults) => {
            for fault in &faults {
                writeln!(out, "{fault}")?;
            }
            writeln!(out, "{} faults in {} files", faults.len(), files.len())?;
            Ok(ExitCode::FAILURE)
        }
    }
}
