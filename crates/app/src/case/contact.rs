//! Records one message or call, in or out, or an internal note. Owns the contact rows; what may be sent is the gate's decision.

use crate::case::gate::{self, About};
use crate::case::open::TEXT_LIMIT;
use crate::case::{deadline, facts, wait};
use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::error::{Result, bad_input};
use crate::ids::new_id;
use crate::notification::Kind;
use crate::playbook::script::{self, Use};
use crate::search::Words;
use crate::{Context, Desk, knowledge};
use aftercare_domain::case::Happened;
use aftercare_domain::id::Id;
use aftercare_domain::notification::{Colleague, mentioned};
use aftercare_domain::people::{Action, Role};
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// One contact.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    /// `in` from the buyer, `out` to the buyer, `note` for colleagues only.
    pub direction: String,
    /// chat, phone, sms, mail, portal, platform, agent, api.
    pub channel: String,
    /// The words; of a call, its outcome. Sealed.
    pub text: String,
    /// What it did, e.g. `apology`, `told_result`; marks steps as done. From the buyer: `buyer.confirms`, `buyer.objects`.
    #[serde(default)]
    pub marks: Vec<String>,
    /// The script an outgoing text comes from.
    #[serde(default)]
    pub script: Option<String>,
    /// The shop's own text it comes from.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub knowledge: Option<Id>,
    /// Although the gate refuses what may be lifted.
    #[serde(default, rename = "override")]
    pub over: Option<Override>,
    /// Only prepared: a person pastes it into the platform's chat and marks it sent.
    #[serde(default)]
    pub prepare: bool,
}

/// Why something is sent although the gate refuses it; the name is the actor's.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Sealed.
    pub reason: String,
}

/// Something said to the buyer inside a change.
pub(crate) struct Saying<'a> {
    pub(crate) channel: &'a str,
    pub(crate) text: &'a str,
    pub(crate) marks: &'a [String],
    pub(crate) script: Option<&'a str>,
    pub(crate) knowledge: Option<Id>,
    pub(crate) over: Option<&'a Override>,
    pub(crate) offer: Option<Id>,
}

/// Marks as they are kept: facts of the group `contact` without its name.
pub(crate) fn marks(given: &[String]) -> Result<Vec<String>> {
    let fits =
        |mark: &String| mark.len() <= 60 && mark.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'.');
    if given.len() > 10 || !given.iter().all(fits) {
        return Err(bad_input("marks", "up to 10 names of lower-case letters, digits, _ and ."));
    }
    Ok(given.iter().map(|mark| mark.strip_prefix("contact.").unwrap_or(mark).to_owned()).collect())
}

/// Refuses an override without a reason.
pub(crate) fn reason(over: Option<&Override>) -> Result<()> {
    match over {
        Some(over) if over.reason.trim().is_empty() || over.reason.len() > 2_000 => Err(bad_input("override.reason", "1 to 2000 bytes")),
        _ => Ok(()),
    }
}

const CONTACT: &[&str] = &[
    "shop_id",
    "case_id",
    "id",
    "at",
    "direction",
    "channel",
    "actor_id",
    "body_sealed",
    "marks",
    "gate",
    "override_sealed",
    "subject_id",
    "sent_at",
];

/// Says something to the buyer: judged by the gate, recorded, its marks set. Every outgoing contact of the desk comes this way.
pub(crate) fn say(change: &mut Change<'_, '_>, saying: &Saying<'_>) -> Result<Id> {
    let author = Author::of(change);
    put_out(change, saying, author, true)
}

/// Whose words they are: the actor's, or of whoever wrote them to leave later.
#[derive(Clone, Copy)]
pub(crate) struct Author {
    pub(crate) id: Option<Id>,
    pub(crate) role: Role,
}

impl Author {
    pub(crate) fn of(change: &Change<'_, '_>) -> Self {
        Self { id: change.context.actor.stored_id(), role: change.context.actor.who.role }
    }
}

/// As [`say`], or only prepared.
pub(crate) fn put_out(change: &mut Change<'_, '_>, saying: &Saying<'_>, author: Author, sent: bool) -> Result<Id> {
    let (now, id) = (change.context.now, new_id(change.context.now));
    let role = author.role;
    let used = script::sent(change, Use { script: saying.script, channel: gate::channel(saying.channel)?, text: saying.text })?;
    let own = knowledge::sent(change, knowledge::Said { knowledge: saying.knowledge, text: saying.text })?;
    let mut marks = saying.marks.to_vec();
    marks.extend(used.marks.into_iter().filter(|mark| !saying.marks.contains(mark)));
    let about = About { channel: saying.channel, text: saying.text, marks: &marks, role, now, fit: own.unwrap_or(used.fit) };
    let judgement = gate::judge(change.tx, &change.case, about)?;
    gate::pass(change, &judgement, saying.over.is_some())?;
    let key = change.key()?;
    let body = key.seal("contact.body", saying.text);
    let why = saying.over.map(|over| key.seal("contact.override", &over.reason));
    let codes = gate::codes(&judgement);
    let gate = json!({ "verdict": judgement.verdict, "reasons": codes, "script": saying.script, "knowledge": saying.knowledge });
    let row = values![
        change.case.shop,
        change.case.id,
        id,
        now,
        "out",
        saying.channel,
        author.id,
        body,
        json!(marks),
        gate,
        why,
        saying.offer,
        sent.then_some(now)
    ];
    change.tx.insert("contact", CONTACT, row);
    let kind = if sent { "contact_out" } else { "contact_prepared" };
    change.event(kind, json!({ "contact": id, "channel": saying.channel, "marks": marks, "gate": codes }));
    if sent {
        went_out(change, saying.channel, &marks)?;
    }
    Ok(id)
}

