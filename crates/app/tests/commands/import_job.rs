//! Import jobs from upload to undo: guessed, tried, cut off, paused, taken up again, never doubled, taken back.

use crate::desk::{World, on_both, refused};
use aftercare_app::Context;
use aftercare_app::import::job::{JobView, Look, NewImport, NewPart, PART_LIMIT, Steer};
use aftercare_domain::id::Id;
use aftercare_domain::import::{Field, State, Word};
use aftercare_domain::time::Span;
use aftercare_store::values;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const HEADER: [&str; 10] =
    ["订单编号", "商品标题", "商家编码", "商品属性", "购买数量", "商品价格", "订单付款时间", "买家会员名", "收货人姓名", "联系手机"];

/// So many orders of one line; every hundredth row is bad, each tenth order has a second line.
fn rows(orders: usize) -> Vec<[String; 10]> {
    let mut rows = Vec::new();
    for n in 1..=orders {
        let quantity = if n % 100 == 0 { "两件".to_owned() } else { (n % 3 + 1).to_string() };
        let row = |sku: &str, quantity: String| {
            [
                format!("3{n:017}"),
                format!("羊毛大衣{n}"),
                sku.to_owned(),
                "红色, M".to_owned(),
                quantity,
                "19.90".to_owned(),
                format!("2026-11-{:02} 10:00:{:02}", n % 20 + 1, n % 60),
                format!("买家{}", n % 50),
                "王小明".to_owned(),
                format!("1380000{:04}", n % 50),
            ]
        };
        rows.push(row("COAT-1", quantity));
        if n % 10 == 0 && n % 100 != 0 {
            rows.push(row("BELT-2", "1".to_owned()));
        }
    }
    rows
}

fn csv(rows: &[[String; 10]]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER).expect("a header");
    rows.iter().for_each(|row| writer.write_record(row).expect("a row"));
    let text = String::from_utf8(writer.into_inner().expect("bytes")).expect("text");
    encoding_rs::GB18030.encode(&text).0.into_owned()
}

/// Everything as text, as a person saves it who knows what spreadsheets do to long numbers.
fn sheet(rows: &[[String; 10]]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    page.write_row(0, 0, HEADER).expect("a header");
    for (n, row) in rows.iter().enumerate() {
        page.write_row(n as u32 + 1, 0, row.iter().map(String::as_str)).expect("a row");
    }
    book.save_to_buffer().expect("a sheet")
}

async fn uploaded(world: &World, who: &Context, name: &str, bytes: &[u8]) -> Id {
    let new = NewImport { name: name.into(), size: bytes.len() as i64 };
    let id = world.desk.open_import(who, world.shop, new).await.expect("opened").id;
    for (n, piece) in bytes.chunks(PART_LIMIT).enumerate() {
        let part = || NewPart { n: n as i64, base64: STANDARD.encode(piece) };
        let first = world.desk.add_import_part(who, (world.shop, id), part()).await.expect("a part");
        let again = world.desk.add_import_part(who, (world.shop, id), part()).await.expect("the same part");
        assert_eq!(first, again, "a part that came twice is there once");
    }
    id
}

async fn steered(world: &World, who: &Context, id: Id, word: Word) -> JobView {
    world.desk.steer_import(&world.now(who), (world.shop, id), Steer { word, mapping: None }).await.expect("steered")
}

async fn seen(world: &World, who: &Context, id: Id) -> JobView {
    world.desk.import(who, (world.shop, id)).await.expect("seen")
}

/// Guessed, the guess taken over, tried.
async fn tried(world: &World, who: &Context, name: &str, bytes: &[u8]) -> Id {
    let id = uploaded(world, who, name, bytes).await;
    let looked = world.desk.look_at_import(who, (world.shop, id), Look::default()).await.expect("looked");
    assert!(looked.missing.is_empty(), "{:?}", looked.missing);
    assert_eq!(looked.sample[0][9], "138****0001", "personal data is masked");
    let steer = Steer { word: Word::Check, mapping: Some(looked.mapping) };
    world.desk.steer_import(who, (world.shop, id), steer).await.expect("checking");
    world.desk.work_on_imports().await.expect("worked");
    assert_eq!(seen(world, who, id).await.state, State::Checked);
    id
}

/// Claims so far, and orders done.
async fn place(world: &World, id: Id) -> (i64, i64) {
    let (shop, sql) = (world.shop, "SELECT fence, done FROM import_job WHERE shop_id = $1 AND id = $2");
    let place = world.desk.store.read(move |tx| tx.query_opt(sql, &values![shop, id], |row| Ok((row.get(0)?, row.get(1)?))));
    place.await.expect("read").expect("a job")
}

