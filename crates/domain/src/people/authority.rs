//! What a role may grant alone: per case, per day, per kind of spending (赔付权限). Owns the limits as data and who may approve above them.
//!
//! Knows amounts only; whether the actor may act at all is `policy`'s answer, whether the order can bear it the ledger's.

use super::Role;
use crate::refusal::{Code, Refusal};
use serde::{Deserialize, Serialize};

/// A kind of spending with limits of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spending {
    /// Giving back what was paid.
    Refund,
    /// Money beyond the price: small payment, red packet, gift, freight reimbursement.
    Payout,
    /// Coupons, points, membership level: the face value.
    Virtual,
    /// Goods sent again: their value.
    Goods,
}

impl Spending {
    /// The spending a means of compensation counts as; an unknown means counts as money.
    pub fn of_means(means: &str) -> Self {
        match means {
            "coupon" | "points" | "level" => Self::Virtual,
            _ => Self::Payout,
        }
    }
    /// Reads the storage name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Refund, Self::Payout, Self::Virtual, Self::Goods].into_iter().find(|kind| kind.as_str() == text)
    }
    /// The name in storage and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refund => "refund",
            Self::Payout => "payout",
            Self::Virtual => "virtual",
            Self::Goods => "goods",
        }
    }
}

/// One role's limit for one kind of spending, in minor units of the shop's currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// Whose limit.
    pub role: Role,
    /// Of what.
    pub kind: Spending,
    /// The most on one case, all decisions together.
    pub per_case_minor: i64,
    /// The most by one person on one day of the shop.
    pub per_day_minor: i64,
}

/// The limits of a shop. A role without a row may spend nothing alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Authority {
    /// Whether the shop's owner decides alone whatever the amount; each such decision is logged as one.
    pub owner_mode: bool,
    /// Who may exceed a ladder's soft cap on their own account.
    pub over_cap: Vec<Role>,
    /// The rows.
    pub limits: Vec<Limit>,
}

impl Default for Authority {
    /// A small shop's start, in fen; meant to be edited.
    fn default() -> Self {
        let rows = [
            (Role::Agent, [30_000, 300_000], [3_000, 30_000], [5_000, 50_000], [30_000, 300_000]),
            (Role::Senior, [100_000, 1_000_000], [10_000, 100_000], [10_000, 100_000], [100_000, 1_000_000]),
            (Role::Lead, [500_000, 5_000_000], [30_000, 300_000], [50_000, 500_000], [500_000, 5_000_000]),
            (Role::Supervisor, [5_000_000, 50_000_000], [200_000, 2_000_000], [200_000, 2_000_000], [5_000_000, 50_000_000]),
            (Role::Owner, [i64::MAX; 2], [i64::MAX; 2], [i64::MAX; 2], [i64::MAX; 2]),
            (Role::Api, [30_000, 300_000], [0, 0], [0, 0], [0, 0]),
        ];
        let limits = rows.into_iter().flat_map(|(role, refund, payout, coupon, goods)| {
            [(Spending::Refund, refund), (Spending::Payout, payout), (Spending::Virtual, coupon), (Spending::Goods, goods)]
                .map(|(kind, [per_case_minor, per_day_minor])| Limit { role, kind, per_case_minor, per_day_minor })
        });
        Self { owner_mode: true, over_cap: vec![Role::Lead, Role::Supervisor, Role::Owner], limits: limits.collect() }
    }
}

/// What has been spent already, of the same kind, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// On this case, by anybody, in flight included.
    pub case_minor: i64,
    /// Today, by this person, over all cases.
    pub day_minor: i64,
}

/// A bound of the ladder's rung on one amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cap {
    /// Minor units.
    pub amount_minor: i64,
    /// A soft cap may be exceeded by an approval of its own kind; a hard one binds everyone.
    pub soft: bool,
}

/// Why an approval is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Above {
    /// The case's total would pass the role's limit.
    PerCase,
    /// The person's day would pass the role's limit.
    PerDay,
    /// The amount passes the rung's soft cap.
    Cap,
}

/// Whether a person may decide alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// Alone; `owner_mode` says that only the owner's standing allowed it, which the event must name.
    Alone {
        /// Above some limit, decided by the owner.
        owner_mode: bool,
    },
    /// Another person's yes is needed first, for these reasons (never empty).
    Approval(Vec<Above>),
}

