//! Stock held and sent again, orders stopped, flagged and changed, on both engines.

use crate::desk::{World, on_both, refused};
use aftercare_app::command::{CaseRef, Changed};
use aftercare_app::effect::by_person::SettleEffect;
use aftercare_app::exchange::{NewReservation, NewShipment};
use aftercare_app::order::{ChangeOrder, Freeze, Intercept, NewFlag, NewParcel, NewRemark};
use aftercare_app::parcel::NewTracking;
use aftercare_app::shop::goods::OnHand;
use aftercare_app::{Context, Result};
use aftercare_domain::id::Id;
use aftercare_store::{DbError, values};
use serde_json::{Value, json};

const SKU: &str = "coat-camel-l";

fn parsed<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("an input")
}

async fn shelf(world: &World, rows: Value) {
    let rows: Vec<OnHand> = parsed(rows);
    world.desk.put_stock(&Context::desk(world.desk.clock.now()), world.shop, rows).await.expect("counted");
}

async fn counts(world: &World) -> Vec<(String, i64, i64)> {
    let sql = "/* test */ SELECT warehouse, on_hand, reserved FROM stock ORDER BY warehouse";
    let rows = world.desk.store.read(move |tx| tx.query(sql, &values![], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))));
    rows.await.map_err(|error: DbError| error).expect("rows")
}

async fn reserve(world: &World, who: &Context, at: CaseRef, quantity: i64) -> Result<Changed> {
    let input = NewReservation { sku: SKU.into(), quantity, until_h: 72 };
    world.desk.reserve(&world.now(who), at, input).await
}

fn made(changed: &Changed, what: &str) -> Id {
    serde_json::from_value(changed.result[what].clone()).expect("an id")
}

async fn wants_exchange(world: &World, who: &Context, order_no: &str) -> CaseRef {
    world.coat(order_no).await;
    let input = json!({ "order_no": order_no, "channel": "chat", "text": "换大一码",
        "request": { "kind": "exchange", "reason": "size", "lines": [{ "line_no": 1, "quantity": 1 }] } });
    let opened = world.desk.open_case(&world.now(who), world.shop, parsed(input)).await.expect("opened");
    world.at(&opened)
}

fn parcel(waybill: &str) -> NewShipment {
    parsed(json!({ "kind": "exchange", "sku": SKU, "quantity": 1, "carrier": "sf", "waybill": waybill, "line_no": 1 }))
}

#[test]
fn the_last_piece_is_held_for_one_case_and_free_again_when_its_time_is_up() {
    on_both(|world: World| async move {
        shelf(&world, json!([{ "sku": SKU, "on_hand": 1 }])).await;
        let agent = world.staff("agent").await;
        let (first, second) = (wants_exchange(&world, &agent, "A1").await, wants_exchange(&world, &agent, "A2").await);
        reserve(&world, &agent, first, 1).await.expect("held");
        assert_eq!(refused(reserve(&world, &agent, second, 1).await), "out_of_stock");
        assert_eq!(counts(&world).await, [("main".into(), 1, 1)]);
        world.until("2026-11-27T10:04").await;
        assert_eq!(counts(&world).await, [("main".into(), 1, 1)], "not early");
        world.until("2026-11-27T10:05").await;
        assert_eq!(counts(&world).await, [("main".into(), 1, 0)]);
        let view = world.view(&agent, first).await;
        assert_eq!(view["reservations"][0]["state"], "expired");
        let tasks = view["tasks"].as_array().expect("tasks");
        assert!(tasks.iter().any(|task| task["kind"] == "reservation_expired" && task["team"] == "agent"), "the agent is told");
        assert!(view["timeline"].to_string().contains("已经到期放掉了"), "and the buyer can be");
        reserve(&world, &agent, second, 1).await.expect("free again");
    });
}

