//! Roles: the matrix, those of the shop's own, and who has which.

use crate::call::Call;
use crate::route::{Access::May, Empty, Route, ask, get};
use aftercare_app::access::role::{GiveRole, KeepRole};
use aftercare_domain::id::Id;
use aftercare_domain::people::Action::ManageUsers;
use serde::Serialize;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/roles", May(ManageUsers), "Every role and what it may do", async |call: Call, _: Empty| call.desk.roles(&call.context).await),
        ask("/roles", May(ManageUsers), "Make a role of the shop's own from a built-in one", async |call: Call, it: KeepRole| {
            Ok(Made { id: call.desk.add_role(&call.context, it).await?.to_string() })
        }),
        ask("/roles/{id}", May(ManageUsers), "Change a role of the shop's own", async |call: Call<Id>, it: KeepRole| {
            call.desk.keep_role(&call.context, call.at, it).await.map(|()| Empty {})
        }),
        ask("/roles/{id}", May(ManageUsers), "Take a role away that nobody has", async |call: Call<Id>, _: Empty| {
            call.desk.remove_role(&call.context, call.at).await.map(|()| Empty {})
        })
        .delete(),
        ask("/staff/{name}/role", May(ManageUsers), "Give somebody another role", async |call: Call, it: GiveRole| {
            let name = call.visit.param("name").unwrap_or_default();
            call.desk.give_role(&call.context, name, it).await.map(|()| Empty {})
        }),
    ]
}

/// The new role.
#[derive(Serialize, utoipa::ToSchema)]
struct Made {
    id: String,
}
