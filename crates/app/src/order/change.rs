//! Changes an order (改单): flag, reason, agent number and time on the order, and a task for whoever can still change it. The way is the domain's.

use super::remark::{self, AT_WORK};
use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::error::{Result, bad_input, not_found};
use crate::search::Words;
use crate::task::{self, NewTask};
use crate::{Context, Desk};
use aftercare_domain::order::{self, Flag, Kind, State};
use aftercare_domain::people::Action;
use aftercare_domain::time::Span;
use aftercare_store::{Row, values};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What to change.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeOrder {
    /// address, recipient, spec, remark, quantity, invoice.
    pub kind: String,
    /// To what; sealed.
    pub text: String,
}

/// How long the team has.
const ANSWER: Span = Span::hours(4);

/// How far the order is, and whether somebody flagged it; systems that review and pack say so among its facts.
fn state(change: &mut Change<'_, '_>) -> Result<(State, bool)> {
    let order = change.case.order.ok_or_else(|| not_found("order"))?;
    let sql = "SELECT state, facts, flag FROM orders WHERE shop_id = $1 AND id = $2";
    let read = |row: &Row| Ok((row.get::<String>(0)?, row.get::<Value>(1)?, row.get::<i64>(2)?));
    let (state, facts, flag) = change.tx.query_opt(sql, &values![change.case.shop, order], read)?.ok_or_else(|| not_found("order"))?;
    let said = facts["order.state"].as_str().or_else(|| facts["state"].as_str()).and_then(State::parse);
    let state = match State::parse(&state).unwrap_or(State::Unpaid) {
        State::Paid => said.filter(|said| matches!(said, State::Reviewed | State::LabelPrinted | State::Packed)).unwrap_or(State::Paid),
        known => known,
    };
    Ok((state, flag != Flag::Grey.number()))
}

impl Desk {
    /// Asks for a change of the order, the way its state allows.
    pub async fn change_order(&self, context: &Context, at: CaseRef, input: ChangeOrder) -> Result<Changed> {
        let kind = Kind::parse(&input.kind).ok_or_else(|| bad_input("kind", "address, recipient, spec, remark, quantity or invoice"))?;
        if input.text.trim().is_empty() || input.text.len() > 1_000 {
            return Err(bad_input("text", "1 to 1000 bytes"));
        }
        let repeat = Repeat::of(context, format!("order-change/{}", at.id), &input);
        let words = Words::of(&self.vault, &input.text);
        self.change(context, at, Action::ChangeOrder, false, repeat, move |change| {
            change.must_be_open()?;
            let (state, flagged) = state(change)?;
            let way = order::way(kind, state)?;
            words.put(change.tx, change.case.shop, change.case.id);
            let text = format!("改{}：{}", kind.zh(), input.text.trim());
            // a flag that somebody set already says more than ours would
            let n = remark::append(change, Some(&text), (!flagged).then_some(AT_WORK))?;
            change.set_fact("change.kind", kind.as_str());
            change.set_fact("change.flagged", true);
            change.event("order_change_asked", json!({ "kind": kind, "way": way, "remark": n }));
            let task = match way.team() {
                None => None,
                Some(team) => {
                    let text_sealed = change.key()?.seal("task.text", &format!("{}。{text}", way.zh()));
                    let due_at = Some(change.context.now + ANSWER);
                    let new = NewTask { team, kind: "change_order".into(), text_sealed, due_at, effect: None, subject: None };
                    Some(task::open(change, new)?)
                }
            };
            Ok(json!({ "way": way, "task_id": task }))
        })
        .await
    }
}
