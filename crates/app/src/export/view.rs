//! Exports as their person sees them. Owns what is told of a job.

use super::{COLUMNS, Job, read};
use crate::error::{Error, Result};
use crate::{Context, Desk};
use aftercare_domain::export::{Format, KEPT, Kind, State};
use aftercare_domain::id::Id;
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::time::Micros;
use aftercare_store::values;
use serde::{Deserialize, Serialize};

/// Jobs shown, the latest first.
const SHOWN: i64 = 20;

/// One export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ExportView {
    /// The job.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id,
    /// queue, board or search.
    #[schema(value_type = String)]
    pub kind: Kind,
    /// xlsx or csv.
    #[schema(value_type = String)]
    pub format: Format,
    /// waiting, running, done, failed or stopped.
    #[schema(value_type = String)]
    pub state: State,
    /// Rows written.
    pub done: i64,
    /// Rows expected; 0 where that is not known before.
    pub total: i64,
    /// Bytes of the file; 0 when there is none (any more).
    pub size: i64,
    /// There were more rows than one file takes.
    pub cut: bool,
    /// The code of the refusal that ended it.
    pub problem: String,
    /// When it was asked for.
    #[schema(value_type = String, format = "date-time")]
    pub at: Micros,
    /// When writing began.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub began_at: Option<Micros>,
    /// Until when it can be fetched.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub until: Option<Micros>,
}

/// A person's exports.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Exports {
    /// The latest first.
    pub items: Vec<ExportView>,
}

impl ExportView {
    pub(super) const fn new(id: Id, kind: Kind, format: Format, at: Micros) -> Self {
        let state = State::Waiting;
        Self { id, kind, format, state, done: 0, total: 0, size: 0, cut: false, problem: String::new(), at, began_at: None, until: None }
    }
}

pub(super) fn viewed(job: Job) -> ExportView {
    let until = (job.state == State::Done && job.wrapped.is_some()).then_some(job.at + KEPT);
    let Job { id, kind, format, state, done, total, size, cut, problem, at, began_at, .. } = job;
    ExportView { id, kind, format, state, done, total, size, cut, problem, at, began_at, until }
}

impl Desk {
    /// The person's own exports.
    pub async fn exports(&self, context: &Context) -> Result<Exports> {
        context.actor.may(Action::Export, &Object::desk("export"))?;
        let staff = context.actor.id();
        let sql = format!("SELECT {COLUMNS} FROM export_job WHERE staff_id = $1 ORDER BY id DESC LIMIT $2");
        let jobs = self.store.read(move |tx| Ok::<_, Error>(tx.query(&sql, &values![staff, SHOWN], read)?)).await?;
        Ok(Exports { items: jobs.into_iter().map(viewed).collect() })
    }

    /// One of them.
    pub async fn export(&self, context: &Context, id: Id) -> Result<ExportView> {
        context.actor.may(Action::Export, &Object::desk("export"))?;
        let staff = context.actor.id();
        Ok(viewed(self.store.read(move |tx| Job::load(tx, staff, id)).await?))
    }
}
