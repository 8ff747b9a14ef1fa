//! The rules by table, and random operations that may not break them.

use super::*;
use crate::refusal::{Code, Refusal};
use proptest::prelude::*;

fn id(n: u8) -> Id {
    Id::from_bytes([n; 16])
}

/// Lines of `(quantity, paid)`, all shipped, one payment of everything.
fn order(lines: &[(i64, i64)], freight_minor: i64) -> Account {
    let lines: Vec<Line> = (1..)
        .zip(lines)
        .map(|(line_no, (quantity, paid_minor))| Line {
            line_no,
            quantity: *quantity,
            paid_minor: *paid_minor,
            shipped: *quantity,
            ..Line::default()
        })
        .collect();
    let paid_minor = lines.iter().map(|line| line.paid_minor).sum::<i64>() + freight_minor;
    let payments = vec![Payment { payment_no: "P1".into(), captured_minor: paid_minor, ..Payment::default() }];
    Account { paid_minor, freight_minor, lines, payments, ..Account::default() }
}

impl Account {
    fn taking(mut self, holder: u8, line_no: i64, quantity: i64, wants: Wants) -> Result<Self, Refusal> {
        let entries = self.take(id(holder), line_no, quantity, wants)?;
        self.post(&entries)?;
        Ok(self)
    }

    fn with(mut self, entries: &[Entry]) -> Result<Self, Refusal> {
        self.post(entries)?;
        Ok(self)
    }

    /// Refunds parts to the end, as a platform that never says no.
    fn refunded(mut self, holder: u8, parts: &[Part]) -> Result<Self, Refusal> {
        for leg in self.legs(parts)? {
            self.post(&Self::hold_leg(id(holder), &leg))?;
            self.post(&Self::end_leg(id(holder), &leg, true))?;
        }
        Ok(self)
    }
}

fn part(line_no: i64, quantity: i64, amount_minor: i64) -> Part {
    Part { line_no: Some(line_no), quantity, amount_minor }
}

fn freight(amount_minor: i64) -> Part {
    Part { line_no: None, quantity: 0, amount_minor }
}

fn no<T>(outcome: Result<T, Refusal>) -> Option<Code> {
    outcome.err().map(|refusal| refusal.code)
}

#[test]
fn a_unit_is_made_good_once() {
    let one = order(&[(2, 200)], 0).taking(1, 1, 1, Wants::Back).expect("one of two");
    let check = |wants: Wants, quantity: i64, expect: Option<Code>| {
        assert_eq!(no(one.clone().taking(2, 1, quantity, wants)), expect, "{wants:?} {quantity}");
    };
    check(Wants::Back, 1, None);
    check(Wants::Stay, 1, None);
    check(Wants::Back, 2, Some(Code::AlreadyMadeGood));
    check(Wants::Stay, 2, Some(Code::AlreadyMadeGood));
    check(Wants::Back, 3, Some(Code::OverReturnable));
    check(Wants::Nothing, 9, None);
    assert_eq!(one.returnable(1), 1);
    assert_eq!(no(one.take(id(2), 7, 1, Wants::Back)), Some(Code::BadInput), "no such line");
}

#[test]
fn what_has_not_left_cannot_be_asked_back_but_can_be_refunded() {
    let mut order = order(&[(3, 300)], 0);
    order.lines[0].shipped = 2;
    let one = order.taking(1, 1, 1, Wants::Stay).expect("the one that has not left");
    assert_eq!(one.returnable(1), 2, "the other two did leave");
    let all = one.taking(2, 1, 2, Wants::Back).expect("the two");
    assert_eq!((all.returnable(1), all.lines[0].requested), (0, 2));
}

