//! Whole packs: what is refused, where, and how includes come together.

use super::{Catalogue, Fault, Pack};

const PLAYBOOK: &str = r#"format = 1
scenario = "torn"
number = "B99"
version = 1
title = { zh = "开线", en = "Torn" }
summary = { zh = "说明", en = "About" }
class = "product"
applies = ["request.problem is damaged"]
include = ["shared/base.toml#clocks"]

[closing]
by = ["buyer"]
results = [{ id = "done", title = { zh = "已解决", en = "solved" } }]

[[step]]
id = "sorry"
title = { zh = "致歉", en = "Apologise" }
before = "offer"
done = ["contact.apology"]
"#;

const BASE: &str = r#"format = 1
name = "base"

[[deadline]]
group = "clocks"
id = "first"
clock = "sla.first_response"
label = { zh = "首响", en = "first answer" }
starts = "case.opened_at"
within = "30 min"
at_zero = "notify"
source = { kind = "sla" }

[[step]]
group = "steps"
id = "sorry"
title = { zh = "致歉", en = "Apologise" }
before = "offer"
done = ["contact.apology"]
"#;

fn read(playbook: &str, base: &str) -> Result<Pack, Vec<Fault>> {
    Pack::read([("torn.toml", playbook), ("shared/base.toml", base)], Catalogue::standard())
}

/// The faults of the playbook with `from` replaced by `to`, or with `to` added at the end.
fn check(from: &str, to: &str, expect: &[&str]) {
    let text = if from.is_empty() { format!("{PLAYBOOK}\n{to}") } else { PLAYBOOK.replacen(from, to, 1) };
    let faults = read(&text, BASE).map_or_else(|faults| faults, |_| Vec::new());
    let shown: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(shown, expect, "{from} -> {to}");
}

#[test]
fn a_group_of_a_shared_file_comes_along() {
    let pack = read(PLAYBOOK, BASE).expect("a pack");
    let playbook = &pack.playbooks["torn"];
    assert_eq!((playbook.steps.len(), playbook.deadlines.len()), (1, 1));
    assert_eq!(playbook.deadlines[0].id, "first");
}

#[test]
fn every_mistake_has_its_place() {
    check("parcel", "parcel", &[]);
    check("number = \"B99\"\n", "", &["torn.toml:1:1: found a table without it, expected the key number"]);
    check(
        "request.problem is damaged",
        "request.problem is damagde",
        &[
            "torn.toml:8:32: found \"damagde\", expected one of not_wanted, size, not_shipped, not_received, signed_not_received, stuck, lost, \
           wrong_address, locker, damaged, defective, spoiled, cosmetic, soiled, wrong_item, short, gift_missing, not_as_described, price, \
           coupon, bargain, freight, order_data, usage, installation, odour, invoice, attitude, promotion, warranty, part, refused, review, \
           dispute, regulator, safety, other; did you mean damaged?",
        ],
    );
    check(
        "before = \"offer\"",
        "befor = \"offer\"",
        &[
            "torn.toml:15:1: found a table without it, expected the key before",
            "torn.toml:18:1: found the key befor, expected one of the keys group, id, title, before, when, after, done, within, from, waits_on, \
         team, do, script, must, why; did you mean before?",
        ],
    );
    check(
        "version = 1",
        "version = \"one\"",
        &["torn.toml:4:11: found \"one\", expected a whole number", "torn.toml:4:11: found 0, expected a version from 1 on"],
    );
    check("#clocks", "#cloks", &["torn.toml:9:12: found \"#cloks\", expected a group of shared/base.toml; did you mean clocks?"]);
    check(
        "shared/base",
        "shared/bese",
        &["torn.toml:9:12: found \"shared/bese.toml\", expected a file of the pack; did you mean shared/base.toml?"],
    );
    check("scenario = \"torn\"", "scenario = \"worn\"", &["torn.toml:2:12: found \"worn\", expected \"torn\", as the file is called"]);
    check("zh = \"开线\"", "zh = \"\"", &["torn.toml:5:16: found \"\", expected text in quotes, not empty, at most 4000 bytes"]);
    check(
        "title = {",
        "title = [",
        &["torn.toml:5:14: found broken TOML, expected valid TOML: unexpected `=` in array, expected value, `]`"],
    );
}

