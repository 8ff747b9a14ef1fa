//! Runs a macro on a case: its reply and all its steps, or none of them. Owns the command; each step is the one a person takes by hand,
//! with the same rights, and none of them moves money.

use super::{Content, Entry, sent};
use crate::case::assign::{colleague, give};
use crate::case::classify::set_class;
use crate::case::contact::{Author, Saying, mention, note, put_out};
use crate::case::gate;
use crate::case::wait::wait_for;
use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::error::{Result, not_found};
use crate::order::remark;
use crate::playbook::advice::Reader;
use crate::playbook::filling::Filler;
use crate::search::Words;
use crate::{Context, Desk, knowledge};
use aftercare_domain::id::Id;
use aftercare_domain::knowledge::{Kind, Step};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::playbook::Text;
use aftercare_domain::refusal::{Code, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// How its reply goes out.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RunMacro {
    /// chat, sms, mail, portal, platform: where the reply is pasted or leaves.
    pub channel: String,
}

impl Desk {
    /// Runs a macro: everything in one transaction, so that a refusal of one step leaves nothing behind.
    pub async fn run_macro(&self, context: &Context, at: CaseRef, id: Id, input: RunMacro) -> Result<Changed> {
        gate::channel(&input.channel)?;
        let repeat = Repeat::of(context, format!("macro/{id}/{}", at.id), &input);
        self.change(context, at, Action::Note, false, repeat, move |change| {
            change.must_be_open()?;
            let entry = Entry::load(change.tx, change.case.shop, id, &change.context.actor)?;
            if entry.kind != Kind::Macro {
                return Err(not_found("knowledge"));
            }
            let content = Content::open(&change.tools.vault, &entry.sealed)?;
            let (reply, steps) = filled(change, &content)?;
            let object = Object::case(change.case.shop, change.case.owner);
            let mut done: Vec<&str> = Vec::new();
            let contact = if reply.is_empty() {
                sent(change, knowledge::Said { knowledge: Some(id), text: "" })?;
                None
            } else {
                change.context.actor.may(Action::Contact, &object)?;
                done.push("reply");
                Some(say(change, &input.channel, &reply, id)?)
            };
            for step in &steps {
                change.context.actor.may(step.action(), &object)?;
                act(change, step)?;
                done.push(step.as_str());
            }
            change.event("macro_run", json!({ "knowledge": id, "steps": done }));
            Ok(json!({ "contact_id": contact, "steps": done }))
        })
        .await
    }
}

/// Reply and steps with what is known of the case; refused with a hole in any of them.
fn filled(change: &mut Change<'_, '_>, content: &Content) -> Result<(String, Vec<Step>)> {
    let key = change.key()?;
    let actor = &change.context.actor;
    let reader = Reader { id: actor.id(), role: actor.who.role, agent_no: actor.agent_no.clone() };
    let filler = Filler::of(change.tx, &change.tools.playbooks, &change.case, &key, &reader, change.context.now)?;
    let mut missing = Vec::new();
    let reply = fill(&filler, &content.text_zh, &mut missing);
    let steps = with_words(&content.steps, |words| fill(&filler, words, &mut missing));
    if missing.is_empty() {
        Ok((reply, steps))
    } else {
        Err(Refusal::new(Code::VariablesMissing).with("missing", missing.join(", ")).into())
    }
}

/// Steps whose words went through `fill`.
pub(super) fn with_words(steps: &[Step], mut fill: impl FnMut(&str) -> String) -> Vec<Step> {
    steps.iter().map(|step| step.with_words(&mut fill)).collect()
}

/// One text with what is known; adds what is not to `missing`.
pub(super) fn fill(filler: &Filler, words: &str, missing: &mut Vec<String>) -> String {
    let filled = filler.fill(&Text::new(words, words));
    missing.extend(filled.missing.into_iter().filter(|name| !missing.contains(name)).collect::<Vec<_>>());
    filled.text.zh
}

fn say(change: &mut Change<'_, '_>, channel: &str, text: &str, knowledge: Id) -> Result<Id> {
    let saying = Saying { channel, text, marks: &[], script: None, knowledge: Some(knowledge), over: None, offer: None };
    let author = Author::of(change);
    let contact = put_out(change, &saying, author, true)?;
    Words::of(&change.tools.vault, text).put(change.tx, change.case.shop, change.case.id);
    Ok(contact)
}

fn act(change: &mut Change<'_, '_>, step: &Step) -> Result<()> {
    match step {
        Step::Note { text } => {
            let body = change.key()?.seal("contact.body", text);
            mention(change, text)?;
            note(change, body);
            Words::of(&change.tools.vault, text).put(change.tx, change.case.shop, change.case.id);
            Ok(())
        }
        Step::Remark { text } => {
            Words::of(&change.tools.vault, text).put(change.tx, change.case.shop, change.case.id);
            remark::append(change, Some(text.trim()), None).map(drop)
        }
        Step::Flag { flag } => remark::append(change, None, Some(*flag)).map(drop),
        Step::Class { class } => set_class(change, class),
        Step::Assign { to } => {
            let to = if to == "me" { change.context.actor.id() } else { colleague(change, to)? };
            give(change, Some(to));
            Ok(())
        }
        Step::Wait { on, until_h, reason } => {
            let reason = change.key()?.seal("contact.body", reason);
            wait_for(change, *on, *until_h, reason).map(drop)
        }
    }
}