#[test]
fn given_back_units_are_free_again_unless_something_moved() {
    let held = order(&[(2, 200)], 0).taking(1, 1, 2, Wants::Back).expect("both");
    let freed = held.clone().with(&held.give_back(id(1))).expect("given back");
    assert_eq!((freed.returnable(1), freed.holds.len()), (2, 0));
    let here = held.with(&[Entry::units(Kind::Received, Some(id(1)), 1, 1)]).expect("one came back");
    let rest = here.clone().with(&here.give_back(id(1))).expect("the other is let go");
    assert_eq!((rest.lines[0].made_good, rest.lines[0].received, rest.returnable(1)), (1, 1, 1));
    let back = rest.clone().with(&[rest.send_back(id(1), 1, 1)]).expect("returned to the buyer");
    assert_eq!((back.lines[0].made_good, back.lines[0].received, back.returnable(1)), (0, 0, 2));
}

#[test]
fn an_exchange_makes_good_and_only_a_new_return_undoes_that() {
    let exchanged = order(&[(1, 100)], 0).taking(1, 1, 1, Wants::Back).expect("asked");
    let exchanged = exchanged.with(&[Entry::units(Kind::Received, Some(id(1)), 1, 1)]).expect("back");
    assert_eq!(exchanged.returnable(1), 0);
    let exchanged = exchanged.clone().with(&[exchanged.replace(id(1), 1, 1)]).expect("the new one arrived");
    assert_eq!(no(exchanged.clone().taking(2, 1, 1, Wants::Stay)), Some(Code::AlreadyMadeGood), "no refund on top");
    assert_eq!(exchanged.returnable(1), 1);
    let again = exchanged.taking(2, 1, 1, Wants::Back).expect("the new one goes back");
    assert_eq!((again.returnable(1), again.lines[0].made_good, again.holds.len()), (0, 1, 1));
    let again = again.with(&[Entry::units(Kind::Received, Some(id(2)), 1, 1)]).expect("back too");
    assert_eq!((again.lines[0].received, again.returnable(1)), (2, 0));
    again.refunded(2, &[part(1, 1, 100)]).expect("and is refunded");
}

#[test]
fn a_parcel_that_turns_up_counts_no_unit_twice() {
    let lost = order(&[(1, 100)], 0).taking(1, 1, 1, Wants::Stay).expect("not received");
    let paid = lost.refunded(1, &[part(1, 1, 100)]).expect("refunded");
    let there = paid.with(&[Entry::units(Kind::Received, Some(id(1)), 1, 1)]).expect("it turned up");
    assert_eq!((there.lines[0].made_good, there.lines[0].received, there.returnable(1)), (1, 1, 0));
    assert_eq!(no(there.with(&[Entry::units(Kind::Received, None, 1, 1)])), Some(Code::OverReturnable), "more than left");
}

#[test]
fn goods_that_came_back_unasked_wait_for_whoever_asks() {
    let refused = order(&[(1, 100)], 0).with(&[Entry::units(Kind::Received, None, 1, 1)]).expect("refused at the door");
    assert_eq!(refused.returnable(1), 0);
    let asked = refused.taking(1, 1, 1, Wants::Back).expect("the buyer asks afterwards");
    assert_eq!((asked.lines[0].requested, asked.hold(id(1), 1).awaited), (0, 0), "nothing is awaited");
}

#[test]
fn money_never_passes_what_was_paid_in_flight_included() {
    let order = order(&[(1, 100), (1, 50)], 10).taking(1, 1, 1, Wants::Stay).expect("held");
    let leg = |parts: Vec<Part>| Leg { payment_no: "P1".into(), parts };
    let flying = order.clone().with(&Account::hold_leg(id(1), &leg(vec![part(1, 1, 60)]))).expect("on its way");
    assert_eq!((flying.refundable_minor(false), flying.in_flight_minor), (100, 60));
    let check = |parts: Vec<Part>, expect: Code| {
        assert_eq!(no(flying.clone().with(&Account::hold_leg(id(1), &leg(parts.clone())))), Some(expect), "{parts:?}");
    };
    check(vec![part(1, 0, 41)], Code::OverLine);
    check(vec![part(1, 1, 40)], Code::AlreadyMadeGood);
    check(vec![freight(11)], Code::FreightOnce);
    check(vec![part(1, 0, 40), part(2, 0, 50), freight(10), freight(1)], Code::OverRefund);
    let freed = flying.with(&Account::end_leg(id(1), &leg(vec![part(1, 1, 60)]), false)).expect("rejected");
    assert_eq!(freed, order, "a refund that failed leaves nothing behind");
    assert_eq!(no(freed.with(&Account::end_leg(id(1), &leg(vec![part(1, 1, 60)]), true))), Some(Code::BadInput), "ends once");
}

