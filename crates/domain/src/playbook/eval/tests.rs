//! Lines over known and unknown facts, amounts, and their explanations.

use super::*;
use crate::playbook::catalogue::Catalogue;
use crate::playbook::line;
use crate::playbook::value::Value;
use crate::time::{Micros, Span};

fn facts() -> Facts {
    let catalogue = Catalogue::standard();
    let now = Micros::parse("2026-02-10T10:00:00+08:00").expect("a time");
    let mut facts = Facts::new(catalogue, now, 480);
    let mut set = |name: &str, value: Value| facts.set(catalogue, name, value);
    set("order.bulky", Value::Bool(true));
    set("order.signed", Value::Bool(false));
    set("parcel.age", Value::Duration(Span::hours(31)));
    set("order.paid", Value::Money(5_980));
    set("line.paid", Value::Money(5_979));
    set("line.weight", Value::Number(20_000));
    set("evidence.photos", Value::Count(1));
    set("line.category", catalogue.fact(catalogue.find("line.category").expect("a fact")).choice("fresh").expect("a choice"));
    set("order.no", Value::Text("A-1".into()));
    set("order.paid_at", Value::Date(Micros::parse("2026-02-09T16:30:00Z").expect("a time")));
    set("order.shipped_at", Value::Date(now));
    set("policy.goodwill_share", Value::Number(5));
    facts
}

fn check(line: &str, expect: Truth, is: &str) {
    let catalogue = Catalogue::standard();
    let condition = line::Condition::Test(line::test(line, catalogue).unwrap_or_else(|wrong| panic!("{line}: {wrong:?}")));
    let explained = explain(std::slice::from_ref(&condition), &facts(), catalogue);
    assert_eq!(super::condition(&condition, &facts()), expect, "{line}");
    assert_eq!(explained[0].is.as_ref().map_or("", |is| is.en.as_str()), is, "{line}");
}

#[test]
fn lines_hold_fail_or_stay_open() {
    use Truth::{No, Unknown, Yes};
    check("order.bulky", Yes, "");
    check("not order.bulky", No, "it is true");
    check("not order.signed", Yes, "");
    check("order.insured", Unknown, "nobody knows");
    check("not order.insured", Unknown, "nobody knows");
    check("parcel.age >= 48 h", No, "it is 31 h");
    check("parcel.age < 2 d", Yes, "");
    check("order.paid <= 59.80 元", Yes, "");
    check("order.paid < 59.80 元", No, "it is 59.80 元");
    check("line.weight >= 20 kg", Yes, "");
    check("evidence.photos >= 2", No, "it is 1");
    check("evidence.videos >= 0", Unknown, "nobody knows");
    check("order.paid > line.paid", Yes, "");
    check("line.paid >= order.paid", No, "it is 59.79 元, order.paid is 59.80 元");
    check("line.paid >= order.freight", Unknown, "nobody knows order.freight");
    check("line.category is fresh", Yes, "");
    check("line.category not in [fresh, clothing]", No, "it is fresh");
    check("order.no is not \"A-1\"", No, "it is \"A-1\"");
    check("order.paid_at since 2026-02-10", Yes, "");
    check("order.paid_at before 2026-02-10", No, "it is 2026-02-10 00:30");
    check("order.paid_at before order.shipped_at", Yes, "");
    check("order.paid_at before order.signed_at", Unknown, "nobody knows order.signed_at");
    check("stock.part is known", No, "nobody knows");
    check("stock.part is unknown", Yes, "");
    check("order.bulky is unknown", No, "it is true");
}

#[test]
fn amounts_round_down_and_name_what_is_missing() {
    let catalogue = Catalogue::standard();
    let check = |line: &str, expect: Result<i64, &str>| {
        let got = amount(&line::amount(line, catalogue).unwrap_or_else(|wrong| panic!("{line}: {wrong:?}")), &facts());
        assert_eq!(got.map_err(|id| catalogue.fact(id).name.as_str()), expect, "{line}");
    };
    check("30 元", Ok(3_000));
    check("10% of line.paid", Ok(597));
    check("policy.goodwill_share of line.paid", Ok(298));
    check("3 times line.paid", Ok(17_937));
    check("order.paid minus line.paid", Ok(1));
    check("line.paid minus order.paid plus 2 元", Ok(200));
    check("lesser of 30 元 and 10% of line.paid", Ok(597));
    check("greater of 30 元 and 10% of line.paid", Ok(3_000));
    check("lesser of return_freight.estimate and 10% of line.paid", Err("return_freight.estimate"));
    let line = line::amount("lesser of return_freight.estimate and 1 元", catalogue).expect("an amount");
    let why = explain_amount(&crate::playbook::Text::new("上限", "cap"), &line, &facts(), catalogue).expect("missing");
    assert_eq!(why.to_string(), "? cap lesser of return_freight.estimate and 1 元: nobody knows return_freight.estimate");
}

#[test]
fn groups_explain_themselves() {
    let catalogue = Catalogue::standard();
    let one = |line: &str| line::Condition::Test(line::test(line, catalogue).expect("a line"));
    let conditions = vec![
        one("order.bulky"),
        line::Condition::Any(vec![one("parcel.age >= 48 h"), line::Condition::All(vec![one("order.signed"), one("order.insured")])]),
    ];
    let shown: Vec<String> = explain(&conditions, &facts(), catalogue).iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "✓ order.bulky",
            "✗ any of",
            "  ✗ parcel.age >= 48 h: it is 31 h",
            "  ✗ all of",
            "    ✗ order.signed: it is false",
            "    ? order.insured: nobody knows"
        ]
    );
    let zh: Vec<String> = explain(&conditions, &facts(), catalogue).into_iter().filter_map(|line| line.is).map(|is| is.zh).collect();
    assert_eq!(zh, ["现为 31 小时", "现为否", "未知"]);
}
