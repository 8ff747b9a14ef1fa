//! Laws that hold for every line and every state of knowledge.

use super::{Facts, Truth, all, amount, condition, explain, explain_amount};
use crate::playbook::catalogue::{Catalogue, FactId};
use crate::playbook::line::{self, Condition, Length, LengthUnit, Op, Operand, Share, Side, Step, Sum, Term, Test};
use crate::playbook::value::{Kind, Unit, Value};
use crate::time::{Micros, Span};
use proptest::prelude::*;
use proptest::sample::{Index, select};

fn catalogue() -> &'static Catalogue {
    Catalogue::standard()
}

fn of_kind(kind: Kind) -> Vec<FactId> {
    catalogue().facts().filter(|(_, fact)| fact.kind == kind).map(|(id, _)| id).collect()
}

fn any_fact() -> impl Strategy<Value = FactId> {
    select(catalogue().facts().map(|(id, _)| id).collect::<Vec<_>>())
}

fn value_of(id: FactId) -> BoxedStrategy<Value> {
    let fact = catalogue().fact(id);
    let n = 0..1_000_000_000i64;
    match fact.kind {
        Kind::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Kind::Choice => (0..fact.choices.len() as u16).prop_map(Value::Choice).boxed(),
        Kind::Number => n.prop_map(Value::Number).boxed(),
        Kind::Money => n.prop_map(Value::Money).boxed(),
        Kind::Count => n.prop_map(Value::Count).boxed(),
        Kind::Duration => any::<i64>().prop_map(|us| Value::Duration(Span(us))).boxed(),
        Kind::Text => "[a-zA-Z0-9 一-龥]{0,12}".prop_map(Value::Text).boxed(),
        Kind::Date => any::<i64>().prop_map(|us| Value::Date(Micros(us))).boxed(),
    }
}

fn operand(id: FactId) -> BoxedStrategy<Operand> {
    let fact = catalogue().fact(id);
    let others: Vec<FactId> = of_kind(fact.kind).into_iter().filter(|other| catalogue().fact(*other).unit == fact.unit).collect();
    let literal = match fact.kind {
        Kind::Duration => (0..10_000u32, select(LengthUnit::ALL)).prop_map(|(n, unit)| Operand::Length(Length { n, unit })).boxed(),
        Kind::Date => (2_000..2_100i16, 1..13i8, 1..29i8).prop_map(|(y, m, d)| Operand::Day(jiff::civil::date(y, m, d))).boxed(),
        _ => value_of(id).prop_map(Operand::Value).boxed(),
    };
    prop_oneof![3 => literal, 1 => select(others).prop_map(Operand::Fact)].boxed()
}

fn any_test() -> impl Strategy<Value = Test> {
    any_fact().prop_flat_map(|fact| {
        let known = any::<bool>().prop_map(move |no| Test::Known { fact, no }).boxed();
        let other = match catalogue().fact(fact).kind {
            Kind::Bool => any::<bool>().prop_map(move |no| Test::Is { fact, no }).boxed(),
            Kind::Choice | Kind::Text => (any::<bool>(), any::<bool>(), prop::collection::vec(value_of(fact), 1..4))
                .prop_map(move |(no, list, of)| Test::Among { fact, no, list, of: if list { of } else { of[..1].to_vec() } })
                .boxed(),
            Kind::Date => (select(Side::ALL), operand(fact)).prop_map(move |(side, of)| Test::Date { fact, side, of }).boxed(),
            _ => (select(Op::ALL), operand(fact)).prop_map(move |(op, with)| Test::Compare { fact, op, with }).boxed(),
        };
        prop_oneof![1 => known, 5 => other]
    })
}

fn any_condition() -> impl Strategy<Value = Condition> {
    any_test().prop_map(Condition::Test).prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Condition::Any),
            prop::collection::vec(inner, 1..4).prop_map(Condition::All)
        ]
    })
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let learned = prop::collection::vec(any_fact().prop_flat_map(|id| (Just(id), value_of(id))), 0..200);
    (learned, any::<i64>(), -720..841i32).prop_map(|(learned, now, offset)| {
        let mut facts = Facts::new(catalogue(), Micros(now), offset);
        learned.into_iter().for_each(|(id, value)| facts.put(id, Some(value)));
        facts
    })
}

