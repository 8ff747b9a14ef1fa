//! Search: the same hits on both engines, by number and by words, within the shops one sees.

use crate::desk::{World, on_both, refused};
use aftercare_app::case::contact::NewContact;
use aftercare_app::search::Question;
use aftercare_app::{Context, order::NewParcel};

async fn find(world: &World, who: &Context, q: &str) -> Vec<(String, &'static str)> {
    let question = Question { q: q.into(), cursor: None, limit: None };
    let hits = world.desk.search(who, question).await.expect("hits");
    hits.items.into_iter().map(|hit| (hit.order_no, hit.why)).collect()
}

fn one(order_no: &str, why: &'static str) -> Vec<(String, &'static str)> {
    vec![(order_no.into(), why)]
}

#[test]
fn a_case_is_found_by_whatever_one_knows_of_it() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let parcel =
            NewParcel { carrier: "zto".into(), waybill: "zt0000123456".into(), state: String::new(), shipped_at: None, signed_at: None };
        world.order("A1001", |order| order.parcels = vec![parcel]).await;
        let opened = world.complaint(&agent, "A1001").await;
        world.complaint(&agent, "A1002").await;
        let said = serde_json::json!({ "direction": "in", "channel": "chat", "text": "快递员叫李雷，电话 138-0000-9999" });
        let said: NewContact = serde_json::from_value(said).expect("a contact");
        world.desk.record_contact(&agent, world.at(&opened), said).await.expect("said");

        assert_eq!(find(&world, &agent, "A1001").await, one("A1001", "order_no"));
        assert_eq!(find(&world, &agent, &opened.case_no.to_lowercase()).await, one("A1001", "case_no"));
        assert_eq!(find(&world, &agent, "ZT0000123456").await, one("A1001", "waybill"));
        assert_eq!(find(&world, &agent, "3456").await, one("A1001", "waybill"));
        let both = |why| vec![("A1002".to_owned(), why), ("A1001".to_owned(), why)];
        assert_eq!(find(&world, &agent, "+86 199 0000 6021").await, both("phone"));
        assert_eq!(find(&world, &agent, "6021").await, both("phone"));
        assert_eq!(find(&world, &agent, "胸口好大一块").await, both("words"));
        assert_eq!(find(&world, &agent, "李雷").await, one("A1001", "words"));
        assert_eq!(find(&world, &agent, "李雷 胸口").await, one("A1001", "words"));
        for nothing in ["13800009999", "9999", "雷李", "胸口 月亮", "B1"] {
            assert!(find(&world, &agent, nothing).await.is_empty(), "{nothing}");
        }
        assert!(find(&world, &world.stranger(&agent), "A1001").await.is_empty());
        let long = Question { q: "长".repeat(100), cursor: None, limit: None };
        assert_eq!(refused(world.desk.search(&agent, long).await), "bad_input");
    });
}

#[test]
fn pages_follow_each_other_without_gap_or_repeat() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        for n in 0..7 {
            world.complaint(&agent, &format!("A{n}")).await;
        }
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let page = world.desk.search(&agent, Question { q: "污渍".into(), cursor, limit: Some(3) }).await.expect("a page");
            seen.extend(page.items.into_iter().map(|hit| hit.order_no));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, ["A6", "A5", "A4", "A3", "A2", "A1", "A0"]);
    });
}
