//! What a rule does, by its action word. Owns the way from a word to the calls that commands make inside a change.
//!
//! What only a person can do becomes a task of the team that does it.

use crate::case::request::agree;
use crate::command::Change;
use crate::error::Result;
use crate::exchange;
use crate::offer::acts::by_whom;
use crate::policy;
use crate::task::{self, NewTask};
use aftercare_domain::id::Id;
use aftercare_domain::people::Team;
use aftercare_domain::playbook::answer::Fires;
use aftercare_domain::playbook::table::Act;
use aftercare_domain::time::Span;
use aftercare_store::values;
use serde_json::json;

/// Carries out a rule's action.
pub(super) fn act(change: &mut Change<'_, '_>, fires: &Fires<'_>) -> Result<()> {
    match fires.rule.act {
        Act::AgreeReturn => agree_return(change),
        Act::Escalate => {
            change.mark("supervisor_told");
            tell(change, fires, Team::Supervisor, "escalation")
        }
        Act::Remind => tell(change, fires, Team::Agent, "reminder"),
        other => match exchange::act::by_desk(change, other, &[])? {
            Some(_) => Ok(()),
            None => tell(change, fires, by_whom(other).0, other.as_str()),
        },
    }
}

/// Agrees to the buyer's open return, with the shop's address.
fn agree_return(change: &mut Change<'_, '_>) -> Result<()> {
    let sql = "SELECT id FROM request WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL AND state IN ('open', 'modified')
        AND kind IN ('return_refund', 'exchange', 'repair') ORDER BY id DESC LIMIT 1";
    let Some(id) = change.tx.query_opt(sql, &values![change.case.shop, change.case.id], |row| row.get::<Id>(0))? else { return Ok(()) };
    let settings = policy::settings(change.tx, change.case.shop)?;
    let address = match settings["return_address"].as_str() {
        Some(address) => Some(change.key()?.seal("request.note", &json!({ "address": address }).to_string())),
        None => None,
    };
    agree::agreed(change, id, "self_sent", address)?;
    Ok(())
}

/// A task for the rule's team, due as the rule says.
fn tell(change: &mut Change<'_, '_>, fires: &Fires<'_>, usual: Team, kind: &str) -> Result<()> {
    let words = fires.text.as_ref().map_or_else(|| fires.rule.title.zh.clone(), |text| text.zh.clone());
    let text_sealed = change.key()?.seal("task.text", &words);
    let within = fires.rule.within.map_or(Span::hours(by_whom(fires.rule.act).1), |within| within.span());
    let (team, due_at) = (fires.rule.team.unwrap_or(usual), Some(change.context.now + within));
    task::open(change, NewTask { team, kind: kind.to_owned(), text_sealed, due_at, effect: None, subject: None })?;
    Ok(())
}
