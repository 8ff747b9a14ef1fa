//! A playbook tried on past cases: what it would have offered beside what happened, batch by batch, changing nothing; on both engines.

use crate::desk::{World, on_both, refused};
use aftercare_app::Context;
use aftercare_app::case::close::CloseCase;
use aftercare_app::playbook::trial::{Tried, TryPlaybook};
use aftercare_domain::playbook::trial::{Gives, Verdict};
use aftercare_store::values;
use serde_json::json;
use std::collections::BTreeMap;

async fn text(world: &World, who: &Context, scenario: &str) -> String {
    let book = world.desk.playbook(who, scenario.into(), None).await.expect("a playbook");
    book["source"].as_str().expect("a text").to_owned()
}

async fn tried(world: &World, who: &Context, scenario: &str, source: &str) -> Tried {
    let input = TryPlaybook { source: source.into(), shared: BTreeMap::new(), days: 30, after: None };
    world.desk.fold_counters().await.expect("folded");
    world.desk.try_playbook(&world.now(who), (world.shop, scenario.into()), input).await.expect("tried")
}

async fn rows(world: &World) -> i64 {
    let sql = "/* test */ SELECT (SELECT COUNT(*) FROM event) + (SELECT COUNT(*) FROM offer) + (SELECT COUNT(*) FROM timer) + CAST((SELECT SUM(version) FROM cases) AS BIGINT)";
    world.desk.store.read(move |tx| tx.query_opt(sql, &values![], |row| row.get::<i64>(0))).await.expect("counted").unwrap_or(0)
}

#[test]
fn a_text_is_tried_on_what_happened_and_changes_nothing() {
    on_both(|world: World| async move {
        world.desk.install_playbooks().await.expect("installed");
        let (agent, boss) = (world.staff("agent").await, world.staff("supervisor").await);
        let mut scenario = String::new();
        for n in 1..=3 {
            let case = world.complaint(&world.now(&agent), &format!("T{n}")).await;
            let at = world.at(&case);
            scenario = world.view(&boss, at).await["case"]["scenario"].as_str().expect("a scenario").to_owned();
            if n < 3 {
                // Ended by itself: nothing was given.
                let version = world.view(&boss, at).await["case"]["version"].as_i64().expect("a version");
                let end: CloseCase =
                    serde_json::from_value(json!({ "result": "kept_compensated", "confirmation": "buyer" })).expect("a close");
                let closed = world.desk.close_case(&world.seeing(&world.now(&boss), version), at, end).await;
                assert!(closed.is_ok(), "{closed:?}");
            }
        }
        assert!(!scenario.is_empty(), "the complaint has a playbook");
        let source = text(&world, &boss, &scenario).await;
        let before = rows(&world).await;
        let first = tried(&world, &boss, &scenario, &source).await;
        assert_eq!((first.total, first.looked_at, first.sums.cases, first.next), (3, 3, 2, None), "the open one is not judged");
        assert_eq!(first.sums.given_minor, 0);
        let sums = first.sums;
        assert_eq!(sums.same + sums.amount + sums.other + sums.silent, 2);
        assert_eq!(rows(&world).await, before, "nothing is written");

        // The same policy without any offer has nothing to give: nothing was given, so that both agree.
        let mut table: toml::Table = source.parse().expect("TOML");
        table.remove("offer");
        table.remove("rule");
        let bare = toml::to_string(&table).expect("TOML");
        let input = TryPlaybook { source: bare, shared: BTreeMap::new(), days: 30, after: None };
        match world.desk.try_playbook(&world.now(&boss), (world.shop, scenario.clone()), input).await {
            Ok(none) => assert_eq!((none.sums.same, none.sums.would_minor, none.differing.len()), (2, 0, 0)),
            // A scenario's other tables may refer to its offers.
            Err(error) => assert_eq!(refused::<()>(Err(error)), "playbook_faulty"),
        }
        for row in &first.differing {
            assert!(row.verdict != Verdict::Same && row.given == Gives::Nothing);
        }

        let broken = TryPlaybook { source: "nothing".into(), shared: BTreeMap::new(), days: 30, after: None };
        assert_eq!(refused(world.desk.try_playbook(&boss, (world.shop, scenario.clone()), broken.clone()).await), "playbook_faulty");
        assert_eq!(
            refused(world.desk.try_playbook(&boss, (world.shop, scenario.clone()), TryPlaybook { days: 7, ..broken.clone() }).await),
            "bad_input"
        );
        assert_eq!(refused(world.desk.try_playbook(&agent, (world.shop, scenario.clone()), broken.clone()).await), "not_allowed");
        let stranger = world.stranger(&boss);
        assert_eq!(refused(world.desk.try_playbook(&stranger, (world.shop, scenario), broken).await), "not_found");
    });
}
