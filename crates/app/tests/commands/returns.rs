//! What comes back: waybill, alarms, gate, shelf of unknown parcels, inspection, on both engines.

use crate::desk::{World, on_both, refused};
use aftercare_app::command::{CaseRef, Changed};
use aftercare_app::parcel::NewTracking;
use aftercare_app::returns::{ClaimParcel, NewInspection, NewReturn, ReturnsQuery, ScanReturn, Scanned};
use aftercare_app::{Context, order::NewParcel};
use aftercare_domain::id::Id;
use serde_json::{Value, json};

fn parsed<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("an input")
}

fn waybill(number: &str) -> NewReturn {
    parsed(json!({ "carrier": "yunda", "waybill": number }))
}

async fn returning(world: &World, order_no: &str, who: &Context) -> CaseRef {
    world.coat(order_no).await;
    let input = json!({ "order_no": order_no, "channel": "platform", "text": "不想要了",
        "request": { "kind": "return_refund", "reason": "not_wanted", "lines": [{ "line_no": 1, "quantity": 1 }] } });
    let opened = world.desk.open_case(who, world.shop, parsed(input)).await.expect("opened");
    world.at(&opened)
}

async fn signed(world: &World, number: &str) {
    let now = world.desk.clock.now();
    let input: NewTracking = parsed(json!({ "carrier": "yunda", "waybill": number, "events": [{ "at": now, "state": "signed" }] }));
    world.desk.track(&Context::desk(now), world.shop, input).await.expect("taken in");
}

async fn scan(world: &World, who: &Context, number: &str) -> Scanned {
    let input = ScanReturn { waybill: number.into() };
    world.desk.scan_return(&world.now(who), world.shop, input).await.expect("scanned")
}

fn warnings(scanned: &Scanned) -> Vec<&str> {
    scanned.warnings.iter().map(|warning| warning.code.as_str()).collect()
}

fn found(condition: &str, video: bool) -> NewInspection {
    parsed(json!({ "units": [{ "line_no": 1, "quantity": 1, "condition": condition, "note": "吊牌已剪" }], "photos": 2, "video": video }))
}

async fn inspect(world: &World, who: &Context, parcel: Id, input: NewInspection) -> aftercare_app::Result<Changed> {
    world.desk.inspect_return(&world.now(who), world.shop, parcel, input).await
}

#[test]
fn signed_and_not_scanned_is_heard_of_after_twelve_and_thirty_six_hours() {
    on_both(|world: World| async move {
        let (agent, warehouse) = (world.staff("agent").await, world.staff("warehouse").await);
        let at = returning(&world, "A1", &agent).await;
        world.desk.return_waybill(&agent, at, waybill("yd001")).await.expect("registered");
        signed(&world, "YD001").await;
        world.until("2026-11-24T22:05").await;
        assert_eq!(world.count(at, "return_not_scanned").await, 0, "not early");
        world.until("2026-11-24T22:06").await;
        let waiting = world.desk.returns_waiting(&world.now(&warehouse), world.shop, ReturnsQuery::default()).await.expect("a list");
        assert_eq!((waiting.items.len(), waiting.items[0].hours, waiting.items[0].waybill.as_str()), (1, 12, "YD001"));
        let teams = |view: Value| -> Vec<Value> {
            let tasks = view["tasks"].as_array().expect("tasks").iter().filter(|task| task["kind"] == "signed_not_scanned");
            tasks.map(|task| json!([task["team"], task["state"]])).collect()
        };
        assert_eq!(teams(world.view(&agent, at).await), [json!(["warehouse", "open"])]);
        world.until("2026-11-25T22:06").await;
        assert_eq!(world.count(at, "return_not_scanned").await, 2);
        let scanned = scan(&world, &warehouse, "yd001").await;
        assert_eq!((scanned.found.as_str(), scanned.case_id, scanned.lines[0].quantity), ("case", Some(at.id), 1));
        assert_eq!(teams(world.view(&agent, at).await), [json!(["warehouse", "cancelled"]), json!(["supervisor", "cancelled"])]);
        assert!(world.desk.returns_waiting(&warehouse, world.shop, ReturnsQuery::default()).await.expect("a list").items.is_empty());
    });
}

