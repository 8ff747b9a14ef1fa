//! May this actor do this to this object? One function, asked on every path: REST, live stream, search, export, bulk.
//!
//! Owns the decision; the matrix stands in `action`, money limits in `authority`. Reads nothing, remembers nothing.

use super::custom::Narrowed;
use super::{Action, Role, Team};
use crate::id::{Id, ShopId};
use crate::refusal::{Code, Refusal};
use std::collections::BTreeSet;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The member of staff, or the one a token was made for.
    pub id: Id,
    /// The one role.
    pub role: Role,
    /// The shops granted; nothing outside them exists for this actor.
    pub shops: BTreeSet<ShopId>,
    /// What a token's scopes or a custom role leave of the role; `None` leaves all of it, except to a program, to which it leaves nothing.
    pub only: Option<BTreeSet<Action>>,
    /// What a role of the shop's own leaves besides its actions.
    pub custom: Option<Narrowed>,
}

/// What it is done to. Absent parts are parts the object does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// What it is called in a refusal, e.g. `case`.
    pub what: &'static str,
    /// Its shop; `None` for what belongs to the whole desk (users, settings).
    pub shop: Option<ShopId>,
    /// Who owns the case.
    pub owner: Option<Id>,
    /// The team of the task or promise.
    pub team: Option<Team>,
    /// Who asked for the approval or wrote the draft that is to be decided.
    pub asked_by: Option<Id>,
}

impl Object {
    /// Something of the whole desk.
    pub fn desk(what: &'static str) -> Self {
        Self { what, shop: None, owner: None, team: None, asked_by: None }
    }
    /// Something of one shop, such as its queue.
    pub fn shop(what: &'static str, shop: ShopId) -> Self {
        Self { shop: Some(shop), ..Self::desk(what) }
    }
    /// A case.
    pub fn case(shop: ShopId, owner: Option<Id>) -> Self {
        Self { owner, ..Self::shop("case", shop) }
    }
    /// A task or promise of a team.
    pub fn of_team(what: &'static str, shop: ShopId, team: Team) -> Self {
        Self { team: Some(team), ..Self::shop(what, shop) }
    }
    /// An approval or a draft that somebody asked to be decided.
    pub fn asked(what: &'static str, shop: Option<ShopId>, asked_by: Id) -> Self {
        Self { shop, asked_by: Some(asked_by), ..Self::desk(what) }
    }
}

/// Whether `actor` may do `action` to `object`.
///
/// Outside the granted shops the answer is `not_found`, so that nobody learns what exists there; otherwise `not_allowed`,
/// or `own_approval` where somebody would decide over what they asked for themselves.
pub fn may(actor: &Actor, action: Action, object: &Object) -> Result<(), Refusal> {
    if object.shop.is_some_and(|shop| !actor.shops.contains(&shop)) {
        return Err(Refusal::new(Code::NotFound).with("what", object.what));
    }
    let row = action.row();
    let allowed = row.yes.has(actor.role)
        || (row.team.has(actor.role) && object.team.is_some_and(|team| team.served_by(actor.role)))
        || (row.own.has(actor.role) && object.owner.is_none_or(|owner| owner == actor.id));
    if !allowed || !within_scopes(actor, action) {
        return Err(Refusal::new(Code::NotAllowed).with("role", actor.role).with("action", action.as_str()));
    }
    if decides(action) && object.asked_by == Some(actor.id) {
        return Err(Refusal::new(Code::OwnApproval).with("action", action.as_str()));
    }
    Ok(())
}

/// Whether `actor` may do `action` to some object of a granted shop; which one is decided by [`may`].
pub fn could(actor: &Actor, action: Action) -> bool {
    action.belongs_to(actor.role) && within_scopes(actor, action)
}

/// The names of all actions open to `actor` on some object of a granted shop: what the workbench shows at all.
pub fn permissions(actor: &Actor) -> Vec<&'static str> {
    Action::ALL.iter().filter(|action| could(actor, **action)).map(|action| action.as_str()).collect()
}

fn within_scopes(actor: &Actor, action: Action) -> bool {
    match &actor.only {
        Some(only) => only.contains(&action),
        None => actor.role != Role::Api,
    }
}

/// Actions of a second person over a first one's wish.
fn decides(action: Action) -> bool {
    matches!(action, Action::ApproveOffer | Action::ApproveRefund | Action::ApprovePayout | Action::PublishPlaybook)
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
