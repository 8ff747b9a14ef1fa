//! The board's figures agree with what is counted independently from the events, and lead to the cases they count.

use crate::desk::{World, on_both, refused};
use aftercare_app::case::close::CloseCase;
use aftercare_app::figures::{DrillQuery, Period};
use aftercare_domain::china;
use aftercare_domain::figures::{About, Figure, of_event};
use aftercare_domain::time::{Micros, Span};
use aftercare_store::values;
use std::collections::BTreeMap;

type Sums = BTreeMap<(Figure, String, String), (i64, i64)>;

fn period() -> Period {
    Period { from: "2026-11-01".into(), to: "2026-11-30".into() }
}

/// Every event of every case, told to the same definitions once more.
async fn counted_anew(world: &World) -> Sums {
    let sql = "/* test */ SELECT e.kind, e.payload, e.at, c.scenario, c.cause, c.amount_minor, c.opened_at FROM event e
        JOIN cases c ON c.shop_id = e.shop_id AND c.id = e.case_id";
    let read = |row: &aftercare_store::Row| {
        let at: Micros = row.get(2)?;
        let (kind, scenario, cause): (String, String, String) = (row.get(0)?, row.get(3)?, row.get(4)?);
        let about = About { scenario, cause, amount_minor: row.get(5)?, opened_at: row.get(6)?, since: None };
        Ok((china::day(at), of_event(&kind, &row.get(1)?, &about, at)))
    };
    let told = world.desk.store.read(move |tx| tx.query(sql, &values![], read)).await.expect("events");
    let mut sums = Sums::new();
    for (day, it) in told.into_iter().flat_map(|(day, all)| all.into_iter().map(move |it| (day.clone(), it))) {
        let sum = sums.entry((it.figure, day, it.key)).or_default();
        *sum = (sum.0 + it.count, sum.1 + it.amount_minor);
    }
    sums
}

#[test]
fn figures_agree_with_the_events_and_lead_to_their_cases() {
    on_both(|world: World| async move {
        let (agent, lead) = (world.staff("agent").await, world.staff("lead").await);
        for n in 1..=3 {
            let case = world.complaint(&world.now(&agent), &format!("B{n}")).await;
            world.desk.run_due(world.desk.clock.now() + Span::hours(30)).await.expect("time passes");
            if n < 3 {
                let input = serde_json::json!({ "result": "withdrawn", "confirmation": "buyer", "satisfaction": 4 });
                let input: CloseCase = serde_json::from_value(input).expect("a close");
                let version = world.view(&lead, world.at(&case)).await["case"]["version"].as_i64().expect("a version");
                let request = world.view(&lead, world.at(&case)).await["requests"][0]["id"].clone();
                assert!(request.is_null(), "nothing was asked for in words alone");
                world.desk.close_case(&world.seeing(&world.now(&lead), version), world.at(&case), input).await.expect("closed");
            }
        }
        world.desk.fold_counters().await.expect("folded");
        let board = world.desk.board(&lead, world.shop, period()).await.expect("a board");
        let shown: Sums =
            board.rows.iter().map(|row| ((row.figure, row.day.clone(), row.key.clone()), (row.count, row.amount_minor))).collect();
        assert_eq!(shown, counted_anew(&world).await);
        let of = |figure: Figure| board.rows.iter().filter(|row| row.figure == figure).map(|row| row.count).sum::<i64>();
        assert_eq!((of(Figure::Opened), of(Figure::Closed), of(Figure::Satisfied)), (3, 2, 2));
        assert_eq!(board.waterline.iter().map(|it| it.count).sum::<i64>(), 1, "one case is open");

        let ask = |figure: &str| DrillQuery {
            figure: figure.into(),
            key: None,
            from: "2026-11-01".into(),
            to: "2026-11-30".into(),
            cursor: None,
        };
        for (figure, expect) in [("opened", 3), ("closed", 2), ("cause", 2)] {
            let page = world.desk.drill(&lead, world.shop, ask(figure)).await.expect("cases");
            assert_eq!((page.items.len(), page.next), (expect, None), "{figure}");
        }
        let before = DrillQuery { to: "2026-11-23".into(), ..ask("opened") };
        assert_eq!(world.desk.drill(&lead, world.shop, before).await.expect("cases").items.len(), 0);

        let products = world.desk.product_rates(&lead, world.shop, period()).await.expect("products");
        assert_eq!(products.sold, 3, "every order has one coat");

        assert_eq!(refused(world.desk.board(&agent, world.shop, period()).await), "not_allowed");
        assert_eq!(refused(world.desk.drill(&lead, world.shop, ask("arrived")).await), "bad_input");
        let backwards = Period { from: "2026-11-30".into(), to: "2026-11-01".into() };
        assert_eq!(refused(world.desk.board(&lead, world.shop, backwards).await), "bad_input");
    });
}
