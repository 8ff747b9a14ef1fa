//! The buyer asks, changes what they ask for, or takes it back. Owns these three commands.

use super::{dated, end, load};
use crate::case::facts;
use crate::case::open::{LineQuantity, NewRequest, add_request, check_request};
use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::error::Result;
use crate::exchange;
use crate::ledger::units;
use crate::{Context, Desk};
use aftercare_domain::case::Happened;
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What is changed; what is absent stays as it is.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeRequest {
    /// Another kind of request: its clocks start anew.
    #[serde(default)]
    pub kind: Option<String>,
    /// Minor units.
    #[serde(default)]
    pub amount_minor: Option<i64>,
    /// Lines and units.
    #[serde(default)]
    pub lines: Option<Vec<LineQuantity>>,
}

impl Desk {
    /// Adds a request to the case.
    pub async fn add_request(&self, context: &Context, at: CaseRef, input: NewRequest) -> Result<Changed> {
        check_request(&input)?;
        let repeat = Repeat::of(context, format!("request/{}", at.id), &input);
        self.change(context, at, Action::Request, false, repeat, move |change| {
            change.must_be_open()?;
            let id = add_request(change.tx, &change.case, change.context.now, &input);
            let opened = json!({ "request": id, "kind": input.kind, "amount_minor": input.amount_minor, "lines": input.lines });
            change.event("request_opened", opened);
            units::take(change, id, &input.lines)?;
            if let Some(amount) = input.amount_minor {
                change.case.amount_minor = amount;
                change.case.queue_key = crate::queue::key(&change.case);
            }
            change.happened(Happened::Objected)?;
            Ok(json!({ "request_id": id }))
        })
        .await
    }

    /// Changes what is asked for.
    pub async fn change_request(&self, context: &Context, at: CaseRef, id: Id, input: ChangeRequest) -> Result<Changed> {
        let repeat = Repeat::of(context, format!("request/{id}/change"), &input);
        self.change(context, at, Action::Request, false, repeat, move |change| {
            change.must_be_open()?;
            changed(change, id, &input)
        })
        .await
    }

    /// The buyer takes the request back.
    pub async fn withdraw_request(&self, context: &Context, at: CaseRef, id: Id) -> Result<Changed> {
        let repeat = Repeat::of(context, format!("request/{id}/withdraw"), &());
        self.change(context, at, Action::Request, false, repeat, move |change| {
            change.must_be_open()?;
            withdrawn(change, id)
        })
        .await
    }
}

/// The request asks for something else from now on. A refused one comes back to life this way, as it does on the platforms.
pub(crate) fn changed(change: &mut Change<'_, '_>, id: Id, input: &ChangeRequest) -> Result<Value> {
    let before = load(change, id)?;
    before.must_be(&["open", "modified", "agreed", "refused"])?;
    let after = NewRequest {
        kind: input.kind.clone().unwrap_or_else(|| before.kind.clone()),
        reason: String::new(),
        amount_minor: input.amount_minor.or(before.amount_minor),
        lines: input.lines.clone().unwrap_or_else(|| before.lines.clone()),
    };
    check_request(&after)?;
    let sql = "UPDATE request SET kind = $4, amount_minor = $5, lines = $6, state = 'modified', ended_at = NULL
        WHERE shop_id = $1 AND case_id = $2 AND id = $3";
    let lines = json!(after.lines);
    change.tx.execute(sql, &values![change.case.shop, change.case.id, id, &after.kind, after.amount_minor, lines])?;
    change.event(
        "request_changed",
        json!({ "request": id, "was": { "kind": before.kind, "amount_minor": before.amount_minor, "state": before.state },
            "kind": after.kind, "amount_minor": after.amount_minor, "lines": after.lines }),
    );
    units::retake(change, id, &after.lines)?;
    dated(change, "request.modified_at");
    if after.kind != before.kind {
        exchange::no_longer_asked(change)?;
        dated(change, "request.type_changed_at");
        facts::set(change, "request.type_changed", Value::Bool(true));
    }
    if let Some(amount) = after.amount_minor {
        change.case.amount_minor = amount;
        change.case.queue_key = crate::queue::key(&change.case);
    }
    change.happened(Happened::Objected)?;
    Ok(json!({ "request_id": id, "state": "modified" }))
}

/// The buyer wants it no more.
pub(crate) fn withdrawn(change: &mut Change<'_, '_>, id: Id) -> Result<Value> {
    load(change, id)?.must_be(&["open", "modified", "agreed", "refused"])?;
    change.tx.execute(
        "UPDATE request SET ended_at = NULL WHERE shop_id = $1 AND case_id = $2 AND id = $3 AND state = 'refused'",
        &values![change.case.shop, change.case.id, id],
    )?;
    end(change, id, "withdrawn")?;
    Ok(json!({ "request_id": id, "state": "withdrawn" }))
}
