//! What is found out about a case: its kind, facts, evidence, cause.

use crate::call::Call;
use crate::route::{Access::May, Empty, Route, post, raw};
use aftercare_app::Result;
use aftercare_app::case::classify::Classify;
use aftercare_app::case::diagnosis::Diagnosis;
use aftercare_app::case::evidence::{BYTES_LIMIT, NewEvidence};
use aftercare_app::case::facts::GivenFacts;
use aftercare_app::command::CaseRef;
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

pub(super) fn routes() -> Vec<Route> {
    vec![
        post(
            "/shops/{shop}/cases/{case}/classify",
            May(Action::Classify),
            "Correct or confirm what kind of case it is",
            async |call: Call<CaseRef>, input: Classify| call.desk.classify(&call.context, call.at, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/facts",
            May(Action::Note),
            "Record facts that somebody found out",
            async |call: Call<CaseRef>, input: GivenFacts| call.desk.give_facts(&call.context, call.at, input).await,
        ),
        post(
            "/shops/{shop}/cases/{case}/evidence",
            May(Action::Evidence),
            "Add evidence, with its bytes where there are any",
            async |call: Call<CaseRef>, input: NewEvidence| call.desk.add_evidence(&call.context, call.at, input).await,
        )
        // base64 makes four bytes of three
        .limit(BYTES_LIMIT / 3 * 4 + 16 * 1024),
        raw("/shops/{shop}/cases/{case}/evidence/{id}", May(Action::ReadCase), "The bytes of a piece of evidence", bytes),
        post(
            "/shops/{shop}/cases/{case}/diagnosis",
            May(Action::Diagnose),
            "Set cause and responsible party",
            async |call: Call<CaseRef>, input: Diagnosis| call.desk.diagnose(&call.context, call.at, input).await,
        ),
    ]
}

/// Handed out as a download only, so that nothing in it runs as a page of the desk.
async fn bytes(call: Call<(CaseRef, Id)>, _: Empty) -> Result<Response> {
    let found = call.desk.evidence_bytes(&call.context, call.at.0, call.at.1).await?;
    Ok(([(CONTENT_TYPE, found.media_type), (CONTENT_DISPOSITION, "attachment".to_owned())], found.bytes).into_response())
}
