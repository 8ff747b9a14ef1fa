//! Refunds worked out by table, and over random orders: the parts of everything sum to what was paid.

use super::*;
use crate::id::Id;
use crate::ledger::policy::{FreightAfterShipping, Promotion as Switch};
use crate::ledger::{Payment, Wants};
use proptest::prelude::*;

/// Lines of `(quantity, paid)`.
fn order(lines: &[(i64, i64)], freight_minor: i64, shipped: bool) -> Account {
    let line = |(line_no, (quantity, paid_minor)): (i64, &(i64, i64))| Line {
        line_no,
        quantity: *quantity,
        paid_minor: *paid_minor,
        shipped: if shipped { *quantity } else { 0 },
        ..Line::default()
    };
    let paid_minor = lines.iter().map(|(_, paid)| paid).sum::<i64>() + freight_minor;
    Account {
        paid_minor,
        freight_minor,
        lines: (1..).zip(lines).map(line).collect(),
        payments: vec![Payment { payment_no: "P1".into(), captured_minor: paid_minor, ..Payment::default() }],
        ..Account::default()
    }
}

fn wish(line_no: i64, quantity: i64, amount_minor: Option<i64>) -> Wish {
    Wish { line_no, quantity, amount_minor }
}

fn facts<'a>(account: &'a Account, policy: &'a Policy) -> Facts<'a> {
    Facts { account, policy, shop_fault: false, promotion: None, graded: &[] }
}

fn shown(quote: &Quote) -> Vec<(&'static str, i64)> {
    quote.components.iter().map(|c| (c.what.as_str(), c.amount_minor)).collect()
}

#[test]
fn a_refund_explains_itself() {
    let policy = Policy::default();
    let account = order(&[(1, 7_906), (1, 3_997), (1, 3_997)], 0, false);
    let one = quote(&facts(&account, &policy), &[wish(2, 1, None)], None).expect("the second line");
    assert_eq!((one.amount_minor, shown(&one)), (3_997, vec![("paid_share", 3_997)]));
    assert_eq!((one.components[0].rule.as_str(), one.components[0].rule_version), ("refund.last_part_takes_remainder", RULES));

    let dress = order(&[(1, 19_900)], 0, true);
    let agreed = quote(&facts(&dress, &policy), &[wish(1, 1, Some(11_940))], None).expect("by agreement");
    assert_eq!((agreed.amount_minor, agreed.deducted_minor), (11_940, 7_960));
    assert_eq!(shown(&agreed), [("paid_share", 19_900), ("agreed_deduction", -7_960)]);

    let keep = quote(&facts(&dress, &policy), &[wish(1, 0, Some(2_000))], None).expect("kept");
    assert_eq!((shown(&keep), keep.deducted_minor), (vec![("price_reduction", 2_000)], 0));
}

#[test]
fn what_cannot_be_refunded_says_why() {
    let policy = Policy::default();
    let account = order(&[(2, 200), (1, 0)], 10, true);
    let check = |wishes: &[Wish], freight: Option<i64>, expect: Code| {
        assert_eq!(quote(&facts(&account, &policy), wishes, freight).map_err(|no| no.code), Err(expect), "{wishes:?} {freight:?}");
    };
    check(&[], None, Code::BadInput);
    check(&[wish(3, 1, None)], None, Code::BadInput);
    check(&[wish(1, 1, None), wish(1, 1, None)], None, Code::BadInput);
    check(&[wish(1, 3, None)], None, Code::AlreadyMadeGood);
    check(&[wish(1, 1, Some(101))], None, Code::OverLine);
    check(&[wish(1, 0, Some(201))], None, Code::OverLine);
    check(&[wish(1, 0, None)], None, Code::BadInput);
    check(&[wish(1, -1, None)], None, Code::BadInput);
    check(&[wish(2, 1, None)], None, Code::BadInput);
    check(&[wish(1, 1, None)], Some(10), Code::FreightNotRefundable);
    check(&[wish(1, 1, None)], Some(-1), Code::BadInput);
}

#[test]
fn freight_by_state_fault_and_policy() {
    let check = |shipped: bool, switch: FreightAfterShipping, shop_fault: bool, expect: i64| {
        let (account, policy) = (order(&[(1, 100)], 10, shipped), Policy { freight_after_shipping: switch, ..Policy::default() });
        let facts = Facts { shop_fault, ..facts(&account, &policy) };
        let whole = quote(&facts, &[wish(1, 1, None)], None).expect("whole");
        assert_eq!(whole.amount_minor, 100 + expect, "{shipped} {switch} {shop_fault}");
        let asked = quote(&facts, &[wish(1, 1, None)], Some(10)).map(|quote| quote.amount_minor).map_err(|no| no.code);
        assert_eq!(asked, if expect > 0 { Ok(110) } else { Err(Code::FreightNotRefundable) });
        assert_eq!(quote(&facts, &[wish(1, 1, None)], Some(0)).map(|quote| quote.amount_minor), Ok(100), "zero is not absent");
    };
    check(false, FreightAfterShipping::Never, false, 10);
    check(true, FreightAfterShipping::ShopFault, false, 0);
    check(true, FreightAfterShipping::ShopFault, true, 10);
    check(true, FreightAfterShipping::Never, true, 0);
    check(true, FreightAfterShipping::Always, false, 10);
    let (account, policy) = (order(&[(2, 100)], 10, false), Policy::default());
    let part = quote(&facts(&account, &policy), &[wish(1, 1, None)], None).expect("half");
    assert_eq!(part.amount_minor, 50, "the freight waits for the rest");
}

