//! When silence means stuck or gone, and what a trace means for the buyer. Owns the judgement; the numbers are dated data with their source.

use super::State;
use crate::deadline::Source;
use crate::names::names;
use crate::time::{Micros, Span};
use jiff::civil::Date;
use serde::Deserialize;

names! {
    /// What a parcel's trace amounts to.
    Verdict {
        Moving, "moving", "正常";
        NoPickup, "no_pickup", "未揽收";
        Stuck, "stuck", "停滞";
        Abnormal, "abnormal", "物流异常";
        Lost, "lost", "丢失";
        Refused, "refused", "拒收";
        Returning, "returning", "退回中";
        Returned, "returned", "已退回";
        Delivered, "delivered", "已签收";
        Ended, "ended", "已取消";
    }
}

impl Verdict {
    /// The value of the fact `request.problem` that a buyer would complain of; `None` when there is nothing to complain of.
    pub const fn problem(self) -> Option<&'static str> {
        match self {
            Self::NoPickup => Some("not_shipped"),
            Self::Stuck | Self::Abnormal => Some("stuck"),
            Self::Lost => Some("lost"),
            Self::Refused | Self::Returning | Self::Returned => Some("refused"),
            Self::Moving | Self::Delivered | Self::Ended => None,
        }
    }
}

/// One limit of the data file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// What it means to be past it.
    pub verdict: Verdict,
    /// Platforms it holds on; `*` for those without a row of their own.
    pub platforms: Vec<String>,
    /// Only in these states; empty: on the way from the first scan to the signature.
    #[serde(default)]
    pub states: Vec<State>,
    /// Only on this kind of route.
    #[serde(default)]
    pub route: Option<String>,
    /// Hours of silence.
    pub hours: i64,
    /// First day on which it holds.
    pub from: Date,
    /// Where it was read.
    pub source: Source,
}

/// The limits in force.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    format: u32,
    unknown_route: String,
    limit: Vec<Limit>,
}

/// A parcel as it is judged.
#[derive(Clone, Debug)]
pub struct View<'a> {
    /// The sales platform of its shop.
    pub platform: &'a str,
    /// Where it is.
    pub state: State,
    /// The route, where it is known: `same_region`, `cross_province`, `remote`.
    pub route: Option<&'a str>,
    /// Silent since then: the last scan, or the moment it was called shipped.
    pub silent_since: Micros,
    /// The buyer refused it at some point.
    pub refused: bool,
}

impl Limits {
    /// The file shipped with the product.
    pub fn shipped() -> Self {
        Self::parse(include_str!("../../data/tracking_limits.toml")).expect("the shipped file is read by a test")
    }

    /// Reads `format = 1` text.
    ///
    /// # Errors
    /// What is wrong with the text, for whoever edits it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let limits: Self = toml::from_str(text).map_err(|why| why.to_string())?;
        match limits.limit.iter().find(|limit| limit.hours <= 0 || limit.platforms.is_empty()) {
            _ if limits.format != 1 => Err(format!("format {} is not known", limits.format)),
            Some(limit) => Err(format!("{}: hours must be positive and a platform must be named", limit.source.rule)),
            None => Ok(limits),
        }
    }

    /// What the trace amounts to at `now`, and the limit it is past, if it is one.
    pub fn judge<'a>(&'a self, view: &View<'_>, now: Micros) -> (Verdict, Option<&'a Limit>) {
        let said = match view.state {
            State::Lost => Verdict::Lost,
            State::ReturnSigned => Verdict::Returned,
            State::Refused => Verdict::Refused,
            State::Returning if view.refused => Verdict::Refused,
            State::Returning => Verdict::Returning,
            State::Cancelled => Verdict::Ended,
            state if state.is_signed() => Verdict::Delivered,
            _ => return self.silence(view, now),
        };
        (said, None)
    }

    /// When silence will be past the next limit; `None` when it changes nothing any more.
    pub fn next_look(&self, view: &View<'_>, now: Micros) -> Option<Micros> {
        if view.state.is_over() || view.state.comes_back() {
            return None;
        }
        self.in_force(view, now).into_iter().map(|limit| view.silent_since + Span::hours(limit.hours)).filter(|due| *due > now).min()
    }

    /// When silence alone makes it stuck, past or to come; `None` when silence never does in this state.
    pub fn stuck_at(&self, view: &View<'_>, now: Micros) -> Option<Micros> {
        self.in_force(view, now).iter().map(|limit| view.silent_since + Span::hours(limit.hours)).min()
    }

    fn silence<'a>(&'a self, view: &View<'_>, now: Micros) -> (Verdict, Option<&'a Limit>) {
        let past = self
            .in_force(view, now)
            .into_iter()
            .filter(|limit| now - view.silent_since >= Span::hours(limit.hours))
            .max_by_key(|limit| limit.hours);
        match past {
            Some(limit) => (limit.verdict, Some(limit)),
            // A carrier that says so itself is believed before the hours are over.
            None if matches!(view.state, State::Stale | State::Held | State::OverdueSign) => (Verdict::Stuck, None),
            None => (Verdict::Moving, None),
        }
    }

    /// The rows that hold for this parcel: its platform's own, else those of everybody; of several versions the newest.
    fn in_force<'a>(&'a self, view: &View<'_>, now: Micros) -> Vec<&'a Limit> {
        let today = jiff::tz::offset(8).to_datetime(now.to_timestamp()).date();
        let route = view.route.unwrap_or(&self.unknown_route);
        let own = self.limit.iter().any(|limit| limit.platforms.iter().any(|name| name == view.platform));
        let wanted = if own { view.platform } else { "*" };
        let holds = |limit: &&Limit| {
            limit.from <= today
                && limit.platforms.iter().any(|name| name == wanted)
                && limit.route.as_deref().is_none_or(|only| only == route)
                && if limit.states.is_empty() { on_the_way(view.state) } else { limit.states.contains(&view.state) }
        };
        let held: Vec<&Limit> = self.limit.iter().filter(holds).collect();
        let same = |a: &Limit, b: &Limit| (a.verdict, &a.states, &a.route) == (b.verdict, &b.states, &b.route);
        held.iter().filter(|limit| !held.iter().any(|later| same(limit, later) && later.from > limit.from)).copied().collect()
    }
}

