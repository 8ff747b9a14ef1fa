//! Plain values: ids, words, numbers, dates, closed sets of names, texts in two languages, lists. Owns their checks.

use super::{Node, Read, Reading};
use crate::case::WaitingOn;
use crate::deadline::{AtZero, SourceKind};
use crate::people::Team;
use crate::playbook::fault::Wrong;
use crate::playbook::line::Length;
use crate::playbook::text::{Text, nearest};
use toml::de::DeValue;

/// Bytes of one text.
const TEXT_LIMIT: usize = 4_000;
/// Items of one list.
const LIST_LIMIT: usize = 200;

/// An id: `a-z`, `0-9`, `_`.
pub(in crate::playbook) struct Id(pub String);

impl Read for Id {
    fn read(reading: &mut Reading<'_>, node: Node<'_>) -> Option<Self> {
        let text = String::read(reading, node)?;
        let good = text.len() <= 60 && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !good {
            reading.not(node, "an id of a-z, 0-9 and _, at most 60 of them");
            return None;
        }
        Some(Self(text))
    }
    fn blank() -> Self {
        Self(String::new())
    }
}

impl Read for String {
    fn read(reading: &mut Reading<'_>, node: Node<'_>) -> Option<Self> {
        match node.value {
            DeValue::String(text) if !text.trim().is_empty() && text.len() <= TEXT_LIMIT => Some(text.clone().into_owned()),
            _ => {
                reading.not(node, format!("text in quotes, not empty, at most {TEXT_LIMIT} bytes"));
                None
            }
        }
    }
    fn blank() -> Self {
        Self::new()
    }
}

impl Read for bool {
    fn read(reading: &mut Reading<'_>, node: Node<'_>) -> Option<Self> {
        match node.value {
            DeValue::Boolean(value) => Some(*value),
            _ => {
                reading.not(node, "true or false");
                None
            }
        }
    }
    fn blank() -> Self {
        false
    }
}

impl Read for u32 {
    fn read(reading: &mut Reading<'_>, node: Node<'_>) -> Option<Self> {
        let n = match node.value {
            DeValue::Integer(n) => Self::from_str_radix(n.as_str(), n.radix()).ok(),
            _ => None,
        };
        if n.is_none() {
            reading.not(node, "a whole number");
        }
        n
    }
    fn blank() -> Self {
        0
    }
}

impl Read for jiff::civil::Date {
    fn read(reading: &mut Reading<'_>, node: Node<'_>) -> Option<Self> {
        let day = match node.value {
            DeValue::Datetime(at) if at.time.is_none() && at.offset.is_none() => {
                at.date.and_then(|d| Self::new(i16::try_from(d.year).ok()?, i8::try_from(d.month).ok()?, i8::try_from(d.day).ok()?).ok())
            }
            _ => None,
        };
        if day.is_none() {
            reading.not(node, "a date such as 2026-02-10, without quotes");
        }
        day
    }
    fn blank() -> Self {
        Self::ZERO
    }
}

impl Read for Text {
    fn read(reading: &mut Reading<'_>, node: Node<'_>) -> Option<Self> {
        let mut fields = reading.fields(node)?;
        let text = Self { zh: fields.need("zh"), en: fields.need("en") };
        fields.done();
        Some(text)
    }
    fn blank() -> Self {
        Self::default()
    }
}

impl Read for Length {
    fn read(reading: &mut Reading<'_>, node: Node<'_>) -> Option<Self> {
        let text = String::read(reading, node)?;
        let read = Self::read(&text);
        read.map_err(|wrong| reading.fault(super::lines::inside(reading.text, node.at, wrong.at), wrong)).ok()
    }
    fn blank() -> Self {
        Self { n: 0, unit: crate::playbook::line::LengthUnit::Hours }
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(reading: &mut Reading<'_>, node: Node<'_>) -> Option<Self> {
        let DeValue::Array(array) = node.value else {
            reading.not(node, "a list [ … ]");
            return None;
        };
        if array.len() > LIST_LIMIT {
            reading.not(node, format!("a list of at most {LIST_LIMIT}"));
            return None;
        }
        let items = array.iter().map(|item| Node { value: item.get_ref(), at: item.span().start });
        Some(items.filter_map(|item| T::read(reading, item)).collect())
    }
    fn blank() -> Self {
        Self::new()
    }
}

/// A name out of a closed set.
pub(in crate::playbook) fn name<T>(reading: &mut Reading<'_>, node: Node<'_>, all: &[T], of: fn(&T) -> &'static str) -> Option<T>
where
    T: Copy,
{
    let text = String::read(reading, node)?;
    let found = all.iter().find(|value| of(value) == text).copied();
    if found.is_none() {
        let known: Vec<&str> = all.iter().map(of).collect();
        let wrong = Wrong {
            nearest: nearest(&text, known.iter().copied()).map(str::to_owned),
            ..Wrong::new(format!("\"{text}\""), format!("one of {}", known.join(", ")))
        };
        reading.fault(node.at, wrong);
    }
    found
}

/// Reads closed sets of names.
macro_rules! read_names {
    ($($set:ty),* $(,)?) => {$(
        impl $crate::playbook::read::Read for $set {
            fn read(reading: &mut $crate::playbook::read::Reading<'_>, node: $crate::playbook::read::Node<'_>) -> Option<Self> {
                $crate::playbook::read::name(reading, node, &Self::ALL, |value| value.as_str())
            }
            fn blank() -> Self {
                Self::ALL[0]
            }
        }
    )*};
}
pub(in crate::playbook) use read_names;

read_names!(Team, WaitingOn, AtZero, SourceKind, crate::playbook::catalogue::Asked);
