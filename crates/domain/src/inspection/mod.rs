//! What the warehouse found in a returned parcel (退货质检): units by condition, a verdict, and what it allows.
//!
//! Proposes only: whether money goes out, less of it or none is decided by people and the platform, with this in front of them.

use crate::names::names;
use crate::refusal::{Code, Refusal};
use serde::{Deserialize, Serialize};

names! {
    /// What one unit was like.
    Condition {
        Good, "good", "完好";
        Damaged, "damaged", "破损";
        Missing, "missing", "缺失";
        Wrong, "wrong", "非本店商品";
        NotIntact, "not_intact", "不完好";
    }
}

names! {
    /// What follows, as a proposal.
    Proposal {
        Refund, "refund", "全额退款";
        RefundReceived, "refund_received", "按收到的件数退款";
        AgreeOrRefuse, "agree_or_refuse", "协商扣减，或凭视频拒绝";
        Ask, "ask", "核对后再定";
    }
}

impl Condition {
    /// Whether the buyer's unit is in the warehouse now.
    pub const fn came_back(self) -> bool {
        matches!(self, Self::Good | Self::Damaged | Self::NotIntact)
    }
}

/// Units of one line in one condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Units {
    /// The line of the order.
    pub line_no: i64,
    /// How many.
    pub quantity: i64,
    /// What they were like.
    pub condition: Condition,
    /// A grade of the shop's own table, e.g. `B`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// Criteria of the category that were not met.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<String>,
}

/// What was expected in the parcel: a line, its units, what was paid for the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The line of the order.
    pub line_no: i64,
    /// Units bought.
    pub quantity: i64,
    /// Paid for all of them, minor units.
    pub paid_minor: i64,
}

/// One step of a shop's grade table: how much of the paid share a grade costs, in hundredths of a percent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grade {
    /// Its name.
    pub grade: String,
    /// Deduction in basis points of what was paid for the unit, 0 to 10,000.
    pub deduct_bp: i64,
}

/// The outcome of an inspection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Every unit good.
    pub intact: bool,
    /// The worst that was found; decides what the case page shows.
    pub worst: Condition,
    /// Units that came back.
    pub received: i64,
    /// Units missing or not ours.
    pub absent: i64,
    /// What follows, as a proposal.
    pub proposal: Proposal,
    /// What the shop's grade table would take off, minor units; needs the buyer's yes. `None`: the shop has no table or no unit has a grade.
    pub deduction_minor: Option<i64>,
}

/// Judges what was found.
///
/// # Errors
/// `bad_input` when nothing was counted, a quantity is not positive, a line is not in the order, a criterion fails on a unit called good,
/// or a grade is not in the table; `units_over_line` when more units are counted than were bought.
pub fn judge(units: &[Units], expected: &[Expected], grades: &[Grade]) -> Result<Outcome, Refusal> {
    if units.is_empty() || units.iter().any(|unit| unit.quantity <= 0) {
        return Err(bad("units", "at least one, each with a positive quantity"));
    }
    if let Some(unit) = units.iter().find(|unit| unit.condition == Condition::Good && !unit.failed.is_empty()) {
        return Err(bad("units", format!("line {}: a unit that fails {} is not good", unit.line_no, unit.failed.join(", "))));
    }
    let mut deduction = None;
    for unit in units {
        let line = expected.iter().find(|line| line.line_no == unit.line_no);
        let line = line.ok_or_else(|| bad("units", format!("line {} is not in this order", unit.line_no)))?;
        let counted: i64 = units.iter().filter(|other| other.line_no == unit.line_no).map(|other| other.quantity).sum();
        if counted > line.quantity {
            return Err(Refusal::new(Code::UnitsOverLine)
                .with("line_no", line.line_no)
                .with("counted", counted)
                .with("bought", line.quantity));
        }
        if let Some(grade) = &unit.grade {
            let step = grades.iter().find(|step| step.grade == *grade);
            let step = step.ok_or_else(|| bad("units", format!("the shop has no grade {grade}")))?;
            let share = i128::from(line.paid_minor) * i128::from(unit.quantity) / i128::from(line.quantity);
            let off = share * i128::from(step.deduct_bp.clamp(0, 10_000)) / 10_000;
            deduction = Some(deduction.unwrap_or(0) + off as i64);
        }
    }
    let sum = |which: &dyn Fn(Condition) -> bool| units.iter().filter(|unit| which(unit.condition)).map(|unit| unit.quantity).sum::<i64>();
    let worst = [Condition::Wrong, Condition::Missing, Condition::NotIntact, Condition::Damaged, Condition::Good]
        .into_iter()
        .find(|condition| units.iter().any(|unit| unit.condition == *condition))
        .unwrap_or(Condition::Good);
    let (received, absent) = (sum(&Condition::came_back), sum(&|condition| !condition.came_back()));
    let proposal =
        match worst {
            Condition::Good => Proposal::Refund,
            Condition::Wrong => Proposal::Ask,
            Condition::Missing if units.iter().all(|unit| matches!(unit.condition, Condition::Good | Condition::Missing)) => {
                if received > 0 { Proposal::RefundReceived } else { Proposal::Ask }
            }
            _ => Proposal::AgreeOrRefuse,
        };
    Ok(Outcome { intact: worst == Condition::Good, worst, received, absent, proposal, deduction_minor: deduction })
}

