//! Exports from asking to fetching: only what the person sees, masked, for that person alone, and gone after a day.

use crate::desk::{World, on_both, refused};
use aftercare_app::Context;
use aftercare_app::export::{ExportView, NewExport};
use aftercare_domain::export::State;
use aftercare_domain::id::Id;
use aftercare_domain::time::Span;
use aftercare_store::values;
use calamine::Reader;
use serde_json::{Value, json};

fn new(what: Value, format: &str) -> NewExport {
    serde_json::from_value(json!({ "what": what, "format": format })).expect("an export")
}

async fn written(world: &World, who: &Context, what: Value, format: &str) -> ExportView {
    let asked = world.desk.ask_export(&world.now(who), new(what, format)).await.expect("asked");
    assert_eq!(asked.state, State::Waiting);
    world.desk.work_on_exports().await.expect("worked");
    world.desk.export(who, asked.id).await.expect("seen")
}

async fn fetched(world: &World, who: &Context, id: Id) -> Vec<u8> {
    let file = world.desk.fetch_export(&world.now(who), id).await.expect("a file");
    let mut bytes = Vec::new();
    for n in 0.. {
        let Some(piece) = world.desk.export_piece(&file, n).await.expect("a piece") else { break };
        bytes.extend(piece);
    }
    assert_eq!(bytes.len() as i64, file.size);
    bytes
}

async fn audited(world: &World, id: Id) -> Vec<String> {
    let sql = "/* test */ SELECT action FROM audit WHERE object = $1 ORDER BY seq";
    let all = world.desk.store.read(move |tx| tx.query(sql, &values![id.to_string()], |row| row.get::<String>(0)));
    all.await.expect("audit")
}

#[test]
fn a_view_goes_out_masked_in_both_forms_for_whoever_asked_and_for_a_day() {
    on_both(|world: World| async move {
        let (agent, lead, boss) = (world.staff("agent").await, world.staff("lead").await, world.staff("supervisor").await);
        for n in 1..=3 {
            world.complaint(&world.now(&agent), &format!("40312345678901234{n}")).await;
        }
        world.desk.fold_counters().await.expect("folded");
        let queue = json!({ "kind": "queue", "view": "all" });
        let sheet = written(&world, &lead, queue.clone(), "xlsx").await;
        assert_eq!((sheet.state, sheet.done, sheet.total, sheet.cut), (State::Done, 3, 3, false));
        let bytes = fetched(&world, &lead, sheet.id).await;
        let mut book = calamine::Xlsx::new(std::io::Cursor::new(bytes)).expect("a workbook");
        let range = book.worksheet_range("队列").expect("a sheet");
        assert_eq!(range.height(), 4, "a heading and three cases");
        let row: Vec<String> = range.rows().nth(1).expect("a row").iter().map(ToString::to_string).collect();
        assert_eq!(row[1], "棉屿女装");
        assert!(row[12].starts_with("40312345678901234"), "{row:?}");
        assert_eq!(row[13], "王**", "the buyer is masked");

        let csv = written(&world, &lead, queue.clone(), "csv").await;
        let text = String::from_utf8(fetched(&world, &lead, csv.id).await).expect("UTF-8");
        assert!(text.starts_with("\u{feff}售后单号,店铺,"), "{text}");
        assert!(text.contains("403123456789012341\t"), "a long number keeps its digits: {text}");
        for personal in ["王小明", "19900006021", "余杭区"] {
            assert!(!text.contains(personal), "{personal}");
        }

        // Narrowed as on the screen: nothing costs that much.
        let few = json!({ "kind": "queue", "view": "all", "narrow": { "least_minor": 10_000_000 }, "sort": "amount" });
        assert_eq!(written(&world, &lead, few, "csv").await.done, 0);

        // Nobody else's, not even the supervisor's.
        assert_eq!(refused(world.desk.export(&boss, csv.id).await), "not_found");
        assert_eq!(refused(world.desk.fetch_export(&boss, csv.id).await.map(|_| ())), "not_found");
        assert_eq!(refused(world.desk.ask_export(&agent, new(queue.clone(), "csv")).await), "not_allowed");
        assert_eq!(audited(&world, csv.id).await, ["export_asked", "export_written", "export_fetched"]);

        let later = Context { now: world.desk.clock.now() + Span::hours(25), ..lead.clone() };
        world.desk.clock.by_hand().expect("a hand-moved clock").move_to(later.now);
        world.desk.work_on_exports().await.expect("tidied");
        let gone = world.desk.export(&later, csv.id).await.expect("seen");
        assert_eq!((gone.state, gone.size, gone.until), (State::Done, 0, None));
        assert_eq!(refused(world.desk.fetch_export(&later, csv.id).await.map(|_| ())), "not_found");
    });
}

