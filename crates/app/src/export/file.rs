//! The two forms of a file, written row by row in bounded memory: a workbook goes over a temporary file, CSV over a buffer.
//!
//! Owns how a cell is written. Texts are written as texts, never parsed; those that look like formulas are marked as quoted besides.

use aftercare_domain::china;
use aftercare_domain::export::{Cell, Format, csv_text, risky};
use aftercare_domain::money;
use rust_xlsxwriter::{Format as Look, Workbook, XlsxError};
use std::io::Write;

/// Bytes of one piece.
pub(super) const PIECE: usize = 1 << 20;
/// Letters of one cell; spreadsheets take 32,767.
const LETTERS: usize = 32_000;
/// Days between a spreadsheet's first day and 1970-01-01.
const EPOCH_DAYS: f64 = 25_569.0;
const DAY_US: f64 = 86_400_000_000.0;

/// What went wrong with the file itself.
pub(super) type Fault = String;

/// A file in the making.
pub(super) enum Sink {
    Csv { writer: Box<csv::Writer<Vec<u8>>>, tables: usize },
    Xlsx(Box<Book>),
}

pub(super) struct Book {
    book: Workbook,
    sheet: usize,
    row: u32,
    columns: u16,
    looks: Looks,
}

struct Looks {
    head: Look,
    quoted: Look,
    money: Look,
    time: Look,
    share: Look,
}

impl Sink {
    /// An empty file.
    pub(super) fn new(format: Format) -> Self {
        match format {
            // The mark tells spreadsheets that this is UTF-8.
            Format::Csv => Self::Csv {
                writer: Box::new(
                    csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(b"\xef\xbb\xbf".to_vec()),
                ),
                tables: 0,
            },
            Format::Xlsx => Self::Xlsx(Box::new(Book {
                book: Workbook::new(),
                sheet: 0,
                row: 0,
                columns: 0,
                looks: Looks {
                    head: Look::new().set_bold(),
                    quoted: Look::new().set_quote_prefix(),
                    money: Look::new().set_num_format("#,##0.00"),
                    time: Look::new().set_num_format("yyyy-mm-dd hh:mm"),
                    share: Look::new().set_num_format("0.0%"),
                },
            })),
        }
    }

    /// Begins a table under this title; in CSV titles stand only where there are several.
    pub(super) fn table(&mut self, title: &str, headings: &[&str], alone: bool) -> Result<(), Fault> {
        match self {
            Self::Csv { writer, tables } => {
                if *tables > 0 {
                    writer.write_record([""]).map_err(fault)?;
                }
                if !alone {
                    writer.write_record([csv_text(title).as_ref()]).map_err(fault)?;
                }
                *tables += 1;
                writer.write_record(headings).map_err(fault)
            }
            Self::Xlsx(book) => book.table(title, headings).map_err(fault),
        }
    }

    /// One row.
    pub(super) fn row(&mut self, cells: &[Cell]) -> Result<(), Fault> {
        match self {
            Self::Csv { writer, .. } => writer.write_record(cells.iter().map(plain)).map_err(fault),
            Self::Xlsx(book) => book.cells(cells).map_err(fault),
        }
    }

    /// The pieces that are full already.
    pub(super) fn full(&mut self) -> Result<Vec<Vec<u8>>, Fault> {
        let Self::Csv { writer, .. } = self else { return Ok(Vec::new()) };
        writer.flush().map_err(fault)?;
        let buffer = writer.get_ref();
        if buffer.len() < PIECE {
            return Ok(Vec::new());
        }
        let settings = || csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        let bytes = std::mem::replace(&mut **writer, settings()).into_inner().map_err(fault)?;
        Ok(bytes.chunks(PIECE).map(<[u8]>::to_vec).collect())
    }

    /// The rest, piece by piece. A workbook is packed only now, which takes a while.
    pub(super) fn finish(self, give: impl FnMut(Vec<u8>) + Send) -> Result<(), Fault> {
        let mut pieces = Pieces { buffer: Vec::new(), give };
        match self {
            Self::Csv { writer, .. } => pieces.write_all(&writer.into_inner().map_err(fault)?).map_err(fault)?,
            Self::Xlsx(mut book) => {
                book.close_table().map_err(fault)?;
                book.book.save_to_writer(&mut pieces).map_err(fault)?;
            }
        }
        pieces.rest();
        Ok(())
    }
}

