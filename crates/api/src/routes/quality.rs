//! Quality alerts: the articles that stand out, and what is said to them.

use crate::call::Call;
use crate::route::{Access::May, Route, get, post};
use aftercare_app::quality::{Days, SayWord};
use aftercare_domain::id::ShopId;
use aftercare_domain::people::Action;

pub(super) fn routes() -> Vec<Route> {
    let may = May(Action::ReadReports);
    vec![
        get("/shops/{shop}/quality", may, "Articles that come back more often than usual", async |call: Call<ShopId>, days: Days| {
            call.desk.quality(&call.context, call.at, days).await
        }),
        post(
            "/shops/{shop}/quality/words",
            may,
            "Acknowledge a signal, or open an investigation its cases hang on",
            async |call: Call<ShopId>, word: SayWord| call.desk.say_to_signal(&call.context, call.at, word).await,
        ),
    ]
}
