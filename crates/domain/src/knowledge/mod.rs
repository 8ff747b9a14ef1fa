//! A shop's own texts (知识与话术): what kinds there are, whom they belong to, whether they may be said. Decides; reads nothing.

mod steps;
mod wording;

pub use steps::{STEPS, Step};
pub use wording::{Unknown, unknown_variable};

use crate::id::Id;
use crate::names::names;
use crate::people::{Role, Team};
use crate::time::{Micros, Span};

names! {
    /// What a text is for.
    Kind {
        Script, "script", "话术";
        Macro, "macro", "快捷操作";
        Article, "article", "知识";
        RejectReason, "reject_reason", "拒绝理由";
    }
}

names! {
    /// Whose a text is.
    Scope {
        Shop, "shop", "全店";
        Team, "team", "本组";
        Person, "person", "个人";
    }
}

/// A text is looked at again after this long.
pub const REVIEW_AFTER: Span = Span::days(90);

/// Whose one text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Belongs {
    /// The shop's, a team's, a person's.
    pub scope: Scope,
    /// The team, of a team's text.
    pub team: Option<Team>,
    /// The person, of a person's text.
    pub person: Option<Id>,
}

impl Belongs {
    /// Whether a person sees it: what is the shop's, what is the team's that they serve, what is their own. Whoever takes care of
    /// shared texts sees those of every team.
    pub fn seen_by(&self, who: Id, role: Role, shares: bool) -> bool {
        match self.scope {
            Scope::Shop => true,
            Scope::Team => shares || self.team.is_some_and(|team| team.served_by(role)),
            Scope::Person => self.person == Some(who),
        }
    }

    /// Whether two texts may be called by the same letters: only when nobody could mean both.
    pub fn apart_from(&self, other: &Self) -> bool {
        match (self.scope, other.scope) {
            (Scope::Person, Scope::Person) => self.person != other.person,
            (Scope::Team, Scope::Team) => self.team != other.team,
            // one's own text may go by the letters of a shared one: it comes first for its owner
            (Scope::Person, _) | (_, Scope::Person) => true,
            _ => false,
        }
    }
}

/// Whether a text has to be looked at again.
pub fn stale(review_at: Micros, now: Micros) -> bool {
    review_at <= now
}

/// Whether letters can call a text: `yf`, at most twenty of a-z and 0-9.
pub fn is_code(code: &str) -> bool {
    !code.is_empty() && code.len() <= 20 && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(n: u8) -> Id {
        Id::from_bytes([n; 16])
    }

    fn of(scope: Scope, team: Option<Team>, person: Option<Id>) -> Belongs {
        Belongs { scope, team, person }
    }

    #[test]
    fn who_sees_a_text() {
        let check =
            |text: Belongs, role: Role, shares: bool, expect: bool| assert_eq!(text.seen_by(person(1), role, shares), expect, "{text:?}");
        check(of(Scope::Shop, None, None), Role::Night, false, true);
        check(of(Scope::Team, Some(Team::Warehouse), None), Role::Agent, false, false);
        check(of(Scope::Team, Some(Team::Warehouse), None), Role::Warehouse, false, true);
        check(of(Scope::Team, Some(Team::Warehouse), None), Role::Supervisor, true, true);
        check(of(Scope::Person, None, Some(person(1))), Role::Agent, false, true);
        check(of(Scope::Person, None, Some(person(2))), Role::Owner, true, false);
    }

    #[test]
    fn letters_call_one_text() {
        let shop = of(Scope::Shop, None, None);
        let mine = of(Scope::Person, None, Some(person(1)));
        let theirs = of(Scope::Person, None, Some(person(2)));
        let finance = of(Scope::Team, Some(Team::Finance), None);
        let warehouse = of(Scope::Team, Some(Team::Warehouse), None);
        let check = |one: &Belongs, two: &Belongs, apart: bool| assert_eq!(one.apart_from(two), apart, "{one:?} {two:?}");
        check(&shop, &shop, false);
        check(&shop, &finance, false);
        check(&finance, &warehouse, true);
        check(&finance, &finance, false);
        check(&mine, &shop, true);
        check(&mine, &theirs, true);
        check(&mine, &mine, false);
    }

    #[test]
    fn codes_are_short_and_plain() {
        let check = |code: &str, expect: bool| assert_eq!(is_code(code), expect, "{code}");
        check("yf", true);
        check("yf2", true);
        check("", false);
        check("Yf", false);
        check("运费", false);
        check("abcdefghijklmnopqrstu", false);
    }
}
