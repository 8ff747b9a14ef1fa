//! What an import did. Owns the figures and the list of rows left out.

use aftercare_domain::privacy::masked;
use serde::Serialize;

/// Digits of a mobile number in China.
const MOBILE_DIGITS: usize = 11;

/// A row that was left out; nothing personal is repeated here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The file's name.
    pub file: String,
    /// The line in the file, from 1; the header is line 1.
    pub line: u64,
    /// The order or invoice number as written.
    pub order_no: String,
    /// The article as written.
    pub sku: String,
    /// What is wrong and how to mend it.
    pub reason: String,
}

impl Fault {
    /// A row left out, its cells masked: where columns are shifted, any of them may hold a phone or an address.
    pub(super) fn new(file: &str, line: u64, order_no: &str, sku: &str, reason: &str) -> Self {
        Self { file: file.to_owned(), line, order_no: number(order_no), sku: number(sku), reason: masked(reason) }
    }
}

/// A number as written, unless it is as long as a mobile number or holds words.
fn number(cell: &str) -> String {
    if cell.is_ascii() && cell.len() != MOBILE_DIGITS { cell.to_owned() } else { masked(cell) }
}

/// The figures of one run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "named for what they count")]
pub struct Report {
    pub rows: u64,
    pub orders_new: u64,
    pub orders_known: u64,
    pub lines_new: u64,
    pub lines_minor: i64,
    pub cancellations_new: u64,
    pub cancellations_known: u64,
    pub cancelled_lines: u64,
    pub matched_lines: u64,
    pub unmatched_lines: u64,
    /// Refunds of the past that belong to an order of ours, minor units; booked as external.
    pub external_minor: i64,
    /// Refunds of the past without a purchase in the books, minor units; kept on the case and flagged.
    pub unmatched_minor: i64,
    /// Rows of the other kind, left to the other import.
    pub left_alone: u64,
    /// Traces of parcels taken in, the reports of theirs that were new, and how many had a report without a usable time.
    pub traces: u64,
    pub events_new: u64,
    pub traces_with_broken_dates: u64,
    pub faults: Vec<Fault>,
}

impl Report {
    /// The error list as CSV with a header; empty when nothing was left out.
    pub fn error_file(&self) -> Result<Vec<u8>, csv::Error> {
        if self.faults.is_empty() {
            return Ok(Vec::new());
        }
        let mut writer = csv::Writer::from_writer(Vec::new());
        self.faults.iter().try_for_each(|fault| writer.serialize(fault))?;
        writer.into_inner().map_err(|error| csv::Error::from(std::io::Error::other(error.to_string())))
    }
}
