//! From rows to invoices: purchases and cancellations with checked lines. Owns what makes a row wrong; touches no database.

use super::amount::Decimal;
use super::report::Fault;
use super::{Mapping, Table};
use crate::order::{AMOUNT_TOP, NewBuyer};
use aftercare_domain::import::Field;
use aftercare_domain::time::Micros;
use jiff::civil;
use std::collections::{BTreeMap, HashMap};

/// Lines of one invoice. More than an order through the API may have: wholesale invoices of over a thousand lines are real.
const LINES_LIMIT: usize = 5_000;

/// One line of an invoice, its place being the ordinal in the file: the same article may stand on an invoice twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InvoiceLine {
    pub(crate) sku: String,
    pub(crate) title: String,
    pub(crate) spec: String,
    /// Positive, on cancellations too.
    pub(crate) quantity: i64,
    /// Minor units for all of the quantity, never negative.
    pub(crate) amount_minor: i64,
}

/// All rows of one number.
#[derive(Clone, Debug)]
pub(crate) struct Invoice {
    pub(crate) no: String,
    /// The line of its first row in the file.
    pub(crate) line: u64,
    pub(crate) cancels: bool,
    pub(crate) at: Micros,
    /// Empty where the row names nobody.
    pub(crate) buyer: NewBuyer,
    /// Carrier and number of the parcel, where the row has one.
    pub(crate) parcel: Option<(String, String)>,
    pub(crate) lines: Vec<InvoiceLine>,
}

/// The column of each field that is mapped.
struct Places(BTreeMap<Field, usize>);

impl Places {
    fn find(table: &Table, mapping: &Mapping) -> Result<Self, String> {
        mapping.columns.iter().map(|(field, header)| Ok((*field, table.column(header)?))).collect::<Result<_, String>>().map(Self)
    }

    /// The cell of a field; empty where the field is not mapped.
    fn cell<'r>(&self, row: &'r csv::StringRecord, field: Field) -> &'r str {
        self.0.get(&field).and_then(|at| row.get(*at)).unwrap_or_default().trim()
    }
}

/// The invoices of all files in the order of their first row, and the rows left out. One number in two files is one invoice.
pub(crate) fn read(tables: &[Table], mapping: &Mapping) -> Result<(Vec<Invoice>, Vec<Fault>), String> {
    let mut found = Found::default();
    for table in tables {
        read_one(table, mapping, &mut found)?;
    }
    let (fit, long): (Vec<_>, Vec<_>) = found.invoices.into_iter().partition(|invoice| invoice.lines.len() <= LINES_LIMIT);
    let file = tables.first().map_or("", |table| table.name.as_str());
    let reason = format!("an order has at most {LINES_LIMIT} lines; all of this one are left out");
    let too_long = long.iter().map(|invoice| Fault::new(file, invoice.line, &invoice.no, "", &reason));
    Ok((fit, found.faults.into_iter().chain(too_long).collect()))
}

#[derive(Default)]
struct Found {
    invoices: Vec<Invoice>,
    place: HashMap<String, usize>,
    faults: Vec<Fault>,
}

fn read_one(table: &Table, mapping: &Mapping, found: &mut Found) -> Result<(), String> {
    let places = Places::find(table, mapping)?;
    let zone = jiff::tz::TimeZone::get(&mapping.time_zone).map_err(|error| error.to_string())?;
    for (line, row) in table.rows() {
        let cell = |field: Field| places.cell(row, field);
        let read = if row.len() == table.width() {
            one(mapping, &zone, &cell)
        } else {
            Err(format!("{} cells where the header has {}", row.len(), table.width()))
        };
        match read {
            Ok((mut head, body)) => {
                head.line = line;
                let at = *found.place.entry(head.no.clone()).or_insert(found.invoices.len());
                if at == found.invoices.len() {
                    found.invoices.push(head);
                }
                found.invoices[at].lines.push(body);
            }
            Err(reason) => {
                found.faults.push(Fault::new(&table.name, line, cell(Field::OrderNo), cell(Field::Sku), &reason));
            }
        }
    }
    Ok(())
}

