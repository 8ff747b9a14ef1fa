//! The second factor of signing in: one's own, and a colleague's whose phone is lost.

use crate::call::Call;
use crate::route::{Access::May, Access::Signed, Empty, Route, ask, get};
use aftercare_app::access::factor::{BeginFactor, GiveFactor};
use aftercare_domain::people::Action::ManageUsers;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/me/factor", Signed, "One's own second factor", async |call: Call, _: Empty| call.desk.factor(&call.context).await),
        ask("/me/factor/begin", Signed, "Begin to set up a second factor; its secret is shown once", async |call: Call, it: BeginFactor| {
            call.desk.begin_factor(&call.context, it).await
        }),
        ask("/me/factor/confirm", Signed, "Turn it on with a first code; recovery codes are shown once", async |call: Call, it: GiveFactor| {
            call.desk.confirm_factor(&call.context, call.visit.session.as_deref(), it).await
        }),
        ask("/me/factor/recovery", Signed, "New recovery codes in place of the old ones", async |call: Call, it: GiveFactor| {
            call.desk.renew_recovery(&call.context, it).await
        }),
        ask("/me/factor/end", Signed, "Turn one's own second factor off", async |call: Call, it: GiveFactor| {
            call.desk.end_factor(&call.context, it).await.map(|()| Empty {})
        }),
        ask("/session/factor", Signed, "Give the second factor again in an open session", async |call: Call, it: GiveFactor| {
            call.desk.give_factor(&call.context, call.visit.session.as_deref(), it).await.map(|()| Empty {})
        }),
        ask("/staff/{name}/factor/reset", May(ManageUsers), "Take a colleague's second factor away", async |call: Call, _: Empty| {
            let name = call.visit.param("name").unwrap_or_default();
            call.desk.reset_factor(&call.context, name).await.map(|()| Empty {})
        }),
    ]
}
