//! Orders as a platform gives them. Owns the sums: discounts are divided over lines so that everything adds up to the fen.

use super::goods::Product;
use aftercare_domain::money::allocate;
use aftercare_domain::time::Micros;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// One line of an order. `paid_minor = unit_minor × quantity − shop_discount_minor − platform_discount_minor`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Place in the order, from 1.
    pub line_no: i64,
    /// Number of the variant.
    pub sku: String,
    /// Name of the product.
    pub title: String,
    /// The variant.
    pub spec: String,
    /// Category, as text.
    pub category: String,
    /// Whether it is bulky.
    pub bulky: bool,
    /// Pieces.
    pub quantity: i64,
    /// List price of one.
    pub unit_minor: i64,
    /// Its part of the shop's coupon.
    pub shop_discount_minor: i64,
    /// Its part of the platform's coupon.
    pub platform_discount_minor: i64,
    /// What the buyer paid for the line.
    pub paid_minor: i64,
    /// Pieces that left the warehouse.
    pub shipped: i64,
}

/// One payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Number of the payment.
    pub payment_no: String,
    /// `wallet`, `card` or `credit`.
    pub means: String,
    /// What was captured.
    pub captured_minor: i64,
}

/// An order. `paid_minor = Σ line.paid_minor + freight_minor = Σ payment.captured_minor`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The platform's number.
    pub order_no: String,
    /// Code of the shop.
    pub shop: String,
    /// The buyer's nick.
    pub buyer: String,
    /// `paid`, `reviewed`, `shipped`, `signed` or `finished`.
    pub state: String,
    /// When it was paid.
    pub paid_at: Micros,
    /// When the first parcel left.
    pub shipped_at: Option<Micros>,
    /// When the parcel was signed for.
    pub signed_at: Option<Micros>,
    /// The goods.
    pub lines: Vec<Line>,
    /// Freight the buyer paid.
    pub freight_minor: i64,
    /// The shop's coupon over all lines.
    pub shop_discount_minor: i64,
    /// The platform's coupon over all lines.
    pub platform_discount_minor: i64,
    /// What the buyer paid in all.
    pub paid_minor: i64,
    /// How it was paid.
    pub payments: Vec<Payment>,
    /// Whether a return insurance goes with it.
    pub insured: bool,
    /// Flag colour, where there is one.
    pub flag: Option<String>,
    /// Remarks by the shop.
    pub remarks: Vec<String>,
}

/// What is known before the sums are made.
pub(crate) struct Draft<'a> {
    pub(crate) serial: usize,
    pub(crate) shop: &'a str,
    pub(crate) platform: &'a str,
    pub(crate) buyer: &'a str,
    pub(crate) paid_at: Micros,
    /// Product, place of the variant, pieces.
    pub(crate) goods: Vec<(&'a Product, usize, i64)>,
}

/// Makes the order: coupons, freight and payments by chance, sums by arithmetic.
pub(crate) fn make(dice: &mut ChaCha8Rng, draft: Draft<'_>) -> Order {
    let listed: Vec<i64> = draft.goods.iter().map(|(product, _, quantity)| product.price * quantity).collect();
    let total: i64 = listed.iter().sum();
    let of_shop = if dice.random_bool(0.4) { (total * dice.random_range(2..12) / 100).min(5_000) } else { 0 };
    let of_platform = if dice.random_bool(0.3) { (total / 20_000 * 2_000).min(8_000) } else { 0 };
    let shop_parts = allocate(of_shop, &listed);
    let platform_parts = allocate(of_platform, &listed);
    let lines: Vec<Line> = draft.goods.iter().enumerate().map(|(at, good)| line(at, *good, shop_parts[at], platform_parts[at])).collect();
    let freight_minor = if total < 9_900 && dice.random_bool(0.5) { dice.random_range(6..=15) * 100 } else { 0 };
    let paid_minor = lines.iter().map(|line| line.paid_minor).sum::<i64>() + freight_minor;
    let order_no = order_no(draft.platform, draft.serial);
    Order {
        payments: payments(dice, &order_no, paid_minor),
        order_no,
        shop: draft.shop.to_owned(),
        buyer: draft.buyer.to_owned(),
        state: "paid".to_owned(),
        paid_at: draft.paid_at,
        shipped_at: None,
        signed_at: None,
        lines,
        freight_minor,
        shop_discount_minor: of_shop,
        platform_discount_minor: of_platform,
        paid_minor,
        insured: dice.random_bool(0.5),
        flag: None,
        remarks: Vec::new(),
    }
}

fn line(at: usize, (product, variant, quantity): (&Product, usize, i64), shop: i64, platform: i64) -> Line {
    Line {
        line_no: at as i64 + 1,
        sku: product.variant(variant),
        title: product.title.clone(),
        spec: product.specs[variant].clone(),
        category: product.category.clone(),
        bulky: product.bulky,
        quantity,
        unit_minor: product.price,
        shop_discount_minor: shop,
        platform_discount_minor: platform,
        paid_minor: product.price * quantity - shop - platform,
        shipped: 0,
    }
}

/// Numbers in the manner of each platform, beginning with zeros where real ones do not.
fn order_no(platform: &str, serial: usize) -> String {
    match platform {
        "pdd" => format!("000000-{serial:015}"),
        "jd" => format!("000{serial:09}"),
        _ => format!("0000{serial:015}"),
    }
}

fn payments(dice: &mut ChaCha8Rng, order_no: &str, paid_minor: i64) -> Vec<Payment> {
    let two = paid_minor > 20_000 && dice.random_bool(0.12);
    let first = if two { paid_minor * dice.random_range(20..80) / 100 } else { paid_minor };
    let rows = [("wallet", first), ("credit", paid_minor - first)];
    let row = |(at, (means, captured_minor)): (usize, (&str, i64))| Payment {
        payment_no: format!("{order_no}-P{}", at + 1),
        means: means.to_owned(),
        captured_minor,
    };
    rows.into_iter().take(1 + usize::from(two)).enumerate().map(row).collect()
}
