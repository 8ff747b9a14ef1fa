//! Tells receivers what is due: claim with lease and fence, post outside of any transaction, record the one answer.
//!
//! Owns the loop, the claims, the body, and what an answer changes. Cut off between posting and recording, the delivery goes out again under
//! the same id: at least once. Runs on every node.

use super::sign::signature;
use super::{Answer, Courier, Letter, SECRET, URL, Webhook, pause};
use crate::error::{Error, Result};
use crate::job::Work;
use crate::notification::{self, Kind, Told};
use crate::{Context, Desk, audit};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::time::{Micros, Span};
use aftercare_domain::webhook::retry::{self, Verdict};
use aftercare_domain::webhook::{Delivery, KEPT, KEPT_DELIVERED, Pause, State};
use aftercare_store::vault::Vault;
use aftercare_store::{DbError, Row, Tx, values};
use serde_json::json;
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// Letters under way at once on one node.
const LETTERS: usize = 16;
/// Letters claimed in one go. A receiver with so many under way gets no more until one has been answered: one that is slow holds up itself.
const TOGETHER: usize = 4;
/// How long a claim keeps others away; far longer than a courier waits for an answer.
const LEASE: Span = Span::minutes(2);
/// The longest sleep.
const POLL: Duration = Duration::from_secs(5);
/// How long one waits for answers before one looks for more to tell.
const LOOK: Duration = Duration::from_secs(1);
/// Old rows of logs taken away in one go.
const TIDIED: i64 = 200;
/// Administrators told of a pause.
const TOLD: i64 = 20;

/// Due, not claimed, and nothing of the same case waits before it.
const CLAIM: &str = "WITH due AS MATERIALIZED (
    SELECT d.webhook_id AS due_hook, d.id AS due_id FROM webhook_delivery d WHERE d.state = 'waiting' AND d.next_at <= $1 AND d.lease_until <= $1
      AND NOT EXISTS (SELECT 1 FROM webhook_delivery p WHERE p.webhook_id = d.webhook_id AND p.case_id = d.case_id AND p.state = 'waiting'
        AND (p.case_version, p.n) < (d.case_version, d.n))
      AND d.webhook_id NOT IN ($4, $5, $6, $7)
    ORDER BY d.next_at, d.id LIMIT $2 FOR UPDATE SKIP LOCKED)
  UPDATE webhook_delivery SET fence = fence + 1, lease_until = $3, tries = tries + 1, tried_at = $1 FROM due
  WHERE webhook_id = due_hook AND id = due_id
  RETURNING webhook_id, id, shop_id, case_id, case_version, n, kind, at, tries, fence";

/// One claimed delivery.
#[derive(Clone)]
struct Claim {
    hook: Id,
    id: Id,
    shop: ShopId,
    case: Id,
    version: i64,
    n: i64,
    kind: String,
    at: Micros,
    tries: i64,
    fence: i64,
}

fn read(row: &Row) -> std::result::Result<Claim, DbError> {
    Ok(Claim {
        hook: row.get(0)?,
        id: row.get(1)?,
        shop: row.get(2)?,
        case: row.get(3)?,
        version: row.get(4)?,
        n: row.get(5)?,
        kind: row.get(6)?,
        at: row.get(7)?,
        tries: row.get(8)?,
        fence: row.get(9)?,
    })
}

impl Desk {
    /// Tells receivers until the program ends. Start it once per node.
    pub async fn run_webhooks(self) {
        let free = "UPDATE webhook_delivery SET lease_until = 0 WHERE lease_until > 0";
        self.attend(Work { name: "webhooks", poll: POLL, free }, || self.work_on_webhooks()).await;
    }

    /// Collects what happened, tells everything that is due and tidies the logs; answers how many letters went out.
    pub async fn work_on_webhooks(&self) -> Result<usize> {
        self.collect_for_webhooks().await?;
        let mut sent = 0;
        if let Some(courier) = self.courier.clone() {
            let mut under_way = UnderWay::default();
            loop {
                let letters = if under_way.free() > 0 { self.claim_letters(under_way.free(), under_way.busy()).await? } else { Vec::new() };
                let found = !letters.is_empty();
                sent += letters.len();
                for (claim, letter) in letters {
                    under_way.add(claim.hook, carry(self.clone(), courier.clone(), claim, letter));
                }
                if found {
                    continue;
                }
                // What is under way makes room, or there is nothing any more. Whoever answers slowly holds up neither what falls due
                // meanwhile nor what happens meanwhile.
                if let Ok(ended) = tokio::time::timeout(LOOK, under_way.one_ended()).await
                    && !ended?
                {
                    break;
                }
                self.collect_for_webhooks().await?;
            }
        }
        self.tidy_webhooks().await?;
        Ok(sent)
    }

