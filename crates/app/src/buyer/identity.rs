//! One person, several identities (一人多号): proposals with what speaks for them, a person's word on each, the joined history.
//!
//! Owns the links. A link joins what is shown and nothing else: limits, money and what a buyer may ask are those of each identity.

use super::mark::{self, ShownMark};
use super::view;
use crate::command::Repeat;
use crate::error::{Error, Result, bad_input, not_found};
use crate::{Context, Desk, audit};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::identity::{Signal, proposes};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::time::Micros;
use aftercare_store::vault::Vault;
use aftercare_store::{DbError, Row, Tx, values};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Buyers looked at for one signal in one shop.
const LOOKED_AT: i64 = 20;
/// Identities of one person at most.
const IDENTITIES: usize = 10;
/// Cases of the joined history.
const HISTORY: usize = 50;

/// An identity in a shop.
type Place = (ShopId, Id);

/// A person's word on two identities.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgeIdentity {
    /// The shop's code of the other identity.
    pub shop: String,
    /// The other identity.
    #[schema(value_type = String, format = "uuid")]
    pub buyer: Id,
    /// `same`, `apart`, or `open` to take back what was said.
    pub verdict: String,
}

/// Another identity.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Identity {
    /// Its shop's code.
    pub shop: String,
    /// The shop's name.
    pub shop_title: String,
    /// The buyer there.
    #[schema(value_type = String, format = "uuid")]
    pub buyer: Id,
    /// Masked.
    pub masked_name: String,
    /// Masked.
    pub masked_phone: String,
    /// What both share: account, phone, phone_tail, name, order.
    pub signals: Vec<&'static str>,
    /// Who said so; absent for a proposal.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub by_id: Option<Id>,
    /// When.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub at: Option<Micros>,
}

/// What the shop knows of the person behind a buyer.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Person {
    /// Identities that somebody confirmed.
    pub linked: Vec<Identity>,
    /// Identities that may be the same person; nobody has said.
    pub proposed: Vec<Identity>,
    /// Cases of all confirmed identities, newest first.
    #[schema(value_type = Vec<Object>)]
    pub history: Vec<Value>,
    /// Marks of all confirmed identities that have not ended.
    pub marks: Vec<ShownMark>,
}

impl Desk {
    /// The person behind a buyer, as far as the actor's shops go.
    pub async fn person(&self, context: &Context, shop: ShopId, buyer: Id) -> Result<Person> {
        context.actor.may(Action::ReadCase, &Object::shop("buyer", shop))?;
        let (frame, vault) = (context.clone(), self.vault.clone());
        self.store
            .read(move |tx| {
                let mine = Facts::load(tx, &vault, (shop, buyer))?.ok_or_else(|| not_found("buyer"))?;
                let shops = titles(tx, &frame)?;
                let known = linked(tx, &frame, (shop, buyer))?;
                let mut candidates = candidates(tx, &vault, &shops, (shop, buyer), &mine)?;
                let said = said_of(tx, (shop, buyer))?;
                candidates.retain(|place, signals| !known.contains_key(place) && !said.contains(place) && proposes(signals));
                let mut person = Person { linked: vec![], proposed: vec![], history: vec![], marks: vec![] };
                for (place, (signals, by, at)) in &known {
                    person.linked.extend(identity(tx, &shops, *place, signals, Some(*by), Some(*at))?);
                }
                for (place, signals) in candidates.into_iter().take(IDENTITIES) {
                    person.proposed.extend(identity(tx, &shops, place, &signals, None, None)?);
                }
                for (of, id) in std::iter::once((shop, buyer)).chain(known.into_keys()) {
                    let code = shops.get(&of).map(|(code, _)| code.clone()).unwrap_or_default();
                    let mut cases = view::history(tx, of, id)?;
                    cases.as_array_mut().into_iter().flatten().for_each(|case| case["shop"] = code.clone().into());
                    person.history.extend(cases.as_array().cloned().unwrap_or_default());
                    person.marks.extend(mark::of_buyer(tx, &vault, of, id, frame.now)?);
                }
                person.history.sort_by(|one, other| other["opened_at"].as_str().cmp(&one["opened_at"].as_str()));
                person.history.truncate(HISTORY);
                Ok::<_, Error>(person)
            })
            .await
    }

