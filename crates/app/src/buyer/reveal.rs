//! Shows one field of a buyer in clear (查看明文): for one case, with a reason, on record, and so many times an hour and a day.
//!
//! Owns the limits. The reason is words of a person and sealed like any note of the case; the audit names who saw what, of whom.

use crate::command::{CaseRef, Change, Repeat};
use crate::error::{Error, Result, bad_input, not_found};
use crate::ids::new_id;
use crate::{Context, Desk, audit};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::Action;
use aftercare_domain::people::custom::Field;
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_domain::time::Span;
use aftercare_store::{Row, values};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Which field, and why.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealField {
    /// name, phone, address.
    pub field: String,
    /// Why it has to be seen.
    pub reason: String,
    /// The case it is for.
    #[schema(value_type = String, format = "uuid")]
    pub case_id: Id,
}

/// The field in clear. Never stored, never logged.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct Revealed {
    /// What was asked for; empty when the shop never knew it.
    pub value: String,
}

/// How many fields one person may see in this long.
const QUOTA: &[(Span, i64)] = &[(Span::hours(1), 30), (Span::days(1), 150)];

impl Desk {
    /// Reveals one field of the buyer of a case.
    pub async fn reveal(&self, context: &Context, shop: ShopId, buyer: Id, input: RevealField) -> Result<Revealed> {
        let wanted = Field::parse(&input.field).filter(|field| *field != Field::Words);
        may_see(context, wanted.ok_or_else(|| bad_input("field", "one of name, phone, address"))?)?;
        with_reason(&input.reason)?;
        let at = CaseRef { shop, id: input.case_id };
        let repeat = Repeat::of(context, format!("reveal/{buyer}"), &input);
        let note = self.case_key(at).await?.seal("contact.body", &format!("查看买家明文（{}）：{}", input.field, input.reason));
        let field = input.field.clone();
        self.change(context, at, Action::Reveal, false, repeat, move |change| {
            if change.case.buyer != Some(buyer) {
                return Err(not_found("buyer"));
            }
            within_quota(change)?;
            record(change, buyer, &field, note.clone());
            Ok(json!({}))
        })
        .await?;
        let sealed = self.store.read(move |tx| {
            let sql = "SELECT b.sealed, k.wrapped FROM buyer b LEFT JOIN data_key k ON k.shop_id = b.shop_id AND k.id = b.key_id WHERE b.shop_id = $1 AND b.id = $2";
            let read = |row: &Row| Ok((row.get::<Vec<u8>>(0)?, row.get::<Option<Vec<u8>>>(1)?));
            Ok::<_, Error>(tx.query_opt(sql, &values![shop, buyer], read)?)
        });
        let (sealed, wrapped) = sealed.await?.ok_or_else(|| not_found("buyer"))?;
        let wrapped = wrapped.ok_or(Code::BuyerErased)?;
        let text = self.vault.unwrap_data_key(&wrapped)?.open("buyer", &sealed)?;
        let record: Value = serde_json::from_str(&text).unwrap_or_default();
        Ok(Revealed { value: record[input.field.as_str()].as_str().unwrap_or_default().to_owned() })
    }
}

/// A role of the shop's own may leave out fields.
pub(super) fn may_see(context: &Context, field: Field) -> Result<()> {
    let (who, action) = (&context.actor.who, Action::Reveal.as_str());
    if who.reveals(field) { Ok(()) } else { Err(Refusal::new(Code::NotAllowed).with("role", who.role).with("action", action).into()) }
}

/// Nothing is shown without a reason.
pub(super) fn with_reason(reason: &str) -> Result<()> {
    let fits = !reason.trim().is_empty() && reason.len() <= 500;
    if fits { Ok(()) } else { Err(bad_input("reason", "1 to 500 bytes")) }
}

pub(super) fn within_quota(change: &mut Change<'_, '_>) -> Result<()> {
    let (who, now) = (change.context.actor.id(), change.context.now);
    for (length, most) in QUOTA {
        let sql = "SELECT COUNT(*) FROM (SELECT 1 FROM audit WHERE actor_id = $1 AND action = 'buyer_revealed' AND at > $2 LIMIT $3) AS some_rows";
        let seen = change.tx.query_opt(sql, &values![who, now - *length, *most], |row| row.get::<i64>(0))?.unwrap_or(0);
        if seen >= *most {
            let hours = length.as_millis() / 3_600_000;
            return Err(Refusal::new(Code::TooManyReveals).with("most", most).with("hours", hours).into());
        }
    }
    Ok(())
}

/// Puts the look on record, with its reason as a note of the case. `of`: the buyer, or the contact whose words were read.
pub(super) fn record(change: &mut Change<'_, '_>, of: Id, field: &str, note: Vec<u8>) {
    let (shop, case, now, id) = (change.case.shop, change.case.id, change.context.now, new_id(change.context.now));
    const COLUMNS: &[&str] = &["shop_id", "case_id", "id", "at", "direction", "channel", "actor_id", "body_sealed"];
    let row = values![shop, case, id, now, "note", "agent", change.context.actor.stored_id(), note];
    change.tx.insert("contact", COLUMNS, row);
    change.event("buyer_revealed", json!({ "of": of, "field": field, "contact": id }));
    let payload = json!({ "case": case, "field": field, "contact": id });
    audit::note(change.tx, &change.context.actor, Some(shop), "buyer_revealed", &of.to_string(), &payload, now);
}
