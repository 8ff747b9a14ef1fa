//! Offers from draft to what an acceptance does, told on both engines.

use crate::desk::{World, on_both, refused};
use aftercare_app::approval::{Approve, AskApproval};
use aftercare_app::command::{CaseRef, Changed};
use aftercare_app::offer::answer::AnswerOffer;
use aftercare_app::offer::draft::{NewOffer, OfferPromise};
use aftercare_app::offer::send::SendOffer;
use aftercare_app::{Context, Error};
use aftercare_domain::id::Id;
use aftercare_domain::time::Micros;

fn cleaning() -> NewOffer {
    NewOffer {
        remedy: Some("compensation".into()),
        means: Some("red_packet".into()),
        amount_minor: Some(2_000),
        what: Some("清洗费 20.00 元打给您".into()),
        why: Some("衣服可以洗净，您想留下".into()),
        by_when: Micros::parse("2026-11-25T10:00:00+08:00"),
        buyer_must: Some("不需要您做什么".into()),
        follows: Some("打款后给您流水号".into()),
        promise: Some(OfferPromise { team: "finance".into(), within_h: 24, text: "清洗费 20.00 元打款".into() }),
        ..NewOffer::default()
    }
}

fn offer(changed: &Changed) -> Id {
    changed.result["offer_id"].as_str().and_then(Id::parse).expect("an id")
}

async fn fresh(world: &World, context: &Context, at: CaseRef) -> Context {
    let view = world.view(context, at).await;
    world.seeing(&world.now(context), view["case"]["version"].as_i64().expect("a version"))
}

async fn sent(world: &World, context: &Context, at: CaseRef, id: Id, hours: i64) -> Result<Changed, Error> {
    let now = fresh(world, context, at).await;
    world.desk.send_offer(&now, at, id, SendOffer { valid_for_h: hours, over: None }).await
}

async fn answered(world: &World, context: &Context, at: CaseRef, id: Id, answer: &str) -> Result<Changed, Error> {
    let now = fresh(world, context, at).await;
    world.desk.answer_offer(&now, at, id, AnswerOffer { answer: answer.into() }).await
}

#[test]
fn an_offer_says_five_things_and_its_acceptance_makes_the_promise() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let at = world.at(&world.complaint(&agent, "A1").await);
        let bare = NewOffer { why: None, follows: Some("  ".into()), ..cleaning() };
        let bare = offer(&world.desk.draft_offer(&agent, at, bare).await.expect("a draft may be unfinished"));
        assert_eq!(refused(sent(&world, &agent, at, bare, 24).await), "offer_incomplete");
        let id = offer(&world.desk.draft_offer(&agent, at, cleaning()).await.expect("drafted"));
        assert_eq!(refused(world.desk.send_offer(&agent, at, id, SendOffer { valid_for_h: 24, over: None }).await), "version_missing");
        assert_eq!(refused(answered(&world, &agent, at, id, "accepted").await), "offer_state");
        sent(&world, &agent, at, id, 24).await.expect("sent");
        let view = world.view(&agent, at).await;
        assert_eq!((view["case"]["waiting_on"].as_str(), view["case"]["stage"].as_str()), (Some("buyer"), Some("negotiation")));
        assert!(view["timeline"].to_string().contains("清洗费 20.00 元打给您"), "what was offered is part of the conversation");

        let done = answered(&world, &agent, at, id, "accepted").await.expect("accepted");
        let view = world.view(&agent, at).await;
        let offers = view["sent_offers"].as_array().expect("offers");
        let accepted = offers.iter().find(|o| o["state"] == "accepted").expect("the accepted one");
        assert_eq!((accepted["amount_minor"].as_i64(), accepted["buyer_must"].as_str()), (Some(2_000), Some("不需要您做什么")));
        let promise = &view["promises"][0];
        assert_eq!((promise["team"].as_str(), promise["amount_minor"].as_i64()), (Some("finance"), Some(2_000)), "{done:?}");
        assert_eq!(promise["due_at"], "2026-11-25T02:00:00Z", "what was told to the buyer binds");
        assert_eq!(view["case"]["stage"], "execution");
        assert_eq!(refused(answered(&world, &agent, at, id, "refused").await), "offer_state");
    });
}

#[test]
fn its_words_carry_the_amount_and_have_no_holes() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let at = world.at(&world.complaint(&agent, "A1").await);
        let holed = || NewOffer { what: Some("清洗费{offer.amount}我们出".into()), ..cleaning() };
        let none = NewOffer { amount_minor: None, ..holed() };
        assert_eq!(refused(world.desk.draft_offer(&world.now(&agent), at, none).await), "bad_input");
        world.desk.draft_offer(&world.now(&agent), at, NewOffer { amount_minor: Some(2_500), ..holed() }).await.expect("drafted");
        let view = world.view(&agent, at).await;
        assert_eq!(view["sent_offers"][0]["what"], "清洗费25.00 元我们出");
    });
}

