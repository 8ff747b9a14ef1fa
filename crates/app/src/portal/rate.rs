//! The buyer says how content they are, once the case has ended or the shop has asked. Owns the figure on the case; the last one counts.

use super::{Guest, Kept};
use crate::command::Repeat;
use crate::error::{Result, bad_input};
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use aftercare_domain::refusal::Code;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The mark of a contact that asked for it.
pub(super) const ASKED: &str = "satisfaction";

/// How content the buyer is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BuyerRating {
    /// 1 to 5.
    pub stars: i64,
}

impl Guest {
    /// Keeps the figure; refused while nobody has asked and the case is open.
    pub async fn rate(&self, case: Id, input: BuyerRating) -> Result<Kept> {
        if !(1..=5).contains(&input.stars) {
            return Err(bad_input("stars", "1 to 5"));
        }
        self.act().await?;
        let (at, context) = (self.case(case).await?, self.context());
        let repeat = Repeat::of(&context, format!("rate/{case}"), &input);
        let rated = self.desk.change(&context, at, Action::Contact, false, repeat, move |change| {
            if change.case.open && !change.marked(ASKED) {
                return Err(Code::CaseNotClosed.into());
            }
            if change.case.satisfaction != Some(input.stars) {
                change.case.satisfaction = Some(input.stars);
                change.event("buyer_rated", json!({ "satisfaction": input.stars }));
            }
            Ok(json!({}))
        });
        Ok(Kept { case_id: rated.await?.case_id })
    }
}
