//! Remarks and flags on an order (备注、插旗): kept here with agent number and time, and put on the platform's order. Owns the remark rows.

use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::effect::{self, NewEffect};
use crate::error::{Result, bad_input, not_found};
use crate::search::Words;
use crate::{Context, Desk};
use aftercare_domain::effect::Kind;
use aftercare_domain::id::Id;
use aftercare_domain::order::Flag;
use aftercare_domain::people::Action;
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Words to append.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRemark {
    /// What the next person has to know; sealed.
    pub text: String,
}

/// A flag to set.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFlag {
    /// `grey` (none), `red`, `yellow`, `green`, `blue`, `pink`; what a colour means is the shop's.
    pub flag: String,
}

/// Words by which a remark asks for a look at the quality before packing.
const QUALITY: &[&str] = &["检查质量", "质检"];
const FACT: &str = "stock.remark_on_parcel";
/// Somebody is on it.
pub(crate) const AT_WORK: Flag = Flag::Yellow;

const REMARK: &[&str] = &["shop_id", "order_id", "n", "case_id", "flag", "text_sealed", "agent_no", "actor_id", "at"];

/// Adds a remark, a flag, or both to the order of the case, here and on the platform; answers its number.
pub(crate) fn append(change: &mut Change<'_, '_>, text: Option<&str>, flag: Option<Flag>) -> Result<i64> {
    let order = change.case.order.ok_or_else(|| not_found("order"))?;
    let (shop, case, now) = (change.case.shop, change.case.id, change.context.now);
    // The order's row is the lock: numbers follow each other whatever case they come from.
    let lock = "SELECT flag FROM orders WHERE shop_id = $1 AND id = $2 FOR UPDATE";
    change.tx.query_opt(lock, &values![shop, order], |row| row.get::<i64>(0))?.ok_or_else(|| not_found("order"))?;
    let last = "SELECT n FROM remark WHERE shop_id = $1 AND order_id = $2 ORDER BY n DESC LIMIT 1";
    let n = change.tx.query_opt(last, &values![shop, order], |row| row.get::<i64>(0))?.unwrap_or(0) + 1;
    let key = change.key()?;
    let agent = change.context.actor.agent_no.clone();
    let sealed = text.map(|text| key.seal("remark.text", text));
    let actor = change.context.actor.stored_id();
    change.tx.insert("remark", REMARK, values![shop, order, n, case, flag.map(Flag::number), sealed, &agent, actor, now]);
    if let Some(text) = text {
        change.event("remark_added", json!({ "n": n }));
        let signed = format!("{text} — {agent} {}", crate::promise::ladder::local(now));
        let remark =
            NewEffect { text_sealed: Some(key.seal("effect.text", &signed)), ..NewEffect::new(Kind::Remark, name(order, "remark", n)) };
        call(change, remark)?;
        if QUALITY.iter().any(|word| text.contains(word)) {
            change.set_fact(FACT, true);
        }
    }
    if let Some(flag) = flag {
        change.tx.execute("UPDATE orders SET flag = $3 WHERE shop_id = $1 AND id = $2", &values![shop, order, flag.number()])?;
        change.event("flag_set", json!({ "n": n, "flag": flag.number() }));
        call(change, NewEffect { body: json!({ "flag": flag }), ..NewEffect::new(Kind::Flag, name(order, "flag", n)) })?;
    }
    Ok(n)
}

/// The remark that the goods are looked at before they leave, unless it is there already.
pub(crate) fn quality(change: &mut Change<'_, '_>, what: &str) -> Result<()> {
    let there = change.case.facts.get(FACT) == Some(&Value::Bool(true));
    if there || change.case.order.is_none() {
        return Ok(());
    }
    append(change, Some(&format!("看备注：检查质量再发（{what}）")), None).map(drop)
}

/// The platform's own note is housekeeping: it starts no work that somebody waits for.
fn call(change: &mut Change<'_, '_>, new: NewEffect) -> Result<Id> {
    let stage = change.case.stage.clone();
    let by_hand = effect::by_hand(change, new.kind)?;
    let id = effect::plan(change, NewEffect { by_hand, ..new })?;
    change.case.stage = stage;
    Ok(id)
}

fn name(order: Id, what: &str, n: i64) -> String {
    format!("{what}/{order}/{n}")
}

impl Desk {
    /// Appends a remark to the order, with agent number and time.
    pub async fn remark(&self, context: &Context, at: CaseRef, input: NewRemark) -> Result<Changed> {
        if input.text.trim().is_empty() || input.text.len() > 1_000 {
            return Err(bad_input("text", "1 to 1000 bytes"));
        }
        let repeat = Repeat::of(context, format!("remark/{}", at.id), &input);
        let words = Words::of(&self.vault, &input.text);
        self.change(context, at, Action::Remark, false, repeat, move |change| {
            change.must_be_open()?;
            words.put(change.tx, change.case.shop, change.case.id);
            let n = append(change, Some(input.text.trim()), None)?;
            Ok(json!({ "n": n }))
        })
        .await
    }

    /// Sets the order's flag.
    pub async fn flag(&self, context: &Context, at: CaseRef, input: NewFlag) -> Result<Changed> {
        let colours = || Flag::ALL.iter().map(|flag| flag.as_str()).collect::<Vec<_>>().join(", ");
        let flag = Flag::parse(&input.flag).ok_or_else(|| bad_input("flag", format!("one of {}", colours())))?;
        let repeat = Repeat::of(context, format!("flag/{}", at.id), &input);
        self.change(context, at, Action::Flag, false, repeat, move |change| {
            change.must_be_open()?;
            let n = append(change, None, Some(flag))?;
            Ok(json!({ "n": n }))
        })
        .await
    }
}
