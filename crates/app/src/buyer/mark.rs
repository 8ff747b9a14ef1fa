//! Risk notes and the block list (风险提示, 黑名单): with a reason, for a time, for people to read. Owns their rows.
//!
//! No command, rule or limit reads them: whoever is on the list asks for what they may ask for, and a person answers.

use crate::command::Repeat;
use crate::error::{Error, Result, bad_input, not_found};
use crate::ids::new_id;
use crate::{Context, Desk, audit, shown};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::identity::{LONGEST_DAYS, Mark, ends};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::refusal::Code;
use aftercare_domain::time::Micros;
use aftercare_store::vault::{DataKey, Vault};
use aftercare_store::{Row, Tx, values};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Marks of one buyer that are shown.
const SHOWN: i64 = 20;
/// Marks in one page of the list.
const PAGE: i64 = 100;

/// A mark to set.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMark {
    /// risk, block.
    pub kind: String,
    /// What happened and why it matters; sealed.
    pub reason: String,
    /// It ends by itself after so many days, 1 to 365.
    pub days: i64,
}

/// A mark.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ShownMark {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id,
    /// risk, block.
    pub kind: String,
    /// The buyer.
    #[schema(value_type = String, format = "uuid")]
    pub buyer: Id,
    /// The buyer, masked.
    pub masked_name: String,
    /// Why, masked; absent once the buyer was erased.
    pub reason: Option<String>,
    /// Who set it.
    #[schema(value_type = String, format = "uuid")]
    pub by_id: Id,
    /// When.
    #[schema(value_type = String, format = "date-time")]
    pub at: Micros,
    /// Ends by itself.
    #[schema(value_type = String, format = "date-time")]
    pub expires_at: Micros,
}

/// The marks of a shop that have not ended.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Marks {
    /// Those that end first stand first.
    pub items: Vec<ShownMark>,
    /// Opaque; absent on the last page.
    pub next: Option<String>,
}

/// Which page of them.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
pub struct MarksQuery {
    /// Where the last page ended.
    pub cursor: Option<String>,
}

/// The new mark.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MarkSet {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id,
}

impl Desk {
    /// Sets a mark on a buyer.
    pub async fn mark_buyer(&self, context: &Context, shop: ShopId, buyer: Id, input: NewMark) -> Result<MarkSet> {
        context.actor.may(Action::MarkBuyer, &Object::shop("buyer", shop))?;
        let kind = Mark::parse(&input.kind).ok_or_else(|| bad_input("kind", "risk or block"))?;
        let reason = input.reason.trim().to_owned();
        if reason.is_empty() || reason.len() > 1_000 {
            return Err(bad_input("reason", "1 to 1000 bytes"));
        }
        let until = ends(context.now, input.days).ok_or_else(|| bad_input("days", format!("1 to {LONGEST_DAYS}")))?;
        let repeat = Repeat::of(context, format!("mark/{buyer}"), &input);
        let (frame, vault) = (context.clone(), self.vault.clone());
        self.command(context, repeat, move |tx| {
            let (now, who, id) = (frame.now, frame.actor.id(), new_id(frame.now));
            let key = key_of(tx, &vault, shop, buyer)?.ok_or(Code::BuyerErased)?;
            const COLUMNS: &[&str] = &["shop_id", "id", "buyer_id", "kind", "reason_sealed", "by_id", "at", "expires_at"];
            let sealed = key.seal("buyer_mark.reason", &reason);
            tx.insert("buyer_mark", COLUMNS, values![shop, id, buyer, kind.as_str(), sealed, who, now, until]);
            let payload = json!({ "mark": id, "kind": kind, "days": input.days });
            audit::note(tx, &frame.actor, Some(shop), "buyer_marked", &buyer.to_string(), &payload, now);
            Ok(MarkSet { id })
        })
        .await
    }

    /// Ends a mark before its time.
    pub async fn end_mark(&self, context: &Context, shop: ShopId, id: Id) -> Result<()> {
        context.actor.may(Action::MarkBuyer, &Object::shop("buyer", shop))?;
        let repeat = Repeat::of(context, format!("mark/{id}/end"), &json!({}));
        let frame = context.clone();
        self.command(context, repeat, move |tx| {
            let sql = "UPDATE buyer_mark SET ended_at = $3, ended_by = $4 WHERE shop_id = $1 AND id = $2 AND ended_at IS NULL";
            if tx.execute(sql, &values![shop, id, frame.now, frame.actor.id()])? == 0 {
                return Err(not_found("note"));
            }
            audit::note(tx, &frame.actor, Some(shop), "buyer_mark_ended", &id.to_string(), &json!({}), frame.now);
            Ok(())
        })
        .await
    }

