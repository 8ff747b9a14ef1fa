//! Money of a case: refunds and payouts, and the effects that carry them out.

use crate::call::Call;
use crate::route::{Access::May, Empty, Route, ask, get, post};
use aftercare_app::command::CaseRef;
use aftercare_app::effect::by_person::SettleEffect;
use aftercare_app::effect::list::Standing;
use aftercare_app::payout::AskPayout;
use aftercare_app::refund::{AskRefund, PreviewRefund};
use aftercare_app::worklist::WorkQuery;
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use serde::Deserialize;

/// Which effects.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct Effects {
    /// person, unknown or running; person when absent.
    state: Option<String>,
    /// Only this team's.
    team: Option<String>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// Rows, up to 200.
    limit: Option<i64>,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/effects", May(Action::ReadEffects), "Effects that a person, the platform or the desk is at", async |call: Call, of: Effects| {
            let standing = Standing::parse(of.state.as_deref().unwrap_or("person"))?;
            let query = WorkQuery { team: of.team, cursor: of.cursor, limit: of.limit };
            call.desk.effects(&call.context, standing, query).await
        }),
        ask(
            "/shops/{shop}/cases/{case}/refunds/preview",
            May(Action::ReadCase),
            "Work a refund out, component by component",
            async |call: Call<CaseRef>, input: PreviewRefund| call.desk.preview_refund(&call.context, call.at, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/refunds",
            May(Action::Refund),
            "Decide a refund; it leaves after the hold",
            async |call: Call<CaseRef>, input: AskRefund| call.desk.ask_refund(&call.context, call.at, input).await,
        )
        .versioned(),
        post(
            "/shops/{shop}/cases/{case}/payouts",
            May(Action::Payout),
            "Decide a payout, by the platform or by finance",
            async |call: Call<CaseRef>, input: AskPayout| call.desk.ask_payout(&call.context, call.at, input).await,
        )
        .versioned(),
        post(
            "/shops/{shop}/cases/{case}/effects/{id}/settle",
            May(Action::SettleEffect),
            "Record what a person did or found out, with proof",
            async |call: Call<(CaseRef, Id)>, input: SettleEffect| {
                call.desk.settle_effect(&call.context, call.at.0, call.at.1, input).await
            },
        ),
        post(
            "/shops/{shop}/cases/{case}/effects/{id}/cancel",
            May(Action::CancelEffect),
            "Take an effect back before it leaves",
            async |call: Call<(CaseRef, Id)>, _: Empty| call.desk.cancel_effect(&call.context, call.at.0, call.at.1).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/remedies/{id}/take-back",
            May(Action::CancelEffect),
            "Undo what was decided, whole, while nothing of it has left",
            async |call: Call<(CaseRef, Id)>, _: Empty| call.desk.take_back(&call.context, call.at.0, call.at.1).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/effects/{id}/query",
            May(Action::CancelEffect),
            "Have the platform asked once more",
            async |call: Call<(CaseRef, Id)>, _: Empty| call.desk.query_effect(&call.context, call.at.0, call.at.1).await,
        ),
    ]
}
