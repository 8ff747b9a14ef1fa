//! A remedy proposed to the buyer (协商方案): what, why, by when, what the buyer must do, what follows.
//!
//! Owns the states and what an offer has to say. Amounts, caps and the order of offers belong to the ladder and to authority.

use crate::names::names;
use crate::refusal::{Code, Refusal};
use crate::time::Micros;

names! {
    /// Where an offer stands.
    State {
        Draft, "draft", "草稿";
        NeedsApproval, "needs_approval", "待审批";
        Ready, "ready", "可发出";
        Sent, "sent", "已发出";
        Accepted, "accepted", "已接受";
        Refused, "refused", "已拒绝";
        Expired, "expired", "已过期";
    }
}

/// What an offer tells the buyer. An empty duty is written as "nothing", so that each part is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// What the shop does.
    pub what: String,
    /// Why this.
    pub why: String,
    /// By when the shop has done its part (paid out, shipped: never when a bank or carrier arrives).
    pub by_when: Option<Micros>,
    /// What the buyer must do.
    pub buyer_must: String,
    /// What follows.
    pub then: String,
}

impl Content {
    /// The parts that are not said, by their names in the API.
    pub fn missing(&self) -> Vec<&'static str> {
        let parts = [
            ("what", self.what.trim().is_empty()),
            ("why", self.why.trim().is_empty()),
            ("by_when", self.by_when.is_none()),
            ("buyer_must", self.buyer_must.trim().is_empty()),
            ("then", self.then.trim().is_empty()),
        ];
        parts.into_iter().filter(|(_, missing)| *missing).map(|(name, _)| name).collect()
    }
}

/// The buyer's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Accepted,
    /// No: the next rung of the ladder is due.
    Refused,
}

/// The part of an offer that its machine needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Where it stands.
    pub state: State,
    /// The end of its validity, once it is sent.
    pub valid_until: Option<Micros>,
}

impl Offer {
    /// A new draft: ready at once, or only after an approval.
    pub fn draft(needs_approval: bool) -> Self {
        Self { state: if needs_approval { State::NeedsApproval } else { State::Ready }, valid_until: None }
    }

    /// Its approval was given or declined; a declined offer is a draft again.
    ///
    /// # Errors
    /// `offer_state` unless it waits for one.
    pub fn approved(self, yes: bool) -> Result<Self, Refusal> {
        self.only_in(&[State::NeedsApproval], "be approved")?;
        Ok(Self { state: if yes { State::Ready } else { State::Draft }, ..self })
    }

    /// Its amount or content was changed, which takes any approval away.
    ///
    /// # Errors
    /// `offer_state` once it is sent.
    pub fn changed(self, needs_approval: bool) -> Result<Self, Refusal> {
        self.only_in(&[State::Draft, State::NeedsApproval, State::Ready], "be changed")?;
        Ok(Self::draft(needs_approval))
    }

    /// Sent to the buyer, valid until then.
    ///
    /// # Errors
    /// `offer_state` unless ready; `offer_incomplete`; `bad_input` for a validity that is not ahead.
    pub fn send(self, content: &Content, now: Micros, valid_until: Micros) -> Result<Self, Refusal> {
        self.only_in(&[State::Ready], "be sent")?;
        let missing = content.missing();
        if !missing.is_empty() {
            return Err(Refusal::new(Code::OfferIncomplete).with("missing", missing.join(", ")));
        }
        if valid_until <= now {
            return Err(Refusal::new(Code::BadInput).with("field", "valid_until").with("problem", "not ahead"));
        }
        Ok(Self { state: State::Sent, valid_until: Some(valid_until) })
    }

    /// The buyer answered.
    ///
    /// # Errors
    /// `offer_state` unless sent; `offer_expired` for a yes after its validity.
    pub fn answer(self, answer: Answer, now: Micros) -> Result<Self, Refusal> {
        self.only_in(&[State::Sent], "be answered")?;
        match answer {
            Answer::Refused => Ok(Self { state: State::Refused, ..self }),
            Answer::Accepted if self.valid_until.is_some_and(|until| now > until) => Err(Code::OfferExpired.into()),
            Answer::Accepted => Ok(Self { state: State::Accepted, ..self }),
        }
    }

    /// Its validity has passed; `None` while it has not.
    pub fn run_out(self, now: Micros) -> Option<Self> {
        let over = self.state == State::Sent && self.valid_until.is_some_and(|until| now >= until);
        over.then_some(Self { state: State::Expired, ..self })
    }

    fn only_in(self, states: &[State], action: &str) -> Result<(), Refusal> {
        if states.contains(&self.state) {
            return Ok(());
        }
        Err(Refusal::new(Code::OfferState).with("state", self.state).with("action", action))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content() -> Content {
        Content {
            what: "清洗费 50.00 通过平台小额打款".into(),
            why: "衣服可以洗净，您想留下".into(),
            by_when: Some(Micros(100)),
            buyer_must: "不需要您做什么".into(),
            then: "打款后给您流水号".into(),
        }
    }

    fn code(got: Result<Offer, Refusal>) -> Result<State, Code> {
        got.map(|offer| offer.state).map_err(|no| no.code)
    }

    #[test]
    fn a_whole_life() {
        let waiting = Offer::draft(true);
        assert_eq!(code(waiting.send(&content(), Micros(1), Micros(50))), Err(Code::OfferState));
        assert_eq!(code(waiting.approved(false)), Ok(State::Draft));
        let ready = waiting.approved(true).expect("waited");
        assert_eq!(code(ready.changed(true)), Ok(State::NeedsApproval), "a change takes the approval away");
        let sent = ready.send(&content(), Micros(1), Micros(50)).expect("ready");
        assert_eq!(code(sent.changed(false)), Err(Code::OfferState));
        assert_eq!(code(sent.answer(Answer::Accepted, Micros(50))), Ok(State::Accepted));
        assert_eq!(code(sent.answer(Answer::Accepted, Micros(51))), Err(Code::OfferExpired));
        assert_eq!(code(sent.answer(Answer::Refused, Micros(51))), Ok(State::Refused));
        assert_eq!(sent.run_out(Micros(49)), None);
        assert_eq!(sent.run_out(Micros(50)).map(|offer| offer.state), Some(State::Expired));
        let accepted = sent.answer(Answer::Accepted, Micros(2)).expect("sent");
        assert_eq!(code(accepted.answer(Answer::Refused, Micros(3))), Err(Code::OfferState));
        assert_eq!(accepted.run_out(Micros(99)), None);
    }

    #[test]
    fn each_of_the_five_parts_must_be_said() {
        let ready = Offer::draft(false);
        assert_eq!(ready.state, State::Ready);
        let check = |content: Content, missing: &str| {
            let no = ready.send(&content, Micros(1), Micros(50)).expect_err("incomplete");
            assert_eq!((no.code, no.params[0].1.as_str()), (Code::OfferIncomplete, missing));
        };
        check(Content { why: " ".into(), ..content() }, "why");
        check(Content { by_when: None, then: String::new(), ..content() }, "by_when, then");
        check(Content::default(), "what, why, by_when, buyer_must, then");
        assert_eq!(code(ready.send(&content(), Micros(50), Micros(50))), Err(Code::BadInput));
    }
}
