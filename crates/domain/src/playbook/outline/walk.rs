//! Walks a file's TOML and notes every block and row with its place and its sentence. Owns the walking; shapes stand in `shape`.

use super::parts::Parts;
use super::place::Places;
use super::shape::{Key, Shape, keys, word_zh};
use super::{Block, Both, Item, Placed, Row};
use crate::playbook::catalogue::Catalogue;
use crate::playbook::line::{Length, amount, test};
use crate::playbook::table::Table;
use crate::playbook::text::Text;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

type Value<'t> = Spanned<DeValue<'t>>;

/// The blocks of a file in the order of its text; nothing when it is no TOML.
pub fn outline(text: &str, catalogue: &Catalogue) -> Option<Vec<Block>> {
    let root = DeTable::parse(text).ok()?;
    let walk = Walk { places: Places::of(text), catalogue };
    let root = root.get_ref();
    let mut blocks = Vec::new();
    for name in Table::NAMES {
        let Some(DeValue::Array(tables)) = root.get(name).map(Spanned::get_ref) else { continue };
        for (n, table) in tables.iter().enumerate() {
            let DeValue::Table(inner) = table.get_ref() else { continue };
            blocks.push(walk.block(name, n, inner, table.span()));
        }
    }
    if let Some(closing) = root.get("closing")
        && let DeValue::Table(inner) = closing.get_ref()
    {
        blocks.push(walk.block("closing", 0, inner, closing.span()));
    }
    blocks.sort_by_key(|block| block.at.from);
    blocks.insert(0, walk.head(root));
    Some(blocks)
}

struct Walk<'t> {
    places: Places<'t>,
    catalogue: &'t Catalogue,
}