async fn count(world: &World, table: &'static str) -> i64 {
    let sql = format!("/* test */ SELECT COUNT(*) FROM {table}");
    let count = world.desk.store.read(move |tx| tx.query_opt(&sql, &values![], |row| row.get::<i64>(0)));
    count.await.expect("counted").unwrap_or(0)
}

/// Orders, lines, payments, buyers, and the keys of what was personal besides the file's own.
async fn books(world: &World) -> [i64; 4] {
    [count(world, "orders").await, count(world, "order_line").await, count(world, "payment").await, count(world, "buyer").await]
}

#[test]
fn a_file_goes_in_once_however_often_it_is_cut_off_and_comes_out_again() {
    on_both(|world: World| async move {
        let (who, agent) = (world.staff("admin").await, world.staff("agent").await);
        for (name, bytes) in [("订单导出.csv", csv(&rows(2000))), ("订单导出.xlsx", sheet(&rows(2000)))] {
            let id = tried(&world, &who, name, &bytes).await;
            let dry = seen(&world, &who, id).await;
            assert_eq!((dry.figures.rows, dry.figures.rows_bad, dry.figures.orders_new, dry.total), (2180, 20, 1980, 1980), "{name}");
            assert_eq!(books(&world).await, [0; 4], "a dry run writes nothing");
            steered(&world, &who, id, Word::Start).await;
            // Cut off five times, each time somewhere in the middle; whoever comes next waits until the claim has run out.
            for _ in 0..5 {
                let before = place(&world, id).await;
                // A batch of the one cut off may still hold the row: then nothing is free, and one looks again.
                let work = tokio::spawn({
                    let desk = world.desk.clone();
                    async move { while desk.work_on_imports().await.expect("worked") == 0 {} }
                });
                let claimed_and_on = |now: (i64, i64)| now.0 > before.0 && now.1 > before.1;
                let begun = std::time::Instant::now();
                while !claimed_and_on(place(&world, id).await) {
                    assert!(begun.elapsed().as_secs() < 60, "it goes on from where it was: {before:?}");
                    tokio::task::yield_now().await;
                }
                work.abort();
                let _ = work.await;
                assert_eq!(seen(&world, &who, id).await.state, State::Running, "cut off in the middle");
                assert_eq!(world.desk.work_on_imports().await.expect("nothing is free"), 0, "the claim is still out");
                world.desk.run_due(world.desk.clock.now() + Span::minutes(1)).await.expect("time passes");
            }
            steered(&world, &who, id, Word::Pause).await;
            assert_eq!(world.desk.work_on_imports().await.expect("paused"), 0);
            steered(&world, &who, id, Word::Resume).await;
            world.desk.work_on_imports().await.expect("worked");
            let done = seen(&world, &who, id).await;
            assert_eq!((done.state, &done.figures), (State::Done, &dry.figures), "what was tried is what was done");
            assert_eq!(books(&world).await, [1980, 2160, 1980, 50]);
            let errors = String::from_utf8(world.desk.import_errors(&who, (world.shop, id)).await.expect("errors")).expect("text");
            assert_eq!(errors.lines().count(), 21, "{errors}");
            assert!(errors.contains("两件") && !errors.contains("王小明") && !errors.contains("1380000"), "{errors}");

            // The same file again adds nothing.
            let again = tried(&world, &who, name, &bytes).await;
            assert_eq!(seen(&world, &who, again).await.figures.orders_known, 1980);

            // One order has a case by now: it stays.
            let order_no = &rows(1)[0][0];
            let input = serde_json::json!({ "order_no": order_no, "channel": "chat", "text": "破了一个洞" });
            let input = serde_json::from_value(input).expect("an intake");
            world.desk.open_case(&world.now(&agent), world.shop, input).await.expect("opened");
            steered(&world, &who, id, Word::Undo).await;
            world.desk.work_on_imports().await.expect("worked");
            let undone = seen(&world, &who, id).await;
            assert_eq!((undone.state, undone.figures.undone, undone.figures.kept), (State::Undone, 1979, 1), "{name}");
            assert_eq!(books(&world).await, [1, 1, 1, 1], "{name}");
            // For the next form of the file: the desk as it was.
            wiped(&world).await;
        }
    });
}

/// Takes the one order and its case out by hand; tests only.
async fn wiped(world: &World) {
    let tables = ["cases", "timer", "deadline", "orders", "order_line", "payment", "buyer", "import_made"];
    let wipe = world
        .desk
        .store
        .write(move |tx| tables.iter().try_for_each(|table| tx.execute(&format!("/* test */ DELETE FROM {table}"), &values![]).map(drop)));
    wipe.await.expect("wiped");
}

