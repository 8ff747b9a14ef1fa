//! Yes, no, or nobody knows. Owns the three-valued connectives (Kleene's).

use serde::{Serialize, Serializer};
use std::ops::Not;

/// A truth that may be unknown. In JSON: `true`, `false`, `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// It holds.
    Yes,
    /// A fact is missing to tell.
    Unknown,
    /// It does not hold.
    No,
}

impl Truth {
    /// Of something known.
    pub const fn of(known: bool) -> Self {
        if known { Self::Yes } else { Self::No }
    }

    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.max(other)
    }

    /// One of them holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.min(other)
    }

    /// It holds for certain.
    pub fn is_yes(self) -> bool {
        self == Self::Yes
    }

    /// It fails for certain.
    pub fn is_no(self) -> bool {
        self == Self::No
    }

    /// Known or not.
    pub const fn known(self) -> Option<bool> {
        match self {
            Self::Yes => Some(true),
            Self::Unknown => None,
            Self::No => Some(false),
        }
    }

    /// ✓, ✗ or ?.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Yes => "✓",
            Self::Unknown => "?",
            Self::No => "✗",
        }
    }
}

impl Not for Truth {
    type Output = Self;
    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::Unknown => Self::Unknown,
            Self::No => Self::Yes,
        }
    }
}

impl Serialize for Truth {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.known().serialize(serializer)
    }
}