impl Walk<'_> {
    /// The keys in front of the first table.
    fn head(&self, root: &DeTable<'_>) -> Block {
        let own = |key: &str| key != "closing" && !Table::NAMES.contains(&key);
        let end = root.iter().filter(|(key, _)| own(key.get_ref().as_ref())).map(|(_, value)| value.span().end).max();
        let whole = 0..self.places.line_end(end.unwrap_or_default());
        self.filled("head", 0, root, whole, false)
    }

    fn block(&self, name: &'static str, n: usize, table: &DeTable<'_>, span: Range<usize>) -> Block {
        let start = self.places.line_start(span.start);
        let apart = self.places.text[start..].starts_with("[");
        let end = table.iter().map(|(_, value)| value.span().end).max().unwrap_or(span.end).max(span.end);
        let whole = if apart { start..self.places.line_end(end) } else { span };
        self.filled(name, n, table, whole, apart)
    }

    fn filled(&self, name: &'static str, n: usize, table: &DeTable<'_>, whole: Range<usize>, apart: bool) -> Block {
        let plain = |key: &str| table.get(key).and_then(|value| value.get_ref().as_str().map(str::to_owned)).unwrap_or_default();
        let mut rows: Vec<Row> = keys(name).iter().filter_map(|key| self.row(key, table)).collect();
        rows.sort_by_key(|row| row.at.from);
        let there = |key: &Key| {
            let (outer, _) = key.key.split_once('.').unwrap_or((key.key, ""));
            rows.iter().any(|row| row.key == key.key) || (table.contains_key(outer) && !key.key.contains('.'))
        };
        let absent = keys(name).iter().filter(|key| !key.needed && !key.key.contains('.') && !there(key)).map(|key| key.key).collect();
        let id = [plain("id"), plain("scenario"), plain("cause"), plain("section")].into_iter().find(|id| !id.is_empty());
        let title = rows.iter().find(|row| matches!(row.key.as_str(), "title" | "label")).and_then(|row| row.said.clone());
        Block { table: name, n, id: id.unwrap_or_default(), title, at: self.places.span(whole), apart, rows, absent }
    }

    fn row(&self, key: &Key, table: &DeTable<'_>) -> Option<Row> {
        let (outer, inner) = key.key.split_once('.').map_or((key.key, None), |(outer, inner)| (outer, Some(inner)));
        let (name, value) = table.iter().find(|(name, _)| name.get_ref().as_ref() == outer)?;
        let whole = (!key.needed && inner.is_none()).then(|| {
            let start = self.places.line_start(name.span().start);
            self.places.span(start..self.places.line_end(value.span().end))
        });
        let value = match inner {
            Some(inner) => value.get_ref().as_table()?.get(inner)?,
            None => value,
        };
        let mut row = Row {
            key: key.key.to_owned(),
            shape: key.shape,
            set: key.set,
            at: self.places.span(value.span()),
            whole,
            said: None,
            value: None,
            both: None,
            items: Vec::new(),
        };
        self.say(&mut row, value);
        Some(row)
    }

    fn say(&self, row: &mut Row, value: &Value<'_>) {
        let raw = || self.places.text[value.span()].to_owned();
        let text = value.get_ref().as_str();
        let same = |words: String| Some(Text::new(words.clone(), words));
        match row.shape {
            Shape::All | Shape::Either => {
                row.items = self.conditions(value.get_ref());
            }
            Shape::One => row.items = vec![self.condition(value)],
            Shape::Amount => row.said = text.and_then(|line| amount(line, self.catalogue).ok()).map(|amount| amount.show(self.catalogue)),
            Shape::Length => row.said = text.and_then(|line| Length::read(line).ok()).map(Length::show),
            Shape::Said => {
                row.both = self.both(value.get_ref());
                row.said = row.both.as_ref().map(|both| Text::new(both.zh.value.clone(), both.en.value.clone()));
            }
            Shape::Word => row.said = text.and_then(|word| said(row.set, word)),
            Shape::Words => {
                row.items = self.words(value.get_ref(), row.set);
            }
            Shape::Flag => {
                row.said = value.get_ref().as_bool().map(|yes| if yes { Text::new("是", "yes") } else { Text::new("否", "no") });
            }
            Shape::Anchor => {
                let fact = text.and_then(|name| self.catalogue.find(name)).map(|id| self.catalogue.fact(id));
                row.said = fact.map(|fact| fact.label.clone());
            }
            Shape::Number | Shape::Raw => row.said = same(raw()),
            Shape::Plain => row.said = text.and_then(|text| same(text.to_owned())),
        }
        row.value = match row.shape {
            Shape::All | Shape::Either | Shape::One | Shape::Said | Shape::Words => None,
            _ => Some(text.map_or_else(raw, str::to_owned)),
        };
    }

    fn conditions(&self, value: &DeValue<'_>) -> Vec<Item> {
        value.as_array().map(|list| list.iter().map(|item| self.condition(item)).collect()).unwrap_or_default()
    }

    fn condition(&self, value: &Value<'_>) -> Item {
        let mut item =
            Item { at: self.places.span(value.span()), value: String::new(), said: None, parts: None, group: None, items: Vec::new() };
        match value.get_ref() {
            DeValue::String(line) => {
                item.value = line.clone().into_owned();
                if let Ok(test) = test(line, self.catalogue) {
                    item.said = Some(test.show(self.catalogue));
                    item.parts = Some(Parts::of(&test, self.catalogue));
                }
            }
            DeValue::Table(group) => {
                for name in ["any", "all"] {
                    if let Some(inner) = group.get(name) {
                        item.group = Some(name);
                        item.items = self.conditions(inner.get_ref());
                    }
                }
            }
            _ => {}
        }
        item
    }

    fn words(&self, value: &DeValue<'_>, set: Option<&'static str>) -> Vec<Item> {
        let item = |word: &Value<'_>| Item {
            at: self.places.span(word.span()),
            value: word.get_ref().as_str().unwrap_or_default().to_owned(),
            said: word.get_ref().as_str().and_then(|word| said(set, word)),
            parts: None,
            group: None,
            items: Vec::new(),
        };
        value.as_array().map(|list| list.iter().map(item).collect()).unwrap_or_default()
    }

    fn both(&self, value: &DeValue<'_>) -> Option<Both> {
        let table = value.as_table()?;
        let one = |key: &str| {
            let value = table.get(key)?;
            let words: &DeString<'_> = match value.get_ref() {
                DeValue::String(words) => words,
                _ => return None,
            };
            Some(Placed { value: words.clone().into_owned(), at: self.places.span(value.span()) })
        };
        Some(Both { zh: one("zh")?, en: one("en")? })
    }
}

/// A word of a closed set for people.
fn said(set: Option<&str>, word: &str) -> Option<Text> {
    word_zh(set?, word).map(|zh| Text::new(zh, word.replace('_', " ")))
}
