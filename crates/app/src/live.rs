//! What changed, in the order in which it can be told. Owns reading the feed; never passes the horizon below which a commit may still appear.

use crate::error::Result;
use crate::{Desk, Error};
use aftercare_domain::id::{Id, ShopId};
use aftercare_store::{Log, Row, values};

/// One change of one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedRow {
    /// Where it stands in the feed; grows, with gaps. Rows of one transaction may share it.
    pub place: i64,
    /// Its shop.
    pub shop: ShopId,
    /// The case.
    pub case: Id,
    /// Its version after the change.
    pub version: i64,
}

/// Rows read together.
const FEED_PAGE: i64 = 500;

impl Desk {
    /// About [`FEED_PAGE`] rows after a place, in the order of commits; the rows of one transaction come together.
    pub async fn feed_after(&self, place: i64) -> Result<Vec<FeedRow>> {
        let read = |row: &Row| Ok(FeedRow { place: row.get(0)?, shop: row.get(1)?, case: row.get(2)?, version: row.get(3)? });
        self.store
            .read(move |tx| {
                let Some(end) = tx.page_end(Log::Feed, place, FEED_PAGE)? else { return Ok(Vec::new()) };
                let by = tx.place();
                let sql =
                    format!("SELECT {by}, shop_id, case_id, case_version FROM feed WHERE {by} > $1 AND {by} <= $2 ORDER BY {by}, seq");
                Ok(tx.query(&sql, &values![place, end], read)?)
            })
            .await
    }

    /// Where the feed stands now.
    pub async fn feed_here(&self) -> Result<i64> {
        self.store.read(|tx| Ok::<_, Error>(tx.horizon(Log::Feed)?)).await
    }

    /// Reads one row, to see that the data answers.
    pub async fn ready(&self) -> Result<()> {
        self.store.read(|tx| Ok::<_, Error>(tx.query_opt("SELECT 1 FROM meta WHERE name = 'schema'", &values![], |_| Ok(()))?)).await?;
        Ok(())
    }
}
