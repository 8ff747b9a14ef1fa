//! Bulk jobs on both engines: rehearsed without a trace, done once however often they are cut off, held to what was looked at.

use crate::world::{World, id, on_both, refused};
use aftercare_app::Context;
use aftercare_app::approval::Approve;
use aftercare_app::bulk::{BulkCase, BulkJob, BulkRow, NewBulk, RowsAsked, SteerBulk, What};
use aftercare_app::command::CaseRef;
use aftercare_domain::bulk::{Group, RowState, State, Word};
use aftercare_domain::id::Id;
use aftercare_domain::time::Span;
use aftercare_store::{DbError, values};
use serde_json::{Value, json};

/// Orders nobody has shipped, each with a refund asked for and stopped in the warehouse: clean.
async fn clean(world: &World, prefix: &str, paid: &[i64]) -> Vec<CaseRef> {
    world.desk.install_playbooks().await.expect("playbooks");
    let mut all = Vec::new();
    for (n, paid) in paid.iter().enumerate() {
        let order_no = format!("{prefix}{n}");
        world.order(&order_no, &[(1, *paid)], 0, false).await;
        let input = json!({ "order_no": order_no, "channel": "chat", "text": "不想要了", "scenario": "refund_unshipped",
            "request": { "kind": "refund_only", "reason": "not_wanted", "lines": [{ "line_no": 1, "quantity": 1 }] } });
        let input = serde_json::from_value(input).expect("an intake");
        let opened = world.desk.open_case(&world.now(&world.agent), world.shop, input).await.expect("opened");
        all.push(CaseRef { shop: world.shop, id: opened.case_id });
    }
    // The warehouse has answered, and the clock of the first answer, whose end is a change of the case too, has run out.
    world.pass(900).await;
    all
}

fn refund() -> What {
    What::Refund {}
}

fn wait() -> What {
    serde_json::from_value(json!({ "do": "wait", "on": "agent", "until_h": 20, "reason": "明天再办" })).expect("an action")
}

/// Opened and rehearsed.
async fn rehearsed(world: &World, who: &Context, what: What, cases: &[CaseRef]) -> BulkJob {
    let cases = cases.iter().map(|at| BulkCase { shop_id: at.shop, id: at.id }).collect();
    let job = world.desk.open_bulk(&world.now(who), NewBulk { what, cases }).await.expect("opened");
    assert_eq!(job.state, State::Checking);
    world.desk.work_on_bulk().await.expect("rehearsed");
    let job = seen(world, who, job.id).await;
    assert_eq!(job.state, State::Checked);
    job
}

fn word(word: Word) -> SteerBulk {
    SteerBulk { word, confirm_minor: None, ask_approvals: None }
}

async fn steered(world: &World, id: Id, to: Word) -> BulkJob {
    world.desk.steer_bulk(&world.now(&world.agent), id, word(to)).await.expect("steered")
}

async fn seen(world: &World, who: &Context, id: Id) -> BulkJob {
    world.desk.bulk_job(&world.now(who), id).await.expect("seen")
}

async fn rows(world: &World, id: Id) -> Vec<BulkRow> {
    world.desk.bulk_rows(&world.agent, id, RowsAsked::default()).await.expect("rows").items
}

/// As if the node had died after the commands and before their results were noted.
async fn forgotten(world: &World, id: Id) {
    let forget = world.desk.store.write::<_, DbError, _>(move |tx| {
        tx.execute("UPDATE bulk_row SET state = 'ready', not_before = 0 WHERE job_id = $1 AND state = 'done'", &values![id])?;
        tx.execute("UPDATE bulk_job SET state = 'running', lease_until = 0 WHERE id = $1", &values![id])
    });
    forget.await.expect("forgotten");
}

/// Works until the job has ended, letting what has to rest rest.
async fn ended(world: &World, id: Id) -> BulkJob {
    for _ in 0..40 {
        world.desk.work_on_bulk().await.expect("worked");
        let job = seen(world, &world.agent, id).await;
        if job.state != State::Running {
            return job;
        }
        world.pass(61).await;
    }
    panic!("the job does not end: {:?}", seen(world, &world.agent, id).await);
}

