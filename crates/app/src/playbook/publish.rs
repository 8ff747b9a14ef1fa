//! Editing playbooks: checked, kept as a draft, published by a second person, valid from a date. Owns these commands.
//!
//! A published version never changes; cases stay with the version they were opened under.

use super::shelf::{self, Version};
use super::source::{Files, Source, start_of};
use crate::command::Repeat;
use crate::error::{Error, Result, bad_input};
use crate::{Context, Desk, audit};
use aftercare_domain::id::Id;
use aftercare_domain::people::{Action, Role, policy::Object};
use aftercare_domain::playbook::Fault;
use aftercare_domain::playbook::outline::outline;
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_domain::time::Micros;
use aftercare_store::{Row, Tx, values};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

/// A playbook as somebody edited it.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditedPlaybook {
    /// The text of its file.
    pub source: String,
    /// Shared files that were edited too, by path; the others stay as they were.
    #[serde(default)]
    pub shared: Files,
    /// When the draft this edit started from was kept; a draft that somebody else kept since is not replaced.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    pub over: Option<Micros>,
}

/// An edited playbook to be looked at.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckPlaybook {
    /// The text of its file.
    pub source: String,
    /// Shared files that were edited too, by path.
    #[serde(default)]
    pub shared: Files,
    /// The file whose blocks are wanted too: `shared/sla.toml`; the playbook's own when absent.
    #[serde(default)]
    pub file: Option<String>,
}

/// Which version, and from when.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishPlaybook {
    /// The draft.
    pub version: i64,
    /// For cases opened from then on; at once when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    pub valid_from: Option<Micros>,
    /// What changed and why, for the history.
    #[serde(default)]
    pub note: String,
}

/// Bytes of a note to a version.
const NOTE: usize = 1_000;

/// Which draft.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DiscardPlaybook {
    /// The draft.
    pub version: i64,
}

fn scenario_id(scenario: &str) -> Result<()> {
    let plain = scenario.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if scenario.is_empty() || scenario.len() > 60 || !plain {
        return Err(bad_input("scenario", "a-z, 0-9 and _, at most 60 of them"));
    }
    Ok(())
}

/// The edited text with the shared files it stands on: its own last ones, for a new scenario those published last.
pub(super) fn gather(tx: &mut Tx<'_>, scenario: &str, text: &str, edited: &Files) -> Result<Source> {
    let sql = "SELECT files FROM playbook JOIN playbook_shared ON hash = shared_hash
        ORDER BY CASE WHEN scenario = $1 THEN 0 ELSE 1 END, version DESC, created_at DESC LIMIT 1";
    let files = tx.query_opt(sql, &values![scenario], |row| row.get::<Value>(0))?;
    let mut shared: Files = files.and_then(|files| serde_json::from_value(files).ok()).unwrap_or_default();
    shared.extend(edited.clone());
    Ok(Source { scenario: scenario.to_owned(), version: 0, text: text.to_owned(), shared: Arc::new(shared) })
}

fn faulty(faults: &[Fault]) -> Error {
    let first = faults.first().map(ToString::to_string).unwrap_or_default();
    Refusal::new(Code::PlaybookFaulty).with("count", faults.len()).with("first", first).into()
}

impl Desk {
    /// Every fault of an edited playbook, and the blocks of one of its files; nothing is kept.
    pub async fn check_playbook(&self, context: &Context, scenario: String, input: CheckPlaybook) -> Result<Value> {
        context.actor.may(Action::ManagePlaybooks, &Object::desk("playbook"))?;
        scenario_id(&scenario)?;
        self.store
            .read(move |tx| {
                let (source, catalogue) = (gather(tx, &scenario, &input.source, &input.shared)?, super::custom::catalogue(tx)?);
                let faults = source.compile(&catalogue).err().unwrap_or_default();
                let text = input.file.as_ref().map_or(Some(&source.text), |path| source.shared.get(path));
                let blocks = text.and_then(|text| outline(text, &catalogue));
                Ok::<_, Error>(json!({ "faults": faults, "blocks": blocks }))
            })
            .await
    }

    /// Keeps an edited playbook as a draft. Its version counts up; the same number again replaces one's earlier draft.
    pub async fn draft_playbook(&self, context: &Context, scenario: String, input: EditedPlaybook) -> Result<Value> {
        context.actor.may(Action::ManagePlaybooks, &Object::desk("playbook"))?;
        scenario_id(&scenario)?;
        let repeat = Repeat::of(context, format!("playbook/{scenario}/draft"), &input);
        let frame = context.clone();
        self.command(context, repeat, move |tx| {
            let catalogue = super::custom::catalogue(tx)?;
            let mut source = gather(tx, &scenario, &input.source, &input.shared)?;
            let playbook = source.compile(&catalogue).map_err(|faults| faulty(&faults))?;
            source.version = i64::from(playbook.head.version);
            let valid_from = start_of(playbook.head.valid_from);
            room(tx, &source, frame.actor.stored_id(), input.over)?;
            source.insert(tx, "draft", "edited", valid_from, frame.actor.stored_id(), frame.now)?;
            let about = json!({ "scenario": scenario, "version": source.version });
            audit::note(tx, &frame.actor, None, "playbook_drafted", &scenario, &about, frame.now);
            Ok(json!({ "scenario": scenario, "version": source.version, "created_at": frame.now }))
        })
        .await
    }

