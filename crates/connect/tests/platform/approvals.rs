//! Approvals and authority, told on both engines: who may say yes to what, and how long a yes is worth something.

use crate::world::{World, id, on_both, refused};
use aftercare_app::approval::{Approve, Decline};
use aftercare_app::command::{CaseRef, Changed};
use aftercare_app::{Context, Error};
use aftercare_domain::id::Id;
use serde_json::{Value, json};

async fn ask(world: &World, at: CaseRef, amount_minor: i64) -> Id {
    let input = json!({ "subject": "payout", "amount_minor": amount_minor, "note": "客户愿留" });
    let asked = world.desk.ask_approval(&world.now(&world.agent), at, serde_json::from_value(input).expect("a question")).await;
    id(&asked.expect("asked"), "/approval_id")
}

async fn approve(world: &World, who: &Context, at: CaseRef, approval: Id, amount_minor: Option<i64>) -> Result<Changed, Error> {
    world.desk.approve(&world.now(who), at, approval, Approve { note: "同意，限本单".into(), amount_minor }).await
}

fn payout(amount_minor: i64, approval: Option<Id>) -> Value {
    json!({ "means": "small_payment", "amount_minor": amount_minor, "approval_id": approval })
}

async fn complaint(world: &World, order_no: &str) -> CaseRef {
    world.order(order_no, &[(1, 59_800)], 0, true).await;
    world.case(order_no, "compensation", &[]).await
}

#[test]
fn a_yes_is_bound_to_its_amount_and_serves_once() {
    on_both(|world: World| async move {
        let lead = world.staff("lead").await;
        let at = complaint(&world, "A1").await;
        assert_eq!(refused(world.payout(&world.agent, at, payout(5_000, None)).await), "approval_needed");
        let approval = ask(&world, at, 5_000).await;
        assert_eq!(world.view(at).await["case"]["waiting_on"], "supervisor");
        assert_eq!(refused(world.payout(&world.agent, at, payout(5_000, Some(approval))).await), "approval_missing", "nobody said yes yet");
        assert_eq!(refused(approve(&world, &world.agent, at, approval, None).await), "not_allowed");
        approve(&world, &lead, at, approval, None).await.expect("approved");
        assert_eq!(refused(approve(&world, &lead, at, approval, None).await), "approval_decided");
        assert_eq!(refused(world.payout(&world.agent, at, payout(5_001, Some(approval))).await), "approval_void");
        assert_eq!(refused(world.payout(&world.agent, at, payout(4_999, Some(approval))).await), "approval_void");
        world.payout(&world.agent, at, payout(5_000, Some(approval))).await.expect("exactly that");
        assert_eq!(refused(world.payout(&world.agent, at, payout(5_000, Some(approval))).await), "approval_void");
        assert_eq!(world.view(at).await["order"]["payout_in_flight_minor"], 5_000);
    });
}

#[test]
fn taken_back_in_its_hold_it_serves_again_unless_the_matter_has_moved() {
    on_both(|world: World| async move {
        let lead = world.staff("lead").await;
        let at = complaint(&world, "A1").await;
        let approval = ask(&world, at, 5_000).await;
        approve(&world, &lead, at, approval, None).await.expect("approved");
        let day = async || world.spent(&lead).await.iter().map(|(_, minor)| minor).sum::<i64>();
        let pay = async || world.payout(&world.agent, at, payout(5_000, Some(approval))).await;
        let undo = async |paid: &Changed| world.desk.take_back(&world.now(&world.agent), at, paid.held[0].remedy_id).await;

        let paid = pay().await.expect("as approved");
        undo(&paid).await.expect("in time");
        assert_eq!((world.count(at, "approval_given_back").await, day().await), (1, 5_000), "it stands on the approver's day as before");
        let paid = pay().await.expect("the same yes");
        assert_eq!(refused(pay().await), "approval_void", "and once");
        // Money moves beside it: the yes was given to another matter.
        world.payout(&lead, at, payout(500, None)).await.expect("within the lead's own authority");
        undo(&paid).await.expect("in time");
        assert_eq!((world.count(at, "approval_given_back").await, day().await), (1, 500));
        assert_eq!(refused(pay().await), "approval_void");
        world.ledger_is_sound().await;
    });
}

