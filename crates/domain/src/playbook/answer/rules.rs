//! Which rules may act by themselves now. Unknown never fires.

use super::{Asking, Variables, fill};
use crate::playbook::eval::{all, amount, any};
use crate::playbook::table::Rule;
use crate::playbook::text::Text;

/// A rule that fires.
#[derive(Clone, Debug)]
pub struct Fires<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// How much, minor units, where it moves money.
    pub amount_minor: Option<i64>,
    /// The words of its task, reminder or remark.
    pub text: Option<Text>,
}

impl<'a> Asking<'a> {
    /// The rules that fire, of those that `on` leaves switched on.
    ///
    /// A rule whose amount or words cannot be told for certain does not fire.
    pub fn rules(&self, on: impl Fn(&Rule) -> bool) -> Vec<Fires<'a>> {
        self.book.rules.iter().filter(|rule| on(rule)).filter_map(|rule| self.fires(rule)).collect()
    }

    fn fires(&self, rule: &'a Rule) -> Option<Fires<'a>> {
        if !all(&rule.when, self.facts).is_yes() || !any(&rule.unless, self.facts).is_no() {
            return None;
        }
        let amount_minor = rule.amount.as_ref().map(|line| amount(line, self.facts)).transpose().ok()?;
        let mut variables = Variables::new();
        if let Some(minor) = amount_minor {
            variables.money("offer.amount", minor);
        }
        let text = match &rule.text {
            Some(said) => Some(fill(said, self.facts, self.catalogue, &variables).complete()?.clone()),
            None => None,
        };
        Some(Fires { rule, amount_minor, text })
    }
}
