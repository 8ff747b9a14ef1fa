//! A person's word to a job: try it, start, pause, go on, stop, undo. Owns writing the new state and waking the worker.

use super::view::{JobView, viewed};
use super::{Job, State, UNDO_HOURS, UNDO_WITHIN};
use crate::error::{Result, bad_input};
use crate::import::Mapping;
use crate::{Context, Desk, audit};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::import::{Word, next};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What the job is to do.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Steer {
    /// check, start, pause, resume, stop or undo.
    #[schema(value_type = String)]
    pub word: Word,
    /// With `check`: which column means what.
    #[serde(default)]
    pub mapping: Option<Mapping>,
}

impl Desk {
    /// Carries the word out. The same word again is refused by the state it led to, so that no key is needed.
    pub async fn steer_import(&self, context: &Context, (shop, id): (ShopId, Id), steer: Steer) -> Result<JobView> {
        context.actor.may(Action::Import, &Object::shop("shop", shop))?;
        let word = steer.word;
        if matches!(word, Word::Complete | Word::End | Word::Fail) {
            return Err(bad_input("word", "one of check, start, pause, resume, stop, undo"));
        }
        if steer.mapping.is_some() && word != Word::Check {
            return Err(bad_input("mapping", "comes with check; what was tried is what is done"));
        }
        if let Some(mapping) = &steer.mapping {
            mapping.check().map_err(|problem| bad_input("mapping", problem))?;
        }
        let (now, actor, given) = (context.now, context.actor.clone(), steer.mapping);
        let job = self.store.write(move |tx| {
            let job = Job::locked(tx, shop, id)?;
            let state = next(job.state, word)?;
            let mapping = given.clone().or(job.mapping.clone());
            if word == Word::Check {
                let missing = mapping.as_ref().map_or_else(|| vec!["columns"], Mapping::missing);
                if !missing.is_empty() {
                    return Err(Refusal::new(Code::ImportColumns).with("columns", missing.join(", ")).into());
                }
            }
            if word == Word::Undo && job.ended_at.is_none_or(|ended| ended + UNDO_WITHIN < now) {
                return Err(Refusal::new(Code::ImportUndoLate).with("hours", UNDO_HOURS).into());
            }
            // Going on keeps its place; everything else begins at the first invoice. A new claim is needed in any case.
            let anew = matches!(word, Word::Check | Word::Start | Word::Undo);
            let done = if anew { 0 } else { job.done };
            let began = if anew { Some(now) } else { job.work_began_at };
            let ended = (state == State::Stopped).then_some(now).or(job.ended_at);
            let sql = "UPDATE import_job SET state = $3, mapping = $4, done = $5, work_began_at = $6, ended_at = $7, problem = '',
                fence = fence + 1, lease_until = 0, version = version + 1 WHERE shop_id = $1 AND id = $2";
            tx.execute(sql, &values![shop, id, state.as_str(), json!(mapping), done, began, ended])?;
            audit::note(tx, &actor, Some(shop), "import_steered", &id.to_string(), &json!({ "word": word, "state": state }), now);
            Job::load(tx, shop, id)
        });
        let job = job.await?;
        self.work.notify_waiters();
        Ok(viewed(&self.vault, job))
    }
}
