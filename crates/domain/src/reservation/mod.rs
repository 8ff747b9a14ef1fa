//! Stock held for an exchange or a reship (锁库): held, then shipped, released or expired. Never beyond what is there.
//!
//! Owns the machine and the choice of the warehouse; moves nothing itself.

use crate::names::names;
use crate::refusal::{Code, Refusal};
use crate::time::Micros;

names! {
    /// Where a reservation stands.
    State {
        Held, "held", "已锁库";
        Shipped, "shipped", "已发出";
        Released, "released", "已释放";
        Expired, "expired", "已过期";
    }
}

impl State {
    /// Whether it still keeps stock from others.
    pub const fn holds(self) -> bool {
        matches!(self, Self::Held)
    }

    /// The goods leave with it.
    ///
    /// # Errors
    /// `reservation_ended`.
    pub fn ship(self) -> Result<Self, Refusal> {
        self.leave(Self::Shipped)
    }

    /// It is no longer needed.
    ///
    /// # Errors
    /// `reservation_ended`.
    pub fn release(self) -> Result<Self, Refusal> {
        self.leave(Self::Released)
    }

    /// Its time is up; `None` when it had ended before.
    pub fn expire(self, until: Micros, now: Micros) -> Option<Self> {
        (self.holds() && now >= until).then_some(Self::Expired)
    }

    fn leave(self, to: Self) -> Result<Self, Refusal> {
        if self.holds() { Ok(to) } else { Err(Refusal::new(Code::ReservationEnded).with("state", self)) }
    }
}

/// What one warehouse has of one product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stock {
    /// Which warehouse.
    pub warehouse: String,
    /// Units there.
    pub on_hand: i64,
    /// Units of them held already.
    pub reserved: i64,
}

impl Stock {
    /// Units that nobody holds.
    pub fn free(&self) -> i64 {
        (self.on_hand - self.reserved).max(0)
    }
}

/// Where the units are taken from: the first warehouse that has them all, the one that ships (the first of the list) before others.
///
/// # Errors
/// `bad_input` for a quantity that is not positive; `stock_short` with what is free at most in one place.
pub fn choose(stock: &[Stock], quantity: i64) -> Result<usize, Refusal> {
    if quantity <= 0 {
        return Err(Refusal::new(Code::BadInput).with("field", "quantity").with("problem", "positive"));
    }
    stock.iter().position(|place| place.free() >= quantity).ok_or_else(|| {
        let most = stock.iter().map(Stock::free).max().unwrap_or(0);
        Refusal::new(Code::StockShort).with("wanted", quantity).with("free", most)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stock(rows: &[(&str, i64, i64)]) -> Vec<Stock> {
        rows.iter().map(|(name, on_hand, reserved)| Stock { warehouse: (*name).into(), on_hand: *on_hand, reserved: *reserved }).collect()
    }

    #[test]
    fn the_shipping_warehouse_first_then_a_transfer_then_no() {
        let check = |rows: &[(&str, i64, i64)], quantity: i64, expect: Result<usize, Code>| {
            assert_eq!(choose(&stock(rows), quantity).map_err(|no| no.code), expect, "{rows:?} {quantity}");
        };
        check(&[("main", 3, 1), ("north", 9, 0)], 2, Ok(0));
        check(&[("main", 3, 2), ("north", 9, 0)], 2, Ok(1));
        check(&[("main", 1, 0), ("north", 1, 0)], 2, Err(Code::StockShort));
        check(&[], 1, Err(Code::StockShort));
        check(&[("main", 3, 0)], 0, Err(Code::BadInput));
    }

    #[test]
    fn ends_once() {
        let now = Micros(10);
        assert_eq!(State::Held.expire(Micros(11), now), None, "not early");
        assert_eq!(State::Held.expire(Micros(10), now), Some(State::Expired));
        for ended in [State::Shipped, State::Released, State::Expired] {
            assert_eq!(ended.expire(Micros(1), now), None);
            assert_eq!(ended.ship().map_err(|no| no.code), Err(Code::ReservationEnded));
            assert_eq!(ended.release().map_err(|no| no.code), Err(Code::ReservationEnded));
        }
        assert_eq!(State::Held.ship(), Ok(State::Shipped));
    }

    proptest! {
        /// Reserving as long as it is allowed never holds more than is there.
        #[test]
        fn never_beyond_stock(rows in prop::collection::vec((0..20i64, 0..5i64), 1..4), wishes in prop::collection::vec(1..6i64, 1..30)) {
            let mut places: Vec<Stock> = rows.iter().map(|(on_hand, reserved)| {
                Stock { warehouse: String::new(), on_hand: *on_hand, reserved: (*reserved).min(*on_hand) }
            }).collect();
            for wish in wishes {
                if let Ok(at) = choose(&places, wish) {
                    places[at].reserved += wish;
                }
                prop_assert!(places.iter().all(|place| place.reserved <= place.on_hand));
            }
        }
    }
}
