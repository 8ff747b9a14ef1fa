//! Closes and reopens a case. Owns the last look: no promise open, no money under way, a result and a confirmation.

use crate::case::request;
use crate::case::standing::Standing;
use crate::command::{CaseRef, Changed, Repeat};
use crate::error::{Result, bad_input};
use crate::playbook::closing;
use crate::{Context, Desk, task};
use aftercare_domain::case::{Confirmation, Happened, may_close, may_reopen};
use aftercare_domain::people::Action;
use aftercare_domain::privacy::masked;
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// How a case ends.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseCase {
    /// What was done for the buyer, as a code.
    pub result: String,
    /// buyer, platform, or timeout (documented).
    pub confirmation: String,
    /// Root cause; kept from the diagnosis when absent.
    #[serde(default)]
    pub cause: Option<String>,
    /// 1 to 5, when the buyer said so.
    #[serde(default)]
    pub satisfaction: Option<i64>,
}

/// Why it is opened again.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenCase {
    /// objection, new_fact, mistake …
    pub reason: String,
}

impl Desk {
    /// Archives the case.
    pub async fn close_case(&self, context: &Context, at: CaseRef, input: CloseCase) -> Result<Changed> {
        if input.result.is_empty() || input.result.len() > 60 {
            return Err(bad_input("result", "1 to 60 bytes"));
        }
        let confirmation = Confirmation::parse(&input.confirmation);
        if confirmation.is_none() {
            return Err(bad_input("confirmation", "buyer, platform or timeout"));
        }
        if input.satisfaction.is_some_and(|s| !(1..=5).contains(&s)) {
            return Err(bad_input("satisfaction", "1 to 5"));
        }
        let repeat = Repeat::of(context, format!("close/{}", at.id), &input);
        self.change(context, at, Action::Close, true, repeat, move |change| {
            change.must_be_open()?;
            let judged = closing::check(change, &input)?;
            let mut facts = Standing::of(change.tx, &change.case)?.close_facts(&change.case, &input.result, confirmation);
            facts.wait_ran_out |= judged.silent;
            may_close(change.stage()?, &facts)?;
            let (shop, id, now) = (change.case.shop, change.case.id, change.context.now);
            change.tx.execute(
                "UPDATE deadline SET state = 'void', ended_at = $3 WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL",
                &values![shop, id, now],
            )?;
            change.tx.execute("DELETE FROM timer WHERE shop_id = $1 AND case_id = $2", &values![shop, id])?;
            task::cancel_of_deadlines(change)?;
            request::end_all(change, if input.confirmation == "timeout" { "lapsed" } else { "done" })?;
            change.deadlines_moved();
            change.happened(Happened::Closed)?;
            let case = &mut change.case;
            (case.open, case.closed_at) = (false, Some(now));
            (case.result, case.confirmation, case.satisfaction) =
                (input.result.clone(), input.confirmation.clone(), input.satisfaction.or(case.satisfaction));
            if let Some(cause) = &input.cause {
                case.cause.clone_from(cause);
            }
            change.event(
                "case_closed",
                json!({ "result": input.result, "confirmation": input.confirmation, "satisfaction": input.satisfaction }),
            );
            Ok(json!({}))
        })
        .await
    }

    /// Opens an archived case again, with everything it had.
    pub async fn reopen_case(&self, context: &Context, at: CaseRef, input: ReopenCase) -> Result<Changed> {
        if input.reason.is_empty() || input.reason.len() > 60 {
            return Err(bad_input("reason", "1 to 60 bytes"));
        }
        let repeat = Repeat::of(context, format!("reopen/{}", at.id), &input);
        self.change(context, at, Action::Reopen, false, repeat, move |change| {
            may_reopen(change.stage()?, change.case.merged_into.is_some())?;
            change.happened(Happened::Reopened)?;
            (change.case.open, change.case.closed_at) = (true, None);
            change.deadlines_moved();
            change.event("case_reopened", json!({ "reason": masked(&input.reason) }));
            Ok(json!({}))
        })
        .await
    }
}