/// What follows from something having reached the buyer.
pub(crate) fn went_out(change: &mut Change<'_, '_>, channel: &str, marks: &[String]) -> Result<()> {
    change.case.last_contact_at = Some(change.context.now);
    change.case.last_contact_from = "agent".into();
    for mark in marks {
        change.mark(mark);
    }
    if channel == "phone" && change.case.facts.get("buyer.wants_call").is_some() {
        // the call that was asked for is this one
        facts::set(change, "buyer.wants_call", Value::Null);
    }
    deadline::end(change, "sla.first_answer", None, "met")
}

/// What the buyer said, or a note for colleagues.
fn put_in(change: &mut Change<'_, '_>, input: &NewContact, marks: &[String], body: Vec<u8>) -> Result<Id> {
    let (now, id) = (change.context.now, new_id(change.context.now));
    let actor = change.context.actor.stored_id();
    let none = None::<Vec<u8>>;
    let row = values![
        change.case.shop,
        change.case.id,
        id,
        now,
        &input.direction,
        &input.channel,
        actor,
        body,
        json!(marks),
        json!({}),
        none,
        None::<Id>,
        None::<aftercare_domain::time::Micros>
    ];
    change.tx.insert("contact", CONTACT, row);
    let note = input.direction == "note";
    if note {
        mention(change, &input.text)?;
    }
    change.event(if note { "note_added" } else { "contact_in" }, json!({ "contact": id, "channel": input.channel, "marks": marks }));
    for mark in marks {
        change.mark(mark);
    }
    if !note {
        change.case.last_contact_at = Some(now);
        change.case.last_contact_from = "buyer".into();
        wait::buyer_spoke(change)?;
        if marks.iter().any(|mark| mark == "buyer.objects") && change.case.open {
            change.happened(Happened::Objected)?;
        }
    }
    Ok(id)
}

/// Colleagues of a shop whose names are looked for in a note.
const COLLEAGUES: i64 = 500;

/// Tells the colleagues whom a note names by `@`.
pub(crate) fn mention(change: &mut Change<'_, '_>, text: &str) -> Result<()> {
    if !text.contains(['@', '＠']) {
        return Ok(());
    }
    let sql = "SELECT s.id, s.name, s.display_name FROM staff s WHERE s.disabled = 0
        AND EXISTS (SELECT 1 FROM staff_shop g WHERE g.staff_id = s.id AND g.shop_id = $1) ORDER BY s.name LIMIT $2";
    let read = |row: &aftercare_store::Row| Ok(Colleague { id: row.get(0)?, name: row.get(1)?, display_name: row.get(2)? });
    let colleagues = change.tx.query(sql, &values![change.case.shop, COLLEAGUES], read)?;
    for who in mentioned(text, &colleagues) {
        change.tell(who, Kind::Mention, "note_added");
    }
    Ok(())
}

/// Adds an internal note that was sealed for `contact.body` already.
pub(crate) fn note(change: &mut Change<'_, '_>, body: Vec<u8>) {
    const NOTE: &[&str] = &["shop_id", "case_id", "id", "at", "direction", "channel", "actor_id", "body_sealed"];
    let (now, id) = (change.context.now, new_id(change.context.now));
    let actor = change.context.actor.stored_id();
    change.tx.insert("contact", NOTE, values![change.case.shop, change.case.id, id, now, "note", "agent", actor, body]);
    change.event("note_added", json!({ "contact": id }));
}

impl Desk {
    /// Records a contact and marks the steps it did. Needs no version: nothing is overwritten.
    pub async fn record_contact(&self, context: &Context, at: CaseRef, input: NewContact) -> Result<Changed> {
        if !["in", "out", "note"].contains(&input.direction.as_str()) {
            return Err(bad_input("direction", "in, out or note"));
        }
        if input.text.is_empty() || input.text.len() > TEXT_LIMIT {
            return Err(bad_input("text", format!("1 to {TEXT_LIMIT} bytes")));
        }
        gate::channel(&input.channel)?;
        reason(input.over.as_ref())?;
        let marks = marks(&input.marks)?;
        let action = if input.direction == "note" { Action::Note } else { Action::Contact };
        let repeat = Repeat::of(context, format!("contact/{}", at.id), &input);
        let body = self.case_key(at).await?.seal("contact.body", &input.text);
        let words = Words::of(&self.vault, &input.text);
        self.change(context, at, action, false, repeat, move |change| {
            words.put(change.tx, change.case.shop, change.case.id);
            if input.direction != "out" {
                return Ok(json!({ "contact_id": put_in(change, &input, &marks, body.clone())? }));
            }
            let author = Author::of(change);
            let script = input.script.as_deref();
            let (knowledge, over) = (input.knowledge, input.over.as_ref());
            let saying = Saying { channel: &input.channel, text: &input.text, marks: &marks, script, knowledge, over, offer: None };
            Ok(json!({ "contact_id": put_out(change, &saying, author, !input.prepare)?, "sent": !input.prepare }))
        })
        .await
    }
}