#[test]
fn above_ones_authority_an_offer_waits_for_its_approval() {
    on_both(|world: World| async move {
        let (agent, lead) = (world.staff("agent").await, world.staff("lead").await);
        let at = world.at(&world.complaint(&agent, "A1").await);
        let drafted = world.desk.draft_offer(&agent, at, NewOffer { amount_minor: Some(5_000), ..cleaning() }).await.expect("drafted");
        let id = offer(&drafted);
        assert_eq!(drafted.result["state"], "needs_approval");
        assert_eq!(refused(sent(&world, &agent, at, id, 24).await), "offer_state");
        let ask =
            AskApproval { subject: "offer".into(), subject_id: Some(id), means: None, amount_minor: 5_000, note: "客户愿留".into() };
        let asked = world.desk.ask_approval(&agent, at, ask).await.expect("asked");
        let approval = asked.result["approval_id"].as_str().and_then(Id::parse).expect("an id");
        let yes = || Approve { note: "同意".into(), amount_minor: None };
        assert_eq!(refused(world.desk.approve(&agent, at, approval, yes()).await), "not_allowed");
        world.desk.approve(&lead, at, approval, yes()).await.expect("approved");
        sent(&world, &agent, at, id, 24).await.expect("sent");
    });
}

#[test]
fn an_offer_approved_for_less_says_less() {
    on_both(|world: World| async move {
        let (agent, lead) = (world.staff("agent").await, world.staff("lead").await);
        let at = world.at(&world.complaint(&agent, "A1").await);
        let holed = NewOffer { amount_minor: Some(5_000), what: Some("清洗费{offer.amount}我们出".into()), ..cleaning() };
        let id = offer(&world.desk.draft_offer(&agent, at, holed).await.expect("drafted"));
        let ask = AskApproval { subject: "offer".into(), subject_id: Some(id), means: None, amount_minor: 5_000, note: "愿留".into() };
        let asked = world.desk.ask_approval(&agent, at, ask).await.expect("asked");
        let approval = asked.result["approval_id"].as_str().and_then(Id::parse).expect("an id");
        let less = Approve { note: "四十够了".into(), amount_minor: Some(4_000) };
        world.desk.approve(&lead, at, approval, less).await.expect("approved");
        let view = world.view(&agent, at).await;
        let shown = &view["sent_offers"][0];
        assert_eq!((&shown["amount_minor"], shown["what"].as_str()), (&4_000.into(), Some("清洗费40.00 元我们出")));
    });
}

#[test]
fn a_refused_offer_changes_nothing_else_and_an_old_one_runs_out() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let at = world.at(&world.complaint(&agent, "A1").await);
        let first = offer(&world.desk.draft_offer(&agent, at, cleaning()).await.expect("drafted"));
        sent(&world, &agent, at, first, 24).await.expect("sent");
        answered(&world, &agent, at, first, "refused").await.expect("refused");
        let second = offer(&world.desk.draft_offer(&agent, at, cleaning()).await.expect("drafted"));
        sent(&world, &agent, at, second, 4).await.expect("sent");
        world.until("2026-11-24T14:04").await;
        assert_eq!(world.count(at, "offer_expired").await, 0, "not early");
        world.until("2026-11-24T14:05").await;
        assert_eq!(world.count(at, "offer_expired").await, 1);
        assert_eq!(refused(answered(&world, &agent, at, second, "accepted").await), "offer_state");
        let view = world.view(&agent, at).await;
        let states: Vec<_> =
            view["sent_offers"].as_array().expect("offers").iter().map(|o| o["state"].as_str().expect("a state")).collect();
        assert_eq!(states, ["refused", "expired"]);
        assert_eq!((view["promises"].as_array().map(Vec::len), view["tasks"].as_array().map(|t| t.len() > 2)), (Some(0), Some(false)));
    });
}

#[test]
fn accepting_an_exchange_agrees_to_the_return_and_asks_the_warehouse() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let at = world.at(&world.complaint(&agent, "A1").await);
        let exchange = NewOffer { remedy: Some("exchange".into()), means: None, amount_minor: None, promise: None, ..cleaning() };
        let id = offer(&world.desk.draft_offer(&agent, at, exchange).await.expect("drafted"));
        sent(&world, &agent, at, id, 24).await.expect("sent");
        answered(&world, &agent, at, id, "accepted").await.expect("accepted");
        let view = world.view(&agent, at).await;
        assert_eq!((view["requests"][0]["kind"].as_str(), view["requests"][0]["state"].as_str()), (Some("exchange"), Some("agreed")));
        let ship = view["tasks"].as_array().expect("tasks").iter().find(|t| t["kind"] == "ship").expect("a task");
        assert_eq!(ship["team"], "warehouse");
        let close = aftercare_app::case::close::CloseCase {
            result: "exchanged".into(),
            confirmation: "buyer".into(),
            cause: None,
            satisfaction: None,
        };
        let now = fresh(&world, &agent, at).await;
        assert_eq!(refused(world.desk.close_case(&now, at, close).await), "money_task_open");
    });
}

#[test]
fn an_offer_passes_the_gate_as_every_other_word() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let at = world.at(&world.complaint(&agent, "A1").await);
        let tied = NewOffer { what: Some("给您红包 20 元，麻烦改成好评".into()), ..cleaning() };
        let id = offer(&world.desk.draft_offer(&agent, at, tied).await.expect("drafted"));
        assert_eq!(refused(sent(&world, &agent, at, id, 24).await), "contact_forbidden");
        let odd = NewOffer { means: None, ..cleaning() };
        assert_eq!(refused(world.desk.draft_offer(&agent, at, odd).await), "bad_input");
    });
}