#[test]
fn a_short_warehouse_is_helped_by_another_and_a_release_gives_everything_back() {
    on_both(|world: World| async move {
        let rows = json!([{ "sku": SKU, "on_hand": 1 }, { "sku": SKU, "warehouse": "north", "on_hand": 5 }]);
        shelf(&world, rows).await;
        let agent = world.staff("agent").await;
        let at = wants_exchange(&world, &agent, "A1").await;
        let held = reserve(&world, &agent, at, 2).await.expect("held in the north");
        assert_eq!(counts(&world).await, [("main".into(), 1, 0), ("north".into(), 5, 2)]);
        let view = world.view(&agent, at).await;
        assert_eq!(
            (view["reservations"][0]["warehouse"].as_str(), view["reservations"][0]["transfer"].as_bool()),
            (Some("north"), Some(true))
        );
        let id = made(&held, "reservation_id");
        world.desk.release(&agent, at, id).await.expect("released");
        assert_eq!(counts(&world).await, [("main".into(), 1, 0), ("north".into(), 5, 0)]);
        assert_eq!(refused(world.desk.release(&agent, at, id).await), "reservation_ended");
        world.until("2026-11-28T10:00").await;
        assert_eq!(world.count(at, "reservation_expired").await, 0, "its clock is gone");
    });
}