#[test]
fn what_does_not_fit_is_told_and_changes_nothing() {
    on_both(|world: World| async move {
        let who = world.staff("admin").await;
        let at = |id: Id| (world.shop, id);
        let open = |name: &str, size: i64| NewImport { name: name.into(), size };
        assert_eq!(refused(world.desk.open_import(&who, world.shop, open("a.csv", 0)).await), "too_large");
        assert_eq!(refused(world.desk.open_import(&world.stranger(&who), world.shop, open("a.csv", 9)).await), "not_found");
        let agent = world.staff("agent").await;
        assert_eq!(refused(world.desk.open_import(&agent, world.shop, open("a.csv", 9)).await), "not_allowed");

        let id = world.desk.open_import(&who, world.shop, open("a.csv", 9)).await.expect("opened").id;
        let part = |n: i64, bytes: &[u8]| NewPart { n, base64: STANDARD.encode(bytes) };
        assert_eq!(refused(world.desk.add_import_part(&who, at(id), part(1, b"123456789")).await), "import_part");
        assert_eq!(refused(world.desk.add_import_part(&who, at(id), part(0, b"1234")).await), "bad_input");
        assert_eq!(refused(world.desk.look_at_import(&who, at(id), Look::default()).await), "import_part");
        assert_eq!(refused(world.desk.steer_import(&who, at(id), Steer { word: Word::Check, mapping: None }).await), "import_state");
        world.desk.add_import_part(&who, at(id), part(0, "颜色,价".as_bytes().get(..9).expect("nine"))).await.expect("all there");
        let looked = world.desk.look_at_import(&who, at(id), Look::default()).await.expect("looked");
        assert_eq!(looked.missing, ["order_no", "sku", "quantity", "unit_price", "time"]);
        let check = Steer { word: Word::Check, mapping: Some(looked.mapping) };
        assert_eq!(refused(world.desk.steer_import(&who, at(id), check).await), "import_columns");

        // A column that is mapped and not there is a fault of the file as a whole, told by the dry run.
        let id = uploaded(&world, &who, "b.csv", "a,b\n1,2\n".as_bytes()).await;
        let mut mapping = world.desk.look_at_import(&who, at(id), Look::default()).await.expect("looked").mapping;
        for field in Field::ALL.iter().filter(|field| field.is_needed()) {
            mapping.columns.insert(*field, "没有".into());
        }
        let check = Steer { word: Word::Check, mapping: Some(mapping) };
        world.desk.steer_import(&who, at(id), check).await.expect("checking");
        world.desk.work_on_imports().await.expect("worked");
        let failed = seen(&world, &who, id).await;
        assert_eq!(failed.state, State::Failed);
        assert!(failed.problem.contains("没有"), "{}", failed.problem);

        // What was tried is what is done: no other mapping afterwards.
        let id = tried(&world, &who, "d.csv", &csv(&rows(5))).await;
        let mapping = seen(&world, &who, id).await.mapping;
        let start = Steer { word: Word::Start, mapping };
        assert_eq!(refused(world.desk.steer_import(&who, at(id), start).await), "bad_input");
        assert_eq!(seen(&world, &who, id).await.state, State::Checked);

        // A sheet that is none.
        let id = uploaded(&world, &who, "c.xlsx", b"PK\x03\x04 no sheet").await;
        assert_eq!(refused(world.desk.look_at_import(&who, at(id), Look::default()).await), "import_file");
    });
}

#[test]
fn after_a_day_it_cannot_be_undone_and_its_file_is_gone() {
    on_both(|world: World| async move {
        let who = world.staff("admin").await;
        let id = tried(&world, &who, "订单.csv", &csv(&rows(20))).await;
        steered(&world, &who, id, Word::Start).await;
        world.desk.work_on_imports().await.expect("worked");
        assert_eq!(seen(&world, &who, id).await.name, "订单.csv");
        world.desk.run_due(world.desk.clock.now() + Span::hours(25)).await.expect("time passes");
        let undo = Steer { word: Word::Undo, mapping: None };
        assert_eq!(refused(world.desk.steer_import(&world.now(&who), (world.shop, id), undo).await), "import_undo_late");
        world.desk.work_on_imports().await.expect("tidied");
        assert_eq!((count(&world, "import_part").await, seen(&world, &who, id).await.name.as_str()), (0, ""));
        assert_eq!(seen(&world, &who, id).await.figures.orders_new, 20, "the figures stay");
    });
}
