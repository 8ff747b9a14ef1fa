//! The buyer adds a photo. Owns what may be handed in here: small pictures made smaller on the device, a few on each case.

use super::{Guest, Kept};
use crate::case::evidence::NewEvidence;
use crate::error::{Error, Result, bad_input};
use aftercare_domain::id::Id;
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_store::{Tx, values};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// Bytes of one photo; the page makes them smaller than this.
const BYTES: usize = 512 * 1024;
/// Photos of the buyer on one case.
const PHOTOS: i64 = 24;
/// How a JPEG begins, which is what the page makes of every picture.
const JPEG: [u8; 3] = [0xff, 0xd8, 0xff];

/// One photo.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BuyerPhoto {
    /// A JPEG.
    pub base64: String,
}

impl Guest {
    /// Keeps the photo as the buyer's evidence.
    pub async fn photo(&self, case: Id, input: BuyerPhoto) -> Result<Kept> {
        let bytes = STANDARD.decode(&input.base64).map_err(|_| bad_input("base64", "not base64"))?;
        if bytes.len() > BYTES || !bytes.starts_with(&JPEG) {
            return Err(bad_input("base64", format!("a JPEG of at most {BYTES} bytes")));
        }
        self.act().await?;
        let at = self.case(case).await?;
        let sql = "SELECT COUNT(*) FROM evidence WHERE shop_id = $1 AND case_id = $2 AND giver = 'buyer'";
        let count = move |tx: &mut Tx<'_>| Ok::<_, Error>(tx.query_opt(sql, &values![at.shop, at.id], |row| row.get::<i64>(0))?);
        if self.desk.store.read(count).await?.unwrap_or(0) >= PHOTOS {
            return Err(Refusal::new(Code::TooLarge).with("limit", PHOTOS).into());
        }
        let evidence = NewEvidence {
            kind: "photo".into(),
            giver: "buyer".into(),
            name: "自助页照片".into(),
            media_type: Some("image/jpeg".into()),
            base64: Some(input.base64),
        };
        let kept = self.desk.add_evidence(&self.context(), at, evidence).await?;
        Ok(Kept { case_id: kept.case_id })
    }
}
