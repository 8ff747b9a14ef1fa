//! The board's figures, the articles that come back, and the cases behind a figure.

use crate::call::Call;
use crate::route::{Access::May, Route, get};
use aftercare_app::figures::{DrillQuery, Period};
use aftercare_domain::id::ShopId;
use aftercare_domain::people::Action::ReadReports;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/shops/{shop}/figures", May(ReadReports), "The figures of a period, day by day", async |call: Call<ShopId>, period: Period| {
            call.desk.board(&call.context, call.at, period).await
        }),
        get(
            "/shops/{shop}/figures/products",
            May(ReadReports),
            "Articles, how often they come back, and which stand out",
            async |call: Call<ShopId>, period: Period| call.desk.product_rates(&call.context, call.at, period).await,
        ),
        get("/shops/{shop}/figures/cases", May(ReadReports), "The cases behind a figure", async |call: Call<ShopId>, query: DrillQuery| {
            call.desk.drill(&call.context, call.at, query).await
        }),
    ]
}
