//! The answers of a small playbook: steps, needs, ladder, clocks, rules, texts, proposals.

use super::*;
use crate::playbook::eval::Truth;
use crate::playbook::line::literal;
use crate::playbook::{Catalogue, Facts, Pack, Value};
use crate::time::{Micros, Span};

const WARDROBE: &str = include_str!("wardrobe.toml");

fn now() -> Micros {
    Micros::parse("2026-02-12T10:00:00+08:00").expect("a time")
}

fn pack() -> Pack {
    Pack::read([("wardrobe.toml", WARDROBE)], Catalogue::standard()).unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// Facts written as in a policy table; dates as hours before now.
fn facts(known: &[(&str, &str)]) -> Facts {
    let catalogue = Catalogue::standard();
    let mut facts = Facts::new(catalogue, now(), 480);
    for (name, text) in known {
        let fact = catalogue.fact(catalogue.find(name).unwrap_or_else(|| panic!("no fact {name}")));
        let value = match text.strip_suffix(" h ago") {
            Some(hours) => Value::Date(now() - Span::hours(hours.parse().expect("hours"))),
            None => literal(text, fact).unwrap_or_else(|wrong| panic!("{name}: {wrong:?}")),
        };
        facts.set(catalogue, name, value);
    }
    facts
}

fn ask<T>(known: &[(&str, &str)], question: impl Fn(Asking<'_>) -> T) -> T {
    let (pack, facts) = (pack(), facts(known));
    question(Asking { book: &pack.playbooks["wardrobe"], catalogue: Catalogue::standard(), facts: &facts })
}

#[test]
fn steps_are_due_in_their_order() {
    let check = |known: &[(&str, &str)], expect: &[&str]| {
        let shown: Vec<String> = ask(known, |asking| {
            let show = |step: StepNow<'_>| {
                let due = step.due_at.map_or(String::new(), |due| format!(" in {} min", (due - now()).0 / 60_000_000));
                format!(
                    "{}{}{}{}{due}",
                    step.id,
                    if step.done { " done" } else { "" },
                    if step.late { " late" } else { "" },
                    if step.after.is_empty() { "" } else { " later" }
                )
            };
            asking.steps().into_iter().map(show).collect()
        });
        assert_eq!(shown, expect, "{known:?}");
    };
    check(&[("case.opened_at", "0 h ago")], &["apologise in 30 min", "check later"]);
    check(&[("case.opened_at", "1 h ago")], &["apologise late in -30 min", "check later"]);
    check(&[("case.opened_at", "1 h ago"), ("contact.apology", "true")], &["check", "apologise done in -30 min"]);
    check(&[("contact.apology", "true"), ("request.on_platform", "true")], &["answer", "check", "apologise done"]);
}

#[test]
fn needs_say_who_is_asked_and_what_serves_instead() {
    let shown = |known: &[(&str, &str)]| -> Vec<String> {
        ask(known, |asking| {
            asking.needs().iter().map(|need| format!("{} of {} {:?}/{:?}", need.need, need.of, need.asked, need.at_most)).collect()
        })
    };
    assert_eq!(
        shown(&[]),
        ["? evidence.photos >= 2: nobody knows of buyer None/Some(1)", "? carrier.asked: nobody knows of parcel_desk None/None"]
    );
    assert_eq!(
        shown(&[("evidence.photos", "1"), ("evidence.requests", "1"), ("carrier.asked", "true")]),
        ["✗ evidence.photos >= 2: it is 1 of buyer Some(1)/Some(1)"]
    );
    assert_eq!(shown(&[("evidence.photos", "2"), ("carrier.asked", "true")]), [] as [&str; 0]);
    assert_eq!(shown(&[("evidence.cannot", "true"), ("carrier.asked", "true")]), [] as [&str; 0]);
}

#[test]
fn the_ladder_explains_itself() {
    let check = |known: &[(&str, &str)], tried: &[Tried<'_>], expect: &[&str]| {
        let (pack, facts) = (pack(), facts(known));
        let asking = Asking { book: &pack.playbooks["wardrobe"], catalogue: Catalogue::standard(), facts: &facts };
        let shown: Vec<String> = asking
            .ladder(tried)
            .iter()
            .map(|rung| {
                let amounts = [rung.amount_minor, rung.cap_minor, rung.limit_minor, rung.cost_minor]
                    .map(|minor| minor.map_or("-".into(), |minor| minor.to_string()));
                format!(
                    "{}{} {}{} {}",
                    if rung.next { "> " } else { "" },
                    rung.possible.mark(),
                    rung.rung,
                    rung.tried.map_or(String::new(), |state| format!(" ({state})")),
                    amounts.join("/")
                )
            })
            .collect();
        assert_eq!(shown, expect, "{known:?}");
    };
    let known =
        [("diagnosis.verified", "true"), ("line.paid", "1280 元"), ("return_freight.estimate", "96 元"), ("stock.replacement", "0")];
    check(&known, &[], &["> ✓ self_repair 9600/9600/38400/9600", "✓ give_back 128000/-/-/128000", "✗ exchange -/-/-/5000"]);
    check(
        &known,
        &[Tried { rung: "self_repair", state: "refused" }],
        &["✓ self_repair (refused) 9600/9600/38400/9600", "> ✓ give_back 128000/-/-/128000", "✗ exchange -/-/-/5000"],
    );
    check(
        &[("diagnosis.verified", "true"), ("buyer.mood", "angry")],
        &[],
        &["> ✓ give_back -/-/-/-", "✓ self_repair -/-/-/-", "? exchange -/-/-/5000"],
    );
    check(
        &[("diagnosis.verified", "true"), ("request.safety", "true")],
        &[],
        &["? exchange -/-/-/5000", "> ✓ give_back -/-/-/-", "✗ self_repair -/-/-/-"],
    );
}

#[test]
fn a_rung_tells_why_and_what_to_find_out() {
    let because = |known: &[(&str, &str)], rung: &str| -> Vec<String> {
        ask(known, |asking| asking.one_rung(rung, Chosen::default()).expect("a rung").because.iter().map(ToString::to_string).collect())
    };
    assert_eq!(because(&[("stock.replacement", "0")], "exchange"), ["✗ stock.replacement >= 1: it is 0"]);
    assert_eq!(
        because(&[("diagnosis.verified", "true"), ("line.paid", "50 元")], "self_repair"),
        [
            "✓ diagnosis.verified",
            "? unless request.safety: nobody knows",
            "? amount lesser of return_freight.estimate and 30% of line.paid: nobody knows return_freight.estimate",
            "? cap return_freight.estimate: nobody knows return_freight.estimate",
        ]
    );
    let text = ask(&[("return_freight.estimate", "96 元"), ("line.paid", "1280 元")], |asking| {
        asking.one_rung("self_repair", Chosen::default()).expect("a rung").what
    });
    assert_eq!(text.expect("words").zh, "补偿 96.00 元，2月13日 10:00 前打款");
    let (text, missing) = ask(&[], |asking| {
        let rung = asking.one_rung("self_repair", Chosen::default()).expect("a rung");
        (rung.what.expect("words").zh, rung.missing)
    });
    assert_eq!((text.as_str(), missing), ("补偿 {offer.amount}，2月13日 10:00 前打款", vec!["offer.amount".to_owned()]));
    assert_eq!(ask(&[], |asking| asking.lawful_actions().iter().map(|act| act.as_str()).collect::<Vec<_>>()), ["agree_return", "refund"]);
}

#[test]
fn clocks_start_end_and_stay_unknown() {
    let check = |known: &[(&str, &str)], id: &str, expect: &str| {
        let shown = ask(known, |asking| {
            let clock = asking.clocks().into_iter().find(|clock| clock.rule.id == id).expect("a clock");
            match clock.state {
                ClockState::Runs { end: End::At(at) | End::Named(at), .. } => format!("at {}", crate::playbook::value::local_time(at, 480)),
                ClockState::Runs { end: End::Working(span), .. } => format!("working {} min", span.0 / 60_000_000),
                other => {
                    format!("{other:?}").split([' ', '{']).next().unwrap_or_default().to_owned()
                        + if matches!(other, ClockState::Runs { .. }) { " unknown" } else { "" }
                }
            }
        });
        assert_eq!(shown, expect, "{id} {known:?}");
    };
    let tmall = |more: &[(&'static str, &'static str)]| [&[("platform.name", "tmall"), ("request.on_platform", "true")], more].concat();
    check(&[], "agree", "Undecided");
    check(&[("platform.name", "jd"), ("request.on_platform", "true")], "agree", "Off");
    check(&tmall(&[]), "agree", "NotStarted");
    check(&tmall(&[("request.applied_at", "100 h ago")]), "agree", "at 2026-02-09 18:00");
    check(&tmall(&[("request.applied_at", "2 h ago")]), "agree", "at 2026-02-24 00:00");
    check(&tmall(&[("request.applied_at", "2 h ago"), ("platform.due_at", "2026-02-13T12:00:00+08:00")]), "agree", "at 2026-02-13 12:00");
    check(&tmall(&[("request.applied_at", "2 h ago"), ("request.state", "agreed")]), "agree", "Over");
    check(&[("return.shipped_at", "24 h ago")], "confirm", "at 2026-02-18 10:00");
    check(&[("return.shipped_at", "24 h ago"), ("return.signed_at", "1 h ago")], "confirm", "at 2026-02-14 09:00");
    check(&[("order.signed_at", "60 h ago")], "seven_days", "at 2026-02-17 00:00");
    check(&[("case.opened_at", "1 h ago")], "answer", "working 20 min");
    check(&[("request.applied_at", "1 h ago"), ("platform.name", "jd")], "jd_agree", "Runs unknown");
}

#[test]
fn rules_fire_on_certainty_only() {
    let check = |known: &[(&str, &str)], on: bool, expect: &[(&str, Option<i64>)]| {
        let (pack, facts) = (pack(), facts(known));
        let asking = Asking { book: &pack.playbooks["wardrobe"], catalogue: Catalogue::standard(), facts: &facts };
        let fired: Vec<(&str, Option<i64>)> =
            asking.rules(|_| on).iter().map(|fires| (fires.rule.id.as_str(), fires.amount_minor)).collect();
        assert_eq!(fired, expect, "{known:?}");
    };
    let sure = [("inspection.intact", "true"), ("buyer.risk_note", "false"), ("line.refundable", "30 元")];
    check(&sure, true, &[("refund_intact", Some(3_000))]);
    check(&sure, false, &[]);
    check(&sure[..2], true, &[]);
    check(&[("inspection.intact", "true"), ("line.refundable", "30 元")], true, &[]);
    check(&[("buyer.risk_note", "false"), ("line.refundable", "30 元")], true, &[]);
}

#[test]
fn time_alone_turns_a_line() {
    let check = |known: &[(&str, &str)], expect: Option<i64>| {
        assert_eq!(ask(known, |asking| asking.next_turn().map(|span| span.0 / 60_000_000)), expect, "{known:?}");
    };
    check(&[], None);
    check(&[("return.since_signed", "11 h")], Some(60));
    check(&[("return.since_signed", "12 h")], None);
    check(&[("line.seven_day_left", "3 d")], Some(2 * 24 * 60));
    check(&[("line.seven_day_left", "1 h")], None);
    check(&[("line.seven_day_left", "3 d"), ("return.since_signed", "11 h")], Some(60));
}

#[test]
fn texts_are_whole_or_not_there_and_misfits_say_why() {
    let script = |known: &[(&str, &str)]| {
        ask(known, |asking| {
            let script = asking.script("sorry", &Variables::new()).expect("a script");
            let unfit = script.unfit_line.as_ref().map(|unfit| unfit.0.line.en.clone());
            (script.text.map(|text| text.zh), script.missing, script.fits, unfit)
        })
    };
    let filled = Some("真抱歉，您的实木衣柜坏了。".to_owned());
    assert_eq!(script(&[("line.title", "实木衣柜")]), (filled.clone(), vec![], true, None));
    assert_eq!(script(&[]), (None, vec!["line.title".to_owned()], true, None));
    let wrong = script(&[("line.title", "实木衣柜"), ("request.problem", "size")]);
    assert_eq!(wrong, (filled.clone(), vec![], false, Some("request.problem in [damaged, defective]".to_owned())));
    let dangerous = script(&[("line.title", "实木衣柜"), ("request.safety", "true")]);
    assert_eq!(dangerous, (filled, vec![], false, Some("request.safety".to_owned())));
}

#[test]
fn the_result_is_proposed_from_what_was_carried_out_and_what_is_known() {
    use crate::playbook::table::Remedy::{Compensation, Exchange, Refund, ReturnRefund};
    let check = |known: &[(&str, &str)], carried: &[crate::playbook::table::Remedy], expect: Option<(&str, &str)>| {
        ask(known, |asking| {
            let found = asking.closing(carried).proposed;
            assert_eq!(found.as_ref().map(|it| (it.id, it.why.en.as_str())), expect, "{known:?} {carried:?}");
        });
    };
    check(&[], &[], None);
    check(&[], &[Exchange], None);
    check(&[], &[Compensation], Some(("kept", "carried out: compensation")));
    // the latest counts; what no result is for is passed over
    check(&[], &[Refund, Compensation], Some(("kept", "carried out: compensation")));
    check(&[], &[Compensation, Exchange], Some(("kept", "carried out: compensation")));
    // the first result that fits; a condition that does not hold rules it out, one that is not known does not
    check(&[], &[ReturnRefund], Some(("kept_safe", "carried out: return refund")));
    check(&[("request.safety", "true")], &[ReturnRefund], Some(("returned", "carried out: return refund")));
    check(&[("request.safety", "true")], &[Refund], None);
    // what the facts alone say goes first
    check(&[("platform.refunded", "true")], &[Compensation], Some(("platform_refunded", "platform.refunded")));
    check(&[("platform.refunded", "false")], &[], None);
}

#[test]
fn proposals_and_closing() {
    ask(&[("request.problem", "damaged"), ("request.safety", "true"), ("line.paid", "50 元")], |asking| {
        let causes: Vec<(&str, Truth)> = asking.causes().iter().map(|cause| (cause.cause, cause.ok)).collect();
        assert_eq!(causes, [("transport_damage", Truth::Yes), ("misuse", Truth::Unknown)]);
        assert_eq!(asking.severity().map(|severity| severity.level), Some(1));
        let closing = asking.closing(&[]);
        assert_eq!((closing.met, closing.silence_h, closing.results.len()), (Truth::Unknown, Some(72), 4));
    });
    assert_eq!(ask(&[], |asking| asking.severity().map(|severity| severity.level)), None);
    let check = |known: &[(&str, &str)], words: &str, expect: Option<i64>| {
        let pack = pack();
        let found = propose(&pack, Catalogue::standard(), &facts(known), &facts(known), &Words::of(words));
        assert_eq!(found.first().map(|proposal| proposal.score), expect, "{known:?} {words}");
    };
    check(&[("request.problem", "damaged"), ("order.bulky", "true")], "", Some(8));
    check(&[("order.bulky", "true")], "柜门裂了", Some(9));
    check(&[], "柜门裂了", Some(4));
    check(&[("order.bulky", "false")], "柜门裂了", None);
    check(&[], "你好", None);
}
