//! Which column of a file means what. Owns the mapping file's format; `docs/import.md` describes it for users.

use aftercare_domain::import::Field;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A mapping file (`format = 1`); the same as JSON on a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    format: u32,
    /// `utf-8` or `gb18030`; absent: found out from the bytes.
    #[serde(default)]
    pub(crate) encoding: Option<Encoding>,
    /// One character between columns, `,` when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub(crate) separator: Option<char>,
    /// ISO 4217 code of all amounts.
    #[serde(default = "yuan")]
    pub(crate) currency: String,
    /// How times are written, in strftime's letters.
    pub(crate) time_format: String,
    /// An IANA name such as `Asia/Shanghai`.
    #[serde(default = "shanghai")]
    pub(crate) time_zone: String,
    /// The playbook that cases made of cancellations follow.
    #[serde(default)]
    pub(crate) scenario: String,
    /// What an invoice number of a cancellation begins with; absent: there are none in the file.
    #[serde(default)]
    pub(crate) cancellation_prefix: Option<String>,
    /// Fields by the header of their column; other columns are left alone.
    #[schema(value_type = Object)]
    pub columns: BTreeMap<Field, String>,
}

/// Encodings of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// UTF-8.
    #[serde(rename = "utf-8")]
    Utf8,
    /// GB18030, and GBK and GB2312 with it.
    Gb18030,
}

fn yuan() -> String {
    "CNY".into()
}

fn shanghai() -> String {
    "Asia/Shanghai".into()
}

impl Mapping {
    /// Reads a mapping file; the error says where and what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mapping: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        mapping.check()?;
        let missing = mapping.missing();
        if missing.is_empty() { Ok(mapping) } else { Err(format!("columns are missing: {}", missing.join(", "))) }
    }

    /// Fields without which no purchase can be understood and that have no column yet.
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        let absent = |field: &&Field| field.is_needed() && !self.columns.contains_key(field);
        Field::ALL.iter().filter(absent).map(|field| field.as_str()).collect()
    }

    /// What was guessed of a file; the person changes it before anything is written.
    pub(crate) fn guessed(
        encoding: Option<Encoding>,
        separator: Option<char>,
        time_format: String,
        columns: BTreeMap<Field, String>,
    ) -> Self {
        let (currency, time_zone) = (yuan(), shanghai());
        let (scenario, cancellation_prefix) = (String::new(), None);
        Self { format: 1, encoding, separator, currency, time_format, time_zone, scenario, cancellation_prefix, columns }
    }

    /// Whether it can be followed; the fault says what to write instead.
    pub(crate) fn check(&self) -> Result<(), String> {
        let mapping = self;
        if mapping.format != 1 {
            return Err(format!("format is {}, this program reads format 1", mapping.format));
        }
        if jiff::tz::TimeZone::get(&mapping.time_zone).is_err() {
            return Err(format!("time_zone {} is not known; write an IANA name such as Asia/Shanghai", mapping.time_zone));
        }
        if mapping.currency.len() != 3 {
            return Err(format!("currency {} is not an ISO 4217 code such as CNY", mapping.currency));
        }
        if mapping.separator.is_some_and(|c| !c.is_ascii()) {
            return Err("separator is one ASCII character".into());
        }
        if mapping.time_format.is_empty() || mapping.time_format.len() > 40 {
            return Err("time_format is written in strftime's letters, such as %Y-%m-%d %H:%M:%S".into());
        }
        Ok(())
    }

    /// The mapping of files with our own headers.
    pub fn own() -> Self {
        Self::parse(include_str!("own.toml")).expect("the shipped mapping is well formed")
    }
}

#[cfg(test)]
mod tests {
    use super::Mapping;

    #[test]
    fn faults_are_named() {
        let check = |text: &str, expect: &str| {
            let fault = Mapping::parse(text).expect_err("a fault");
            assert!(fault.contains(expect), "{fault}");
        };
        let columns = "[columns]\norder_no='a'\nsku='b'\nquantity='c'\nunit_price='d'\ntime='e'";
        check(&format!("format = 2\ntime_format = '%F'\n{columns}"), "format 1");
        check(&format!("format = 1\ntime_format = '%F'\ntime_zone = 'Mars/Base'\n{columns}"), "Mars/Base");
        check("format = 1\ntime_format = '%F'\n[columns]\norder_no='a'", "sku");
        check(&format!("format = 1\ntime_format = '%F'\ncolour = 1\n{columns}"), "colour");
        Mapping::own();
    }
}
