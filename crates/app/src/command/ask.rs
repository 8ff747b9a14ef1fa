//! What a command asks the policy: the action, and on what. Owns the look-up of the object's team; the answer is the domain's.

use crate::case::row::CaseRow;
use crate::error::{Result, not_found};
use aftercare_domain::approval::Subject;
use aftercare_domain::id::Id;
use aftercare_domain::people::{Action, Team, policy::Object};
use aftercare_store::{DbError, Tx, values};

/// The question of authorisation of one command.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    /// What is done.
    pub(crate) action: Action,
    on: On,
}

#[derive(Clone, Copy, Debug)]
enum On {
    Case,
    Promise(Id),
    Task(Id),
    Approval(Id),
    Effect(Id),
}

impl From<Action> for Ask {
    /// On the case as a whole.
    fn from(action: Action) -> Self {
        Self { action, on: On::Case }
    }
}

impl Ask {
    /// On a promise: its team counts.
    pub fn promise(action: Action, id: Id) -> Self {
        Self { action, on: On::Promise(id) }
    }

    /// On a task: its team counts.
    pub fn task(action: Action, id: Id) -> Self {
        Self { action, on: On::Task(id) }
    }

    /// On an approval: who asked counts, and its subject says which action it is.
    pub fn approval(id: Id) -> Self {
        Self { action: Action::ApproveRefund, on: On::Approval(id) }
    }

    /// On an effect: the team whose person carries it out counts.
    pub fn effect(action: Action, id: Id) -> Self {
        Self { action, on: On::Effect(id) }
    }

    /// The action and the object as the policy sees them.
    pub(crate) fn put(&self, tx: &mut Tx<'_>, case: &CaseRow) -> Result<(Action, Object)> {
        let (what, sql, id) = match self.on {
            On::Case => return Ok((self.action, Object::case(case.shop, case.owner))),
            On::Approval(id) => return approval(tx, case, id),
            On::Promise(id) => ("promise", "SELECT team FROM promise WHERE shop_id = $1 AND case_id = $2 AND id = $3", id),
            On::Task(id) => ("task", "SELECT team FROM task WHERE shop_id = $1 AND case_id = $2 AND id = $3", id),
            On::Effect(id) => ("effect", "SELECT team FROM effect WHERE shop_id = $1 AND case_id = $2 AND id = $3", id),
        };
        let team = tx.query_opt(sql, &values![case.shop, case.id, id], |row| row.get::<String>(0))?.ok_or_else(|| not_found(what))?;
        if team.is_empty() {
            return Ok((self.action, Object { owner: case.owner, ..Object::shop(what, case.shop) }));
        }
        let team = Team::parse(&team).ok_or_else(|| DbError::Shape(format!("unknown team {team}")))?;
        Ok((self.action, Object { owner: case.owner, ..Object::of_team(what, case.shop, team) }))
    }
}

fn approval(tx: &mut Tx<'_>, case: &CaseRow, id: Id) -> Result<(Action, Object)> {
    let sql = "SELECT subject, asked_by FROM approval WHERE shop_id = $1 AND case_id = $2 AND id = $3";
    let read = |row: &aftercare_store::Row| Ok((row.get::<String>(0)?, row.get::<Id>(1)?));
    let (subject, asked_by) = tx.query_opt(sql, &values![case.shop, case.id, id], read)?.ok_or_else(|| not_found("approval"))?;
    let action = match Subject::parse(&subject) {
        Some(Subject::Offer) => Action::ApproveOffer,
        Some(Subject::Refund) => Action::ApproveRefund,
        Some(Subject::Payout) => Action::ApprovePayout,
        None => return Err(DbError::Shape(format!("approval of {subject}")).into()),
    };
    Ok((action, Object::asked("approval", Some(case.shop), asked_by)))
}
