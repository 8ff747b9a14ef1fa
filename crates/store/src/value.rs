//! What goes into a statement. Owns the mapping of Rust values to the three storage types.

use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::time::{Micros, Span};

/// A stored value: 64-bit integer, text or bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Absent.
    Null,
    /// Numbers, times (epoch microseconds), money (minor units) and flags (0 or 1).
    Int(i64),
    /// Text and JSON.
    Text(String),
    /// Ids, hashes and sealed data.
    Blob(Vec<u8>),
}

/// The parameters of a statement: `values![shop, id, 3]`.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { [$($crate::Value::from($value)),*] };
}

macro_rules! from {
    ($($from:ty, $value:ident => $make:expr;)*) => {
        $(impl From<$from> for Value { fn from($value: $from) -> Self { $make } })*
    };
}

from! {
    i64, v => Self::Int(v);
    i32, v => Self::Int(i64::from(v));
    u32, v => Self::Int(i64::from(v));
    bool, v => Self::Int(i64::from(v));
    String, v => Self::Text(v);
    &String, v => Self::Text(v.clone());
    &str, v => Self::Text(v.to_owned());
    Vec<u8>, v => Self::Blob(v);
    &[u8], v => Self::Blob(v.to_vec());
    [u8; 32], v => Self::Blob(v.to_vec());
    [u8; 16], v => Self::Blob(v.to_vec());
    Id, v => Self::Blob(v.bytes().to_vec());
    ShopId, v => Self::Int(v.0);
    Micros, v => Self::Int(v.0);
    Span, v => Self::Int(v.0);
    serde_json::Value, v => Self::Text(v.to_string());
    &serde_json::Value, v => Self::Text(v.to_string());
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