#[test]
fn twelve_at_once_get_what_is_there_and_no_more() {
    on_both(|world: World| async move {
        shelf(&world, json!([{ "sku": SKU, "on_hand": 3 }])).await;
        let agent = world.staff("agent").await;
        let mut cases = Vec::new();
        for n in 0..12 {
            cases.push(wants_exchange(&world, &agent, &format!("A{n}")).await);
        }
        let tries = cases.into_iter().map(|at| {
            let (world, agent) = (world.clone(), agent.clone());
            tokio::spawn(async move { reserve(&world, &agent, at, 1).await })
        });
        let (mut held, mut short) = (0, 0);
        for one in tries.collect::<Vec<_>>() {
            match one.await.expect("a try") {
                Ok(_) => held += 1,
                Err(aftercare_app::Error::Refused(no)) if no.code.as_str() == "out_of_stock" => short += 1,
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!((held, short, counts(&world).await), (3, 9, vec![("main".into(), 3, 3)]));
    });
}

#[test]
fn an_exchange_leaves_with_what_is_held_and_there_is_no_second_one() {
    on_both(|world: World| async move {
        shelf(&world, json!([{ "sku": SKU, "on_hand": 2 }])).await;
        let (agent, warehouse) = (world.staff("agent").await, world.staff("warehouse").await);
        let at = wants_exchange(&world, &agent, "A1").await;
        reserve(&world, &agent, at, 1).await.expect("held");
        world.desk.ship(&warehouse, at, parcel("SF1")).await.expect("sent");
        assert_eq!(counts(&world).await, [("main".into(), 1, 0)]);
        let view = world.view(&agent, at).await;
        assert_eq!(
            (view["reservations"][0]["state"].as_str(), view["parcels"][0]["purpose"].as_str()),
            (Some("shipped"), Some("exchange"))
        );
        assert!(view["remarks"][0]["text"].as_str().is_some_and(|text| text.contains("检查质量再发")));
        assert_eq!(view["remarks"][0]["agent_no"], "A01");
        assert_eq!(refused(world.desk.ship(&warehouse, at, parcel("SF1")).await), "waybill_taken");
        world.until("2026-11-28T12:00").await;
        assert_eq!((world.count(at, "reservation_expired").await, counts(&world).await), (0, vec![("main".into(), 1, 0)]));
        let again = json!({ "kind": "return_refund", "reason": "size", "lines": [{ "line_no": 1, "quantity": 1 }] });
        assert_eq!(refused(world.desk.add_request(&world.now(&agent), at, parsed(again)).await), "already_made_good");
        let now = world.desk.clock.now();
        let signed: NewTracking = parsed(json!({ "carrier": "sf", "waybill": "SF1", "events": [{ "at": now, "state": "signed_self" }] }));
        world.desk.track(&Context::desk(now), world.shop, signed).await.expect("arrived");
        assert_eq!((world.count(at, "goods_arrived").await, world.count(at, "units_replaced").await), (1, 1));
    });
}

#[test]
fn without_a_request_a_whole_unit_is_held_by_its_parcel_and_a_part_by_nobody() {
    on_both(|world: World| async move {
        let (agent, warehouse) = (world.staff("agent").await, world.staff("warehouse").await);
        let at = world.at(&world.complaint(&agent, "A1").await);
        let reship = |waybill: &str| NewShipment { kind: "reship".into(), ..parcel(waybill) };
        let part = NewShipment { kind: "part".into(), sku: "button".into(), quantity: 3, ..parcel("SF1") };
        world.desk.ship(&warehouse, at, part).await.expect("a part is no make-good");
        let nameless = NewShipment { line_no: None, ..reship("SF2") };
        assert_eq!(refused(world.desk.ship(&warehouse, at, nameless).await), "bad_input");
        world.desk.ship(&warehouse, at, reship("SF2")).await.expect("sent");
        assert_eq!(refused(world.desk.ship(&warehouse, at, reship("SF3")).await), "already_made_good");
        let odd = NewShipment { kind: "gift".into(), ..parcel("SF4") };
        assert_eq!(refused(world.desk.ship(&warehouse, at, odd).await), "bad_input");
    });
}

#[test]
fn another_wish_gives_the_held_stock_free() {
    on_both(|world: World| async move {
        shelf(&world, json!([{ "sku": SKU, "on_hand": 1 }])).await;
        let agent = world.staff("agent").await;
        let at = wants_exchange(&world, &agent, "A1").await;
        reserve(&world, &agent, at, 1).await.expect("held");
        let request: Id = serde_json::from_value(world.view(&agent, at).await["requests"][0]["id"].clone()).expect("an id");
        world.desk.change_request(&agent, at, request, parsed(json!({ "kind": "return_refund" }))).await.expect("changed");
        assert_eq!(counts(&world).await, [("main".into(), 1, 0)]);
        assert_eq!(world.view(&agent, at).await["reservations"][0]["state"], "released");
    });
}

#[test]
fn the_warehouse_is_asked_once_and_what_it_answers_is_a_fact() {
    on_both(|world: World| async move {
        let by_hand =
            "/* test */ UPDATE shop SET settings = '{\"by_hand\":{\"freeze_shipment\":\"warehouse\",\"intercept\":\"parcel_desk\"}}'";
        world.desk.store.write(move |tx| tx.execute(by_hand, &[])).await.map_err(|e: DbError| e).expect("set");
        let (agent, supervisor) = (world.staff("agent").await, world.staff("supervisor").await);
        world.order("A1", |order| (order.shipped_at, order.signed_at) = (None, None)).await;
        let input =
            json!({ "order_no": "A1", "channel": "chat", "text": "不要了", "request": { "kind": "refund_only", "reason": "not_wanted" } });
        let at = world.at(&world.desk.open_case(&agent, world.shop, parsed(input)).await.expect("opened"));
        assert_eq!(refused(world.desk.intercept(&agent, at, Intercept::default()).await), "nothing_on_the_way");
        let first = world.desk.freeze(&agent, at, Freeze::default()).await.expect("asked");
        let second = world.desk.freeze(&agent, at, Freeze::default()).await.expect("the same question");
        assert_eq!(made(&first, "effect_id"), made(&second, "effect_id"));
        let view = world.view(&agent, at).await;
        assert_eq!((view["effects"].as_array().map(Vec::len), view["tasks"][0]["team"].as_str()), (Some(1), Some("warehouse")));
        let answer: SettleEffect = parsed(json!({ "outcome": "rejected", "serial": "WMS-1", "note": "已出库" }));
        world.desk.settle_effect(&supervisor, at, made(&first, "effect_id"), answer).await.expect("answered");
        assert_eq!(fact(&world, at, "order.freeze").await, "already_out");
        let left = NewParcel { carrier: "zto".into(), waybill: "ZT1".into(), state: String::new(), shipped_at: None, signed_at: None };
        world
            .order("A1", |order| {
                order.parcels = vec![left];
                order.signed_at = None;
            })
            .await;
        let asked = world.desk.intercept(&agent, at, Intercept::default()).await.expect("asked");
        assert_eq!(fact(&world, at, "parcel.intercept").await, "asked");
        let answer: SettleEffect = parsed(json!({ "outcome": "succeeded", "serial": "ZTO-9", "note": "" }));
        world.desk.settle_effect(&supervisor, at, made(&asked, "effect_id"), answer).await.expect("answered");
        assert_eq!(fact(&world, at, "parcel.intercept").await, "confirmed");
    });
}

#[test]
fn flags_and_remarks_carry_agent_and_time_and_go_to_the_platform_once() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let at = world.at(&world.complaint(&agent, "A1").await);
        world.desk.flag(&agent, at, NewFlag { flag: "yellow".into() }).await.expect("flagged");
        let text = "已联系快递，等回复，李女士 13900001234";
        world.desk.remark(&world.with_key(&agent, "k1"), at, NewRemark { text: text.into() }).await.expect("remarked");
        world.desk.remark(&world.with_key(&agent, "k1"), at, NewRemark { text: text.into() }).await.expect("the same again");
        let view = world.view(&agent, at).await;
        assert_eq!(view["order"]["flag"], 2);
        let remarks = view["remarks"].as_array().expect("remarks");
        assert_eq!(
            (remarks.len(), remarks[0]["flag"].as_i64(), remarks[1]["text"].as_str()),
            (2, Some(2), Some("已联系快递，等回复，李女士 139****1234"))
        );
        let kinds: Vec<&str> = view["effects"].as_array().expect("effects").iter().filter_map(|effect| effect["kind"].as_str()).collect();
        assert_eq!(kinds, ["flag", "remark"]);
        assert_eq!(refused(world.desk.flag(&agent, at, NewFlag { flag: "black".into() }).await), "bad_input");
        assert_eq!(refused(world.desk.remark(&agent, at, NewRemark { text: "  ".into() }).await), "bad_input");
    });
}

