//! The figures of a period, and the waterline: open cases by what is left. Owns the bounds of both.

use super::speeds::{self, HourRow, SpeedRow};
use super::{Period, name};
use crate::error::{Error, Result};
use crate::{Context, Desk};
use aftercare_domain::china;
use aftercare_domain::figures::{BUCKETS, Figure, bucket};
use aftercare_domain::id::ShopId;
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::time::Micros;
use aftercare_store::{Row as DbRow, values};
use serde::Serialize;

/// Rows of one figure; a year of days has fewer for everything but articles.
const ROWS: i64 = 20_000;
/// Open cases looked at for the waterline, those with the least time first.
const OPEN: i64 = 2_000;

/// The figures read day by day.
const SHOWN: &[Figure] =
    &[Figure::Opened, Figure::Arrived, Figure::Closed, Figure::Cause, Figure::Took, Figure::Satisfied, Figure::Promise, Figure::Paid];

/// One sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Row {
    /// Which figure.
    #[schema(value_type = String)]
    pub figure: Figure,
    /// The day of the shop.
    pub day: String,
    /// Of what.
    pub key: String,
    /// How many.
    pub count: i64,
    /// Minor units.
    pub amount_minor: i64,
}

/// Open cases by the time that is left.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Waterline {
    /// over, h1, h4, h24, later, none.
    pub bucket: String,
    /// Cases.
    pub count: i64,
    /// Minor units at stake.
    pub amount_minor: i64,
}

/// Everything of one shop and period.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Board {
    /// The sums.
    pub rows: Vec<Row>,
    /// The open cases.
    pub waterline: Vec<Waterline>,
    /// Whether more cases are open than were looked at for the waterline.
    pub waterline_cut: bool,
    /// The first answer to the buyer, and the way from asking to the money back.
    pub speeds: Vec<SpeedRow>,
    /// Cases and people, hour by hour of an average day.
    pub staffing: Vec<HourRow>,
    /// When this was read.
    #[schema(value_type = String, format = "date-time")]
    pub at: Micros,
}

impl Desk {
    /// The board of a shop.
    pub async fn board(&self, context: &Context, shop: ShopId, period: Period) -> Result<Board> {
        context.actor.may(Action::ReadReports, &Object::shop("shop", shop))?;
        let (from, to) = period.buckets()?;
        let (now, costs) = (context.now, context.actor.who.sees_costs());
        self.store
            .read(move |tx| {
                let mut rows = Vec::new();
                for figure in SHOWN.iter().filter(|figure| costs || **figure != Figure::Paid) {
                    let sql =
                        "SELECT bucket, count, amount_minor FROM counter WHERE shop_id = $1 AND name = $2 AND bucket >= $3 AND bucket < $4
                        ORDER BY bucket LIMIT $5";
                    let read = |row: &DbRow| {
                        let bucket: String = row.get(0)?;
                        let (day, key) = bucket.split_once(' ').unwrap_or((&bucket, ""));
                        let (day, key) = (day.to_owned(), key.to_owned());
                        Ok(Row { figure: *figure, day, key, count: row.get(1)?, amount_minor: row.get(2)? })
                    };
                    rows.extend(tx.query(sql, &values![shop, name(*figure), &from, &to, ROWS], read)?);
                }
                let sql =
                    "SELECT next_deadline_at, amount_minor FROM cases WHERE shop_id = $1 AND open = 1 ORDER BY queue_key, id LIMIT $2";
                let open = tx.query(sql, &values![shop, OPEN + 1], |row| Ok((row.get::<Option<Micros>>(0)?, row.get::<i64>(1)?)))?;
                let waterline_cut = open.len() as i64 > OPEN;
                let waterline = waterline(&open[..open.len().min(OPEN as usize)], now);
                let days = (from.as_str(), to.as_str());
                let mut speeds = Vec::new();
                for figure in [Figure::FirstAnswer, Figure::RefundTook] {
                    speeds.push(speeds::speed(tx, shop, figure, days)?);
                }
                let staffing = speeds::staffing(tx, shop, days, &china::day(now))?;
                Ok::<_, Error>(Board { rows, waterline, waterline_cut, speeds, staffing, at: now })
            })
            .await
    }
}

fn waterline(open: &[(Option<Micros>, i64)], now: Micros) -> Vec<Waterline> {
    let sum = |name: &&str| {
        let these = open.iter().filter(|(due, _)| bucket(*due, now) == *name);
        let (count, amount_minor) = these.fold((0, 0), |(count, sum), (_, amount)| (count + 1, sum + amount));
        Waterline { bucket: (*name).to_owned(), count, amount_minor }
    };
    BUCKETS.iter().map(sum).collect()
}