#[test]
fn parts_of_a_line_sum_to_the_whole() {
    let mut order = order(&[(3, 100)], 0);
    let mut given = Vec::new();
    for _ in 0..3 {
        let amount = order.lines[0].share(1);
        given.push(amount);
        order = order.taking(1, 1, 1, Wants::Stay).and_then(|o| o.refunded(1, &[part(1, 1, amount)])).expect("one more");
    }
    assert_eq!(given, [33, 33, 34]);
    assert_eq!((order.lines[0].share(1), order.refundable_minor(false)), (0, 0));
}

#[test]
fn legs_fill_the_payments_and_sum_to_the_refund() {
    let mut order = order(&[(1, 100), (1, 50)], 10);
    order.payments = [("deposit", 30), ("rest", 130)]
        .map(|(no, captured_minor)| Payment { payment_no: no.into(), captured_minor, ..Payment::default() })
        .to_vec();
    let legs = order.legs(&[part(1, 1, 100), freight(10)]).expect("enough");
    let shown: Vec<(&str, i64, Vec<i64>)> =
        legs.iter().map(|leg| (leg.payment_no.as_str(), leg.amount_minor(), leg.parts.iter().map(|p| p.quantity).collect())).collect();
    assert_eq!(shown, [("deposit", 30, vec![0]), ("rest", 80, vec![1, 0])], "the unit goes with the last piece of its money");
    assert_eq!(no(order.legs(&[part(1, 1, 161)])), Some(Code::OverRefund));
    let gift = order.legs(&[part(1, 1, 100), part(2, 1, 0)]).expect("a gift costs nothing");
    assert_eq!(gift.last().map(|leg| leg.parts.len()), Some(2));
}

#[test]
fn the_platforms_own_refund_is_attributed_and_never_breaks_the_account() {
    let held = order(&[(1, 100), (2, 60)], 10).taking(1, 2, 1, Wants::Back).expect("a return");
    let book = |account: &Account, amount: i64| {
        let share = account.platform_refund(amount, None, &[id(1)]);
        (account.clone().with(&share.entries).expect("what is chosen fits"), share.outside_minor)
    };
    let (after, outside) = book(&held, 30);
    assert_eq!((after.lines[1].refunded_minor, after.lines[1].refunded_units, outside), (30, 1, 0), "the unit it was about");
    let (after, outside) = book(&held, 170);
    assert_eq!((after.refundable_minor(false), after.freight_refunded_minor, outside), (0, 10, 0));
    let leg = Leg { payment_no: "P1".into(), parts: vec![part(2, 1, 30)] };
    let flying = held.with(&Account::hold_leg(id(1), &leg)).expect("ours is on its way");
    let (after, outside) = book(&flying, 170);
    assert_eq!((after.refunded_minor, after.in_flight_minor, outside), (140, 30, 30), "what cannot fit is kept outside");
    let after = after.with(&Account::end_leg(id(1), &leg, false)).expect("the platform refused ours");
    assert_eq!(after.refundable_minor(false), 0);
}

#[test]
fn payouts_are_a_total_of_their_own() {
    let paid = order(&[(1, 100)], 0).with(&[Entry::payout(Kind::PayoutHeld, 500)]).expect("more than the price");
    assert_eq!((paid.refundable_minor(false), paid.refundable_minor(true)), (100, 0));
    let done = paid.clone().with(&[Entry::payout(Kind::PayoutDone, 500)]).expect("done");
    assert_eq!((done.payout_minor, done.payout_in_flight_minor), (500, 0));
    assert_eq!(no(done.with(&[Entry::payout(Kind::PayoutDone, 1)])), Some(Code::BadInput), "never twice");
    assert_eq!(no(paid.with(&[Entry::payout(Kind::PayoutHeld, 0)])), Some(Code::BadInput));
}

