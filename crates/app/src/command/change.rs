//! One change of one case: lock, authorise, check the version, decide, then write state, events, feed and counters together.
//!
//! Owns the frame of every command on a case. What is decided stands in the command's own file.

use super::{Ask, Repeat};
use crate::approval;
use crate::case::deadline;
use crate::case::facts;
use crate::case::row::CaseRow;
use crate::case::standing::Standing;
use crate::desk::{Delta, Tools};
use crate::error::Result;
use crate::figures;
use crate::notification::{self, Told};
use crate::playbook::{self, Book};
use crate::queue::counters;
use crate::{Context, Desk};
use aftercare_domain::case::{Happened, Stage};
use aftercare_domain::effect::Kind;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_domain::time::Micros;
use aftercare_store::vault::DataKey;
use aftercare_store::{DbError, Tx, values};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

/// The address of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseRef {
    /// Its shop.
    pub shop: ShopId,
    /// Its id.
    pub id: Id,
}

/// The answer to a command on a case.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Changed {
    /// The case.
    #[schema(value_type = String, format = "uuid")]
    pub case_id: Id,
    /// Its number for people.
    pub case_no: String,
    /// Its version after the command.
    pub version: i64,
    /// What the command made: ids and states, never personal data.
    #[schema(value_type = Object)]
    pub result: Value,
    /// What it decided that is still in the hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<Held>,
}

/// Money that was decided and leaves only after the hold: until then it can be taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Held {
    /// What is taken back whole.
    #[schema(value_type = String, format = "uuid")]
    pub remedy_id: Id,
    /// How it is paid: the kind of its effects.
    pub kind: String,
    /// The sum of its legs, minor units.
    pub amount_minor: i64,
    /// Not before then.
    #[schema(value_type = String, format = "date-time")]
    pub leaves_at: Micros,
}

/// A change in the making.
pub struct Change<'t, 'c> {
    /// The transaction.
    pub tx: &'t mut Tx<'c>,
    /// The case; the frame writes it back.
    pub case: CaseRow,
    /// Who, when.
    pub context: &'t Context,
    pub(crate) tools: &'t Tools,
    key: Option<DataKey>,
    events: Vec<(&'static str, Value)>,
    deadlines_moved: bool,
    material: bool,
    held: Vec<Held>,
    told: Vec<Told>,
}

/// Schema number of the events written today. Older numbers stay readable.
pub(crate) const EVENT_SCHEMA: i64 = 1;

const EVENT: &[&str] =
    &["shop_id", "case_id", "case_version", "n", "kind", "schema", "actor_id", "actor_role", "at", "playbook_version", "payload"];
const FEED: &[&str] = &["shop_id", "case_id", "case_version", "at"];

impl Change<'_, '_> {
    /// Adds an event to the history. The payload holds ids, amounts and codes, never personal data.
    pub fn event(&mut self, kind: &'static str, payload: Value) {
        self.events.push((kind, payload));
    }

    /// Says that deadlines of the case were opened or ended, so that the next one is looked up again.
    pub fn deadlines_moved(&mut self) {
        self.deadlines_moved = true;
    }

    /// Says that money, goods or remedy changed: approvals asked before are void, and whoever decides has to look again.
    pub fn material(&mut self) {
        self.material = true;
    }

    /// Says that a colleague is to be told of `what`.
    pub(crate) fn tell(&mut self, who: Id, kind: notification::Kind, what: &'static str) {
        self.told.push(Told { who, kind, what });
    }

    /// Says that money of this remedy leaves only then; its legs count together.
    pub(crate) fn holds(&mut self, remedy: Id, kind: Kind, amount_minor: i64, leaves_at: Micros) {
        match self.held.iter_mut().find(|held| held.remedy_id == remedy) {
            Some(held) => held.amount_minor += amount_minor,
            None => self.held.push(Held { remedy_id: remedy, kind: kind.as_str().to_owned(), amount_minor, leaves_at }),
        }
    }

    /// Stores a fact under its name in the catalogue: what teams, platforms or effects found out.
    pub fn set_fact(&mut self, name: &str, value: impl Into<Value>) {
        facts::set(self, name, value.into());
    }

