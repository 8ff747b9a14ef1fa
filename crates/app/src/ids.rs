//! New identifiers. Owns randomness of ids; ids are names, never secrets.

use aftercare_domain::id::Id;
use aftercare_domain::time::Micros;
use aftercare_store::vault;
use std::sync::atomic::{AtomicU32, Ordering};

/// Makes ids of one process sort in the order of their making, also within one millisecond (26 bits, then around again).
static SEQUENCE: AtomicU32 = AtomicU32::new(0);

/// A new id that sorts by `now` and, within one process, by the order of making.
pub fn new_id(now: Micros) -> Id {
    let mut tail = vault::random::<10>();
    let n = SEQUENCE.fetch_add(1, Ordering::Relaxed);
    // The version takes the upper half of byte 0, the variant the upper two bits of byte 2.
    tail[0] = (n >> 22) as u8 & 0x0f;
    tail[1] = (n >> 14) as u8;
    tail[2] = (n >> 8) as u8 & 0x3f;
    tail[3] = n as u8;
    Id::v7(u64::try_from(now.as_millis()).unwrap_or(0), tail)
}

/// A secret for sessions and tokens: 256 random bits as hexadecimal text. Only its hash is stored.
pub fn new_secret() -> String {
    vault::hex(&vault::random::<32>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_moment_sort_in_the_order_of_making() {
        let now = Micros(1_700_000_000_000_000);
        let ids: Vec<Id> = (0..3_000).map(|_| new_id(now)).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
