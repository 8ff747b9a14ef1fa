//! Writes Markdown in one language. Owns the numbering of headings, tables, and conditions in one sentence.

use crate::playbook::catalogue::{Catalogue, FactId};
use crate::playbook::line::{Amount, Condition, Length};

/// The document being written.
pub(super) struct Writer<'a> {
    text: String,
    headings: usize,
    pub catalogue: &'a Catalogue,
    pub chinese: bool,
}

impl<'a> Writer<'a> {
    pub(super) fn new(catalogue: &'a Catalogue, chinese: bool) -> Self {
        Self { text: String::new(), headings: 0, catalogue, chinese }
    }

    pub(super) fn finish(mut self) -> String {
        self.text.truncate(self.text.trim_end().len());
        self.text.push('\n');
        self.text
    }

    /// One of two wordings.
    pub(super) fn say(&self, zh: &str, en: &str) -> String {
        if self.chinese { zh.to_owned() } else { en.to_owned() }
    }

    /// A paragraph.
    pub(super) fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push_str("\n\n");
    }

    /// A numbered heading.
    pub(super) fn heading(&mut self, zh: &str, en: &str) {
        self.gap();
        self.headings += 1;
        let heading = format!("## {}. {}", self.headings, self.say(zh, en));
        self.line(&heading);
    }

    /// A labelled list item; nothing where there is nothing to say.
    pub(super) fn item(&mut self, zh: &str, en: &str, text: &str) {
        if !text.is_empty() {
            let item = if self.chinese { format!("- {zh}：{text}\n") } else { format!("- {en}: {text}\n") };
            self.text.push_str(&item);
        }
    }

    /// Ends a list.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A table with a heading row; nothing without rows.
    pub(super) fn table(&mut self, heads: &[(&str, &str)], rows: &[Vec<String>]) {
        if rows.is_empty() {
            return;
        }
        self.gap();
        let heads: Vec<String> = heads.iter().map(|(zh, en)| self.say(zh, en)).collect();
        self.row(&heads);
        self.row(&vec!["---".to_owned(); heads.len()]);
        rows.iter().for_each(|row| self.row(row));
        self.text.push('\n');
    }

    fn row(&mut self, cells: &[String]) {
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
        self.text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }

    /// Conditions that hold together, in one sentence.
    pub(super) fn conditions(&self, conditions: &[Condition]) -> String {
        self.join(conditions, "，且 ", " and ")
    }

    /// Conditions of which each alone is enough.
    pub(super) fn either(&self, conditions: &[Condition]) -> String {
        self.join(conditions, "，或 ", " or ")
    }

    fn join(&self, conditions: &[Condition], zh: &str, en: &str) -> String {
        conditions.iter().map(|one| self.condition(one)).collect::<Vec<_>>().join(if self.chinese { zh } else { en })
    }

    pub(super) fn condition(&self, one: &Condition) -> String {
        let grouped = |text: String, many: bool| if many { self.say(&format!("（{text}）"), &format!("({text})")) } else { text };
        match one {
            Condition::Test(test) => test.show(self.catalogue).of(self.chinese).to_owned(),
            Condition::Any(inner) => grouped(self.either(inner), inner.len() > 1),
            Condition::All(inner) => grouped(self.conditions(inner), inner.len() > 1),
        }
    }

    pub(super) fn length(&self, length: Length) -> String {
        length.show().of(self.chinese).to_owned()
    }

    pub(super) fn amount(&self, amount: Option<&Amount>) -> String {
        amount.map_or(String::new(), |amount| amount.show(self.catalogue).of(self.chinese).to_owned())
    }

    pub(super) fn fact(&self, id: FactId) -> String {
        self.catalogue.fact(id).label.of(self.chinese).to_owned()
    }
}
