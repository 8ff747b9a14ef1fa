//! Side threads (与第三方的往来): talk with a supplier, carrier or technician on a case, with a clock of its own.
//!
//! Owns the threads and their messages. The buyer never sees them: they are no contacts, and nothing copies them into one.

use crate::case::deadline::{self, NewDeadline};
use crate::case::open::TEXT_LIMIT;
use crate::command::{CaseRef, Changed, Repeat};
use crate::error::{Result, bad_input, not_found};
use crate::ids::new_id;
use crate::{Context, Desk, shown};
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use aftercare_domain::time::{Micros, Span};
use aftercare_store::vault::DataKey;
use aftercare_store::{Row, Tx, values};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The clock under which an answer is awaited.
const CLOCK: &str = "follow_up.side_thread";
const PARTIES: &[&str] = &["supplier", "carrier", "technician", "other"];
/// Threads and messages shown on the case page.
const SHOWN: i64 = 100;

/// A thread to begin.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewThread {
    /// supplier, carrier, technician, other.
    pub party: String,
    /// What it is about; sealed.
    pub subject: String,
}

/// One message of a thread.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMessage {
    /// `out` to the party, `in` from it.
    pub direction: String,
    /// The words; sealed.
    pub text: String,
    /// An answer is expected within so many hours; only on messages out.
    #[serde(default)]
    pub answer_within_h: Option<i64>,
}

impl Desk {
    /// Begins a thread.
    pub async fn begin_thread(&self, context: &Context, at: CaseRef, input: NewThread) -> Result<Changed> {
        if !PARTIES.contains(&input.party.as_str()) {
            return Err(bad_input("party", format!("one of {}", PARTIES.join(", "))));
        }
        if input.subject.trim().is_empty() || input.subject.len() > 300 {
            return Err(bad_input("subject", "1 to 300 bytes"));
        }
        let repeat = Repeat::of(context, format!("thread/{}", at.id), &input);
        let subject = self.case_key(at).await?.seal("side_thread.subject", &input.subject);
        self.change(context, at, Action::Note, false, repeat, move |change| {
            change.must_be_open()?;
            let id = new_id(change.context.now);
            const COLUMNS: &[&str] = &["shop_id", "id", "case_id", "party", "subject_sealed", "state", "at"];
            let row = values![change.case.shop, id, change.case.id, &input.party, subject.clone(), "open", change.context.now];
            change.tx.insert("side_thread", COLUMNS, row);
            change.event("thread_begun", json!({ "thread": id, "party": input.party }));
            Ok(json!({ "thread_id": id }))
        })
        .await
    }

    /// Adds a message; one that comes in ends the wait for it.
    pub async fn add_side_message(&self, context: &Context, at: CaseRef, thread: Id, input: NewMessage) -> Result<Changed> {
        if !["in", "out"].contains(&input.direction.as_str()) {
            return Err(bad_input("direction", "in or out"));
        }
        if input.text.trim().is_empty() || input.text.len() > TEXT_LIMIT {
            return Err(bad_input("text", format!("1 to {TEXT_LIMIT} bytes")));
        }
        if input.answer_within_h.is_some_and(|hours| !(1..=2400).contains(&hours) || input.direction == "in") {
            return Err(bad_input("answer_within_h", "1 to 2400, on messages out"));
        }
        let repeat = Repeat::of(context, format!("thread/{thread}/message"), &input);
        let body = self.case_key(at).await?.seal("side_message.body", &input.text);
        self.change(context, at, Action::Note, false, repeat, move |change| {
            let (shop, case, now, id) = (change.case.shop, change.case.id, change.context.now, new_id(change.context.now));
            let sql = "SELECT 1 FROM side_thread WHERE shop_id = $1 AND case_id = $2 AND id = $3";
            change.tx.query_opt(sql, &values![shop, case, thread], |_| Ok(()))?.ok_or_else(|| not_found("thread"))?;
            const COLUMNS: &[&str] = &["shop_id", "thread_id", "id", "direction", "body_sealed", "actor_id", "at"];
            let actor = change.context.actor.stored_id();
            change.tx.insert("side_message", COLUMNS, values![shop, thread, id, &input.direction, body.clone(), actor, now]);
            deadline::end(change, CLOCK, Some(thread), "met")?;
            if let Some(hours) = input.answer_within_h {
                deadline::open(
                    change,
                    NewDeadline {
                        clock: CLOCK.into(),
                        label: "等第三方答复".into(),
                        source: "follow_up".into(),
                        rule: String::new(),
                        started_at: now,
                        due_at: Some(now + Span::hours(hours)),
                        at_zero: "notify".into(),
                        subject: Some(thread),
                    },
                );
            }
            change.event("thread_message", json!({ "thread": thread, "message": id, "direction": input.direction }));
            Ok(json!({ "message_id": id }))
        })
        .await
    }
}

/// The threads of a case with their messages, for its page.
pub(crate) fn of_case(tx: &mut Tx<'_>, at: CaseRef, key: &DataKey) -> Result<Value> {
    let sql = "SELECT id, party, subject_sealed, state, at FROM side_thread WHERE shop_id = $1 AND case_id = $2 ORDER BY id LIMIT $3";
    let read = |row: &Row| {
        let subject = row.get::<Option<Vec<u8>>>(2)?.and_then(|sealed| shown::text(key, "side_thread.subject", &sealed));
        let id: Id = row.get(0)?;
        Ok((
            id,
            json!({ "id": id, "party": row.get::<String>(1)?, "subject": subject, "state": row.get::<String>(3)?, "at": row.get::<Micros>(4)?, "messages": [] }),
        ))
    };
    let mut threads = tx.query(sql, &values![at.shop, at.id, SHOWN], read)?;
    if threads.is_empty() {
        return Ok(json!([]));
    }
    let sql = "SELECT m.thread_id, m.id, m.direction, m.body_sealed, m.at, s.display_name FROM side_message m LEFT JOIN staff s ON s.id = m.actor_id
        WHERE m.shop_id = $1 AND m.thread_id IN (SELECT id FROM side_thread WHERE shop_id = $1 AND case_id = $2) ORDER BY m.thread_id, m.id LIMIT $3";
    let read = |row: &Row| {
        let text = shown::text(key, "side_message.body", &row.get::<Vec<u8>>(3)?);
        let message = json!({ "id": row.get::<Id>(1)?, "direction": row.get::<String>(2)?, "text": text, "at": row.get::<Micros>(4)?, "by": row.get::<Option<String>>(5)? });
        Ok((row.get::<Id>(0)?, message))
    };
    for (thread, message) in tx.query(sql, &values![at.shop, at.id, SHOWN], read)? {
        if let Some((_, shown)) = threads.iter_mut().find(|(id, _)| *id == thread)
            && let Some(messages) = shown["messages"].as_array_mut()
        {
            messages.push(message);
        }
    }
    Ok(threads.into_iter().map(|(_, shown)| shown).collect::<Vec<_>>().into())
}