#[test]
fn the_board_and_a_search_go_out_too() {
    on_both(|world: World| async move {
        let (agent, lead) = (world.staff("agent").await, world.staff("lead").await);
        world.complaint(&world.now(&agent), "B1").await;
        world.desk.fold_counters().await.expect("folded");
        let period = json!({ "kind": "board", "shop": world.shop, "from": "2026-11-01", "to": "2026-11-30" });
        let board = written(&world, &lead, period.clone(), "xlsx").await;
        let mut book = calamine::Xlsx::new(std::io::Cursor::new(fetched(&world, &lead, board.id).await)).expect("a workbook");
        let opened = book.worksheet_range("新开").expect("a sheet");
        assert_eq!(opened.rows().nth(1).expect("a row")[2].to_string(), "1");
        assert!(book.sheet_names().len() >= 7, "{:?}", book.sheet_names());
        let text = written(&world, &lead, period, "csv").await;
        let text = String::from_utf8(fetched(&world, &lead, text.id).await).expect("UTF-8");
        assert!(text.contains("到点水位\r\n剩余时间,单数,金额\r\n"), "{text}");

        let found = written(&world, &lead, json!({ "kind": "search", "q": "B1" }), "csv").await;
        assert_eq!((found.state, found.done), (State::Done, 1));
        for (what, code) in [
            (json!({ "kind": "search", "q": " " }), "bad_input"),
            (json!({ "kind": "queue", "view": "none" }), "bad_input"),
            (json!({ "kind": "queue", "view": "all", "shop": 9 }), "not_found"),
            (json!({ "kind": "board", "shop": world.shop, "from": "x", "to": "y" }), "bad_input"),
        ] {
            assert_eq!(refused(world.desk.ask_export(&lead, new(what.clone(), "csv")).await), code, "{what}");
        }
    });
}

#[test]
fn whoever_lost_a_shop_meanwhile_gets_nothing_of_it_and_what_is_stopped_stays_stopped() {
    on_both(|world: World| async move {
        let (agent, lead) = (world.staff("agent").await, world.staff("lead").await);
        world.complaint(&world.now(&agent), "B1").await;
        let one = json!({ "kind": "queue", "view": "all", "shop": world.shop });
        let stopped = world.desk.ask_export(&lead, new(one.clone(), "csv")).await.expect("asked");
        let view = world.desk.stop_export(&lead, stopped.id).await.expect("stopped");
        assert_eq!(view.state, State::Stopped);
        assert_eq!(world.desk.work_on_exports().await.expect("nothing to do"), 0);

        let asked = world.desk.ask_export(&lead, new(one, "csv")).await.expect("asked");
        let gone = "/* test */ DELETE FROM staff_shop WHERE staff_id = $1";
        let staff = lead.actor.id();
        world.desk.store.write::<_, aftercare_store::DbError, _>(move |tx| tx.execute(gone, &values![staff])).await.expect("taken away");
        world.desk.work_on_exports().await.expect("worked");
        let failed = world.desk.export(&lead, asked.id).await.expect("seen");
        assert_eq!((failed.state, failed.problem.as_str()), (State::Failed, "not_found"));
    });
}

#[test]
fn a_person_keeps_ten_files_and_the_oldest_makes_room() {
    on_both(|world: World| async move {
        let lead = world.staff("lead").await;
        let queue = json!({ "kind": "queue", "view": "all" });
        let first = written(&world, &lead, queue.clone(), "csv").await;
        for _ in 0..10 {
            written(&world, &lead, queue.clone(), "csv").await;
        }
        assert_eq!(world.desk.export(&lead, first.id).await.expect("seen").size, 0, "its file is gone");
        for _ in 0..10 {
            world.desk.ask_export(&lead, new(queue.clone(), "csv")).await.expect("asked");
        }
        assert_eq!(refused(world.desk.ask_export(&lead, new(queue, "csv")).await), "exports_many");
    });
}
