//! A word to a signal: seen, or looked into by a case of its own that its cases hang on. Owns both commands.

use super::cases::{LOOKED_AT, of_articles};
use crate::case::link;
use crate::case::open::OpenCase;
use crate::command::{CaseRef, Repeat};
use crate::error::{Error, Result, bad_input, not_found};
use crate::figures::{Period, id_at};
use crate::{Context, Desk, audit};
use aftercare_domain::china;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::time::Span;
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Bytes of a note.
const NOTE: usize = 2_000;
/// Over how many days an article's cases are looked into.
const DAYS: i64 = 30;

/// What is said to a signal.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SayWord {
    /// The article.
    pub sku: String,
    /// acknowledge; investigate opens a case that the article's cases of the last 30 days are linked to.
    pub word: String,
    /// What was found, or is to be found out; sealed.
    pub note: String,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SaidWord {
    /// The investigation.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub case_id: Option<Id>,
    /// Cases linked to it.
    pub linked: i64,
}

impl Desk {
    /// Says a word to the signal of an article.
    pub async fn say_to_signal(&self, context: &Context, shop: ShopId, input: SayWord) -> Result<SaidWord> {
        let here = Object::shop("shop", shop);
        context.actor.may(Action::ReadReports, &here)?;
        let investigate = match input.word.as_str() {
            "acknowledge" => false,
            "investigate" => true,
            _ => return Err(bad_input("word", "acknowledge or investigate")),
        };
        context.actor.may(if investigate { Action::OpenCase } else { Action::Diagnose }, &here)?;
        let note = input.note.trim().to_owned();
        if note.is_empty() || note.len() > NOTE || input.sku.is_empty() || input.sku.len() > 200 {
            return Err(bad_input("note", format!("1 to {NOTE} bytes, about an article")));
        }
        let start = context.now - Span::days(DAYS - 1);
        let period = Period { from: china::day(start), to: china::day(context.now) };
        let products = self.product_rates(context, shop, period).await?;
        let row = products.items.into_iter().find(|row| row.sku == input.sku).ok_or_else(|| not_found("product"))?;
        let said = if investigate {
            let name = if row.title.is_empty() { row.sku.clone() } else { format!("{} {}", row.title, row.sku) };
            self.investigate(context, shop, &row.sku, id_at(china::midnight(start)), format!("质量调查：{name}\n{note}")).await?
        } else {
            SaidWord { case_id: None, linked: 0 }
        };
        let repeat = Repeat::of(context, format!("quality/{shop}/word"), &input);
        let sealed = self.vault.seal("quality_word.note", &note);
        let (actor, now) = (context.actor.clone(), context.now);
        self.command(context, repeat, move |tx| {
            let latest = "SELECT n FROM quality_word WHERE shop_id = $1 AND sku = $2 ORDER BY n DESC LIMIT 1";
            let n = tx.query_opt(latest, &values![shop, &row.sku], |row| row.get::<i64>(0))?.unwrap_or(0) + 1;
            let kind = if investigate { "investigated" } else { "acknowledged" };
            const WORD: &[&str] = &["shop_id", "sku", "n", "kind", "sold", "asked_back", "note_sealed", "case_id", "actor_id", "at"];
            let word = values![shop, &row.sku, n, kind, row.sold, row.asked_back, sealed.clone(), said.case_id, actor.stored_id(), now];
            tx.insert("quality_word", WORD, word.to_vec());
            let about =
                json!({ "kind": kind, "sold": row.sold, "asked_back": row.asked_back, "case": said.case_id, "linked": said.linked });
            audit::note(tx, &actor, Some(shop), "signal_answered", &row.sku, &about, now);
            Ok(said.clone())
        })
        .await
    }

    /// Opens the case and hangs the article's cases on it. Each step has a key of its own, so that a repeat does nothing twice.
    async fn investigate(&self, context: &Context, shop: ShopId, sku: &str, first: Id, text: String) -> Result<SaidWord> {
        let keyed =
            |step: &str| Context { key: context.key.as_ref().map(|key| format!("{key}:{step}")), if_match: None, ..context.clone() };
        let open = OpenCase {
            order_no: None,
            channel: "agent".into(),
            text,
            request: None,
            scenario: None,
            external_ref: None,
            severity: Some(2),
            emotion: None,
        };
        let opened = self.open_case(&keyed("case"), shop, open).await?;
        let (at, article) = (CaseRef { shop, id: opened.case_id }, sku.to_owned());
        let cases = self.store.read(move |tx| {
            let told = of_articles(tx, shop, &[&article], first)?.remove(&article);
            Ok::<_, Error>(told.map(|told| told.ids).unwrap_or_default())
        });
        let cases = cases.await?;
        let cases: Vec<Id> = cases.into_iter().filter(|id| *id != at.id).take(LOOKED_AT as usize).collect();
        let linked = cases.len() as i64;
        if linked > 0 {
            let repeat = Repeat::of(&keyed("links"), format!("quality/{}/links", at.id), &at.id);
            self.change(&keyed("links"), at, Action::OpenCase, false, repeat, move |change| {
                for case in &cases {
                    link::put(change, *case, "incident")?;
                }
                change.event("cases_linked", json!({ "kind": "incident", "count": cases.len() }));
                Ok(json!({}))
            })
            .await?;
        }
        Ok(SaidWord { case_id: Some(at.id), linked })
    }
}
