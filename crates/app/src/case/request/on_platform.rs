//! Tells the platform what was decided about a request that was made there. Owns when it has to be told, and one call per decision.
//!
//! Where the shop presses the button itself (`settings.by_hand`), the call is a task.

use crate::command::Change;
use crate::effect::{self, NewEffect};
use crate::error::Result;
use aftercare_domain::effect::Kind;
use aftercare_domain::id::Id;
use aftercare_domain::time::Span;
use serde_json::{Value, json};

/// Plans the call; nothing for a request that only the shop knows of.
pub(super) fn tell(change: &mut Change<'_, '_>, kind: Kind, request: Id, words: &str) -> Result<Value> {
    let there = change.case.external_ref.is_some() || change.case.channel == "platform";
    if !there || change.case.order.is_none() {
        return Ok(Value::Null);
    }
    let by_hand = effect::by_hand(change, kind)?;
    let identity = format!("{kind}/{request}/{}", change.case.version);
    let body = json!({ "external_ref": change.case.external_ref });
    let planned = NewEffect { by_hand, request: Some(request), body, ..NewEffect::new(kind, identity) };
    let id = effect::plan(change, planned)?;
    if let Some(team) = by_hand {
        let due = change.context.now + Span::hours(1);
        effect::hand_to(change, team, id, words, Some(due))?;
    }
    Ok(json!(id))
}