#[test]
fn another_amount_binds_anew_and_nobody_decides_above_their_own_authority() {
    on_both(|world: World| async move {
        let (lead, supervisor) = (world.staff("lead").await, world.staff("supervisor").await);
        let at = complaint(&world, "A1").await;
        let approval = ask(&world, at, 50_000).await;
        assert_eq!(refused(approve(&world, &lead, at, approval, None).await), "over_authority");
        approve(&world, &supervisor, at, approval, Some(20_000)).await.expect("less than asked");
        assert_eq!(refused(world.payout(&world.agent, at, payout(50_000, Some(approval))).await), "approval_void");
        world.payout(&world.agent, at, payout(20_000, Some(approval))).await.expect("what was approved");

        let own = json!({ "subject": "payout", "amount_minor": 900 });
        let own = serde_json::from_value(own).expect("a question");
        let own = world.desk.ask_approval(&world.now(&lead), at, own).await.expect("asked by the lead");
        assert_eq!(refused(approve(&world, &lead, at, id(&own, "/approval_id"), None).await), "own_approval");
    });
}

#[test]
fn what_changes_the_matter_voids_what_was_asked_before() {
    on_both(|world: World| async move {
        let lead = world.staff("lead").await;
        let at = complaint(&world, "A1").await;
        let (pending, approved) = (ask(&world, at, 5_000).await, ask(&world, at, 6_000).await);
        approve(&world, &lead, at, approved, None).await.expect("approved");
        let note = json!({ "direction": "note", "channel": "agent", "text": "客户说再想想" });
        world.desk.record_contact(&world.now(&world.agent), at, serde_json::from_value(note).expect("a note")).await.expect("noted");
        assert_eq!(world.count(at, "approval_void").await, 0, "talk is not the matter");
        world.payout(&world.agent, at, payout(1_000, None)).await.expect("within one's own authority");
        assert_eq!(world.count(at, "approval_void").await, 2);
        assert_eq!(refused(approve(&world, &lead, at, pending, None).await), "approval_decided");
        assert_eq!(refused(world.payout(&world.agent, at, payout(6_000, Some(approved))).await), "approval_missing");
    });
}

#[test]
fn unused_it_expires_and_the_approvers_day_is_theirs_again() {
    on_both(|world: World| async move {
        // A lead may approve 300.00 for one case and 3 000.00 a day.
        let lead = world.staff("lead").await;
        let mut all = Vec::new();
        for n in 0..10 {
            let at = complaint(&world, &format!("A{n}")).await;
            let approval = ask(&world, at, 30_000).await;
            approve(&world, &lead, at, approval, None).await.expect("approved");
            all.push(at);
        }
        let at = complaint(&world, "B").await;
        let one_more = ask(&world, at, 100).await;
        assert_eq!(refused(approve(&world, &lead, at, one_more, None).await), "over_authority", "the day is spent");
        world.pass(24 * 3_600).await;
        assert_eq!(world.count(all[0], "approval_expired").await, 1);
        assert_eq!(refused(approve(&world, &lead, at, one_more, None).await), "approval_decided", "it has expired too");
        let spent: i64 = world.spent(&lead).await.into_iter().map(|(_, amount)| amount).sum();
        assert_eq!(spent, 0);
    });
}

#[test]
fn a_no_is_a_no() {
    on_both(|world: World| async move {
        let lead = world.staff("lead").await;
        let at = complaint(&world, "A1").await;
        let approval = ask(&world, at, 5_000).await;
        world.desk.decline(&world.now(&lead), at, approval, Decline { note: "太多了".into() }).await.expect("declined");
        assert_eq!(refused(world.payout(&world.agent, at, payout(5_000, Some(approval))).await), "approval_missing");
        assert_eq!(world.view(at).await["case"]["waiting_on"], "agent");
    });
}

#[test]
fn no_path_lets_an_agent_pass_a_limit() {
    on_both(|world: World| async move {
        // 300.00 of refunds for one case, 30.00 of payouts.
        world.order("A1", &[(1, 30_001)], 0, false).await;
        let at = world.case("A1", "refund_only", &[(1, 1)]).await;
        assert_eq!(refused(world.refund(&world.agent, at, json!({})).await), "approval_needed");
        let piece = |amount: i64| json!({ "lines": [{ "line_no": 1, "quantity": 0, "amount_minor": amount }] });
        world.refund(&world.agent, at, piece(29_999)).await.expect("just below");
        assert_eq!(refused(world.refund(&world.agent, at, piece(2)).await), "approval_needed", "pieces count together");
        let night = world.staff("night").await;
        assert_eq!(refused(world.refund(&night, at, piece(1)).await), "not_allowed");
        let preview = json!({ "lines": [{ "line_no": 1, "quantity": 0, "amount_minor": 2 }] });
        let preview = serde_json::from_value(preview).expect("a question");
        let told = world.desk.preview_refund(&world.now(&world.agent), at, preview).await.expect("worked out");
        assert!(told.needs_approval, "and it is told beforehand");
    });
}
