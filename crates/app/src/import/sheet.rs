//! The first sheet of an XLSX file as rows of text. Owns what a cell's value reads as, and that a small archive does not become a large one
//! in memory; the rest sees no difference to CSV.

use super::table::ROWS_LIMIT;
use calamine::{Data, Reader, Xlsx};
use csv::StringRecord;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Header and rows with their line numbers.
type Rows = (StringRecord, Vec<(u64, StringRecord)>);

/// Whole numbers up to here are exact in a sheet; longer ones were rounded when they were typed in.
const EXACT: f64 = 1e15;
/// Columns of a header.
const COLUMNS: usize = 1_000;
/// Bytes that the shortest text takes in the table of texts.
const SHORTEST: u64 = 5;

/// What a file may take, in bytes.
struct Bounds {
    /// All its parts unpacked; they are read as a stream.
    unpacked: u64,
    /// The table of texts, which is held in memory.
    texts: u64,
    /// Its rows as they are held in memory.
    held: usize,
}

const BOUNDS: Bounds = Bounds { unpacked: 1 << 30, texts: 256 << 20, held: 512 << 20 };

/// Whether the bytes are a sheet and no text: an archive begins with these two letters.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Reads the first sheet; empty rows and cells without a header are left out.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Rows, String> {
    within(name, bytes, &BOUNDS)
}

fn within(name: &str, bytes: &[u8], bounds: &Bounds) -> Result<Rows, String> {
    unpacks(bytes, bounds).map_err(|problem| format!("{name} {problem}"))?;
    let fault = |error: calamine::XlsxError| format!("{name} is no readable XLSX file: {error}");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(fault)?;
    let first = book.sheet_names().into_iter().next().ok_or_else(|| format!("{name} has no sheet"))?;
    // Cell by cell: a table of everything between the first cell and the last would be as large as whoever wrote the file likes.
    let mut cells = book.worksheet_cells_reader(&first).map_err(fault)?;
    let mut taken = Taken { at: 0, line: Vec::new(), before: 0, header: None, rows: Vec::new(), held: 0, most: bounds.held };
    while let Some(cell) = cells.next_cell().map_err(fault)? {
        let (row, column) = cell.get_position();
        taken.cell(row, column as usize, text(&Data::from(cell.get_value().clone()))).map_err(|problem| format!("{name} {problem}"))?;
    }
    taken.end_line().map_err(|problem| format!("{name} {problem}"))?;
    let header = taken.header.ok_or_else(|| format!("{name}: the first sheet is empty"))?;
    Ok((header, taken.rows))
}

/// Whether the parts of an archive keep within the bounds, by unpacking them: what an archive says of its own sizes proves nothing.
fn unpacks(bytes: &[u8], bounds: &Bounds) -> Result<(), String> {
    let fault = |error: &dyn std::fmt::Display| format!("is no readable XLSX file: {error}");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| fault(&error))?;
    let mut left = bounds.unpacked;
    for n in 0..archive.len() {
        let part = archive.by_index(n).map_err(|error| fault(&error))?;
        let texts = part.name().map_err(|error| fault(&error))?.to_ascii_lowercase().ends_with("sharedstrings.xml");
        let most = if texts { left.min(bounds.texts) } else { left };
        let mut part = part.take(most + 1);
        let size = if texts {
            let mut unpacked = Vec::new();
            part.read_to_end(&mut unpacked).map_err(|error| fault(&error))?;
            if !is_honest(&unpacked) {
                return Err("is no readable XLSX file: its table of texts promises more than it has".to_owned());
            }
            unpacked.len() as u64
        } else {
            std::io::copy(&mut part, &mut std::io::sink()).map_err(|error| fault(&error))?
        };
        if size > most {
            return Err("is too large once unpacked; split it or save it as CSV".to_owned());
        }
        left -= size;
    }
    Ok(())
}

