//! The rehearsal (预检): each row's command is run to its end under its own rules and taken back. Owns what of it is kept.

use super::act::needed;
use super::{Job, Turn};
use crate::case::row::CaseRow;
use crate::command::{CaseRef, Changed};
use crate::context::Trial;
use crate::error::{Error, Result};
use crate::{Context, Desk};
use aftercare_domain::bulk::{Group, group};
use aftercare_domain::id::Id;
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_store::DbError;

/// What the rehearsal of a row found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) order: Option<Id>,
    pub(super) version: i64,
    pub(super) amount_minor: i64,
    pub(super) currency: String,
    pub(super) why: Option<Refusal>,
}

impl Found {
    pub(super) fn group(&self) -> Group {
        group(self.why.as_ref().map_or(Ok(()), Err))
    }
}

impl Desk {
    /// Rehearses one row; `spent_minor` is what the rows before it would have spent in its shop.
    ///
    /// # Errors
    /// Those of the database: the row is rehearsed again.
    pub(super) async fn rehearse(&self, job: &Job, turn: &Turn, spent_minor: i64) -> Result<Found> {
        let at = CaseRef { shop: turn.shop, id: turn.case };
        let not = |why: Refusal| Found { why: Some(why), ..Found::default() };
        let actor = match self.actor_of(job.staff, job.scopes.clone()).await {
            Err(Error::Refused(why)) => return Ok(not(why)),
            other => other?,
        };
        let case = match self.store.read(move |tx| CaseRow::load(tx, at.shop, at.id)).await {
            Err(Error::Refused(why)) => return Ok(not(why)),
            other => other?,
        };
        let trial = Some(Trial { spent_minor });
        let context = Context { if_match: Some(case.version), trial, ..self.context(actor) };
        let mut found = Found { order: case.order, version: case.version, currency: case.currency.clone(), ..Found::default() };
        match self.single_approved(&context, at, &job.what).await {
            Err(Error::TakenBack(answer)) => {
                let changed: Changed = serde_json::from_value(answer).map_err(|error| DbError::Shape(error.to_string()))?;
                found.amount_minor = changed.result["amount_minor"].as_i64().unwrap_or(0);
            }
            Err(Error::Refused(why)) => {
                found.amount_minor = needed(&why).unwrap_or(0);
                found.why = Some(why);
            }
            Err(error) => return Err(error),
            Ok(_) => return Err(DbError::Shape("a rehearsal was done in earnest".to_owned()).into()),
        }
        if job.what.is_money() && found.group() != Group::Cannot && !job.currency.is_empty() && job.currency != found.currency {
            let why = Refusal::new(Code::BulkCurrency).with("currency", &found.currency).with("of_job", &job.currency);
            found.why = Some(why);
        }
        Ok(found)
    }
}
