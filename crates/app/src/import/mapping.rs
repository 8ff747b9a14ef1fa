//! Which column of a file means what. Owns the mapping file's format; `docs/import.md` describes it for users.

use serde::Deserialize;

/// A mapping file (`format = 1`).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    format: u32,
    /// `utf-8` or `gb18030`; absent: found out from the bytes.
    #[serde(default)]
    pub(crate) encoding: Option<Encoding>,
    /// One character between columns, `,` when absent.
    #[serde(default)]
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
    /// The columns by their header.
    pub(crate) columns: Columns,
}

/// Encodings of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Encoding {
    #[serde(rename = "utf-8")]
    Utf8,
    Gb18030,
}

/// Headers of the columns that are read; others are left alone.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Columns {
    pub(crate) order_no: String,
    pub(crate) sku: String,
    #[serde(default)]
    pub(crate) title: Option<String>,
    #[serde(default)]
    pub(crate) spec: Option<String>,
    pub(crate) quantity: String,
    pub(crate) unit_price: String,
    pub(crate) time: String,
    #[serde(default)]
    pub(crate) buyer: Option<String>,
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
        Ok(mapping)
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
