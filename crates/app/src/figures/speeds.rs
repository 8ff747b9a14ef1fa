//! How fast the shop answers and pays back, and how many hands there are beside the arrivals. Owns reading these sums for a period.

use super::name;
use crate::error::Result;
use aftercare_domain::figures::{Figure, Speed, hours};
use aftercare_domain::id::ShopId;
use aftercare_store::{Row as DbRow, Tx, values};
use serde::Serialize;
use std::collections::BTreeMap;

/// Days times steps of the longest period.
const ROWS: i64 = 12_000;
/// Days times hours of the longest period.
const HOURS: i64 = 10_000;

/// One figure of time over a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SpeedRow {
    /// first_answer or refund_took.
    #[schema(value_type = String)]
    pub figure: Figure,
    /// How many.
    pub count: i64,
    /// Exact mean, seconds.
    pub mean_s: Option<i64>,
    /// Half took no longer; read within a step.
    pub median_s: Option<i64>,
    /// Nine of ten took no longer.
    pub p90_s: Option<i64>,
    /// Day by day, days with none left out.
    pub days: Vec<SpeedDay>,
}

/// One day of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SpeedDay {
    /// The day of the shop.
    pub day: String,
    /// How many.
    pub count: i64,
    /// Exact mean, seconds.
    pub mean_s: Option<i64>,
    /// Half took no longer.
    pub median_s: Option<i64>,
    /// Nine of ten took no longer.
    pub p90_s: Option<i64>,
}

/// One hour of an average day.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct HourRow {
    /// 0 to 23.
    pub hour: i64,
    /// Cases that came.
    pub cases: f64,
    /// People who did something.
    pub people: f64,
}

/// One figure of time.
pub(super) fn speed(tx: &mut Tx<'_>, shop: ShopId, figure: Figure, (from, to): (&str, &str)) -> Result<SpeedRow> {
    let sql = "SELECT bucket, count, amount_minor FROM counter WHERE shop_id = $1 AND name = $2 AND bucket >= $3 AND bucket < $4
        ORDER BY bucket LIMIT $5";
    let read = |row: &DbRow| Ok((row.get::<String>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?));
    let (mut all, mut days): (Speed, BTreeMap<String, Speed>) = Default::default();
    for (bucket, count, seconds) in tx.query(sql, &values![shop, name(figure), from, to, ROWS], read)? {
        let (day, step) = bucket.split_once(' ').unwrap_or((&bucket, ""));
        all.add(step, count, seconds);
        days.entry(day.to_owned()).or_default().add(step, count, seconds);
    }
    let day = |(day, it): (String, Speed)| SpeedDay {
        day,
        count: it.count(),
        mean_s: it.mean_s(),
        median_s: it.percentile_s(50),
        p90_s: it.percentile_s(90),
    };
    Ok(SpeedRow {
        figure,
        count: all.count(),
        mean_s: all.mean_s(),
        median_s: all.percentile_s(50),
        p90_s: all.percentile_s(90),
        days: days.into_iter().map(day).collect(),
    })
}

/// The hours of an average day; only days that have begun count.
pub(super) fn staffing(tx: &mut Tx<'_>, shop: ShopId, (from, to): (&str, &str), today: &str) -> Result<Vec<HourRow>> {
    // `2026-11-24 09 <person>`: people of a day's hour are its rows.
    let acted = "SELECT SUBSTR(bucket, 1, 13) AS hour, COUNT(*) AS people FROM counter
        WHERE shop_id = $1 AND name = $2 AND bucket >= $3 AND bucket < $4 GROUP BY SUBSTR(bucket, 1, 13) ORDER BY hour LIMIT $5";
    let read = |row: &DbRow| Ok((row.get::<String>(0)?, row.get::<i64>(1)?));
    let hour_of = |text: &str| text.parse::<i64>().unwrap_or(0);
    let (mut people, mut cases): (BTreeMap<i64, i64>, BTreeMap<i64, i64>) = Default::default();
    for (hour, count) in tx.query(acted, &values![shop, name(Figure::Acted), from, to, HOURS], read)? {
        *people.entry(hour_of(hour.get(11..).unwrap_or_default())).or_default() += count;
    }
    // `2026-11-24 2-09`
    let arrived =
        "SELECT bucket, count FROM counter WHERE shop_id = $1 AND name = $2 AND bucket >= $3 AND bucket < $4 ORDER BY bucket LIMIT $5";
    for (bucket, count) in tx.query(arrived, &values![shop, name(Figure::Arrived), from, to, HOURS], read)? {
        *cases.entry(hour_of(bucket.get(13..).unwrap_or_default())).or_default() += count;
    }
    let date = |text: &str| text.parse::<jiff::civil::Date>().ok();
    let until = date(to).zip(date(today).and_then(|day| day.tomorrow().ok())).map(|(to, begun)| to.min(begun));
    let days = date(from).zip(until).map_or(1, |(from, until)| i64::from((until - from).get_days()));
    let row = |it: aftercare_domain::figures::Hour| HourRow { hour: it.hour, cases: it.cases, people: it.people };
    Ok(hours(&cases, &people, days).into_iter().map(row).collect())
}
