//! Saved views and narrowed pages of the queue, on both engines.

use crate::desk::{World, on_both, refused};
use aftercare_app::Context;
use aftercare_app::queue::{NewView, QueueQuery, View};
use aftercare_domain::case::{Narrow, Sort};

fn view(name: &str, shared: bool) -> NewView {
    let shows = serde_json::json!({ "view": "all", "narrow": { "most_minor": 20_000, "unowned": true }, "sort": "amount" });
    NewView { name: name.into(), shared, shows: serde_json::from_value(shows).expect("what it shows") }
}

async fn names(world: &World, who: &Context) -> Vec<(String, bool, bool)> {
    let views = world.desk.saved_views(who).await.expect("views").items;
    views.into_iter().map(|view| (view.name, view.shared, view.removable)).collect()
}

#[test]
fn views_are_ones_own_or_shared_by_who_may() {
    on_both(|world: World| async move {
        let (agent, senior, lead) = (world.staff("agent").await, world.staff("senior").await, world.staff("lead").await);
        let own = world.desk.save_view(&agent, view("小额未接", false)).await.expect("kept");
        assert_eq!(refused(world.desk.save_view(&agent, view("大家的", true)).await), "not_allowed");
        let all = world.desk.save_view(&lead, view("大家的", true)).await.expect("shared");
        assert_eq!(names(&world, &agent).await, [("小额未接".into(), false, true), ("大家的".into(), true, false)]);
        assert_eq!(names(&world, &senior).await, [("大家的".into(), true, false)]);
        assert_eq!(refused(world.desk.drop_view(&senior, own.id).await), "not_found", "another's is not there");
        assert_eq!(refused(world.desk.drop_view(&senior, all.id).await), "not_found");
        world.desk.drop_view(&agent, own.id).await.expect("taken away");
        assert_eq!(world.desk.drop_view(&lead, all.id).await.expect("taken away").items.len(), 0);

        assert_eq!(refused(world.desk.save_view(&agent, view(" ", false)).await), "bad_input");
        let odd = NewView { shows: serde_json::from_value(serde_json::json!({ "view": "nowhere" })).expect("json"), ..view("x", false) };
        assert_eq!(refused(world.desk.save_view(&agent, odd).await), "bad_input");
        let kept = world.desk.save_view(&agent, view("电话 19900006021", false)).await.expect("kept");
        assert!(!kept.name.contains("19900006021"), "{}", kept.name);
        for n in 1..50 {
            world.desk.save_view(&agent, view(&n.to_string(), false)).await.expect("kept");
        }
        assert_eq!(refused(world.desk.save_view(&agent, view("one more", false)).await), "view_limit");
    });
}

#[test]
fn a_narrowed_view_pages_through_all_that_fits_and_nothing_else() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        for n in 0..12_i64 {
            let order_no = format!("V{n}");
            world.order(&order_no, |order| order.lines[0].paid_minor = 1_000 * (n + 1)).await;
            let input = serde_json::json!({ "order_no": order_no, "channel": "chat", "text": "有污渍" });
            let input = serde_json::from_value(input).expect("an intake");
            let opened = world.desk.open_case(&agent, world.shop, input).await.expect("opened");
            if n % 2 == 0 {
                let take = serde_json::from_value(serde_json::json!({ "staff": "agent" })).expect("a name");
                world.desk.assign(&agent, world.at(&opened), take).await.expect("taken");
            }
        }
        let pages = async |query: QueueQuery| {
            let mut amounts = Vec::new();
            let mut cursor = None;
            for _ in 0..20 {
                let page = world.desk.queue(&agent, QueueQuery { cursor, limit: Some(2), ..query.clone() }).await.expect("a page");
                amounts.extend(page.items.iter().map(|item| item.amount_minor));
                cursor = page.next;
                if cursor.is_none() {
                    return amounts;
                }
            }
            panic!("no end: {amounts:?}");
        };
        let all = QueueQuery::of(View::All);
        let narrow = Narrow { most_minor: Some(9_000), least_minor: Some(3_000), unowned: true, ..Narrow::default() };
        let mut fits = pages(QueueQuery { narrow: narrow.clone(), ..all.clone() }).await;
        fits.sort_unstable();
        assert_eq!(fits, [4_000, 6_000, 8_000]);
        let dear = QueueQuery { sort: Sort::Amount, ..all.clone() };
        assert_eq!(pages(dear.clone()).await, (1..=12).rev().map(|n| n * 1_000).collect::<Vec<i64>>());
        assert_eq!(pages(QueueQuery { view: View::Mine, ..dear.clone() }).await, [11_000, 9_000, 7_000, 5_000, 3_000, 1_000]);
        assert_eq!(pages(QueueQuery { narrow, ..dear.clone() }).await, [8_000, 6_000, 4_000]);
        let none = Narrow { scenarios: vec!["exchange".into()], ..Narrow::default() };
        assert_eq!(pages(QueueQuery { narrow: none, ..all }).await, [0; 0]);
        assert_eq!(pages(QueueQuery { view: View::UnknownMoney, ..dear }).await, [0; 0]);
    });
}
