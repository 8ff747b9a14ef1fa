//! An offer goes to the buyer. Owns the command: all five parts are said, the gate lets them pass, and their validity has an end.

use super::load;
use crate::case::contact::{Override, Saying, say};
use crate::command::{CaseRef, Changed, Repeat};
use crate::error::{Result, bad_input};
use crate::{Context, Desk, timer};
use aftercare_domain::case::Happened;
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use aftercare_domain::time::Span;
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// How it is sent.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendOffer {
    /// Hours for which a yes binds the shop.
    #[serde(default = "usual")]
    pub valid_for_h: i64,
    /// Although the gate warns or refuses what may be lifted.
    #[serde(default, rename = "override")]
    pub over: Option<Override>,
}

fn usual() -> i64 {
    48
}

impl Desk {
    /// Sends an offer: it is a contact as any other, and binds until its end.
    pub async fn send_offer(&self, context: &Context, at: CaseRef, id: Id, input: SendOffer) -> Result<Changed> {
        if !(1..=24 * 30).contains(&input.valid_for_h) {
            return Err(bad_input("valid_for_h", "1 to 720"));
        }
        let repeat = Repeat::of(context, format!("offer/{id}/send"), &input);
        self.change(context, at, Action::SendOffer, true, repeat, move |change| {
            change.must_be_open()?;
            let stored = load(change, id)?;
            let now = change.context.now;
            let valid_until = now + Span::hours(input.valid_for_h);
            let sent = stored.offer.send(&stored.words.content(), now, valid_until)?;
            let channel = change.case.channel.clone();
            let text = stored.words.text();
            let saying = Saying { channel: &channel, text: &text, marks: &[], script: None, knowledge: None, over: input.over.as_ref(), offer: Some(id) };
            let contact = say(change, &saying)?;
            let sql = "UPDATE offer SET state = $4, valid_until = $5, sent_at = $6 WHERE shop_id = $1 AND case_id = $2 AND id = $3";
            let params = values![change.case.shop, change.case.id, id, sent.state.as_str(), valid_until, now];
            change.tx.execute(sql, &params)?;
            timer::set(change, "offer", id, valid_until, json!({}));
            change.event(
                "offer_sent",
                json!({ "offer": id, "contact": contact, "remedy": stored.remedy, "means": stored.means, "amount_minor": stored.amount_minor, "valid_until": valid_until }),
            );
            change.happened(Happened::Offered)?;
            Ok(json!({ "offer_id": id, "state": sent.state, "contact_id": contact, "valid_until": valid_until }))
        })
        .await
    }
}
