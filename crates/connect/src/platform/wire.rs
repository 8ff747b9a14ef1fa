//! What travels to and from the platform. Owns the names of fields.

use aftercare_app::platform::Reply;
use aftercare_domain::effect::Answer;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Serialize)]
pub(super) struct RefundOut<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) idempotency_key: Option<&'a str>,
    pub(super) order_no: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) payment_no: Option<&'a str>,
    pub(super) merchant_ref: &'a str,
    pub(super) amount_minor: i64,
}

#[derive(Serialize)]
pub(super) struct CallOut<'a> {
    pub(super) class: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) idempotency_key: Option<&'a str>,
    pub(super) order_no: &'a str,
    pub(super) merchant_ref: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) amount_minor: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<&'a str>,
    pub(super) data: &'a Value,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Succeeded,
    Rejected,
    Accepted,
}

#[derive(Deserialize)]
pub(super) struct AnswerIn {
    result: Outcome,
    #[serde(default)]
    refund_id: Option<String>,
    #[serde(default)]
    code: Option<String>,
}

impl From<AnswerIn> for Reply {
    fn from(told: AnswerIn) -> Self {
        let answer = match told.result {
            Outcome::Succeeded => Answer::Succeeded,
            Outcome::Rejected => Answer::Rejected,
            Outcome::Accepted => Answer::Accepted,
        };
        Self { answer, platform_ref: told.refund_id, code: told.code.unwrap_or_default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_one_of_three() {
        let check = |text: &str, answer: Answer, code: &str| {
            let reply = Reply::from(serde_json::from_str::<AnswerIn>(text).expect("an answer"));
            assert_eq!((reply.answer, reply.code.as_str()), (answer, code), "{text}");
        };
        check(r#"{"result": "succeeded", "refund_id": "RF1"}"#, Answer::Succeeded, "");
        check(r#"{"result": "rejected", "code": "balance_too_low"}"#, Answer::Rejected, "balance_too_low");
        check(r#"{"result": "accepted", "count": 1}"#, Answer::Accepted, "");
        assert!(serde_json::from_str::<AnswerIn>(r#"{"result": "perhaps"}"#).is_err());
    }
}
