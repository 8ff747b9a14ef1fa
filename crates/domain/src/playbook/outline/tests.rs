//! The outline of the test playbook and of the shipped pack.

use super::*;
use crate::playbook::{Catalogue, Pack};
use std::path::Path;

const WARDROBE: &str = include_str!("../answer/wardrobe.toml");

/// A piece of a text by its place in UTF-16 units.
fn piece(text: &str, at: Span) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    String::from_utf16(&units[at.from..at.to]).expect("whole letters")
}

fn with(text: &str, at: Span, new: &str) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    let part = |range: &[u16]| String::from_utf16(range).expect("whole letters");
    format!("{}{new}{}", part(&units[..at.from]), part(&units[at.to..]))
}

fn shipped() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../playbooks");
    let mut files = Vec::new();
    for below in ["", "shared/"] {
        for path in std::fs::read_dir(folder.join(below)).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.extension().is_some_and(|ext| ext == "toml") {
                let name = path.file_name().expect("a name").to_string_lossy().into_owned();
                files.push((format!("{below}{name}"), std::fs::read_to_string(&path).expect("a text")));
            }
        }
    }
    files
}

#[test]
fn every_key_of_the_shipped_pack_is_a_row_with_a_sentence() {
    let catalogue = Catalogue::standard();
    let mut odd = Vec::new();
    for (path, text) in shipped() {
        let blocks = outline(&text, catalogue).expect("TOML");
        let root: toml::Table = toml::from_str(&text).expect("TOML");
        for block in &blocks {
            let table = match block.table {
                "head" => root.clone(),
                "closing" => root["closing"].as_table().expect("a table").clone(),
                name => root[name][block.n].as_table().expect("a table").clone(),
            };
            for key in table.keys().filter(|key| block.table != "head" || !KEYS.iter().any(|(name, _)| *name == key.as_str())) {
                let small = format!("{key}.");
                if !block.rows.iter().any(|row| row.key == *key || row.key.starts_with(&small)) {
                    odd.push(format!("{path} {} {}: no row for {key}", block.table, block.id));
                }
            }
            for row in &block.rows {
                let unread = row.items.iter().any(|item| item.said.is_none() && item.items.is_empty());
                if (row.said.is_none() && row.items.is_empty()) || unread {
                    odd.push(format!("{path} {} {}: {} says nothing", block.table, block.id, row.key));
                }
            }
        }
    }
    assert!(odd.is_empty(), "{}", odd.join("\n"));
}

#[test]
fn a_row_can_be_written_anew_at_its_place() {
    let catalogue = Catalogue::standard();
    let blocks = outline(WARDROBE, catalogue).expect("TOML");
    let rung = blocks.iter().find(|block| block.table == "offer" && block.rows.iter().any(|row| row.key == "cap")).expect("a rung");
    let cap = rung.rows.iter().find(|row| row.key == "cap").expect("a cap");
    assert_eq!(piece(WARDROBE, cap.at), format!("\"{}\"", cap.value.as_deref().expect("a line")));
    let edited = with(WARDROBE, cap.at, "\"5% of line.paid\"");
    let pack = Pack::read([("wardrobe.toml", edited.as_str())], catalogue).expect("a pack");
    let shown = pack.playbooks["wardrobe"].ladder[rung.n].cap.as_ref().expect("a cap").show(catalogue);
    assert_eq!(shown.en, "5% of line.paid");

    let title = rung.rows.iter().find(|row| row.key == "title").and_then(|row| row.both.as_ref()).expect("a title");
    let edited = with(WARDROBE, title.zh.at, "\"新名字\"");
    let pack = Pack::read([("wardrobe.toml", edited.as_str())], catalogue).expect("a pack");
    assert_eq!(pack.playbooks["wardrobe"].ladder[rung.n].title.zh, "新名字");
}

#[test]
fn a_key_can_be_taken_away_with_its_line() {
    let catalogue = Catalogue::standard();
    let blocks = outline(WARDROBE, catalogue).expect("TOML");
    let (n, whole) = blocks
        .iter()
        .filter(|block| block.table == "offer")
        .find_map(|block| Some((block.n, block.rows.iter().find(|row| row.key == "cap")?.whole?)))
        .expect("a cap that may go");
    let edited = with(WARDROBE, whole, "");
    let pack = Pack::read([("wardrobe.toml", edited.as_str())], catalogue).expect("a pack");
    assert_eq!(pack.playbooks["wardrobe"].ladder[n].cap, None);
    assert_eq!(edited.lines().count() + 1, WARDROBE.lines().count());
}

#[test]
fn neighbouring_rungs_can_change_places() {
    let catalogue = Catalogue::standard();
    let before = Pack::read([("wardrobe.toml", WARDROBE)], catalogue).expect("a pack");
    let blocks = outline(WARDROBE, catalogue).expect("TOML");
    let rungs: Vec<&Block> = blocks.iter().filter(|block| block.table == "offer").collect();
    let (one, two) = (rungs[0], rungs[1]);
    assert!(one.apart && two.apart);
    let (first, second) = (piece(WARDROBE, one.at), piece(WARDROBE, two.at));
    assert!(first.starts_with("[[offer]]") && first.ends_with('\n'), "{first}");
    let edited = with(&with(WARDROBE, two.at, &first), one.at, &second);
    let after = Pack::read([("wardrobe.toml", edited.as_str())], catalogue).expect("a pack");
    let ids = |pack: &Pack| pack.playbooks["wardrobe"].ladder.iter().map(|rung| rung.id.clone()).collect::<Vec<_>>();
    let mut swapped = ids(&before);
    swapped.swap(0, 1);
    assert_eq!(ids(&after), swapped);
}

#[test]
fn conditions_come_in_parts() {
    let catalogue = Catalogue::standard();
    let check = |line: &str, op: &str, values: &[&str], with_fact: bool| {
        let test = crate::playbook::line::test(line, catalogue).expect("a condition");
        let parts = Parts::of(&test, catalogue);
        assert_eq!((parts.op, parts.values.iter().map(String::as_str).collect::<Vec<_>>().as_slice()), (op, values), "{line}");
        assert_eq!(parts.with_fact, with_fact, "{line}");
    };
    check("order.bulky", "yes", &[], false);
    check("not order.signed", "no", &[], false);
    check("evidence.photos >= 2", ">=", &["2"], false);
    check("parcel.age >= 48 h", ">=", &["48 h"], false);
    check("order.paid <= 30 元", "<=", &["30 元"], false);
    check("request.amount <= line.paid", "<=", &["line.paid"], true);
    check("line.category in [clothing, shoes]", "in", &["clothing", "shoes"], false);
    check("line.category is not fresh", "is not", &["fresh"], false);
    check("order.paid_at before 2026-02-10", "before", &["2026-02-10"], false);
    check("stock.part is unknown", "unknown", &[], false);
}

#[test]
fn a_broken_line_keeps_the_other_sentences_and_broken_toml_gives_none() {
    let catalogue = Catalogue::standard();
    let text = "format = 1\nscenario = \"x\"\n[[offer]]\nid = \"a\"\ncap = \"3 apples\"\nwhen = [\"order.bulk\", \"order.signed\"]\n";
    let blocks = outline(text, catalogue).expect("TOML");
    let rung = &blocks[1];
    let row = |key: &str| rung.rows.iter().find(|row| row.key == key).expect("a row");
    assert!(row("cap").said.is_none() && row("cap").at.line == 5);
    assert!(row("when").items[0].said.is_none() && row("when").items[1].said.is_some());
    assert!(outline("[[offer]\n", catalogue).is_none());
}