    /// The stage as the state machine knows it.
    pub fn stage(&self) -> Result<Stage> {
        Stage::parse(&self.case.stage).ok_or_else(|| DbError::Shape(format!("unknown stage {}", self.case.stage)).into())
    }

    /// The case's data key. Words that are known before the command are sealed before it; this is for what is worded inside.
    pub fn key(&mut self) -> Result<DataKey> {
        if self.key.is_none() {
            let sql = "SELECT wrapped FROM data_key WHERE shop_id = $1 AND id = $2";
            let wrapped = self.tx.query_opt(sql, &values![self.case.shop, self.case.key], |row| row.get::<Vec<u8>>(0))?;
            self.key = Some(self.tools.vault.unwrap_data_key(&wrapped.ok_or(Code::BuyerErased)?)?);
        }
        self.key.clone().ok_or_else(|| DbError::Sealed.into())
    }

    /// The playbook the case is pinned to; nothing for a case without one.
    pub fn book(&mut self) -> Result<Option<Arc<Book>>> {
        self.tools.playbooks.pinned(self.tx, &self.case.scenario, self.case.playbook_version)
    }

    /// Pins the case to the version of a scenario's playbook that was in force when it was opened.
    pub(crate) fn pin(&mut self, scenario: &str) {
        self.case.playbook_version = self.tools.playbooks.version_at(scenario, self.case.opened_at).unwrap_or(0);
    }

    /// Notes that something was said, done or came about; playbooks ask for it as a fact. The last time counts.
    pub fn mark(&mut self, name: &str) {
        let now = json!(self.context.now);
        if let Some(marks) = self.case.marks.as_object_mut() {
            marks.insert(name.to_owned(), now);
        }
    }

    /// Takes a note away that holds no longer.
    pub fn unmark(&mut self, name: &str) {
        if let Some(marks) = self.case.marks.as_object_mut() {
            marks.remove(name);
        }
    }

    /// Whether it was noted before.
    pub fn marked(&self, name: &str) -> bool {
        self.case.marks.get(name).is_some()
    }

    /// Moves the stage by what happened.
    pub fn happened(&mut self, happened: Happened) -> Result<()> {
        let (before, after) = (self.stage()?, self.stage()?.after(happened)?);
        if before != after {
            self.case.stage = after.as_str().to_owned();
            self.event("stage_changed", json!({ "from": before.as_str(), "to": after.as_str() }));
        }
        Ok(())
    }

    /// Refuses on an archived case.
    pub fn must_be_open(&self) -> Result<()> {
        if self.case.open { Ok(()) } else { Err(Code::CaseClosed.into()) }
    }
}

impl Desk {
    /// Runs one change on one case and answers its new version. Asks the policy first; a version given is always checked,
    /// `versioned` commands (money, offers, closing) demand one.
    pub async fn change<F>(
        &self,
        context: &Context,
        at: CaseRef,
        ask: impl Into<Ask>,
        versioned: bool,
        repeat: Repeat,
        mut decide: F,
    ) -> Result<Changed>
    where
        F: FnMut(&mut Change<'_, '_>) -> Result<Value> + Send + 'static,
    {
        // the desk and the buyer act on what they act on, whatever else was said meanwhile
        if versioned && context.if_match.is_none() && !context.actor.system && !context.actor.buyer {
            return Err(Code::VersionMissing.into());
        }
        let (frame, tools, ask) = (context.clone(), self.tools(), ask.into());
        let changed = self.command(context, repeat, move |tx| run(tx, &tools, &frame, at, ask, &mut decide)).await?;
        self.announce(at, changed.version);
        Ok(changed)
    }