    async fn claim_letters(&self, free: usize, busy: [Id; LETTERS / TOGETHER]) -> Result<Vec<(Claim, Letter)>> {
        let (now, vault) = (self.clock.now(), self.vault.clone());
        let due = "SELECT 1 FROM webhook_delivery WHERE state = 'waiting' AND next_at <= $1 ORDER BY next_at, id LIMIT 1";
        let due = self.store.read(move |tx| Ok::<_, Error>(tx.query_opt(due, &values![now], |_| Ok(()))?.is_some())).await?;
        if !due {
            return Ok(Vec::new());
        }
        self.store
            .write(move |tx| {
                let mut letters = Vec::new();
                let [one, two, three, four] = busy;
                let most = i64::try_from(free.min(TOGETHER)).unwrap_or(1);
                for claim in tx.query(CLAIM, &values![now, most, now + LEASE, one, two, three, four], read)? {
                    match write_letter(tx, &vault, &claim, now)? {
                        Some(letter) => letters.push((claim, letter)),
                        // Collected while it was being paused or taken away.
                        None => drop_waiting(tx, &claim, now)?,
                    }
                }
                Ok::<_, Error>(letters)
            })
            .await
    }

    async fn record_answer(&self, claim: Claim, answer: Answer) -> Result<()> {
        let now = self.clock.now();
        self.store.write(move |tx| record(tx, &claim, &answer, now)).await
    }

    /// Takes old rows out of the logs.
    async fn tidy_webhooks(&self) -> Result<()> {
        let now = self.clock.now();
        for (state, before) in [(Delivery::Delivered, now - KEPT_DELIVERED), (Delivery::Failed, now - KEPT)] {
            let old = "SELECT webhook_id, id FROM webhook_delivery WHERE ended_at IS NOT NULL AND state = $1 AND ended_at < $2
                ORDER BY state, ended_at, id LIMIT $3";
            let due = values![state.as_str(), before, TIDIED];
            let pair = |row: &Row| Ok((row.get::<Id>(0)?, row.get::<Id>(1)?));
            let old = self.store.read(move |tx| Ok::<_, Error>(tx.query(old, &due, pair)?)).await?;
            if old.is_empty() {
                continue;
            }
            self.store
                .write(move |tx| {
                    for (hook, id) in &old {
                        let sql = "DELETE FROM webhook_delivery WHERE webhook_id = $1 AND id = $2 AND ended_at IS NOT NULL";
                        tx.execute(sql, &values![*hook, *id])?;
                    }
                    Ok::<_, Error>(())
                })
                .await?;
        }
        Ok(())
    }
}

/// What is being carried now, and to whom.
#[derive(Default)]
struct UnderWay {
    letters: JoinSet<(Id, Result<()>)>,
    of: BTreeMap<Id, usize>,
}

impl UnderWay {
    fn free(&self) -> usize {
        LETTERS.saturating_sub(self.letters.len())
    }

    /// Receivers that get no more for now; never more of them than there are places here.
    fn busy(&self) -> [Id; LETTERS / TOGETHER] {
        let mut busy = self.of.iter().filter(|(_, letters)| **letters >= TOGETHER).map(|(hook, _)| *hook);
        std::array::from_fn(|_| busy.next().unwrap_or(Id::nil()))
    }

    fn add(&mut self, hook: Id, carried: impl Future<Output = Result<()>> + Send + 'static) {
        *self.of.entry(hook).or_default() += 1;
        self.letters.spawn(async move { (hook, carried.await) });
    }

    /// Waits for the next one; nothing is left to wait for otherwise.
    async fn one_ended(&mut self) -> Result<bool> {
        let Some(ended) = self.letters.join_next().await else { return Ok(false) };
        let (hook, done) = ended.map_err(|error| DbError::Engine(error.to_string()))?;
        if let Some(letters) = self.of.get_mut(&hook) {
            *letters -= 1;
        }
        done.map(|()| true)
    }
}

async fn carry(desk: Desk, courier: Arc<dyn Courier>, claim: Claim, letter: Letter) -> Result<()> {
    let answer = courier.post(&letter).await;
    desk.record_answer(claim, answer).await
}

/// The letter of a claim; nothing when its subscription is not active any more.
fn write_letter(tx: &mut Tx<'_>, vault: &Vault, claim: &Claim, now: Micros) -> Result<Option<Letter>> {
    let Some(hook) = Webhook::find(tx, claim.shop, claim.hook)?.filter(|hook| hook.state == State::Active) else { return Ok(None) };
    let sql = "SELECT h.code, c.case_no FROM shop h LEFT JOIN cases c ON c.shop_id = h.id AND c.id = $2 WHERE h.id = $1";
    let read = |row: &Row| Ok((row.get::<String>(0)?, row.get::<Option<String>>(1)?));
    let (shop, case_no) = tx.query_opt(sql, &values![claim.shop, claim.case], read)?.unwrap_or_default();
    let data = json!({ "shop": shop, "case_id": claim.case, "case_no": case_no, "version": claim.version, "n": claim.n });
    let body = json!({ "type": claim.kind, "timestamp": claim.at, "data": data }).to_string();
    let (id, timestamp) = (claim.id.to_string(), now.0.div_euclid(1_000_000));
    let mut secrets = vec![vault.open_sealed(SECRET, &hook.secret_sealed)?];
    if let (Some(old), Some(until)) = (&hook.old_secret_sealed, hook.old_until)
        && until > now
    {
        secrets.push(vault.open_sealed(SECRET, old)?);
    }
    let signatures: Vec<String> = secrets.iter().filter_map(|secret| signature(secret, &id, timestamp, &body)).collect();
    let url = vault.open_sealed(URL, &hook.url_sealed)?;
    Ok(Some(Letter { url, id, timestamp, signature: signatures.join(" "), body }))
}

