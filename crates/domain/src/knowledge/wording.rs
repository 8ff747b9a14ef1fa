//! Variables of a text against the catalogue that scripts of playbooks use. Owns finding the first one that nobody knows.

use crate::playbook::Catalogue;

/// A variable that does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// Where it starts, in letters from 1.
    pub place: usize,
    /// As it stands there, with its braces.
    pub found: String,
    /// The known name closest to it.
    pub nearest: Option<String>,
}

/// The first variable of these words that the catalogue does not know; an unclosed brace is one too.
pub fn unknown_variable(words: &str, catalogue: &Catalogue) -> Option<Unknown> {
    let known = || catalogue.names().chain(catalogue.variables().iter().map(|variable| variable.name.as_str()));
    let mut at = 0;
    while let Some(start) = words[at..].find('{').map(|ahead| at + ahead) {
        let rest = &words[start + 1..];
        let (name, closed) = rest.split_once('}').map_or((rest, false), |(name, _)| (name, true));
        if !closed || !known().any(|candidate| candidate == name) {
            let place = words[..start].chars().count() + 1;
            let found: String = words[start..].chars().take(name.chars().count() + 1 + usize::from(closed)).take(40).collect();
            let near = crate::playbook::text::nearest(name, known()).map(str::to_owned);
            return Some(Unknown { place, found, nearest: near });
        }
        at = start + 1 + name.len() + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_variable_is_found_with_its_place() {
        let check = |words: &str, expect: Option<(usize, &str, Option<&str>)>| {
            let found = unknown_variable(words, Catalogue::standard());
            let found = found.as_ref().map(|it| (it.place, it.found.as_str(), it.nearest.as_deref()));
            assert_eq!(found, expect, "{words}");
        };
        check("运费由我们承担。", None);
        check("订单{order.no}的退款{offer.amount}", None);
        check("退款{offer.amonut}已提交", Some((3, "{offer.amonut}", Some("offer.amount"))));
        check("{order.no}，{weather}", Some((12, "{weather}", None)));
        check("运费{offer.amount", Some((3, "{offer.amount", Some("offer.amount"))));
    }
}
