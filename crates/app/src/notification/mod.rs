//! Notifications (通知): who is told of what on which case, grouped so that nobody is flooded. Owns their rows.
//!
//! As long as one is unread, more of the same kind on the same case only counts it up. They are written in the transaction of the change
//! they tell of, so that none is told of what did not happen.

mod list;
mod read;

pub use list::NotificationsQuery;
pub use read::MarkRead;

use crate::Context;
use crate::case::row::CaseRow;
use crate::error::Result;
use crate::ids::new_id;
use aftercare_domain::id::{Id, ShopId};
pub(crate) use aftercare_domain::notification::Kind;
use aftercare_domain::notification::telling;
use aftercare_domain::time::Micros;
use aftercare_store::{Tx, values};
use serde_json::Value;

/// Somebody to be told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told {
    pub(crate) who: Id,
    pub(crate) kind: Kind,
    pub(crate) what: &'static str,
}

/// Watchers of one case.
pub(crate) const WATCHERS: i64 = 50;

/// Writes what a change tells: those named in it, the new owner, those who watch. Nobody is told of what they did themselves.
pub(crate) fn put(tx: &mut Tx<'_>, context: &Context, case: &CaseRow, events: &[(&'static str, Value)], mut told: Vec<Told>) -> Result<()> {
    for (kind, payload) in events {
        if let ("assigned", Some(who)) = (*kind, payload["to"].as_str().and_then(Id::parse)) {
            told.push(Told { who, kind: Kind::Assigned, what: kind });
        }
    }
    let actor = context.actor.stored_id();
    if let Some(what) = telling(events.iter().map(|(kind, _)| *kind)) {
        let sql = "SELECT staff_id FROM watcher WHERE shop_id = $1 AND case_id = $2 ORDER BY staff_id LIMIT $3";
        for who in tx.query(sql, &values![case.shop, case.id, WATCHERS], |row| row.get::<Id>(0))? {
            if told.iter().all(|one| one.who != who) {
                told.push(Told { who, kind: Kind::Watched, what });
            }
        }
    }
    for one in told.iter().filter(|one| Some(one.who) != actor) {
        tell(tx, (case.shop, case.id), one, actor, context.now)?;
    }
    Ok(())
}

/// Tells one person of something on a case; an unread one of the kind is counted up.
pub(crate) fn tell(tx: &mut Tx<'_>, (shop, case): (ShopId, Id), told: &Told, actor: Option<Id>, now: Micros) -> Result<()> {
    let sql = "INSERT INTO notification (staff_id, id, shop_id, case_id, kind, what, actor_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (staff_id, shop_id, case_id, kind) WHERE read_at IS NULL
        DO UPDATE SET what = excluded.what, actor_id = excluded.actor_id, at = excluded.at, count = notification.count + 1";
    tx.execute(sql, &values![told.who, new_id(now), shop, case, told.kind.as_str(), told.what, actor, now])?;
    Ok(())
}
