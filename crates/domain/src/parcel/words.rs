//! What carriers' codes and sentences mean. Owns the reading of the two data files; the meanings stand in them, with their source.

use super::{Signer, State};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static BOOK: LazyLock<Book> = LazyLock::new(|| Book::shipped().expect("the shipped files are read by a test"));

/// Every scheme and sentence known.
struct Book {
    schemes: BTreeMap<String, BTreeMap<String, State>>,
    drop: Vec<String>,
    words: Vec<(State, Vec<Pattern>)>,
    signers: Vec<(Signer, Vec<Pattern>)>,
}

/// Pieces that must follow each other in a sentence.
struct Pattern(Vec<String>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Codes {
    format: u32,
    scheme: Vec<Scheme>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scheme {
    name: String,
    #[serde(rename = "source")]
    _source: String,
    codes: BTreeMap<String, State>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    format: u32,
    drop: Vec<String>,
    word: Vec<Word>,
    signer: Vec<Hand>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Word {
    state: State,
    any: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hand {
    who: Signer,
    any: Vec<String>,
}

impl Book {
    fn shipped() -> Result<Self, toml::de::Error> {
        let codes: Codes = toml::from_str(include_str!("../../data/carrier_codes.toml"))?;
        let words: Words = toml::from_str(include_str!("../../data/carrier_words.toml"))?;
        debug_assert_eq!((codes.format, words.format), (1, 1));
        let patterns = |any: Vec<String>| any.iter().map(|text| Pattern::of(text)).collect();
        Ok(Self {
            schemes: codes.scheme.into_iter().map(|scheme| (scheme.name, scheme.codes)).collect(),
            drop: words.drop,
            words: words.word.into_iter().map(|word| (word.state, patterns(word.any))).collect(),
            signers: words.signer.into_iter().map(|hand| (hand.who, patterns(hand.any))).collect(),
        })
    }
}

impl Pattern {
    fn of(text: &str) -> Self {
        Self(text.split('…').map(str::to_owned).collect())
    }

    fn fits(&self, sentence: &str) -> bool {
        let mut rest = sentence;
        self.0.iter().all(|piece| match rest.find(piece.as_str()) {
            Some(at) => {
                rest = &rest[at + piece.len()..];
                true
            }
            None => false,
        })
    }
}

/// The state a code stands for: `301` or `3/301` of a scheme (`kuaidi100:301`), of any scheme that knows it when none is named and all agree.
pub(super) fn of_code(code: &str) -> Option<State> {
    let (scheme, code) = match code.split_once(':') {
        Some((scheme, code)) => (Some(scheme), code),
        None => (None, code),
    };
    let code = code.rsplit('/').next().unwrap_or(code).trim();
    if let Some(scheme) = scheme {
        return BOOK.schemes.get(scheme)?.get(code).copied();
    }
    let mut meanings = BOOK.schemes.values().filter_map(|codes| codes.get(code).copied());
    let first = meanings.next()?;
    meanings.all(|other| other == first).then_some(first)
}

/// The state a carrier's sentence tells, if it tells one.
pub(super) fn of_text(text: &str) -> Option<State> {
    let sentence = BOOK.drop.iter().fold(text.to_owned(), |text, noise| text.replace(noise.as_str(), ""));
    BOOK.words.iter().find(|(_, patterns)| patterns.iter().any(|pattern| pattern.fits(&sentence))).map(|(state, _)| *state)
}

/// Who signed, as far as the sentence says it.
pub(super) fn signer(text: &str) -> Option<Signer> {
    BOOK.signers.iter().find(|(_, patterns)| patterns.iter().any(|pattern| pattern.fits(text))).map(|(who, _)| *who)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_with_and_without_their_scheme() {
        let check = |code: &str, expect: Option<State>| assert_eq!(of_code(code), expect, "{code}");
        check("kuaidi100:303", Some(State::SignedOther));
        check("kdniao:2/211", Some(State::AtLocker));
        check("sf:648", Some(State::Returning));
        check("304", None); // kuaidi100: taken from the locker; kdniao: signed by somebody else
        check("派件", Some(State::OutForDelivery));
        check("nobody:1", None);
        check("4711", None);
    }

    #[test]
    fn sentences() {
        let check = |text: &str, expect: Option<State>| assert_eq!(of_text(text), expect, "{text}");
        check("快件正在派送途中，请您准备签收", Some(State::OutForDelivery));
        check("包裹等待揽收", Some(State::AwaitingPickup));
        check("【杭州转运中心】 已发出 下一站 【上海】", Some(State::InTransit));
        check("收件人拒收，快件退回中", Some(State::Refused));
        check("退回件已签收", Some(State::ReturnSigned));
        check("签收人：快递柜", Some(State::SignedLocker));
        check("您的快件已由门卫代签收", Some(State::SignedOther));
        check("已签收，本人签收", Some(State::SignedSelf));
        check("快件已存放至丰巢柜，请凭取件码及时取件", Some(State::AtLocker));
        check("祝您生活愉快", None);
    }

    #[test]
    fn hands() {
        let check = |text: &str, expect: Option<Signer>| assert_eq!(signer(text), expect, "{text}");
        check("客户签收人: 他人代签世纪联华超市", Some(Signer::Other));
        check("已由门卫代签收", Some(Signer::Guard));
        check("签收人：快递柜", Some(Signer::Locker));
        check("签收人：本人", Some(Signer::Itself));
        check("已签收", None);
    }
}
