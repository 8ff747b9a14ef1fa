//! The board's figures: added up by day in the transaction of what happened, read as sums. Owns their rows among the counters; what counts
//! as what is decided in `domain::figures`. No list and no case is ever counted for them.

mod asked;
mod board;
mod drill;
mod note;
mod products;
mod rebuild;
mod speeds;

pub use board::{Board, Row, Waterline};
pub(crate) use drill::id_at;
pub use drill::{DrillQuery, Drilled};
pub(crate) use note::{note, sold};
pub use products::{ProductRow, Products};
pub use rebuild::Progress;
pub(crate) use rebuild::bought_at;
pub use speeds::{HourRow, SpeedDay, SpeedRow};

use crate::error::{Result, bad_input};
use aftercare_domain::figures::Figure;
use serde::Deserialize;

/// Days of one question.
const DAYS: i64 = 400;

/// The name under which a figure's sums are kept.
fn name(figure: Figure) -> String {
    format!("f:{figure}")
}

/// Which days.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// The first day of the shop, `2026-11-01`.
    pub from: String,
    /// The last day.
    pub to: String,
}

impl Period {
    /// First bucket, and the one after the last.
    pub(crate) fn buckets(&self) -> Result<(String, String)> {
        let date =
            |field: &'static str, text: &str| text.parse::<jiff::civil::Date>().map_err(|_| bad_input(field, "a day such as 2026-11-24"));
        let (from, to) = (date("from", &self.from)?, date("to", &self.to)?);
        // The difference of two dates is told in days.
        if to < from || i64::from((to - from).get_days()) > DAYS {
            return Err(bad_input("to", format!("not before the first day, and at most {DAYS} days later")));
        }
        let after = to.tomorrow().map_err(|_| bad_input("to", "a day such as 2026-11-24"))?;
        Ok((from.to_string(), after.to_string()))
    }
}
