//! Asks for an export, and stops one. Owns what can be asked for and the bounds of one person.

use super::view::{ExportView, viewed};
use super::{COLUMNS, Job, read};
use crate::command::Repeat;
use crate::error::{Error, Result, bad_input};
use crate::figures::Period;
use crate::ids::new_id;
use crate::queue::View;
use crate::{Context, Desk, audit};
use aftercare_domain::case::{Narrow, Sort};
use aftercare_domain::export::{AT_ONCE, Format, Kind, State};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What is taken out.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "snake_case", tag = "kind")]
pub enum ExportOf {
    /// A view of the queue.
    Queue {
        /// all, mine, unknown_money, closed, or whom cases wait for.
        view: String,
        /// One shop, or all that the person sees.
        #[serde(default)]
        #[schema(value_type = Option<i64>)]
        shop: Option<ShopId>,
        /// What of the view; everything when absent.
        #[serde(default)]
        #[schema(value_type = Object)]
        narrow: Narrow,
        /// time (default) or amount.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        sort: Option<Sort>,
    },
    /// The board's figures of a period, a table for each chart.
    Board {
        /// Whose.
        #[schema(value_type = i64)]
        shop: ShopId,
        /// The first day of the shop, `2026-11-01`.
        from: String,
        /// The last day.
        to: String,
    },
    /// What a search finds; sealed, since a question may name somebody.
    Search {
        /// As on the search page.
        q: String,
    },
}

/// An export to be made.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewExport {
    /// What.
    pub what: ExportOf,
    /// xlsx or csv.
    #[schema(value_type = String)]
    pub format: Format,
    /// zh (default) or en: headings and names.
    #[serde(default)]
    pub lang: Option<String>,
}

impl ExportOf {
    pub(super) const fn kind(&self) -> Kind {
        match self {
            Self::Queue { .. } => Kind::Queue,
            Self::Board { .. } => Kind::Board,
            Self::Search { .. } => Kind::Search,
        }
    }

    /// Whether the person may see it on the screen; an export shows no more.
    pub(super) fn may(&self, context: &Context) -> Result<()> {
        let (actor, desk) = (&context.actor, Object::desk("export"));
        actor.may(Action::Export, &desk)?;
        match self {
            Self::Queue { view, shop, narrow, .. } => {
                actor.may(Action::ReadQueue, &shop.map_or_else(|| Object::desk("queue"), |shop| Object::shop("shop", shop)))?;
                if !narrow.is_sound() {
                    return Err(bad_input("narrow", "at most ten scenarios, amounts from 0, severity 1 to 4"));
                }
                View::parse(view).map(drop).ok_or_else(|| bad_input("view", "there is no such view"))
            }
            Self::Board { shop, from, to } => {
                actor.may(Action::ReadReports, &Object::shop("shop", *shop))?;
                Period { from: from.clone(), to: to.clone() }.buckets().map(drop)
            }
            Self::Search { q } => {
                actor.may(Action::Search, &desk)?;
                let fits = !q.trim().is_empty() && q.len() <= 200;
                if fits { Ok(()) } else { Err(bad_input("q", "1 to 200 bytes")) }
            }
        }
    }
}

impl Desk {
    /// Puts an export down; the worker writes it.
    pub async fn ask_export(&self, context: &Context, new: NewExport) -> Result<ExportView> {
        new.what.may(context)?;
        if new.lang.as_deref().is_some_and(|lang| !["zh", "en"].contains(&lang)) {
            return Err(bad_input("lang", "zh or en"));
        }
        let repeat = Repeat::of(context, "exports", &new);
        let (key, wrapped) = self.vault.new_data_key();
        let (id, now, actor) = (new_id(context.now), context.now, context.actor.clone());
        let asked = key.seal("export_job.asked", &serde_json::to_string(&new).unwrap_or_default());
        let (kind, format) = (new.what.kind(), new.format);
        let view = self
            .command(context, repeat, move |tx| {
                let own = "SELECT id FROM export_job WHERE staff_id = $1 AND wrapped IS NOT NULL ORDER BY id LIMIT $2";
                let there = tx.query(own, &values![actor.id(), AT_ONCE as i64], |row| row.get::<Id>(0))?;
                if let (Some(oldest), true) = (there.first(), there.len() >= AT_ONCE) {
                    // The oldest makes room, unless it is still being written.
                    let sql = format!("SELECT {COLUMNS} FROM export_job WHERE staff_id = $1 AND id = $2 FOR UPDATE");
                    let job = tx.query_opt(&sql, &values![actor.id(), *oldest], read)?;
                    if job.is_some_and(|job| !job.state.is_over()) {
                        return Err(Refusal::new(Code::ExportsMany).with("limit", AT_ONCE).into());
                    }
                    super::tidy::drop_file(tx, actor.id(), *oldest)?;
                }
                const ROW: &[&str] = &["staff_id", "id", "kind", "format", "state", "wrapped", "asked_sealed", "at"];
                let state = State::Waiting;
                let row =
                    values![actor.id(), id, kind.as_str(), format.as_str(), state.as_str(), wrapped.clone(), asked.clone(), now].to_vec();
                tx.insert("export_job", ROW, row);
                let about = json!({ "kind": kind, "format": format });
                audit::note(tx, &actor, None, "export_asked", &id.to_string(), &about, now);
                Ok(ExportView::new(id, kind, format, now))
            })
            .await?;
        self.work.notify_waiters();
        Ok(view)
    }

    /// Stops an export that is not finished, or throws its file away.
    pub async fn stop_export(&self, context: &Context, id: Id) -> Result<ExportView> {
        context.actor.may(Action::Export, &Object::desk("export"))?;
        let (staff, actor, now) = (context.actor.id(), context.actor.clone(), context.now);
        self.store
            .write(move |tx| {
                let job = Job::load(tx, staff, id)?;
                super::tidy::drop_file(tx, staff, id)?;
                if !job.state.is_over() {
                    let sql = "UPDATE export_job SET state = $3, ended_at = $4, fence = fence + 1 WHERE staff_id = $1 AND id = $2";
                    tx.execute(sql, &values![staff, id, State::Stopped.as_str(), now])?;
                }
                audit::note(tx, &actor, None, "export_dropped", &id.to_string(), &json!({ "kind": job.kind }), now);
                Ok::<_, Error>(viewed(Job::load(tx, staff, id)?))
            })
            .await
    }
}
