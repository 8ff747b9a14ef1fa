//! Which facts are still missing, who is asked, and how.

use super::{Asking, Variables, fill};
use crate::playbook::catalogue::Asked;
use crate::playbook::eval::{Line, all, any, condition, explain};
use crate::playbook::read::Said;
use crate::playbook::table::{Gate, Need};
use crate::playbook::text::Text;
use crate::playbook::value::Value;
use serde::Serialize;

/// A fact that has to be known and is not.
#[derive(Clone, Debug, Serialize)]
pub struct NeedNow {
    /// What has to hold, and what is the case.
    pub need: Line,
    /// The facts it asks about, by name.
    pub facts: Vec<String>,
    /// By when.
    pub before: Gate,
    /// The question to put.
    pub ask: Option<Text>,
    /// Who is asked.
    pub of: Asked,
    /// How often the buyer was asked for evidence already; absent where nobody counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<i64>,
    /// How often it may be asked.
    pub at_most: Option<u32>,
    /// The reason told with the question.
    pub why: Option<Text>,
    /// What serves instead.
    pub instead: Option<Text>,
}

impl Asking<'_> {
    /// The missing facts in the order of the playbook, those without which nothing goes on first.
    pub fn needs(&self) -> Vec<NeedNow> {
        let open = |need: &&Need| {
            all(&need.when, self.facts).is_yes() && !any(&need.unless, self.facts).is_yes() && !condition(&need.need, self.facts).is_yes()
        };
        let mut needs: Vec<NeedNow> = self.book.needs.iter().filter(open).filter_map(|need| self.need(need)).collect();
        needs.sort_by_key(|need| need.before);
        needs
    }

    fn need(&self, need: &Need) -> Option<NeedNow> {
        let line = explain(std::slice::from_ref(&need.need), self.facts, self.catalogue).into_iter().next()?;
        let tests = need.need.tests();
        let first = self.catalogue.fact(tests.first()?.fact());
        let said = |said: &Option<Said>| said.as_ref().map(|said| fill(said, self.facts, self.catalogue, &Variables::new()).text);
        let of = need.of.unwrap_or(first.asked);
        let counts = of == Asked::Buyer && first.source == "evidence";
        Some(NeedNow {
            need: line,
            facts: tests.iter().map(|test| self.catalogue.fact(test.fact()).name.clone()).collect(),
            before: need.before,
            ask: need.ask.as_ref().map(|ask| fill(&ask.text, self.facts, self.catalogue, &Variables::new()).text),
            of,
            asked: if counts { self.facts.named(self.catalogue, "evidence.requests").and_then(Value::size) } else { None },
            at_most: need.ask.as_ref().map(|ask| ask.at_most),
            why: said(&need.why),
            instead: said(&need.instead),
        })
    }
}
