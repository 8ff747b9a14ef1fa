//! What follows from every change of a case: its playbook's clocks are brought in step, rules that came to hold are put down, and the
//! next instant is noted at which time alone changes something.
//!
//! Owns the order of these. Runs inside the transaction of the change.

use super::books::Book;
use super::clocks::{self, Hours};
use super::facts::{self, Known};
use super::rules;
use crate::command::Change;
use crate::error::Result;
use crate::timer;
use aftercare_domain::china;
use aftercare_domain::playbook::Facts;
use aftercare_domain::time::Micros;
use aftercare_store::values;
use serde_json::json;
use std::sync::Arc;

/// A case as its playbook sees it.
pub(crate) struct Look {
    pub book: Arc<Book>,
    pub known: Known,
    pub facts: Facts,
    next_turn: Option<Micros>,
}

/// Reads the facts of the case under its playbook; nothing for a case without one.
pub(crate) fn look(change: &mut Change<'_, '_>) -> Result<Option<Look>> {
    let now = change.context.now;
    let Some(book) = change.book()? else { return Ok(None) };
    let known = Known::load(change.tx, &change.case, china::midnight(now))?;
    let projected = facts::project(&change.case, &known, &book.catalogue, Some(&book.playbook), now);
    Ok(Some(Look { book, known, facts: projected.facts, next_turn: projected.next_turn }))
}

/// Runs after the command has decided and whose move it is has been settled.
pub(crate) fn follow(change: &mut Change<'_, '_>) -> Result<()> {
    if !change.case.open {
        return Ok(());
    }
    let Some(look) = look(change)? else { return Ok(()) };
    let open = clocks::open(change.tx, &change.case)?;
    let mut hours = Hours::new(&look.known.head.settings);
    clocks::follow(change, open.clocks, &look.book, &look.facts, &mut hours)?;
    rules::put_down(change, &look.book, &look.facts, &look.known.head.settings);
    let by_line = look.book.asking(&look.facts).next_turn().map(|in_| change.context.now + in_);
    wake(change, &open.wakes, [by_line, look.next_turn].into_iter().flatten().min())
}

/// Sets the timer that wakes the case, unless it stands already.
fn wake(change: &mut Change<'_, '_>, there: &[(aftercare_domain::id::Id, Micros)], at: Option<Micros>) -> Result<()> {
    if there.len() == 1 && there.first().map(|(_, due)| *due) == at || there.is_empty() && at.is_none() {
        return Ok(());
    }
    for (id, _) in there {
        change.tx.execute("DELETE FROM timer WHERE shop_id = $1 AND id = $2", &values![change.case.shop, *id])?;
    }
    if let Some(at) = at {
        timer::set(change, "playbook", change.case.id, at, json!({}));
    }
    Ok(())
}
