//! Who asks, and how. Owns the frame of one request; it is made by the outer layer and trusted inside.

use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::Role;
use aftercare_domain::people::{
    Action,
    policy::{self, Object},
};
use aftercare_domain::refusal::Refusal;
use aftercare_domain::time::Micros;

/// The person, program or rule behind a command.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Identity, role, granted shops and scopes, as the policy sees them.
    pub who: policy::Actor,
    /// Shown beside remarks and on the time line.
    pub agent_no: String,
    /// Shown to colleagues.
    pub display_name: String,
    /// When the second factor was last given in this session.
    pub factor_at: Option<Micros>,
    /// The desk acting by a timer, a callback or a published rule.
    pub system: bool,
    /// The buyer acting on the shop's own page, within what `who` leaves of a role. For money `who` is whoever answers for it.
    pub buyer: bool,
}

impl Actor {
    /// The desk itself.
    pub fn desk() -> Self {
        let who = policy::Actor { id: Id::from_bytes([0; 16]), role: Role::Owner, shops: Default::default(), only: None, custom: None };
        Self { who, agent_no: "系统".to_owned(), display_name: "系统".to_owned(), factor_at: None, system: true, buyer: false }
    }

    /// The buyer, who may do these things in one shop and nothing else. `id` names whose keys of commands they are.
    pub(crate) fn buyer(id: Id, role: Role, shop: ShopId, may: &[Action]) -> Self {
        let who = policy::Actor { id, role, shops: [shop].into(), only: Some(may.iter().copied().collect()), custom: None };
        Self { who, agent_no: String::new(), display_name: String::new(), factor_at: None, system: false, buyer: true }
    }

    /// The staff row; nil for the desk itself.
    pub fn id(&self) -> Id {
        self.who.id
    }

    /// The staff row to store; absent for the desk itself and for the buyer.
    pub fn stored_id(&self) -> Option<Id> {
        (!self.system && !self.buyer).then_some(self.who.id)
    }

    /// The role's name in events, `desk` for the desk itself, `buyer` for the buyer.
    pub fn role_name(&self) -> &'static str {
        match (self.system, self.buyer) {
            (true, _) => "desk",
            (_, true) => "buyer",
            _ => self.who.role.as_str(),
        }
    }

    /// True when the actor is granted the shop.
    pub fn sees(&self, shop: ShopId) -> bool {
        self.system || self.who.shops.contains(&shop)
    }

    /// The one question of authorisation, asked on every path.
    pub fn may(&self, action: Action, object: &Object) -> Result<(), Refusal> {
        if self.system { Ok(()) } else { policy::may(&self.who, action, object) }
    }
}

/// A rehearsal: the command runs to its end under its own rules and is taken back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trial {
    /// Counts as spent by the actor today: what rows rehearsed before would have spent, minor units.
    pub spent_minor: i64,
}

/// The frame of one request.
#[derive(Clone, Debug)]
pub struct Context {
    /// Who asks.
    pub actor: Actor,
    /// When, by the desk's clock.
    pub now: Micros,
    /// The caller's key for this command; a repeat with the same key gets the first answer.
    pub key: Option<String>,
    /// The version of the case the caller saw.
    pub if_match: Option<i64>,
    /// Whether it is a rehearsal.
    pub trial: Option<Trial>,
}

impl Context {
    /// The desk acting by itself at `now`.
    pub fn desk(now: Micros) -> Self {
        Self { actor: Actor::desk(), now, key: None, if_match: None, trial: None }
    }
}