#[test]
fn a_row_is_done_once_however_often_it_is_cut_off() {
    on_both(|world: World| async move {
        let prices: Vec<i64> = (0..16).map(|n| 990 + n).collect();
        let cases = clean(&world, "A", &prices).await;
        let job = rehearsed(&world, &world.agent, refund(), &cases).await;
        let total: i64 = prices.iter().sum();
        assert_eq!((job.counts.can, job.counts.can_minor, job.counts.ready), (16, total, 16), "{:?}", rows(&world, job.id).await);
        for at in &cases {
            assert_eq!(world.count(*at, "refund_asked").await, 0, "a rehearsal leaves nothing");
        }
        assert!(world.spent(&world.agent).await.iter().all(|(_, minor)| *minor == 0));

        steered(&world, job.id, Word::Start).await;
        let twice = world.desk.steer_bulk(&world.now(&world.agent), job.id, word(Word::Start)).await;
        assert_eq!(refused(twice), "bulk_state");
        // Cut off in the middle; whoever comes next waits until the claim has run out. Two nodes at once share the rest.
        let work = tokio::spawn({
            let desk = world.desk.clone();
            async move { desk.work_on_bulk().await }
        });
        while seen(&world, &world.agent, job.id).await.counts.done < 3 && !work.is_finished() {
            tokio::task::yield_now().await;
        }
        work.abort();
        let _ = work.await;
        world.pass(61).await;
        let other = world.desk.clone();
        let (one, two) = tokio::join!(world.desk.work_on_bulk(), other.work_on_bulk());
        assert!(one.is_ok() && two.is_ok());
        let job = ended(&world, job.id).await;
        assert_eq!((job.state, job.counts.done, job.counts.done_minor), (State::Done, 16, total), "{:?}", rows(&world, job.id).await);

        // Every result forgotten: all is asked again and told as it was.
        forgotten(&world, job.id).await;
        world.pass(61).await;
        let again = ended(&world, job.id).await;
        assert_eq!((again.counts.done, again.counts.stale, again.counts.refused), (16, 0, 0), "{:?}", rows(&world, job.id).await);
        world.pass(120).await;
        for (at, paid) in cases.iter().zip(&prices) {
            assert_eq!(world.count(*at, "refund_asked").await, 1);
            assert_eq!(world.view(*at).await["order"]["refunded_minor"], *paid);
        }
        assert_eq!(world.spent(&world.agent).await, [("refund".to_owned(), total)]);
        world.ledger_is_sound().await;
    });
}

#[test]
fn what_carries_no_version_is_done_once_too() {
    on_both(|world: World| async move {
        let cases = clean(&world, "W", &[1_000, 1_000, 1_000]).await;
        let job = rehearsed(&world, &world.agent, wait(), &cases).await;
        assert_eq!((job.counts.can, job.counts.can_minor), (3, 0));
        steered(&world, job.id, Word::Start).await;
        assert_eq!(ended(&world, job.id).await.counts.done, 3);
        forgotten(&world, job.id).await;
        world.pass(31).await;
        assert_eq!(ended(&world, job.id).await.counts.done, 3);
        for at in &cases {
            assert_eq!(world.count(*at, "waiting").await, 1, "once only");
        }
    });
}

#[test]
fn what_changed_is_left_alone_and_rights_are_those_of_the_moment() {
    on_both(|world: World| async move {
        let other = world.staff("senior").await;
        let cases = clean(&world, "A", &[1_000, 2_000, 3_000]).await;
        let job = rehearsed(&world, &world.agent, refund(), &cases).await;
        assert_eq!(refused(world.desk.bulk_job(&other, job.id).await), "not_found", "a job is its starter's");
        let flag = serde_json::from_value(json!({ "flag": "red" })).expect("a flag");
        world.desk.flag(&world.now(&other), cases[1], flag).await.expect("somebody else was here");
        steered(&world, job.id, Word::Start).await;
        let done = ended(&world, job.id).await;
        assert_eq!((done.counts.done, done.counts.stale, done.counts.done_minor), (2, 1, 4_000));
        let stale = rows(&world, job.id).await.remove(1);
        assert_eq!((stale.state, stale.code.as_str()), (Some(RowState::Stale), "stale_version"));
        assert!(stale.why["zh"].as_str().is_some_and(|why| why.contains("版")), "{stale:?}");
        assert_eq!(world.count(cases[1], "refund_asked").await, 0);
        assert_eq!(done.counts.retryable, 0, "what changed is looked at anew");

        // Rehearsed by one who may, started, and then the shop is theirs no more.
        let cases = clean(&world, "B", &[1_000, 2_000]).await;
        let job = rehearsed(&world, &world.agent, refund(), &cases).await;
        steered(&world, job.id, Word::Start).await;
        let who = world.agent.actor.id();
        let take = "DELETE FROM staff_shop WHERE staff_id = $1";
        world.desk.store.write::<_, DbError, _>(move |tx| tx.execute(take, &values![who])).await.expect("taken");
        let done = ended(&world, job.id).await;
        assert_eq!((done.counts.done, done.counts.refused), (0, 2), "{:?}", rows(&world, job.id).await);
        for at in &cases {
            assert_eq!(world.count(*at, "refund_asked").await, 0);
        }
    });
}

