//! Lines are read, refused and written back as the format says.

use super::*;
use crate::playbook::catalogue::Catalogue;

fn check(line: &str, expect: &str) {
    let catalogue = Catalogue::standard();
    let read = test(line, catalogue).unwrap_or_else(|wrong| panic!("{line}: {wrong:?}"));
    assert_eq!(read.line(catalogue), expect, "{line}");
    assert_eq!(test(expect, catalogue), Ok(read), "{expect} reads back");
}

fn refuse(line: &str, at: usize, expected: &str, nearest: Option<&str>) {
    let wrong = test(line, Catalogue::standard()).expect_err(line);
    assert_eq!((wrong.at, wrong.nearest.as_deref()), (at, nearest), "{line}: {wrong:?}");
    assert!(wrong.expected.contains(expected), "{line}: {wrong:?}");
}

#[test]
fn every_form_of_a_condition() {
    check("order.bulky", "order.bulky");
    check("not   order.signed", "not order.signed");
    check("parcel.age>=48h", "parcel.age >= 48 h");
    check("order.paid <= 30 元", "order.paid <= 30 元");
    check("order.paid <= 29.9元", "order.paid <= 29.90 元");
    check("line.weight >= 20 kg", "line.weight >= 20 kg");
    check("line.weight >= 500 g", "line.weight >= 500 g");
    check("evidence.photos != 2", "evidence.photos != 2");
    check("policy.goodwill_share > 5%", "policy.goodwill_share > 5 %");
    check("request.amount <= line.paid", "request.amount <= line.paid");
    check("line.category is fresh", "line.category is fresh");
    check("line.category is not fresh", "line.category is not fresh");
    check("line.category in [clothing,shoes]", "line.category in [clothing, shoes]");
    check("line.category not in [fresh]", "line.category not in [fresh]");
    check("order.no is \"A-1\"", "order.no is \"A-1\"");
    check("order.no not in [\"A 1\", \"B\"]", "order.no not in [\"A 1\", \"B\"]");
    check("order.paid_at before 2026-02-10", "order.paid_at before 2026-02-10");
    check("order.shipped_at since order.promised_at", "order.shipped_at since order.promised_at");
    check("stock.part is known", "stock.part is known");
    check("stock.part is unknown", "stock.part is unknown");
}

#[test]
fn mistakes_name_their_place_and_what_was_meant() {
    refuse("parcel.aeg >= 48 h", 0, "a fact of the catalogue", Some("parcel.age"));
    refuse("parcel.age >= 48", 16, "the unit", None);
    refuse("parcel.age >= 48 元", 17, "the unit", None);
    refuse("parcel.age is 48 h", 14, "known or unknown", None);
    refuse("order.paid <= 30", 16, "元", None);
    refuse("order.paid <= 30.123 元", 14, "an amount", None);
    refuse("line.category is frehs", 17, "one of", Some("fresh"));
    refuse("line.category", 13, "is, is not", None);
    refuse("line.category in [fresh", 23, "\"]\"", None);
    refuse("not line.category", 4, "a bool fact", None);
    refuse("order.bulky is true", 15, "known or unknown", None);
    refuse("order.bulky = 1", 12, "the end of the line", None);
    refuse("order.paid_at before tomorrow", 21, "a fact", None);
    refuse("order.paid_at before order.paid", 21, "type date", None);
    refuse("request.amount <= line.quantity", 18, "type money", None);
    refuse("order.no is A1", 12, "double quotes", None);
    refuse("order.bulky or order.signed", 12, "the end of the line", None);
    refuse("order.bulky ！", 12, "a fact, a number", None);
    refuse("", 0, "a fact of the catalogue", None);
}

#[test]
fn lines_read_in_chinese_too() {
    let catalogue = Catalogue::standard();
    let zh = |line: &str| test(line, catalogue).expect("a line").show(catalogue).zh;
    assert_eq!(zh("order.paid <= 30 元"), format!("{} ≤ 30 元", label("order.paid")));
    assert_eq!(zh("not order.signed"), format!("{}：否", label("order.signed")));
    assert_eq!(zh("line.category in [clothing, shoes]"), format!("{}是 服装、鞋靴", label("line.category")));
    assert_eq!(zh("parcel.age >= 48 h"), format!("{} ≥ 48 小时", label("parcel.age")));
}

fn label(name: &str) -> String {
    let catalogue = Catalogue::standard();
    catalogue.fact(catalogue.find(name).expect("a fact")).label.zh.clone()
}

#[test]
fn every_form_of_an_amount() {
    let catalogue = Catalogue::standard();
    let check = |line: &str, expect: &str| {
        let read = amount(line, catalogue).unwrap_or_else(|wrong| panic!("{line}: {wrong:?}"));
        assert_eq!(read.show(catalogue).en, expect);
        assert_eq!(amount(expect, catalogue), Ok(read));
    };
    check("30元", "30 元");
    check("line.paid", "line.paid");
    check("10 % of line.paid", "10% of line.paid");
    check("2.5% of line.paid", "2.5% of line.paid");
    check("0.05% of line.paid", "0.05% of line.paid");
    check("3 times line.paid", "3 times line.paid");
    check("line.refundable plus order.freight minus 5 元", "line.refundable plus order.freight minus 5 元");
    check("lesser of 30 元 and 10% of line.paid and order.freight", "lesser of 30 元 and 10% of line.paid and order.freight");
    check("greater of policy.goodwill_share of line.paid and 1 元", "greater of policy.goodwill_share of line.paid and 1 元");
    let refuse = |line: &str, at: usize| assert_eq!(amount(line, catalogue).expect_err(line).at, at, "{line}");
    refuse("30", 2);
    refuse("1.5 times line.paid", 0);
    refuse("10% of parcel.age", 7);
    refuse("parcel.age", 0);
    refuse("lesser of line.paid", 19);
    refuse("lesser of lesser of line.paid and 1 元 and 2 元", 10);
    refuse("line.paid plus", 14);
}

#[test]
fn lengths() {
    let check = |line: &str, expect: Option<&str>| assert_eq!(Length::read(line).ok().map(|l| l.to_string()).as_deref(), expect, "{line}");
    check("36 h", Some("36 h"));
    check("7d", Some("7 d"));
    check("30 min", Some("30 min"));
    check("90 s", Some("90 s"));
    check("1.5 h", None);
    check("36", None);
    check("36 h 5", None);
    assert_eq!(Length::read("7 d").map(Length::span), Ok(crate::time::Span::days(7)));
}
