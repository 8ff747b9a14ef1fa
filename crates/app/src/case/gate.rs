//! The contact gate at a case: what is known there is put before the domain's one decision.
//!
//! Owns the situation (what was said when, what was asked, what binds) and the answer's form. Decides nothing and sends nothing.

use crate::case::row::CaseRow;
use crate::command::{CaseRef, Change};
use crate::error::{Error, Result, bad_input};
use crate::playbook::script::{self, Use};
use crate::{Context, Desk, knowledge};
use aftercare_domain::china;
use aftercare_domain::contact::{Channel, Fit, Gate, Judgement, Level, Reason, Situation, Why};
use aftercare_domain::id::Id;
use aftercare_domain::people::{Action, Role, Team, policy::Object};
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_domain::time::{Micros, Span};
use aftercare_store::{Row, Tx, values};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Contacts looked at: enough for any day's count.
const RECENT: i64 = 200;
/// An answer is what follows the buyer's message within this time.
const ANSWERS: Span = Span::hours(1);
/// How often proof is asked for on one case.
const EVIDENCE_AT_MOST: u32 = 1;
/// The mark of a contact that asked for proof.
pub(crate) const EVIDENCE_ASKED: &str = "evidence_asked";

/// A text to be looked at before it is sent.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckContact {
    /// chat, phone, sms, mail, portal, platform.
    pub channel: String,
    /// The words.
    pub text: String,
    /// The script they come from.
    #[serde(default)]
    pub script: Option<String>,
    /// The shop's own text they come from.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub knowledge: Option<Id>,
    /// What it would do, e.g. `evidence_asked`.
    #[serde(default)]
    pub marks: Vec<String>,
}

/// The gate's channel for a channel's name in the API.
pub(crate) fn channel(name: &str) -> Result<Channel> {
    match name {
        "mail" => Some(Channel::Email),
        "agent" => Some(Channel::Hand),
        other => Channel::parse(other),
    }
    .ok_or_else(|| bad_input("channel", "chat, phone, sms, mail, portal, platform, agent or api"))
}

/// One contact as far as the gate looks at it.
struct Said {
    at: Micros,
    out: bool,
    channel: String,
    asked_proof: bool,
}

/// What the recent contacts come to.
#[derive(Default)]
struct Talk {
    buyer_wrote: Option<(Micros, bool)>,
    unasked_today: u32,
    proof_asked: u32,
}

fn talk(tx: &mut Tx<'_>, case: &CaseRow, channel: &str, now: Micros) -> Result<Talk> {
    let sql = "SELECT at, direction, channel, marks FROM contact WHERE shop_id = $1 AND case_id = $2 AND (direction = 'in' OR sent_at IS NOT NULL)
        ORDER BY id DESC LIMIT $3";
    let read = |row: &Row| {
        let marks: Value = row.get(3)?;
        let asked_proof = marks.as_array().is_some_and(|all| all.iter().any(|mark| mark == EVIDENCE_ASKED));
        Ok(Said { at: row.get(0)?, out: row.get::<String>(1)? == "out", channel: row.get(2)?, asked_proof })
    };
    let mut all = tx.query(sql, &values![case.shop, case.id, RECENT], read)?;
    all.reverse();
    let midnight = china::midnight(now);
    let mut talk = Talk::default();
    for said in all {
        if !said.out {
            talk.buyer_wrote = Some((said.at, true));
            continue;
        }
        let answers = talk.buyer_wrote.is_some_and(|(at, unanswered)| unanswered || said.at <= at + ANSWERS);
        talk.buyer_wrote = talk.buyer_wrote.map(|(at, _)| (at, false));
        // a call counts whatever it answers: it rings
        if said.at >= midnight && said.channel == channel && (channel == "phone" || !answers) {
            talk.unasked_today += 1;
        }
        talk.proof_asked += u32::from(said.asked_proof);
    }
    Ok(talk)
}

fn yes(case: &CaseRow, fact: &str) -> bool {
    case.facts.get(fact) == Some(&Value::Bool(true))
}

/// Numbers that belong to the matter and are no personal data.
fn known(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<String>> {
    let mut known = vec![case.order_no.clone()];
    if let Some(order) = case.order {
        let sql = "SELECT waybill FROM parcel WHERE shop_id = $1 AND order_id = $2 ORDER BY id LIMIT 50";
        known.extend(tx.query(sql, &values![case.shop, order], |row| row.get::<String>(0))?);
    }
    let own = "SELECT waybill FROM parcel WHERE shop_id = $1 AND case_id = $2 ORDER BY id LIMIT 50";
    known.extend(tx.query(own, &values![case.shop, case.id], |row| row.get::<String>(0))?);
    known.retain(|number| !number.is_empty());
    Ok(known)
}

fn promised(tx: &mut Tx<'_>, case: &CaseRow) -> Result<Vec<(Team, Micros)>> {
    let sql = "SELECT team, due_at FROM promise WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL ORDER BY id LIMIT 50";
    let rows = tx.query(sql, &values![case.shop, case.id], |row| Ok((row.get::<String>(0)?, row.get::<Micros>(1)?)))?;
    Ok(rows.into_iter().filter_map(|(team, due)| Some((Team::parse(&team)?, due))).collect())
}

/// What is about to be said, and by whom.
pub(crate) struct About<'a> {
    pub(crate) channel: &'a str,
    pub(crate) text: &'a str,
    pub(crate) marks: &'a [String],
    pub(crate) role: Role,
    pub(crate) now: Micros,
    pub(crate) fit: Fit,
}

