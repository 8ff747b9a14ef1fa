//! Import jobs: a file in parts, a look, a dry run, the run, the error list, undoing.

use crate::call::Call;
use crate::route::{Access::May, BODY_LIMIT, Empty, Route, ask, get, post, raw};
use aftercare_app::Result;
use aftercare_app::import::job::{Look, NewImport, NewPart, PART_LIMIT, Steer};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::Action;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// A job of a shop.
type Job = (ShopId, Id);

/// A large file takes a while to be read through.
const LOOKING: Duration = Duration::from_secs(120);

pub(super) fn routes() -> Vec<Route> {
    let may = May(Action::Import);
    vec![
        get("/shops/{shop}/imports", may, "The latest import jobs", async |call: Call<ShopId>, _: Empty| {
            call.desk.imports(&call.context, call.at).await
        }),
        post("/shops/{shop}/imports", may, "Open a job for a file of purchases", async |call: Call<ShopId>, new: NewImport| {
            call.desk.open_import(&call.context, call.at, new).await
        }),
        get("/shops/{shop}/imports/{id}", may, "One import job", async |call: Call<Job>, _: Empty| {
            call.desk.import(&call.context, call.at).await
        }),
        ask("/shops/{shop}/imports/{id}/parts", may, "The next part of the file; the same part again changes nothing", part)
            .limit(PART_LIMIT / 3 * 4 + BODY_LIMIT),
        ask(
            "/shops/{shop}/imports/{id}/look",
            may,
            "What the file seems to be, and its first rows masked",
            async |call: Call<Job>, look: Look| call.desk.look_at_import(&call.context, call.at, look).await,
        )
        .patience(LOOKING),
        ask("/shops/{shop}/imports/{id}/steer", may, "Try it, start, pause, go on, stop or undo", async |call: Call<Job>, steer: Steer| {
            call.desk.steer_import(&call.context, call.at, steer).await
        }),
        raw("/shops/{shop}/imports/{id}/errors", may, "The rows left out, as CSV", errors),
    ]
}

async fn part(call: Call<Job>, part: NewPart) -> Result<aftercare_app::import::job::Opened> {
    call.desk.add_import_part(&call.context, call.at, part).await
}

async fn errors(call: Call<Job>, _: Empty) -> Result<Response> {
    let list = call.desk.import_errors(&call.context, call.at).await?;
    // The mark tells spreadsheets that this is UTF-8.
    let bytes = [b"\xef\xbb\xbf".as_slice(), &list].concat();
    let head = [(CONTENT_TYPE, "text/csv; charset=utf-8"), (CONTENT_DISPOSITION, "attachment; filename=\"import-errors.csv\"")];
    Ok((head, bytes).into_response())
}
