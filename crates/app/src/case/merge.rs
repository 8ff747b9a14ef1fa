//! Two cases of one problem become one, and can become two again. Owns both commands; what hangs on a case moves with its ids.

use crate::case::moved::{self, Keys};
use crate::case::row::CaseRow;
use crate::case::standing::Standing;
use crate::case::{later, link};
use crate::command::{CaseRef, Change, Changed, Repeat};
use crate::error::{Error, Result, bad_input, not_found};
use crate::{Context, Desk};
use aftercare_domain::case::{Happened, may_reopen};
use aftercare_domain::contact::Hindrance;
use aftercare_domain::id::Id;
use aftercare_domain::people::Action;
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_store::{Row, values};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Where the case goes.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeInto {
    /// The case that goes on.
    #[schema(value_type = String, format = "uuid")]
    pub into: Id,
}

/// The link between a merged case and the one that goes on.
const KIND: &str = "merged";

impl Desk {
    /// Merges this case into another of its shop; it is archived as merged, and every contact, promise and amount goes on there.
    pub async fn merge_case(&self, context: &Context, at: CaseRef, input: MergeInto) -> Result<Changed> {
        if input.into == at.id {
            return Err(bad_input("into", "another case"));
        }
        let other = CaseRef { shop: at.shop, id: input.into };
        let (one, two) = (self.brief(at).await?, self.brief(other).await?);
        must_fit(&one, &two)?;
        let keys = self.keys_between(at, other, &one, &two).await?;
        let into = other.id;
        let first = move |change: &mut Change<'_, '_>| away(change, into, &keys);
        let second = move |change: &mut Change<'_, '_>, moved: &Value| {
            change.must_be_open()?;
            change.event("case_joined", json!({ "case": at.id, "moved": moved["moved"] }));
            change.happened(Happened::Objected)?;
            change.deadlines_moved();
            Ok(json!({}))
        };
        let repeat = Repeat::of(context, format!("merge/{}", at.id), &input);
        Ok(self.change_pair(context, [at, other], Action::Merge, repeat, first, second).await?.one)
    }

    /// Takes a merge back: the case is open again with what it brought.
    pub async fn unmerge_case(&self, context: &Context, at: CaseRef) -> Result<Changed> {
        let one = self.brief(at).await?;
        let into = one.merged_into.ok_or_else(|| Refusal::new(Code::NotMerged))?;
        let other = CaseRef { shop: at.shop, id: into };
        let two = self.brief(other).await?;
        let keys = self.keys_between(other, at, &two, &one).await?;
        let sql = "SELECT payload FROM event WHERE shop_id = $1 AND case_id = $2 AND kind = 'case_merged' ORDER BY case_version DESC, n DESC LIMIT 1";
        let found = self.store.read(move |tx| Ok::<_, Error>(tx.query_opt(sql, &values![at.shop, at.id], |row| row.get::<Value>(0))?));
        let moved = found.await?.map(|payload| payload["moved"].clone()).unwrap_or_default();
        let context = Context { if_match: None, ..context.clone() };
        let repeat = Repeat::of(&context, format!("unmerge/{}", at.id), &());
        let first = move |change: &mut Change<'_, '_>| {
            moved::back(change, &moved, at.id, &keys)?;
            change.event("case_left", json!({ "case": at.id }));
            Ok(json!({}))
        };
        let second = move |change: &mut Change<'_, '_>, _: &Value| {
            if change.case.merged_into.take() != Some(into) {
                return Err(Refusal::new(Code::NotMerged).into());
            }
            may_reopen(change.stage()?, false)?;
            change.happened(Happened::Reopened)?;
            (change.case.open, change.case.closed_at) = (true, None);
            change.case.result.clear();
            link::undo(change, into, KIND)?;
            change.deadlines_moved();
            change.event("case_unmerged", json!({ "from": into }));
            Ok(json!({}))
        };
        Ok(self.change_pair(&context, [other, at], Action::Merge, repeat, first, second).await?.other)
    }

    /// The case's row, to look at before a command on two.
    pub(crate) async fn brief(&self, at: CaseRef) -> Result<CaseRow> {
        self.store.read(move |tx| CaseRow::load(tx, at.shop, at.id)).await
    }

    /// The keys of both cases where they differ.
    pub(crate) async fn keys_between(&self, from: CaseRef, to: CaseRef, one: &CaseRow, two: &CaseRow) -> Result<Keys> {
        if one.key == two.key {
            return Ok(None);
        }
        Ok(Some((self.case_key(from).await?, self.case_key(to).await?)))
    }
}

/// Cases of two buyers stay two, so that either can be erased; a case without a buyer joins whichever it belongs to.
fn must_fit(one: &CaseRow, two: &CaseRow) -> Result<()> {
    let same_buyer = one.buyer.is_none() || one.buyer == two.buyer;
    let same_order = one.order.is_none() || one.order == two.order;
    if !same_buyer || !same_order {
        return Err(Refusal::new(Code::MergeOther).into());
    }
    if two.merged_into.is_some() {
        return Err(Code::CaseMerged.into());
    }
    Ok(())
}

/// Moves everything away and archives the case as merged. It is not closed: what it had goes on.
fn away(change: &mut Change<'_, '_>, into: Id, keys: &Keys) -> Result<Value> {
    change.must_be_open()?;
    let standing = Standing::of(change.tx, &change.case)?;
    if standing.automatic_effects > 0 {
        // a call on its way comes back to the case it left from
        return Err(Refusal::new(Code::EffectRunning).with("count", standing.automatic_effects).into());
    }
    later::hold_all(change, Hindrance::CaseMerged)?;
    let moved = moved::all(change, into, keys)?;
    let (shop, case, now) = (change.case.shop, change.case.id, change.context.now);
    let sql = "UPDATE deadline SET state = 'void', ended_at = $3 WHERE shop_id = $1 AND case_id = $2 AND ended_at IS NULL";
    change.tx.execute(sql, &values![shop, case, now])?;
    change.tx.execute("DELETE FROM timer WHERE shop_id = $1 AND case_id = $2", &values![shop, case])?;
    change.deadlines_moved();
    change.happened(Happened::Closed)?;
    let row = &mut change.case;
    (row.open, row.closed_at, row.merged_into) = (false, Some(now), Some(into));
    row.result = "merged".into();
    link::put(change, into, KIND)?;
    change.event("case_merged", json!({ "into": into, "moved": moved }));
    Ok(json!({ "into": into, "moved": moved }))
}

/// A case of the same shop that is there at all.
pub(crate) fn must_be_there(change: &mut Change<'_, '_>, id: Id) -> Result<()> {
    let sql = "SELECT id FROM cases WHERE shop_id = $1 AND id = $2";
    change.tx.query_opt(sql, &values![change.case.shop, id], |row: &Row| row.get::<Id>(0))?.ok_or_else(|| not_found("case"))?;
    Ok(())
}