    /// The marks of a shop that have not ended, page by page.
    pub async fn marks(&self, context: &Context, shop: ShopId, query: MarksQuery) -> Result<Marks> {
        context.actor.may(Action::MarkBuyer, &Object::shop("buyer", shop))?;
        let after = match &query.cursor {
            Some(text) => crate::queue::parse_cursor(text).ok_or_else(|| bad_input("cursor", "use the `next` of the page before"))?,
            None => (context.now.0, Id::nil()),
        };
        let vault = self.vault.clone();
        self.store
            .read(move |tx| {
                let sql = format!(
                    "{SELECT} WHERE m.shop_id = $1 AND m.ended_at IS NULL AND (m.expires_at, m.id) > ($2, $3)
                    ORDER BY m.expires_at, m.id LIMIT $4"
                );
                let mut rows = tx.query(&sql, &values![shop, after.0, after.1, PAGE + 1], read)?;
                let more = rows.len() as i64 > PAGE;
                rows.truncate(PAGE as usize);
                let next = rows.last().filter(|_| more).map(|last| format!("{}_{}", last.expires_at.0, last.id));
                let items = rows.into_iter().map(|row| row.shown(&vault)).collect::<Result<_>>()?;
                Ok::<_, Error>(Marks { items, next })
            })
            .await
    }
}

/// Marks, each with its buyer and the key of the buyer's data.
const SELECT: &str =
    "SELECT m.id, m.kind, m.buyer_id, m.reason_sealed, m.by_id, m.at, m.expires_at, b.name_masked, k.wrapped FROM buyer_mark m
    JOIN buyer b ON b.shop_id = m.shop_id AND b.id = m.buyer_id LEFT JOIN data_key k ON k.shop_id = b.shop_id AND k.id = b.key_id";

struct Stored {
    id: Id,
    kind: String,
    buyer: Id,
    sealed: Vec<u8>,
    by_id: Id,
    at: Micros,
    expires_at: Micros,
    masked_name: String,
    /// Absent once it was destroyed.
    wrapped: Option<Vec<u8>>,
}

fn read(row: &Row) -> std::result::Result<Stored, aftercare_store::DbError> {
    Ok(Stored {
        id: row.get(0)?,
        kind: row.get(1)?,
        buyer: row.get(2)?,
        sealed: row.get(3)?,
        by_id: row.get(4)?,
        at: row.get(5)?,
        expires_at: row.get(6)?,
        masked_name: row.get(7)?,
        wrapped: row.get(8)?,
    })
}

impl Stored {
    fn shown(self, vault: &Vault) -> Result<ShownMark> {
        let Self { id, kind, buyer, sealed, by_id, at, expires_at, masked_name, wrapped } = self;
        let key = wrapped.map(|wrapped| vault.unwrap_data_key(&wrapped)).transpose()?;
        let reason = key.and_then(|key| shown::text(&key, "buyer_mark.reason", &sealed));
        Ok(ShownMark { id, kind, buyer, masked_name, reason, by_id, at, expires_at })
    }
}

/// The marks of one buyer that have not ended.
pub(super) fn of_buyer(tx: &mut Tx<'_>, vault: &Vault, shop: ShopId, buyer: Id, now: Micros) -> Result<Vec<ShownMark>> {
    let sql = format!(
        "{SELECT} WHERE m.shop_id = $1 AND m.buyer_id = $2 AND m.ended_at IS NULL AND m.expires_at > $3 ORDER BY m.id DESC LIMIT $4"
    );
    let rows = tx.query(&sql, &values![shop, buyer, now, SHOWN], read)?;
    rows.into_iter().map(|row| row.shown(vault)).collect()
}

/// The key of a buyer's data; nothing once it was destroyed.
fn key_of(tx: &mut Tx<'_>, vault: &Vault, shop: ShopId, buyer: Id) -> Result<Option<DataKey>> {
    let sql = "SELECT k.wrapped FROM buyer b LEFT JOIN data_key k ON k.shop_id = b.shop_id AND k.id = b.key_id WHERE b.shop_id = $1 AND b.id = $2";
    let wrapped = tx.query_opt(sql, &values![shop, buyer], |row| row.get::<Option<Vec<u8>>>(0))?;
    Ok(wrapped.ok_or_else(|| not_found("buyer"))?.map(|wrapped| vault.unwrap_data_key(&wrapped)).transpose()?)
}
