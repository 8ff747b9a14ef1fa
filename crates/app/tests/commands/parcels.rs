//! Carriers' traces and what follows from them: states, dates of the order, a case before the buyer writes.

#![expect(clippy::print_stderr, reason = "a test that looked at nothing says so")]

use crate::desk::{World, on_both, refused};
use aftercare_app::case::open::OpenCase;
use aftercare_app::parcel::{NewReport, NewTracking, Tracked};
use aftercare_app::queue::{QueueQuery, View};
use aftercare_app::{Context, order::NewParcel};
use serde_json::{Value, json};

const WAYBILL: &str = "ZT0000123456";

fn report(at: &str, state: &str) -> NewReport {
    NewReport { at: Some(format!("{at}:00+08:00")), state: Some(state.into()), ..NewReport::default() }
}

async fn track(world: &World, events: Vec<NewReport>) -> Tracked {
    let input = NewTracking { carrier: "zto".into(), waybill: WAYBILL.into(), events };
    world.desk.track(&Context::desk(world.desk.clock.now()), world.shop, input).await.expect("taken in")
}

/// A paid order whose parcel has just been handed over.
async fn on_the_way(world: &World) {
    let parcel = NewParcel { carrier: "zto".into(), waybill: WAYBILL.into(), state: String::new(), shipped_at: None, signed_at: None };
    world
        .order("A1001", |order| {
            order.parcels = vec![parcel];
            (order.shipped_at, order.signed_at) = (None, None);
        })
        .await;
}

async fn open_cases(world: &World, who: &Context) -> Vec<Value> {
    let query = QueueQuery::of(View::All);
    let page = world.desk.queue(&world.now(who), query).await.expect("a page");
    page.items.into_iter().map(|item| serde_json::to_value(item).expect("json")).collect()
}

#[test]
fn a_trace_in_pieces_and_out_of_order_gives_one_state_and_the_orders_dates() {
    on_both(|world: World| async move {
        on_the_way(&world).await;
        let agent = world.staff("agent").await;
        let input = json!({ "order_no": "A1001", "channel": "chat", "text": "到哪了" });
        let opened =
            world.desk.open_case(&agent, world.shop, serde_json::from_value::<OpenCase>(input).expect("an intake")).await.expect("opened");
        let late = vec![report("2026-11-23T09:00", "in_transit"), report("2026-11-22T20:00", "picked_up")];
        assert_eq!(track(&world, late.clone()).await.new_events, 2);
        assert_eq!(track(&world, late).await.new_events, 0, "the same again changes nothing");
        let broken = NewReport {
            at: Some("2026-02-30 10:00:00".into()),
            text: Some("已由门卫代签收，电话 13800009999".into()),
            ..NewReport::default()
        };
        let tracked = track(&world, vec![report("2026-11-24T08:00", "out_for_delivery"), broken]).await;
        assert_eq!((tracked.state.as_str(), tracked.dates_broken, tracked.new_events), ("signed_other", true, 2));
        let view = world.view(&agent, world.at(&opened)).await;
        let parcel = &view["parcels"][0];
        assert_eq!((parcel["state"].as_str(), parcel["signed_by"].as_str()), (Some("signed_other"), Some("guard")));
        assert_eq!(view["order"]["state"], "signed");
        assert_eq!(view["order"]["shipped_at"], "2026-11-22T12:00:00Z");
        assert_eq!(view["order"]["signed_at"], "2026-11-24T00:00:00Z", "the untimed report stands beside its neighbour");
        assert!(world.count(world.at(&opened), "parcel_moved").await >= 2);
        assert!(!view.to_string().contains("13800009999"));
    });
}

#[test]
fn a_parcel_that_goes_quiet_has_a_case_before_the_buyer_writes() {
    on_both(|world: World| async move {
        on_the_way(&world).await;
        let agent = world.staff("agent").await;
        track(&world, vec![report("2026-11-23T20:00", "picked_up"), report("2026-11-24T09:00", "in_transit")]).await;
        world.until("2026-11-27T08:59").await;
        assert!(open_cases(&world, &agent).await.is_empty(), "71 hours are not yet too long");
        world.until("2026-11-27T09:00").await;
        let cases = open_cases(&world, &agent).await;
        assert_eq!((cases.len(), cases[0]["order_no"].as_str()), (1, Some("A1001")));
        let at = aftercare_app::command::CaseRef { shop: world.shop, id: serde_json::from_value(cases[0]["id"].clone()).expect("an id") };
        let view = world.view(&agent, at).await;
        assert_eq!((view["requests"][0]["kind"].as_str(), view["requests"][0]["reason"].as_str()), (Some("inquiry"), Some("stuck")));
        assert_eq!((view["case"]["channel"].as_str(), view["case"]["last_contact_from"].as_str()), (Some("tracking"), Some("")));
        // later news belong to the same case
        world.until("2026-11-29T12:00").await;
        assert_eq!(world.count(at, "parcel_judged").await, 2, "stuck, then abnormal");
        track(&world, vec![report("2026-11-29T11:00", "lost")]).await;
        world.until("2026-11-29T12:01").await;
        assert_eq!((world.count(at, "parcel_judged").await, open_cases(&world, &agent).await.len()), (3, 1));
        // and so does the buyer, who asks at last
        let asks =
            json!({ "order_no": "A1001", "channel": "chat", "text": "快递呢？", "request": { "kind": "inquiry", "reason": "stuck" } });
        let asked =
            world.desk.open_case(&world.now(&agent), world.shop, serde_json::from_value(asks).expect("an intake")).await.expect("joined");
        assert_eq!((asked.case_id, asked.result["joined"].as_bool()), (at.id, Some(true)));
    });
}

