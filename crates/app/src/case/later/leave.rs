//! The time of waiting words has come: they leave, lie ready to be pasted, or are held back with the reason. Owns that step.
//!
//! It runs inside the change that takes the timer away, so that words leave once whatever node fires it.

use super::{FIELD, Stored, end, live};
use crate::case::contact::{Saying, put_out};
use crate::case::gate;
use crate::command::Change;
use crate::error::{Error, Result};
use crate::notification::Kind;
use crate::search;
use crate::timer::{self, Timer};
use aftercare_domain::contact::{Due, Hindrance, Later, by_itself};
use aftercare_domain::id::Id;
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_domain::time::Micros;
use aftercare_store::values;
use serde_json::json;

/// Tries what is due.
pub(crate) fn on_timer(change: &mut Change<'_, '_>, timer: &Timer) -> Result<()> {
    let stored = match live(change, timer.subject) {
        // Cancelled meanwhile.
        Err(Error::Refused(_)) => return Ok(()),
        found => found?,
    };
    let due = Due {
        open: change.case.open,
        written_at: stored.written_at,
        buyer_spoke_at: buyer_spoke_at(change)?,
        unless_answered: stored.unless_answered,
    };
    if let Some(hindrance) = due.hindrance() {
        return hold(change, stored.id, stored.author.id, &[hindrance.as_str()], None);
    }
    match leave(change, &stored) {
        Err(Error::Refused(refusal)) => {
            let (reasons, allowed_from) = read(&refusal);
            hold(change, stored.id, stored.author.id, &reasons.iter().map(String::as_str).collect::<Vec<_>>(), allowed_from)
        }
        outcome => outcome,
    }
}

fn leave(change: &mut Change<'_, '_>, stored: &Stored) -> Result<()> {
    let text = change.key()?.open(FIELD, &stored.body)?;
    let itself = by_itself(gate::channel(&stored.channel)?);
    // The use of the shop's own text was counted, and its holes refused, when it was written.
    let saying = Saying {
        channel: &stored.channel,
        text: &text,
        marks: &stored.marks,
        script: stored.script.as_deref(),
        knowledge: None,
        over: None,
        offer: None,
    };
    let contact = put_out(change, &saying, stored.author, itself)?;
    search::Words::of(&change.tools.vault, &text).put(change.tx, change.case.shop, change.case.id);
    end(change, stored.id, if itself { Later::Sent } else { Later::Ready }, Some(contact))?;
    if let (false, Some(author)) = (itself, stored.author.id) {
        change.tell(author, Kind::Later, "later_left");
    }
    change.event("later_left", json!({ "later": stored.id, "contact": contact, "sent": itself }));
    Ok(())
}

/// Keeps them with what stood in the way.
fn hold(change: &mut Change<'_, '_>, id: Id, author: Option<Id>, reasons: &[&str], allowed_from: Option<Micros>) -> Result<()> {
    timer::cancel(change, super::KIND, id)?;
    let sql = "UPDATE later_send SET state = $4, reasons = $5, allowed_from = $6, tries = tries + 1 WHERE shop_id = $1 AND case_id = $2 AND id = $3";
    let params = values![change.case.shop, change.case.id, id, Later::Held.as_str(), json!(reasons), allowed_from];
    change.tx.execute(sql, &params)?;
    if let Some(author) = author {
        change.tell(author, Kind::Later, "later_held");
    }
    change.event("later_held", json!({ "later": id, "reasons": reasons, "allowed_from": allowed_from }));
    Ok(())
}

/// Holds everything that waits on the case: it moved into another one.
pub(crate) fn hold_all(change: &mut Change<'_, '_>, why: Hindrance) -> Result<()> {
    let sql = "SELECT id, actor_id FROM later_send WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL AND state = 'waiting' LIMIT 50";
    let read = |row: &aftercare_store::Row| Ok((row.get::<Id>(0)?, row.get::<Option<Id>>(1)?));
    for (id, author) in change.tx.query(sql, &values![change.case.shop, change.case.id], read)? {
        hold(change, id, author, &[why.as_str()], None)?;
    }
    Ok(())
}

/// Codes of what the refusal names.
fn read(refusal: &Refusal) -> (Vec<String>, Option<Micros>) {
    let of = |name: &str| refusal.params.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
    let allowed_from = of("allowed_from").and_then(Micros::parse);
    let reasons = match (refusal.code, of("reasons")) {
        (_, Some(reasons)) => reasons.split(", ").map(str::to_owned).collect(),
        (Code::BuyerErased, None) => vec![Hindrance::BuyerErased.as_str().to_owned()],
        _ => vec![Hindrance::TextUnfit.as_str().to_owned()],
    };
    (reasons, allowed_from)
}

fn buyer_spoke_at(change: &mut Change<'_, '_>) -> Result<Option<Micros>> {
    let sql = "SELECT at FROM contact WHERE shop_id = $1 AND case_id = $2 AND direction = 'in' ORDER BY id DESC LIMIT 1";
    Ok(change.tx.query_opt(sql, &values![change.case.shop, change.case.id], |row| row.get(0))?)
}
