//! Colleagues on one case: watching, being named in a note, being there; what each is told of, and what nobody is. On both engines.

use crate::desk::{World, on_both, refused};
use aftercare_app::Context;
use aftercare_app::case::assign::Assign;
use aftercare_app::case::contact::NewContact;
use aftercare_app::case::watcher::Watch;
use aftercare_app::command::CaseRef;
use aftercare_app::notification::{MarkRead, NotificationsQuery};
use aftercare_app::presence::{Doing, Sign};
use aftercare_domain::time::Span;
use aftercare_store::values;
use serde_json::{Value, json};

fn says(direction: &str, text: &str) -> NewContact {
    serde_json::from_value(json!({ "direction": direction, "channel": "chat", "text": text })).expect("words")
}

async fn told(world: &World, who: &Context) -> Value {
    world.desk.notifications(&world.now(who), NotificationsQuery::default()).await.expect("a list")
}

/// Kind, event and count of each, newest first.
fn rows(list: &Value) -> Vec<(String, String, i64)> {
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let items = list["items"].as_array().expect("items").iter();
    items.map(|row| (text(row, "kind"), text(row, "what"), row["count"].as_i64().unwrap_or(0))).collect()
}

fn row(kind: &str, what: &str, count: i64) -> (String, String, i64) {
    (kind.into(), what.into(), count)
}

async fn tick(world: &World) {
    world.desk.clock.by_hand().expect("by hand").move_to(world.desk.clock.now() + Span::seconds(1));
}

#[test]
fn what_is_unread_in_a_shop_no_longer_seen_is_not_counted() {
    on_both(|world: World| async move {
        let (agent, lead) = (world.staff("agent").await, world.staff("lead").await);
        let at = world.at(&world.complaint(&agent, "A1").await);
        world.desk.watch_case(&lead, at, Watch { watching: true }).await.expect("watches");
        world.desk.record_contact(&world.now(&agent), at, says("in", "怎么还没处理")).await.expect("heard");
        assert_eq!(told(&world, &lead).await["unread"], 1);
        let (gone, staff) = ("/* test */ DELETE FROM staff_shop WHERE staff_id = $1", lead.actor.id());
        world.desk.store.write::<_, aftercare_store::DbError, _>(move |tx| tx.execute(gone, &values![staff])).await.expect("taken away");
        assert_eq!(told(&world, &lead).await["unread"], 0);
    });
}

#[test]
fn who_watches_is_told_once_until_they_look_and_never_of_their_own_doing() {
    on_both(|world: World| async move {
        let (agent, lead) = (world.staff("agent").await, world.staff("lead").await);
        let at = world.at(&world.complaint(&agent, "A1").await);
        let version = world.view(&lead, at).await["case"]["version"].clone();
        world.desk.watch_case(&lead, at, Watch { watching: true }).await.expect("watches");
        world.desk.watch_case(&lead, at, Watch { watching: true }).await.expect("once");
        let view = world.view(&agent, at).await;
        assert_eq!((&view["case"]["version"], &view["watchers"][0]["name"]), (&version, &json!("lead")), "nobody's version goes stale");
        world.desk.record_contact(&world.now(&agent), at, says("in", "怎么还没处理")).await.expect("heard");
        tick(&world).await;
        world.desk.record_contact(&world.now(&agent), at, says("note", "已催仓库")).await.expect("noted");
        world.desk.record_contact(&world.now(&lead), at, says("note", "我来看看")).await.expect("noted");
        let list = told(&world, &lead).await;
        assert_eq!((rows(&list), &list["unread"]), (vec![row("watched", "note_added", 2)], &json!(1)));
        assert_eq!(rows(&told(&world, &agent).await), []);
        let first = MarkRead { ids: vec![], case_id: Some(at.id) };
        assert_eq!(world.desk.mark_read(&world.now(&lead), first).await.expect("read"), json!({ "read": 1 }));
        tick(&world).await;
        world.desk.record_contact(&world.now(&agent), at, says("in", "在吗")).await.expect("heard");
        let list = told(&world, &lead).await;
        assert_eq!((rows(&list), &list["unread"]), (vec![row("watched", "contact_in", 1), row("watched", "note_added", 2)], &json!(1)));
        world.desk.watch_case(&lead, at, Watch { watching: false }).await.expect("no longer");
        world.desk.mark_read(&world.now(&lead), MarkRead { ids: vec![], case_id: None }).await.expect("read");
        world.desk.record_contact(&world.now(&agent), at, says("in", "谢谢")).await.expect("heard");
        assert_eq!(told(&world, &lead).await["unread"], 0);
        // What was read a month ago goes with the next reading.
        world.desk.clock.by_hand().expect("by hand").move_to(world.desk.clock.now() + Span::days(31));
        world.desk.mark_read(&world.now(&lead), MarkRead { ids: vec![], case_id: None }).await.expect("read");
        assert_eq!(rows(&told(&world, &lead).await), []);
    });
}

