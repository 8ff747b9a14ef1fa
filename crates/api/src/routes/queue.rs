//! The queue and its figures.

use crate::call::Call;
use crate::route::{Access::May, Empty, Route, get, post};
use aftercare_app::Result;
use aftercare_app::error::{bad_input, not_found};
use aftercare_app::queue::{NewView, Page, QueueQuery, View};
use aftercare_domain::case::{Narrow, Sort};
use aftercare_domain::id::Id;
use aftercare_domain::people::Action::ReadQueue;
use serde::Deserialize;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/queue", May(ReadQueue), "One page of a view, in the order in which time runs out", queue),
        get("/queue/figures", May(ReadQueue), "Cases and amounts per view", async |call: Call, _: Empty| {
            call.desk.queue_figures(&call.context, None).await
        }),
        get("/views", May(ReadQueue), "Saved views: one's own and shared ones", async |call: Call, _: Empty| {
            call.desk.saved_views(&call.context).await
        }),
        post("/views", May(ReadQueue), "Keep a view, for oneself or, by role, for everybody", async |call: Call, new: NewView| {
            call.desk.save_view(&call.context, new).await
        }),
        post("/views/{id}/drop", May(ReadQueue), "Take a saved view away", async |call: Call<Id>, _: Empty| {
            call.desk.drop_view(&call.context, call.at).await
        }),
    ]
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// all, mine, unknown_money, closed, or whom cases wait for; `all` when absent.
    view: Option<String>,
    /// A shop's code; all granted shops when absent.
    shop: Option<String>,
    /// Scenarios, separated by commas; any when absent.
    scenarios: Option<String>,
    /// At least this much, minor units.
    least_minor: Option<i64>,
    /// At most this much, minor units.
    most_minor: Option<i64>,
    /// This severe or worse, 1 to 4.
    severity: Option<i64>,
    /// Nobody's yet.
    unowned: Option<bool>,
    /// time or amount; time when absent.
    sort: Option<String>,
    /// The `next` of the page before; a narrowed page may hold few rows, or none, while more follow.
    cursor: Option<String>,
    /// Rows, up to 200.
    limit: Option<i64>,
}

async fn queue(call: Call, asked: Asked) -> Result<Page> {
    let view = View::parse(asked.view.as_deref().unwrap_or("all")).ok_or_else(|| bad_input("view", "there is no such view"))?;
    let shop = match &asked.shop {
        Some(code) => Some(call.visit.api.shop(code).await?.ok_or_else(|| not_found("shop"))?),
        None => None,
    };
    let scenarios = asked.scenarios.iter().flat_map(|list| list.split(',')).filter(|name| !name.is_empty()).map(str::to_owned);
    let narrow = Narrow {
        scenarios: scenarios.collect(),
        least_minor: asked.least_minor,
        most_minor: asked.most_minor,
        severity: asked.severity,
        unowned: asked.unowned.unwrap_or_default(),
    };
    if !narrow.is_sound() {
        return Err(bad_input("query", "at most ten scenarios, amounts from 0, severity 1 to 4"));
    }
    let sort = Sort::parse(asked.sort.as_deref().unwrap_or("time")).ok_or_else(|| bad_input("sort", "time or amount"))?;
    call.desk.queue(&call.context, QueueQuery { view, narrow, sort, shop, cursor: asked.cursor, limit: asked.limit }).await
}
