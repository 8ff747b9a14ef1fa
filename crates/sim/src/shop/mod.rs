//! Simulated shops: goods, stock, buyers, orders, parcels, staff and problems, the same for the same seed.
//!
//! Owns: the invented world the demo, the property tests and the benches are fed from; names, phones and streets are made up,
//! phone numbers begin with `100`, where no mobile number lies.
//! Must not: run commands. A [`case::CaseScript`] says what happened, step by step; a seeder replays it through the desk.

mod build;
pub mod buyer;
pub mod case;
pub mod content;
mod expand;
pub mod goods;
pub mod order;
pub mod parcel;
pub mod staff;
pub mod verb;

use aftercare_domain::time::Micros;
use serde::{Deserialize, Serialize};

/// A shop on a platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shop {
    /// Short code, used in addresses.
    pub code: String,
    /// Its name.
    pub title: String,
    /// The platform it is on, as text.
    pub platform: String,
}

/// Everything there is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct World {
    /// The instant the world stands at; nothing in it is later, apart from due times.
    pub now: Micros,
    /// Four shops, each on its own platform.
    pub shops: Vec<Shop>,
    /// The goods of all shops.
    pub products: Vec<goods::Product>,
    /// What is on the shelves.
    pub stock: Vec<goods::Stock>,
    /// Who buys.
    pub buyers: Vec<buyer::Buyer>,
    /// What was bought, oldest first.
    pub orders: Vec<order::Order>,
    /// What was sent, and what came back.
    pub parcels: Vec<parcel::Parcel>,
    /// Who works here.
    pub staff: Vec<staff::Staff>,
    /// The problems, oldest first.
    pub cases: Vec<case::CaseScript>,
}

impl World {
    /// A world of `orders` orders, one in ten with a problem, standing at 2026-11-24 10:00 in Shanghai.
    pub fn make(seed: u64, orders: usize) -> Self {
        Self::make_at(seed, orders, Micros(1_795_485_600_000_000))
    }

    /// The same world standing at another instant.
    pub fn make_at(seed: u64, orders: usize, now: Micros) -> Self {
        build::world(seed, orders, now)
    }
}

/// The four shops.
pub fn shops() -> Vec<Shop> {
    let rows = [
        ("qinghe", "青禾生活旗舰店", "tmall"),
        ("jizhou", "极昼数码专营店", "jd"),
        ("xiaoman", "小满好物铺", "pdd"),
        ("lumian", "鹿眠小店", "douyin"),
    ];
    rows.map(|(code, title, platform)| Shop { code: code.into(), title: title.into(), platform: platform.into() }).into()
}