    /// Keeps what a person says of two identities; `open` takes it back.
    pub async fn judge_identity(&self, context: &Context, shop: ShopId, buyer: Id, input: JudgeIdentity) -> Result<()> {
        context.actor.may(Action::MarkBuyer, &Object::shop("buyer", shop))?;
        let other_shop = self.shop_by_code(&input.shop).await?.ok_or_else(|| not_found("buyer"))?;
        context.actor.may(Action::MarkBuyer, &Object::shop("buyer", other_shop))?;
        if !["same", "apart", "open"].contains(&input.verdict.as_str()) {
            return Err(bad_input("verdict", "same, apart or open"));
        }
        let (one, other) = ((shop, buyer), (other_shop, input.buyer));
        if one == other {
            return Err(bad_input("buyer", "another identity"));
        }
        let repeat = Repeat::of(context, format!("identity/{buyer}"), &input);
        let (frame, vault) = (context.clone(), self.vault.clone());
        self.command(context, repeat, move |tx| {
            let (now, who) = (frame.now, frame.actor.id());
            let mine = Facts::load(tx, &vault, one)?.ok_or_else(|| not_found("buyer"))?;
            let theirs = Facts::load(tx, &vault, other)?.ok_or_else(|| not_found("buyer"))?;
            unlink(tx, one, other)?;
            let signals = mine.shared_with(&theirs);
            let names: Vec<&str> = signals.iter().map(|signal| signal.as_str()).collect();
            if input.verdict != "open" {
                for (from, to) in [(one, other), (other, one)] {
                    const COLUMNS: &[&str] =
                        &["shop_id", "buyer_id", "other_shop_id", "other_buyer_id", "verdict", "signals", "by_id", "at"];
                    tx.insert("identity_link", COLUMNS, values![from.0, from.1, to.0, to.1, &input.verdict, names.join(" "), who, now]);
                }
            }
            let payload = json!({ "other_shop": other.0, "other": other.1, "verdict": input.verdict, "signals": names });
            audit::note(tx, &frame.actor, Some(shop), "identity_judged", &buyer.to_string(), &payload, now);
            Ok(())
        })
        .await
    }
}

/// What is compared of a buyer.
struct Facts {
    account: Option<[u8; 32]>,
    phone: Option<[u8; 32]>,
    tail: Option<[u8; 32]>,
    /// In full, opened for the comparison alone.
    name: String,
}

impl Facts {
    fn load(tx: &mut Tx<'_>, vault: &Vault, (shop, id): Place) -> Result<Option<Self>> {
        let sql = "SELECT b.external_hash, b.phone_hash, b.phone_tail_hash, b.sealed, k.wrapped FROM buyer b
            LEFT JOIN data_key k ON k.shop_id = b.shop_id AND k.id = b.key_id WHERE b.shop_id = $1 AND b.id = $2";
        let read = |row: &Row| {
            let sealed: Option<Vec<u8>> = row.get::<Option<Vec<u8>>>(4)?;
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<Vec<u8>>(3)?, sealed))
        };
        let Some((account, phone, tail, sealed, wrapped)) = tx.query_opt(sql, &values![shop, id], read)? else { return Ok(None) };
        // Whoever was erased has no name any more, and shares nothing with anybody.
        let key = wrapped.map(|wrapped| vault.unwrap_data_key(&wrapped)).transpose()?;
        let text = key.and_then(|key| key.open("buyer", &sealed).ok()).unwrap_or_default();
        let record: Value = serde_json::from_str(&text).unwrap_or_default();
        let name = record["name"].as_str().unwrap_or_default().trim().to_owned();
        Ok(Some(Self { account, phone, tail, name }))
    }

    fn shared_with(&self, other: &Self) -> BTreeSet<Signal> {
        let same = |one: Option<[u8; 32]>, two: Option<[u8; 32]>| one.is_some() && one == two;
        let all = [
            (Signal::Account, same(self.account, other.account)),
            (Signal::Phone, same(self.phone, other.phone)),
            (Signal::PhoneTail, same(self.tail, other.tail)),
            (Signal::Name, !self.name.is_empty() && self.name == other.name),
        ];
        all.into_iter().filter(|(_, there)| *there).map(|(signal, _)| signal).collect()
    }
}

/// The actor's shops: code and name.
fn titles(tx: &mut Tx<'_>, context: &Context) -> Result<BTreeMap<ShopId, (String, String)>> {
    let read = |row: &Row| Ok((row.get::<ShopId>(0)?, (row.get(1)?, row.get(2)?)));
    let all = tx.query("SELECT id, code, title FROM shop ORDER BY id", &values![], read)?;
    Ok(all.into_iter().filter(|(shop, _)| context.actor.sees(*shop)).collect())
}

