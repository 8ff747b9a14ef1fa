//! Exports of the caller: asked for, looked at, fetched, stopped.

use crate::call::Call;
use crate::route::{Access::May, Empty, Route, get, post, raw};
use aftercare_app::Result;
use aftercare_app::export::NewExport;
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use tokio_stream::wrappers::ReceiverStream;

pub(super) fn routes() -> Vec<Route> {
    let may = May(Action::Export);
    vec![
        get("/exports", may, "One's own exports, the latest first", async |call: Call, _: Empty| call.desk.exports(&call.context).await),
        post("/exports", may, "Take a view, the board or a search out as a file", async |call: Call, new: NewExport| {
            call.desk.ask_export(&call.context, new).await
        }),
        get("/exports/{id}", may, "One of one's own exports", async |call: Call<Id>, _: Empty| {
            call.desk.export(&call.context, call.at).await
        }),
        post("/exports/{id}/stop", may, "Stop an export, or throw its file away", async |call: Call<Id>, _: Empty| {
            call.desk.stop_export(&call.context, call.at).await
        }),
        raw("/exports/{id}/file", may, "The file, for whoever asked for it", file),
    ]
}

/// Piece by piece, so that no file is held in memory as a whole.
async fn file(call: Call<Id>, _: Empty) -> Result<Response> {
    let file = call.desk.fetch_export(&call.context, call.at).await?;
    let head = [
        (CONTENT_TYPE, file.media_type.to_owned()),
        (CONTENT_LENGTH, file.size.to_string()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file.name)),
    ];
    let (give, pieces) = tokio::sync::mpsc::channel::<std::result::Result<Bytes, std::io::Error>>(1);
    tokio::spawn(async move {
        for n in 0.. {
            let piece = match call.desk.export_piece(&file, n).await {
                Ok(Some(piece)) => Ok(Bytes::from(piece)),
                Ok(None) => return,
                Err(error) => Err(std::io::Error::other(error.to_string())),
            };
            // Whoever was reading has gone.
            if give.send(piece).await.is_err() {
                return;
            }
        }
    });
    Ok((head, Body::from_stream(ReceiverStream::new(pieces))).into_response())
}
