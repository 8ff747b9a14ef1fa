//! Signals of articles: which stand out, what they tell, and the word said to them; solved cases like one at hand. On both engines.

use crate::desk::{World, on_both, refused};
use aftercare_app::Context;
use aftercare_app::case::close::CloseCase;
use aftercare_app::case::diagnosis::Diagnosis;
use aftercare_app::case::open::NewRequest;
use aftercare_app::command::{CaseRef, Changed};
use aftercare_app::quality::{Days, SayWord, Signals};
use aftercare_domain::time::Span;
use aftercare_store::{DbError, values};
use serde_json::json;

/// So many orders of an article, of which so many come back as defect.
async fn sold(world: &World, agent: &Context, sku: &str, orders: usize, back: usize) -> Vec<Changed> {
    let mut cases = Vec::new();
    for n in 0..orders {
        let order_no = format!("{sku}-{n}");
        world
            .order(&order_no, |order| {
                order.lines[0].sku = sku.into();
                order.ordered_at = order.paid_at;
            })
            .await;
        if n < back {
            let request: NewRequest =
                serde_json::from_value(json!({ "kind": "return_refund", "reason": "defect", "lines": [{ "line_no": 1, "quantity": 1 }] }))
                    .expect("a request");
            let input = json!({ "order_no": order_no, "channel": "chat", "text": "拉链坏了", "request": request });
            let input = serde_json::from_value(input).expect("an intake");
            cases.push(world.desk.open_case(&world.now(agent), world.shop, input).await.expect("opened"));
        }
    }
    cases
}

async fn signals(world: &World, who: &Context) -> Signals {
    world.desk.fold_counters().await.expect("folded");
    world.desk.quality(&world.now(who), world.shop, Days { days: None }).await.expect("signals")
}

fn word(sku: &str, word: &str, note: &str) -> SayWord {
    SayWord { sku: sku.into(), word: word.into(), note: note.into() }
}

#[test]
fn an_article_stands_out_is_acknowledged_speaks_again_and_is_looked_into() {
    on_both(|world: World| async move {
        let (agent, lead, quality) = (world.staff("agent").await, world.staff("lead").await, world.staff("quality").await);
        assert!(signals(&world, &lead).await.items.is_empty(), "nothing was sold");
        sold(&world, &agent, "good", 80, 1).await;
        sold(&world, &agent, "few", 5, 4).await;
        let bad = sold(&world, &agent, "bad", 24, 12).await;
        let cause: Diagnosis = serde_json::from_value(json!({ "cause": "defect", "party": "supplier" })).expect("a cause");
        world.desk.diagnose(&world.now(&agent), world.at(&bad[0]), cause).await.expect("diagnosed");

        let seen = signals(&world, &quality).await;
        let skus: Vec<&str> = seen.items.iter().map(|row| row.article.sku.as_str()).collect();
        assert_eq!(skus, ["bad"], "few units say nothing, and the usual is no signal");
        let row = &seen.items[0];
        assert_eq!((row.article.sold, row.article.asked_back, row.cases, row.open, row.cost_minor), (24, 12, 12, 12, Some(0)));
        assert_eq!((row.reasons[0].reason.as_str(), row.reasons[0].count), ("defect", 12));
        assert!(row.article.interval.is_some_and(|(from, to)| from < 0.5 && to > 0.5));
        assert!(!row.quiet && row.word.is_none());

        assert_eq!(refused(world.desk.quality(&agent, world.shop, Days { days: None }).await), "not_allowed");
        assert_eq!(refused(world.desk.quality(&lead, world.shop, Days { days: Some(400) }).await), "bad_input");
        for (said, code) in [
            (word("bad", "shout", "x"), "bad_input"),
            (word("bad", "acknowledge", " "), "bad_input"),
            (word("none", "acknowledge", "x"), "not_found"),
        ] {
            assert_eq!(refused(world.desk.say_to_signal(&world.now(&lead), world.shop, said).await), code);
        }
        assert_eq!(
            refused(world.desk.say_to_signal(&world.now(&quality), world.shop, word("bad", "investigate", "拉链")).await),
            "not_allowed"
        );

        let keyed = world.with_key(&world.now(&quality), "ack");
        let note = word("bad", "acknowledge", "换了供应商，电话13800001111");
        for _ in 0..2 {
            world.desk.say_to_signal(&keyed, world.shop, note.clone()).await.expect("acknowledged");
        }
        let row = signals(&world, &lead).await.items.remove(0);
        let said = row.word.expect("a word");
        assert!(row.quiet);
        assert_eq!((said.kind.as_str(), said.note.as_str(), said.by.as_str()), ("acknowledged", "换了供应商，电话138****1111", "quality"));

        // Three more of them: it speaks again, and is looked into.
        sold(&world, &agent, "bad2", 0, 0).await;
        for n in 12..15 {
            let request = json!({ "kind": "return_refund", "reason": "defect", "lines": [{ "line_no": 1, "quantity": 1 }] });
            let input = json!({ "order_no": format!("bad-{n}"), "channel": "chat", "text": "又坏了", "request": request });
            world.desk.open_case(&world.now(&agent), world.shop, serde_json::from_value(input).expect("an intake")).await.expect("opened");
        }
        assert!(!signals(&world, &lead).await.items[0].quiet);
        let keyed = world.with_key(&world.now(&lead), "look");
        let mut first = None;
        for _ in 0..2 {
            let said = world.desk.say_to_signal(&keyed, world.shop, word("bad", "investigate", "查这批拉链")).await.expect("looked into");
            assert_eq!(said.linked, 15);
            assert_eq!(*first.get_or_insert(said.case_id), said.case_id, "a repeat opens no second case");
        }
        let case = CaseRef { shop: world.shop, id: first.flatten().expect("a case") };
        let view = world.view(&lead, case).await;
        assert_eq!(view["links"].as_array().map(Vec::len), Some(15));
        assert_eq!(world.count(case, "cases_linked").await, 1);
        let row = signals(&world, &lead).await.items.remove(0);
        assert_eq!((row.quiet, row.word.and_then(|word| word.case_id)), (true, Some(case.id)));
    });
}

