//! The desk: everything a command needs besides its input. Owns opening; holds no state that another node would need.

use crate::clock::Clock;
use crate::error::Result;
use crate::platform::Platform;
use crate::playbook::Playbooks;
use crate::presence::Here;
use crate::webhook::Courier;
use aftercare_domain::id::{Id, ShopId};
use aftercare_store::vault::{DataKey, Vault};
use aftercare_store::{DbError, Store, values};
use std::sync::Arc;
use tokio::sync::{Notify, broadcast};

/// One installation. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    /// The data.
    pub store: Store,
    /// The keys.
    pub vault: Vault,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// The sales platform's port, where one is connected; without it effects wait.
    pub platform: Option<Arc<dyn Platform>>,
    /// The way to receivers of webhooks; without it deliveries wait.
    pub courier: Option<Arc<dyn Courier>>,
    /// Woken after commits that may have left effects or timers to do. A worker makes its `notified()` before it looks for work,
    /// so that nothing that comes in meanwhile is missed.
    pub work: Arc<Notify>,
    /// What changed, for live streams; a lagging reader catches up from the feed.
    pub live: broadcast::Sender<Delta>,
    /// Who came to a case or went, for live streams of this node.
    pub presence: broadcast::Sender<Arc<Here>>,
    /// The playbooks, compiled; a cache of what is in the database.
    pub playbooks: Playbooks,
}

/// What a change needs besides its transaction.
#[derive(Clone)]
pub(crate) struct Tools {
    /// The keys.
    pub(crate) vault: Vault,
    /// The playbooks.
    pub(crate) playbooks: Playbooks,
}

/// A case that changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delta {
    /// Its shop.
    pub shop: ShopId,
    /// The case.
    pub case: Id,
    /// Its new version.
    pub version: i64,
}

/// Changes a slow live stream may lag behind before it has to catch up from the feed.
const LIVE_BUFFER: usize = 1024;

impl Desk {
    /// A desk over these parts.
    pub fn new(store: Store, vault: Vault, clock: Arc<dyn Clock>) -> Self {
        let live = broadcast::channel(LIVE_BUFFER).0;
        let presence = broadcast::channel(LIVE_BUFFER).0;
        Self {
            store,
            vault,
            clock,
            platform: None,
            courier: None,
            work: Arc::new(Notify::new()),
            live,
            presence,
            playbooks: Playbooks::default(),
        }
    }

    /// The same desk with a platform to carry effects out on.
    #[must_use]
    pub fn with_platform(self, platform: Arc<dyn Platform>) -> Self {
        Self { platform: Some(platform), ..self }
    }

    /// The same desk with a way to receivers of webhooks.
    #[must_use]
    pub fn with_courier(self, courier: Arc<dyn Courier>) -> Self {
        Self { courier: Some(courier), ..self }
    }

    /// What changes need.
    pub(crate) fn tools(&self) -> Tools {
        Tools { vault: self.vault.clone(), playbooks: self.playbooks.clone() }
    }

    /// The data key of this id; refused when it was destroyed (erased).
    pub async fn data_key(&self, shop: ShopId, key: Id) -> Result<DataKey> {
        let wrapped = self.store.read(move |tx| read_wrapped(tx, shop, key)).await?;
        Ok(self.vault.unwrap_data_key(&wrapped)?)
    }
}

fn read_wrapped(tx: &mut aftercare_store::Tx<'_>, shop: ShopId, key: Id) -> std::result::Result<Vec<u8>, DbError> {
    let sql = "SELECT wrapped FROM data_key WHERE shop_id = $1 AND id = $2";
    tx.query_opt(sql, &values![shop, key], |row| row.get(0))?.ok_or(DbError::Sealed)
}
