//! What comes out of a query. Owns the reading of columns by position.

use crate::{DbError, Value};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::time::Micros;

/// One row of an answer, columns in the order of the statement.
#[derive(Debug)]
pub struct Row(pub(crate) Vec<Value>);

impl Row {
    /// Column `at` as `T`; an error when the type does not fit (a fault of the program, not of the data).
    pub fn get<T: FromValue>(&self, at: usize) -> Result<T, DbError> {
        let value = self.0.get(at).ok_or_else(|| DbError::Shape(format!("no column {at}")))?;
        T::from_value(value).ok_or_else(|| DbError::Shape(format!("column {at} holds {value:?}, not {}", std::any::type_name::<T>())))
    }
}

impl Row {
    /// Every column as stored.
    pub fn values(&self) -> &[Value] {
        &self.0
    }
}

/// Types that a column can be read as.
pub trait FromValue: Sized {
    /// `None` when the stored type does not fit.
    fn from_value(value: &Value) -> Option<Self>;
}

macro_rules! read {
    ($($to:ty, $pattern:pat => $make:expr;)*) => {
        $(impl FromValue for $to {
            fn from_value(value: &Value) -> Option<Self> {
                match value { $pattern => $make, _ => None }
            }
        })*
    };
}

read! {
    i64, Value::Int(v) => Some(*v);
    bool, Value::Int(v) => Some(*v != 0);
    String, Value::Text(v) => Some(v.clone());
    Vec<u8>, Value::Blob(v) => Some(v.clone());
    [u8; 32], Value::Blob(v) => v.as_slice().try_into().ok();
    Id, Value::Blob(v) => v.as_slice().try_into().ok().map(Id::from_bytes);
    ShopId, Value::Int(v) => Some(ShopId(*v));
    Micros, Value::Int(v) => Some(Micros(*v));
    serde_json::Value, Value::Text(v) => serde_json::from_str(v).ok();
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            other => T::from_value(other).map(Some),
        }
    }
}