#[test]
fn a_small_article_that_stands_out_is_not_hidden_by_large_ones_that_do_not() {
    on_both(|world: World| async move {
        let lead = world.staff("lead").await;
        let put = "/* test */ INSERT INTO counter (shop_id, name, bucket, count, amount_minor) VALUES ($1, $2, $3, $4, 0)";
        let shop = world.shop;
        let rows = world.desk.store.write::<_, DbError, _>(move |tx| {
            let mut put = |figure: &str, sku: String, units: i64| {
                tx.execute(put, &values![shop, format!("f:{figure}"), format!("2026-11-20 {sku}"), units])
            };
            for n in 0..210 {
                put("sold", format!("large{n}"), 1_000)?;
                put("asked_back", format!("large{n}"), 50)?;
            }
            put("sold", "small".into(), 40)?;
            put("asked_back", "small".into(), 30)
        });
        rows.await.expect("sums");
        let seen = signals(&world, &lead).await;
        let skus: Vec<&str> = seen.items.iter().map(|row| row.article.sku.as_str()).collect();
        assert_eq!((skus, seen.articles), (vec!["small"], 211));
    });
}

#[test]
fn solved_cases_like_this_one_are_shown_the_most_alike_first() {
    on_both(|world: World| async move {
        let (agent, lead) = (world.staff("agent").await, world.staff("lead").await);
        let same = sold(&world, &agent, "coat", 3, 3).await;
        let other = sold(&world, &agent, "belt", 2, 2).await;
        assert!(world.desk.similar_cases(&agent, world.at(&same[0])).await.expect("a list").items.is_empty(), "none is solved yet");
        for case in [&same[1], &other[1]] {
            let at = world.at(case);
            let view = world.view(&lead, at).await;
            for request in view["requests"].as_array().into_iter().flatten() {
                let id = aftercare_domain::id::Id::parse(request["id"].as_str().unwrap_or_default()).expect("an id");
                world.desk.withdraw_request(&world.now(&agent), at, id).await.expect("withdrawn");
            }
            let version = world.view(&lead, at).await["case"]["version"].as_i64().expect("a version");
            let end = json!({ "result": "withdrawn", "confirmation": "buyer", "satisfaction": 4 });
            let end: CloseCase = serde_json::from_value(end).expect("a close");
            world.desk.close_case(&world.seeing(&world.now(&lead), version), at, end).await.expect("closed");
        }
        world.desk.run_due(world.desk.clock.now() + Span::minutes(1)).await.expect("time passes");
        let found = world.desk.similar_cases(&agent, world.at(&same[0])).await.expect("a list").items;
        let ids: Vec<_> = found.iter().map(|row| row.case_id).collect();
        assert_eq!(ids.first(), Some(&same[1].case_id), "the same article comes first");
        assert!(found[0].same.article && found[0].result == "withdrawn" && found[0].satisfaction == Some(4));
        assert!(!ids.contains(&same[0].case_id) && !ids.contains(&same[2].case_id), "neither itself nor what is open");
        let stranger = world.stranger(&agent);
        assert_eq!(refused(world.desk.similar_cases(&stranger, world.at(&same[0])).await), "not_found");
    });
}