#[test]
fn history_counts_but_is_not_bound() {
    let history = order(&[(1, 100)], 0).with(&[Entry::external(Some(1), 1, 130)]).expect("kept as it is");
    assert_eq!((history.external_minor, history.refundable_minor(false), history.lines[0].share(1)), (130, 0, 0));
    assert_eq!(
        no(history.legs(&[part(1, 0, 1)]).and_then(|legs| history.clone().with(&Account::hold_leg(id(1), &legs[0])))),
        Some(Code::OverRefund)
    );
}

/// One thing somebody tries.
#[derive(Clone, Debug)]
enum Try {
    Take(u8, i64, i64, Wants),
    GiveBack(u8),
    Receive(Option<u8>, i64, i64),
    SendBack(u8, i64, i64),
    Replace(u8, i64, i64),
    Ship(i64),
    Refund(u8, i64, i64, i64),
    Freight(i64),
    End(usize, bool),
    Platform(i64),
    External(i64, i64),
    Payout(i64),
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let (who, line, units, money) = (1..4u8, 1..4i64, 1..4i64, 0..400i64);
    let wants = prop::sample::select(vec![Wants::Back, Wants::Stay]);
    let one = prop_oneof![
        3 => (who.clone(), line.clone(), units.clone(), wants).prop_map(|(w, l, u, k)| Try::Take(w, l, u, k)),
        1 => who.clone().prop_map(Try::GiveBack),
        2 => (prop::option::of(who.clone()), line.clone(), units.clone()).prop_map(|(w, l, u)| Try::Receive(w, l, u)),
        1 => (who.clone(), line.clone(), units.clone()).prop_map(|(w, l, u)| Try::SendBack(w, l, u)),
        1 => (who.clone(), line.clone(), units.clone()).prop_map(|(w, l, u)| Try::Replace(w, l, u)),
        1 => line.clone().prop_map(Try::Ship),
        4 => (who, line.clone(), 0..3i64, money.clone()).prop_map(|(w, l, u, m)| Try::Refund(w, l, u, m)),
        1 => money.clone().prop_map(Try::Freight),
        3 => (0..4usize, any::<bool>()).prop_map(|(n, done)| Try::End(n, done)),
        1 => money.clone().prop_map(Try::Platform),
        1 => (line, money.clone()).prop_map(|(l, m)| Try::External(l, m)),
        1 => money.prop_map(Try::Payout),
    ];
    prop::collection::vec(one, 1..60)
}

/// A shop that keeps what is on its way.
struct Shop {
    account: Account,
    entries: Vec<Entry>,
    flying: Vec<(Id, Leg)>,
}

impl Shop {
    fn post(&mut self, entries: Result<Vec<Entry>, Refusal>) -> bool {
        let before = self.account.clone();
        match entries.and_then(|entries| self.account.post(&entries).map(|()| entries)) {
            Ok(entries) => {
                self.entries.extend(entries);
                true
            }
            Err(_) => {
                assert_eq!(self.account, before, "a refusal changes nothing");
                false
            }
        }
    }

    fn refund(&mut self, holder: Id, parts: &[Part]) {
        for leg in self.account.legs(parts).unwrap_or_default() {
            if self.post(Ok(Account::hold_leg(holder, &leg))) {
                self.flying.push((holder, leg));
            }
        }
    }

