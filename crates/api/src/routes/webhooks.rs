//! Webhooks of a shop: subscriptions, their log, telling again what failed.

use crate::call::Call;
use crate::route::{Access::May, Empty, Route, ask, get};
use aftercare_app::webhook::{DeliveriesQuery, KeepWebhook, Replay};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::Action::ManageSettings;
use serde::Serialize;

/// Subscriptions are made without a key that would be kept with its answer: a secret stands in it.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/shops/{shop}/webhooks", May(ManageSettings), "Who is told of the shop's events", async |call: Call<ShopId>, _: Empty| {
            call.desk.webhooks(&call.context, call.at).await
        }),
        ask(
            "/shops/{shop}/webhooks",
            May(ManageSettings),
            "Tell another system of events; the secret that signs is shown once",
            async |call: Call<ShopId>, it: KeepWebhook| call.desk.add_webhook(&call.context, call.at, it).await,
        ),
        ask(
            "/shops/{shop}/webhooks/{id}",
            May(ManageSettings),
            "Change where to and what",
            async |call: Call<(ShopId, Id)>, it: KeepWebhook| {
                call.desk.keep_webhook(&call.context, call.at.0, call.at.1, it).await.map(|()| Empty {})
            },
        ),
        ask("/shops/{shop}/webhooks/{id}", May(ManageSettings), "Take it away with its log", async |call: Call<(ShopId, Id)>, _: Empty| {
            call.desk.remove_webhook(&call.context, call.at.0, call.at.1).await.map(|()| Empty {})
        })
        .delete(),
        ask("/shops/{shop}/webhooks/{id}/pause", May(ManageSettings), "Tell nothing more", async |call: Call<(ShopId, Id)>, _: Empty| {
            call.desk.pause_webhook(&call.context, call.at.0, call.at.1).await.map(|()| Empty {})
        }),
        ask(
            "/shops/{shop}/webhooks/{id}/resume",
            May(ManageSettings),
            "Go on with what happens from now on",
            async |call: Call<(ShopId, Id)>, _: Empty| {
                call.desk.resume_webhook(&call.context, call.at.0, call.at.1).await.map(|()| Empty {})
            },
        ),
        ask(
            "/shops/{shop}/webhooks/{id}/secret",
            May(ManageSettings),
            "A new secret; the one before signs too for a day",
            async |call: Call<(ShopId, Id)>, _: Empty| call.desk.renew_webhook_secret(&call.context, call.at.0, call.at.1).await,
        ),
        get(
            "/shops/{shop}/webhooks/{id}/deliveries",
            May(ManageSettings),
            "The log of a subscription, newest first",
            async |call: Call<(ShopId, Id)>, query: DeliveriesQuery| {
                call.desk.webhook_deliveries(&call.context, call.at.0, call.at.1, query).await
            },
        ),
        ask(
            "/shops/{shop}/webhooks/{id}/replay",
            May(ManageSettings),
            "Tell again what failed: one delivery, or all",
            async |call: Call<(ShopId, Id)>, it: Replay| {
                Ok(Again { count: call.desk.replay_webhook(&call.context, call.at.0, call.at.1, it).await? })
            },
        ),
    ]
}

/// How many are told again.
#[derive(Serialize, utoipa::ToSchema)]
struct Again {
    count: u64,
}
