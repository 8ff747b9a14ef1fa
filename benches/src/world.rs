//! A desk with a shop and orders to complain about, on either engine. Owns the measured input, which is the same for every figure.

use aftercare_app::case::open::{NewRequest, OpenCase};
use aftercare_app::clock::WallClock;
use aftercare_app::order::{NewBuyer, NewLine, NewOrder};
use aftercare_app::{Context, Desk};
use aftercare_domain::id::ShopId;
use aftercare_domain::time::Span;
use aftercare_store::vault::Vault;
use aftercare_store::{Config, DbError, Store, Target, values};
use std::error::Error;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Callers at once, as the architecture's figures have it.
pub const CALLERS: usize = 64;
/// The only shop.
pub const SHOP: ShopId = ShopId(1);

/// A runtime as the program has it.
pub fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

/// Opens a desk with the product's own settings.
pub fn desk(target: Target) -> Result<Desk, Box<dyn Error>> {
    let store = Store::open(&Config::new(target))?;
    Ok(Desk::new(store, Vault::from_master(&[7; 32]), Arc::new(WallClock)))
}

/// Adds the shop and `count` orders, numbered from 0.
pub async fn fill(desk: &Desk, count: usize) -> Result<(), Box<dyn Error>> {
    let shop = "INSERT INTO shop (id, code, title, platform, created_at) VALUES (1, 'bench', '量衡小店', 'tmall', 0)";
    desk.store.write::<_, DbError, _>(move |tx| tx.execute(shop, &values![])).await?;
    together(0..count, |n, desk| async move { put(&desk, n).await }, desk).await
}

/// Opens one case for each of the orders numbered `orders`, from all callers at once.
pub async fn intake(desk: &Desk, orders: Range<usize>) -> Result<(), Box<dyn Error>> {
    together(orders, |n, desk| async move { open(&desk, n).await }, desk).await
}

async fn together<F, R>(numbers: Range<usize>, work: F, desk: &Desk) -> Result<(), Box<dyn Error>>
where
    F: Fn(usize, Desk) -> R + Copy + Send + 'static,
    R: Future<Output = Result<(), aftercare_app::Error>> + Send,
{
    let next = Arc::new(AtomicUsize::new(numbers.start));
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..CALLERS {
        let (next, desk) = (next.clone(), desk.clone());
        callers.spawn(async move {
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= numbers.end {
                    return Ok::<(), aftercare_app::Error>(());
                }
                work(n, desk.clone()).await?;
            }
        });
    }
    while let Some(ended) = callers.join_next().await {
        ended??;
    }
    Ok(())
}

async fn put(desk: &Desk, n: usize) -> Result<(), aftercare_app::Error> {
    let now = desk.clock.now();
    let line = NewLine {
        sku: format!("coat-{}", n % 50),
        title: "双面羊毛大衣".into(),
        spec: "驼色 M".into(),
        category: "clothing".into(),
        quantity: 1,
        list_minor: 69_800,
        paid_minor: 59_800,
        shipped: None,
    };
    let buyer = NewBuyer {
        external_id: format!("b{n}"),
        name: "王小明".into(),
        phone: format!("100{n:08}"),
        address: "浙江省杭州市余杭区某路 1 号".into(),
        level: String::new(),
    };
    let order = NewOrder {
        order_no: order_no(n),
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
    desk.put_order(&Context::desk(now), SHOP, order).await.map(drop)
}

/// The number of the n-th order.
pub fn order_no(n: usize) -> String {
    format!("B{n:09}")
}

/// What the buyer of the n-th order says.
pub fn complaint(n: usize) -> OpenCase {
    OpenCase {
        order_no: Some(order_no(n)),
        channel: "chat".into(),
        text: "衣服胸口好大一块污渍，你们怎么发的货！退货！".into(),
        request: Some(NewRequest { kind: "return_refund".into(), reason: "defect".into(), amount_minor: None, lines: vec![] }),
        scenario: None,
        external_ref: None,
        severity: Some(2),
        emotion: Some("angry".into()),
    }
}

async fn open(desk: &Desk, n: usize) -> Result<(), aftercare_app::Error> {
    let context = Context { key: Some(format!("bench-{n}")), ..Context::desk(desk.clock.now()) };
    desk.open_case(&context, SHOP, complaint(n)).await.map(drop)
}
