//! What changed, in the order in which it can be told. Owns reading the feed; never passes the horizon below which a commit may still appear.

use crate::error::Result;
use crate::{Desk, Error};
use aftercare_domain::id::{Id, ShopId};
use aftercare_store::{Row, values};

/// One change of one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedRow {
    /// Place in the feed; grows, with gaps.
    pub seq: i64,
    /// Its shop.
    pub shop: ShopId,
    /// The case.
    pub case: Id,
    /// Its version after the change.
    pub version: i64,
}

/// Rows in one answer.
pub const FEED_PAGE: i64 = 500;

impl Desk {
    /// Up to [`FEED_PAGE`] rows after `seq`, oldest first; all of them are below the horizon.
    pub async fn feed_after(&self, seq: i64) -> Result<Vec<FeedRow>> {
        let sql = "SELECT seq, shop_id, case_id, case_version FROM feed WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3";
        let read = |row: &Row| Ok(FeedRow { seq: row.get(0)?, shop: row.get(1)?, case: row.get(2)?, version: row.get(3)? });
        self.store
            .read(move |tx| {
                let horizon = tx.feed_horizon()?;
                if horizon <= seq { Ok(Vec::new()) } else { Ok(tx.query(sql, &values![seq, horizon, FEED_PAGE], read)?) }
            })
            .await
    }

    /// Where the feed stands now.
    pub async fn feed_here(&self) -> Result<i64> {
        self.store.read(|tx| Ok::<_, Error>(tx.feed_horizon()?)).await
    }

    /// Reads one row, to see that the data answers.
    pub async fn ready(&self) -> Result<()> {
        self.store.read(|tx| Ok::<_, Error>(tx.query_opt("SELECT 1 FROM meta WHERE name = 'schema'", &values![], |_| Ok(()))?)).await?;
        Ok(())
    }
}
