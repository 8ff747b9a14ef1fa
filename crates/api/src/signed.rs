//! From cookie or bearer token to the actor behind it. Owns the cookie's form; secrets are checked in `app`.

use crate::{Api, Options};
use aftercare_app::{Actor, Result};
use aftercare_domain::people::{Role, policy};
use aftercare_domain::refusal::Code;
use axum::http::{HeaderMap, header};

/// The session cookie's name.
pub(crate) const COOKIE: &str = "aftercare_session";

/// The caller, and the session's secret when the cookie said so.
pub(crate) async fn caller(api: &Api, headers: &HeaderMap) -> Result<(Actor, Option<String>)> {
    if let Some(token) = bearer(headers) {
        return Ok((api.desk().token_holder(token).await?, None));
    }
    let secret = cookie(headers).ok_or(Code::NotSignedIn)?;
    Ok((api.desk().signed_in(secret).await?, Some(secret.to_owned())))
}

/// Who calls a public route: a program without any scope, who may do nothing.
pub(crate) fn nobody() -> Actor {
    let who = policy::Actor { id: Actor::desk().id(), role: Role::Api, shops: Default::default(), only: None, custom: None };
    Actor { who, agent_no: String::new(), display_name: String::new(), factor_at: None, system: false, buyer: false }
}

/// The header that gives a browser its session.
pub(crate) fn set_cookie(secret: &str, options: &Options) -> String {
    let secure = if options.secure { "; Secure" } else { "" };
    format!("{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Strict{secure}")
}

/// The header that takes it away.
pub(crate) fn clear_cookie(options: &Options) -> String {
    format!("{}; Max-Age=0", set_cookie("", options))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_among_others_and_never_by_half_a_name() {
        let check = |line: &str, expect: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, line.parse().expect("a header"));
            assert_eq!(cookie(&headers), expect, "{line}");
        };
        check("a=1; aftercare_session=x; b=2", Some("x"));
        check("aftercare_session2=x", None);
        check("xaftercare_session=x", None);
    }

    #[test]
    fn a_cookie_is_closed_to_scripts_and_other_sites() {
        assert_eq!(set_cookie("x", &Options { secure: true }), "aftercare_session=x; Path=/; HttpOnly; SameSite=Strict; Secure");
        assert_eq!(clear_cookie(&Options { secure: false }), "aftercare_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    }
}