/// Whether `role` may spend `amount_minor` alone, given what was spent `already` and the rung's cap.
///
/// # Errors
/// `bad_input` for a negative amount; `over_hard_limit` above a hard cap, which no approval lifts.
pub fn needs_approval(
    authority: &Authority,
    role: Role,
    kind: Spending,
    amount_minor: i64,
    already: Spent,
    cap: Option<Cap>,
) -> Result<Need, Refusal> {
    let above = above(authority, role, kind, amount_minor, already, cap)?;
    if above.is_empty() {
        return Ok(Need::Alone { owner_mode: false });
    }
    if role == Role::Owner && authority.owner_mode {
        return Ok(Need::Alone { owner_mode: true });
    }
    Ok(Need::Approval(above))
}

/// Whether a person of `role` may say yes to this amount of somebody else's: what they could have decided alone.
///
/// # Errors
/// `over_authority` with the limit, so that the request goes one step up; those of [`needs_approval`].
pub fn may_approve(
    authority: &Authority,
    role: Role,
    kind: Spending,
    amount_minor: i64,
    already: Spent,
    cap: Option<Cap>,
) -> Result<(), Refusal> {
    match needs_approval(authority, role, kind, amount_minor, already, cap)? {
        Need::Alone { .. } => Ok(()),
        Need::Approval(_) => Err(Refusal::new(Code::OverAuthority)
            .with("role", role)
            .with("amount_minor", amount_minor)
            .with("limit_minor", limit(authority, role, kind).map_or(0, |limit| limit.per_case_minor))),
    }
}

/// The lowest of lead, supervisor and owner who may say yes; `None` where nobody of the shop may.
pub fn approver(authority: &Authority, kind: Spending, amount_minor: i64, case_minor: i64, cap: Option<Cap>) -> Option<Role> {
    let already = Spent { case_minor, day_minor: 0 };
    [Role::Lead, Role::Supervisor, Role::Owner]
        .into_iter()
        .find(|role| may_approve(authority, *role, kind, amount_minor, already, cap).is_ok())
}

/// What `role` may still spend alone on this case, in minor units, never negative.
pub fn left(authority: &Authority, role: Role, kind: Spending, already: Spent) -> i64 {
    limit(authority, role, kind).map_or(0, |limit| {
        let case = limit.per_case_minor.saturating_sub(already.case_minor);
        let day = limit.per_day_minor.saturating_sub(already.day_minor);
        case.min(day).max(0)
    })
}

fn limit(authority: &Authority, role: Role, kind: Spending) -> Option<&Limit> {
    authority.limits.iter().find(|limit| limit.role == role && limit.kind == kind)
}