#[test]
fn three_groups_and_the_day_counted_over_all_rows() {
    on_both(|world: World| async move {
        let lead = world.staff("lead").await;
        // An agent decides 300.00 a case and 3 000.00 a day: ten pass, the eleventh is above the day, the twelfth above the case.
        let mut cases = clean(&world, "A", &[30_000; 11]).await;
        cases.extend(clean(&world, "B", &[30_001]).await);
        // One that has left already, and one where nothing was asked for.
        world.order("C0", &[(1, 5_000)], 0, true).await;
        cases.push(world.case("C0", "return_refund", &[(1, 1)]).await);
        let job = rehearsed(&world, &world.agent, refund(), &cases).await;
        let groups: Vec<Option<Group>> = rows(&world, job.id).await.iter().map(|row| row.group).collect();
        assert_eq!(groups[..10], [Some(Group::Can); 10], "{:?}", rows(&world, job.id).await);
        assert_eq!(groups[10..], [Some(Group::Approval), Some(Group::Approval), Some(Group::Cannot)]);
        assert_eq!((job.counts.can_minor, job.counts.approval_minor), (300_000, 60_001));
        assert_eq!(rows(&world, job.id).await[12].code, "refund_not_asked");

        // Above the shop's bound the sum is typed in.
        world.settings(json!({ "bulk": { "confirm_above_minor": 100_000 } })).await;
        let job = rehearsed(&world, &world.agent, refund(), &cases).await;
        let start = |minor| SteerBulk { confirm_minor: minor, ..word(Word::Start) };
        let steer = |minor| world.desk.steer_bulk(&world.agent, job.id, start(minor));
        assert_eq!(refused(steer(None).await), "bulk_confirm");
        assert_eq!(refused(steer(Some(299_999)).await), "bulk_confirm");
        steer(Some(300_000)).await.expect("started");
        let done = ended(&world, job.id).await;
        assert_eq!((done.counts.done, done.counts.waiting, done.counts.refused), (10, 2, 1), "{:?}", rows(&world, job.id).await);
        assert_eq!(done.counts.retryable, 2);

        // Asking again while nobody has decided changes nothing; a yes lets the row through, a no ends it.
        steered(&world, job.id, Word::Retry).await;
        assert_eq!(ended(&world, job.id).await.counts.waiting, 2);
        for (at, yes) in [(cases[10], true), (cases[11], false)] {
            let asked = world.view(at).await["approvals"].as_array().cloned().unwrap_or_default();
            assert_eq!(asked.len(), 1, "asked once");
            let id = asked[0]["id"].as_str().and_then(Id::parse).expect("an id");
            let note = || "按规则".to_owned();
            if yes {
                world.desk.approve(&world.now(&lead), at, id, Approve { note: note(), amount_minor: None }).await.expect("approved");
            } else {
                let no = serde_json::from_value(json!({ "note": note() })).expect("a no");
                world.desk.decline(&world.now(&lead), at, id, no).await.expect("declined");
            }
        }
        steered(&world, job.id, Word::Retry).await;
        let done = ended(&world, job.id).await;
        assert_eq!((done.counts.done, done.counts.waiting, done.counts.refused), (11, 0, 2), "{:?}", rows(&world, job.id).await);
        assert_eq!(world.count(cases[10], "refund_asked").await, 1);
        assert_eq!(world.count(cases[11], "refund_asked").await, 0);
    });
}

