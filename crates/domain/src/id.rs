//! Identifiers. Owns their shape and text form; never makes one by itself (ids are given by the caller).

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// A row's identifier: UUID v7, 16 bytes, ordered by time of making. It is a name, never a secret.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(Uuid);

impl Id {
    /// The id made of these 16 bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    /// The id of nothing.
    pub const fn nil() -> Self {
        Self(Uuid::nil())
    }

    /// An id whose first 48 bits are `unix_ms`, the rest being `random` (version and variant bits are set here).
    pub fn v7(unix_ms: u64, random: [u8; 10]) -> Self {
        Self(uuid::Builder::from_unix_timestamp_millis(unix_ms, &random).into_uuid())
    }

    /// The 16 bytes as stored.
    pub fn bytes(self) -> [u8; 16] {
        *self.0.as_bytes()
    }

    /// Reads the hyphenated or plain hexadecimal text form.
    pub fn parse(text: &str) -> Option<Self> {
        Uuid::parse_str(text).ok().map(Self)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One store on one sales platform; a small number given at set-up, the first key of every business table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ShopId(pub i64);

impl fmt::Display for ShopId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
