//! Requests forged by other sites. Owns the rule: with a cookie, whatever is not a plain read must come from our own page.

use aftercare_domain::refusal::{Code, Refusal};
use axum::http::{HeaderMap, header};

/// Refuses a write by cookie without our own header, or with the `Origin` of another site, or none.
pub(crate) fn own_page(headers: &HeaderMap) -> Result<(), Refusal> {
    let ours = text(headers, "x-requested-with") == Some("aftercare");
    if ours && same_origin(headers) == Some(true) { Ok(()) } else { Err(Code::CrossSite.into()) }
}

/// Refuses signing in from another site's page; programs without a page send no `Origin`.
pub(crate) fn not_foreign(headers: &HeaderMap) -> Result<(), Refusal> {
    if same_origin(headers) == Some(false) { Err(Code::CrossSite.into()) } else { Ok(()) }
}

/// Whether the page's origin is the host called; nothing when no origin is given.
fn same_origin(headers: &HeaderMap) -> Option<bool> {
    let origin = text(headers, header::ORIGIN.as_str())?;
    let host = text(headers, header::HOST.as_str())?;
    let page = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")).unwrap_or_default();
    Some(page == host)
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(rows: &[(&'static str, &str)]) -> HeaderMap {
        rows.iter().map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value"))).collect()
    }

    #[test]
    fn only_our_own_page_writes_with_a_cookie() {
        let check = |rows: &[(&'static str, &str)], expect: bool| assert_eq!(own_page(&headers(rows)).is_ok(), expect, "{rows:?}");
        let (host, ours) = (("host", "desk.example:8443"), ("x-requested-with", "aftercare"));
        check(&[host, ours, ("origin", "https://desk.example:8443")], true);
        check(&[host, ("origin", "https://desk.example:8443")], false);
        check(&[host, ours], false);
        check(&[host, ours, ("origin", "https://evil.example")], false);
        check(&[host, ours, ("origin", "https://desk.example:8443.evil.example")], false);
        check(&[host, ours, ("origin", "null")], false);
        check(&[ours, ("origin", "https://desk.example:8443")], false);
    }

    #[test]
    fn signing_in_works_for_programs_but_not_from_another_page() {
        let host = ("host", "desk.example");
        assert!(not_foreign(&headers(&[host])).is_ok());
        assert!(not_foreign(&headers(&[host, ("origin", "https://evil.example")])).is_err());
    }
}