fn fault(error: impl ToString) -> Fault {
    error.to_string()
}

/// A cell of CSV.
fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => csv_text(cut(text)).into_owned(),
        Cell::Count(count) => count.to_string(),
        Cell::Money(minor) => money::units(*minor),
        Cell::Time(at) => china::local(*at).strftime("%Y-%m-%d %H:%M").to_string(),
        Cell::Share(share) => format!("{:.1}%", share * 100.0),
        Cell::Nothing => String::new(),
    }
}

fn cut(text: &str) -> &str {
    text.char_indices().nth(LETTERS).map_or(text, |(at, _)| &text[..at])
}

impl Book {
    fn table(&mut self, title: &str, headings: &[&str]) -> Result<(), XlsxError> {
        self.close_table()?;
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_name(title)?;
        sheet.set_freeze_panes(1, 0)?;
        for (at, heading) in (0..).zip(headings) {
            // Chinese letters are two wide.
            let wide: usize = heading.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
            sheet.set_column_width(at, (wide + 4).max(14) as f64)?;
            sheet.write_string_with_format(0, at, *heading, &self.looks.head)?;
            self.columns = at + 1;
        }
        (self.sheet, self.row) = (self.sheet + 1, 1);
        Ok(())
    }

    /// A filter over what was written.
    fn close_table(&mut self) -> Result<(), XlsxError> {
        if self.sheet > 0 && self.row > 1 && self.columns > 0 {
            let (row, column) = (self.row - 1, self.columns - 1);
            self.book.worksheet_from_index(self.sheet - 1)?.autofilter(0, 0, row, column)?;
        }
        Ok(())
    }

    fn cells(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        let (row, looks) = (self.row, &self.looks);
        let sheet = self.book.worksheet_from_index(self.sheet.saturating_sub(1))?;
        for (at, cell) in (0..).zip(cells) {
            match cell {
                Cell::Text(text) if text.is_empty() => continue,
                Cell::Nothing => continue,
                Cell::Text(text) if risky(text) => sheet.write_string_with_format(row, at, cut(text), &looks.quoted)?,
                Cell::Text(text) => sheet.write_string(row, at, cut(text))?,
                Cell::Count(count) => sheet.write_number(row, at, *count as f64)?,
                Cell::Money(minor) => sheet.write_number_with_format(row, at, *minor as f64 / 100.0, &looks.money)?,
                Cell::Time(time) => {
                    let days = (time.0.saturating_add(china::OFFSET.0)) as f64 / DAY_US + EPOCH_DAYS;
                    sheet.write_number_with_format(row, at, days, &looks.time)?
                }
                Cell::Share(share) => sheet.write_number_with_format(row, at, *share, &looks.share)?,
            };
        }
        self.row += 1;
        Ok(())
    }
}

/// Cuts what is written into pieces.
struct Pieces<G> {
    buffer: Vec<u8>,
    give: G,
}

impl<G: FnMut(Vec<u8>)> Pieces<G> {
    fn rest(&mut self) {
        if !self.buffer.is_empty() {
            (self.give)(std::mem::take(&mut self.buffer));
        }
    }
}

