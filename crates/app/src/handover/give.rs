//! Puts cases on the register. Owns the command: one entry per case, with its state as it is now.

use super::{CONFIRM_WITHIN, summary, why};
use crate::case::assign::colleague;
use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::error::{Error, Result, bad_input};
use crate::ids::new_id;
use crate::{Context, Desk, timer};
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use aftercare_store::values;
use serde_json::{Value, json};

/// What is handed over.
#[derive(Clone, Debug)]
pub struct HandOver {
    /// To whom, by name; absent: to whoever of the next shift takes it.
    pub to: Option<String>,
    /// The cases.
    pub cases: Vec<CaseRef>,
    /// The next step in words; sealed.
    pub note: Option<String>,
}

/// Cases in one call.
const MOST: usize = 100;

const HANDOVER: &[&str] = &["shop_id", "id", "case_id", "from_staff", "to_staff", "summary", "note_sealed", "at"];

impl Desk {
    /// Hands cases over; each is its own change and answers for itself.
    pub async fn hand_over(&self, context: &Context, input: HandOver) -> Result<Value> {
        if input.cases.is_empty() || input.cases.len() > MOST {
            return Err(bad_input("cases", format!("1 to {MOST}")));
        }
        if input.note.as_ref().is_some_and(|note| note.len() > 2_000) {
            return Err(bad_input("note", "at most 2000 bytes"));
        }
        let mut items = Vec::new();
        for at in &input.cases {
            let item = match self.hand_over_one(context, *at, &input).await {
                Ok(changed) => json!({ "case_id": at.id, "handover_id": changed.result["handover_id"], "version": changed.version }),
                Err(Error::Refused(refusal)) => json!({ "case_id": at.id, "refused": refusal.code.as_str(), "why": why(&refusal) }),
                Err(error) => return Err(error),
            };
            items.push(item);
        }
        Ok(json!({ "items": items }))
    }

    async fn hand_over_one(&self, context: &Context, at: CaseRef, input: &HandOver) -> Result<Changed> {
        let repeat = Repeat::of(context, format!("handover/{}", at.id), &(&input.to, &input.note));
        let key = self.case_key(at).await?;
        let note = input.note.as_ref().map(|note| key.seal("handover.note", note));
        let to = input.to.clone();
        let context = Context { if_match: None, ..context.clone() };
        self.change(&context, at, Action::TakeHandover, false, repeat, move |change| {
            change.must_be_open()?;
            let to = to.as_deref().map(|name| colleague(change, name)).transpose()?;
            put(change, to, note.clone())
        })
        .await
    }
}

/// Puts the case on the register in place of an entry nobody has taken.
fn put(change: &mut Change<'_, '_>, to: Option<Id>, note: Option<Vec<u8>>) -> Result<Value> {
    let (shop, case, now) = (change.case.shop, change.case.id, change.context.now);
    let older = "DELETE FROM handover WHERE shop_id = $1 AND case_id = $2 AND taken_at IS NULL RETURNING id";
    for older in change.tx.query(older, &values![shop, case], |row| row.get::<Id>(0))? {
        timer::cancel(change, "handover", older)?;
        crate::task::cancel_of_subject(change, older)?;
    }
    let (id, summary) = (new_id(now), summary(change)?);
    let from = change.context.actor.stored_id();
    change.tx.insert("handover", HANDOVER, values![shop, id, case, from, to, summary, note, now]);
    timer::set(change, "handover", id, now + CONFIRM_WITHIN, json!({}));
    change.event("handed_over", json!({ "handover": id, "to": to }));
    Ok(json!({ "handover_id": id }))
}
