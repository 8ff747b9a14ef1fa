//! The clock, where it is moved by hand.

use crate::call::Call;
use crate::route::{Access::May, Route, ask};
use aftercare_app::Result;
use aftercare_app::error::not_found;
use aftercare_domain::people::Action;
use aftercare_domain::time::Micros;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Weeks of a busy shop may lie between two positions.
const PATIENCE: Duration = Duration::from_secs(600);

pub(super) fn routes() -> Vec<Route> {
    vec![
        ask("/clock", May(Action::RunStoryClock), "Move the hand-moved clock; everything due until then happens, in order", move_to)
            .patience(PATIENCE),
    ]
}

/// Where to.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Move {
    /// Not before the present.
    #[schema(value_type = String, format = "date-time")]
    to: Micros,
}

/// Where it stands.
#[derive(Serialize, utoipa::ToSchema)]
struct Moved {
    /// The present.
    #[schema(value_type = String, format = "date-time")]
    now: Micros,
}

async fn move_to(call: Call, to: Move) -> Result<Moved> {
    if call.desk.clock.by_hand().is_none() {
        return Err(not_found("hand-moved clock"));
    }
    call.desk.run_due(to.to).await?;
    Ok(Moved { now: call.desk.clock.now() })
}
