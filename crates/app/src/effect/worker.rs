//! Carries out effects that are due: claim with lease and fence, call outside of any transaction, record the one answer.
//!
//! Owns the loop and the claims. Runs on every node. A claim raises the fence; an answer that comes back under an older fence, or after
//! somebody else has ended the effect, is kept as evidence and changes nothing.

use super::end::{Ending, end};
use super::row::Effect;
use crate::command::{self, CaseRef, Change};
use crate::error::{Error, Result};
use crate::platform::{Call, Platform, Reply};
use crate::safety::{Safety, holds};
use crate::{Context, Desk, policy, task};
use aftercare_domain::effect::{Answer, Class, Kind, Next, State, Step};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Action, Team};
use aftercare_domain::time::{Micros, Span};
use aftercare_store::{DbError, Row, Tx, values};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// Calls under way at once on one node.
const CALLS: i64 = 32;
/// How long a claim keeps others away; far longer than an adapter waits for an answer.
const LEASE: Span = Span::minutes(1);
/// The longest sleep: what another node has planned is seen at the latest then.
const POLL: Duration = Duration::from_secs(5);
/// The shortest sleep while something due is claimed elsewhere.
const PAUSE: Duration = Duration::from_millis(100);

/// Due, not claimed, and free to start: what waits for another effect starts after that one has succeeded.
const CLAIM: &str = "WITH due AS MATERIALIZED (
    SELECT e.shop_id AS due_shop, e.id AS due_id FROM effect e WHERE e.next_at <= $1 AND e.lease_until <= $1 AND e.manual = 0
      AND e.state IN ('held', 'queued', 'in_flight', 'unknown')
      AND (e.after_id IS NULL OR EXISTS (SELECT 1 FROM effect p WHERE p.shop_id = e.shop_id AND p.id = e.after_id AND p.state = 'succeeded'))
    ORDER BY e.next_at, e.id LIMIT $2 FOR UPDATE SKIP LOCKED)
  UPDATE effect SET fence = fence + 1, lease_until = $3, version = version + 1,
    attempt = attempt + CASE WHEN state IN ('held', 'queued') THEN 1 ELSE 0 END,
    asks = CASE WHEN state IN ('held', 'queued') THEN 0 ELSE asks + 1 END,
    state = CASE WHEN state IN ('held', 'queued') THEN 'in_flight' ELSE 'unknown' END
  FROM due WHERE shop_id = due_shop AND id = due_id
  RETURNING shop_id, id, case_id, order_id, kind, class, amount_minor, payment_no, body, text_sealed, state, attempt, asks, fence";

/// One claimed effect.
#[derive(Clone, Debug)]
struct Claim {
    at: CaseRef,
    effect: Id,
    order: Option<Id>,
    kind: Kind,
    class: Option<Class>,
    amount_minor: i64,
    payment_no: String,
    body: Value,
    text_sealed: Option<Vec<u8>>,
    first: bool,
    attempt: i64,
    asks: i64,
    fence: i64,
}

fn read(row: &Row) -> std::result::Result<Claim, DbError> {
    let (kind, class): (String, String) = (row.get(4)?, row.get(5)?);
    Ok(Claim {
        at: CaseRef { shop: row.get(0)?, id: row.get(2)? },
        effect: row.get(1)?,
        order: row.get(3)?,
        kind: Kind::parse(&kind).ok_or_else(|| DbError::Shape(format!("effect of kind {kind}")))?,
        class: Class::parse(&class),
        amount_minor: row.get(6)?,
        payment_no: row.get(7)?,
        body: row.get(8)?,
        text_sealed: row.get(9)?,
        first: row.get::<String>(10)? == State::InFlight.as_str(),
        attempt: row.get(11)?,
        asks: row.get(12)?,
        fence: row.get(13)?,
    })
}

/// A claim with everything its call needs.
struct Job {
    claim: Claim,
    step: Step,
    call: Call,
}

impl Desk {
    /// Carries out effects until the program ends. Start it once per node.
    pub async fn run_effects(self) {
        loop {
            let woken = self.work.notified();
            let mut sleep = POLL;
            match self.carry_out_due().await {
                Ok(_) => match self.next_effect().await {
                    Ok(Some(due)) => {
                        let ahead = u64::try_from((due - self.clock.now()).as_millis()).unwrap_or(0);
                        sleep = Duration::from_millis(ahead).clamp(PAUSE, POLL);
                    }
                    Ok(None) => {}
                    Err(error) => tracing::error!(%error, "effects cannot be read"),
                },
                Err(Error::Db(DbError::Closed)) => return,
                Err(error) => tracing::error!(%error, "effects cannot be claimed"),
            }
            // Both ends of the wait mean the same: look again.
            let _ = tokio::time::timeout(sleep, woken).await;
        }
    }

