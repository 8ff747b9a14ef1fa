//! The first sheet of an XLSX file as rows of text. Owns what a cell's value reads as; the rest sees no difference to CSV.

use super::table::ROWS_LIMIT;
use calamine::{Data, Reader, Xlsx};
use csv::StringRecord;
use std::io::Cursor;

/// Header and rows with their line numbers.
type Rows = (StringRecord, Vec<(u64, StringRecord)>);

/// Whole numbers up to here are exact in a sheet; longer ones were rounded when they were typed in.
const EXACT: f64 = 1e15;

/// Whether the bytes are a sheet and no text: an archive begins with these two letters.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Reads the first sheet; empty rows are left out.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Rows, String> {
    let fault = |error: calamine::XlsxError| format!("{name} is no readable XLSX file: {error}");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(fault)?;
    let range = book.worksheet_range_at(0).ok_or_else(|| format!("{name} has no sheet"))?.map_err(fault)?;
    let first = range.start().map_or(0, |(row, _)| row as u64);
    let mut rows = range.rows().enumerate().map(|(n, row)| (first + n as u64 + 1, row.iter().map(text).collect::<StringRecord>()));
    let (_, header) = rows.next().ok_or_else(|| format!("{name}: the first sheet is empty"))?;
    let rows: Vec<_> = rows.filter(|(_, row)| row.iter().any(|cell| !cell.is_empty())).take(ROWS_LIMIT + 1).collect();
    if rows.len() > ROWS_LIMIT {
        return Err(format!("{name} has more than {ROWS_LIMIT} rows; split it"));
    }
    Ok((header, rows))
}

/// A cell as it would stand in a CSV file.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.trim().to_owned(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) if number.abs() >= EXACT => format!("{number:.5E}").replace('E', "E+"),
        Data::Float(number) => number.to_string(),
        Data::Bool(yes) => yes.to_string(),
        Data::DateTime(at) => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        }
        Data::Error(error) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_read_as_in_a_text_file() {
        let check = |cell: Data, expect: &str| assert_eq!(text(&cell), expect);
        check(Data::Empty, "");
        check(Data::String(" 123456789012345678 ".into()), "123456789012345678");
        check(Data::Float(3.0), "3");
        check(Data::Float(2.55), "2.55");
        check(Data::Float(123_456_789_012_345_680.0), "1.23457E+17");
        check(Data::Int(7), "7");
        check(Data::Bool(true), "true");
    }

    #[test]
    fn broken_archives_are_refused() {
        let fault = read("a.xlsx", b"PK\x03\x04nothing").expect_err("a fault");
        assert!(fault.contains("a.xlsx"), "{fault}");
    }
}