#[test]
fn it_pauses_goes_on_stops_and_keeps_the_pace() {
    on_both(|world: World| async move {
        world.settings(json!({ "bulk": { "chunk": 2, "rest_s": 100 } })).await;
        let cases = clean(&world, "A", &[1_000; 6]).await;
        let job = rehearsed(&world, &world.agent, refund(), &cases).await;
        let started = steered(&world, job.id, Word::Start).await;
        assert_eq!(started.paced_until, Some(world.desk.clock.now() + Span::seconds(200)));
        world.desk.work_on_bulk().await.expect("worked");
        let resting = seen(&world, &world.agent, job.id).await;
        assert_eq!((resting.state, resting.counts.done), (State::Running, 2), "the chunk is over");
        assert_eq!(resting.rests_until, Some(world.desk.clock.now() + Span::seconds(100)));
        assert_eq!(world.desk.work_on_bulk().await.expect("resting"), 0);

        steered(&world, job.id, Word::Pause).await;
        world.pass(150).await;
        assert_eq!(world.desk.work_on_bulk().await.expect("paused"), 0);
        steered(&world, job.id, Word::Resume).await;
        world.desk.work_on_bulk().await.expect("worked");
        assert_eq!(seen(&world, &world.agent, job.id).await.counts.done, 4);
        let stopped = steered(&world, job.id, Word::Stop).await;
        assert_eq!((stopped.state, stopped.counts.ready), (State::Stopped, 2));
        world.pass(300).await;
        assert_eq!(world.desk.work_on_bulk().await.expect("stopped"), 0);

        // The same key opens the same job; more than fits is refused, and so is a case of a shop one does not see.
        let new = || NewBulk { what: wait(), cases: vec![BulkCase { shop_id: cases[5].shop, id: cases[5].id }] };
        let keyed = Context { key: Some("k".into()), ..world.now(&world.agent) };
        let first = world.desk.open_bulk(&keyed, new()).await.expect("opened");
        assert_eq!(world.desk.open_bulk(&keyed, new()).await.expect("the same").id, first.id);
        assert_eq!(refused(world.desk.open_bulk(&world.agent, NewBulk { what: wait(), cases: Vec::new() }).await), "bad_input");
        let mut stranger = world.agent.clone();
        stranger.actor.who.shops.clear();
        assert_eq!(refused(world.desk.open_bulk(&stranger, new()).await), "not_found");
        assert_eq!(world.desk.bulk_jobs(&world.agent).await.expect("listed").items.len(), 2);
        let text = serde_json::to_value(world.desk.bulk_jobs(&world.agent).await.expect("listed")).expect("json");
        assert_eq!(text["items"][0]["what"]["do"], Value::from("wait"));

        // Old ones are forgotten when another is opened; what they did stays.
        world.desk.work_on_bulk().await.expect("rehearsed");
        world.pass(31 * 24 * 3_600).await;
        let last = rehearsed(&world, &world.agent, wait(), &cases[5..]).await;
        let left: Vec<Id> = world.desk.bulk_jobs(&world.agent).await.expect("listed").items.iter().map(|job| job.id).collect();
        assert_eq!(left, [last.id]);
    });
}

#[test]
fn what_was_stopped_before_its_start_is_not_begun_by_trying_again() {
    on_both(|world: World| async move {
        let cases = clean(&world, "A", &[1_000; 3]).await;
        let job = rehearsed(&world, &world.agent, refund(), &cases).await;
        steered(&world, job.id, Word::Stop).await;
        assert_eq!(refused(world.desk.steer_bulk(&world.now(&world.agent), job.id, word(Word::Retry)).await), "bulk_state");
        world.pass(61).await;
        assert_eq!(world.desk.work_on_bulk().await.expect("nothing to do"), 0);
        for at in &cases {
            assert_eq!(world.count(*at, "refund_asked").await, 0, "nobody has said start");
        }
    });
}

#[test]
fn a_row_done_with_an_approval_is_told_as_done_after_a_cut() {
    on_both(|world: World| async move {
        let lead = world.staff("lead").await;
        let cases = clean(&world, "A", &[30_001]).await;
        let ask = json!({ "subject": "refund", "amount_minor": 30_001, "note": "" });
        let ask = serde_json::from_value(ask).expect("a question");
        let asked = world.desk.ask_approval(&world.now(&world.agent), cases[0], ask).await.expect("asked");
        let yes = Approve { note: String::new(), amount_minor: None };
        world.desk.approve(&world.now(&lead), cases[0], id(&asked, "/approval_id"), yes).await.expect("approved");
        let job = rehearsed(&world, &world.agent, refund(), &cases).await;
        assert_eq!(job.counts.can, 1, "{:?}", rows(&world, job.id).await);
        steered(&world, job.id, Word::Start).await;
        assert_eq!(ended(&world, job.id).await.counts.done, 1, "{:?}", rows(&world, job.id).await);
        forgotten(&world, job.id).await;
        world.pass(61).await;
        let again = ended(&world, job.id).await;
        assert_eq!((again.counts.done, again.counts.refused), (1, 0), "{:?}", rows(&world, job.id).await);
        assert_eq!(world.count(cases[0], "refund_asked").await, 1);
    });
}
