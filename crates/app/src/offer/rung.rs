//! An offer out of a rung of the ladder: whatever the person did not say is what the playbook says, filled in with what is known.
//!
//! Owns the way from a rung to a draft. A rung that is not possible may be offered all the same; its hard limit binds.

use super::Words;
use super::acts::of_remedy;
use super::draft::{Draft, NewOffer, means};
use crate::case::open::LineQuantity;
use crate::command::Change;
use crate::error::{Result, bad_input, not_found};
use crate::playbook::after;
use crate::promise::by_hand::team;
use aftercare_domain::people::Team;
use aftercare_domain::playbook::Text;
use aftercare_domain::playbook::answer::{Chosen, RungNow};
use aftercare_domain::time::Span;
use serde_json::Value;

/// The draft of `input` on the rung it names.
pub(super) fn draft(change: &mut Change<'_, '_>, input: &NewOffer, rung: &str) -> Result<Draft> {
    let Some(look) = after::look(change)? else { return Err(not_found("rung")) };
    let chosen = Chosen { amount_minor: input.amount_minor, due_at: input.by_when };
    let rung = look.book.asking(&look.facts).one_rung(rung, chosen).ok_or_else(|| not_found("rung"))?;
    let given = input.means.as_deref().or(rung.means.first().map(|means| means.as_str()));
    let amount_minor = match rung.amount_minor {
        Some(amount) => amount,
        // an amount that cannot be told has to be said; an offer without money has none
        None if rung.because.iter().any(|line| line.line.en.starts_with("amount ")) => {
            return Err(bad_input("amount_minor", "the playbook cannot tell it yet; say how much"));
        }
        None => 0,
    };
    let asked = look.known.requests.iter().rev().find(|request| request.open).map(|request| request.lines.clone());
    Ok(Draft {
        rung: rung.rung.to_owned(),
        remedy: rung.remedy,
        means: means(rung.remedy, given)?,
        amount_minor,
        cap_minor: rung.cap_minor,
        limit_minor: rung.limit_minor,
        lines: input.lines.clone().unwrap_or_else(|| lines(asked)),
        words: words(input, &rung, change.context.now),
        promise: promise(input, &rung)?,
        acts: if rung.then.is_empty() { of_remedy(rung.remedy) } else { rung.then.to_vec() },
    })
}

fn lines(asked: Option<Value>) -> Vec<LineQuantity> {
    asked.and_then(|lines| serde_json::from_value(lines).ok()).unwrap_or_default()
}

/// A part that a variable is missing of stays empty, and an offer with an empty part is not sent.
fn words(input: &NewOffer, rung: &RungNow<'_>, now: aftercare_domain::time::Micros) -> Words {
    let whole = |text: &Text| rung.missing.iter().all(|name| !text.zh.contains(&format!("{{{name}}}")));
    let say = |given: &Option<String>, text: &Option<Text>| {
        given.clone().or_else(|| text.as_ref().filter(|text| whole(text)).map(|text| text.zh.clone())).unwrap_or_default()
    };
    let promised = rung.promise.as_ref();
    Words {
        what: say(&input.what, &rung.what),
        why: say(&input.why, &rung.why),
        by_when: input.by_when.or(promised.map(|promise| promise.due_at)).or(rung.takes_h.map(|hours| now + Span::hours(hours))),
        buyer_must: say(&input.buyer_must, &rung.buyer_must),
        follows: say(&input.follows, &rung.follows),
        promise: say(&input.promise.as_ref().map(|promise| promise.text.clone()), &promised.map(|promise| promise.text.clone())),
    }
}

fn promise(input: &NewOffer, rung: &RungNow<'_>) -> Result<Option<(Team, Span)>> {
    match (&input.promise, &rung.promise) {
        (Some(own), _) => Ok(Some((team(&own.team)?, Span::hours(own.within_h)))),
        (None, Some(promise)) => Ok(Some((promise.team, Span::hours(promise.within_h)))),
        (None, None) => Ok(None),
    }
}
