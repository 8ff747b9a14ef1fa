//! Which offers are possible and in which order, with amounts, cost, time and the reasons.

use super::{Asking, StepNow, Variables, fill};
use crate::people::Team;
use crate::playbook::eval::{Line, Truth, all, amount, any, explain, explain_amount};
use crate::playbook::line::{Amount, Length};
use crate::playbook::read::Said;
use crate::playbook::table::{Act, Bearer, Freight, Gate, Means, PromiseOf, Remedy, Rung};
use crate::playbook::text::Text;
use crate::time::{Micros, Span};
use serde::Serialize;

/// What became of a rung offered before on this case.
#[derive(Clone, Copy, Debug)]
pub struct Tried<'a> {
    /// The rung.
    pub rung: &'a str,
    /// The last offer's state: sent, accepted, refused, expired.
    pub state: &'a str,
}

/// What a person chose instead of what a rung proposes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chosen {
    /// Minor units.
    pub amount_minor: Option<i64>,
    /// By when the shop acts.
    pub due_at: Option<Micros>,
}

/// Freight with its amounts.
#[derive(Clone, Debug, Serialize)]
pub struct FreightNow<'a> {
    /// In the end.
    pub borne_by: Option<Bearer>,
    /// At first.
    pub advanced_by: Option<Bearer>,
    /// At most this much, minor units.
    pub cap_minor: Option<i64>,
    /// When it comes back.
    pub reimbursed: Option<&'a Text>,
}

/// What would be promised.
#[derive(Clone, Debug, Serialize)]
pub struct PromiseNow {
    /// Who keeps it.
    pub team: Team,
    /// From the acceptance on, hours, rounded up.
    pub within_h: i64,
    /// Due then, if accepted now.
    pub due_at: Micros,
    /// The promise.
    pub text: Text,
}

/// A rung as it stands.
#[derive(Clone, Debug, Serialize)]
pub struct RungNow<'a> {
    /// Its id.
    pub rung: &'a str,
    /// For people.
    pub title: &'a Text,
    /// What it does.
    pub remedy: Remedy,
    /// In order of preference.
    pub means: &'a [Means],
    /// Whether it can be offered; `null` when a fact is missing to tell.
    pub possible: Truth,
    /// A right of the buyer.
    pub lawful: bool,
    /// Moved to the front for this buyer.
    pub first: bool,
    /// The next one to try.
    pub next: bool,
    /// What became of it before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tried: Option<&'a str>,
    /// What is proposed, within cap and limit, minor units.
    pub amount_minor: Option<i64>,
    /// More needs an approval of its own kind.
    pub cap_minor: Option<i64>,
    /// Binds everyone.
    pub limit_minor: Option<i64>,
    /// Cost to the shop.
    pub cost_minor: Option<i64>,
    /// Until the buyer has it, hours, rounded up.
    pub takes_h: Option<i64>,
    /// Freight.
    pub freight: Option<FreightNow<'a>>,
    /// What would be promised.
    pub promise: Option<PromiseNow>,
    /// What.
    pub what: Option<Text>,
    /// Why this.
    pub why: Option<Text>,
    /// What the buyer has to do.
    pub buyer_must: Option<Text>,
    /// What follows.
    pub follows: Option<Text>,
    /// Variables of these texts that nobody knows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// What has to be said or recorded before it is sent.
    pub asks: &'a [Text],
    /// The text that goes with it.
    pub script: Option<&'a str>,
    /// Line by line why it is possible or not, and which amounts cannot be told.
    pub because: Vec<Line>,
    /// What is executed on acceptance.
    pub then: &'a [Act],
}

impl<'a> Asking<'a> {
    /// Every rung: those moved to the front first, impossible ones last, otherwise in the order of the playbook.
    pub fn ladder(&self, tried: &[Tried<'a>]) -> Vec<RungNow<'a>> {
        let mut rungs: Vec<RungNow<'a>> = self.book.ladder.iter().map(|rung| self.rung(rung, tried, Chosen::default())).collect();
        rungs.sort_by_key(|rung| (rung.possible.is_no(), !rung.first));
        if let Some(next) = rungs.iter_mut().find(|rung| rung.possible.is_yes() && rung.tried.is_none()) {
            next.next = true;
        }
        rungs
    }

    /// One rung by its id, with another amount or due time than it proposes where somebody chose one.
    pub fn one_rung(&self, id: &str, chosen: Chosen) -> Option<RungNow<'a>> {
        self.book.ladder.iter().find(|rung| rung.id == id).map(|rung| self.rung(rung, &[], chosen))
    }

    /// Action words of the offers that are the buyer's right, as far as they are not ruled out.
    pub fn lawful_actions(&self) -> Vec<Act> {
        let lawful = self.book.ladder.iter().filter(|rung| rung.lawful && !self.possible(rung).is_no());
        let mut acts: Vec<Act> = lawful.flat_map(|rung| rung.then.iter().copied()).collect();
        acts.sort();
        acts.dedup();
        acts
    }

    /// The rung that gives money back by right, possible now and with no move left that must come first: such a refund is agreed to as it
    /// was asked for, without an offer.
    ///
    /// # Errors
    /// The lines that stand in the way: moves not made, else what the first such rung lacks; none where the playbook has no such right.
    pub fn plain_refund(&self) -> Result<&'a str, Vec<Text>> {
        let first = |step: &StepNow<'_>| step.must && !step.done && step.act != Some(Act::Refund) && step.before != Gate::Close;
        let moves: Vec<Text> = self.steps().into_iter().filter(first).map(|step| step.title.clone()).collect();
        if !moves.is_empty() {
            return Err(moves);
        }
        let rights = || self.book.ladder.iter().filter(|rung| rung.lawful && rung.then.contains(&Act::Refund));
        if let Some(rung) = rights().find(|rung| self.possible(rung).is_yes()) {
            return Ok(&rung.id);
        }
        let open = |rung: &Rung| self.because(rung).into_iter().filter(|line| !line.ok.is_yes()).map(|line| line.line).collect();
        Err(rights().next().map(open).unwrap_or_default())
    }

