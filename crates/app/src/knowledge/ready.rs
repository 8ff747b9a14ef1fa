//! Texts filled in for one case, ready to be put into the composer. Owns the answer: what is missing, whether the scenario suits.

use super::{Content, Entry};
use crate::case::row::CaseRow;
use crate::command::CaseRef;
use crate::error::{Error, Result};
use crate::playbook::advice::Reader;
use crate::{Context, Desk};
use aftercare_domain::knowledge::{Kind, Scope, stale};
use aftercare_domain::people::{Action, policy::Object};
use serde_json::{Value, json};

impl Desk {
    /// The texts that the actor sees, filled in for a case: those that suit first, articles last, then the most used.
    pub async fn ready_knowledge(&self, context: &Context, at: CaseRef) -> Result<Value> {
        context.actor.may(Action::Contact, &Object::shop("case", at.shop))?;
        let key = self.case_key(at).await?;
        let (frame, tools) = (context.clone(), self.tools());
        let reader = Reader { id: frame.actor.id(), role: frame.actor.who.role, agent_no: frame.actor.agent_no.clone() };
        self.store
            .read(move |tx| {
                let case = CaseRow::load(tx, at.shop, at.id)?;
                let filler = crate::playbook::filling::Filler::of(tx, &tools.playbooks, &case, &key, &reader, frame.now)?;
                let mut entries: Vec<Entry> = Entry::all(tx, at.shop)?;
                entries.retain(|entry| entry.seen_by(&frame.actor));
                // one's own goes before what the same letters call for everybody
                entries.sort_by_key(|entry| {
                    let (article, shared) = (entry.kind == Kind::Article, entry.belongs.scope != Scope::Person);
                    (!suits(entry, &case), article, shared, std::cmp::Reverse(entry.used), entry.id)
                });
                let one = |entry: &Entry| -> Result<Value> {
                    let content = Content::open(&tools.vault, &entry.sealed)?;
                    let mut filled = filler.fill(&content.text());
                    let fill = |words: &str| super::run::fill(&filler, words, &mut filled.missing);
                    let steps = super::run::with_words(&content.steps, fill);
                    Ok(json!({
                        "id": entry.id, "kind": entry.kind, "scope": entry.belongs.scope, "code": entry.code, "title": content.title(),
                        "text": filled.text, "steps": steps, "missing": filled.missing, "fits": suits(entry, &case), "used": entry.used,
                        "stale": stale(entry.review_at, frame.now),
                    }))
                };
                let items = entries.iter().map(one).collect::<Result<Vec<Value>>>()?;
                Ok::<_, Error>(json!({ "items": items, "next": null }))
            })
            .await
    }
}

/// Whether a text is meant for the scenario of a case.
pub(super) fn suits(entry: &Entry, case: &CaseRow) -> bool {
    entry.scenarios.is_empty() || entry.scenarios.contains(&case.scenario)
}
