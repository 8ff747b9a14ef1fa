//! A file as rows of text. Owns encodings, separators and the search for columns by their header; sheets are read in `sheet.rs`.

use super::mapping::{Encoding, Mapping};
use super::sheet;

/// Bytes of one file.
const SIZE_LIMIT: usize = 1 << 30;
/// Rows of one file.
pub(super) const ROWS_LIMIT: usize = 1_000_000;

/// A decoded file.
pub struct Table {
    /// Its name, for the error list.
    pub name: String,
    header: csv::StringRecord,
    rows: Vec<(u64, csv::StringRecord)>,
}

impl Table {
    /// Decodes and splits a file; the error says what is wrong with the file as a whole.
    pub fn read(name: &str, bytes: &[u8], mapping: &Mapping) -> Result<Self, String> {
        if bytes.len() > SIZE_LIMIT {
            return Err(format!("{name} is larger than {SIZE_LIMIT} bytes; split it"));
        }
        if sheet::is_one(bytes) {
            let (header, rows) = sheet::read(name, bytes)?;
            return Ok(Self { name: name.to_owned(), header, rows });
        }
        let text = decode(name, bytes, mapping.encoding)?;
        let separator = mapping.separator.map_or_else(|| separator(&text), |c| c as u8);
        let mut reader = csv::ReaderBuilder::new().flexible(true).delimiter(separator).from_reader(text.as_bytes());
        let header = reader.headers().map_err(|error| format!("{name}: {error}"))?.clone();
        let mut rows = Vec::new();
        for record in reader.into_records() {
            let record = record.map_err(|error| format!("{name}: {error}"))?;
            if rows.len() == ROWS_LIMIT {
                return Err(format!("{name} has more than {ROWS_LIMIT} rows; split it"));
            }
            rows.push((record.position().map_or(0, csv::Position::line), record));
        }
        Ok(Self { name: name.to_owned(), header, rows })
    }

    /// The names of the columns.
    pub(super) fn headers(&self) -> Vec<&str> {
        self.header.iter().collect()
    }

    /// Rows without the header.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The place of a column, or a fault that lists the headers found.
    pub(crate) fn column(&self, wanted: &str) -> Result<usize, String> {
        let found = self.header.iter().position(|name| name.trim() == wanted);
        found.ok_or_else(|| {
            let names: Vec<&str> = self.header.iter().collect();
            format!("{}: there is no column {wanted}; the header has: {}", self.name, names.join(", "))
        })
    }

    /// Line number and cells of every row; a missing cell is empty.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (u64, &csv::StringRecord)> {
        self.rows.iter().map(|(line, row)| (*line, row))
    }

    pub(crate) fn width(&self) -> usize {
        self.header.len()
    }
}

/// What stands between the columns of the first line most often; a comma when nothing does.
pub(super) fn separator(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let often = |mark: &u8| first.bytes().filter(|b| b == mark).count();
    [b',', b'\t', b';', b'|'].into_iter().rev().max_by_key(often).unwrap_or(b',')
}

fn decode(name: &str, bytes: &[u8], encoding: Option<Encoding>) -> Result<String, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match (encoding, std::str::from_utf8(bytes)) {
        (None | Some(Encoding::Utf8), Ok(text)) => Ok(text.to_owned()),
        (Some(Encoding::Utf8), Err(error)) => Err(format!("{name} is not UTF-8 at byte {}", error.valid_up_to())),
        (None | Some(Encoding::Gb18030), _) => {
            let (text, _, broken) = encoding_rs::GB18030.decode(bytes);
            if broken { Err(format!("{name} is neither UTF-8 nor GB18030; save it as UTF-8 and try again")) } else { Ok(text.into_owned()) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_found() {
        let check = |first: &str, expect: u8| assert_eq!(separator(first) as char, expect as char, "{first}");
        check("a,b,c\n1;2;3;4;5", b',');
        check("a\tb,c\td", b'\t');
        check("a;b", b';');
        check("alone", b',');
        check("", b',');
    }

    #[test]
    fn both_encodings_give_the_same_rows() {
        let text = "order_no,title\n1,大衣\n2,\"鞋,左\"\n";
        let (gb, ..) = encoding_rs::GB18030.encode(text);
        for bytes in [text.as_bytes(), &gb, [b"\xef\xbb\xbf", text.as_bytes()].concat().as_slice()] {
            let table = Table::read("a.csv", bytes, &Mapping::own()).expect("a table");
            let title = table.column("title").expect("a column");
            let titles: Vec<(u64, &str)> = table.rows().map(|(line, row)| (line, &row[title])).collect();
            assert_eq!(titles, [(2, "大衣"), (3, "鞋,左")]);
        }
        assert!(Table::read("a.csv", b"\xff\xff\xff", &Mapping::own()).is_err());
        let table = Table::read("a.csv", text.as_bytes(), &Mapping::own()).expect("a table");
        assert!(table.column("sku").expect_err("absent").contains("order_no, title"));
    }
}
