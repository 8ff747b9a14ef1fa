//! When a refund without a return may be refused (仅退款能不能拒). Owns the rule; what serves as proof is for people to judge.

use crate::parcel::Verdict;
use crate::refusal::{Code, Refusal};

/// Whether the refund may be refused. `left`: some of its goods have left the shop; `proof`: something is shown for the refusal;
/// `parcels`: what the traces of the order's parcels amount to. Requirement B2: whoever sent goods has to show where they are, and a
/// parcel that is stuck or on its way back is never argued about.
///
/// # Errors
/// `parcel_not_coming`, `proof_missing`.
pub fn may_refuse(left: bool, proof: bool, parcels: &[Verdict]) -> Result<(), Refusal> {
    if !left {
        return Ok(());
    }
    if let Some(verdict) = parcels.iter().find(|verdict| not_coming(**verdict)) {
        return Err(Refusal::new(Code::ParcelNotComing).with("verdict", verdict.zh()));
    }
    if proof { Ok(()) } else { Err(Code::ProofMissing.into()) }
}

/// The buyer will not get it by waiting.
const fn not_coming(verdict: Verdict) -> bool {
    match verdict {
        Verdict::Stuck | Verdict::Lost | Verdict::Refused | Verdict::Returning | Verdict::Returned => true,
        Verdict::Moving | Verdict::NoPickup | Verdict::Abnormal | Verdict::Delivered | Verdict::Ended => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(left: bool, proof: bool, parcels: &[Verdict], expect: Result<(), Code>) {
        assert_eq!(may_refuse(left, proof, parcels).map_err(|no| no.code), expect, "{left} {proof} {parcels:?}");
    }

    #[test]
    fn goods_that_left_are_refused_with_proof_while_they_come() {
        check(false, false, &[], Ok(()));
        check(true, false, &[Verdict::Moving], Err(Code::ProofMissing));
        check(true, true, &[Verdict::Moving], Ok(()));
        check(true, true, &[Verdict::Delivered], Ok(()));
        check(true, true, &[], Ok(()));
        check(true, true, &[Verdict::Stuck], Err(Code::ParcelNotComing));
        check(true, true, &[Verdict::Moving, Verdict::Returning], Err(Code::ParcelNotComing));
    }

    proptest! {
        /// Proof never makes a refusal harder, and nothing that comes back is refused.
        #[test]
        fn proof_only_helps(left: bool, parcels in prop::collection::vec(prop::sample::select(Verdict::ALL), 0..4)) {
            let (without, with) = (may_refuse(left, false, &parcels), may_refuse(left, true, &parcels));
            prop_assert!(without.is_err() || with.is_ok());
            prop_assert!(!left || !parcels.contains(&Verdict::Returning) || with.is_err());
        }
    }
}
