//! One command on two cases of a shop: both locked in one order, both changed in one transaction, each with its own version.
//!
//! Owns the frame of merging and splitting. What moves between them stands in the command's own file.

use super::{CaseRef, Change, Changed, Repeat, run};
use crate::case::row::CaseRow;
use crate::error::Result;
use crate::{Context, Desk};
use aftercare_domain::people::Action;
use aftercare_store::Tx;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The answers of both.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Pair {
    /// Of the case at which the command was called.
    pub(crate) one: Changed,
    /// Of the other.
    pub(crate) other: Changed,
}

impl Desk {
    /// Changes `one`, then `other` with what the first answered.
    pub(crate) async fn change_pair<F, G>(
        &self,
        context: &Context,
        [one, other]: [CaseRef; 2],
        action: Action,
        repeat: Repeat,
        mut first: F,
        mut second: G,
    ) -> Result<Pair>
    where
        F: FnMut(&mut Change<'_, '_>) -> Result<Value> + Send + 'static,
        G: FnMut(&mut Change<'_, '_>, &Value) -> Result<Value> + Send + 'static,
    {
        let (frame, tools) = (context.clone(), self.tools());
        // the version given is the one of the case the caller looked at
        let unseen = Context { if_match: None, ..context.clone() };
        let pair = self
            .command(context, repeat, move |tx: &mut Tx<'_>| {
                let (low, high) = if one.id < other.id { (one, other) } else { (other, one) };
                CaseRow::lock(tx, low.shop, low.id)?;
                CaseRow::lock(tx, high.shop, high.id)?;
                let done = run(tx, &tools, &frame, one, action.into(), &mut first)?;
                let mut second = |change: &mut Change<'_, '_>| second(change, &done.result);
                let other = run(tx, &tools, &unseen, other, action.into(), &mut second)?;
                Ok(Pair { one: done, other })
            })
            .await?;
        self.announce(one, pair.one.version);
        self.announce(other, pair.other.version);
        Ok(pair)
    }
}
