//! Remedies proposed to the buyer (协商方案). One file per command; the row as its commands need it is here.
//!
//! Owns the offer rows and their timers. What an offer may cost is authority's decision, what a rung says the playbook's.

pub(crate) mod acts;
pub mod answer;
pub mod draft;
mod rung;
pub mod send;
mod view;

pub(crate) use view::shown;

use crate::case::open::LineQuantity;
use crate::command::Change;
use crate::error::{Result, bad_input, not_found};
use crate::timer::Timer;
use aftercare_domain::id::Id;
use aftercare_domain::money::restated;
use aftercare_domain::offer::{Content, Offer, State};
use aftercare_domain::people::Team;
use aftercare_domain::playbook::table::Act;
use aftercare_domain::playbook::value::money_in_full;
use aftercare_domain::time::{Micros, Span};
use aftercare_store::{DbError, Row, values};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The words of an offer, sealed as one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Words {
    pub(crate) what: String,
    pub(crate) why: String,
    pub(crate) by_when: Option<Micros>,
    pub(crate) buyer_must: String,
    pub(crate) follows: String,
    /// Of the promise that acceptance makes.
    #[serde(default)]
    pub(crate) promise: String,
}

impl Words {
    /// The five parts as the domain checks them.
    pub(crate) fn content(&self) -> Content {
        Content {
            what: self.what.clone(),
            why: self.why.clone(),
            by_when: self.by_when,
            buyer_must: self.buyer_must.clone(),
            then: self.follows.clone(),
        }
    }

    /// The same words with the amount and the time of this offer in them.
    ///
    /// # Errors
    /// `bad_input` for a part that still has a hole: half a sentence is not sent to a buyer.
    pub(crate) fn filled(self, amount_minor: i64, due: Micros) -> Result<Self> {
        let amount = (amount_minor > 0).then(|| money_in_full(amount_minor));
        let fill = |field: &'static str, text: String| {
            let text = amount.as_ref().map_or_else(|| text.clone(), |amount| text.replace("{offer.amount}", amount));
            let text = text.replace("{offer.due}", &crate::promise::ladder::local(due));
            match hole(&text) {
                Some(hole) => Err(bad_input(field, format!("{hole} still has to be filled in"))),
                None => Ok(text),
            }
        };
        Ok(Self {
            what: fill("what", self.what)?,
            why: fill("why", self.why)?,
            by_when: self.by_when,
            buyer_must: fill("buyer_must", self.buyer_must)?,
            follows: fill("follows", self.follows)?,
            promise: fill("promise", self.promise)?,
        })
    }

    /// The same words for another amount, as it was approved: what the buyer reads is what is paid.
    pub(crate) fn for_amount(self, from_minor: i64, to_minor: i64) -> Self {
        let put = |text: String| restated(&text, from_minor, to_minor);
        Self {
            what: put(self.what),
            why: put(self.why),
            by_when: self.by_when,
            buyer_must: put(self.buyer_must),
            follows: put(self.follows),
            promise: put(self.promise),
        }
    }

    /// As the buyer reads it.
    pub(crate) fn text(&self) -> String {
        let by = self.by_when.map(|at| format!("我们在{}前办好。", crate::promise::ladder::local(at))).unwrap_or_default();
        format!("{}\n{}\n{by}\n您需要做的：{}\n之后：{}", self.what, self.why, self.buyer_must, self.follows)
    }
}

/// The first place that is still to be filled in: a name in braces.
fn hole(text: &str) -> Option<&str> {
    text.match_indices('{').find_map(|(from, _)| {
        let to = from + text[from..].find('}')?;
        let name = &text[from + 1..to];
        let named = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b == b'.');
        named.then(|| &text[from..=to])
    })
}

/// An offer as stored.
pub(crate) struct Stored {
    pub(crate) id: Id,
    pub(crate) offer: Offer,
    pub(crate) rung: String,
    pub(crate) remedy: String,
    pub(crate) means: String,
    pub(crate) amount_minor: i64,
    pub(crate) lines: Vec<LineQuantity>,
    pub(crate) words: Words,
    pub(crate) promise: Option<(Team, Span)>,
    pub(crate) acts: Vec<Act>,
}

fn list<T: serde::de::DeserializeOwned>(value: Value) -> std::result::Result<T, DbError> {
    serde_json::from_value(value).map_err(|e| DbError::Shape(e.to_string()))
}

/// The offer, locked with its case.
pub(crate) fn load(change: &mut Change<'_, '_>, id: Id) -> Result<Stored> {
    let sql = "SELECT state, valid_until, remedy, means, amount_minor, lines, text_sealed, promise_team, promise_within_us, acts, rung
        FROM offer WHERE shop_id = $1 AND case_id = $2 AND id = $3";
    let key = change.key()?;
    let read = |row: &Row| {
        let state: String = row.get(0)?;
        let words = match row.get::<Option<Vec<u8>>>(6)? {
            Some(sealed) => serde_json::from_str(&key.open("offer.text", &sealed)?).map_err(|e| DbError::Shape(e.to_string()))?,
            None => Words::default(),
        };
        let acts: Vec<String> = list(row.get(9)?)?;
        let team = Team::parse(&row.get::<String>(7)?);
        Ok(Stored {
            id,
            offer: Offer {
                state: State::parse(&state).ok_or_else(|| DbError::Shape(format!("offer in state {state}")))?,
                valid_until: row.get(1)?,
            },
            rung: row.get(10)?,
            remedy: row.get(2)?,
            means: row.get(3)?,
            amount_minor: row.get(4)?,
            lines: list(row.get(5)?)?,
            words,
            promise: team.zip(row.get::<Option<i64>>(8)?.map(Span)),
            acts: acts.iter().filter_map(|act| Act::parse(act)).collect(),
        })
    };
    change.tx.query_opt(sql, &values![change.case.shop, change.case.id, id], read)?.ok_or_else(|| not_found("offer"))
}

/// Its validity has passed without an answer.
pub(crate) fn on_timer(change: &mut Change<'_, '_>, timer: &Timer) -> Result<()> {
    let stored = load(change, timer.subject)?;
    let Some(expired) = stored.offer.run_out(change.context.now) else { return Ok(()) };
    let sql = "UPDATE offer SET state = $4 WHERE shop_id = $1 AND case_id = $2 AND id = $3";
    change.tx.execute(sql, &values![change.case.shop, change.case.id, stored.id, expired.state.as_str()])?;
    change.event("offer_expired", json!({ "offer": stored.id }));
    Ok(())
}