#[test]
fn a_parcel_that_moves_or_is_paid_back_opens_nothing() {
    on_both(|world: World| async move {
        on_the_way(&world).await;
        let agent = world.staff("agent").await;
        track(&world, vec![report("2026-11-23T20:00", "picked_up")]).await;
        for day in 24..28 {
            world.until(&format!("2026-11-{day}T18:00")).await;
            track(&world, vec![report(&format!("2026-11-{day}T18:00"), "in_transit")]).await;
        }
        track(&world, vec![report("2026-11-27T18:00", "signed_self")]).await;
        world.until("2026-12-10T12:00").await;
        let paid_back = "/* test */ UPDATE orders SET refunded_minor = paid_minor";
        world.desk.store.write(move |tx| tx.execute(paid_back, &[])).await.map_err(|e: aftercare_store::DbError| e).expect("changed");
        track(&world, vec![report("2026-12-10T12:00", "returning")]).await;
        world.until("2026-12-11T12:00").await;
        assert!(open_cases(&world, &agent).await.is_empty());
    });
}

#[test]
fn a_waybill_nobody_knows_waits_for_its_order_and_bad_input_is_named() {
    on_both(|world: World| async move {
        let tracked = track(&world, vec![report("2026-11-23T20:00", "picked_up")]).await;
        assert_eq!((tracked.parcels, tracked.new_events), (1, 1));
        on_the_way(&world).await;
        let tracked = track(&world, vec![report("2026-11-24T08:00", "in_transit")]).await;
        assert_eq!((tracked.parcels, tracked.new_events), (1, 1), "the order's parcel is the one the feed spoke of");
        let desk = Context::desk(world.desk.clock.now());
        let odd = |waybill: &str, carrier: &str| NewTracking { carrier: carrier.into(), waybill: waybill.into(), events: vec![] };
        assert_eq!(refused(world.desk.track(&desk, world.shop, odd("", "zto")).await), "bad_input");
        assert_eq!(refused(world.desk.track(&desk, world.shop, odd("ZT 1", "zto")).await), "bad_input");
        assert_eq!(refused(world.desk.track(&desk, world.shop, odd("ZT1", "13800009999")).await), "bad_input");
        let agent = world.staff("agent").await;
        assert_eq!(refused(world.desk.track(&agent, world.shop, odd("ZT1", "zto")).await), "not_allowed");
    });
}

/// The real traces, where they are: six parcels of four carriers, all delivered, two not into the buyer's own hands.
#[test]
fn the_real_traces_end_where_their_carriers_say() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/tracking/traces_dev.json");
    let Ok(bytes) = std::fs::read(&file) else {
        eprintln!("skipped: {} is not there", file.display());
        return;
    };
    on_both(move |world: World| {
        let bytes = bytes.clone();
        async move {
            let context = Context::desk(world.desk.clock.now());
            let import = || async {
                let traces = vec![aftercare_app::import::Traces::from_json("traces_dev.json", &bytes)];
                world.desk.import_tracking(&context, world.shop, traces, &mut |_, _| {}).await.expect("taken in")
            };
            let first = import().await;
            let reasons: Vec<&str> = first.faults.iter().map(|fault| fault.reason.as_str()).collect();
            assert_eq!((first.traces, reasons), (5, vec!["the waybill is missing"]));
            assert_eq!(first.events_new, first.rows);
            assert_eq!(import().await.events_new, 0, "again changes nothing");
            let sql = "/* test */ SELECT waybill, state, signed_by FROM parcel ORDER BY waybill";
            let read = |row: &aftercare_store::Row| Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<String>(2)?));
            let ends =
                world.desk.store.read(move |tx| tx.query(sql, &[], read)).await.map_err(|e: aftercare_store::DbError| e).expect("rows");
            let expect = [
                ("405787357890", "signed", "unknown_person"),
                ("557020683421114", "signed", "unknown_person"),
                ("73190553102532", "signed_locker", "locker"),
                ("YT4318407829600", "signed_other", "other"),
                ("YT5555508965056", "signed_locker", "station"),
            ];
            let ends: Vec<_> = ends.iter().map(|(w, s, b)| (w.as_str(), s.as_str(), b.as_str())).collect();
            assert_eq!(ends, expect);
        }
    });
}
