//! What a command asks the policy: the action, and on what. Owns the look-up of the object's team; the answer is the domain's.

use crate::case::row::CaseRow;
use crate::error::{Result, not_found};
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

    /// The object as the policy sees it.
    pub(crate) fn object(&self, tx: &mut Tx<'_>, case: &CaseRow) -> Result<Object> {
        let (what, sql, id) = match self.on {
            On::Case => return Ok(Object::case(case.shop, case.owner)),
            On::Promise(id) => ("promise", "SELECT team FROM promise WHERE shop_id = $1 AND case_id = $2 AND id = $3", id),
            On::Task(id) => ("task", "SELECT team FROM task WHERE shop_id = $1 AND case_id = $2 AND id = $3", id),
        };
        let team = tx.query_opt(sql, &values![case.shop, case.id, id], |row| row.get::<String>(0))?.ok_or_else(|| not_found(what))?;
        let team = Team::parse(&team).ok_or_else(|| DbError::Shape(format!("unknown team {team}")))?;
        Ok(Object { owner: case.owner, ..Object::of_team(what, case.shop, team) })
    }
}