#[test]
fn a_scan_before_the_alarm_takes_it_back_and_a_second_scan_is_told() {
    on_both(|world: World| async move {
        let (agent, warehouse) = (world.staff("agent").await, world.staff("warehouse").await);
        let at = returning(&world, "A1", &agent).await;
        world.desk.return_waybill(&agent, at, waybill("YD001")).await.expect("registered");
        signed(&world, "YD001").await;
        let first = scan(&world, &warehouse, "YD001").await;
        assert!(warnings(&first).is_empty() && !first.again);
        let second = scan(&world, &warehouse, "YD001").await;
        assert_eq!((warnings(&second), second.again), (vec!["duplicate_scan"], true));
        world.until("2026-11-27T12:00").await;
        assert_eq!((world.count(at, "return_not_scanned").await, world.count(at, "return_scanned").await), (0, 1));
    });
}

#[test]
fn an_inspection_books_units_and_stock_once_and_proposes_only() {
    on_both(|world: World| async move {
        let (agent, warehouse) = (world.staff("agent").await, world.staff("warehouse").await);
        let at = returning(&world, "A1", &agent).await;
        world.desk.return_waybill(&agent, at, waybill("YD001")).await.expect("registered");
        let parcel = scan(&world, &warehouse, "YD001").await.parcel_id.expect("a parcel");
        let odd = |units: Value| parsed(json!({ "units": units, "video": true }));
        assert_eq!(refused(inspect(&world, &warehouse, parcel, odd(json!([]))).await), "bad_input");
        let two = json!([{ "line_no": 1, "quantity": 2, "condition": "good" }]);
        assert_eq!(refused(inspect(&world, &warehouse, parcel, odd(two)).await), "units_over_line");
        assert_eq!(refused(inspect(&world, &agent, parcel, found("good", true)).await), "not_allowed");
        let done = inspect(&world, &warehouse, parcel, found("good", true)).await.expect("inspected");
        assert_eq!((done.result["proposal"].as_str(), done.result["intact"].as_bool()), (Some("refund"), Some(true)));
        assert_eq!(refused(inspect(&world, &warehouse, parcel, found("good", true)).await), "parcel_inspected");
        let view = world.view(&agent, at).await;
        assert_eq!(view["order"]["lines"][0]["received"], 1);
        assert_eq!(view["order"]["refunded_minor"], 0, "money is another decision");
        assert_eq!((view["inspections"][0]["condition"].as_str(), view["parcels"][0]["state"].as_str()), (Some("good"), Some("inspected")));
        assert_eq!(view["inspections"][0]["notes"][0]["note"], "吊牌已剪");
        assert_eq!(on_hand(&world).await, Some(1), "back on the shelf");
        assert!(warnings(&scan(&world, &warehouse, "YD001").await).contains(&"already_inspected"));
    });
}

#[test]
fn what_is_not_intact_comes_back_but_not_onto_the_shelf() {
    on_both(|world: World| async move {
        let (agent, warehouse) = (world.staff("agent").await, world.staff("warehouse").await);
        let at = returning(&world, "A1", &agent).await;
        world.desk.return_waybill(&agent, at, waybill("YD001")).await.expect("registered");
        let parcel = scan(&world, &warehouse, "YD001").await.parcel_id.expect("a parcel");
        let done = inspect(&world, &warehouse, parcel, found("not_intact", false)).await.expect("inspected");
        assert_eq!(done.result["proposal"], "agree_or_refuse");
        let view = world.view(&agent, at).await;
        assert_eq!((view["order"]["lines"][0]["received"].as_i64(), on_hand(&world).await), (Some(1), None));
    });
}

