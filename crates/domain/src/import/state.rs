//! The states of an import job. Owns which word moves which state; a job is worked on in three of them only.

use crate::names::names;
use crate::refusal::{Code, Refusal};

names! {
    /// Where an import job stands.
    State {
        Uploading, "uploading", "上传中";
        Ready, "ready", "待核对";
        Checking, "checking", "试运行中";
        Checked, "checked", "试运行完成";
        Running, "running", "导入中";
        Paused, "paused", "已暂停";
        Done, "done", "已完成";
        Stopped, "stopped", "已停止";
        Undoing, "undoing", "撤销中";
        Undone, "undone", "已撤销";
        Failed, "failed", "未能完成";
    }
}

names! {
    /// What moves a job: a person's word, or the worker's.
    Word {
        Complete, "complete", "上传完毕";
        Check, "check", "试运行";
        Start, "start", "开始导入";
        Pause, "pause", "暂停";
        Resume, "resume", "继续";
        Stop, "stop", "停止";
        Undo, "undo", "撤销";
        End, "end", "做完";
        Fail, "fail", "失败";
    }
}

impl State {
    /// Whether a worker has something to do.
    pub const fn is_work(self) -> bool {
        matches!(self, Self::Checking | Self::Running | Self::Undoing)
    }
}

/// The state after `word`; refused with `import_state` where the word does not fit.
///
/// Nothing is written before a dry run has been seen: `Start` follows `Checked` only.
pub fn next(state: State, word: Word) -> Result<State, Refusal> {
    use State::{Checked, Checking, Done, Failed, Paused, Ready, Running, Stopped, Undoing, Undone, Uploading};
    match (word, state) {
        (Word::Complete, Uploading) => Ok(Ready),
        (Word::Check, Ready | Checked | Failed) => Ok(Checking),
        (Word::Start, Checked) | (Word::Resume, Paused) => Ok(Running),
        (Word::Pause, Running) => Ok(Paused),
        (Word::Stop, Running | Paused) => Ok(Stopped),
        (Word::Stop, Checking) => Ok(Ready),
        (Word::Undo, Done | Stopped | Failed) => Ok(Undoing),
        (Word::End, Checking) => Ok(Checked),
        (Word::End, Running) => Ok(Done),
        (Word::End, Undoing) => Ok(Undone),
        (Word::Fail, Checking | Running) => Ok(Failed),
        _ => Err(Refusal::new(Code::ImportState).with("import_state", state).with("import_word", word)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_move_states() {
        let check = |state: State, word: Word, expect: Option<State>| assert_eq!(next(state, word).ok(), expect, "{word} at {state}");
        check(State::Uploading, Word::Complete, Some(State::Ready));
        check(State::Uploading, Word::Check, None);
        check(State::Ready, Word::Start, None);
        check(State::Checked, Word::Start, Some(State::Running));
        check(State::Checked, Word::Check, Some(State::Checking));
        check(State::Running, Word::Pause, Some(State::Paused));
        check(State::Paused, Word::Resume, Some(State::Running));
        check(State::Paused, Word::Undo, None);
        check(State::Running, Word::Stop, Some(State::Stopped));
        check(State::Checking, Word::Stop, Some(State::Ready));
        check(State::Stopped, Word::Undo, Some(State::Undoing));
        check(State::Done, Word::Undo, Some(State::Undoing));
        check(State::Failed, Word::Undo, Some(State::Undoing));
        check(State::Undone, Word::Undo, None);
        check(State::Undoing, Word::End, Some(State::Undone));
    }

    #[test]
    fn nothing_is_written_without_a_dry_run_and_nothing_goes_on_after_the_end() {
        for state in State::ALL {
            for word in Word::ALL {
                let to = next(*state, *word).ok();
                assert!(to != Some(State::Running) || matches!(state, State::Checked | State::Paused), "{word} at {state}");
                assert!(*state != State::Undone || to.is_none(), "{word} at {state}");
            }
        }
    }
}
