//! Saved views of the queue: one's own, and those shared with everybody. Owns their rows; what they narrow is the domain's.

use super::View;
use crate::command::Repeat;
use crate::error::{Error, Result, bad_input, not_found};
use crate::ids::new_id;
use crate::{Context, Desk, audit};
use aftercare_domain::case::{Narrow, Sort, VIEWS_LIMIT};
use aftercare_domain::id::Id;
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::privacy::masked;
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_store::{DbError, Row, values};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What a view shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Shows {
    /// The base view: all, mine, closed, unknown_money, or whom cases wait for.
    pub view: String,
    /// A shop's code; absent: all one sees.
    #[serde(default)]
    pub shop: Option<String>,
    /// What of it: `scenarios`, `least_minor`, `most_minor`, `severity`, `unowned`.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub narrow: Narrow,
    /// time or amount.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub sort: Option<Sort>,
}

/// A view to keep.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewView {
    /// What it is called.
    pub name: String,
    /// For everybody; asks for a role that may.
    #[serde(default)]
    pub shared: bool,
    /// What it shows.
    pub shows: Shows,
}

/// A view as kept.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SavedView {
    /// The view.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id,
    /// What it is called.
    pub name: String,
    /// For everybody.
    pub shared: bool,
    /// Whether the reader may take it away.
    pub removable: bool,
    /// What it shows.
    pub shows: Shows,
}

/// The views in the reader's rail.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct SavedViews {
    /// One's own first, then shared ones, each in the order in which they were kept.
    pub items: Vec<SavedView>,
}

const COLUMNS: &str = "id, staff_id, shared, name, body";

struct Kept {
    staff: Id,
    view: SavedView,
}

fn read(row: &Row) -> std::result::Result<Kept, DbError> {
    let shows = serde_json::from_value(row.get::<Value>(4)?).map_err(|error| DbError::Shape(error.to_string()))?;
    let view = SavedView { id: row.get(0)?, name: row.get(3)?, shared: row.get(2)?, removable: false, shows };
    Ok(Kept { staff: row.get(1)?, view })
}

fn may_share(context: &Context) -> bool {
    context.actor.may(Action::ShareView, &Object::desk("view")).is_ok()
}

impl Desk {
    /// The views in the reader's rail.
    pub async fn saved_views(&self, context: &Context) -> Result<SavedViews> {
        context.actor.may(Action::ReadQueue, &Object::desk("queue"))?;
        let (who, share) = (context.actor.id(), may_share(context));
        let own = format!("SELECT {COLUMNS} FROM saved_view WHERE staff_id = $1 AND shared = 0 ORDER BY at, id LIMIT $2");
        let shared = format!("SELECT {COLUMNS} FROM saved_view WHERE shared = 1 ORDER BY at, id LIMIT $1");
        self.store
            .read(move |tx| {
                let mut all = tx.query(&own, &values![who, VIEWS_LIMIT], read)?;
                all.extend(tx.query(&shared, &values![VIEWS_LIMIT], read)?);
                let one = |kept: Kept| SavedView { removable: kept.staff == who || (kept.view.shared && share), ..kept.view };
                Ok::<_, Error>(SavedViews { items: all.into_iter().map(one).collect() })
            })
            .await
    }

    /// Keeps a view.
    pub async fn save_view(&self, context: &Context, new: NewView) -> Result<SavedView> {
        context.actor.may(Action::ReadQueue, &Object::desk("queue"))?;
        if new.shared {
            context.actor.may(Action::ShareView, &Object::desk("view"))?;
        }
        let name = masked(new.name.trim());
        if name.is_empty() || name.len() > 60 {
            return Err(bad_input("name", "1 to 60 bytes"));
        }
        if View::parse(&new.shows.view).is_none() {
            return Err(bad_input("view", "there is no such view"));
        }
        if !new.shows.narrow.is_sound() || new.shows.shop.as_ref().is_some_and(|shop| shop.len() > 60) {
            return Err(bad_input("shows", "at most ten scenarios, amounts from 0, severity 1 to 4"));
        }
        let repeat = Repeat::of(context, "views", &new);
        let (id, now, actor) = (new_id(context.now), context.now, context.actor.clone());
        self.command(context, repeat, move |tx| {
            const VIEW: &[&str] = &["id", "staff_id", "shared", "name", "body", "at"];
            let sql = "SELECT COUNT(*) FROM (SELECT 1 FROM saved_view WHERE staff_id = $1 LIMIT $2) AS kept";
            let kept = tx.query_opt(sql, &values![actor.id(), VIEWS_LIMIT], |row| row.get::<i64>(0))?.unwrap_or(0);
            if kept >= VIEWS_LIMIT {
                return Err(Refusal::new(Code::ViewLimit).with("limit", VIEWS_LIMIT).into());
            }
            tx.insert("saved_view", VIEW, values![id, actor.id(), new.shared, &name, json!(new.shows), now]);
            if new.shared {
                audit::note(tx, &actor, None, "view_shared", &id.to_string(), &json!({ "shows": new.shows }), now);
            }
            Ok(SavedView { id, name: name.clone(), shared: new.shared, removable: true, shows: new.shows.clone() })
        })
        .await
    }

    /// Takes a view away: one's own, or a shared one by whoever may share.
    pub async fn drop_view(&self, context: &Context, id: Id) -> Result<SavedViews> {
        let repeat = Repeat::of(context, format!("views/{id}/drop"), &());
        let (who, share, actor, now) = (context.actor.id(), may_share(context), context.actor.clone(), context.now);
        self.command(context, repeat, move |tx| {
            let sql = format!("SELECT {COLUMNS} FROM saved_view WHERE id = $1 FOR UPDATE");
            let kept = tx.query_opt(&sql, &values![id], read)?;
            let kept = kept.filter(|kept| kept.staff == who || (kept.view.shared && share)).ok_or_else(|| not_found("view"))?;
            tx.execute("DELETE FROM saved_view WHERE id = $1", &values![id])?;
            if kept.view.shared {
                audit::note(tx, &actor, None, "view_dropped", &id.to_string(), &json!({}), now);
            }
            Ok::<_, Error>(())
        })
        .await?;
        self.saved_views(context).await
    }
}