fn drop_waiting(tx: &mut Tx<'_>, claim: &Claim, now: Micros) -> Result<()> {
    let sql =
        "UPDATE webhook_delivery SET state = $3, problem = 'paused', ended_at = $4, lease_until = 0 WHERE webhook_id = $1 AND id = $2";
    tx.execute(sql, &values![claim.hook, claim.id, Delivery::Failed.as_str(), now])?;
    Ok(())
}

/// What an answer changes, if its claim still stands.
fn record(tx: &mut Tx<'_>, claim: &Claim, answer: &Answer, now: Micros) -> Result<()> {
    // The subscription first, as every command does: two of them never wait for each other in a ring.
    let Some(hook) = Webhook::find(tx, claim.shop, claim.hook)? else { return Ok(()) };
    let sql = "SELECT 1 FROM webhook_delivery WHERE webhook_id = $1 AND id = $2 AND fence = $3 AND state = 'waiting' FOR UPDATE";
    if tx.query_opt(sql, &values![claim.hook, claim.id, claim.fence], |_| Ok(()))?.is_none() {
        return Ok(());
    }
    let verdict = retry::verdict(answer.status);
    let asked = retry::asked(&answer.retry_after, now);
    let spread = claim.id.bytes()[15];
    let again = if verdict == Verdict::Again { retry::next(claim.tries, spread, asked).map(|pause| now + pause) } else { None };
    let (state, ended) = match (verdict, again) {
        (Verdict::Taken, _) => (Delivery::Delivered, Some(now)),
        (_, Some(_)) => (Delivery::Waiting, None),
        _ => (Delivery::Failed, Some(now)),
    };
    let sql = "UPDATE webhook_delivery SET state = $3, status = $4, problem = $5, next_at = $6, ended_at = $7, lease_until = 0
        WHERE webhook_id = $1 AND id = $2";
    let status = i64::from(answer.status);
    tx.execute(sql, &values![claim.hook, claim.id, state.as_str(), status, &answer.problem, again.unwrap_or(now), ended])?;
    // What comes after it on the same case is due together with it, so that nobody looks at it before.
    let sql = "UPDATE webhook_delivery SET next_at = $5 WHERE webhook_id = $1 AND case_id = $2 AND state = 'waiting' AND tries = 0
        AND (case_version, n) > ($3, $4)";
    tx.execute(sql, &values![claim.hook, claim.case, claim.version, claim.n, again.unwrap_or(now)])?;
    let failing = if verdict == Verdict::Taken { None } else { Some(hook.failing_since.unwrap_or(now)) };
    let delivered = if verdict == Verdict::Taken { Some(now) } else { hook.delivered_at };
    let sql = "UPDATE webhook SET failing_since = $3, delivered_at = $4 WHERE shop_id = $1 AND id = $2";
    tx.execute(sql, &values![claim.shop, claim.hook, failing, delivered])?;
    match retry::pause(verdict, failing, now).filter(|_| hook.state == State::Active) {
        Some(why) => give_up(tx, claim, why, now),
        None => Ok(()),
    }
}

/// Pauses the subscription by the desk itself, and tells those who manage the shop.
fn give_up(tx: &mut Tx<'_>, claim: &Claim, why: Pause, now: Micros) -> Result<()> {
    pause(tx, claim.shop, claim.hook, why, now)?;
    let desk = Context::desk(now);
    audit::note(tx, &desk.actor, Some(claim.shop), "webhook_paused", &claim.hook.to_string(), &json!({ "why": why }), now);
    let sql = "SELECT s.id FROM staff s JOIN staff_shop g ON g.staff_id = s.id WHERE g.shop_id = $1 AND s.role IN ('admin', 'owner') AND s.disabled = 0
        ORDER BY s.id LIMIT $2";
    for who in tx.query(sql, &values![claim.shop, TOLD], |row| row.get::<Id>(0))? {
        let told = Told { who, kind: Kind::Webhook, what: "webhook_paused" };
        notification::tell(tx, (claim.shop, claim.case), &told, None, now)?;
    }
    Ok(())
}
