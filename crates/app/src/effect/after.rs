//! What the case learns from an effect that ended, by kind. Owns the names of the facts and marks it leaves.

use crate::command::Change;
use crate::error::Result;
use aftercare_domain::effect::Kind;
use serde_json::Value;

/// Leaves facts and marks for playbooks and for closing.
pub(crate) fn effect_ended(change: &mut Change<'_, '_>, kind: Kind, succeeded: bool, code: &str, _body: &Value) -> Result<()> {
    match kind {
        Kind::FreezeShipment => {
            let answer = if succeeded { "stopped" } else { "already_out" };
            change.set_fact("order.freeze", answer);
        }
        Kind::Intercept => change.set_fact("parcel.intercept", if succeeded { "confirmed" } else { "failed" }),
        Kind::Refund if succeeded => change.mark("platform_ended"),
        _ => {}
    }
    if !succeeded && !code.is_empty() {
        change.mark("effect_rejected");
    }
    Ok(())
}