/// Buyers of the actor's shops that share something with this one.
fn candidates(
    tx: &mut Tx<'_>,
    vault: &Vault,
    shops: &BTreeMap<ShopId, (String, String)>,
    own: Place,
    mine: &Facts,
) -> Result<BTreeMap<Place, BTreeSet<Signal>>> {
    let mut found: BTreeSet<Place> = BTreeSet::new();
    let ways = [
        ("SELECT id FROM buyer WHERE shop_id = $1 AND external_hash = $2 LIMIT $3", mine.account),
        ("SELECT id FROM buyer WHERE shop_id = $1 AND phone_hash = $2 LIMIT $3", mine.phone),
        ("SELECT id FROM buyer WHERE shop_id = $1 AND phone_tail_hash = $2 LIMIT $3", mine.tail),
    ];
    for shop in shops.keys() {
        for (sql, hash) in ways.iter().filter_map(|(sql, hash)| Some((sql, (*hash)?))) {
            let ids = tx.query(sql, &values![*shop, hash, LOOKED_AT], |row| row.get::<Id>(0))?;
            found.extend(ids.into_iter().map(|id| (*shop, id)));
        }
    }
    let on_orders = "SELECT c.buyer_id FROM orders o JOIN cases c ON c.shop_id = o.shop_id AND c.order_id = o.id AND c.order_id IS NOT NULL
        WHERE o.shop_id = $1 AND o.buyer_id IS NOT NULL AND o.buyer_id = $2 AND c.buyer_id IS NOT NULL LIMIT $3";
    let beside = tx.query(on_orders, &values![own.0, own.1, LOOKED_AT], |row| row.get::<Id>(0))?;
    let beside: BTreeSet<Place> = beside.into_iter().map(|id| (own.0, id)).collect();
    found.extend(beside.iter().copied());
    found.remove(&own);
    let mut signals = BTreeMap::new();
    for place in found {
        let Some(theirs) = Facts::load(tx, vault, place)? else { continue };
        let mut shared = mine.shared_with(&theirs);
        if beside.contains(&place) {
            shared.insert(Signal::Order);
        }
        signals.insert(place, shared);
    }
    Ok(signals)
}

type Said = (BTreeSet<Signal>, Id, Micros);

/// Every identity that is linked with this one, by whatever way, in shops the actor sees.
fn linked(tx: &mut Tx<'_>, context: &Context, own: Place) -> Result<BTreeMap<Place, Said>> {
    let (mut known, mut ask) = (BTreeMap::new(), vec![own]);
    while let Some((shop, buyer)) = ask.pop() {
        let sql = "SELECT other_shop_id, other_buyer_id, signals, by_id, at FROM identity_link
            WHERE shop_id = $1 AND buyer_id = $2 AND verdict = 'same' LIMIT $3";
        let read = |row: &Row| {
            let signals: String = row.get(2)?;
            let place: Place = (row.get(0)?, row.get(1)?);
            Ok((place, (signals.split_whitespace().filter_map(Signal::parse).collect(), row.get(3)?, row.get(4)?)))
        };
        for (place, said) in tx.query(sql, &values![shop, buyer, LOOKED_AT], read)? {
            let fresh = place != own && !known.contains_key(&place) && context.actor.sees(place.0);
            if fresh && known.len() < IDENTITIES {
                known.insert(place, said);
                ask.push(place);
            }
        }
    }
    Ok(known)
}

/// Identities of which somebody said something already.
fn said_of(tx: &mut Tx<'_>, (shop, buyer): Place) -> Result<BTreeSet<Place>> {
    let sql = "SELECT other_shop_id, other_buyer_id FROM identity_link WHERE shop_id = $1 AND buyer_id = $2 LIMIT 200";
    Ok(tx.query(sql, &values![shop, buyer], |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect())
}

fn identity(
    tx: &mut Tx<'_>,
    shops: &BTreeMap<ShopId, (String, String)>,
    (shop, buyer): Place,
    signals: &BTreeSet<Signal>,
    by_id: Option<Id>,
    at: Option<Micros>,
) -> Result<Option<Identity>> {
    let Some((code, title)) = shops.get(&shop) else { return Ok(None) };
    let sql = "SELECT name_masked, phone_masked FROM buyer WHERE shop_id = $1 AND id = $2";
    let read = |row: &Row| Ok((row.get::<String>(0)?, row.get::<String>(1)?));
    let found: std::result::Result<_, DbError> = tx.query_opt(sql, &values![shop, buyer], read);
    let signals = signals.iter().map(|signal| signal.as_str()).collect();
    Ok(found?.map(|(masked_name, masked_phone)| Identity {
        shop: code.clone(),
        shop_title: title.clone(),
        buyer,
        masked_name,
        masked_phone,
        signals,
        by_id,
        at,
    }))
}

fn unlink(tx: &mut Tx<'_>, one: Place, other: Place) -> Result<()> {
    for (from, to) in [(one, other), (other, one)] {
        let sql = "DELETE FROM identity_link WHERE shop_id = $1 AND buyer_id = $2 AND other_shop_id = $3 AND other_buyer_id = $4";
        tx.execute(sql, &values![from.0, from.1, to.0, to.1])?;
    }
    Ok(())
}

/// An erased buyer is nobody's other identity any more.
pub(super) fn forget(tx: &mut Tx<'_>, shop: ShopId, buyer: Id) -> Result<()> {
    for other in said_of(tx, (shop, buyer))? {
        unlink(tx, (shop, buyer), other)?;
    }
    Ok(())
}
