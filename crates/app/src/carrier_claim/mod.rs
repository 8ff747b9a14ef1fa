//! Claims on carriers (快递理赔): opened with an amount, settled by what the carrier paid. Owns the rows; the cost of a case is net of them.

use crate::case::deadline::{self, NewDeadline};
use crate::case::facts;
use crate::command::{CaseRef, Changed, Repeat};
use crate::error::{Result, bad_input, not_found};
use crate::ids::new_id;
use crate::task;
use crate::{Context, Desk};
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use aftercare_domain::playbook::table::Act;
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_domain::time::Span;
use aftercare_store::{Row, Tx, values};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The clock under which the carrier's answer is awaited.
const CLOCK: &str = "follow_up.carrier_claim";
/// Amounts above this are a slip of the keyboard.
const TOP_MINOR: i64 = 1_000_000_000_000;

/// A claim to open.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClaim {
    /// The parcel it is about; the order as a whole when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub parcel_id: Option<Id>,
    /// What is claimed, minor units.
    pub amount_minor: i64,
    /// The carrier is reminded after so many hours without an answer; three days when absent.
    #[serde(default)]
    pub answer_within_h: Option<i64>,
}

/// What the carrier paid.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleClaim {
    /// Minor units; zero: the carrier refused.
    pub paid_minor: i64,
}

const COLUMNS: &[&str] = &["shop_id", "id", "case_id", "parcel_id", "state", "amount_minor", "at"];

impl Desk {
    /// Opens a claim on the carrier, with a clock of its own.
    pub async fn open_claim(&self, context: &Context, at: CaseRef, input: NewClaim) -> Result<Changed> {
        if !(1..TOP_MINOR).contains(&input.amount_minor) {
            return Err(bad_input("amount_minor", "positive"));
        }
        let within = input.answer_within_h.unwrap_or(72);
        if !(1..=2400).contains(&within) {
            return Err(bad_input("answer_within_h", "1 to 2400"));
        }
        let repeat = Repeat::of(context, format!("claim/{}", at.id), &input);
        self.change(context, at, Action::ClaimCarrier, false, repeat, move |change| {
            change.must_be_open()?;
            let (shop, case, now, id) = (change.case.shop, change.case.id, change.context.now, new_id(change.context.now));
            if let Some(parcel) = input.parcel_id {
                let sql = "SELECT 1 FROM parcel WHERE shop_id = $1 AND id = $2 AND (case_id = $3 OR order_id = $4)";
                change
                    .tx
                    .query_opt(sql, &values![shop, parcel, case, change.case.order], |_| Ok(()))?
                    .ok_or_else(|| not_found("parcel"))?;
            }
            task::done_of_kind(change, Act::ClaimCarrier.as_str())?;
            change.tx.insert("carrier_claim", COLUMNS, values![shop, id, case, input.parcel_id, "open", input.amount_minor, now]);
            deadline::open(
                change,
                NewDeadline {
                    clock: CLOCK.into(),
                    label: "快递理赔答复".into(),
                    source: "follow_up".into(),
                    rule: String::new(),
                    started_at: now,
                    due_at: Some(now + Span::hours(within)),
                    at_zero: "notify".into(),
                    subject: Some(id),
                },
            );
            facts::set(change, "carrier.claim", json!("open"));
            change.event("claim_opened", json!({ "claim": id, "amount_minor": input.amount_minor, "parcel": input.parcel_id }));
            Ok(json!({ "claim_id": id }))
        })
        .await
    }

    /// Books what the carrier paid; zero is a refusal. Once only.
    pub async fn settle_claim(&self, context: &Context, at: CaseRef, claim: Id, input: SettleClaim) -> Result<Changed> {
        if !(0..TOP_MINOR).contains(&input.paid_minor) {
            return Err(bad_input("paid_minor", "not negative"));
        }
        let repeat = Repeat::of(context, format!("claim/{claim}/settle"), &input);
        self.change(context, at, Action::ClaimCarrier, false, repeat, move |change| {
            let (shop, case) = (change.case.shop, change.case.id);
            let sql = "SELECT state FROM carrier_claim WHERE shop_id = $1 AND case_id = $2 AND id = $3 FOR UPDATE";
            let state = change.tx.query_opt(sql, &values![shop, case, claim], |row| row.get::<String>(0))?;
            match state.as_deref() {
                None => return Err(not_found("claim")),
                Some("open") => {}
                Some(state) => return Err(Refusal::new(Code::ClaimEnded).with("state", state).into()),
            }
            let state = if input.paid_minor > 0 { "paid" } else { "refused" };
            let sql = "UPDATE carrier_claim SET state = $3, paid_minor = $4, ended_at = $5 WHERE shop_id = $1 AND id = $2";
            change.tx.execute(sql, &values![shop, claim, state, input.paid_minor, change.context.now])?;
            deadline::end(change, CLOCK, Some(claim), "met")?;
            facts::set(change, "carrier.claim", json!(state));
            change.event("claim_settled", json!({ "claim": claim, "state": state, "paid_minor": input.paid_minor }));
            Ok(json!({ "claim_id": claim, "state": state }))
        })
        .await
    }
}

/// The claims of a case for its page.
pub(crate) fn of_case(tx: &mut Tx<'_>, at: CaseRef) -> Result<Value> {
    let sql = "SELECT id, parcel_id, state, amount_minor, paid_minor, at, ended_at FROM carrier_claim WHERE shop_id = $1 AND case_id = $2 ORDER BY id LIMIT 50";
    let read = |row: &Row| {
        Ok(json!({
            "id": row.get::<Id>(0)?, "parcel_id": row.get::<Option<Id>>(1)?, "state": row.get::<String>(2)?, "amount_minor": row.get::<i64>(3)?,
            "paid_minor": row.get::<i64>(4)?, "at": row.get::<aftercare_domain::time::Micros>(5)?,
            "ended_at": row.get::<Option<aftercare_domain::time::Micros>>(6)?,
        }))
    };
    Ok(tx.query(sql, &values![at.shop, at.id], read)?.into())
}
