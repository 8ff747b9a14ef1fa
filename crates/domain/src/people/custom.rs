//! A role of the shop's own: what it leaves of a built-in one, which fields it may reveal, whether it sees costs, what it may spend.
//!
//! Owns that it only ever narrows: nothing the built-in role lacks, nothing its author lacks, no higher limit.

use super::authority::{Authority, Limit, Spending};
use super::policy::{Actor, could};
use super::{Action, Role};
use crate::names::names;
use crate::refusal::{Code, Refusal};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

names! {
    /// What is sealed of a buyer and can be shown in clear on record.
    Field {
        Name, "name", "姓名";
        Phone, "phone", "电话";
        Address, "address", "地址";
        Words, "words", "原话";
    }
}

/// The most a role may spend alone of one kind; minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Most {
    /// Of what.
    pub kind: Spending,
    /// On one case.
    pub per_case_minor: i64,
    /// By one person on one day.
    pub per_day_minor: i64,
}

/// What a custom role leaves, besides its actions, which stand in [`Actor::only`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// The shop's name for it.
    pub name: String,
    /// The fields that may be revealed, where revealing is allowed at all.
    pub reveals: BTreeSet<Field>,
    /// Whether costs of remedies are shown.
    pub costs: bool,
    /// Limits; a kind without a row has the built-in role's.
    pub limits: Vec<Most>,
}

impl Actor {
    /// Whether this field may be shown to them, where they may reveal at all.
    pub fn reveals(&self, field: Field) -> bool {
        self.custom.as_ref().is_none_or(|custom| custom.reveals.contains(&field))
    }

    /// Whether costs are shown to them.
    pub fn sees_costs(&self) -> bool {
        self.custom.as_ref().is_none_or(|custom| custom.costs)
    }

    /// The shop's limits as they bind this actor: those of the role, lowered by their own role.
    pub fn limits(&self, shop: Authority) -> Authority {
        let Some(custom) = &self.custom else { return shop };
        let lowered = shop.limits.into_iter().map(|limit| match custom.limits.iter().find(|most| most.kind == limit.kind) {
            Some(most) if limit.role == self.role => lower(limit, most),
            _ => limit,
        });
        Authority { limits: lowered.collect(), ..shop }
    }
}

fn lower(limit: Limit, most: &Most) -> Limit {
    Limit {
        per_case_minor: limit.per_case_minor.min(most.per_case_minor),
        per_day_minor: limit.per_day_minor.min(most.per_day_minor),
        ..limit
    }
}

/// A role as its author would have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its name.
    pub name: String,
    /// What it is made from.
    pub base: Role,
    /// What is left of it.
    pub actions: BTreeSet<Action>,
    /// Which fields it may reveal.
    pub reveals: BTreeSet<Field>,
    /// Whether it sees costs.
    pub costs: bool,
    /// What it may spend.
    pub limits: Vec<Most>,
}

