//! Orders as the shop's system tells them.

use crate::call::Call;
use crate::route::{Access::May, Route, post};
use aftercare_app::order::NewOrder;
use aftercare_domain::id::ShopId;
use aftercare_domain::people::Action::Import;

pub(super) fn routes() -> Vec<Route> {
    vec![post(
        "/shops/{shop}/orders",
        May(Import),
        "Take in an order, or later facts of a known one",
        async |call: Call<ShopId>, order: NewOrder| call.desk.put_order(&call.context, call.at, order).await,
    )]
}
