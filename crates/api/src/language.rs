//! Which language the caller reads. Owns the choice between Chinese (the default) and English.

use axum::http::{HeaderMap, header::ACCEPT_LANGUAGE};

/// True unless the caller prefers English over Chinese.
pub(crate) fn chinese(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).is_none_or(prefers_chinese)
}

fn prefers_chinese(accept: &str) -> bool {
    let weight_of = |language: &str| {
        let weigh = |part: &str| {
            let (tag, rest) = part.trim().split_once(';').unwrap_or((part.trim(), ""));
            let weight: f32 = rest.trim().strip_prefix("q=").map_or(1.0, |q| q.parse().unwrap_or(0.0));
            tag.split('-').next().is_some_and(|primary| primary.eq_ignore_ascii_case(language)).then_some(weight)
        };
        accept.split(',').filter_map(weigh).fold(0.0, f32::max)
    };
    weight_of("zh") >= weight_of("en")
}

#[cfg(test)]
mod tests {
    #[test]
    fn chinese_unless_english_is_preferred() {
        let check = |accept: &str, expect: bool| assert_eq!(super::prefers_chinese(accept), expect, "{accept}");
        check("", true);
        check("zh-CN,zh;q=0.9,en;q=0.8", true);
        check("en-US,en;q=0.9", false);
        check("fr", true);
        check("en;q=0.5, zh;q=0.7", true);
        check("zh;q=0, en", false);
        check("en;q=nonsense", true);
    }
}
