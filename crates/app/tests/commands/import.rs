//! Files of other systems go in whole, once, and to the fen; what cannot be right is told by line.

#![expect(clippy::print_stdout, reason = "the figures of the real files are worth seeing")]

use crate::desk::{World, on_both};
use aftercare_app::case::close::CloseCase;
use aftercare_app::import::{Mapping, Report, Table};
use aftercare_app::queue::{QueueQuery, View};
use aftercare_app::{Context, Desk};
use aftercare_domain::id::ShopId;
use aftercare_store::values;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const MAPPING: &str = include_str!("../../../../mappings/uci_online_retail.toml");

/// Our own file with the traps of the real ones: an article twice on an invoice, a price of zero, no customer, adjustments of stock,
/// a cancellation bought before the file begins, one larger than what was bought, one over two purchases, one without customer.
const TRAPS: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
1001,A,灯,6,2010-12-01 08:26:00,2.55,17850.0,UK
1001,A,灯,2,2010-12-01 08:26:00,2.55,17850.0,UK
1001,B,盒,1,2010-12-01 08:26:00,0.0,17850.0,UK
1002,A,灯,3,2010-12-02 09:00:00,2.55,17850.0,UK
1003,C,钟,1,2010-12-02 10:00:00,0.125,,UK
1004,?,?,-12,2010-12-02 10:30:00,0.0,,UK
1005,D,,x,2010-12-02 10:31:00,1.0,,UK
C1006,A,灯,-4,2010-12-03 11:00:00,2.55,17850.0,UK
C1007,B,盒,-5,2010-12-03 11:30:00,1.00,17850.0,UK
C1008,Z,旧,-1,2010-12-03 12:00:00,9.95,12345.0,UK
C1009,A,灯,-1,2010-12-03 12:00:00,2.55,,UK
";

fn tables(files: &[(String, Vec<u8>)], mapping: &Mapping) -> Vec<Table> {
    files.iter().map(|(name, bytes)| Table::read(name, bytes, mapping).expect("a table")).collect()
}

async fn both(desk: &Desk, shop: ShopId, files: &[(String, Vec<u8>)]) -> (Report, Report) {
    let mapping = Mapping::parse(MAPPING).expect("a mapping");
    let tables = tables(files, &mapping);
    let context = Context::desk(desk.clock.now());
    let mut heard = Vec::new();
    let orders = desk.import_orders(&context, shop, &mapping, &tables, &mut |done, all| heard.push((done, all))).await.expect("orders");
    let rows = orders.rows;
    assert!(heard.windows(2).all(|two| two[0].0 < two[1].0) && heard.last() == Some(&(rows, rows)), "progress runs to its end");
    let returns = desk.import_returns(&context, shop, &mapping, &tables, &mut |_, _| {}).await.expect("returns");
    (orders, returns)
}

#[test]
fn a_file_full_of_traps() {
    on_both(|world: World| async move {
        let files = [("traps.csv".to_owned(), TRAPS.as_bytes().to_vec())];
        let (orders, returns) = both(&world.desk, world.shop, &files).await;
        assert_eq!((orders.orders_new, orders.lines_new, orders.lines_minor, orders.left_alone), (3, 5, 1530 + 510 + 765 + 13, 4));
        let faults: Vec<(u64, &str)> = orders.faults.iter().map(|f| (f.line, f.order_no.as_str())).collect();
        assert_eq!(faults, [(7, "1004"), (8, "1005")]);
        let errors = String::from_utf8(orders.error_file().expect("csv")).expect("text");
        assert!(errors.starts_with("file,line,order_no,sku,reason\ntraps.csv,7,1004,?,"), "{errors}");
        assert!(!errors.contains("17850"), "nobody is named in the error list");
        assert_eq!((returns.cancellations_new, returns.cancelled_lines, returns.matched_lines, returns.unmatched_lines), (4, 4, 2, 2));
        // C1006: 3 of 1002, 1 of 1001; C1007: 1 of the 5 was bought here, for 1.00.
        assert_eq!((returns.external_minor, returns.unmatched_minor), (1020 + 100, 400 + 995 + 255));
        let again = both(&world.desk, world.shop, &files).await;
        assert_eq!((again.0.orders_new, again.0.orders_known, again.1.cancellations_new, again.1.cancellations_known), (0, 3, 0, 4));
        let sql = "/* test */ SELECT CAST(SUM(external_minor) AS BIGINT), CAST(SUM(external_units) AS BIGINT), CAST(SUM(refunded_minor) AS BIGINT) FROM order_line";
        let read = |row: &aftercare_store::Row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?));
        let sums = world.desk.store.read(move |tx| tx.query_opt(sql, &values![], read)).await.expect("sums");
        assert_eq!(sums, Some((1120, 5, 0)), "booked once, as external, and nothing as ours");
    });
}

