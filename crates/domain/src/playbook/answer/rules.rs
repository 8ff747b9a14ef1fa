//! Which rules may act by themselves now. Unknown never fires.

use super::{Asking, Variables, fill};
use crate::playbook::eval::{all, amount, any};
use crate::playbook::line::{Condition, Op, Operand, Test};
use crate::playbook::table::Rule;
use crate::playbook::text::Text;
use crate::playbook::value::Value;
use crate::time::Span;

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

    /// How long until a line of a rule or clock turns by the passing of time alone; nothing when none does.
    pub fn next_turn(&self) -> Option<Span> {
        let of_rules = self.book.rules.iter().flat_map(|rule| rule.when.iter().chain(&rule.unless));
        let of_clocks = self.book.deadlines.iter().flat_map(|rule| rule.when.iter().chain(&rule.until));
        of_rules.chain(of_clocks).flat_map(Condition::tests).filter_map(|test| self.turns_in(test)).min()
    }

    fn turns_in(&self, test: &Test) -> Option<Span> {
        let Test::Compare { fact, op, with: Operand::Length(length) } = test else { return None };
        let Some(Value::Duration(value)) = self.facts.get(*fact) else { return None };
        let down = self.catalogue.fact(*fact).down;
        let left = if down { value.0.saturating_sub(length.span().0) } else { length.span().0.saturating_sub(value.0) };
        // ">" and "<=" of a growing length turn just behind the mark, ">=" and "<" of a shrinking one too
        let behind = matches!((op, down), (Op::More | Op::AtMost, false) | (Op::AtLeast | Op::Less, true));
        let left = if behind { left.saturating_add(1) } else { left };
        (left > 0).then_some(Span(left))
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
