//! What a session is called in its owner's list: browser and system, in a word each. Owns reading them; the header itself is not kept.

use axum::http::{HeaderMap, header};

/// In this order: later browsers name the earlier ones too.
const BROWSERS: &[(&str, &str)] =
    &[("MicroMessenger", "微信"), ("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
const SYSTEMS: &[(&str, &str)] =
    &[("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux")];

/// The name; empty for programs.
pub(crate) fn name(headers: &HeaderMap) -> String {
    let text = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let find = |all: &[(&str, &'static str)]| all.iter().find(|(mark, _)| text.contains(mark)).map(|(_, name)| *name);
    [find(BROWSERS), find(SYSTEMS)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_word_each() {
        let check = |agent: &str, expect: &str| {
            let headers = [("user-agent".parse().expect("a name"), agent.parse().expect("a value"))].into_iter().collect();
            assert_eq!(super::name(&headers), expect, "{agent}");
        };
        check("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36", "Chrome · Linux");
        check("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows");
        check("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1", "Safari · iPhone");
        check("curl/8.0", "");
    }
}