#[test]
fn ids_are_unique_and_lead_somewhere() {
    let twice = "torn.toml:22:6: found the step \"sorry\" again, first in torn.toml, expected an id of its own in torn.toml";
    let step = |id: &str, more: &str| {
        format!(
            "[[step]]\nid = \"{id}\"\ntitle = {{ zh = \"二\", en = \"two\" }}\nbefore = \"close\"\ndone = [\"contact.apology\"]\n{more}"
        )
    };
    check("", &step("sorry", ""), &[twice]);
    check(
        "",
        &step("two", "after = [\"sory\"]"),
        &["torn.toml:26:10: found \"sory\", expected a step of torn.toml or of what it includes; did you mean sorry?"],
    );
    check(
        "",
        &step("two", "after = [\"two\"]"),
        &["torn.toml:22:6: found the step \"two\" after itself, expected an order of steps without a circle"],
    );
    check(
        "",
        &step("two", "script = \"hello\""),
        &["torn.toml:26:10: found \"hello\", expected a script of torn.toml or of what it includes"],
    );
    check(
        "#clocks",
        "",
        &["shared/base.toml:16:6: found the step \"sorry\" again, first in torn.toml, expected an id of its own in torn.toml"],
    );
}

#[test]
fn what_a_table_means_is_checked() {
    let offer = |more: &str| format!("[[offer]]\nid = \"a\"\ntitle = {{ zh = \"甲\", en = \"a\" }}\nremedy = \"exchange\"\n{more}");
    check("", &offer("means = [\"coupon\"]"), &["torn.toml:25:9: found means of a exchange, expected means only with remedy compensation"]);
    check(
        "",
        &offer("cap = \"10% of line.piad\""),
        &["torn.toml:25:15: found \"line.piad\", expected a fact of the catalogue; did you mean line.paid?"],
    );
    check(
        "",
        &offer("what = { zh = \"{line.titel}\", en = \"x\" }"),
        &["torn.toml:25:8: found {line.titel} in zh, expected a fact or script variable of the catalogue; did you mean line.title?"],
    );
    check(
        "by = [\"buyer\"]",
        "by = [\"timeout\"]",
        &["torn.toml:12:6: found timeout without silence, expected the key silence: how long without an answer is a time-out"],
    );
    check(
        "applies = [\"request.problem is damaged\"]",
        "applies = [{ any = [{ all = [{ any = [{ all = [\"order.bulky\"] }] }] }] }]",
        &["torn.toml:8:39: found a table, expected at most 4 levels of conditions"],
    );
    let clock = |more: &str| {
        format!("[[deadline]]\nid = \"c\"\nclock = \"x\"\nlabel = {{ zh = \"钟\", en = \"c\" }}\nat_zero = \"notify\"\n{more}")
    };
    check(
        "",
        &clock("starts = \"case.opened_at\"\nsource = { kind = \"sla\" }"),
        &["torn.toml:21:1: found a table without any of them, expected exactly one of within, days, unknown"],
    );
    check(
        "",
        &clock("starts = \"case.opend_at\"\nunknown = true\nsource = { kind = \"platform\" }"),
        &[
            "torn.toml:26:10: found \"case.opend_at\", expected a date fact of the catalogue; did you mean case.opened_at?",
            "torn.toml:28:19: found a source of kind platform alone, expected its rule and the date it was read",
        ],
    );
}

#[test]
fn includes_go_in_circles_for_nobody() {
    let base = BASE.replace("name = \"base\"", "name = \"base\"\ninclude = [\"shared/base.toml\"]");
    let faults = read(PLAYBOOK, &base).expect_err("a circle");
    assert_eq!(faults.len(), 1);
    assert_eq!(
        (faults[0].file.as_str(), faults[0].line, faults[0].expected.as_str()),
        ("shared/base.toml", 3, "a file that does not include this one")
    );
}
