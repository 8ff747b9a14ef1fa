//! Effects over all shops a person sees: those a person has to carry out or find out, those whose result is unknown, those under way.
//!
//! Owns this list.

use crate::error::{Result, bad_input};
use crate::worklist::{Reading, Work, WorkPage, WorkQuery};
use crate::{Context, Desk};
use aftercare_domain::id::Id;
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::time::Micros;
use aftercare_store::{DbError, Row};
use serde_json::json;

/// Which effects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A person has to do or find out something.
    Person,
    /// The result is unknown, whoever looks next.
    Unknown,
    /// The desk is at it.
    Running,
}

impl Standing {
    /// Reads the name used in addresses.
    ///
    /// # Errors
    /// `bad_input` for any other.
    pub fn parse(text: &str) -> Result<Self> {
        Ok(match text {
            "person" => Self::Person,
            "unknown" => Self::Unknown,
            "running" => Self::Running,
            _ => return Err(bad_input("state", "person, unknown or running")),
        })
    }
}

// The conditions are the indexes' own, word for word, and then narrowed.
macro_rules! page {
    ($place:literal, $condition:literal, $team:literal) => {
        concat!(
            "SELECT id, case_id, kind, team, state, amount_minor, payment_no, next_at, attempt, asks, platform_ref, code, at, note_sealed,
             (SELECT display_name FROM staff s WHERE s.id = actor_id), ",
            $place,
            " FROM effect WHERE shop_id = $1 AND ",
            $condition,
            $team,
            " AND (",
            $place,
            ", id) > ($2, $3) ORDER BY ",
            $place,
            ", id LIMIT $4"
        )
    };
}

macro_rules! reading {
    ($place:literal, $condition:literal) => {
        Reading { of_all: page!($place, $condition, ""), of_team: page!($place, $condition, " AND team = $5"), read }
    };
}

fn read(row: &Row) -> std::result::Result<Work, DbError> {
    let id: Id = row.get(0)?;
    let shown = json!({ "id": id, "kind": row.get::<String>(2)?, "team": row.get::<String>(3)?, "state": row.get::<String>(4)?,
        "amount_minor": row.get::<i64>(5)?, "payment_no": row.get::<String>(6)?, "next_at": row.get::<Micros>(7)?, "attempt": row.get::<i64>(8)?,
        "asks": row.get::<i64>(9)?, "platform_ref": row.get::<Option<String>>(10)?, "code": row.get::<String>(11)?, "at": row.get::<Micros>(12)?,
        "asked_by": row.get::<Option<String>>(14)? });
    Ok(Work { case: row.get(1)?, place: row.get(15)?, id, sealed: vec![("note", "effect.note", row.get(13)?)], shown })
}

impl Desk {
    /// One page of effects, the oldest first.
    pub async fn effects(&self, context: &Context, standing: Standing, query: WorkQuery) -> Result<WorkPage> {
        context.actor.may(Action::ReadEffects, &Object::desk("effects"))?;
        let reading = match standing {
            Standing::Person => reading!("at", "state IN ('awaiting_person', 'needs_person', 'unknown') AND state <> 'unknown'"),
            Standing::Unknown => reading!("at", "state IN ('awaiting_person', 'needs_person', 'unknown') AND state <> 'awaiting_person'"),
            Standing::Running => {
                reading!("next_at", "state IN ('held', 'queued', 'in_flight', 'unknown') AND manual = 0 AND state <> 'unknown'")
            }
        };
        self.work(context, query, reading).await
    }
}
