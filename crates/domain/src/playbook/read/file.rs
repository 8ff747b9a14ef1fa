//! One file: its head, its includes and its tables, each with what it defines and speaks of. Owns the top level of the grammar.

use super::{Mention, Node, Reading};
use crate::playbook::catalogue::Catalogue;
use crate::playbook::fault::{Fault, Wrong};
use crate::playbook::table::{Head, Include, Table};
use toml::de::{DeTable, DeValue};

/// Bytes of one file.
const FILE_LIMIT: usize = 1_000_000;

/// One table with its place in the pack.
pub(in crate::playbook) struct Entry {
    pub table: Table,
    pub group: Option<String>,
    pub defined: Vec<Mention>,
    pub spoken_of: Vec<Mention>,
}

/// One file of a pack.
pub(in crate::playbook) struct File {
    pub path: String,
    pub text: String,
    /// Of a playbook; a shared file has none.
    pub head: Option<Head>,
    pub includes: Vec<Include>,
    pub entries: Vec<Entry>,
}

/// Reads a file; what is wrong is added to `faults`.
pub(in crate::playbook) fn file(path: &str, text: &str, catalogue: &Catalogue, faults: &mut Vec<Fault>) -> File {
    let mut reading = Reading::new(path, text, catalogue);
    let mut file = File { path: path.to_owned(), text: text.to_owned(), head: None, includes: Vec::new(), entries: Vec::new() };
    if text.len() > FILE_LIMIT {
        reading.fault(0, Wrong::new(format!("{} bytes", text.len()), format!("at most {FILE_LIMIT}")));
    } else {
        // the first syntax error is the one to mend: those behind it mostly follow from it
        match DeTable::parse(text) {
            Ok(root) => top(&mut reading, &mut file, root.into_inner()),
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                reading.fault(at, Wrong::new("broken TOML", format!("valid TOML: {}", error.message().lines().next().unwrap_or_default())));
            }
        }
    }
    faults.append(&mut reading.faults);
    file
}

fn top(reading: &mut Reading<'_>, file: &mut File, root: DeTable<'_>) {
    let shared = file.path.starts_with("shared/");
    let stem = file.path.trim_start_matches("shared/").trim_end_matches(".toml").to_owned();
    let root = DeValue::Table(root);
    let Some(mut fields) = reading.fields(Node { value: &root, at: 0 }) else { return };
    let format: u32 = fields.need("format");
    if format != 1 {
        fields.fault_at("format", Wrong::new(format.to_string(), "format 1"));
    }
    let (key, name) = if shared {
        ("name", fields.need::<super::Id>("name").0)
    } else {
        let head = Head::read(&mut fields);
        let scenario = head.scenario.clone();
        file.head = Some(head);
        ("scenario", scenario)
    };
    if name != stem && !name.is_empty() {
        fields.fault_at(key, Wrong::new(format!("\"{name}\""), format!("\"{stem}\", as the file is called")));
    }
    file.includes = fields.or("include", Vec::new());
    for array in Table::NAMES {
        let Some(node) = fields.node(array) else { continue };
        let DeValue::Array(tables) = node.value else {
            fields.reading.not(node, format!("tables [[{array}]]"));
            continue;
        };
        for table in tables {
            let node = Node { value: table.get_ref(), at: table.span().start };
            if let Some((table, group)) = Table::read(fields.reading, array, node) {
                let (defined, spoken_of) = (std::mem::take(&mut fields.reading.defined), std::mem::take(&mut fields.reading.spoken_of));
                file.entries.push(Entry { table, group, defined, spoken_of });
            }
        }
    }
    fields.done();
}