#[test]
fn a_promotion_recomputed_is_taken_off_once_and_comes_back_with_the_rest() {
    // 300 off 200 becomes 270 and 30 off each third; sending one back leaves 200, below the threshold of 300
    let mut promotion = Promotion { threshold_minor: 300, list_minor: vec![(1, 300)], lost_before_minor: 0 };
    let policy = Policy { promotion_on_partial_return: Switch::Recompute, ..Policy::default() };
    let mut account = order(&[(3, 270)], 0, true);
    let given = Facts { promotion: Some(&promotion), ..facts(&account, &policy) };
    let first = quote(&given, &[wish(1, 1, None)], None).expect("one of three");
    assert_eq!(shown(&first), [("paid_share", 90), ("promotion_lost", -20)]);
    assert_eq!(first.amount_minor, 70, "the two that stay cost 200 again");
    let kept = Policy::default();
    assert_eq!(quote(&Facts { policy: &kept, ..given }, &[wish(1, 1, None)], None).map(|q| q.amount_minor), Ok(90));
    book(&mut account, &first);
    promotion.lost_before_minor = first.promotion_lost_minor;
    let given = Facts { promotion: Some(&promotion), ..facts(&account, &policy) };
    let rest = quote(&given, &[wish(1, 2, None)], None).expect("the other two");
    assert_eq!((rest.amount_minor, first.amount_minor + rest.amount_minor), (200, 270));
}

#[test]
fn a_grade_only_proposes() {
    let (account, policy) = (order(&[(1, 1_000)], 0, true), Policy::default());
    let graded = Facts { graded: &[(1, 30)], ..facts(&account, &policy) };
    let proposed = quote(&graded, &[wish(1, 1, None)], None).expect("full");
    assert_eq!((proposed.amount_minor, shown(&proposed)), (1_000, vec![("paid_share", 1_000), ("grade_proposal", -300)]));
}

#[test]
fn payouts_reduce_what_is_left_only_by_policy() {
    let mut account = order(&[(1, 100)], 0, true);
    account.payout_minor = 30;
    let check = |reduce: bool, expect: Result<i64, Code>| {
        let policy = Policy { payouts_reduce_refundable: reduce, ..Policy::default() };
        let got = quote(&facts(&account, &policy), &[wish(1, 1, None)], None);
        assert_eq!(got.map(|quote| quote.amount_minor).map_err(|no| no.code), expect);
    };
    check(false, Ok(100));
    check(true, Err(Code::OverRefund));
}

/// Books a quote to the end.
fn book(account: &mut Account, quote: &Quote) {
    let holder = Id::from_bytes([1; 16]);
    for part in &quote.parts {
        if let Some(line_no) = part.line_no {
            let taken = account.take(holder, line_no, part.quantity, Wants::Stay).expect("free");
            account.post(&taken).expect("taken");
        }
    }
    for leg in account.legs(&quote.parts).expect("enough") {
        account.post(&Account::hold_leg(holder, &leg)).expect("held");
        account.post(&Account::end_leg(holder, &leg, true)).expect("done");
    }
}

proptest! {
    #[test]
    fn everything_sent_back_in_any_order_sums_to_what_was_paid(
        lines in prop::collection::vec((1..5i64, 1..100_000i64), 1..5),
        freight in 0..2_000i64,
        order_of_units in any::<u64>(),
        recomputed in any::<bool>(),
    ) {
        let mut account = order(&lines, freight, false);
        let list_minor: Vec<(i64, i64)> = account.lines.iter().map(|line| (line.line_no, line.paid_minor * 5 / 4)).collect();
        let threshold_minor = list_minor.iter().map(|(_, list)| list).sum::<i64>() * 3 / 4;
        let mut promotion = Promotion { threshold_minor, list_minor, lost_before_minor: 0 };
        let switch = if recomputed { Switch::Recompute } else { Switch::Keep };
        let policy = Policy { promotion_on_partial_return: switch, ..Policy::default() };
        let mut units: Vec<i64> = account.lines.iter().flat_map(|line| std::iter::repeat_n(line.line_no, line.quantity as usize)).collect();
        let mut seed = order_of_units;
        let mut total = 0;
        while !units.is_empty() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let line_no = units.swap_remove((seed >> 33) as usize % units.len());
            let facts = Facts { promotion: Some(&promotion), ..facts(&account, &policy) };
            if let Ok(quote) = quote(&facts, &[wish(line_no, 1, None)], None) {
                let sum: i64 = quote.components.iter().map(|c| c.amount_minor).sum();
                prop_assert_eq!(sum, quote.amount_minor, "components sum to the amount");
                total += quote.amount_minor;
                promotion.lost_before_minor += quote.promotion_lost_minor;
                book(&mut account, &quote);
            } else {
                // A unit whose whole worth the lost promotion ate: it is settled with the rest of its line.
                prop_assert!(recomputed || lines.iter().any(|(quantity, paid)| paid < quantity));
                return Ok(());
            }
        }
        prop_assert_eq!(total, account.paid_minor);
    }
}
