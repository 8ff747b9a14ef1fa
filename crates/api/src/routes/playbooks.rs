//! Playbooks: what is in force, editing, publishing, the process documents made of them.

use crate::call::Call;
use crate::route::{Access::May, Empty, Route, ask, get, post, raw};
use aftercare_app::Result;
use aftercare_app::playbook::publish::{CheckPlaybook, DiscardPlaybook, EditedPlaybook, PublishPlaybook};
use aftercare_app::playbook::trial::TryPlaybook;
use aftercare_domain::id::ShopId;
use aftercare_domain::people::Action;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

/// Bytes of an edited playbook with its shared files.
const TEXTS: usize = 4 * 1024 * 1024;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/playbooks", May(Action::ReadPlaybooks), "The playbooks in force", async |call: Call, _: Empty| {
            call.desk.playbooks(&call.context).await
        }),
        get(
            "/playbooks/{scenario}",
            May(Action::ReadPlaybooks),
            "One playbook: its text and its versions",
            async |call: Call<String>, query: Which| call.desk.playbook(&call.context, call.at, query.version).await,
        ),
        raw("/playbooks/{scenario}/document", May(Action::ReadPlaybooks), "The process document, as Markdown", document),
        ask(
            "/playbooks/{scenario}/check",
            May(Action::ManagePlaybooks),
            "Every fault of an edited playbook, and the blocks of one of its files; nothing is kept",
            async |call: Call<String>, input: CheckPlaybook| call.desk.check_playbook(&call.context, call.at, input).await,
        )
        .limit(TEXTS),
        ask(
            "/shops/{shop}/playbooks/{scenario}/try",
            May(Action::ManagePlaybooks),
            "Try an edited playbook on a batch of past cases; nothing is changed",
            async |call: Call<(ShopId, String)>, input: TryPlaybook| call.desk.try_playbook(&call.context, call.at, input).await,
        )
        .limit(TEXTS),
        post(
            "/playbooks/{scenario}/drafts",
            May(Action::ManagePlaybooks),
            "Keep an edited playbook as a draft",
            async |call: Call<String>, input: EditedPlaybook| call.desk.draft_playbook(&call.context, call.at, input).await,
        )
        .limit(TEXTS),
        post(
            "/playbooks/{scenario}/publish",
            May(Action::PublishPlaybook),
            "Publish a draft of somebody else",
            async |call: Call<String>, input: PublishPlaybook| call.desk.publish_playbook(&call.context, call.at, input).await,
        ),
        post(
            "/playbooks/{scenario}/discard",
            May(Action::ManagePlaybooks),
            "Throw a draft away",
            async |call: Call<String>, input: DiscardPlaybook| call.desk.discard_playbook(&call.context, call.at, input).await,
        ),
    ]
}

/// Which version.
#[derive(Deserialize, utoipa::IntoParams)]
struct Which {
    /// Absent: the one in force.
    #[serde(default)]
    version: Option<i64>,
}

/// Which document.
#[derive(Deserialize, utoipa::IntoParams)]
struct Document {
    /// zh (default) or en.
    #[serde(default)]
    lang: Option<String>,
    /// Absent: the one in force.
    #[serde(default)]
    version: Option<i64>,
}

async fn document(call: Call<String>, query: Document) -> Result<Response> {
    let text = call.desk.process_document(&call.context, call.at, query.lang, query.version).await?;
    Ok(([(CONTENT_TYPE, "text/markdown; charset=utf-8")], text).into_response())
}
