//! Writes words that leave at a later time. Owns the command; the gate judges them as of the time at which they are to leave.

use super::{FIELD, MOST, set_timer};
use crate::case::contact::{Author, marks};
use crate::case::gate::{self, About};
use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::error::{Result, bad_input};
use crate::ids::new_id;
use crate::playbook::script::{self, Use};
use crate::{Context, Desk, knowledge};
use aftercare_domain::contact::{Later, is_ahead};
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use aftercare_domain::time::Micros;
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Words and when they leave.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendLater {
    /// chat, phone, sms, mail, portal, platform. By `portal` they leave by themselves; elsewhere they lie ready to be pasted then.
    pub channel: String,
    /// The words; sealed.
    pub text: String,
    /// What they do, as of a contact.
    #[serde(default)]
    pub marks: Vec<String>,
    /// The script they come from.
    #[serde(default)]
    pub script: Option<String>,
    /// The shop's own text they come from.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub knowledge: Option<Id>,
    /// When: from now on, within thirty days.
    #[schema(value_type = String, format = "date-time")]
    pub send_at: Micros,
    /// Only if the buyer has not written meanwhile; true when absent.
    #[serde(default = "yes")]
    pub unless_answered: bool,
}

const fn yes() -> bool {
    true
}

const LATER: &[&str] = &[
    "shop_id",
    "case_id",
    "id",
    "channel",
    "body_sealed",
    "marks",
    "script",
    "knowledge_id",
    "send_at",
    "unless_answered",
    "state",
    "actor_id",
    "actor_role",
    "written_at",
];

/// What is judged: the words as they would leave at `send_at`.
pub(super) struct Words<'a> {
    pub(super) channel: &'a str,
    pub(super) text: &'a str,
    pub(super) marks: &'a [String],
    pub(super) script: Option<&'a str>,
    pub(super) knowledge: Option<Id>,
    pub(super) send_at: Micros,
}

/// Refuses what could not be said then, and what has a hole.
pub(super) fn judge(change: &mut Change<'_, '_>, words: &Words<'_>) -> Result<()> {
    if !is_ahead(change.context.now, words.send_at) {
        return Err(bad_input("send_at", "from now on, within 30 days"));
    }
    let used = script::sent(change, Use { script: words.script, channel: gate::channel(words.channel)?, text: words.text })?;
    let own = knowledge::sent(change, knowledge::Said { knowledge: words.knowledge, text: words.text })?;
    let (role, fit) = (change.context.actor.who.role, own.unwrap_or(used.fit));
    let about = About { channel: words.channel, text: words.text, marks: words.marks, role, now: words.send_at, fit };
    let judgement = gate::judge(change.tx, &change.case, about)?;
    gate::pass(change, &judgement, false)
}

impl Desk {
    /// Writes words that leave at `send_at`.
    pub async fn send_later(&self, context: &Context, at: CaseRef, input: SendLater) -> Result<Changed> {
        crate::promise::by_hand::words("text", &input.text)?;
        gate::channel(&input.channel)?;
        let marks = marks(&input.marks)?;
        let repeat = Repeat::of(context, format!("later/{}", at.id), &input);
        let body = self.case_key(at).await?.seal(FIELD, &input.text);
        self.change(context, at, Action::Contact, false, repeat, move |change| {
            change.must_be_open()?;
            let (script, knowledge) = (input.script.as_deref(), input.knowledge);
            judge(change, &Words { channel: &input.channel, text: &input.text, marks: &marks, script, knowledge, send_at: input.send_at })?;
            let (shop, case, now) = (change.case.shop, change.case.id, change.context.now);
            let waiting =
                "SELECT COUNT(*) FROM (SELECT id FROM later_send WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL LIMIT $3) AS w";
            if change.tx.query_opt(waiting, &values![shop, case, MOST], |row| row.get::<i64>(0))?.unwrap_or(0) >= MOST {
                return Err(bad_input("send_at", format!("at most {MOST} wait on one case")));
            }
            let (id, author) = (new_id(now), Author::of(change));
            let row = values![
                shop,
                case,
                id,
                &input.channel,
                body.clone(),
                json!(marks),
                script.unwrap_or_default(),
                knowledge,
                input.send_at,
                input.unless_answered,
                Later::Waiting.as_str(),
                author.id,
                author.role.as_str(),
                now
            ];
            change.tx.insert("later_send", LATER, row);
            set_timer(change, id, input.send_at)?;
            change.event("later_written", json!({ "later": id, "channel": input.channel, "send_at": input.send_at }));
            Ok(json!({ "later_id": id, "send_at": input.send_at }))
        })
        .await
    }
}