    /// Publishes a draft: by another person than its author, or by the owner, which the audit names.
    pub async fn publish_playbook(&self, context: &Context, scenario: String, input: PublishPlaybook) -> Result<Value> {
        context.actor.may(Action::PublishPlaybook, &Object::desk("playbook"))?;
        if input.note.len() > NOTE {
            return Err(bad_input("note", format!("at most {NOTE} bytes")));
        }
        let repeat = Repeat::of(context, format!("playbook/{scenario}/publish"), &input);
        let frame = context.clone();
        let published = self
            .command(context, repeat, move |tx| {
                let draft = shelf::lock(tx, &scenario, input.version)?;
                must_be_draft(&draft, "be published")?;
                let own = draft.author == frame.actor.stored_id();
                if own && frame.actor.who.role != Role::Owner && !frame.actor.system {
                    return Err(Code::OwnPlaybook.into());
                }
                let source = Source::load(tx, &scenario, input.version)?.ok_or_else(|| crate::error::not_found("playbook"))?;
                source.compile(&super::custom::catalogue(tx)?).map_err(|faults| faulty(&faults))?;
                let valid_from = input.valid_from.unwrap_or(draft.valid_from).max(frame.now);
                let sql = "UPDATE playbook SET state = 'published', valid_from = $3, published_by = $4, published_at = $5, note = $6 WHERE scenario = $1 AND version = $2";
                let note = input.note.trim();
                tx.execute(sql, &values![&scenario, input.version, valid_from, frame.actor.stored_id(), frame.now, note])?;
                let about = json!({ "scenario": scenario, "version": input.version, "valid_from": valid_from, "by_owner_alone": own });
                audit::note(tx, &frame.actor, None, "playbook_published", &scenario, &about, frame.now);
                Ok(about)
            })
            .await?;
        self.playbooks.forget();
        Ok(published)
    }

    /// Throws a draft away.
    pub async fn discard_playbook(&self, context: &Context, scenario: String, input: DiscardPlaybook) -> Result<Value> {
        context.actor.may(Action::ManagePlaybooks, &Object::desk("playbook"))?;
        let repeat = Repeat::of(context, format!("playbook/{scenario}/discard"), &input);
        let frame = context.clone();
        self.command(context, repeat, move |tx| {
            must_be_draft(&shelf::lock(tx, &scenario, input.version)?, "be discarded")?;
            tx.execute("DELETE FROM playbook WHERE scenario = $1 AND version = $2", &values![&scenario, input.version])?;
            let about = json!({ "scenario": scenario, "version": input.version });
            audit::note(tx, &frame.actor, None, "playbook_discarded", &scenario, &about, frame.now);
            Ok(about)
        })
        .await
    }
}

fn must_be_draft(version: &Version, action: &str) -> Result<()> {
    if version.state == "draft" {
        return Ok(());
    }
    Err(Refusal::new(Code::PlaybookState).with("state", &version.state).with("action", action).into())
}

/// Makes room for the draft: its number is new, or that of a draft, which it replaces unless somebody else kept that one meanwhile.
fn room(tx: &mut Tx<'_>, source: &Source, author: Option<Id>, over: Option<Micros>) -> Result<()> {
    let sql = "SELECT version, state, author_id, created_at FROM playbook WHERE scenario = $1 ORDER BY version DESC LIMIT 1";
    let read = |row: &Row| Ok((row.get::<i64>(0)?, row.get::<String>(1)?, row.get::<Option<Id>>(2)?, row.get::<Micros>(3)?));
    match tx.query_opt(sql, &values![&source.scenario], read)? {
        Some((latest, state, by, at)) if latest == source.version && state == "draft" => {
            let seen = over == Some(at) || (by == author && over.is_none());
            if !seen {
                return Err(Refusal::new(Code::DraftMoved).with("version", latest).into());
            }
            tx.execute("DELETE FROM playbook WHERE scenario = $1 AND version = $2", &values![&source.scenario, latest])?;
            Ok(())
        }
        Some((latest, ..)) if source.version <= latest => Err(bad_input("source", format!("its version has to be {} or more", latest + 1))),
        _ => Ok(()),
    }
}
