//! The effect's machine by table, and its promise under random answers: acted on at most once.

use super::*;
use proptest::prelude::*;

#[test]
fn what_is_done_when_an_effect_is_due() {
    let check = |state: State, class: Class, expect: Step| assert_eq!(Step::of(state, class), expect, "{state} {class}");
    for class in Class::ALL {
        check(State::Held, *class, Step::Call);
        check(State::Queued, *class, Step::Call);
    }
    for lost in [State::InFlight, State::Unknown] {
        check(lost, Class::Keyed, Step::Repeat);
        check(lost, Class::Queryable, Step::Query);
        check(lost, Class::Blind, Step::Person);
    }
}

#[test]
fn what_an_answer_makes_of_it() {
    let check = |step: Step, class: Class, answer: Answer, (calls, asks): (i64, i64), expect: State| {
        assert_eq!(Next::after(step, class, answer, calls, asks).state, expect, "{step:?} {class} {answer:?} {calls} {asks}");
    };
    for class in Class::ALL {
        check(Step::Call, *class, Answer::Succeeded, (1, 0), State::Succeeded);
        check(Step::Call, *class, Answer::Rejected, (1, 0), State::Rejected);
        check(Step::Call, *class, Answer::Accepted, (1, 0), State::InFlight);
    }
    check(Step::Call, Class::Keyed, Answer::Lost, (1, 0), State::Unknown);
    check(Step::Call, Class::Queryable, Answer::Lost, (1, 0), State::Unknown);
    check(Step::Call, Class::Blind, Answer::Lost, (1, 0), State::NeedsPerson);
    check(Step::Person, Class::Blind, Answer::Lost, (1, 1), State::NeedsPerson);
    check(Step::Query, Class::Queryable, Answer::NothingKnown, (1, 1), State::Unknown);
    check(Step::Query, Class::Queryable, Answer::NothingKnown, (1, 2), State::Queued);
    check(Step::Query, Class::Queryable, Answer::NothingKnown, (CALL_LIMIT, 2), State::NeedsPerson);
    check(Step::Query, Class::Queryable, Answer::Lost, (1, ASK_LIMIT), State::NeedsPerson);
    check(Step::Repeat, Class::Keyed, Answer::Lost, (1, 3), State::Unknown);
    check(Step::Repeat, Class::Keyed, Answer::Accepted, (1, 3), State::Unknown);
}

#[test]
fn what_people_may_do_and_when() {
    type Act = fn(State) -> Result<State, Refusal>;
    let cancel: Act = State::cancel;
    let settle: Act = |state| state.settle(true);
    let ask: Act = |state| state.ask_again(Some(Class::Queryable));
    let blind: Act = |state| state.ask_again(Some(Class::Blind));
    let check = |act: Act, state: State, expect: Result<State, Code>| assert_eq!(act(state).map_err(|no| no.code), expect, "{state}");
    check(cancel, State::Held, Ok(State::Cancelled));
    check(cancel, State::AwaitingPerson, Ok(State::Cancelled));
    check(cancel, State::InFlight, Err(Code::EffectStarted));
    check(cancel, State::Unknown, Err(Code::EffectStarted));
    check(cancel, State::Succeeded, Err(Code::EffectEnded));
    let take_back: Act = State::take_back;
    check(take_back, State::Held, Ok(State::Cancelled));
    check(take_back, State::AwaitingPerson, Ok(State::Cancelled));
    check(take_back, State::Cancelled, Err(Code::EffectEnded));
    for left in [State::Queued, State::InFlight, State::Unknown, State::NeedsPerson, State::Succeeded, State::Rejected] {
        check(take_back, left, Err(Code::AlreadyLeft));
    }
    check(settle, State::AwaitingPerson, Ok(State::Succeeded));
    check(settle, State::NeedsPerson, Ok(State::Succeeded));
    check(settle, State::InFlight, Err(Code::EffectStarted));
    check(settle, State::Rejected, Err(Code::EffectEnded));
    check(ask, State::NeedsPerson, Ok(State::Unknown));
    check(blind, State::NeedsPerson, Err(Code::EffectCannotAsk));
    check(ask, State::Held, Err(Code::EffectStarted));
}

#[test]
fn a_callback_counts_once_and_only_while_the_result_is_open() {
    for state in State::ALL {
        // Queued: called before, and the platform had said that it knew of nothing.
        let open = matches!(state, State::Queued | State::InFlight | State::Unknown | State::NeedsPerson);
        assert_eq!(state.called_back(true), open.then_some(State::Succeeded), "{state}");
        assert_eq!(state.called_back(false), open.then_some(State::Rejected), "{state}");
    }
}

/// A platform as honest as its class: it acts or not, and its answer arrives or not.
struct Platform {
    class: Class,
    acted: u32,
}

impl Platform {
    fn serve(&mut self, step: Step, acts: bool, arrives: bool) -> Answer {
        let answer = match step {
            Step::Person => Answer::Lost,
            Step::Query => [Answer::NothingKnown, Answer::Succeeded][usize::from(self.acted > 0)],
            Step::Call | Step::Repeat => {
                let first = self.acted == 0 || self.class != Class::Keyed;
                if acts && first {
                    self.acted += 1;
                }
                if self.acted > 0 { Answer::Succeeded } else { Answer::Lost }
            }
        };
        if arrives { answer } else { Answer::Lost }
    }
}

proptest! {
    /// Whatever is lost, and however often: the platform acts at most once, and what succeeded did act.
    #[test]
    fn it_acts_at_most_once(class in 0..3usize, luck in prop::collection::vec((any::<bool>(), any::<bool>()), 60)) {
        let class = Class::ALL[class];
        let mut platform = Platform { class, acted: 0 };
        let (mut state, mut calls, mut asks) = (State::Queued, 0, 0);
        for (acts, arrives) in luck {
            if state.ended() || state == State::NeedsPerson {
                break;
            }
            let step = Step::of(state, class);
            (calls, asks) = if step == Step::Call { (calls + 1, 0) } else { (calls, asks + 1) };
            let answer = platform.serve(step, acts, arrives);
            state = Next::after(step, class, answer, calls, asks).state;
        }
        prop_assert!(platform.acted <= 1, "acted {} times as {}", platform.acted, class);
        prop_assert!(state != State::Succeeded || platform.acted == 1);
        prop_assert!(state != State::Queued || platform.acted == 0, "queued again though it acted");
    }
}