/// After the first scan and before the signature, whatever interrupted it.
fn on_the_way(state: State) -> bool {
    !matches!(state, State::Created | State::AwaitingPickup | State::PickedUp | State::AtLocker) && !state.is_over()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(platform: &str, state: State, route: Option<&str>, silent_h: i64, expect: Verdict) {
        let now = Micros::parse("2026-11-24T10:00:00+08:00").expect("a time");
        let limits = Limits::shipped();
        let view = View { platform, state, route, silent_since: now - Span::hours(silent_h), refused: false };
        let (verdict, limit) = limits.judge(&view, now);
        assert_eq!(verdict, expect, "{view:?} after {silent_h} h");
        if let Some(limit) = limit {
            assert!(limit.hours <= silent_h && !limit.source.rule.is_empty());
        }
        if let Some(next) = limits.next_look(&view, now) {
            assert!(next > now && limits.judge(&view, next).1.is_some(), "{view:?} looks again at {next}");
        }
    }

    #[test]
    fn silence_by_platform_state_and_route() {
        check("tmall", State::AwaitingPickup, None, 23, Verdict::Moving);
        check("tmall", State::AwaitingPickup, None, 24, Verdict::NoPickup);
        check("tmall", State::PickedUp, None, 24, Verdict::Stuck);
        check("tmall", State::PickedUp, None, 72, Verdict::Abnormal);
        check("tmall", State::InTransit, Some("same_region"), 47, Verdict::Moving);
        check("tmall", State::InTransit, Some("same_region"), 48, Verdict::Stuck);
        check("tmall", State::InTransit, None, 71, Verdict::Moving);
        check("tmall", State::InTransit, None, 72, Verdict::Stuck);
        check("tmall", State::ArrivedCity, Some("remote"), 168, Verdict::Abnormal);
        check("douyin", State::PickedUp, None, 48, Verdict::Abnormal);
        check("pdd", State::InTransit, None, 72, Verdict::Stuck);
        check("pdd", State::InTransit, None, 120, Verdict::Abnormal);
    }

    #[test]
    fn what_the_carrier_says_itself() {
        check("tmall", State::Stale, None, 1, Verdict::Stuck);
        check("tmall", State::Held, None, 130, Verdict::Abnormal);
        check("tmall", State::Lost, None, 1, Verdict::Lost);
        check("tmall", State::Refused, None, 1, Verdict::Refused);
        check("tmall", State::ReturnSigned, None, 900, Verdict::Returned);
        check("tmall", State::SignedLocker, None, 900, Verdict::Delivered);
        check("tmall", State::AtLocker, None, 500, Verdict::Moving);
    }

    #[test]
    fn a_later_row_takes_the_place_of_an_earlier_one() {
        let text = "format = 1\nunknown_route = \"cross_province\"\n".to_owned()
            + &[("2026-01-01", 72), ("2026-11-20", 60)]
                .map(|(from, hours)| {
                    format!("[[limit]]\nverdict = \"stuck\"\nplatforms = [\"tmall\"]\nhours = {hours}\nfrom = \"{from}\"\nsource = {{ kind = \"platform\", rule = \"x\" }}\n")
                })
                .concat();
        let limits = Limits::parse(&text).expect("reads");
        let at = |day: &str| Micros::parse(&format!("{day}T10:00:00+08:00")).expect("a time");
        let verdict = |now: Micros| {
            limits
                .judge(
                    &View { platform: "tmall", state: State::InTransit, route: None, silent_since: now - Span::hours(65), refused: false },
                    now,
                )
                .0
        };
        assert_eq!((verdict(at("2026-11-19")), verdict(at("2026-11-24"))), (Verdict::Moving, Verdict::Stuck));
        assert!(Limits::parse(&text.replace("hours = 72", "hours = 0")).is_err());
    }
}