/// Whether a request may be refused because of what was found. Without the video of the inspection the refusal would be punished.
///
/// # Errors
/// `inspection_missing`, `goods_intact`, `video_needed`.
pub fn may_refuse(worst: Option<Condition>, video: bool) -> Result<(), Refusal> {
    match worst {
        None => Err(Code::InspectionMissing.into()),
        Some(Condition::Good) => Err(Code::GoodsIntact.into()),
        Some(_) if !video => Err(Code::VideoNeeded.into()),
        Some(_) => Ok(()),
    }
}

fn bad(field: &'static str, problem: impl ToString) -> Refusal {
    Refusal::new(Code::BadInput).with("field", field).with("problem", problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(line_no: i64, quantity: i64, condition: Condition) -> Units {
        Units { line_no, quantity, condition, grade: None, failed: vec![] }
    }

    const ORDER: &[Expected] =
        &[Expected { line_no: 1, quantity: 2, paid_minor: 39_800 }, Expected { line_no: 2, quantity: 1, paid_minor: 4_500 }];

    fn check(units: &[Units], expect: Result<(bool, i64, i64, Proposal), Code>) {
        let got = judge(units, ORDER, &[]).map(|o| (o.intact, o.received, o.absent, o.proposal)).map_err(|no| no.code);
        assert_eq!(got, expect, "{units:?}");
    }

    #[test]
    fn verdicts_and_proposals() {
        use Condition as C;
        check(&[unit(1, 2, C::Good)], Ok((true, 2, 0, Proposal::Refund)));
        check(&[unit(1, 1, C::Good), unit(1, 1, C::NotIntact)], Ok((false, 2, 0, Proposal::AgreeOrRefuse)));
        check(&[unit(1, 1, C::Good), unit(1, 1, C::Missing)], Ok((false, 1, 1, Proposal::RefundReceived)));
        check(&[unit(1, 1, C::Damaged), unit(1, 1, C::Missing)], Ok((false, 1, 1, Proposal::AgreeOrRefuse)));
        check(&[unit(1, 1, C::Missing)], Ok((false, 0, 1, Proposal::Ask)));
        check(&[unit(1, 1, C::Wrong)], Ok((false, 0, 1, Proposal::Ask)));
        check(&[], Err(Code::BadInput));
        check(&[unit(1, 0, C::Good)], Err(Code::BadInput));
        check(&[unit(9, 1, C::Good)], Err(Code::BadInput));
        check(&[unit(1, 2, C::Good), unit(1, 1, C::Wrong)], Err(Code::UnitsOverLine));
        check(&[Units { failed: vec!["tags".into()], ..unit(1, 1, C::Good) }], Err(Code::BadInput));
    }

    #[test]
    fn a_grade_proposes_a_deduction_of_the_paid_share() {
        let grades = [Grade { grade: "B".into(), deduct_bp: 4_000 }];
        let graded = |grade: &str| judge(&[Units { grade: Some(grade.into()), ..unit(1, 1, Condition::NotIntact) }], ORDER, &grades);
        assert_eq!(graded("B").expect("a grade").deduction_minor, Some(7_960));
        assert_eq!(graded("Z").map_err(|no| no.code), Err(Code::BadInput));
    }

    #[test]
    fn no_refusal_without_inspection_fault_and_video() {
        let check = |worst, video, expect: Result<(), Code>| assert_eq!(may_refuse(worst, video).map_err(|no| no.code), expect);
        check(None, true, Err(Code::InspectionMissing));
        check(Some(Condition::Good), true, Err(Code::GoodsIntact));
        check(Some(Condition::NotIntact), false, Err(Code::VideoNeeded));
        check(Some(Condition::NotIntact), true, Ok(()));
    }
}
