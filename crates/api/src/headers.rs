//! Headers on every answer: what browsers may do with it, and the request's id. Owns the content security policy.

use crate::Options;
use axum::http::{HeaderName, HeaderValue, Response, header};

/// Pages: our own scripts only; styles also inline, since the component kit writes them at run time.
pub(crate) const PAGE_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// Data: nothing in it may run or be framed.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The desk's present on every answer: countdowns follow the desk's clock, not the reader's machine.
pub(crate) const DESK_TIME: HeaderName = HeaderName::from_static("x-desk-time");

const ALWAYS: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Puts on what is missing.
pub(crate) fn guard<B>(mut answer: Response<B>, options: &Options) -> Response<B> {
    let headers = answer.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(DATA_POLICY));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if options.secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    answer
}

/// The caller's own name of the request, when it is a plain one.
pub(crate) fn request_id(headers: &axum::http::HeaderMap) -> Option<&str> {
    let given = headers.get(REQUEST_ID)?.to_str().ok()?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    ((1..=64).contains(&given.len()) && given.bytes().all(plain)).then_some(given)
}