#[test]
fn an_order_is_changed_the_way_its_state_allows() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let ask = |order_no: &'static str| json!({ "order_no": order_no, "channel": "chat", "text": "地址写错了" });
        let change = |kind: &str| ChangeOrder { kind: kind.into(), text: "改到西湖区文一路 9 号".into() };
        world.order("A1", |order| (order.shipped_at, order.signed_at) = (None, None)).await;
        let at = world.at(&world.desk.open_case(&agent, world.shop, parsed(ask("A1"))).await.expect("opened"));
        let done = world.desk.change_order(&agent, at, change("address")).await.expect("asked");
        assert_eq!((done.result["way"].as_str(), done.result["task_id"].is_null()), (Some("edit"), true));
        world
            .order("A2", |order| {
                (order.shipped_at, order.signed_at) = (None, None);
                order.facts.insert("order.state".into(), "label_printed".into());
            })
            .await;
        let at = world.at(&world.desk.open_case(&agent, world.shop, parsed(ask("A2"))).await.expect("opened"));
        let done = world.desk.change_order(&agent, at, change("address")).await.expect("asked");
        assert_eq!((done.result["way"].as_str(), done.result["task_id"].is_string()), (Some("pull_label"), true));
        let view = world.view(&agent, at).await;
        assert_eq!((view["order"]["flag"].as_i64(), view["tasks"][0]["team"].as_str()), (Some(2), Some("warehouse")));
        world.coat("A3").await;
        let at = world.at(&world.desk.open_case(&agent, world.shop, parsed(ask("A3"))).await.expect("opened"));
        assert_eq!(refused(world.desk.change_order(&agent, at, change("spec")).await), "order_change_late");
        assert_eq!(refused(world.desk.change_order(&agent, at, change("colour")).await), "bad_input");
    });
}

async fn fact(world: &World, at: CaseRef, name: &str) -> Value {
    let sql = "SELECT facts FROM cases WHERE shop_id = $1 AND id = $2";
    let facts = world.desk.store.read(move |tx| tx.query_opt(sql, &values![at.shop, at.id], |row| row.get::<Value>(0)));
    facts.await.map_err(|error: DbError| error).expect("a row").expect("a case")[name].clone()
}
