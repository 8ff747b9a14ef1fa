//! The queue and its figures.

use crate::call::Call;
use crate::route::{Access::May, Empty, Route, get};
use aftercare_app::Result;
use aftercare_app::error::{bad_input, not_found};
use aftercare_app::queue::{Page, QueueQuery, View};
use aftercare_domain::people::Action::ReadQueue;
use serde::Deserialize;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/queue", May(ReadQueue), "One page of a view, in the order in which time runs out", queue),
        get("/queue/figures", May(ReadQueue), "Cases and amounts per view", async |call: Call, _: Empty| {
            call.desk.queue_figures(&call.context, None).await
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
    /// The `next` of the page before.
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
    call.desk.queue(&call.context, QueueQuery { view, shop, cursor: asked.cursor, limit: asked.limit }).await
}
