//! People, tokens and shops of the desk.

use crate::call::Call;
use crate::route::{Access::May, Access::Signed, Empty, Route, ask, get, post};
use aftercare_app::Result;
use aftercare_app::access::people::{Colleague, TokenRow};
use aftercare_app::access::staff::NewStaff;
use aftercare_app::access::token::NewToken;
use aftercare_app::error::{bad_input, not_found};
use aftercare_app::shop::NewShop;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::Action::{ManageSettings, ManageTokens, ManageUsers, ReadQueue};
use aftercare_domain::people::Role;
use aftercare_domain::time::Span;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/staff", May(ReadQueue), "Everybody at the desk", async |call: Call, _: Empty| {
            Ok(Everybody { items: call.desk.colleagues(&call.context).await? })
        }),
        ask("/staff", May(ManageUsers), "Add a person", hire),
        ask("/staff/{name}/disable", May(ManageUsers), "End a person's sessions and tokens for good", async |call: Call, _: Empty| {
            let name = call.visit.param("name").unwrap_or_default();
            call.desk.disable_staff(&call.context, name).await.map(|()| Empty {})
        }),
        ask("/me/password", Signed, "Set a new password of one's own; every session ends", async |call: Call, it: NewPassword| {
            call.desk.change_password(&call.context, &it.present, &it.new).await.map(|()| Empty {})
        }),
        get("/tokens", May(ManageTokens), "Live API tokens", async |call: Call, _: Empty| {
            Ok(Tokens { items: call.desk.tokens(&call.context).await? })
        }),
        ask("/tokens", May(ManageTokens), "Make an API token; its secret is shown once", issue),
        ask("/tokens/{id}/revoke", May(ManageTokens), "End an API token at once", async |call: Call<String>, _: Empty| {
            let id = call.visit.param("id").unwrap_or_default();
            call.desk.revoke_token(&call.context, id).await.map(|()| Empty {})
        }),
        ask("/shops", May(ManageSettings), "Add a shop; whoever adds it sees it", async |call: Call, new: NewShop| {
            Ok(Added { id: call.desk.open_shop(&call.context, new).await?.to_string() })
        }),
        get("/shops/{shop}/settings", May(ReadQueue), "The shop's settings as far as they are set", async |call: Call<ShopId>, _: Empty| {
            call.desk.shop_settings(&call.context, call.at).await
        }),
        post("/shops/{shop}/settings", May(ManageSettings), "Set parts of the shop's settings", async |call: Call<ShopId>, parts: Value| {
            let parts = parts.as_object().cloned().ok_or_else(|| bad_input("body", "a table of parts"))?;
            call.desk.set_shop_settings(&call.context, call.at, parts).await
        }),
    ]
}

#[derive(Serialize, utoipa::ToSchema)]
struct Everybody {
    items: Vec<Colleague>,
}

#[derive(Serialize, utoipa::ToSchema)]
struct Tokens {
    items: Vec<TokenRow>,
}

/// What was added.
#[derive(Serialize, utoipa::ToSchema)]
struct Added {
    id: String,
}

/// A person to add.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Hire {
    name: String,
    display_name: String,
    agent_no: String,
    role: String,
    /// At least twelve characters; absent for programs.
    password: Option<String>,
    /// Codes of shops the caller sees; all of these when empty.
    #[serde(default)]
    shops: Vec<String>,
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    present: String,
    new: String,
}

/// A token to make.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Issue {
    /// Whose role, shops and limits it has.
    staff: String,
    label: String,
    /// Names of actions.
    scopes: Vec<String>,
    /// Ends after so many days.
    days: Option<i64>,
}

/// The secret, shown once.
#[derive(Serialize, utoipa::ToSchema)]
struct Issued {
    token: String,
}

async fn hire(call: Call, it: Hire) -> Result<Added> {
    let role = Role::parse(&it.role).ok_or_else(|| bad_input("role", "there is no such role"))?;
    let mut shops = Vec::new();
    for code in &it.shops {
        shops.push(call.visit.api.shop(code).await?.ok_or_else(|| not_found("shop"))?);
    }
    let new = NewStaff { name: it.name, display_name: it.display_name, agent_no: it.agent_no, role, password: it.password, shops };
    let id: Id = call.desk.hire(&call.context, new).await?;
    Ok(Added { id: id.to_string() })
}

async fn issue(call: Call, it: Issue) -> Result<Issued> {
    let new = NewToken { staff: it.staff, label: it.label, scopes: it.scopes, lasts: it.days.map(Span::days) };
    Ok(Issued { token: call.desk.issue_token(&call.context, new).await? })
}
