//! Takes cases over by name, one or several in one call. Owns the two commands.

use super::why;
use crate::case::assign::give;
use crate::command::{CaseRef, Changed, Repeat};
use crate::error::{Error, Result, bad_input, not_found};
use crate::{Context, Desk, task, timer};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Action, Role};
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_store::{Row, values};
use serde_json::{Value, json};

/// Entries in one call.
const MOST: usize = 100;

impl Desk {
    /// Takes over what somebody handed on; the case is one's own from then on. What was meant for another only a lead or those above take.
    pub async fn take_handover(&self, context: &Context, id: Id) -> Result<Changed> {
        let at = self.case_of_handover(context, id).await?;
        let repeat = Repeat::of(context, format!("handover/{id}/take"), &());
        let context = Context { if_match: None, ..context.clone() };
        self.change(&context, at, Action::TakeHandover, false, repeat, move |change| {
            change.must_be_open()?;
            let (shop, now, me) = (change.case.shop, change.context.now, change.context.actor.id());
            let sql = "SELECT to_staff, taken_at FROM handover WHERE shop_id = $1 AND id = $2";
            let read = |row: &Row| Ok((row.get::<Option<Id>>(0)?, row.get::<Option<aftercare_domain::time::Micros>>(1)?));
            let (to, taken) = change.tx.query_opt(sql, &values![shop, id], read)?.ok_or_else(|| not_found("handover"))?;
            if taken.is_some() {
                return Err(Code::HandoverTaken.into());
            }
            let decides = matches!(change.context.actor.who.role, Role::Lead | Role::Supervisor | Role::Owner);
            if to.is_some_and(|to| to != me) && !decides {
                return Err(Refusal::new(Code::HandoverForAnother).into());
            }
            let sql = "UPDATE handover SET taken_at = $3, to_staff = $4 WHERE shop_id = $1 AND id = $2";
            change.tx.execute(sql, &values![shop, id, now, me])?;
            timer::cancel(change, "handover", id)?;
            task::cancel_of_subject(change, id)?;
            give(change, Some(me));
            change.event("handover_taken", json!({ "handover": id }));
            Ok(json!({ "handover_id": id }))
        })
        .await
    }

    /// Takes several entries over: each is its own change under the same rights, and answers for itself.
    pub async fn take_handovers(&self, context: &Context, entries: &[Id]) -> Result<Value> {
        if entries.is_empty() || entries.len() > MOST {
            return Err(bad_input("entries", format!("1 to {MOST}")));
        }
        let mut items = Vec::with_capacity(entries.len());
        for id in entries {
            items.push(match self.take_handover(context, *id).await {
                Ok(changed) => json!({ "handover_id": id, "version": changed.version }),
                Err(Error::Refused(refusal)) => json!({ "handover_id": id, "refused": refusal.code.as_str(), "why": why(&refusal) }),
                Err(error) => return Err(error),
            });
        }
        Ok(json!({ "items": items }))
    }

    /// The case of an entry, among the shops the actor sees.
    async fn case_of_handover(&self, context: &Context, id: Id) -> Result<CaseRef> {
        let shops: Vec<ShopId> = context.actor.who.shops.iter().copied().collect();
        let found = self.store.read(move |tx| {
            for shop in &shops {
                let sql = "SELECT case_id FROM handover WHERE shop_id = $1 AND id = $2";
                if let Some(case) = tx.query_opt(sql, &values![*shop, id], |row| row.get::<Id>(0))? {
                    return Ok::<_, Error>(Some(CaseRef { shop: *shop, id: case }));
                }
            }
            Ok(None)
        });
        found.await?.ok_or_else(|| not_found("handover"))
    }
}