impl<G: FnMut(Vec<u8>)> Write for Pieces<G> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let taken = bytes.len().min(PIECE - self.buffer.len());
        self.buffer.extend_from_slice(&bytes[..taken]);
        if self.buffer.len() == PIECE {
            self.rest();
        }
        Ok(taken)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aftercare_domain::time::Micros;
    use calamine::{Data, Reader};
    use proptest::prelude::*;

    fn written(format: Format, rows: &[Vec<Cell>]) -> Vec<u8> {
        let mut sink = Sink::new(format);
        sink.table("表", &["一", "二"], true).expect("a table");
        let mut bytes = Vec::new();
        for row in rows {
            sink.row(row).expect("a row");
            sink.full().expect("pieces").into_iter().for_each(|piece| bytes.extend(piece));
        }
        let mut rest = Vec::new();
        sink.finish(|piece| rest.extend(piece)).expect("a file");
        bytes.extend(rest);
        bytes
    }

    fn opened(bytes: Vec<u8>) -> (Vec<Vec<Data>>, usize) {
        let mut book = calamine::Xlsx::new(std::io::Cursor::new(bytes)).expect("a workbook");
        let formulas = book.worksheet_formula("表").expect("a sheet").used_cells().count();
        (book.worksheet_range("表").expect("a sheet").rows().map(<[Data]>::to_vec).collect(), formulas)
    }

    #[test]
    fn a_workbook_opens_again_with_numbers_as_numbers_and_words_as_words() {
        let at = Micros::parse("2026-11-24T10:05:00+08:00").expect("a time");
        let row = vec![Cell::text("=HYPERLINK(\"http://x\")"), Cell::Money(59_800)];
        let (rows, formulas) = opened(written(Format::Xlsx, &[row, vec![Cell::text("4031234567890123456"), Cell::Time(at)]]));
        assert_eq!(formulas, 0);
        assert_eq!(rows[1], [Data::String("=HYPERLINK(\"http://x\")".into()), Data::Float(598.0)]);
        assert_eq!(rows[2][0], Data::String("4031234567890123456".into()), "no digit is rounded away");
        assert!(rows[2][1].to_string().starts_with("46350.42"), "{:?}", rows[2][1]);
    }

    #[test]
    fn csv_is_marked_as_utf_8_and_has_one_form_for_each_kind_of_cell() {
        let at = Micros::parse("2026-11-24T10:05:00+08:00").expect("a time");
        let rows =
            [vec![Cell::text("-1"), Cell::Money(-150)], vec![Cell::Time(at), Cell::Share(0.052)], vec![Cell::Nothing, Cell::Count(3)]];
        let text = String::from_utf8(written(Format::Csv, &rows)).expect("UTF-8");
        assert_eq!(text, "\u{feff}一,二\r\n'-1,-1.50\r\n2026-11-24 10:05,5.2%\r\n,3\r\n");
    }

    #[test]
    fn a_large_file_is_cut_into_pieces_and_whole_again() {
        let row = || vec![Cell::text("双面羊毛大衣".repeat(20)), Cell::Count(1)];
        let rows: Vec<Vec<Cell>> = (0..10_000).map(|_| row()).collect();
        let text = String::from_utf8(written(Format::Csv, &rows)).expect("UTF-8");
        assert_eq!(text.lines().count(), 10_001);
        assert_eq!(opened(written(Format::Xlsx, &rows)).0.len(), 10_001);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_text_becomes_a_formula_in_either_form(texts in prop::collection::vec(r"[=+\-@\t\r]?[ =+a-z0-9(),!'\u{4e00}-\u{4e20}]{0,12}", 1..6)) {
            let rows: Vec<Vec<Cell>> = texts.iter().map(|text| vec![Cell::text(text.clone()), Cell::Count(1)]).collect();
            let (sheet, formulas) = opened(written(Format::Xlsx, &rows));
            prop_assert_eq!(formulas, 0);
            for (text, row) in texts.iter().zip(&sheet[1..]) {
                // A carriage return comes back as a line feed, as XML has it.
                let read = match &row[0] { Data::String(read) => read.clone(), Data::Empty => String::new(), other => format!("{other:?}") };
                let read = read.replace('\n', "\r");
                prop_assert_eq!(read.trim(), text.trim());
            }
            let bytes = written(Format::Csv, &rows);
            let mut reader = csv::ReaderBuilder::new().from_reader(&bytes[3..]);
            for (text, row) in texts.iter().zip(reader.records()) {
                let row = row.expect("a row");
                prop_assert!(!row[0].trim_start().starts_with(['=', '+', '-', '@']), "{:?}", &row[0]);
                prop_assert!(row[0].contains(text.as_str()));
            }
        }
    }
}
