//! The policy switches in force for a case. Owns where they are read from: the scenario's own setting, the shop's, the playbook's, then the default.

use crate::case::row::CaseRow;
use crate::command::Change;
use crate::error::{Result, bad_input};
use crate::playbook::{Playbooks, facts};
use aftercare_domain::id::ShopId;
use aftercare_domain::ledger::Policy;
use aftercare_store::{Tx, values};
use serde_json::{Map, Value};

/// The shop's settings as stored.
pub(crate) fn settings(tx: &mut Tx<'_>, shop: ShopId) -> Result<Value> {
    let found = tx.query_opt("SELECT settings FROM shop WHERE id = $1", &values![shop], |row| row.get::<Value>(0))?;
    Ok(found.unwrap_or(Value::Null))
}

/// Every switch set for this scenario: `settings.policy.<switch>`, overridden by `settings.scenario_policy.<scenario>.<switch>`.
pub fn switches(settings: &Value, scenario: &str) -> Map<String, Value> {
    let mut all = settings["policy"].as_object().cloned().unwrap_or_default();
    all.extend(settings["scenario_policy"][scenario].as_object().cloned().unwrap_or_default());
    all
}

/// The money and goods switches in force for the case: the shop's own, then the default of its playbook, then the desk's.
///
/// # Errors
/// `bad_input` where the shop's settings hold a value that is none of the switch's.
pub fn of(change: &mut Change<'_, '_>) -> Result<Policy> {
    let playbooks = change.tools.playbooks.clone();
    at(change.tx, &playbooks, &change.case)
}

/// As [`of`], for a case that is only looked at.
///
/// # Errors
/// As [`of`].
pub(crate) fn at(tx: &mut Tx<'_>, playbooks: &Playbooks, case: &CaseRow) -> Result<Policy> {
    let settings = settings(tx, case.shop)?;
    let pinned = playbooks.pinned(tx, &case.scenario, case.playbook_version)?;
    let mut set = pinned.map(|book| facts::switches(&book.playbook, &book.catalogue)).unwrap_or_default();
    set.extend(switches(&settings, &case.scenario));
    serde_json::from_value(Value::Object(set)).map_err(|problem| bad_input("settings.policy", problem))
}
