//! A desk for tests: one shop on a fresh store, a hand-moved clock, staff by role.

use aftercare_app::access::staff::NewStaff;
use aftercare_app::clock::HandClock;
use aftercare_app::command::{CaseRef, Changed};
use aftercare_app::order::{NewBuyer, NewLine, NewOrder};
use aftercare_app::{Context, Desk};
use aftercare_domain::id::ShopId;
use aftercare_domain::people::Role;
use aftercare_domain::time::{Micros, Span};
use aftercare_store::vault::Vault;
use aftercare_store::{DbError, testing, values};
use std::future::Future;
use std::sync::Arc;

/// Everybody's password here.
pub const PASSWORD: &str = "correct horse battery";

/// The code of a refusal.
pub fn refused<T: std::fmt::Debug>(outcome: Result<T, aftercare_app::Error>) -> &'static str {
    match outcome {
        Err(aftercare_app::Error::Refused(refusal)) => refusal.code.as_str(),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[derive(Clone)]
pub struct World {
    pub desk: Desk,
    pub shop: ShopId,
}

/// Tells the story on a fresh world of each engine.
pub fn on_both<F: Future<Output = ()>>(story: impl Fn(World) -> F) {
    testing::on_both(|_, store| {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let start = Micros::parse("2026-11-24T10:05:00+08:00").expect("a time");
            let desk = Desk::new(store, Vault::from_master(&[7; 32]), Arc::new(HandClock::new(start)));
            let shop = "INSERT INTO shop (id, code, title, platform, created_at) VALUES (1, 'tm', '棉屿女装', 'tmall', 0)";
            desk.store.write::<_, DbError, _>(move |tx| tx.execute(shop, &values![])).await.expect("a shop");
            story(World { desk, shop: ShopId(1) }).await;
        });
    });
}

impl World {
    pub fn at(&self, changed: &Changed) -> CaseRef {
        CaseRef { shop: self.shop, id: changed.case_id }
    }

    pub async fn staff(&self, role: &str) -> Context {
        let role_of = Role::parse(role).expect("a role");
        let new = NewStaff {
            name: role.into(),
            display_name: role.into(),
            agent_no: "A01".into(),
            role: role_of,
            password: Some(PASSWORD.into()),
            shops: vec![],
        };
        self.desk.add_staff(new).await.expect("added");
        let signed_in = self.desk.sign_in(role, PASSWORD).await.expect("signed in");
        self.desk.context(signed_in.actor)
    }

    pub fn seeing(&self, context: &Context, version: i64) -> Context {
        Context { if_match: Some(version), ..context.clone() }
    }

    pub fn with_key(&self, context: &Context, key: &str) -> Context {
        Context { key: Some(key.into()), ..context.clone() }
    }

    pub fn stranger(&self, context: &Context) -> Context {
        let mut stranger = context.clone();
        stranger.actor.who.shops.clear();
        stranger
    }

    /// The same person, now.
    pub fn now(&self, context: &Context) -> Context {
        Context { now: self.desk.clock.now(), ..context.clone() }
    }

    /// Lets time pass up to `text` (day and minute in China), firing what is due on the way.
    pub async fn until(&self, text: &str) {
        let to = Micros::parse(&format!("{text}:00+08:00")).expect("a time");
        self.desk.run_due_timers(to).await.expect("timers");
    }

    /// An order with a coat and an open complaint about it.
    pub async fn complaint(&self, context: &Context, order_no: &str) -> Changed {
        self.coat(order_no).await;
        let input = serde_json::json!({
            "order_no": order_no, "channel": "chat", "text": "衣服胸口好大一块污渍，你们怎么发的货！退货！", "severity": 2,
        });
        let input = serde_json::from_value(input).expect("an intake");
        self.desk.open_case(context, self.shop, input).await.expect("opened")
    }

    /// The case page.
    pub async fn view(&self, context: &Context, at: CaseRef) -> serde_json::Value {
        self.desk.case_view(&self.now(context), at).await.expect("the page")
    }

    /// The kinds of events of the case, in order.
    pub async fn events(&self, at: CaseRef) -> Vec<(String, serde_json::Value)> {
        let sql = "SELECT kind, payload FROM event WHERE shop_id = $1 AND case_id = $2 ORDER BY case_version, n";
        let read = |row: &aftercare_store::Row| Ok((row.get(0)?, row.get(1)?));
        let all = self.desk.store.read(move |tx| tx.query(sql, &values![at.shop, at.id], read));
        all.await.map_err(|error: DbError| error).expect("events")
    }

    /// How often the case has an event of this kind.
    pub async fn count(&self, at: CaseRef, kind: &str) -> usize {
        self.events(at).await.iter().filter(|(k, _)| k == kind).count()
    }

    /// One coat for 598.00, delivered two days ago.
    pub async fn coat(&self, order_no: &str) {
        self.order(order_no, |_| {}).await;
    }

    /// The same, changed by `tweak`.
    pub async fn order(&self, order_no: &str, tweak: impl FnOnce(&mut NewOrder)) {
        let now = self.desk.clock.now();
        let line = NewLine {
            sku: "coat-camel-m".into(),
            title: "双面羊毛大衣".into(),
            spec: "驼色 M".into(),
            category: "clothing".into(),
            quantity: 1,
            list_minor: 69_800,
            paid_minor: 59_800,
            shipped: None,
        };
        let buyer = NewBuyer {
            external_id: "b1".into(),
            name: "王小明".into(),
            phone: "19900006021".into(),
            address: "浙江省杭州市余杭区某路 1 号".into(),
            level: String::new(),
        };
        let mut order = NewOrder {
            order_no: order_no.into(),
            buyer: Some(buyer),
            lines: vec![line],
            payments: vec![],
            currency: None,
            freight_minor: 0,
            ordered_at: None,
            paid_at: Some(now - Span::days(5)),
            shipped_at: Some(now - Span::days(4)),
            signed_at: Some(now - Span::days(2)),
            completed_at: None,
            bulky: false,
            facts: Default::default(),
            parcels: vec![],
        };
        tweak(&mut order);
        self.desk.put_order(&Context::desk(now), self.shop, order).await.expect("an order");
    }
}
