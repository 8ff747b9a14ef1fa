//! What the shop sells and has.

use crate::call::Call;
use crate::route::{Access::May, Empty, Route, get, post};
use aftercare_app::shop::goods::{OnHand, Product};
use aftercare_domain::id::ShopId;
use aftercare_domain::people::Action::{Import, ReadCase};
use serde::Deserialize;

/// A thousand products with their cards.
const LIMIT: usize = 8 << 20;

pub(super) fn routes() -> Vec<Route> {
    vec![
        post("/shops/{shop}/products", May(Import), "Take in products; known numbers are replaced", async |call: Call<ShopId>, all: Vec<Product>| {
            call.desk.put_products(&call.context, call.at, all).await
        })
        .limit(LIMIT),
        get("/shops/{shop}/products/{sku}", May(ReadCase), "The card of a product", async |call: Call<(ShopId, String)>, _: Empty| {
            call.desk.product(&call.context, call.at.0, &call.at.1).await
        }),
        post("/shops/{shop}/stock", May(Import), "Take in what is on the shelves", async |call: Call<ShopId>, all: Vec<OnHand>| {
            call.desk.put_stock(&call.context, call.at, all).await
        })
        .limit(LIMIT),
        get("/shops/{shop}/stock", May(ReadCase), "What is on the shelves, by number, and what of it is held", async |call: Call<ShopId>, from: From| {
            call.desk.stock(&call.context, call.at, from.cursor).await
        }),
    ]
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct From {
    /// The `next` of the page before.
    cursor: Option<String>,
}
