//! What must hold between rows: each rule holds on a case in the middle of its course, and is seen when somebody breaks it from outside.

use crate::desk::{World, on_both};
use aftercare_app::soundness::rules;
use aftercare_store::{DbError, values};
use serde_json::json;

/// By the rule's place: what breaks it.
const BREAKS: &[&str] = &[
    "DELETE FROM timer WHERE shop_id = 1 AND case_id = $1",
    "UPDATE promise SET due_at = due_at + 1 WHERE shop_id = 1 AND case_id = $1",
    "UPDATE cases SET open = 0 WHERE shop_id = 1 AND id = $1",
    "DELETE FROM event WHERE shop_id = 1 AND case_id = $1 AND case_version = 2",
    "UPDATE cases SET next_deadline_at = next_deadline_at + 1 WHERE shop_id = 1 AND id = $1",
    "UPDATE unit_hold SET held = 9 WHERE shop_id = 1 AND order_id = (SELECT order_id FROM cases WHERE shop_id = 1 AND id = $1)",
    "/* test */ UPDATE knowledge SET used = used + 1 WHERE shop_id = 1 AND EXISTS (SELECT 1 FROM knowledge_use u WHERE u.knowledge_id = id AND u.case_id = $1)",
    "UPDATE stock SET reserved = 0 WHERE shop_id = 1 AND sku = (SELECT sku FROM reservation WHERE shop_id = 1 AND case_id = $1)",
];

#[test]
fn every_broken_rule_is_seen() {
    for (broken, name) in rules().enumerate() {
        on_both(|world: World| async move {
            let agent = world.staff("agent").await;
            let at = world.at(&world.complaint(&agent, "A1").await);
            let wish =
                serde_json::from_value(json!({ "kind": "return_refund", "lines": [{ "line_no": 1, "quantity": 1 }] })).expect("a wish");
            world.desk.add_request(&world.now(&agent), at, wish).await.expect("held");
            let promise = serde_json::from_value(json!({ "text": "洗衣费", "team": "finance", "due_in_h": 24 })).expect("a promise");
            let seen = world.seeing(&world.now(&agent), 2);
            world.desk.make_promise(&seen, at, promise).await.expect("promised");
            let lead = world.staff("lead").await;
            let text = json!({ "kind": "script", "scope": "shop", "content": { "title_zh": "跟进", "text_zh": "我在跟进" } });
            let text = serde_json::from_value(text).expect("a text");
            let text = world.desk.write_knowledge(&lead, world.shop, text).await.expect("written");
            let said = json!({ "direction": "out", "channel": "chat", "text": "我在跟进", "knowledge": text["id"] });
            let said = serde_json::from_value(said).expect("a contact");
            world.desk.record_contact(&world.now(&agent), at, said).await.expect("sent");
            let stock = "INSERT INTO stock (shop_id, sku, on_hand) VALUES (1, 'coat', 3)";
            world.desk.store.write::<_, DbError, _>(move |tx| tx.execute(stock, &values![])).await.expect("stock");
            let wish = serde_json::from_value(json!({ "sku": "coat", "quantity": 1, "until_h": 24 })).expect("a wish");
            world.desk.reserve(&world.now(&agent), at, wish).await.expect("reserved");
            assert_eq!(world.desk.faults(world.shop).await.expect("looked at"), []);

            let sql = BREAKS[broken];
            world.desk.store.write::<_, DbError, _>(move |tx| tx.execute(sql, &values![at.id])).await.expect("broken");
            let faults = world.desk.faults(world.shop).await.expect("looked at");
            assert!(faults.iter().any(|fault| fault.rule == name), "{name}: {faults:?}");
        });
    }
    assert_eq!(rules().count(), BREAKS.len());
}
