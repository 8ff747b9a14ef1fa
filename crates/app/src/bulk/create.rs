//! Opens a job over chosen cases; the rehearsal begins at once. Owns the command and its bounds.

use super::view::BulkJob;
use super::{Job, What, pace, view};
use crate::command::Repeat;
use crate::error::{Result, bad_input, not_found};
use crate::ids::new_id;
use crate::{Context, Desk, audit};
use aftercare_domain::bulk::{LIMIT, State};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::time::{Micros, Span};
use aftercare_store::{Tx, values};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeSet;

/// A case as the queue names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkCase {
    /// Its shop.
    #[schema(value_type = i64)]
    pub shop_id: ShopId,
    /// The case.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id,
}

/// A job to be rehearsed.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBulk {
    /// What is done to each.
    pub what: What,
    /// The cases, at most 1000, in the order in which they are done; one named twice counts once.
    pub cases: Vec<BulkCase>,
}

/// A job that never began is forgotten after this long, one that is over after the other.
const NEVER_BEGUN: Span = Span::days(1);
const OVER: Span = Span::days(30);
/// Jobs forgotten in one go.
const AT_ONCE: i64 = 2;

/// Takes old jobs of a person away; what they did stands in the cases' histories.
fn forget(tx: &mut Tx<'_>, staff: Id, now: Micros) -> Result<()> {
    let sql = "SELECT id FROM bulk_job WHERE staff_id = $1 AND at < $2
        AND (state = 'checked' OR (state IN ('done', 'stopped') AND at < $3)) ORDER BY at, id LIMIT $4";
    let old = tx.query(sql, &values![staff, now - NEVER_BEGUN, now - OVER, AT_ONCE], |row| row.get::<Id>(0))?;
    for id in old {
        tx.execute("DELETE FROM bulk_row WHERE job_id = $1", &values![id])?;
        tx.execute("DELETE FROM bulk_job WHERE id = $1", &values![id])?;
    }
    Ok(())
}

impl Desk {
    /// Opens a job. Nothing is done to any case before its starter has seen the rehearsal and says so.
    pub async fn open_bulk(&self, context: &Context, new: NewBulk) -> Result<BulkJob> {
        let repeat = Repeat::of(context, "bulk", &new);
        let mut seen = BTreeSet::new();
        let cases: Vec<BulkCase> = new.cases.into_iter().filter(|case| seen.insert(*case)).collect();
        if cases.is_empty() || cases.len() > LIMIT {
            return Err(bad_input("cases", format!("1 to {LIMIT} cases")));
        }
        if cases.iter().any(|case| !context.actor.sees(case.shop_id)) {
            return Err(not_found("case"));
        }
        let shops: BTreeSet<ShopId> = cases.iter().map(|case| case.shop_id).collect();
        let (id, now, actor, what) = (new_id(context.now), context.now, context.actor.clone(), new.what.kept());
        let scopes = actor.who.only.as_ref().map(|only| only.iter().map(|action| action.as_str()).collect::<Vec<_>>().join(" "));
        let job = self
            .command(context, repeat, move |tx| {
                const JOB: &[&str] = &["id", "staff_id", "scopes", "what", "state", "total", "above_minor", "at", "work_began_at"];
                const ROW: &[&str] = &["job_id", "n", "shop_id", "case_id"];
                forget(tx, actor.id(), now)?;
                let above_minor = pace::above(tx, &shops)?;
                let row = values![
                    id,
                    actor.id(),
                    scopes.clone(),
                    json!(what),
                    State::Checking.as_str(),
                    cases.len() as i64,
                    above_minor,
                    now,
                    now
                ];
                tx.insert("bulk_job", JOB, row);
                for (n, case) in cases.iter().enumerate() {
                    tx.insert("bulk_row", ROW, values![id, n as i64, case.shop_id, case.id]);
                }
                audit::note(tx, &actor, None, "bulk_opened", &id.to_string(), &json!({ "what": what, "cases": cases.len() }), now);
                let job = Job::load(tx, &actor, id, false)?;
                view::viewed(tx, job, now)
            })
            .await?;
        self.work.notify_waiters();
        Ok(job)
    }
}