/// Judges one outbound contact on a case.
pub(crate) fn judge(tx: &mut Tx<'_>, case: &CaseRow, about: About<'_>) -> Result<Judgement> {
    let talk = talk(tx, case, about.channel, about.now)?;
    let no_contact = match case.buyer {
        Some(buyer) => {
            let sql = "SELECT no_contact FROM buyer WHERE shop_id = $1 AND id = $2";
            tx.query_opt(sql, &values![case.shop, buyer], |row| row.get::<bool>(0))?.unwrap_or(false)
        }
        None => false,
    };
    let (known, promised) = (known(tx, case)?, promised(tx, case)?);
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    Ok(Gate::china().judge(&Situation {
        channel: channel(about.channel)?,
        text: about.text,
        now: about.now,
        offset_min: china::OFFSET_MIN,
        role: about.role,
        buyer_wrote: talk.buyer_wrote,
        wants_call: yes(case, "buyer.wants_call"),
        no_contact: no_contact || yes(case, "buyer.no_contact"),
        done_today: talk.unasked_today,
        asks_evidence: about.marks.iter().any(|mark| mark == EVIDENCE_ASKED),
        evidence_asked: talk.proof_asked,
        evidence_at_most: EVIDENCE_AT_MOST,
        fit: about.fit,
        known: &known,
        promised: &promised,
    }))
}

/// A judgement as callers read it.
pub(crate) fn shown(judgement: &Judgement) -> Value {
    let reason = |reason: &Reason| {
        json!({ "code": reason.why, "message": reason.why.zh(), "message_en": reason.why.en(), "level": reason.level, "final": reason.is_final,
            "allowed_from": reason.allowed_from, "found": reason.found, "proposal": reason.proposal })
    };
    let reasons: Vec<Value> = judgement.reasons.iter().map(reason).collect();
    json!({ "verdict": judgement.verdict, "reasons": reasons, "allowed_from": judgement.allowed_from, "may_be_lifted": judgement.may_be_lifted() })
}

/// Codes of what stands against it, for the record; never the words found.
pub(crate) fn codes(judgement: &Judgement) -> Vec<&'static str> {
    judgement.reasons.iter().map(|reason| reason.why.as_str()).collect()
}

/// The refusal of a contact.
pub(crate) fn refusal(judgement: &Judgement) -> Refusal {
    let against: Vec<Why> = judgement.reasons.iter().filter(|r| r.level == Level::Refuse).map(|r| r.why).collect();
    let names: Vec<&str> = against.iter().map(|why| why.as_str()).collect();
    let code = if judgement.may_be_lifted() { Code::ContactRefused } else { Code::ContactForbidden };
    let refusal = Refusal::new(code).with("reasons", names.join(", "));
    match judgement.allowed_from {
        Some(from) => refusal.with("allowed_from", from),
        None => refusal,
    }
}

/// Lets a contact pass, or refuses it. An override needs a person who may, is recorded by name and counted.
pub(crate) fn pass(change: &mut Change<'_, '_>, judgement: &Judgement, overridden: bool) -> Result<()> {
    if judgement.verdict != Level::Refuse {
        return Ok(());
    }
    if !overridden || !judgement.may_be_lifted() {
        return Err(refusal(judgement).into());
    }
    let object = Object::case(change.case.shop, change.case.owner);
    change.context.actor.may(Action::OverrideGate, &object)?;
    change.event("gate_overridden", json!({ "reasons": codes(judgement) }));
    let (shop, role) = (change.case.shop, change.context.actor.role_name());
    change.tx.count(shop, "gate_overridden", role, 1, 0);
    Ok(())
}

impl Desk {
    /// What the gate says to a text; nothing is sent or recorded.
    pub async fn check_contact(&self, context: &Context, at: CaseRef, input: CheckContact) -> Result<Value> {
        context.actor.may(Action::Contact, &Object::shop("case", at.shop))?;
        channel(&input.channel)?;
        let (now, role, playbooks) = (context.now, context.actor.who.role, self.playbooks.clone());
        let actor = context.actor.clone();
        self.store
            .read(move |tx| {
                let case = CaseRow::load(tx, at.shop, at.id)?;
                let of = Use { script: input.script.as_deref(), channel: channel(&input.channel)?, text: &input.text };
                let used = script::looked_at(tx, &playbooks, &case, of, now)?;
                let own = knowledge::looked_at(tx, &case, &actor, knowledge::Said { knowledge: input.knowledge, text: &input.text })?;
                let fit = own.unwrap_or(used.fit);
                let mut marks = super::contact::marks(&input.marks)?;
                marks.extend(used.marks);
                let about = About { channel: &input.channel, text: &input.text, marks: &marks, role, now, fit };
                Ok::<_, Error>(shown(&judge(tx, &case, about)?))
            })
            .await
    }
}