    /// Tells live streams and workers that a case changed.
    pub(crate) fn announce(&self, at: CaseRef, version: i64) {
        // Nobody listening is fine: the feed keeps it.
        let _ = self.live.send(Delta { shop: at.shop, case: at.id, version });
        self.work.notify_waiters();
    }
}

/// The body of a change inside an open transaction; the caller announces it after the commit.
pub(crate) fn run(
    tx: &mut Tx<'_>,
    tools: &Tools,
    context: &Context,
    at: CaseRef,
    ask: Ask,
    decide: &mut impl FnMut(&mut Change<'_, '_>) -> Result<Value>,
) -> Result<Changed> {
    let case = CaseRow::lock(tx, at.shop, at.id)?;
    let (action, object) = ask.put(tx, &case)?;
    context.actor.may(action, &object)?;
    if let Some(given) = context.if_match
        && given != case.version
    {
        return Err(stale(tx, &case, given)?.into());
    }
    let before = case.clone();
    let mut change = Change {
        tx,
        case,
        context,
        tools,
        key: None,
        events: Vec::new(),
        deadlines_moved: false,
        material: false,
        held: Vec::new(),
        told: Vec::new(),
    };
    let result = decide(&mut change)?;
    if change.material {
        // Before it is counted whose move it is: an approval that is void waits for nobody.
        approval::void_older(&mut change, before.version + 1)?;
    }
    settle(&mut change)?;
    if change.deadlines_moved {
        deadline::refresh(&mut change)?;
    }
    let Change { tx, mut case, mut events, material, held, told, .. } = change;
    // what found nothing to do leaves no trace: nobody's version goes stale over it
    if events.is_empty() && (CaseRow { rules: before.rules.clone(), ..case.clone() }) == before {
        if case.rules != before.rules {
            case.update(tx, before.version)?;
        }
        return Ok(Changed { case_id: case.id, case_no: case.case_no, version: case.version, result, held });
    }
    debug_assert!(!events.is_empty(), "{action:?} changed the case and tells nothing");
    case.version = before.version + 1;
    if material {
        case.material_version = case.version;
    }
    case.updated_at = context.now;
    figures::note(tx, context, &case, &mut events)?;
    notification::put(tx, context, &case, &events, told)?;
    write_history(tx, context, &case, events);
    counters::moved(tx, Some(&before), &case);
    case.update(tx, before.version)?;
    Ok(Changed { case_id: case.id, case_no: case.case_no, version: case.version, result, held })
}

/// Whose move it is, and what follows from the playbook. Ending a clock may end a task, which may change whose move it is once more.
fn settle(change: &mut Change<'_, '_>) -> Result<()> {
    for _ in 0..2 {
        let standing = Standing::of(change.tx, &change.case)?;
        let case = &mut change.case;
        case.open_promises = standing.open_promises;
        case.unknown_money = standing.unknown_effects > 0;
        case.waiting_on = standing.waiting_on(case).as_str().to_owned();
        let before = change.events.len();
        playbook::after::follow(change)?;
        if change.events.len() == before {
            break;
        }
    }
    Ok(())
}

/// Adds events and the feed row of a case at its (new) version to the bundle.
pub(crate) fn write_history(tx: &mut Tx<'_>, context: &Context, case: &CaseRow, events: Vec<(&'static str, Value)>) {
    let (actor, role) = (context.actor.stored_id(), context.actor.role_name());
    for (n, (kind, payload)) in events.into_iter().enumerate() {
        let row = values![
            case.shop,
            case.id,
            case.version,
            n as i64,
            kind,
            EVENT_SCHEMA,
            actor,
            role,
            context.now,
            case.playbook_version,
            payload
        ];
        tx.insert("event", EVENT, row);
    }
    tx.insert("feed", FEED, values![case.shop, case.id, case.version, context.now]);
}

/// The refusal of a stale version, with what happened since.
fn stale(tx: &mut Tx<'_>, case: &CaseRow, given: i64) -> Result<Refusal> {
    let sql = "SELECT kind, actor_role, case_version FROM event WHERE shop_id = $1 AND case_id = $2 AND case_version > $3 ORDER BY case_version, n LIMIT 20";
    let read = |row: &aftercare_store::Row| {
        let (kind, role, version): (String, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(json!({ "kind": kind, "actor_role": role, "version": version }))
    };
    let since = tx.query(sql, &values![case.shop, case.id, given], read)?;
    Ok(Refusal::new(Code::StaleVersion).with("current", case.version).with("given", given).with("changes", Value::from(since)))
}
