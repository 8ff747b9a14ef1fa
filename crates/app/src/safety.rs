//! Switches that take one safety mechanism away, so that its test can show that it fails without it (docs/SAFETY.md).
//!
//! They exist in test builds only: elsewhere every mechanism holds and the question costs nothing. A switch is named in the environment,
//! `AFTERCARE_WITHOUT=fence`, so that a control is the test's own command with one word before it.

use std::fmt;

macro_rules! mechanisms {
    ($($name:ident, $text:literal, $about:literal;)*) => {
        /// A mechanism that can be taken away.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Safety { $(#[doc = $about] $name,)* }

        impl Safety {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name in the environment.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

mechanisms! {
    OrderLock, "order_lock", "The order's row is locked before its money or goods are judged.";
    RepeatClaim, "repeat_claim", "An idempotency key is put down before anything is decided.";
    DayLock, "day_lock", "A person's day is locked before it is judged what they may spend.";
    Fence, "fence", "An answer counts only under the latest claim of an effect whose result is open.";
    AskFirst, "ask_first", "After a lost answer the platform is asked, never called anew.";
    Hold, "hold", "Money waits a little before it leaves.";
    TakeBack, "take_back", "What has left is not taken back any more.";
    Signature, "signature", "A callback is believed only when the platform signed it.";
    EventOnce, "event_once", "An event's number counts once.";
    RefundNumberOnce, "refund_number_once", "A platform's number of a refund is booked once.";
    ApprovalMatter, "approval_matter", "An approval is void once money, goods or remedy changed.";
    SerialOnce, "serial_once", "A serial number proves one effect only.";
    ImportPlace, "import_place", "A batch of an import is written together with the place where the next one begins.";
    BulkKey, "bulk_key", "A row of a bulk job carries a key of its own, so that a row done twice is done once.";
    PortalTries, "portal_tries", "Attempts to get at an order on the buyer's page are counted and slowed down.";
    TotpOnce, "totp_once", "A code of the second factor counts once.";
    GoodsFirst, "goods_first", "Money for goods that come back leaves after them.";
}

impl fmt::Display for Safety {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether the mechanism is at work.
#[cfg(feature = "testing")]
pub(crate) fn holds(which: Safety) -> bool {
    static WITHOUT: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    let without = WITHOUT.get_or_init(|| std::env::var("AFTERCARE_WITHOUT").unwrap_or_default());
    without != which.as_str()
}

/// Whether the mechanism is at work: always.
#[cfg(not(feature = "testing"))]
pub(crate) const fn holds(_: Safety) -> bool {
    true
}
