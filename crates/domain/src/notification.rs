//! What a colleague is told of inside the desk (通知). Owns the kinds, and which events of a case reach those who watch it.

use crate::id::Id;
use crate::names::names;

names! {
    /// Why somebody is told.
    Kind {
        Mention, "mention", "提到您";
        Assigned, "assigned", "交给您";
        Later, "later", "您写的定时消息";
        Watched, "watched", "您关注的单";
        Webhook, "webhook", "事件推送";
    }
}

/// Events of which watchers are told, the most telling first: one change is one notification, about the first of these in it.
const TELLING: &[&str] = &[
    "promise_broken",
    "effect_unknown",
    "effect_needs_person",
    "refund_rejected",
    "payout_rejected",
    "contact_in",
    "offer_answered",
    "refund_asked",
    "payout_asked",
    "taken_back",
    "refund_done",
    "payout_done",
    "case_closed",
    "case_reopened",
    "case_merged",
    "assigned",
    "note_added",
    "contact_out",
    "request_opened",
];

/// The one event of a change that is told; none where nothing of it concerns whoever only watches.
pub fn telling<'a>(events: impl Iterator<Item = &'a str> + Clone) -> Option<&'static str> {
    TELLING.iter().copied().find(|kind| events.clone().any(|event| event == *kind))
}

/// A colleague who can be named in a note.
#[derive(Clone, Debug)]
pub struct Colleague {
    /// Who.
    pub id: Id,
    /// The name to sign in with.
    pub name: String,
    /// As colleagues call them.
    pub display_name: String,
}

/// Colleagues named at most in one note; more are not told.
const MENTIONED: usize = 10;

/// Whom a note names by `@` and a name; of two names that fit, the longer one is meant. A name that several bear means all of them.
pub fn mentioned(text: &str, colleagues: &[Colleague]) -> Vec<Id> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(['@', '＠']) {
        let after = text[at..].trim_start_matches(['@', '＠']);
        let fits = |name: &str| !name.is_empty() && after.starts_with(name) && ends(&after[name.len()..], name);
        let length = |one: &Colleague| [&one.name, &one.display_name].into_iter().filter(|name| fits(name)).map(String::len).max();
        let Some(longest) = colleagues.iter().filter_map(length).max() else { continue };
        for one in colleagues.iter().filter(|one| length(one) == Some(longest)) {
            if !found.contains(&one.id) && found.len() < MENTIONED {
                found.push(one.id);
            }
        }
    }
    found
}

/// A name in letters ends where the letters do; one in characters ends anywhere.
fn ends(rest: &str, name: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    !(name.chars().next_back().is_some_and(letter) && rest.chars().next().is_some_and(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_named_in_a_note() {
        let one =
            |n: u8, name: &str, display: &str| Colleague { id: Id::from_bytes([n; 16]), name: name.into(), display_name: display.into() };
        let all = [one(1, "lin", "林小满"), one(2, "linda", "林小"), one(3, "qin", "秦可"), one(4, "wang2", "秦可")];
        let check = |text: &str, expect: &[u8]| {
            let found: Vec<u8> = mentioned(text, &all).iter().map(|id| id.bytes()[0]).collect();
            assert_eq!(found, expect, "{text}");
        };
        check("@林小满 麻烦看一下", &[1]);
        check("@林小满麻烦看一下，@秦可", &[1, 3, 4]);
        check("@林小 看", &[2]);
        check("＠lin 看", &[1]);
        check("@linda看 @lin", &[2, 1]);
        check("@lindas 看", &[]);
        check("邮箱 a@lin.com", &[1]);
        check("没有人 @ 谁", &[]);
        check("@林小满 @林小满", &[1]);
    }

    #[test]
    fn the_most_telling_event_of_a_change() {
        let check = |events: &[&str], expect: Option<&str>| assert_eq!(telling(events.iter().copied()), expect, "{events:?}");
        check(&["deadline_opened", "contact_in", "stage_changed"], Some("contact_in"));
        check(&["note_added", "promise_broken"], Some("promise_broken"));
        check(&["effect_planned", "refund_asked"], Some("refund_asked"));
        check(&["deadline_opened", "units_taken"], None);
        check(&[], None);
    }
}
