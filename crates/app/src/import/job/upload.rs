//! A file on its way in: opened with its size, then part after part. Owns that parts come in order and none twice.

use super::part::{Kind, PART, put};
use super::{Job, State};
use crate::command::Repeat;
use crate::error::{Error, Result, bad_input};
use crate::ids::new_id;
use crate::{Context, Desk, audit};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::import::{Word, next};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_store::values;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Bytes of one file.
pub const FILE_LIMIT: i64 = 256 << 20;
/// Bytes of one part, before it is written as base64.
pub const PART_LIMIT: usize = PART;

/// A file to import.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewImport {
    /// The file's name, for the error list; sealed.
    pub name: String,
    /// Bytes in all.
    pub size: i64,
}

/// The next piece of a file.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPart {
    /// Its number, from 0.
    pub n: i64,
    /// Exactly 1 MiB, the last one what is left.
    pub base64: String,
}

/// A job that was opened, or what it has now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Opened {
    /// The job.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id,
    /// The part wanted next.
    pub wants: i64,
    /// Bytes that are there.
    pub arrived: i64,
    /// Where it stands.
    #[schema(value_type = String)]
    pub state: State,
}

impl Desk {
    /// Opens a job for a file of this size.
    pub async fn open_import(&self, context: &Context, shop: ShopId, new: NewImport) -> Result<Opened> {
        context.actor.may(Action::Import, &Object::shop("shop", shop))?;
        if new.name.trim().is_empty() || new.name.len() > 255 {
            return Err(bad_input("name", "1 to 255 bytes"));
        }
        if !(1..=FILE_LIMIT).contains(&new.size) {
            return Err(Refusal::new(Code::TooLarge).with("limit", format!("{} MB", FILE_LIMIT >> 20)).into());
        }
        let repeat = Repeat::of(context, format!("imports/{shop}"), &new);
        let (key, wrapped) = self.vault.new_data_key();
        let (id, now, actor) = (new_id(context.now), context.now, context.actor.clone());
        let name = key.seal("import_job.name", new.name.trim());
        self.command(context, repeat, move |tx| {
            const COLUMNS: &[&str] = &["shop_id", "id", "state", "wrapped", "name_sealed", "size", "actor_id", "at"];
            let state = State::Uploading;
            let row = values![shop, id, state.as_str(), wrapped.clone(), name.clone(), new.size, actor.stored_id(), now];
            tx.insert("import_job", COLUMNS, row);
            audit::note(tx, &actor, Some(shop), "import_opened", &id.to_string(), &json!({ "size": new.size }), now);
            Ok(Opened { id, wants: 0, arrived: 0, state })
        })
        .await
    }

    /// Takes in the next part; a part that is there already changes nothing, so that an upload cut off goes on where it was.
    pub async fn add_import_part(&self, context: &Context, (shop, id): (ShopId, Id), new: NewPart) -> Result<Opened> {
        context.actor.may(Action::Import, &Object::shop("shop", shop))?;
        let bytes = STANDARD.decode(&new.base64).map_err(|_| bad_input("base64", "not base64"))?;
        let job = self.store.read(move |tx| Job::load(tx, shop, id)).await?;
        let (n, length, sealed) = (new.n, bytes.len(), job.key(&self.vault)?.seal_bytes("import_part", &bytes));
        self.store
            .write(move |tx| {
                let job = Job::locked(tx, shop, id)?;
                let opened = |arrived: i64, wants: i64, state: State| Opened { id, wants, arrived, state };
                if (0..job.parts).contains(&n) {
                    return Ok::<_, Error>(opened(job.arrived, job.parts, job.state));
                }
                let wanted = (job.size - job.arrived).min(PART as i64);
                if n != job.parts || job.state != State::Uploading {
                    return Err(Refusal::new(Code::ImportPart).with("wanted", job.parts).with("given", n).into());
                }
                if length as i64 != wanted {
                    return Err(bad_input("base64", format!("{wanted} bytes are wanted, {length} came")));
                }
                put(tx, shop, id, Kind::File, n, sealed.clone());
                let arrived = job.arrived + wanted;
                let state = if arrived == job.size { next(job.state, Word::Complete)? } else { job.state };
                let sql =
                    "UPDATE import_job SET arrived = $3, parts = $4, state = $5, version = version + 1 WHERE shop_id = $1 AND id = $2";
                tx.execute(sql, &values![shop, id, arrived, n + 1, state.as_str()])?;
                Ok(opened(arrived, n + 1, state))
            })
            .await
    }
}