fn one<'r>(mapping: &Mapping, zone: &jiff::tz::TimeZone, cell: &impl Fn(Field) -> &'r str) -> Result<(Invoice, InvoiceLine), String> {
    let no = number(cell(Field::OrderNo))?;
    if no.is_empty() || no.len() > 64 {
        return Err("the order number is missing or longer than 64 bytes".into());
    }
    if cell(Field::Sku).is_empty() {
        return Err("the article number is missing".into());
    }
    let cancels = mapping.cancellation_prefix.as_ref().is_some_and(|prefix| no.starts_with(prefix.as_str()));
    let quantity = Decimal::parse(cell(Field::Quantity)).and_then(Decimal::whole);
    let quantity = quantity.ok_or_else(|| format!("the quantity {:?} is not a whole number", cell(Field::Quantity)))?;
    match (cancels, quantity) {
        (_, 0) => return Err("the quantity is zero".into()),
        (false, ..0) => {
            return Err(format!("the quantity {quantity} is negative on an invoice that is no cancellation: an adjustment of stock"));
        }
        (true, 1..) => return Err(format!("the quantity {quantity} is positive on a cancellation")),
        _ => {}
    }
    let price = Decimal::parse(cell(Field::UnitPrice)).ok_or_else(|| format!("the price {:?} is not a number", cell(Field::UnitPrice)))?;
    if price.is_negative() {
        return Err(format!("the price {} is negative", cell(Field::UnitPrice)));
    }
    let quantity = quantity.checked_abs().ok_or("the quantity is too large")?;
    let amount_minor = price.times_minor(quantity).ok_or("the amount is too large")?;
    if quantity >= AMOUNT_TOP || amount_minor >= AMOUNT_TOP {
        return Err("the quantity or the amount is too large".into());
    }
    let at = civil::DateTime::strptime(&mapping.time_format, cell(Field::Time))
        .and_then(|at| zone.to_ambiguous_timestamp(at).compatible())
        .map_err(|_| format!("the time {:?} is not written as {}", cell(Field::Time), mapping.time_format))?;
    let own = |field: Field| cell(field).to_owned();
    let account = cell(Field::Buyer);
    let buyer = NewBuyer {
        external_id: account.strip_suffix(".0").unwrap_or(account).to_owned(),
        name: own(Field::BuyerName),
        phone: own(Field::Phone),
        address: own(Field::Address),
        level: String::new(),
    };
    let waybill = number(cell(Field::Waybill))?;
    let parcel = (!waybill.is_empty()).then(|| (own(Field::Carrier), waybill.to_owned()));
    let head = Invoice { no: no.to_owned(), line: 0, cancels, at: Micros(at.as_microsecond()), buyer, parcel, lines: Vec::new() };
    let line = InvoiceLine { sku: own(Field::Sku), title: own(Field::Title), spec: own(Field::Spec), quantity, amount_minor };
    Ok((head, line))
}

/// A long number as written. A spreadsheet that took it for an amount has lost its last digits: such a row is not guessed at.
fn number(cell: &str) -> Result<&str, String> {
    let rounded = |(head, power): (&str, &str)| head.contains('.') && !power.is_empty() && power.bytes().all(|b| b.is_ascii_digit());
    if cell.split_once("E+").is_some_and(rounded) {
        return Err(format!("the number {cell} was rounded by a spreadsheet; export it as text"));
    }
    // Taobao's exports put ="…" around numbers so that spreadsheets keep them.
    Ok(cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(cell).trim_start_matches('\''))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "order_no,sku,title,spec,quantity,unit_price,time,buyer\n";

    fn read_own(rows: &str) -> (Vec<Invoice>, Vec<Fault>) {
        let mapping = Mapping::own();
        let table = Table::read("a.csv", format!("{HEAD}{rows}").as_bytes(), &mapping).expect("a table");
        read(&[table], &mapping).expect("columns")
    }

    #[test]
    fn the_same_article_twice_is_two_lines_and_a_price_of_zero_is_a_gift() {
        let (invoices, faults) = read_own(
            "1,a,,,6,2.55,2010-12-01 08:26:00,17850.0\n1,a,,,2,2.55,2010-12-01 08:26:00,17850.0\n2,b,,,1,0,2010-12-01 08:30:00,\n",
        );
        assert!(faults.is_empty());
        let amounts: Vec<Vec<i64>> = invoices.iter().map(|i| i.lines.iter().map(|l| l.amount_minor).collect()).collect();
        assert_eq!(amounts, [vec![1530, 510], vec![0]]);
        assert_eq!((invoices[0].buyer.external_id.as_str(), invoices[1].buyer.external_id.as_str()), ("17850", ""));
        assert_eq!(invoices[0].at, Micros::parse("2010-12-01T08:26:00+08:00").expect("a time"));
    }

    #[test]
    fn an_order_of_too_many_lines_is_left_out_whole() {
        let row = "1,a,,,1,1,2010-12-01 08:26:00,\n";
        let (invoices, faults) = read_own(&format!("2,b,,,1,1,2010-12-01 08:26:00,\n{}", row.repeat(LINES_LIMIT + 1)));
        assert_eq!(invoices.iter().map(|it| it.no.as_str()).collect::<Vec<_>>(), ["2"]);
        assert_eq!(faults.iter().map(|it| (it.line, it.order_no.as_str())).collect::<Vec<_>>(), [(3, "1")]);
        assert_eq!(read_own(&row.repeat(LINES_LIMIT)).0.len(), 1);
    }

    #[test]
    fn rows_that_cannot_be_right_are_told_with_their_line() {
        let check = |row: &str, expect: &str| {
            let (invoices, faults) = read_own(&format!("{row}\n"));
            assert!(invoices.is_empty() && faults.len() == 1 && faults[0].line == 2, "{row}");
            assert!(faults[0].reason.contains(expect), "{row}: {}", faults[0].reason);
        };
        check("1,a,?,,-3,0,2010-12-01 08:26:00,", "negative");
        check("C1,a,,,3,1,2010-12-01 08:26:00,", "positive");
        check("1,a,,,0,1,2010-12-01 08:26:00,", "zero");
        check("1,a,,,x,1,2010-12-01 08:26:00,", "whole number");
        check("1,a,,,1,-1,2010-12-01 08:26:00,", "price");
        check("1,a,,,1,1,01/12/2010,", "time");
        check("1,,,,1,1,2010-12-01 08:26:00,", "article");
        check(",a,,,1,1,2010-12-01 08:26:00,", "order number");
        check("1,a,1", "3 cells");
        check("1.23457E+17,a,,,1,1,2010-12-01 08:26:00,", "rounded");
    }
}
