//! Requests of one case become a case of their own, and can come back. Owns both commands.

use crate::case::merge::MergeInto;
use crate::case::open::case_no;
use crate::case::row::CaseRow;
use crate::case::{moved, request};
use crate::command::{CaseRef, Change, Changed, Repeat, write_history};
use crate::error::{Error, Result, bad_input};
use crate::ids::new_id;
use crate::queue::{self, counters};
use crate::{Context, Desk, figures};
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What becomes a case of its own.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitCase {
    /// Live requests; at least one stays or another thing keeps the case open.
    #[schema(value_type = Vec<String>)]
    pub request_ids: Vec<Id>,
}

/// The link from the new case to the one it came from.
const KIND: &str = "split_from";

impl Desk {
    /// Splits requests off into a new case of the same order and buyer; promises and everything under way stay where they are.
    pub async fn split_case(&self, context: &Context, at: CaseRef, input: SplitCase) -> Result<Changed> {
        if input.request_ids.is_empty() || input.request_ids.len() > 50 {
            return Err(bad_input("request_ids", "1 to 50"));
        }
        let repeat = Repeat::of(context, format!("split/{}", at.id), &input);
        let changed = self.change(context, at, Action::Split, false, repeat, move |change| off(change, &input.request_ids)).await?;
        if let Some(id) = changed.result["case_id"].as_str().and_then(Id::parse) {
            self.announce(CaseRef { shop: at.shop, id }, 1);
        }
        Ok(changed)
    }

    /// Brings a split-off case back to the one it came from, with whatever it has become.
    pub async fn unsplit_case(&self, context: &Context, at: CaseRef) -> Result<Changed> {
        let sql = "SELECT other_id FROM case_link WHERE shop_id = $1 AND case_id = $2 AND kind = $3 AND undone_at IS NULL ORDER BY at DESC LIMIT 1";
        let found = self.store.read(move |tx| Ok::<_, Error>(tx.query_opt(sql, &values![at.shop, at.id, KIND], |row| row.get::<Id>(0))?));
        let into = found.await?.ok_or_else(|| Refusal::new(Code::NotSplit))?;
        self.merge_case(context, at, MergeInto { into }).await
    }
}

fn off(change: &mut Change<'_, '_>, requests: &[Id]) -> Result<Value> {
    change.must_be_open()?;
    for id in requests {
        let asked = request::load(change, *id)?;
        asked.must_be(&["open", "modified", "refused"])?;
        let busy = "SELECT 1 FROM effect WHERE shop_id = $1 AND case_id = $2 AND request_id = $3 AND ended_at IS NULL LIMIT 1";
        if change.tx.query_opt(busy, &values![change.case.shop, change.case.id, *id], |_| Ok(()))?.is_some() {
            return Err(Refusal::new(Code::EffectRunning).with("count", 1).into());
        }
    }
    let (now, id) = (change.context.now, new_id(change.context.now));
    let mut case = CaseRow {
        id,
        case_no: case_no(now, id),
        external_ref: None,
        stage: "intake".into(),
        waiting_on: "agent".into(),
        owner: change.case.owner,
        next_deadline_at: None,
        next_deadline: None,
        next_at_zero: String::new(),
        next_clock: String::new(),
        next_state: String::new(),
        unknown_money: false,
        open_promises: 0,
        verdict: String::new(),
        marks: json!({}),
        cause: String::new(),
        party: String::new(),
        opened_at: now,
        updated_at: now,
        version: 1,
        material_version: 1,
        ..change.case.clone()
    };
    case.queue_key = queue::key(&case);
    case.insert(change.tx);
    let payload = json!({ "channel": case.channel, "scenario": case.scenario, "order": case.order, "split_from": change.case.id, "requests": requests });
    let mut events = vec![("case_opened", payload)];
    figures::note(change.tx, change.context, &case, &mut events)?;
    write_history(change.tx, change.context, &case, events);
    counters::moved(change.tx, None, &case);
    moved::back(change, &json!({ "request": requests }), id, &None)?;
    let link = "INSERT INTO case_link (shop_id, case_id, other_id, kind, at) VALUES ($1, $2, $3, $4, $5)";
    change.tx.execute(link, &values![change.case.shop, id, change.case.id, KIND, now])?;
    change.event("case_split", json!({ "case": id, "requests": requests }));
    Ok(json!({ "case_id": id, "case_no": case.case_no }))
}
