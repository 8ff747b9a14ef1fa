//! Jobs as their page shows them, and the error list. Owns what is told of a job; the file's name is masked like all words.

use super::part::Kind;
use super::{COLUMNS, Figures, Job, State, UNDO_WITHIN, read};
use crate::error::{Error, Result};
use crate::import::Mapping;
use crate::{Context, Desk};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::privacy::masked;
use aftercare_domain::time::Micros;
use aftercare_store::values;
use aftercare_store::vault::Vault;
use serde::{Deserialize, Serialize};

/// Jobs on the page, the latest first.
const SHOWN: i64 = 50;

/// One job.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct JobView {
    /// The job.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id,
    /// The file's name; empty when it is gone.
    pub name: String,
    /// Where it stands.
    #[schema(value_type = String)]
    pub state: State,
    /// Bytes of the file.
    pub size: i64,
    /// Bytes that are there.
    pub arrived: i64,
    /// The part wanted next.
    pub wants: i64,
    /// Of the work under way: orders done.
    pub done: i64,
    /// Of the work under way: orders in all; 0 before the file was read.
    pub total: i64,
    /// When that work began.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub work_began_at: Option<Micros>,
    /// The figures.
    pub figures: Figures,
    /// Why the file cannot be read.
    pub problem: String,
    /// The mapping chosen.
    pub mapping: Option<Mapping>,
    /// When it was opened.
    #[schema(value_type = String, format = "date-time")]
    pub at: Micros,
    /// When it ended.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub ended_at: Option<Micros>,
    /// Until when it can be undone.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub undo_until: Option<Micros>,
    /// Raised with every change.
    pub version: i64,
}

/// The latest jobs of a shop.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Jobs {
    /// The latest first.
    pub items: Vec<JobView>,
}

impl Job {
    /// The file's name; empty when it is gone with its key.
    pub(super) fn name(&self, vault: &Vault) -> String {
        let sealed = self.name_sealed.as_ref();
        self.key(vault).ok().zip(sealed).and_then(|(key, sealed)| key.open("import_job.name", sealed).ok()).unwrap_or_default()
    }
}

pub(super) fn viewed(vault: &Vault, job: Job) -> JobView {
    let made = match job.state {
        State::Done | State::Stopped => true,
        // A dry run that failed has made nothing.
        State::Failed => job.figures.orders_new > 0,
        _ => false,
    };
    let undo = made.then_some(job.ended_at).flatten().map(|ended| ended + UNDO_WITHIN);
    JobView {
        name: masked(&job.name(vault)),
        id: job.id,
        state: job.state,
        size: job.size,
        arrived: job.arrived,
        wants: job.parts,
        done: job.done,
        total: job.total,
        work_began_at: job.work_began_at,
        figures: job.figures,
        problem: masked(&job.problem),
        mapping: job.mapping,
        at: job.at,
        ended_at: job.ended_at,
        undo_until: undo,
        version: job.version,
    }
}

impl Desk {
    /// The latest jobs of a shop.
    pub async fn imports(&self, context: &Context, shop: ShopId) -> Result<Jobs> {
        context.actor.may(Action::Import, &Object::shop("shop", shop))?;
        let sql = format!("SELECT {COLUMNS} FROM import_job WHERE shop_id = $1 ORDER BY at DESC, id DESC LIMIT $2");
        let jobs = self.store.read(move |tx| Ok::<_, Error>(tx.query(&sql, &values![shop, SHOWN], read)?)).await?;
        Ok(Jobs { items: jobs.into_iter().map(|job| viewed(&self.vault, job)).collect() })
    }

    /// One job.
    pub async fn import(&self, context: &Context, (shop, id): (ShopId, Id)) -> Result<JobView> {
        context.actor.may(Action::Import, &Object::shop("shop", shop))?;
        let job = self.store.read(move |tx| Job::load(tx, shop, id)).await?;
        Ok(viewed(&self.vault, job))
    }

    /// The rows left out by the last work that ended, as CSV; empty when none was.
    pub async fn import_errors(&self, context: &Context, (shop, id): (ShopId, Id)) -> Result<Vec<u8>> {
        context.actor.may(Action::Import, &Object::shop("shop", shop))?;
        let job = self.store.read(move |tx| Job::load(tx, shop, id)).await?;
        self.import_bytes(&job, Kind::Errors).await
    }
}
