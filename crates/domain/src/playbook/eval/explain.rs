//! Explains a decision line by line: `✗ parcel.age >= 48 h: it is 31 h`. Owns the wording around lines.

use super::decide::{amount, condition, test};
use super::facts::Facts;
use super::truth::Truth;
use crate::playbook::catalogue::{Catalogue, FactId};
use crate::playbook::line::{Amount, Condition, Test, show};
use crate::playbook::text::Text;
use serde::Serialize;
use std::fmt;

/// One line of an explanation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Whether it holds; `null` when a fact is missing.
    pub ok: Truth,
    /// The line; the English is the canonical one.
    pub line: Text,
    /// What is the case instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is: Option<Text>,
    /// How deep it stands in groups.
    #[serde(skip_serializing_if = "is_zero")]
    pub level: u8,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(level: &u8) -> bool {
    *level == 0
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{} {}", "  ".repeat(usize::from(self.level)), self.ok.mark(), self.line.en)?;
        match &self.is {
            Some(is) => write!(f, ": {}", is.en),
            None => Ok(()),
        }
    }
}

/// Every line of these conditions with its outcome.
pub fn explain(conditions: &[Condition], facts: &Facts, catalogue: &Catalogue) -> Vec<Line> {
    let mut lines = Vec::new();
    add(&mut lines, conditions, 0, facts, catalogue);
    lines
}

fn add(lines: &mut Vec<Line>, conditions: &[Condition], level: u8, facts: &Facts, catalogue: &Catalogue) {
    for one in conditions {
        let (heading, inner) = match one {
            Condition::Test(line) => {
                let is = (!test(line, facts).is_yes()).then(|| what_is(line, facts, catalogue));
                lines.push(Line { ok: test(line, facts), line: line.show(catalogue), is, level });
                continue;
            }
            Condition::Any(inner) => (Text::new("以下任一", "any of"), inner),
            Condition::All(inner) => (Text::new("以下全部", "all of"), inner),
        };
        lines.push(Line { ok: condition(one, facts), line: heading, is: None, level });
        add(lines, inner, level + 1, facts, catalogue);
    }
}

fn what_is(line: &Test, facts: &Facts, catalogue: &Catalogue) -> Text {
    let Some(value) = facts.get(line.fact()) else { return Text::new("未知", "nobody knows") };
    let shown = show(value, catalogue.fact(line.fact()), facts.offset_min);
    let it_is = Text::new(format!("现为{}{}", gap(&shown.zh), shown.zh), format!("it is {}", shown.en));
    let Some(other) = line.other() else { return it_is };
    let label = &catalogue.fact(other).label.zh;
    let name = &catalogue.fact(other).name;
    match facts.get(other) {
        Some(value) => {
            let shown = show(value, catalogue.fact(other), facts.offset_min);
            Text::new(format!("{}，{label}为{}{}", it_is.zh, gap(&shown.zh), shown.zh), format!("{}, {name} is {}", it_is.en, shown.en))
        }
        None => Text::new(format!("{label}未知"), format!("nobody knows {name}")),
    }
}

/// A space before digits and letters after Chinese.
fn gap(text: &str) -> &'static str {
    if text.starts_with(|c: char| c.is_ascii()) { " " } else { "" }
}

/// Why an amount cannot be told: the line and the fact that is missing. Nothing when it can.
pub fn explain_amount(label: &Text, line: &Amount, facts: &Facts, catalogue: &Catalogue) -> Option<Line> {
    let missing: FactId = amount(line, facts).err()?;
    let shown = line.show(catalogue);
    let fact = catalogue.fact(missing);
    Some(Line {
        ok: Truth::Unknown,
        line: Text::new(format!("{}：{}", label.zh, shown.zh), format!("{} {}", label.en, shown.en)),
        is: Some(Text::new(format!("{}未知", fact.label.zh), format!("nobody knows {}", fact.name))),
        level: 0,
    })
}
