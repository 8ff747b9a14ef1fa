//! Parcels and what carriers report of them. Owns the shape of a journey: ordinary, stuck, lost, locker, refused, returning.

use aftercare_domain::time::{Micros, Span};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// One report of a carrier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// When.
    pub at: Micros,
    /// What, as text: `picked_up`, `in_transit`, `arrived_city`, `out_for_delivery`, `at_locker`, `signed_self`, `signed_other`,
    /// `stale`, `lost`, `refused`, `returning`, `return_signed`.
    pub state: String,
    /// The carrier's words.
    pub text: String,
}

/// One waybill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// Its number.
    pub waybill: String,
    /// Code of the carrier.
    pub carrier: String,
    /// `out` or `in`.
    pub direction: String,
    /// The order.
    pub order_no: String,
    /// Weight in grams, as weighed on leaving.
    pub weight_g: i64,
    /// The lines inside.
    pub line_nos: Vec<i64>,
    /// What was reported, oldest first.
    pub traces: Vec<Trace>,
}

const CARRIERS: &[(&str, &str)] = &[("zto", "ZT"), ("yto", "YT"), ("yunda", "YD"), ("sf", "SF"), ("jd", "JD"), ("ems", "EM")];

/// A carrier and a waybill of it; the digits begin with zeros, as no real one does.
pub(crate) fn waybill(dice: &mut ChaCha8Rng, serial: usize, bulky: bool) -> (String, String) {
    let (carrier, prefix) = if bulky { ("deppon", "DP") } else { CARRIERS[dice.random_range(0..CARRIERS.len())] };
    (carrier.to_owned(), format!("{prefix}0000{serial:010}"))
}

/// The reports of one journey up to `now`. `how` is empty for an ordinary one, else the trouble.
pub(crate) fn journey(dice: &mut ChaCha8Rng, how: &str, city: &str, left: Micros, end: Option<Micros>, now: Micros) -> Vec<Trace> {
    let steps: &[(&str, &str)] = match how {
        "stuck" => &[("picked_up", "已揽收"), ("in_transit", "已离开发货地分拨中心"), ("stale", "快件滞留中转场，暂无更新")],
        "lost" => {
            &[("picked_up", "已揽收"), ("in_transit", "已离开发货地分拨中心"), ("stale", "长时间无更新"), ("lost", "快件疑似遗失，已登记")]
        }
        "moving" => &[("picked_up", "已揽收"), ("in_transit", "已离开发货地分拨中心"), ("arrived_city", "已到达{city}分拨中心")],
        "locker" => &[("picked_up", "已揽收"), ("in_transit", "运输中"), ("out_for_delivery", "正在派送"), ("at_locker", "已投入快递柜")],
        "other" => {
            &[("picked_up", "已揽收"), ("in_transit", "运输中"), ("out_for_delivery", "正在派送"), ("signed_other", "已由门卫代签收")]
        }
        "refused" => &[
            ("picked_up", "已揽收"),
            ("in_transit", "运输中"),
            ("out_for_delivery", "正在派送"),
            ("refused", "收件人拒收"),
            ("returning", "退回途中"),
        ],
        "returned" => &[
            ("picked_up", "已揽收"),
            ("in_transit", "运输中"),
            ("refused", "派送不成功，退回"),
            ("returning", "退回途中"),
            ("return_signed", "寄件方已签收退回件"),
        ],
        _ => &[
            ("picked_up", "已揽收"),
            ("in_transit", "已离开发货地分拨中心"),
            ("arrived_city", "已到达{city}分拨中心"),
            ("out_for_delivery", "正在派送"),
            ("signed_self", "已签收，本人签收"),
        ],
    };
    let end = end.unwrap_or(now);
    let whole = (end - left).0.max(Span::hours(1).0);
    let mut traces = Vec::new();
    for (at, (state, text)) in steps.iter().enumerate() {
        let share = whole * at as i64 / (steps.len() as i64 - 1).max(1);
        let jitter = if at == 0 || at + 1 == steps.len() { 0 } else { dice.random_range(0..whole / 20 + 1) };
        let at = Micros(left.0 + share + jitter);
        if at > now {
            break;
        }
        traces.push(Trace { at, state: (*state).to_owned(), text: text.replace("{city}", city) });
    }
    traces
}