#[test]
fn who_is_named_in_a_note_is_told_and_so_is_a_new_owner() {
    on_both(|world: World| async move {
        let (agent, lead, finance) = (world.staff("agent").await, world.staff("lead").await, world.staff("finance").await);
        let at = world.at(&world.complaint(&agent, "A1").await);
        world.desk.watch_case(&lead, at, Watch { watching: true }).await.expect("watches");
        world.desk.record_contact(&agent, at, says("note", "@lead @finance 这单要打款，@agent 自己跟")).await.expect("noted");
        assert_eq!(rows(&told(&world, &lead).await), [row("mention", "note_added", 1)], "not told twice of one note");
        assert_eq!(rows(&told(&world, &finance).await), [row("mention", "note_added", 1)]);
        assert_eq!(rows(&told(&world, &agent).await), [], "not of what one wrote oneself");
        world.desk.record_contact(&agent, at, says("in", "@finance 打钱")).await.expect("heard");
        assert_eq!(rows(&told(&world, &finance).await), [row("mention", "note_added", 1)], "a buyer names nobody");
        world.desk.assign(&world.now(&lead), at, Assign { staff: Some("agent".into()) }).await.expect("given");
        assert_eq!(rows(&told(&world, &agent).await), [row("assigned", "assigned", 1)]);
        let item = told(&world, &finance).await["items"][0].clone();
        assert_eq!((&item["actor"], &item["shop"], &item["case_id"]), (&json!("agent"), &json!("tm"), &json!(at.id)));
        let stranger = world.stranger(&finance);
        assert_eq!(rows(&told(&world, &stranger).await), [], "nothing of a shop that is not one's own any more");
        assert_eq!(refused(world.desk.watch_case(&stranger, at, Watch { watching: true }).await), "not_found");
    });
}

#[test]
fn pages_of_a_long_list_follow_each_other() {
    on_both(|world: World| async move {
        let (agent, lead) = (world.staff("agent").await, world.staff("lead").await);
        for n in 0..5 {
            let at = world.at(&world.complaint(&world.now(&agent), &format!("A{n}")).await);
            world.desk.record_contact(&world.now(&agent), at, says("note", "@lead")).await.expect("noted");
        }
        let (mut cursor, mut seen) = (None, Vec::new());
        loop {
            let page = world.desk.notifications(&lead, NotificationsQuery { cursor, limit: Some(2) }).await.expect("a page");
            seen.extend(page["items"].as_array().expect("items").iter().map(|row| row["id"].to_string()));
            cursor = page["next"].as_str().map(str::to_owned);
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 5);
        seen.dedup();
        assert_eq!(seen.len(), 5, "each once");
        let wrong = NotificationsQuery { cursor: Some("x".into()), limit: None };
        assert_eq!(refused(world.desk.notifications(&lead, wrong).await), "bad_input");
    });
}

#[test]
fn who_is_there_is_seen_until_they_leave_or_fall_silent() {
    on_both(|world: World| async move {
        let (agent, lead) = (world.staff("agent").await, world.staff("lead").await);
        let at = world.at(&world.complaint(&agent, "A1").await);
        let mut heard = world.desk.presence.subscribe();
        let sign = async |who: &Context, at: CaseRef, doing| {
            let here = world.desk.present(&world.now(who), at, Sign { doing }).await.expect("here");
            here.people.into_iter().map(|one| (one.name, one.doing)).collect::<Vec<_>>()
        };
        let person = |name: &str, doing: &str| (name.to_owned(), doing.to_owned());
        assert_eq!(sign(&agent, at, Doing::Looking).await, [person("agent", "looking")]);
        tick(&world).await;
        assert_eq!(sign(&lead, at, Doing::Looking).await, [person("agent", "looking"), person("lead", "looking")]);
        sign(&lead, at, Doing::Looking).await;
        assert_eq!(sign(&agent, at, Doing::Replying).await[0], person("agent", "replying"));
        let mut news = 0;
        while let Ok(here) = heard.try_recv() {
            assert_eq!(here.case_id, at.id);
            news += 1;
        }
        assert_eq!(news, 3, "a sign that tells nothing new is not told on");
        world.desk.clock.by_hand().expect("by hand").move_to(world.desk.clock.now() + Span::seconds(40));
        sign(&lead, at, Doing::Looking).await;
        world.desk.clock.by_hand().expect("by hand").move_to(world.desk.clock.now() + Span::seconds(10));
        assert_eq!(sign(&lead, at, Doing::Looking).await, [person("lead", "looking")], "the agent fell silent");
        assert_eq!(sign(&lead, at, Doing::Left).await, []);
        let before = world.view(&agent, at).await["case"]["version"].clone();
        sign(&agent, at, Doing::Looking).await;
        assert_eq!(world.view(&agent, at).await["case"]["version"], before, "being there changes nothing");
        let nowhere = CaseRef { id: aftercare_domain::id::Id::nil(), ..at };
        assert_eq!(refused(world.desk.present(&agent, nowhere, Sign { doing: Doing::Looking }).await), "not_found");
        assert_eq!(refused(world.desk.present(&world.stranger(&agent), at, Sign { doing: Doing::Looking }).await), "not_found");
    });
}
