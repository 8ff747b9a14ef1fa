//! Tells again what failed: one delivery, or all failed ones of a subscription. Owns the command; ids stay what they were.

use crate::error::{Result, bad_input, not_found};
use crate::{Context, Desk};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::webhook::State;
use aftercare_store::values;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Replayed in one go.
const AT_ONCE: i64 = 1_000;

/// Which.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    /// This failed one; absent: all failed ones, oldest first, a thousand at once.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub delivery: Option<Id>,
}

impl Desk {
    /// Puts failed deliveries back to be told at once, with all their tries before them; answers how many. A paused subscription is to be
    /// resumed first.
    pub async fn replay_webhook(&self, context: &Context, shop: ShopId, id: Id, input: Replay) -> Result<u64> {
        let count = Arc::new(AtomicU64::new(0));
        let counted = count.clone();
        self.on_webhook(context, shop, id, "webhook_replayed", move |tx, hook, now| {
            if hook.state != State::Active {
                return Err(bad_input("webhook", "resume it first"));
            }
            let again = match input.delivery {
                Some(one) => {
                    let sql = "UPDATE webhook_delivery SET state = 'waiting', tries = 0, next_at = $3, ended_at = NULL, problem = ''
                        WHERE webhook_id = $1 AND id = $2 AND state = 'failed'";
                    let one = tx.execute(sql, &values![id, one, now])?;
                    if one == 0 {
                        return Err(not_found("delivery"));
                    }
                    one
                }
                None => {
                    let sql = "SELECT id FROM webhook_delivery WHERE webhook_id = $1 AND state = 'failed' ORDER BY id LIMIT $2";
                    let ids = tx.query(sql, &values![id, AT_ONCE], |row| row.get::<Id>(0))?;
                    let sql = "UPDATE webhook_delivery SET state = 'waiting', tries = 0, next_at = $3, ended_at = NULL, problem = ''
                        WHERE webhook_id = $1 AND id = $2";
                    for one in &ids {
                        tx.execute(sql, &values![id, *one, now])?;
                    }
                    ids.len() as u64
                }
            };
            counted.store(again, Ordering::Relaxed);
            Ok(json!({ "count": again, "delivery": input.delivery }))
        })
        .await?;
        Ok(count.load(Ordering::Relaxed))
    }
}
