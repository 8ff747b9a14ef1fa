//! Cases that become one, become two, or hang together.

use crate::call::Call;
use crate::route::{Access::May, Empty, Route, post};
use aftercare_app::case::contact::NewContact;
use aftercare_app::case::link::LinkCase;
use aftercare_app::case::merge::MergeInto;
use aftercare_app::case::split::SplitCase;
use aftercare_app::command::CaseRef;
use aftercare_domain::people::Action;

pub(super) fn routes() -> Vec<Route> {
    vec![
        post(
            "/shops/{shop}/cases/{case}/merge",
            May(Action::Merge),
            "Merge this case into another",
            async |call: Call<CaseRef>, input: MergeInto| call.desk.merge_case(&call.context, call.at, input).await,
        ),
        post("/shops/{shop}/cases/{case}/unmerge", May(Action::Merge), "Take a merge back", async |call: Call<CaseRef>, _: Empty| {
            call.desk.unmerge_case(&call.context, call.at).await
        }),
        post(
            "/shops/{shop}/cases/{case}/split",
            May(Action::Split),
            "Split requests off into a case of their own",
            async |call: Call<CaseRef>, input: SplitCase| call.desk.split_case(&call.context, call.at, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/unsplit",
            May(Action::Split),
            "Bring a split-off case back",
            async |call: Call<CaseRef>, _: Empty| call.desk.unsplit_case(&call.context, call.at).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/link",
            May(Action::Merge),
            "Link another case, or take the link back",
            async |call: Call<CaseRef>, input: LinkCase| call.desk.link_case(&call.context, call.at, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/children/contacts",
            May(Action::Contact),
            "One reply to the buyers of all open children of an incident",
            async |call: Call<CaseRef>, input: NewContact| call.desk.reply_to_children(&call.context, call.at, input).await,
        ),
    ]
}