    fn possible(&self, rung: &Rung) -> Truth {
        if any(&rung.unless, self.facts).is_yes() { Truth::No } else { all(&rung.when, self.facts) }
    }

    fn rung(&self, rung: &'a Rung, tried: &[Tried<'a>], chosen: Chosen) -> RungNow<'a> {
        let minor = |line: &Option<Amount>| line.as_ref().and_then(|line| amount(line, self.facts).ok());
        let (cap_minor, limit_minor) = (minor(&rung.cap), minor(&rung.limit));
        let bound = [cap_minor, limit_minor].into_iter().flatten().min();
        let proposed = minor(&rung.amount).map(|amount| bound.map_or(amount, |bound| amount.min(bound)));
        let amount_minor = chosen.amount_minor.or(proposed);
        let cost_minor = if rung.cost.is_some() { minor(&rung.cost) } else { amount_minor };
        let texts = self.texts(rung, amount_minor, chosen.due_at);
        RungNow {
            rung: &rung.id,
            title: &rung.title,
            remedy: rung.remedy,
            means: &rung.means,
            possible: self.possible(rung),
            lawful: rung.lawful,
            first: !rung.first_when.is_empty() && all(&rung.first_when, self.facts).is_yes(),
            next: false,
            tried: tried.iter().rev().find(|before| before.rung == rung.id).map(|before| before.state),
            amount_minor,
            cap_minor,
            limit_minor,
            cost_minor,
            takes_h: rung.takes.map(hours),
            freight: rung.freight.as_ref().map(|freight| self.freight(freight)),
            promise: texts.promise,
            what: texts.what,
            why: texts.why,
            buyer_must: texts.buyer_must,
            follows: texts.follows,
            missing: texts.missing,
            asks: &rung.asks,
            script: rung.script.as_deref(),
            because: self.because(rung),
            then: &rung.then,
        }
    }

    fn freight(&self, freight: &'a Freight) -> FreightNow<'a> {
        FreightNow {
            borne_by: freight.borne_by,
            advanced_by: freight.advanced_by,
            cap_minor: freight.cap.as_ref().and_then(|cap| amount(cap, self.facts).ok()),
            reimbursed: freight.reimbursed.as_ref(),
        }
    }

    fn texts(&self, rung: &Rung, amount_minor: Option<i64>, due_at: Option<Micros>) -> Texts {
        let due = |promise: &PromiseOf| due_at.unwrap_or(self.facts.now + promise.within.span());
        let mut variables = Variables::new();
        if let Some(minor) = amount_minor {
            variables.money("offer.amount", minor);
        }
        if let Some(due) = due_at.or(rung.promise.as_ref().map(due)) {
            variables.time("offer.due", due, self.facts.offset_min);
        }
        let mut missing = Vec::new();
        let mut filled = |said: &Said| {
            let filled = fill(said, self.facts, self.catalogue, &variables);
            missing.extend(filled.missing);
            filled.text
        };
        let mut texts = Texts {
            what: rung.what.as_ref().map(&mut filled),
            why: rung.why.as_ref().map(&mut filled),
            buyer_must: rung.buyer_must.as_ref().map(&mut filled),
            follows: rung.follows.as_ref().map(&mut filled),
            promise: rung.promise.as_ref().map(|promise| PromiseNow {
                team: promise.who,
                within_h: hours(promise.within),
                due_at: due(promise),
                text: filled(&promise.text),
            }),
            missing: Vec::new(),
        };
        missing.sort();
        missing.dedup();
        texts.missing = missing;
        texts
    }

    /// The conditions, the ways out that rule it out, and amounts that cannot be told.
    fn because(&self, rung: &Rung) -> Vec<Line> {
        let mut lines = explain(&rung.when, self.facts, self.catalogue);
        for out in &rung.unless {
            let truth = any(std::slice::from_ref(out), self.facts);
            if truth.is_no() {
                continue;
            }
            for line in explain(std::slice::from_ref(out), self.facts, self.catalogue) {
                let text = Text::new(format!("除非 {}", line.line.zh), format!("unless {}", line.line.en));
                // an unknown way out does not rule the offer out; it is shown as open
                lines.push(Line { ok: !truth, line: text, is: line.is, level: line.level });
            }
        }
        let amounts = [
            ("金额", "amount", &rung.amount),
            ("软上限", "cap", &rung.cap),
            ("硬上限", "limit", &rung.limit),
            ("成本", "cost", &rung.cost),
        ];
        for (zh, en, line) in amounts {
            lines.extend(line.as_ref().and_then(|line| explain_amount(&Text::new(zh, en), line, self.facts, self.catalogue)));
        }
        lines
    }
}

struct Texts {
    what: Option<Text>,
    why: Option<Text>,
    buyer_must: Option<Text>,
    follows: Option<Text>,
    promise: Option<PromiseNow>,
    missing: Vec<String>,
}

fn hours(length: Length) -> i64 {
    let hour = Span::hours(1).0;
    (length.span().0 + hour - 1) / hour
}
