//! The process document of a scenario, generated from its playbook: what the team's written norm says is what the desk does.
//!
//! Owns headings and wording around the playbook's own texts. The result is Markdown in one language.

mod ladder;
mod process;
mod words;

use super::catalogue::Catalogue;
use super::pack::Playbook;
use super::table::Section;
use words::Writer;

/// The process document in Chinese or English.
pub fn document(book: &Playbook, catalogue: &Catalogue, chinese: bool) -> String {
    let mut writer = Writer::new(catalogue, chinese);
    let head = &book.head;
    writer.line(&format!("# {} {}", head.number, head.title.of(chinese)));
    let from = head.valid_from.map_or_else(|| writer.say("发布之日", "its publication"), |day| day.to_string());
    let about = writer.say(
        &format!("处理流程第 {} 版，自{from}起用于新开的工单。", head.version),
        &format!("Process, version {}, for cases opened from {from} on.", head.version),
    );
    writer.line(&about);

    writer.heading("目的与适用", "Purpose and scope");
    writer.line(head.summary.of(chinese));
    texts(&mut writer, book, Section::Purpose);
    let applies = writer.conditions(&head.applies);
    writer.item("适用", "Applies when", &applies);
    if !head.words.is_empty() {
        let words = head.words.join("、");
        writer.item("买家常说", "Words buyers use", &words);
    }
    writer.item("投诉类别", "Class", if chinese { head.class.zh() } else { head.class.as_str() });

    if section_is_there(book, Section::Responsibilities) || book.steps.iter().any(|step| step.team.is_some()) {
        writer.heading("职责分工", "Responsibilities");
        texts(&mut writer, book, Section::Responsibilities);
        process::teams(&mut writer, book);
    }
    process::needs(&mut writer, book);
    process::steps(&mut writer, book);
    ladder::rungs(&mut writer, book);
    process::clocks(&mut writer, book);
    process::rules(&mut writer, book);
    ladder::scripts(&mut writer, book);
    ladder::calls(&mut writer, book);
    process::returns(&mut writer, book);
    process::closing(&mut writer, book);
    if section_is_there(book, Section::Notes) {
        writer.heading("注意事项", "Notes");
        texts(&mut writer, book, Section::Notes);
    }
    process::sources(&mut writer, book);
    writer.finish()
}

fn section_is_there(book: &Playbook, section: Section) -> bool {
    book.documents.iter().any(|document| document.section == section)
}

/// The playbook's own texts of a section.
fn texts(writer: &mut Writer<'_>, book: &Playbook, section: Section) {
    for document in book.documents.iter().filter(|document| document.section == section) {
        let source = document.source.as_ref().map_or(String::new(), |source| format!(" [{}]", source.line()));
        let text = format!("{}{source}", document.text.of(writer.chinese));
        writer.line(&text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::Pack;

    #[test]
    fn both_languages_of_the_test_playbook() {
        let catalogue = Catalogue::standard();
        let pack = Pack::read([("wardrobe.toml", include_str!("../answer/wardrobe.toml"))], catalogue).expect("a pack");
        let book = &pack.playbooks["wardrobe"];
        insta::assert_snapshot!("wardrobe_zh", document(book, catalogue, true));
        insta::assert_snapshot!("wardrobe_en", document(book, catalogue, false));
    }
}
