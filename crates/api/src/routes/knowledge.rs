//! A shop's own scripts, articles and reasons for a refusal.

use crate::call::Call;
use crate::route::{Access::May, Empty, Route, get, post};
use aftercare_app::command::CaseRef;
use aftercare_app::knowledge::{ChangeKnowledge, NewKnowledge, RunMacro};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::people::Action;

pub(super) fn routes() -> Vec<Route> {
    vec![
        get(
            "/shops/{shop}/knowledge",
            May(Action::ReadPlaybooks),
            "The shop's own texts that one sees",
            async |call: Call<ShopId>, _: Empty| call.desk.knowledge(&call.context, call.at).await,
        ),
        get(
            "/shops/{shop}/knowledge/{id}",
            May(Action::ReadPlaybooks),
            "One text with its versions",
            async |call: Call<(ShopId, Id)>, _: Empty| call.desk.knowledge_entry(&call.context, call.at.0, call.at.1).await,
        ),
        post(
            "/shops/{shop}/knowledge",
            May(Action::WriteKnowledge),
            "Write a text; a shared one needs the right to take care of those",
            async |call: Call<ShopId>, input: NewKnowledge| call.desk.write_knowledge(&call.context, call.at, input).await,
        ),
        post(
            "/shops/{shop}/knowledge/{id}/change",
            May(Action::WriteKnowledge),
            "Change what a text says, its code, the scenarios it suits",
            async |call: Call<(ShopId, Id)>, input: ChangeKnowledge| {
                call.desk.change_knowledge(&call.context, call.at.0, call.at.1, input).await
            },
        ),
        post(
            "/shops/{shop}/knowledge/{id}/review",
            May(Action::WriteKnowledge),
            "A text was read and still holds",
            async |call: Call<(ShopId, Id)>, _: Empty| call.desk.review_knowledge(&call.context, call.at.0, call.at.1).await,
        ),
        post(
            "/shops/{shop}/knowledge/{id}/retire",
            May(Action::WriteKnowledge),
            "Take a text out of use",
            async |call: Call<(ShopId, Id)>, _: Empty| call.desk.retire_knowledge(&call.context, call.at.0, call.at.1).await,
        ),
        get(
            "/shops/{shop}/cases/{case}/knowledge",
            May(Action::Contact),
            "The shop's own texts, filled in for a case",
            async |call: Call<CaseRef>, _: Empty| call.desk.ready_knowledge(&call.context, call.at).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/knowledge/{id}/run",
            May(Action::Note),
            "Run a macro: its reply and all its steps, or none; it never moves money",
            async |call: Call<(CaseRef, Id)>, input: RunMacro| call.desk.run_macro(&call.context, call.at.0, call.at.1, input).await,
        ),
    ]
}
