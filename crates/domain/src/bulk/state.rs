//! The states of a bulk job. Owns which word moves which state; a job is worked on in two of them only.

use crate::names::names;
use crate::refusal::{Code, Refusal};

names! {
    /// Where a bulk job stands.
    State {
        Checking, "checking", "预检中";
        Checked, "checked", "待开始";
        Running, "running", "办理中";
        Paused, "paused", "已暂停";
        Done, "done", "已完成";
        Stopped, "stopped", "已停止";
    }
}

names! {
    /// What moves a job: a person's word, or the worker's `end`.
    Word {
        Start, "start", "开始";
        Pause, "pause", "暂停";
        Resume, "resume", "继续";
        Stop, "stop", "停止";
        Retry, "retry", "重试";
        End, "end", "做完";
    }
}

impl State {
    /// Whether a worker has something to do.
    pub const fn is_work(self) -> bool {
        matches!(self, Self::Checking | Self::Running)
    }
}

/// The state after `word`; refused with `bulk_state` where the word does not fit. Nothing is done before it was looked at: `Start`
/// follows `Checked` only. What was stopped stays stopped: a job stopped before its start was never confirmed, and rows left out on a
/// person's word are not taken up by trying others again.
///
/// # Errors
/// `bulk_state` with the state and the word.
pub fn next(state: State, word: Word) -> Result<State, Refusal> {
    use State::{Checked, Checking, Done, Paused, Running, Stopped};
    match (word, state) {
        (Word::Start, Checked) | (Word::Resume, Paused) | (Word::Retry, Done) => Ok(Running),
        (Word::Pause, Running) => Ok(Paused),
        (Word::Stop, Checking | Checked | Running | Paused) => Ok(Stopped),
        (Word::End, Checking) => Ok(Checked),
        (Word::End, Running) => Ok(Done),
        _ => Err(Refusal::new(Code::BulkState).with("bulk_state", state).with("bulk_word", word)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_move_states() {
        let check = |state: State, word: Word, expect: Option<State>| assert_eq!(next(state, word).ok(), expect, "{word} at {state}");
        check(State::Checking, Word::Start, None);
        check(State::Checking, Word::End, Some(State::Checked));
        check(State::Checking, Word::Stop, Some(State::Stopped));
        check(State::Checked, Word::Start, Some(State::Running));
        check(State::Checked, Word::Retry, None);
        check(State::Running, Word::Start, None);
        check(State::Running, Word::Pause, Some(State::Paused));
        check(State::Running, Word::End, Some(State::Done));
        check(State::Paused, Word::Resume, Some(State::Running));
        check(State::Paused, Word::End, None);
        check(State::Paused, Word::Stop, Some(State::Stopped));
        check(State::Done, Word::Start, None);
        check(State::Done, Word::Retry, Some(State::Running));
        check(State::Stopped, Word::Resume, None);
        check(State::Stopped, Word::Retry, None);
    }

    #[test]
    fn nothing_runs_that_was_never_started() {
        // every state that words other than `start` lead to
        let mut reached = vec![State::Checking];
        let mut at = 0;
        while at < reached.len() {
            let words = Word::ALL.iter().filter(|word| **word != Word::Start);
            let fresh: Vec<State> = words.filter_map(|word| next(reached[at], *word).ok()).filter(|to| !reached.contains(to)).collect();
            reached.extend(fresh);
            at += 1;
        }
        assert!(!reached.contains(&State::Running), "{reached:?}");
    }

    #[test]
    fn nothing_is_done_before_it_was_looked_at() {
        for (state, word) in State::ALL.iter().flat_map(|state| Word::ALL.iter().map(move |word| (*state, *word))) {
            let to = next(state, word).ok();
            assert!(to != Some(State::Running) || state != State::Checking, "{word} at {state}");
            assert!(!(word == Word::Start && to.is_some()) || state == State::Checked, "{word} at {state}");
        }
    }
}
