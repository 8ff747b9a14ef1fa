//! The playbooks as people read them: what is in force, one with its versions, its process document. Owns the answers' shape.

use super::books::Book;
use super::source::Source;
use crate::error::{Error, Result, bad_input, not_found};
use crate::{Context, Desk};
use aftercare_domain::id::Id;
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::playbook::document::document;
use aftercare_domain::playbook::outline::outline;
use aftercare_domain::time::Micros;
use aftercare_store::{Row, Tx, values};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How its cases can end, by code and title.
fn results(book: &Book) -> Vec<Value> {
    book.playbook.head.closing.results.iter().map(|result| json!({ "id": result.id, "title": result.title })).collect()
}

impl Desk {
    /// The playbooks in force.
    pub async fn playbooks(&self, context: &Context) -> Result<Value> {
        context.actor.may(Action::ReadPlaybooks, &Object::desk("playbook"))?;
        let in_force = self.playbooks_in_force(context.now).await?;
        let drafts: BTreeMap<String, i64> = self.store.read(drafts).await?.into_iter().collect();
        let row = |(scenario, book): (&str, &std::sync::Arc<Book>)| {
            let head = &book.playbook.head;
            json!({
                "scenario": scenario, "number": head.number, "title": head.title, "summary": head.summary, "class": head.class,
                "version": book.version, "draft": drafts.get(scenario), "steps": book.playbook.steps.len(), "offers": book.playbook.ladder.len(),
                "results": results(book),
                "rules": book.playbook.rules.iter().map(|rule| json!({ "id": rule.id, "title": rule.title, "on": rule.on, "why": rule.why })).collect::<Vec<_>>(),
            })
        };
        let mut items: Vec<Value> = in_force.books().map(row).collect();
        items.sort_by_key(|row| number(row["number"].as_str().unwrap_or_default()));
        Ok(json!({ "items": items, "next": null }))
    }

    /// One playbook: the text of a version (the one in force when none is named) and every version's state.
    pub async fn playbook(&self, context: &Context, scenario: String, version: Option<i64>) -> Result<Value> {
        context.actor.may(Action::ReadPlaybooks, &Object::desk("playbook"))?;
        let in_force = self.playbooks_in_force(context.now).await?.book(&scenario).map(|book| book.version);
        let reader = context.actor.stored_id();
        self.store
            .read(move |tx| {
                let versions = versions(tx, &scenario, reader)?;
                let latest = versions.last().and_then(|row| row["version"].as_i64());
                let wanted = version.or(in_force).or(latest).ok_or_else(|| not_found("playbook"))?;
                let source = Source::load(tx, &scenario, wanted)?.ok_or_else(|| not_found("playbook"))?;
                let blocks = outline(&source.text, &super::custom::catalogue(tx)?);
                Ok::<_, Error>(json!({
                    "scenario": scenario, "version": wanted, "in_force": in_force, "source": source.text, "shared": *source.shared,
                    "versions": versions, "blocks": blocks,
                }))
            })
            .await
    }

    /// The process document of a scenario, as Markdown.
    pub async fn process_document(
        &self,
        context: &Context,
        scenario: String,
        language: Option<String>,
        version: Option<i64>,
    ) -> Result<String> {
        context.actor.may(Action::ReadPlaybooks, &Object::desk("playbook"))?;
        let chinese = match language.as_deref() {
            None | Some("zh") => true,
            Some("en") => false,
            Some(_) => return Err(bad_input("lang", "zh or en")),
        };
        let in_force = self.playbooks_in_force(context.now).await?;
        let book = match version {
            None => in_force.book(&scenario).cloned(),
            Some(version) => {
                let playbooks = self.playbooks.clone();
                self.store.read(move |tx| playbooks.pinned(tx, &scenario, version)).await?
            }
        };
        let book = book.ok_or_else(|| not_found("playbook"))?;
        Ok(document(&book.playbook, &book.catalogue, chinese))
    }
}

/// `B9` before `B10`.
fn number(text: &str) -> (String, i64) {
    let letters: String = text.chars().take_while(|c| !c.is_ascii_digit()).collect();
    let digits = text[letters.len()..].parse().unwrap_or(i64::MAX);
    (letters, digits)
}

/// The drafts, by scenario.
fn drafts(tx: &mut Tx<'_>) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT scenario, version FROM playbook WHERE state = 'draft' ORDER BY scenario, version";
    Ok(tx.query(sql, &values![], |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?)))?)
}

fn versions(tx: &mut Tx<'_>, scenario: &str, reader: Option<Id>) -> Result<Vec<Value>> {
    let sql = "SELECT p.version, p.state, p.origin, p.valid_from, a.display_name, p.created_at, b.display_name, p.published_at, p.note, p.author_id
        FROM playbook p LEFT JOIN staff a ON a.id = p.author_id LEFT JOIN staff b ON b.id = p.published_by WHERE p.scenario = $1 ORDER BY p.version LIMIT 500";
    let read = |row: &Row| {
        let author: Option<Id> = row.get(9)?;
        Ok(json!({
            "version": row.get::<i64>(0)?, "state": row.get::<String>(1)?, "origin": row.get::<String>(2)?, "valid_from": row.get::<Micros>(3)?,
            "author": row.get::<Option<String>>(4)?, "created_at": row.get::<Micros>(5)?, "published_by": row.get::<Option<String>>(6)?,
            "published_at": row.get::<Option<Micros>>(7)?, "note": row.get::<String>(8)?, "own": author.is_some() && author == reader,
        }))
    };
    Ok(tx.query(sql, &values![scenario], read)?)
}

/// The row of one version as publishing needs it.
pub(super) struct Version {
    pub state: String,
    pub author: Option<Id>,
    pub valid_from: Micros,
}

/// Locks one version.
pub(super) fn lock(tx: &mut Tx<'_>, scenario: &str, version: i64) -> Result<Version> {
    let sql = "SELECT state, author_id, valid_from FROM playbook WHERE scenario = $1 AND version = $2 FOR UPDATE";
    let read = |row: &Row| Ok(Version { state: row.get(0)?, author: row.get(1)?, valid_from: row.get(2)? });
    tx.query_opt(sql, &values![scenario, version], read)?.ok_or_else(|| not_found("playbook"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_sort_as_numbers() {
        let mut all = ["B10", "B9", "C1", "B1"];
        all.sort_by_key(|text| super::number(text));
        assert_eq!(all, ["B1", "B9", "B10", "C1"]);
    }
}
