//! Work for another team on a case (协作任务). Owns the states; who belongs to a team is policy's question.

use crate::id::Id;
use crate::names::names;
use crate::refusal::{Code, Refusal};

names! {
    /// Where a task stands.
    State {
        Open, "open", "待领";
        Taken, "taken", "处理中";
        Done, "done", "已完成";
        Cancelled, "cancelled", "已取消";
    }
}

/// The part of a task that its machine needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    /// Where it stands.
    pub state: State,
    /// Who took it.
    pub owner: Option<Id>,
}

impl Task {
    /// A task nobody has taken.
    pub const NEW: Self = Self { state: State::Open, owner: None };

    /// `who` takes it; taking one's own again changes nothing.
    ///
    /// # Errors
    /// `task_taken` by somebody else, `task_ended`.
    pub fn take(self, who: Id) -> Result<Self, Refusal> {
        match (self.state, self.owner) {
            (State::Taken, Some(owner)) if owner != who => Err(Code::TaskTaken.into()),
            (State::Open | State::Taken, _) => Ok(Self { state: State::Taken, owner: Some(who) }),
            (State::Done | State::Cancelled, _) => Err(self.ended()),
        }
    }

    /// Done by `who`, taken before or not; a colleague of the team may finish what another took.
    ///
    /// # Errors
    /// `task_ended`.
    pub fn done(self, who: Id) -> Result<Self, Refusal> {
        match self.state {
            State::Open | State::Taken => Ok(Self { state: State::Done, owner: self.owner.or(Some(who)) }),
            State::Done | State::Cancelled => Err(self.ended()),
        }
    }

    /// No longer needed.
    ///
    /// # Errors
    /// `task_ended`.
    pub fn cancel(self) -> Result<Self, Refusal> {
        match self.state {
            State::Open | State::Taken => Ok(Self { state: State::Cancelled, ..self }),
            State::Done | State::Cancelled => Err(self.ended()),
        }
    }

    fn ended(self) -> Refusal {
        Refusal::new(Code::TaskEnded).with("state", self.state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> Id {
        Id::from_bytes([n; 16])
    }

    fn check(got: Result<Task, Refusal>, expect: Result<(State, Option<u8>), Code>) {
        assert_eq!(got.map(|task| (task.state, task.owner)).map_err(|no| no.code), expect.map(|(state, owner)| (state, owner.map(id))));
    }

    #[test]
    fn taken_once_done_once() {
        let taken = Task::NEW.take(id(1)).expect("open");
        check(taken.take(id(1)), Ok((State::Taken, Some(1))));
        check(taken.take(id(2)), Err(Code::TaskTaken));
        check(taken.done(id(2)), Ok((State::Done, Some(1))));
        check(Task::NEW.done(id(2)), Ok((State::Done, Some(2))));
        check(taken.cancel(), Ok((State::Cancelled, Some(1))));
        let done = taken.done(id(1)).expect("taken");
        check(done.done(id(1)), Err(Code::TaskEnded));
        check(done.take(id(1)), Err(Code::TaskEnded));
        check(done.cancel(), Err(Code::TaskEnded));
    }
}
