//! The timer worker: once, not early, by whichever node comes first, told on both engines.

use crate::desk::{World, on_both};
use aftercare_app::Desk;
use aftercare_app::clock::HandClock;
use aftercare_domain::time::{Micros, Span};
use aftercare_store::vault::Vault;
use aftercare_store::{DbError, values};
use std::sync::Arc;

#[test]
fn a_timer_fires_once_and_not_early() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let at = world.at(&world.complaint(&agent, "A1").await);
        let due = world.desk.next_timer().await.expect("read").expect("the first answer is due some time");
        assert_eq!(due, agent.now + Span::minutes(20));
        world.desk.run_due_timers(Micros(due.0 - 1)).await.expect("nothing");
        assert_eq!(world.count(at, "deadline_reached").await, 0, "not early");
        world.desk.run_due_timers(due).await.expect("fired");
        world.desk.run_due_timers(due + Span::hours(12)).await.expect("nothing more");
        assert_eq!(world.count(at, "deadline_reached").await, 1);
        let view = world.view(&agent, at).await;
        assert_eq!(view["case"]["next_deadline"]["state"], "overdue", "it stays at the head of the queue");
        assert_eq!(view["tasks"][0]["team"], "supervisor");
    });
}

#[test]
fn several_nodes_fire_each_timer_once() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let mut cases = Vec::new();
        for n in 0..12 {
            cases.push(world.at(&world.complaint(&agent, &format!("A{n}")).await));
        }
        world.desk.clock.by_hand().expect("a hand-moved clock").move_to(agent.now + Span::minutes(21));
        let node = || {
            let clock = HandClock::new(world.desk.clock.now());
            Desk::new(world.desk.store.clone(), Vault::from_master(&[7; 32]), Arc::new(clock))
        };
        let nodes: Vec<Desk> = (0..4).map(|_| node()).collect();
        let runs = nodes.iter().map(|desk| {
            let desk = desk.clone();
            tokio::spawn(async move { desk.fire_due_timers().await.expect("fires") })
        });
        let mut fired = 0;
        for run in runs.collect::<Vec<_>>() {
            fired += run.await.expect("a node");
        }
        assert_eq!(fired, cases.len());
        for at in cases {
            assert_eq!(world.count(at, "deadline_reached").await, 1);
        }
    });
}

#[test]
fn an_older_claim_cannot_fire_and_a_failing_timer_waits_its_turn() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let at = world.at(&world.complaint(&agent, "A1").await);
        let odd = "/* test */ UPDATE timer SET kind = 'nobody_owns_this'";
        world.desk.store.write(move |tx| tx.execute(odd, &values![])).await.map_err(|e: DbError| e).expect("changed");
        world.until("2026-11-24T10:26").await;
        assert_eq!(world.count(at, "deadline_reached").await, 0);
        let back = "/* test */ UPDATE timer SET kind = 'deadline'";
        world.desk.store.write(move |tx| tx.execute(back, &values![])).await.map_err(|e: DbError| e).expect("changed");
        assert_eq!(world.desk.fire_due_timers().await.expect("none"), 0, "its claim still holds");
        world.until("2026-11-24T10:40").await;
        assert_eq!(world.desk.fire_due_timers().await.expect("none"), 0);
        assert_eq!(world.count(at, "deadline_reached").await, 1);
    });
}

#[test]
fn the_loop_wakes_for_what_comes_in_while_it_sleeps() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let worker = tokio::spawn(world.desk.clone().run_timers());
        let at = world.at(&world.complaint(&agent, "A1").await);
        world.desk.clock.by_hand().expect("a hand-moved clock").move_to(agent.now + Span::minutes(21));
        world.desk.work.notify_waiters();
        let mut tries = 0;
        while world.count(at, "deadline_reached").await == 0 {
            tries += 1;
            assert!(tries < 200, "it fires within its poll at the latest");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        worker.abort();
    });
}
