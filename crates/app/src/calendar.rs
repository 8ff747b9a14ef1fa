//! Whose working hours hold. Owns reading them from the shop's settings; the arithmetic is the domain's.

use crate::error::Result;
use aftercare_domain::deadline::{Calendar, CalendarSpec, PublicDays};
use aftercare_domain::id::ShopId;
use aftercare_domain::people::Team;
use aftercare_store::{Tx, values};
use serde_json::Value;
use std::sync::LazyLock;

static CHINA: LazyLock<PublicDays> = LazyLock::new(PublicDays::china);

/// The working hours of `team`: the shop's own (`settings.calendars.<team>`), else 9–21 every day for those who speak with buyers
/// and office hours for everybody else.
pub fn of_team(tx: &mut Tx<'_>, shop: ShopId, team: Team) -> Result<Calendar> {
    let settings = tx.query_opt("SELECT settings FROM shop WHERE id = $1", &values![shop], |row| row.get::<Value>(0))?;
    of_settings(&settings.unwrap_or_default(), team)
}

/// The working hours of `team` by settings read before.
pub(crate) fn of_settings(settings: &Value, team: Team) -> Result<Calendar> {
    let own = settings.get("calendars").and_then(|all| all.get(team.as_str()).cloned());
    let spec = own.and_then(|own| serde_json::from_value(own).ok()).unwrap_or_else(|| usual(team));
    Ok(Calendar::new(spec, Some(&CHINA))?)
}

fn usual(team: Team) -> CalendarSpec {
    match team {
        Team::Agent | Team::Supervisor | Team::ParcelDesk => CalendarSpec::desk(),
        _ => CalendarSpec::office(),
    }
}
