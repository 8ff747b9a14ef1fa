//! Personal data: shown masked, revealed on record and so often, erased for good, on both engines.

use crate::desk::{World, on_both, refused};
use aftercare_app::buyer::{EraseBuyer, RevealField, RevealWords};
use aftercare_app::case::close::CloseCase;
use aftercare_app::case::contact::NewContact;
use aftercare_app::search::Question;
use aftercare_app::{Context, command::CaseRef};
use aftercare_domain::id::Id;
use serde_json::json;

fn field(field: &str, case: CaseRef) -> RevealField {
    RevealField { field: field.into(), reason: "回电 13900001234 核对地址".into(), case_id: case.id }
}

async fn buyer(world: &World, who: &Context, at: CaseRef) -> Id {
    serde_json::from_value(world.view(who, at).await["buyer"]["id"].clone()).expect("an id")
}

#[test]
fn a_field_is_shown_for_a_case_with_a_reason_on_record() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let at = world.at(&world.complaint(&agent, "A1").await);
        let id = buyer(&world, &agent, at).await;
        let shown = world.desk.reveal(&agent, world.shop, id, field("phone", at)).await.expect("shown");
        assert_eq!(shown.value, "19900006021");
        assert_eq!(world.count(at, "buyer_revealed").await, 1);
        let view = world.view(&agent, at).await;
        assert!(view["timeline"].to_string().contains("核对地址") && !view["buyer"].to_string().contains("19900006021"));
        let audit = "/* test */ SELECT payload FROM audit WHERE action = 'buyer_revealed'";
        let payload: Option<String> = world
            .desk
            .store
            .read(move |tx| tx.query_opt(audit, &[], |row| row.get(0)))
            .await
            .map_err(|e: aftercare_store::DbError| e)
            .expect("a row");
        let payload = payload.expect("on record");
        assert!(payload.contains("phone") && !payload.contains("核对") && !payload.contains("13900001234"), "{payload}");
        assert_eq!(
            refused(world.desk.reveal(&agent, world.shop, id, RevealField { reason: " ".into(), ..field("phone", at) }).await.map(drop)),
            "bad_input"
        );
        assert_eq!(refused(world.desk.reveal(&agent, world.shop, id, field("external_id", at)).await.map(drop)), "bad_input");
        assert_eq!(refused(world.desk.reveal(&agent, world.shop, Id::nil(), field("phone", at)).await.map(drop)), "not_found");
        let warehouse = world.staff("warehouse").await;
        assert_eq!(refused(world.desk.reveal(&warehouse, world.shop, id, field("phone", at)).await.map(drop)), "not_allowed");
    });
}

#[test]
fn what_was_said_is_read_in_full_on_record() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let at = world.at(&world.complaint(&agent, "A1").await);
        let said = NewContact {
            direction: "in".into(),
            channel: "chat".into(),
            text: "寄回单号 SF1234567890123".into(),
            marks: Vec::new(),
            script: None,
            knowledge: None,
            over: None,
            prepare: false,
        };
        let contact = world.desk.record_contact(&agent, at, said).await.expect("heard").result["contact_id"].clone();
        let contact: Id = serde_json::from_value(contact).expect("an id");
        assert!(!world.view(&agent, at).await["timeline"].to_string().contains("SF1234567890123"));
        let why = |reason: &str| RevealWords { reason: reason.into() };
        assert_eq!(refused(world.desk.reveal_words(&agent, at, contact, why(" ")).await.map(drop)), "bad_input");
        assert_eq!(refused(world.desk.reveal_words(&agent, at, Id::nil(), why("核对单号")).await.map(drop)), "not_found");
        let warehouse = world.staff("warehouse").await;
        assert_eq!(refused(world.desk.reveal_words(&warehouse, at, contact, why("核对单号")).await.map(drop)), "not_allowed");
        assert_eq!(world.count(at, "buyer_revealed").await, 0);
        let shown = world.desk.reveal_words(&agent, at, contact, why("核对单号")).await.expect("shown");
        assert_eq!(shown.value, "寄回单号 SF1234567890123");
        assert_eq!(world.count(at, "buyer_revealed").await, 1);
        assert!(world.view(&agent, at).await["timeline"].to_string().contains("查看原话：核对单号"));
    });
}

#[test]
fn nobody_reads_through_the_whole_shop() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let at = world.at(&world.complaint(&agent, "A1").await);
        let id = buyer(&world, &agent, at).await;
        for _ in 0..30 {
            world.desk.reveal(&agent, world.shop, id, field("phone", at)).await.expect("shown");
        }
        assert_eq!(refused(world.desk.reveal(&agent, world.shop, id, field("phone", at)).await.map(drop)), "too_many_reveals");
        world.until("2026-11-24T11:06").await;
        world.desk.reveal(&world.now(&agent), world.shop, id, field("phone", at)).await.expect("an hour later");
    });
}

#[test]
fn erasing_destroys_the_key_and_the_search_words_and_keeps_the_amounts() {
    on_both(|world: World| async move {
        let (agent, admin) = (world.staff("agent").await, world.staff("admin").await);
        let opened = world.complaint(&agent, "A1").await;
        let at = world.at(&opened);
        let id = buyer(&world, &agent, at).await;
        let why = || EraseBuyer { reason: "asked_by_buyer".into() };
        assert_eq!(refused(world.desk.erase_buyer(&agent, world.shop, id, why()).await), "not_allowed");
        assert_eq!(refused(world.desk.erase_buyer(&admin, world.shop, id, why()).await), "buyer_in_use");
        let close: CloseCase = serde_json::from_value(json!({ "result": "explained", "confirmation": "buyer" })).expect("an end");
        world.desk.close_case(&world.seeing(&agent, opened.version), at, close).await.expect("closed");
        let odd = EraseBuyer { reason: "王小明要求".into() };
        assert_eq!(refused(world.desk.erase_buyer(&admin, world.shop, id, odd).await), "bad_input");
        let gone = world.desk.erase_buyer(&admin, world.shop, id, why()).await.expect("erased");
        assert_eq!((gone.cases, gone.erased), (1, true));
        assert!(!world.desk.erase_buyer(&admin, world.shop, id, why()).await.expect("again").erased);
        assert_eq!(refused(world.desk.reveal(&agent, world.shop, id, field("phone", at)).await.map(drop)), "buyer_erased");
        for q in ["污渍", "19900006021", "6021"] {
            let hits = world.desk.search(&agent, Question { q: q.into(), cursor: None, limit: None }).await.expect("hits");
            assert!(hits.items.is_empty(), "{q}");
        }
        let view = world.view(&agent, at).await;
        assert_eq!((view["timeline"][0]["text"].is_null(), view["order"]["paid_minor"].as_i64()), (true, Some(59_800)));
        assert_eq!((view["buyer"]["masked_name"].as_str(), view["case"]["buyer_masked"].as_str()), (Some(""), Some("")));
    });
}