    /// Carries out everything due by the desk's clock; answers how many answers were recorded.
    pub async fn carry_out_due(&self) -> Result<usize> {
        let Some(platform) = &self.platform else { return Ok(0) };
        // After a restore nobody knows what was done since; a person compares with the platforms first.
        if self.store.paused().await?.is_some() {
            return Ok(0);
        }
        let (mut done, mut running) = (0, JoinSet::new());
        loop {
            // A slow call keeps its own place only: whatever else is due goes on.
            for job in self.claim_effects(CALLS - running.len() as i64).await? {
                let (desk, platform) = (self.clone(), platform.clone());
                running.spawn(async move { desk.carry_out(platform.as_ref(), job).await });
            }
            let Some(mut ended) = running.join_next().await else { return Ok(done) };
            loop {
                match ended {
                    Ok(Ok(recorded)) => done += usize::from(recorded),
                    // The lease runs out, and then the effect is asked about like any other whose answer was lost.
                    Ok(Err(error)) => tracing::error!(%error, "an answer could not be recorded"),
                    Err(error) => tracing::error!(%error, "an effect's call panicked"),
                }
                let Some(next) = running.try_join_next() else { break };
                ended = next;
            }
        }
    }

    /// When the next effect is due that nobody has claimed.
    pub async fn next_effect(&self) -> Result<Option<Micros>> {
        if self.platform.is_none() {
            return Ok(None);
        }
        let now = self.clock.now();
        let sql = "SELECT next_at FROM effect e WHERE e.manual = 0 AND e.state IN ('held', 'queued', 'in_flight', 'unknown') AND e.lease_until <= $1
            AND (e.after_id IS NULL OR EXISTS (SELECT 1 FROM effect p WHERE p.shop_id = e.shop_id AND p.id = e.after_id AND p.state = 'succeeded'))
            ORDER BY e.next_at, e.id LIMIT 1";
        self.store.read(move |tx| Ok::<_, Error>(tx.query_opt(sql, &values![now], |row| row.get(0))?)).await
    }

    async fn claim_effects(&self, room: i64) -> Result<Vec<Job>> {
        let (now, vault) = (self.clock.now(), self.vault.clone());
        self.store
            .write(move |tx| {
                let claims = tx.query(CLAIM, &values![now, room, now + LEASE], read)?;
                let mut shops = BTreeMap::new();
                let mut jobs = Vec::new();
                for claim in claims {
                    let job = prepare(tx, &vault, &mut shops, claim)?;
                    note_attempt(tx, now, &job);
                    jobs.push(job);
                }
                Ok::<_, Error>(jobs)
            })
            .await
    }

    async fn carry_out(&self, platform: &dyn Platform, job: Job) -> Result<bool> {
        let reply = match job.step {
            Step::Call | Step::Repeat => platform.call(&job.call).await,
            Step::Query => platform.ask(&job.call).await,
            Step::Person => Reply::lost("cannot_be_asked"),
        };
        self.record(job, reply).await
    }

    /// Records an answer, if the claim it belongs to still stands.
    async fn record(&self, job: Job, reply: Reply) -> Result<bool> {
        let (context, tools, at) = (Context::desk(self.clock.now()), self.tools(), job.claim.at);
        let job = Arc::new(job);
        let changed = self
            .store
            .write(move |tx| {
                if !stands(tx, &job)? {
                    close_attempt(tx, context.now, &job, &format!("late:{}", outcome(reply.answer)), &reply.code)?;
                    return Ok(None);
                }
                let (job, reply) = (job.clone(), reply.clone());
                let mut decide = move |change: &mut Change<'_, '_>| take_in(change, &job, &reply).map(|()| json!({}));
                command::run(tx, &tools, &context, at, Action::SettleEffect.into(), &mut decide).map(Some)
            })
            .await?;
        if let Some(changed) = &changed {
            self.announce(at, changed.version);
        }
        Ok(changed.is_some())
    }
}

/// Whether the claim is still the latest one on an effect whose result is open.
fn stands(tx: &mut Tx<'_>, job: &Job) -> Result<bool> {
    // The case first, as every command does: two of them never wait for each other in a ring.
    crate::case::row::CaseRow::lock(tx, job.claim.at.shop, job.claim.at.id)?;
    if !holds(Safety::Fence) {
        return Ok(true);
    }
    let sql = "SELECT 1 FROM effect WHERE shop_id = $1 AND id = $2 AND fence = $3 AND state IN ('in_flight', 'unknown') FOR UPDATE";
    Ok(tx.query_opt(sql, &values![job.claim.at.shop, job.claim.effect, job.claim.fence], |_| Ok(()))?.is_some())
}