impl Draft {
    /// Whether `author` may make it. The owner's and a program's role are made into no other.
    ///
    /// # Errors
    /// `bad_input` for what is unsound; `role_gives_more` with the first action that the built-in role or the author lacks.
    pub fn sound(&self, author: &Actor) -> Result<(), Refusal> {
        let wrong = |field: &str, problem: &str| Err(Refusal::new(Code::BadInput).with("field", field).with("problem", problem));
        if self.name.trim().is_empty() || self.name.chars().count() > 20 {
            return wrong("name", "1 to 20 letters");
        }
        if Role::ALL.iter().any(|role| role.as_str() == self.name || role.zh() == self.name) {
            return wrong("name", "a built-in role has this name");
        }
        if matches!(self.base, Role::Owner | Role::Api) {
            return wrong("base", "no role is made from this one");
        }
        if self.actions.is_empty() {
            return wrong("actions", "at least one");
        }
        if self.limits.iter().any(|most| most.per_case_minor < 0 || most.per_day_minor < 0) {
            return wrong("limits", "not below zero");
        }
        let lacks = |action: &Action| !action.belongs_to(self.base) || !could(author, *action);
        if let Some(action) = self.actions.iter().find(|action| lacks(action)) {
            return Err(Refusal::new(Code::RoleGivesMore).with("action", action.as_str()));
        }
        if self.reveals.iter().any(|field| !author.reveals(*field)) {
            return Err(Refusal::new(Code::RoleGivesMore).with("action", Action::Reveal.as_str()));
        }
        if self.costs && !author.sees_costs() {
            return wrong("sees_costs", "its author does not see them");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{Id, ShopId};

    fn person(role: Role) -> Actor {
        Actor { id: Id::from_bytes([1; 16]), role, shops: [ShopId(1)].into(), only: None, custom: None }
    }

    fn draft() -> Draft {
        let actions = [Action::ReadQueue, Action::ReadCase, Action::Contact, Action::Reveal].into();
        Draft { name: "实习客服".into(), base: Role::Agent, actions, reveals: [Field::Name].into(), costs: false, limits: vec![] }
    }

    fn check(draft: Draft, author: Role, expect: Result<(), Code>) {
        assert_eq!(draft.sound(&person(author)).map_err(|no| no.code), expect, "{author} {draft:?}");
    }

    #[test]
    fn a_role_gives_only_what_its_base_and_its_author_have() {
        check(draft(), Role::Owner, Ok(()));
        check(draft(), Role::Admin, Err(Code::RoleGivesMore));
        check(Draft { actions: [Action::ManageUsers].into(), ..draft() }, Role::Owner, Err(Code::RoleGivesMore));
        check(Draft { base: Role::Night, ..draft() }, Role::Owner, Err(Code::RoleGivesMore));
        check(Draft { base: Role::Owner, ..draft() }, Role::Owner, Err(Code::BadInput));
        check(Draft { base: Role::Api, ..draft() }, Role::Owner, Err(Code::BadInput));
        check(Draft { name: " ".into(), ..draft() }, Role::Owner, Err(Code::BadInput));
        check(Draft { name: "主管".into(), ..draft() }, Role::Owner, Err(Code::BadInput));
        check(Draft { actions: [].into(), ..draft() }, Role::Owner, Err(Code::BadInput));
        let below = Most { kind: Spending::Refund, per_case_minor: -1, per_day_minor: 0 };
        check(Draft { limits: vec![below], ..draft() }, Role::Owner, Err(Code::BadInput));
    }

    #[test]
    fn an_author_narrowed_themselves_gives_no_more_than_they_have() {
        let mut author = person(Role::Owner);
        author.custom = Some(Narrowed { reveals: [Field::Name].into(), ..Narrowed::default() });
        assert!(draft().sound(&author).is_ok());
        let more = Draft { reveals: [Field::Phone].into(), ..draft() };
        assert_eq!(more.sound(&author).map_err(|no| no.code), Err(Code::RoleGivesMore));
        let costs = Draft { costs: true, ..draft() };
        assert_eq!(costs.sound(&author).map_err(|no| no.code), Err(Code::BadInput));
    }

    #[test]
    fn limits_are_lowered_and_never_raised() {
        let mut agent = person(Role::Agent);
        let most = |kind, amount| Most { kind, per_case_minor: amount, per_day_minor: amount };
        agent.custom =
            Some(Narrowed { limits: vec![most(Spending::Refund, 5_000), most(Spending::Payout, i64::MAX)], ..Narrowed::default() });
        let of = |kind| {
            let shop = agent.limits(Authority::default());
            shop.limits.into_iter().find(|limit| limit.role == Role::Agent && limit.kind == kind).map(|limit| limit.per_case_minor)
        };
        assert_eq!(of(Spending::Refund), Some(5_000));
        assert_eq!(of(Spending::Payout), Some(3_000));
        let lead = agent.limits(Authority::default()).limits.into_iter().find(|limit| limit.role == Role::Lead);
        assert_eq!(lead, Authority::default().limits.into_iter().find(|limit| limit.role == Role::Lead));
    }

    #[test]
    fn whoever_has_no_custom_role_is_narrowed_in_nothing() {
        let plain = person(Role::Agent);
        assert!(Field::ALL.iter().all(|field| plain.reveals(*field)) && plain.sees_costs());
        assert_eq!(plain.limits(Authority::default()), Authority::default());
    }
}