fn above(
    authority: &Authority,
    role: Role,
    kind: Spending,
    amount_minor: i64,
    already: Spent,
    cap: Option<Cap>,
) -> Result<Vec<Above>, Refusal> {
    if amount_minor < 0 {
        return Err(Refusal::new(Code::BadInput).with("field", "amount_minor").with("problem", "below zero"));
    }
    let over_cap = cap.is_some_and(|cap| amount_minor > cap.amount_minor);
    if let (true, Some(Cap { amount_minor: most, soft: false })) = (over_cap, cap) {
        return Err(Refusal::new(Code::OverHardLimit).with("amount_minor", amount_minor).with("limit_minor", most));
    }
    let (per_case, per_day) = limit(authority, role, kind).map_or((0, 0), |limit| (limit.per_case_minor, limit.per_day_minor));
    let mut above = Vec::new();
    if already.case_minor.saturating_add(amount_minor) > per_case {
        above.push(Above::PerCase);
    }
    if already.day_minor.saturating_add(amount_minor) > per_day {
        above.push(Above::PerDay);
    }
    if over_cap && !authority.over_cap.contains(&role) {
        above.push(Above::Cap);
    }
    Ok(above)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spent(case_minor: i64, day_minor: i64) -> Spent {
        Spent { case_minor, day_minor }
    }

    fn check(role: Role, amount_minor: i64, already: Spent, cap: Option<Cap>, expect: Result<Need, Code>) {
        let got = needs_approval(&Authority::default(), role, Spending::Payout, amount_minor, already, cap);
        assert_eq!(got.map_err(|no| no.code), expect, "{role} {amount_minor} {already:?} {cap:?}");
    }

    #[test]
    fn the_cleaning_of_the_coat() {
        let cap = Some(Cap { amount_minor: 5_980, soft: true });
        check(Role::Agent, 3_000, spent(0, 0), cap, Ok(Need::Alone { owner_mode: false }));
        check(Role::Agent, 5_000, spent(0, 0), cap, Ok(Need::Approval(vec![Above::PerCase])));
        check(Role::Agent, 6_000, spent(0, 0), cap, Ok(Need::Approval(vec![Above::PerCase, Above::Cap])));
        check(Role::Lead, 6_000, spent(0, 0), cap, Ok(Need::Alone { owner_mode: false }));
        assert_eq!(approver(&Authority::default(), Spending::Payout, 5_000, 0, cap), Some(Role::Lead));
        assert_eq!(approver(&Authority::default(), Spending::Payout, 50_000, 0, None), Some(Role::Supervisor));
    }

    #[test]
    fn many_small_amounts_count_together() {
        check(Role::Agent, 1_000, spent(2_500, 2_500), None, Ok(Need::Approval(vec![Above::PerCase])));
        check(Role::Agent, 1_000, spent(0, 29_500), None, Ok(Need::Approval(vec![Above::PerDay])));
        assert_eq!(left(&Authority::default(), Role::Agent, Spending::Payout, spent(1_000, 29_500)), 500);
    }

    #[test]
    fn a_hard_limit_binds_the_owner_too() {
        let hard = Some(Cap { amount_minor: 100, soft: false });
        for role in Role::ALL {
            check(*role, 101, spent(0, 0), hard, Err(Code::OverHardLimit));
        }
        check(Role::Agent, -1, spent(0, 0), None, Err(Code::BadInput));
    }

    #[test]
    fn an_owner_beyond_every_row_decides_alone_and_it_is_said() {
        let mut authority = Authority { limits: Vec::new(), ..Authority::default() };
        let ask = |authority: &Authority| needs_approval(authority, Role::Owner, Spending::Refund, 1, spent(0, 0), None);
        assert_eq!(ask(&authority), Ok(Need::Alone { owner_mode: true }));
        authority.owner_mode = false;
        assert_eq!(ask(&authority), Ok(Need::Approval(vec![Above::PerCase, Above::PerDay])));
    }

    #[test]
    fn teams_without_a_row_grant_nothing() {
        for role in [Role::Night, Role::Warehouse, Role::Finance, Role::Auditor, Role::Admin] {
            assert!(matches!(needs_approval(&Authority::default(), role, Spending::Refund, 1, spent(0, 0), None), Ok(Need::Approval(_))));
        }
    }

    #[test]
    fn the_limits_are_data() {
        let text = serde_json::to_string(&Authority::default()).expect("json");
        assert_eq!(serde_json::from_str::<Authority>(&text).expect("limits"), Authority::default());
        let small: Authority = serde_json::from_str(r#"{"owner_mode":false}"#).expect("limits");
        assert_eq!(small.limits, Authority::default().limits);
    }

    proptest! {
        #[test]
        fn splitting_an_amount_gains_nothing(parts in prop::collection::vec(0..2_000i64, 1..12)) {
            let authority = Authority::default();
            let mut done = 0;
            let alone = parts.iter().all(|part| {
                let need = needs_approval(&authority, Role::Agent, Spending::Payout, *part, spent(done, done), None).expect("no cap");
                done += part;
                matches!(need, Need::Alone { .. })
            });
            let whole = needs_approval(&authority, Role::Agent, Spending::Payout, parts.iter().sum(), spent(0, 0), None).expect("no cap");
            prop_assert_eq!(alone, matches!(whole, Need::Alone { .. }));
        }

        #[test]
        fn whoever_is_higher_may_at_least_as_much(amount in 0..10_000_000i64, case in 0..1_000_000i64, day in 0..1_000_000i64) {
            let alone = |role| needs_approval(&Authority::default(), role, Spending::Refund, amount, spent(case, day), None)
                .is_ok_and(|need| matches!(need, Need::Alone { .. }));
            let ladder = [Role::Agent, Role::Senior, Role::Lead, Role::Supervisor, Role::Owner].map(alone);
            prop_assert!(ladder.is_sorted(), "{:?}", ladder);
        }
    }
}