/// Whether a table of texts is as long as it says: as much memory is set aside for it as it asks for. Another encoding could hide that.
fn is_honest(part: &[u8]) -> bool {
    const COUNT: &[u8] = b"uniqueCount";
    let plain = |byte: &u8| *byte >= b' ' || matches!(byte, b'\t' | b'\n' | b'\r');
    let most = part.len() as u64 / SHORTEST + 1;
    let told = |after: &[u8]| {
        let digits = after.iter().skip_while(|byte| !byte.is_ascii_digit() && **byte != b'>').take_while(|byte| byte.is_ascii_digit());
        digits.fold(0_u64, |sum, digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
    };
    let mut marks = part.windows(COUNT.len()).enumerate().filter(|(_, found)| *found == COUNT);
    !part.starts_with(b"\xfe\xff")
        && !part.starts_with(b"\xff\xfe")
        && part.iter().all(plain)
        && marks.all(|(at, _)| told(&part[at + COUNT.len()..]) <= most)
}

/// Rows in the making.
struct Taken {
    /// The row under way and its cells so far.
    at: u32,
    line: Vec<String>,
    /// Empty columns before the first of the header.
    before: usize,
    header: Option<StringRecord>,
    rows: Vec<(u64, StringRecord)>,
    held: usize,
    most: usize,
}

impl Taken {
    fn cell(&mut self, row: u32, column: usize, text: String) -> Result<(), String> {
        if row != self.at {
            self.end_line()?;
            if row < self.at {
                return Err("is no readable XLSX file: its rows are out of order".to_owned());
            }
            self.at = row;
        }
        let width = self.header.as_ref().map_or(COLUMNS, |header| self.before + header.len());
        if text.is_empty() || (column >= width && self.header.is_some()) {
            return Ok(());
        }
        if column >= width {
            return Err(format!("has more than {COLUMNS} columns"));
        }
        if self.line.len() <= column {
            self.line.resize(column + 1, String::new());
        }
        self.line[column] = text;
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), String> {
        let line = std::mem::take(&mut self.line);
        let Some(header) = &self.header else {
            if let Some(first) = line.iter().position(|cell| !cell.is_empty()) {
                self.before = first;
                self.header = Some(line[first..].iter().collect());
            }
            return Ok(());
        };
        if line.len() <= self.before || line[self.before..].iter().all(String::is_empty) {
            return Ok(());
        }
        if self.rows.len() == ROWS_LIMIT {
            return Err(format!("has more than {ROWS_LIMIT} rows; split it"));
        }
        let cells = line[self.before..].iter().map(String::as_str).chain(std::iter::repeat(""));
        let record: StringRecord = cells.take(header.len()).collect();
        self.held += record.as_slice().len() + record.len() * size_of::<usize>();
        if self.held > self.most {
            return Err("holds too much text; split it".to_owned());
        }
        self.rows.push((u64::from(self.at) + 1, record));
        Ok(())
    }
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

    fn sheet(cells: &[(u32, u16, &str)]) -> Vec<u8> {
        let mut book = rust_xlsxwriter::Workbook::new();
        let page = book.add_worksheet();
        for (row, column, text) in cells {
            page.write(*row, *column, *text).expect("a cell");
        }
        book.save_to_buffer().expect("a file")
    }

    /// The same file with another table of texts.
    fn with_texts(bytes: &[u8], texts: &[u8]) -> Vec<u8> {
        let mut old = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
        let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for n in 0..old.len() {
            let mut part = old.by_index(n).expect("a part");
            let name = part.name().expect("a name").into_owned();
            let mut unpacked = Vec::new();
            part.read_to_end(&mut unpacked).expect("bytes");
            new.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).expect("a part");
            let bytes = if name == "xl/sharedStrings.xml" { texts } else { &unpacked };
            std::io::Write::write_all(&mut new, bytes).expect("written");
        }
        new.finish().expect("a file").into_inner()
    }

    #[test]
    fn rows_keep_their_lines_and_columns_begin_where_the_header_does() {
        let cells = [(2, 1, "a"), (2, 3, "c"), (3, 3, "3"), (5, 0, "beside"), (6, 1, "1"), (6, 9, "beyond")];
        let (header, rows) = read("a.xlsx", &sheet(&cells)).expect("rows");
        assert_eq!(header, vec!["a", "", "c"]);
        let rows: Vec<(u64, Vec<&str>)> = rows.iter().map(|(line, row)| (*line, row.iter().collect())).collect();
        assert_eq!(rows, [(4, vec!["", "", "3"]), (7, vec!["1", "", ""])]);
    }

    #[test]
    fn a_small_archive_does_not_become_a_large_one() {
        // Two cells with all of a sheet between them: as a table they would be seventeen thousand million cells.
        let (header, rows) = read("a.xlsx", &sheet(&[(0, 0, "a"), (1_048_575, 16_383, "far")])).expect("rows");
        assert_eq!((header.len(), rows.len()), (1, 0));
        let wide = sheet(&[(0, 1_000, "far")]);
        assert!(read("a.xlsx", &wide).expect_err("too wide").contains("columns"));

        let long = "长".repeat(2_000);
        let file = sheet(&[(0, 0, "a"), (1, 0, &long), (2, 0, &long), (3, 0, &long)]);
        let check = |bounds: Bounds, expect: Option<&str>| {
            let found = within("a.xlsx", &file, &bounds).map(|(_, rows)| rows.len());
            assert_eq!(found.as_ref().err().map(String::as_str), expect, "{found:?}");
        };
        check(Bounds { unpacked: 1 << 20, texts: 1 << 16, held: 1 << 16 }, None);
        let large = "a.xlsx is too large once unpacked; split it or save it as CSV";
        check(Bounds { unpacked: 5_000, texts: 1 << 16, held: 1 << 16 }, Some(large));
        check(Bounds { unpacked: 1 << 20, texts: 5_000, held: 1 << 16 }, Some(large));
        // One text that many cells name is held many times.
        check(Bounds { unpacked: 1 << 20, texts: 1 << 16, held: 15_000 }, Some("a.xlsx holds too much text; split it"));
    }

    #[test]
    fn a_table_of_texts_that_promises_more_than_it_has_is_not_opened() {
        let file = sheet(&[(0, 0, "a"), (1, 0, "b")]);
        let table = |count: &str| format!(r#"<sst count="2" uniqueCount = '{count}'><si><t>a</t></si><si><t>b</t></si></sst>"#);
        let check = |texts: &[u8], expect: bool| assert_eq!(read("a.xlsx", &with_texts(&file, texts)).is_ok(), expect, "{texts:?}");
        check(table("2").as_bytes(), true);
        check(table("99999999999999").as_bytes(), false);
        check(format!("<!-- uniqueCount= -->{}", table("99999999999999")).as_bytes(), false);
        let wide: Vec<u8> = table("99999999999999").encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&[b"\xff\xfe".as_slice(), &wide].concat(), false);
        check(&wide, false);
    }

    #[test]
    fn broken_archives_are_refused() {
        let fault = read("a.xlsx", b"PK\x03\x04nothing").expect_err("a fault");
        assert!(fault.contains("a.xlsx"), "{fault}");
    }
}
