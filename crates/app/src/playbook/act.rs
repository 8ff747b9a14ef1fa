//! What a rule does, by its action word. Owns the way from a word to the calls other commands make inside a change.

use crate::command::Change;
use crate::error::Result;
use crate::task::{self, NewTask};
use aftercare_domain::people::Team;
use aftercare_domain::playbook::answer::Fires;
use aftercare_domain::playbook::table::Act;

/// Carries out a rule's action.
pub(super) fn act(change: &mut Change<'_, '_>, fires: &Fires<'_>) -> Result<()> {
    match fires.rule.act {
        Act::Escalate => {
            change.mark("supervisor_told");
            tell(change, fires, Team::Supervisor, "escalation")
        }
        Act::Remind => tell(change, fires, Team::Agent, "reminder"),
        other => tell(change, fires, Team::Agent, other.as_str()),
    }
}

/// A task for the rule's team, due as the rule says.
fn tell(change: &mut Change<'_, '_>, fires: &Fires<'_>, usual: Team, kind: &str) -> Result<()> {
    let words = fires.text.as_ref().map_or_else(|| fires.rule.title.zh.clone(), |text| text.zh.clone());
    let text_sealed = change.key()?.seal("task.text", &words);
    let due_at = fires.rule.within.map(|within| change.context.now + within.span());
    let team = fires.rule.team.unwrap_or(usual);
    task::open(change, NewTask { team, kind: kind.to_owned(), text_sealed, due_at, effect: None, subject: None })?;
    Ok(())
}