    fn attempt(&mut self, what: Try) {
        let account = self.account.clone();
        match what {
            Try::Take(who, line, units, wants) => _ = self.post(account.take(id(who), line, units, wants)),
            Try::GiveBack(who) => _ = self.post(Ok(account.give_back(id(who)))),
            Try::Receive(who, line, units) => _ = self.post(account.receive(who.map(id), line, units).map(|entry| vec![entry])),
            Try::SendBack(who, line, units) => _ = self.post(Ok(vec![account.send_back(id(who), line, units)])),
            Try::Replace(who, line, units) => _ = self.post(Ok(vec![account.replace(id(who), line, units)])),
            Try::Ship(line_no) => {
                // Shipping is a fact of the order, not of the ledger; it only grows.
                if let Some(line) = self.account.lines.iter_mut().find(|line| line.line_no == line_no && line.shipped < line.quantity) {
                    line.shipped += 1;
                }
            }
            Try::Refund(who, line, units, minor) => self.refund(id(who), &[part(line, units, minor)]),
            Try::Freight(minor) => self.refund(id(9), &[freight(minor)]),
            Try::End(n, done) if n < self.flying.len() => {
                let (holder, leg) = self.flying.remove(n);
                assert!(self.post(Ok(Account::end_leg(holder, &leg, done))), "what is on its way can always end");
            }
            Try::End(..) => {}
            Try::Platform(minor) => {
                let share = account.platform_refund(minor, None, &[id(1)]);
                assert!(minor == 0 || self.post(Ok(share.entries)), "what the platform did can always be booked");
            }
            Try::External(line, minor) => _ = self.post(Ok(vec![Entry::external(Some(line), 0, minor)])),
            Try::Payout(minor) => _ = self.post(Ok(vec![Entry::payout(Kind::PayoutHeld, minor)])),
        }
    }

    fn must_hold(&self) {
        let account = &self.account;
        assert!(account.refunded_minor + account.in_flight_minor <= account.paid_minor, "rule 1");
        assert!(account.freight_refunded_minor + account.freight_in_flight_minor <= account.freight_minor, "freight once");
        let spent = |line: &Line| line.refunded_minor + line.in_flight_minor;
        let lines: i64 = account.lines.iter().map(spent).sum();
        let freight = account.freight_refunded_minor + account.freight_in_flight_minor;
        assert_eq!(lines + freight, account.refunded_minor + account.in_flight_minor, "the split over lines sums to the whole");
        let payments: i64 = account.payments.iter().map(|p| p.refunded_minor + p.in_flight_minor).sum();
        assert_eq!(payments, account.refunded_minor + account.in_flight_minor, "the split over payments too");
        for line in &account.lines {
            assert!(spent(line) <= line.paid_minor, "rule 1, per line");
            assert!(line.made_good <= line.quantity, "rule 2");
            assert!(line.requested + line.received <= line.shipped + line.replaced, "nothing comes back that did not leave");
            let held: i64 = account.holds.iter().filter(|hold| hold.line_no == line.line_no).map(|hold| hold.held).sum();
            assert_eq!(held, line.made_good, "every unit made good has a name");
            let awaited: i64 = account.holds.iter().filter(|hold| hold.line_no == line.line_no).map(|hold| hold.awaited).sum();
            assert_eq!(awaited, line.requested);
            assert!(line.refunded_units + line.in_flight_units <= line.made_good, "a refunded unit is made good");
        }
        for payment in &account.payments {
            assert!(payment.refunded_minor + payment.in_flight_minor <= payment.captured_minor, "per payment");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_is_tried_the_rules_hold_and_the_fold_agrees(
        lines in prop::collection::vec((1..4i64, 0..300i64), 3),
        freight_minor in 0..50i64,
        deposit in 0..100i64,
        shipped in any::<bool>(),
        steps in tries(),
    ) {
        let mut account = order(&lines, freight_minor);
        let deposit = deposit.min(account.paid_minor);
        account.payments = [("P1", deposit), ("P2", account.paid_minor - deposit)]
            .map(|(no, captured_minor)| Payment { payment_no: no.into(), captured_minor, ..Payment::default() })
            .to_vec();
        if !shipped {
            account.lines.iter_mut().for_each(|line| line.shipped = 0);
        }
        let mut shop = Shop { account, entries: Vec::new(), flying: Vec::new() };
        for step in steps {
            shop.attempt(step);
            shop.must_hold();
        }
        prop_assert_eq!(shop.account.recomputed(&shop.entries).expect("accepted once, accepted again"), shop.account);
    }
}
