//! The typed fact catalogue: what a condition, an amount, a deadline or a script may speak of.
//!
//! Owns `facts.toml` and the look-up by name. A shop's custom fields join it as `custom.<code>`.

use super::text::Text;
use super::value::{Kind, Unit, Value};
use crate::names::names;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::LazyLock;

names! {
    /// Who is asked for a fact.
    Asked {
        Buyer, "buyer", "买家";
        Carrier, "carrier", "快递";
        Platform, "platform", "平台";
        System, "system", "系统";
        Agent, "agent", "售后客服";
        Supervisor, "supervisor", "主管";
        Warehouse, "warehouse", "仓库";
        Finance, "finance", "财务";
        ParcelDesk, "parcel_desk", "查件专员";
        Reviewer, "reviewer", "审单员";
        Quality, "quality", "品控";
        Operations, "operations", "运营";
        Technician, "technician", "上门师傅";
    }
}

/// A fact's place in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId(u16);

impl FactId {
    /// Its index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// One fact.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Its name, e.g. `parcel.age`.
    pub name: String,
    /// Its type.
    pub kind: Kind,
    /// The unit of a number.
    pub unit: Option<Unit>,
    /// The values of an enum: code and Chinese.
    pub choices: Vec<(String, String)>,
    /// How people call it.
    pub label: Text,
    /// How it is known, e.g. `tracking`.
    pub source: String,
    /// Who is asked while it is unknown.
    pub asked: Asked,
    /// A length that shrinks as time goes on.
    pub down: bool,
}

impl Fact {
    /// The value a choice's code stands for.
    pub fn choice(&self, code: &str) -> Option<Value> {
        self.choices.iter().position(|(known, _)| known == code).map(|i| Value::Choice(i as u16))
    }

    /// The code of a choice.
    pub fn code(&self, choice: u16) -> &str {
        self.choices.get(usize::from(choice)).map_or("", |(code, _)| code)
    }
}

/// A variable of scripts that is no fact.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// Its name, e.g. `offer.amount`.
    pub name: String,
    /// Chinese label.
    pub zh: String,
    /// English label.
    pub en: String,
}

/// Every fact and variable by name.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    facts: Vec<Fact>,
    by_name: HashMap<String, FactId>,
    variables: Vec<Variable>,
}

/// The name in front of a shop's own fields.
pub const CUSTOM: &str = "custom.";

impl Catalogue {
    /// The built-in catalogue.
    pub fn standard() -> &'static Self {
        static STANDARD: LazyLock<Catalogue> = LazyLock::new(|| match Catalogue::read(include_str!("facts.toml")) {
            Ok(catalogue) => catalogue,
            Err(problem) => unreachable!("the built-in fact catalogue is tested: {problem}"),
        });
        &STANDARD
    }

    /// This catalogue with a shop's custom fields as further facts.
    ///
    /// # Errors
    /// Names a field that stands twice.
    pub fn with_custom(mut self, fields: impl IntoIterator<Item = Fact>) -> Result<Self, String> {
        for field in fields {
            self.add(field)?;
        }
        Ok(self)
    }

    /// The fact of this name.
    pub fn find(&self, name: &str) -> Option<FactId> {
        self.by_name.get(name).copied()
    }

    /// The fact at this place.
    pub fn fact(&self, id: FactId) -> &Fact {
        &self.facts[id.index()]
    }

    /// How many facts there are.
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// Every fact with its place.
    pub fn facts(&self) -> impl Iterator<Item = (FactId, &Fact)> {
        self.facts.iter().enumerate().map(|(i, fact)| (FactId(i as u16), fact))
    }

    /// Every fact's name.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.facts.iter().map(|fact| fact.name.as_str())
    }

    /// The variables of scripts that are no facts.
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    fn add(&mut self, fact: Fact) -> Result<(), String> {
        let id = FactId(u16::try_from(self.facts.len()).map_err(|_| "too many facts".to_owned())?);
        if self.by_name.insert(fact.name.clone(), id).is_some() {
            return Err(format!("{} stands twice", fact.name));
        }
        self.facts.push(fact);
        Ok(())
    }

    fn read(text: &str) -> Result<Self, String> {
        let file: FactFile = toml::from_str(text).map_err(|e| e.to_string())?;
        if file.format != 1 {
            return Err(format!("format {} is not known", file.format));
        }
        let mut catalogue = Self { variables: file.variable, ..Self::default() };
        for row in file.fact {
            let fact = row.into_fact(&file.source)?;
            catalogue.add(fact)?;
        }
        Ok(catalogue)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FactFile {
    format: u32,
    source: HashMap<String, SourceRow>,
    fact: Vec<FactRow>,
    variable: Vec<Variable>,
}

#[derive(Deserialize)]
struct SourceRow {
    ask: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FactRow {
    name: String,
    #[serde(rename = "type")]
    kind: Kind,
    unit: Option<Unit>,
    #[serde(default)]
    values: Vec<String>,
    zh: String,
    en: String,
    from: String,
    ask: Option<String>,
    #[serde(default)]
    down: bool,
}

impl FactRow {
    fn into_fact(self, sources: &HashMap<String, SourceRow>) -> Result<Fact, String> {
        let source = sources.get(&self.from).ok_or_else(|| format!("{}: no source {}", self.name, self.from))?;
        let asked = self.ask.as_ref().unwrap_or(&source.ask);
        let asked = Asked::parse(asked).ok_or_else(|| format!("{}: nobody is called {asked}", self.name))?;
        let choice = |value: &String| {
            let (code, zh) = value.split_once(' ').ok_or_else(|| format!("{}: {value} has no Chinese", self.name))?;
            Ok::<_, String>((code.to_owned(), zh.to_owned()))
        };
        let choices = self.values.iter().map(choice).collect::<Result<Vec<_>, _>>()?;
        if choices.is_empty() == (self.kind == Kind::Choice) {
            return Err(format!("{}: an enum has values, nothing else has", self.name));
        }
        Ok(Fact {
            name: self.name,
            kind: self.kind,
            unit: self.unit,
            choices,
            label: Text::new(self.zh, self.en),
            source: self.from,
            down: self.down,
            asked,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_catalogue_reads() {
        let catalogue = Catalogue::read(include_str!("facts.toml")).expect("a catalogue");
        let age = catalogue.find("parcel.age").expect("a fact");
        assert_eq!(catalogue.fact(age).kind, Kind::Duration);
        assert_eq!(catalogue.fact(catalogue.find("carrier.asked").expect("a fact")).asked, Asked::ParcelDesk);
        let category = catalogue.fact(catalogue.find("line.category").expect("a fact"));
        assert_eq!(category.choice("fresh").map(|v| v.kind()), Some(Kind::Choice));
        assert!(catalogue.variables().iter().all(|variable| catalogue.find(&variable.name).is_none()));
    }

    #[test]
    fn mistakes_are_named() {
        let head = "format = 1\nvariable = []\n[source]\norder = { ask = \"agent\" }\n";
        let check = |row: &str, expect: &str| {
            let problem = Catalogue::read(&format!("{head}{row}")).expect_err("a problem");
            assert!(problem.contains(expect), "{problem}");
        };
        let bulky = "[[fact]]\nname = \"order.bulky\"\ntype = \"bool\"\nzh = \"大件\"\nen = \"bulky\"\nfrom = \"order\"\n";
        check(&format!("{bulky}{bulky}"), "stands twice");
        check(&bulky.replace("\"order\"", "\"moon\""), "no source moon");
        check(&bulky.replace("bool", "enum"), "an enum has values");
        check(&format!("{bulky}ask = \"cook\"\n"), "nobody is called cook");
    }
}
