//! Intake, talk and archive, told on both engines.

use crate::desk::{World, on_both, refused};
use aftercare_app::case::close::{CloseCase, ReopenCase};
use aftercare_app::case::contact::NewContact;
use aftercare_app::case::open::{NewRequest, OpenCase};
use aftercare_app::queue::{QueueQuery, View};
use aftercare_domain::refusal::Code;
use serde_json::json;

fn complaint(order_no: &str) -> OpenCase {
    OpenCase {
        order_no: Some(order_no.into()),
        channel: "chat".into(),
        text: "衣服胸口好大一块污渍，你们怎么发的货！退货！".into(),
        request: Some(NewRequest { kind: "return_refund".into(), reason: "defect".into(), amount_minor: None, lines: vec![] }),
        scenario: None,
        external_ref: None,
        severity: Some(2),
        emotion: Some("angry".into()),
    }
}

#[test]
fn a_problem_comes_in_is_answered_and_archived() {
    on_both(|world: World| async move {
        world.coat("A1001").await;
        let agent = world.staff("agent").await;
        let opened = world.desk.open_case(&agent, world.shop, complaint("A1001")).await.expect("opened");
        let page = world.desk.queue(&agent, QueueQuery::of(View::All)).await.expect("a page");
        assert_eq!(page.items.len(), 1);
        assert_eq!((page.items[0].waiting_on.as_str(), page.items[0].buyer_masked.as_str()), ("agent", "王**"));

        let at = world.at(&opened);
        let said = NewContact {
            direction: "out".into(),
            channel: "chat".into(),
            text: "非常抱歉，让您收到这样的衣服。".into(),
            marks: vec!["contact.apology".into()],
            script: None,
            knowledge: None,
            over: None,
            prepare: false,
        };
        let answered = world.desk.record_contact(&agent, at, said).await.expect("answered");
        let view = world.desk.case_view(&agent, at).await.expect("the page");
        assert_eq!(view["case"]["waiting_on"], "buyer");
        assert_eq!(view["deadlines"][0]["state"], "met");
        assert_eq!(view["timeline"][0]["text"], "衣服胸口好大一块污渍，你们怎么发的货！退货！");

        let close = CloseCase {
            result: "explained".into(),
            confirmation: "buyer".into(),
            cause: Some("picking_error".into()),
            satisfaction: Some(5),
        };
        let asked = view["requests"][0]["id"].as_str().and_then(aftercare_domain::id::Id::parse).expect("the request");
        let unanswered = world.seeing(&agent, answered.version);
        assert_eq!(refused(world.desk.close_case(&unanswered, at, close.clone()).await), "request_open");
        let answered = world.desk.withdraw_request(&agent, at, asked).await.expect("withdrawn");
        assert_eq!(refused(world.desk.close_case(&agent, at, close.clone()).await), "version_missing");
        let stale = world.seeing(&agent, opened.version);
        assert_eq!(refused(world.desk.close_case(&stale, at, close.clone()).await), "stale_version");
        let fresh = world.seeing(&agent, answered.version);
        let closed = world.desk.close_case(&fresh, at, close.clone()).await.expect("closed");
        assert_eq!(refused(world.desk.close_case(&world.seeing(&agent, closed.version), at, close).await), "case_closed");
        let open_views = world.desk.queue(&agent, QueueQuery::of(View::All)).await.expect("a page");
        assert!(open_views.items.is_empty());
        world.desk.reopen_case(&agent, at, ReopenCase { reason: "objection, 13900001234".into() }).await.expect("reopened");
        let reopened = world.events(at).await.into_iter().rfind(|(kind, _)| kind == "case_reopened").expect("told").1;
        assert_eq!(reopened["reason"], "objection, 139****1234");
        let figures = world.desk.queue_figures(&agent, None).await.expect("figures");
        let count = |view: &str| figures.iter().find(|f| f.view == view).map_or(0, |f| f.count);
        assert_eq!((count("all"), count("closed")), (1, 0));
        world.desk.fold_counters().await.expect("folded");
        assert_eq!(world.desk.queue_figures(&agent, None).await.expect("figures"), figures);
    });
}

#[test]
fn the_same_problem_through_two_channels_is_one_case() {
    on_both(|world: World| async move {
        world.coat("A1001").await;
        let agent = world.staff("agent").await;
        let first = world.desk.open_case(&agent, world.shop, complaint("A1001")).await.expect("opened");
        let second =
            world.desk.open_case(&agent, world.shop, OpenCase { channel: "phone".into(), ..complaint("A1001") }).await.expect("joined");
        assert_eq!((second.case_id, second.version), (first.case_id, 2));
        assert_eq!(second.result, json!({ "joined": true }));
    });
}

#[test]
fn a_repeat_with_the_same_key_gets_the_first_answer_and_changes_nothing() {
    on_both(|world: World| async move {
        world.coat("A1001").await;
        let agent = world.with_key(&world.staff("agent").await, "k1");
        let opened = world.desk.open_case(&agent, world.shop, complaint("A1001")).await.expect("opened");
        let again = world.desk.open_case(&agent, world.shop, complaint("A1001")).await.expect("the same answer");
        assert_eq!((again.case_id, again.version, again.result.clone()), (opened.case_id, opened.version, opened.result.clone()));
        let other = OpenCase { text: "别的".into(), ..complaint("A1001") };
        assert_eq!(refused(world.desk.open_case(&agent, world.shop, other).await), Code::KeyReused.as_str());
    });
}

#[test]
fn nobody_without_the_right_gets_in_and_bad_input_is_named() {
    on_both(|world: World| async move {
        world.coat("A1001").await;
        let auditor = world.staff("auditor").await;
        assert_eq!(refused(world.desk.open_case(&auditor, world.shop, complaint("A1001")).await), "not_allowed");
        let agent = world.staff("agent").await;
        assert_eq!(refused(world.desk.open_case(&agent, world.shop, complaint("nope")).await), "not_found");
        let odd = OpenCase { channel: "pigeon".into(), ..complaint("A1001") };
        assert_eq!(refused(world.desk.open_case(&agent, world.shop, odd).await), "bad_input");
        let stranger = world.stranger(&agent);
        let opened = world.desk.open_case(&agent, world.shop, complaint("A1001")).await.expect("opened");
        assert_eq!(refused(world.desk.case_view(&stranger, world.at(&opened)).await), "not_found");
    });
}

#[test]
fn signing_in_needs_the_password_and_guessing_is_slowed_down() {
    on_both(|world: World| async move {
        world.staff("agent").await;
        let secret = world.desk.sign_in("agent", crate::desk::PASSWORD).await.expect("signed in").secret;
        assert_eq!(world.desk.signed_in(&secret).await.expect("an actor").display_name, "agent");
        for _ in 0..5 {
            assert_eq!(world.desk.sign_in("agent", "wrong").await.err().map(|e| e.to_string().contains("wrong_password")), Some(true));
        }
        assert!(world.desk.sign_in("agent", crate::desk::PASSWORD).await.err().expect("blocked").to_string().contains("too_many_tries"));
        world.desk.sign_out(&secret).await.expect("signed out");
        assert_eq!(refused(world.desk.signed_in(&secret).await), "not_signed_in");
    });
}
