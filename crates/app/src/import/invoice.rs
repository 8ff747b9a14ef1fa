//! From rows to invoices: purchases and cancellations with checked lines. Owns what makes a row wrong; touches no database.

use super::amount::Decimal;
use super::report::Fault;
use super::{Mapping, Table};
use aftercare_domain::time::Micros;
use jiff::civil;
use std::collections::HashMap;

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Invoice {
    pub(crate) no: String,
    pub(crate) cancels: bool,
    pub(crate) at: Micros,
    pub(crate) buyer: String,
    pub(crate) lines: Vec<InvoiceLine>,
}

struct Places {
    order_no: usize,
    sku: usize,
    title: Option<usize>,
    spec: Option<usize>,
    quantity: usize,
    unit_price: usize,
    time: usize,
    buyer: Option<usize>,
}

impl Places {
    fn find(table: &Table, mapping: &Mapping) -> Result<Self, String> {
        let c = &mapping.columns;
        let optional = |name: &Option<String>| name.as_deref().map(|name| table.column(name)).transpose();
        Ok(Self {
            order_no: table.column(&c.order_no)?,
            sku: table.column(&c.sku)?,
            title: optional(&c.title)?,
            spec: optional(&c.spec)?,
            quantity: table.column(&c.quantity)?,
            unit_price: table.column(&c.unit_price)?,
            time: table.column(&c.time)?,
            buyer: optional(&c.buyer)?,
        })
    }
}

/// The invoices of all files in the order of their first row, and the rows left out. One number in two files is one invoice.
pub(crate) fn read(tables: &[Table], mapping: &Mapping) -> Result<(Vec<Invoice>, Vec<Fault>), String> {
    let mut found = Found::default();
    for table in tables {
        read_one(table, mapping, &mut found)?;
    }
    Ok((found.invoices, found.faults))
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
        let cell = |at: usize| row.get(at).unwrap_or_default().trim();
        let read = if row.len() == table.width() {
            one(mapping, &zone, &places, &cell)
        } else {
            Err(format!("{} cells where the header has {}", row.len(), table.width()))
        };
        match read {
            Ok((head, body)) => {
                let at = *found.place.entry(head.no.clone()).or_insert(found.invoices.len());
                if at == found.invoices.len() {
                    found.invoices.push(head);
                }
                found.invoices[at].lines.push(body);
            }
            Err(reason) => {
                found.faults.push(Fault::new(&table.name, line, cell(places.order_no), cell(places.sku), &reason));
            }
        }
    }
    Ok(())
}

fn one<'r>(
    mapping: &Mapping,
    zone: &jiff::tz::TimeZone,
    places: &Places,
    cell: &impl Fn(usize) -> &'r str,
) -> Result<(Invoice, InvoiceLine), String> {
    let no = cell(places.order_no);
    if no.is_empty() || no.len() > 64 {
        return Err("the order number is missing or longer than 64 bytes".into());
    }
    if cell(places.sku).is_empty() {
        return Err("the article number is missing".into());
    }
    let cancels = mapping.cancellation_prefix.as_ref().is_some_and(|prefix| no.starts_with(prefix.as_str()));
    let quantity = Decimal::parse(cell(places.quantity)).and_then(Decimal::whole);
    let quantity = quantity.ok_or_else(|| format!("the quantity {:?} is not a whole number", cell(places.quantity)))?;
    match (cancels, quantity) {
        (_, 0) => return Err("the quantity is zero".into()),
        (false, ..0) => {
            return Err(format!("the quantity {quantity} is negative on an invoice that is no cancellation: an adjustment of stock"));
        }
        (true, 1..) => return Err(format!("the quantity {quantity} is positive on a cancellation")),
        _ => {}
    }
    let price =
        Decimal::parse(cell(places.unit_price)).ok_or_else(|| format!("the price {:?} is not a number", cell(places.unit_price)))?;
    if price.is_negative() {
        return Err(format!("the price {} is negative", cell(places.unit_price)));
    }
    let quantity = quantity.checked_abs().ok_or("the quantity is too large")?;
    let amount_minor = price.times_minor(quantity).ok_or("the amount is too large")?;
    let at = civil::DateTime::strptime(&mapping.time_format, cell(places.time))
        .and_then(|at| zone.to_ambiguous_timestamp(at).compatible())
        .map_err(|_| format!("the time {:?} is not written as {}", cell(places.time), mapping.time_format))?;
    let optional = |at: Option<usize>| at.map(cell).unwrap_or_default().to_owned();
    let buyer = optional(places.buyer);
    let buyer = buyer.strip_suffix(".0").map_or(buyer.clone(), str::to_owned);
    let head = Invoice { no: no.to_owned(), cancels, at: Micros(at.as_microsecond()), buyer, lines: Vec::new() };
    let line = InvoiceLine {
        sku: cell(places.sku).to_owned(),
        title: optional(places.title),
        spec: optional(places.spec),
        quantity,
        amount_minor,
    };
    Ok((head, line))
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
        assert_eq!((invoices[0].buyer.as_str(), invoices[1].buyer.as_str()), ("17850", ""));
        assert_eq!(invoices[0].at, Micros::parse("2010-12-01T08:26:00+08:00").expect("a time"));
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
    }
}