#[test]
fn a_mapping_that_does_not_fit_is_told_and_changes_nothing() {
    on_both(|world: World| async move {
        let mapping = Mapping::own();
        let table = Table::read("a.csv", TRAPS.as_bytes(), &mapping).expect("a table");
        let context = Context::desk(world.desk.clock.now());
        let refused = world.desk.import_orders(&context, world.shop, &mapping, &[table], &mut |_, _| {}).await.expect_err("refused");
        assert!(refused.to_string().contains("InvoiceNo, StockCode"), "{refused}");
        let agent = world.staff("agent").await;
        let table = Table::read("a.csv", TRAPS.as_bytes(), &mapping).expect("a table");
        let refused = world.desk.import_orders(&agent, world.shop, &mapping, &[table], &mut |_, _| {}).await.expect_err("refused");
        assert!(refused.to_string().contains("not_allowed"), "{refused}");
    });
}

/// The real invoices of December 2010, where they are; elsewhere the traps above stand for them.
fn december() -> Option<Vec<(String, Vec<u8>)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/orders/uci_2010-12_to_2011-05");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
    files.sort();
    let name = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let files = files.iter().filter(|path| name(path).starts_with("2010-12"));
    Some(files.map(|path| (name(path), std::fs::read(path).expect("a file"))).collect())
}

/// What the files hold, counted here by other means than the product's.
#[derive(Default, Debug)]
struct Counted {
    rows: u64,
    orders: BTreeSet<String>,
    lines: u64,
    lines_minor: i64,
    cancellations: BTreeSet<String>,
    cancelled_lines: u64,
    cancelled_minor: i64,
    faults: u64,
}

fn count(files: &[(String, Vec<u8>)]) -> Counted {
    let mut counted = Counted::default();
    for (_, bytes) in files {
        for row in csv::Reader::from_reader(bytes.as_slice()).into_records().map(|row| row.expect("a row")) {
            counted.rows += 1;
            let quantity: i64 = row[3].parse().expect("a quantity");
            // Two decimals at most in these files: 2.5 is 250.
            let (whole, part) = row[5].split_once('.').unwrap_or((&row[5], "0"));
            let price: i64 = whole.parse::<i64>().expect("a price") * 100 + format!("{part:0<2}").parse::<i64>().expect("a part");
            if row[0].starts_with('C') {
                counted.cancellations.insert(row[0].to_owned());
                counted.cancelled_lines += 1;
                counted.cancelled_minor += -quantity * price;
            } else if quantity <= 0 || price < 0 {
                counted.faults += 1;
            } else {
                counted.orders.insert(row[0].to_owned());
                counted.lines += 1;
                counted.lines_minor += quantity * price;
            }
        }
    }
    counted
}

#[test]
fn the_real_december_agrees_with_an_independent_count_and_a_case_of_it_is_closed() {
    let Some(files) = december() else {
        assert!(std::env::var_os("CI").is_none(), "the real invoices are missing where they have to be");
        println!("the real invoices are not here; a_file_full_of_traps covers their traps");
        return;
    };
    let counted = count(&files);
    on_both(|world: World| {
        let (files, counted) = (files.clone(), &counted);
        async move {
            let (orders, returns) = both(&world.desk, world.shop, &files).await;
            assert_eq!((orders.rows, orders.faults.len() as u64), (counted.rows, counted.faults));
            assert_eq!(
                (orders.orders_new, orders.lines_new, orders.lines_minor),
                (counted.orders.len() as u64, counted.lines, counted.lines_minor)
            );
            assert_eq!((returns.cancellations_new, returns.cancelled_lines), (counted.cancellations.len() as u64, counted.cancelled_lines));
            assert_eq!(returns.external_minor + returns.unmatched_minor, counted.cancelled_minor);
            assert_eq!(returns.matched_lines + returns.unmatched_lines, counted.cancelled_lines);
            println!(
                "{} rows: {orders:?} {returns:?}",
                counted.rows,
                orders = Report { faults: vec![], ..orders },
                returns = Report { faults: vec![], ..returns }
            );
            work_one_to_its_end(&world).await;
        }
    });
}

async fn work_one_to_its_end(world: &World) {
    let supervisor = world.staff("supervisor").await;
    let page = QueueQuery::of(View::All);
    let case = world.desk.queue(&supervisor, page).await.expect("a page").items.into_iter().find(|case| !case.order_no.is_empty());
    let case = case.expect("a case with its order");
    let at = aftercare_app::command::CaseRef { shop: world.shop, id: case.id };
    let view = world.desk.case_view(&supervisor, at).await.expect("the page");
    assert!(view["order"]["external_minor"].as_i64().expect("an amount") > 0, "{}", view["order"]);
    let close = CloseCase { result: "refunded".into(), confirmation: "buyer".into(), cause: None, satisfaction: None };
    let fresh = world.seeing(&supervisor, case.version);
    world.desk.close_case(&fresh, at, close).await.expect("closed");
}
