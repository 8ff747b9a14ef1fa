//! Proof on a case (凭证): photo, video, bill, with hash, time and giver. Owns the evidence rows and their sealed bytes.

use crate::command::{CaseRef, Changed, Repeat};
use crate::error::{Error, Result, bad_input, not_found};
use crate::ids::new_id;
use crate::{Context, Desk};
use aftercare_domain::case::Happened;
use aftercare_domain::id::Id;
use aftercare_domain::people::{Action, policy::Object};
use aftercare_store::{Row, values, vault};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// One piece of evidence.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEvidence {
    /// photo, outer_box, waybill, video, unpacking_video, screenshot, price, document, weight_slip, bill, medical, alternative.
    pub kind: String,
    /// Who gave it: buyer, agent, warehouse, carrier, technician, platform, supplier.
    pub giver: String,
    /// The file's name or what it shows; sealed.
    pub name: String,
    /// Of the bytes, where there are any.
    #[serde(default)]
    pub media_type: Option<String>,
    /// The bytes; absent where they lie elsewhere (a link in the name, a video too large).
    #[serde(default)]
    pub base64: Option<String>,
}

/// Bytes of one piece.
pub const BYTES_LIMIT: usize = 8 * 1024 * 1024;
const KINDS: &[&str] = &[
    "photo",
    "outer_box",
    "waybill",
    "video",
    "unpacking_video",
    "screenshot",
    "price",
    "document",
    "weight_slip",
    "bill",
    "medical",
    "alternative",
];
const GIVERS: &[&str] = &["buyer", "agent", "warehouse", "carrier", "technician", "platform", "supplier"];
/// What a browser may show; anything else is only kept and handed out as a download.
const MEDIA: &[&str] = &[
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/gif",
    "image/heic",
    "video/mp4",
    "video/quicktime",
    "audio/mpeg",
    "application/pdf",
    "text/plain",
];

/// The bytes of a piece of evidence.
#[derive(Clone, Debug)]
pub struct EvidenceBytes {
    /// Their type.
    pub media_type: String,
    /// As they were given.
    pub bytes: Vec<u8>,
}

fn checked(input: &NewEvidence) -> Result<Option<Vec<u8>>> {
    let one_of = |field, known: &[&str], given: &str| {
        if known.contains(&given) { Ok(()) } else { Err(bad_input(field, format!("one of {}", known.join(", ")))) }
    };
    one_of("kind", KINDS, &input.kind)?;
    one_of("giver", GIVERS, &input.giver)?;
    if input.name.trim().is_empty() || input.name.len() > 500 {
        return Err(bad_input("name", "1 to 500 bytes"));
    }
    let Some(text) = &input.base64 else { return Ok(None) };
    one_of("media_type", MEDIA, input.media_type.as_deref().unwrap_or_default())?;
    let bytes = STANDARD.decode(text).map_err(|_| bad_input("base64", "not base64"))?;
    if bytes.is_empty() || bytes.len() > BYTES_LIMIT {
        return Err(bad_input("base64", format!("1 to {BYTES_LIMIT} bytes")));
    }
    Ok(Some(bytes))
}

impl Desk {
    /// Adds evidence; its hash proves later that it was not changed.
    pub async fn add_evidence(&self, context: &Context, at: CaseRef, input: NewEvidence) -> Result<Changed> {
        let bytes = checked(&input)?;
        let repeat = Repeat::of(context, format!("evidence/{}", at.id), &input);
        let key = self.case_key(at).await?;
        let name = key.seal("evidence.name", &input.name);
        let hash = bytes.as_ref().map(|bytes| vault::sha256(bytes));
        let size = bytes.as_ref().map_or(0, |bytes| bytes.len() as i64);
        let sealed = bytes.map(|bytes| key.seal_bytes("blob.bytes", &bytes));
        let media_type = input.media_type.clone().unwrap_or_default();
        self.change(context, at, Action::Evidence, false, repeat, move |change| {
            change.must_be_open()?;
            let (shop, now, id) = (change.case.shop, change.context.now, new_id(change.context.now));
            let blob = sealed.as_ref().map(|_| new_id(now));
            if let (Some(blob), Some(sealed)) = (blob, &sealed) {
                const BLOB: &[&str] = &["shop_id", "id", "key_id", "bytes_sealed", "media_type", "size", "created_at"];
                change.tx.insert("blob", BLOB, values![shop, blob, change.case.key, sealed.clone(), &media_type, size, now]);
            }
            const EVIDENCE: &[&str] = &["shop_id", "case_id", "id", "kind", "giver", "sha256", "name_sealed", "blob_id", "at", "actor_id"];
            let actor = change.context.actor.stored_id();
            let row = values![shop, change.case.id, id, &input.kind, &input.giver, hash, name.clone(), blob, now, actor];
            change.tx.insert("evidence", EVIDENCE, row);
            let shown = hash.map(|hash| vault::hex(&hash));
            change.event(
                "evidence_added",
                json!({ "evidence": id, "kind": input.kind, "giver": input.giver, "sha256": shown, "size": size }),
            );
            change.happened(Happened::Checking)?;
            Ok(json!({ "evidence_id": id, "sha256": shown }))
        })
        .await
    }

    /// The bytes of a piece of evidence; refused where they were changed on disk.
    pub async fn evidence_bytes(&self, context: &Context, at: CaseRef, id: Id) -> Result<EvidenceBytes> {
        context.actor.may(Action::ReadCase, &Object::shop("case", at.shop))?;
        let sql = "SELECT b.media_type, b.bytes_sealed, e.sha256, k.wrapped FROM evidence e JOIN blob b ON b.shop_id = e.shop_id AND b.id = e.blob_id
            JOIN data_key k ON k.shop_id = b.shop_id AND k.id = b.key_id WHERE e.shop_id = $1 AND e.case_id = $2 AND e.id = $3";
        let read = |row: &Row| {
            Ok((row.get::<String>(0)?, row.get::<Option<Vec<u8>>>(1)?, row.get::<Option<[u8; 32]>>(2)?, row.get::<Vec<u8>>(3)?))
        };
        let found = self.store.read(move |tx| Ok::<_, Error>(tx.query_opt(sql, &values![at.shop, at.id, id], read)?)).await?;
        let (media_type, sealed, hash, wrapped) = found.ok_or_else(|| not_found("evidence"))?;
        let sealed = sealed.ok_or_else(|| not_found("evidence"))?;
        let bytes = self.vault.unwrap_data_key(&wrapped)?.open_bytes("blob.bytes", &sealed)?;
        if hash != Some(vault::sha256(&bytes)) {
            return Err(aftercare_store::DbError::Shape("the bytes are not those of the hash".into()).into());
        }
        Ok(EvidenceBytes { media_type, bytes })
    }
}