/// The state the answer makes, and what follows from it.
fn take_in(change: &mut Change<'_, '_>, job: &Job, reply: &Reply) -> Result<()> {
    let claim = &job.claim;
    let effect = Effect::lock(change, claim.effect)?;
    close_attempt(change.tx, change.context.now, job, outcome(reply.answer), &reply.code)?;
    let next = Next::after(job.step, job.call.class, reply.answer, claim.attempt, claim.asks);
    if next.state.ended() {
        let ending = Ending { platform_ref: reply.platform_ref.clone(), code: reply.code.clone(), by: "platform", ..Ending::default() };
        return end(change, &effect, next.state, ending);
    }
    let sql =
        "UPDATE effect SET state = $3, next_at = $4, lease_until = 0, code = $5, version = version + 1 WHERE shop_id = $1 AND id = $2";
    let params = values![change.case.shop, effect.id, next.state.as_str(), change.context.now + next.pause, &reply.code];
    change.tx.execute(sql, &params)?;
    let payload = json!({ "effect": effect.id, "kind": effect.kind, "amount_minor": effect.amount_minor, "step": job.step.as_str(), "code": reply.code,
        "attempt": claim.attempt, "asks": claim.asks });
    match (job.step, next.state) {
        (Step::Call, State::InFlight) => change.event("effect_accepted", payload),
        (Step::Call, State::Unknown) => change.event("effect_unknown", payload),
        (_, State::Queued) => change.event("effect_not_applied", payload),
        (_, State::NeedsPerson) => {
            change.event("effect_needs_person", payload);
            if change.case.open {
                let words = format!("{}结果未知，平台无法查询；请到平台后台核实后登记结果", effect.kind.zh());
                task::tell(change, Team::Finance, "find_out", effect.id, &words)?;
            }
        }
        _ => {}
    }
    Ok(())
}

fn outcome(answer: Answer) -> &'static str {
    match answer {
        Answer::Succeeded => "succeeded",
        Answer::Rejected => "rejected",
        Answer::Accepted => "accepted",
        Answer::NothingKnown => "nothing_known",
        Answer::Lost => "lost",
    }
}

/// Fills in what the call needs and fixes the class with the first one.
fn prepare(
    tx: &mut Tx<'_>,
    vault: &aftercare_store::vault::Vault,
    shops: &mut BTreeMap<ShopId, (String, Value)>,
    claim: Claim,
) -> Result<Job> {
    let shop = claim.at.shop;
    if let std::collections::btree_map::Entry::Vacant(slot) = shops.entry(shop) {
        let code = tx.query_opt("SELECT code FROM shop WHERE id = $1", &values![shop], |row| row.get::<String>(0))?.unwrap_or_default();
        slot.insert((code, policy::settings(tx, shop)?));
    }
    let (code, settings) = &shops[&shop];
    let class = claim.class.unwrap_or_else(|| class_of(settings, claim.kind));
    if claim.class.is_none() {
        let sql = "UPDATE effect SET class = $3 WHERE shop_id = $1 AND id = $2";
        tx.execute(sql, &values![shop, claim.effect, class.as_str()])?;
    }
    let sql = "SELECT o.order_no, k.wrapped FROM cases c LEFT JOIN orders o ON o.shop_id = c.shop_id AND o.id = $3
        LEFT JOIN data_key k ON k.shop_id = c.shop_id AND k.id = c.key_id WHERE c.shop_id = $1 AND c.id = $2";
    let read = |row: &Row| Ok((row.get::<Option<String>>(0)?, row.get::<Option<Vec<u8>>>(1)?));
    let (order_no, wrapped) = tx.query_opt(sql, &values![shop, claim.at.id, claim.order], read)?.unwrap_or_default();
    let text = match (&claim.text_sealed, wrapped) {
        (Some(sealed), Some(wrapped)) => Some(vault.unwrap_data_key(&wrapped)?.open("effect.text", sealed)?),
        _ => None,
    };
    let first = if claim.first || !holds(Safety::AskFirst) { State::Queued } else { State::Unknown };
    let call = Call {
        shop: code.clone(),
        kind: claim.kind,
        class,
        effect: claim.effect,
        order_no: order_no.unwrap_or_default(),
        payment_no: Some(claim.payment_no.clone()).filter(|no| !no.is_empty()),
        amount_minor: claim.amount_minor,
        text,
        data: claim.body.clone(),
    };
    Ok(Job { step: Step::of(first, class), call, claim })
}

/// How the shop's platform lets calls be told apart: `settings.platform.refund_class` and `.call_class`; with a key unless said otherwise.
fn class_of(settings: &Value, kind: Kind) -> Class {
    let name = if kind == Kind::Refund { "refund_class" } else { "call_class" };
    settings["platform"][name].as_str().and_then(Class::parse).unwrap_or(Class::Keyed)
}

fn note_attempt(tx: &mut Tx<'_>, now: Micros, job: &Job) {
    const ATTEMPT: &[&str] = &["shop_id", "effect_id", "n", "fence", "call", "started_at"];
    let claim = &job.claim;
    tx.insert("effect_attempt", ATTEMPT, values![claim.at.shop, claim.effect, claim.fence, claim.fence, job.step.as_str(), now]);
}

fn close_attempt(tx: &mut Tx<'_>, now: Micros, job: &Job, outcome: &str, code: &str) -> Result<()> {
    let sql = "UPDATE effect_attempt SET ended_at = $4, outcome = $5, code = $6 WHERE shop_id = $1 AND effect_id = $2 AND n = $3";
    tx.execute(sql, &values![job.claim.at.shop, job.claim.effect, job.claim.fence, now, outcome, code])?;
    Ok(())
}
