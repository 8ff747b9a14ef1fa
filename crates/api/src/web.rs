//! The files of the workbench and of the buyer's page, inside the program. Owns paths and caching; unknown pages are the workbench's own business.

use crate::Api;
use crate::headers::PAGE_POLICY;
use crate::serve::fault;
use aftercare_app::error::not_found;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::Embed;

#[derive(Embed)]
#[folder = "../../web/dist"]
struct Files;

/// A file, or for every address that is none the first page: the buyer's under `/portal/`, else the workbench's.
pub(crate) async fn page(State(api): State<Api>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path.starts_with("api/") || !matches!(method, Method::GET | Method::HEAD) {
        return fault(not_found("route"), &api, &headers);
    }
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let name = match (is_file, path.starts_with("portal/")) {
        (true, _) => path,
        (_, true) => "portal.html",
        _ => "index.html",
    };
    match Files::get(name) {
        Some(file) => {
            // Built names carry a hash of their content; everything else is asked for anew.
            let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
            let kind = mime_guess::from_path(name).first_or_octet_stream().to_string();
            let head =
                [(header::CONTENT_TYPE, kind.as_str()), (header::CACHE_CONTROL, cache), (header::CONTENT_SECURITY_POLICY, PAGE_POLICY)];
            (head, file.data.into_owned()).into_response()
        }
        None => fault(not_found("file"), &api, &headers),
    }
}
