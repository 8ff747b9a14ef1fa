//! The order as far as after-sales work may still touch it: what a change of it takes in each state.
//!
//! Owns the order's states and the ways of changing it. Money and units of an order belong to the ledger.

mod change;

pub use change::{Kind, Way, way};

use crate::names::names;

names! {
    /// How far an order is (`order.state`).
    State {
        Unpaid, "unpaid", "未付款";
        Paid, "paid", "已付款未审";
        Reviewed, "reviewed", "已审单";
        LabelPrinted, "label_printed", "已打单";
        Packed, "packed", "已打包";
        Shipped, "shipped", "已发货";
        Signed, "signed", "已签收";
        Completed, "completed", "交易成功";
        Closed, "closed", "交易关闭";
    }
}

names! {
    /// The flag of an order (插旗), in the platforms' order of colours; what a colour means is the shop's. Grey is none.
    Flag {
        Grey, "grey", "灰";
        Red, "red", "红";
        Yellow, "yellow", "黄";
        Green, "green", "绿";
        Blue, "blue", "蓝";
        Pink, "pink", "粉";
    }
}

impl Flag {
    /// Its number in the platforms' lists and in the store, 0 to 5.
    pub const fn number(self) -> i64 {
        self as i64
    }
}

impl State {
    /// The parcel has left.
    pub const fn is_out(self) -> bool {
        matches!(self, Self::Shipped | Self::Signed | Self::Completed)
    }
}