fn any_amount() -> impl Strategy<Value = line::Amount> {
    let money = select(of_kind(Kind::Money));
    let percent: Vec<FactId> = of_kind(Kind::Number).into_iter().filter(|id| catalogue().fact(*id).unit == Some(Unit::Percent)).collect();
    let term = prop_oneof![
        (0..10_000_000i64).prop_map(Term::Money),
        money.clone().prop_map(Term::Fact),
        (0..100_000i64, money.clone()).prop_map(|(share, of)| Term::Share(Share::Fixed(share), of)),
        (select(percent), money.clone()).prop_map(|(share, of)| Term::Share(Share::Fact(share), of)),
        (0..10i64, money).prop_map(|(n, of)| Term::Times(n, of)),
    ];
    let sum = (term.clone(), prop::collection::vec((select(vec![Step::Plus, Step::Minus]), term), 0..3))
        .prop_map(|(first, rest)| Sum { first, rest });
    prop_oneof![
        sum.clone().prop_map(line::Amount::Sum),
        prop::collection::vec(sum.clone(), 2..4).prop_map(line::Amount::Lesser),
        prop::collection::vec(sum, 2..4).prop_map(line::Amount::Greater),
    ]
}

/// Whether a line is answered by not knowing.
fn asks_whether_known(condition: &Condition) -> bool {
    condition.tests().iter().any(|test| matches!(test, Test::Known { .. }))
}

proptest! {
    #[test]
    fn writing_and_reading_a_line_gives_it_back(test in any_test()) {
        prop_assert_eq!(line::test(&test.line(catalogue()), catalogue()), Ok(test));
    }

    #[test]
    fn writing_and_reading_an_amount_gives_it_back(amount in any_amount()) {
        prop_assert_eq!(line::amount(&amount.show(catalogue()).en, catalogue()), Ok(amount));
    }

    #[test]
    fn reading_never_panics(text in "[a-z_.0-9 \\[\\]<>=!%元\"，-]{0,60}") {
        let _ = line::test(&text, catalogue());
        let _ = line::amount(&text, catalogue());
        let _ = Length::read(&text);
    }

    #[test]
    fn every_line_has_an_answer_and_a_reason(conditions in prop::collection::vec(any_condition(), 0..5), facts in any_facts()) {
        let lines = explain(&conditions, &facts, catalogue());
        let together = lines.iter().filter(|line| line.level == 0).fold(Truth::Yes, |so_far, line| so_far.and(line.ok));
        prop_assert_eq!(all(&conditions, &facts), together);
        prop_assert!(lines.iter().all(|line| line.ok.is_yes() || line.is.is_some() || line.line.en.ends_with("of")));
    }

    #[test]
    fn any_and_all_are_each_others_mirror(conditions in prop::collection::vec(any_condition(), 0..5), facts in any_facts()) {
        let mirrored = conditions.iter().fold(Truth::No, |so_far, one| so_far.or(!condition(one, &facts)));
        prop_assert_eq!(!all(&conditions, &facts), mirrored);
    }

    /// What was decided stays decided, whatever is learned later.
    #[test]
    fn learning_never_turns_a_decision_around(one in any_condition(), facts in any_facts(), more in any_facts(), which in any::<Index>()) {
        prop_assume!(!asks_whether_known(&one));
        let before = condition(&one, &facts);
        let mut after = facts.clone();
        let ids: Vec<FactId> = catalogue().facts().map(|(id, _)| id).filter(|id| facts.get(*id).is_none()).collect();
        for id in ids.iter().skip(which.index(ids.len().max(1))) {
            after.put(*id, more.get(*id).cloned());
        }
        prop_assert!(before == Truth::Unknown || condition(&one, &after) == before);
    }

    #[test]
    fn amounts_are_never_negative(line in any_amount(), facts in any_facts()) {
        prop_assert!(amount(&line, &facts).is_ok_and(|minor| minor >= 0) || explain_amount(&Default::default(), &line, &facts, catalogue()).is_some());
    }
}