#[test]
fn an_unknown_parcel_waits_on_the_shelf_until_it_is_claimed() {
    on_both(|world: World| async move {
        let (agent, warehouse) = (world.staff("agent").await, world.staff("warehouse").await);
        let scanned = scan(&world, &warehouse, "SF777").await;
        let parcel = scanned.parcel_id.expect("a parcel");
        assert_eq!(scanned.found, "unclaimed");
        assert_eq!(warnings(&scan(&world, &warehouse, "SF777").await), ["duplicate_scan"]);
        let shelf = world.desk.returns_unclaimed(&warehouse, world.shop, ReturnsQuery::default()).await.expect("a list");
        assert_eq!((shelf.items.len(), shelf.items[0].id), (1, parcel));
        assert_eq!(refused(inspect(&world, &warehouse, parcel, found("good", true)).await), "parcel_unclaimed");
        let at = returning(&world, "A1", &agent).await;
        let claim = || ClaimParcel { case_id: at.id };
        world.desk.claim_parcel(&warehouse, world.shop, parcel, claim()).await.expect("claimed");
        assert_eq!(refused(world.desk.claim_parcel(&warehouse, world.shop, parcel, claim()).await), "parcel_claimed");
        inspect(&world, &warehouse, parcel, found("good", true)).await.expect("inspected");
        assert!(world.desk.returns_unclaimed(&warehouse, world.shop, ReturnsQuery::default()).await.expect("a list").items.is_empty());
    });
}

#[test]
fn a_waybill_filled_in_late_claims_the_parcel_and_belongs_to_one_case() {
    on_both(|world: World| async move {
        let (agent, warehouse) = (world.staff("agent").await, world.staff("warehouse").await);
        let parcel = scan(&world, &warehouse, "SF777").await.parcel_id.expect("a parcel");
        let at = returning(&world, "A1", &agent).await;
        let done = world.desk.return_waybill(&agent, at, waybill("SF777")).await.expect("registered");
        assert_eq!(done.result["parcel_id"], json!(parcel));
        let other = returning(&world, "A2", &agent).await;
        assert_eq!(refused(world.desk.return_waybill(&agent, other, waybill("SF777")).await), "waybill_taken");
        assert_eq!(refused(world.desk.return_waybill(&agent, other, waybill("快递 1")).await), "bad_input");
    });
}

#[test]
fn a_parcel_of_another_shop_is_told_and_not_recorded() {
    on_both(|world: World| async move {
        let other = aftercare_app::shop::NewShop { code: "jd".into(), title: "棉屿京东".into(), platform: "jd".into() };
        let second = world.desk.add_shop(other).await.expect("a shop");
        let (agent, warehouse) = (world.staff("agent").await, world.staff("warehouse").await);
        let at = returning(&world, "A1", &agent).await;
        world.desk.return_waybill(&agent, at, waybill("YD001")).await.expect("registered");
        let there = world.desk.scan_return(&warehouse, second, ScanReturn { waybill: "YD001".into() }).await.expect("read");
        assert_eq!((there.found.as_str(), warnings(&there), there.parcel_id), ("other_shop", vec!["wrong_shop"], None));
    });
}

/// Refused at the door without anybody asking: the parcel has a case by the time it is back.
#[test]
fn our_own_parcel_that_comes_back_is_booked_on_its_order() {
    on_both(|world: World| async move {
        let (agent, warehouse) = (world.staff("agent").await, world.staff("warehouse").await);
        let parcel = NewParcel { carrier: "zto".into(), waybill: "ZT1".into(), state: String::new(), shipped_at: None, signed_at: None };
        world
            .order("A1", |order| {
                order.parcels = vec![parcel];
                order.signed_at = None;
            })
            .await;
        let scanned = scan(&world, &warehouse, "ZT1").await;
        assert_eq!((scanned.found.as_str(), scanned.order_no.as_str(), scanned.lines.len()), ("case", "A1", 1));
        let at = CaseRef { shop: world.shop, id: scanned.case_id.expect("a case") };
        inspect(&world, &warehouse, scanned.parcel_id.expect("a parcel"), found("good", true)).await.expect("inspected");
        let view = world.view(&agent, at).await;
        assert_eq!((view["order"]["lines"][0]["received"].as_i64(), on_hand(&world).await), (Some(1), Some(1)));
        assert_eq!(view["requests"][0]["reason"], "refused");
    });
}

async fn on_hand(world: &World) -> Option<i64> {
    let sql = "/* test */ SELECT on_hand FROM stock";
    let read = world.desk.store.read(move |tx| tx.query_opt(sql, &[], |row| row.get(0)));
    read.await.map_err(|error: aftercare_store::DbError| error).expect("stock")
}
