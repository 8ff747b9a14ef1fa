//! Orders as the shop's system tells them, and everything known of one.

use crate::call::Call;
use crate::route::{Access::May, Empty, Route, get, post};
use aftercare_app::order::NewOrder;
use aftercare_domain::id::ShopId;
use aftercare_domain::people::Action::{Import, ReadCase};

pub(super) fn routes() -> Vec<Route> {
    vec![
        post(
            "/shops/{shop}/orders",
            May(Import),
            "Take in an order, or later facts of a known one",
            async |call: Call<ShopId>, order: NewOrder| call.desk.put_order(&call.context, call.at, order).await,
        ),
        get(
            "/shops/{shop}/orders/{order_no}",
            May(ReadCase),
            "One order: lines, payments, parcels, ledger, remarks, cases, buyer",
            async |call: Call<(ShopId, String)>, _: Empty| {
                let (shop, order_no) = call.at;
                call.desk.order_view(&call.context, shop, order_no).await
            },
        ),
    ]
}
