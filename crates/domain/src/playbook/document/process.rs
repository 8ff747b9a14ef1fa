//! The parts of the document about work and time: facts, steps, clocks, rules, returns, closing, sources.

use super::texts;
use super::words::Writer;
use crate::playbook::catalogue::Asked;
use crate::playbook::pack::Playbook;
use crate::playbook::table::{Deadline, Ends, Length, Section, Take};
use std::collections::BTreeMap;

/// Which team does what.
pub(super) fn teams(writer: &mut Writer<'_>, book: &Playbook) {
    let mut work: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for step in &book.steps {
        if let Some(team) = step.team {
            work.entry(team).or_default().push(step.title.of(writer.chinese));
        }
    }
    for (team, steps) in work {
        writer.item(team.zh(), team.as_str(), &steps.join(if writer.chinese { "、" } else { ", " }));
    }
    writer.gap();
}

/// What has to be known.
pub(super) fn needs(writer: &mut Writer<'_>, book: &Playbook) {
    if book.needs.is_empty() {
        return;
    }
    writer.heading("需要核实的信息", "What has to be known");
    let rows: Vec<Vec<String>> = book
        .needs
        .iter()
        .map(|need| {
            let first = need.need.tests().first().map(|test| writer.catalogue.fact(test.fact()).asked);
            let of = need.of.or(first).unwrap_or(Asked::Agent);
            let said =
                |said: &Option<crate::playbook::Said>| said.as_ref().map_or(String::new(), |said| said.0.of(writer.chinese).to_owned());
            vec![
                writer.condition(&need.need),
                writer.say(need.before.zh(), need.before.as_str()),
                writer.say(of.zh(), of.as_str()),
                need.ask.as_ref().map_or(String::new(), |ask| format!("{} (≤ {})", ask.text.0.of(writer.chinese), ask.at_most)),
                said(&need.why),
                said(&need.instead),
                writer.conditions(&need.when),
                writer.either(&need.unless),
            ]
        })
        .collect();
    let heads = [
        ("信息", "what"),
        ("何时前", "before"),
        ("问谁", "asked of"),
        ("怎么问（次数）", "question (times)"),
        ("为什么", "why"),
        ("给不了时", "instead"),
        ("只在", "only when"),
        ("不必", "not when"),
    ];
    writer.table(&heads, &rows);
}

/// The steps.
pub(super) fn steps(writer: &mut Writer<'_>, book: &Playbook) {
    if book.steps.is_empty() {
        return;
    }
    writer.heading("处理步骤", "Steps");
    let title = |id: &String| book.steps.iter().find(|step| step.id == *id).map_or("", |step| step.title.of(writer.chinese));
    let rows: Vec<Vec<String>> = book
        .steps
        .iter()
        .map(|step| {
            let must = if step.must {
                writer.say("（平台倒计时前必须完成）", " (before the platform's clock runs out)")
            } else {
                String::new()
            };
            let within = step.within.map_or(String::new(), |within| {
                let from = step.from.map_or_else(|| writer.say("受理", "opening"), |id| writer.fact(id));
                writer.say(&format!("{from}起 {}", writer.length(within)), &format!("{} from {from}", writer.length(within)))
            });
            vec![
                format!("{}{must}", step.title.of(writer.chinese)),
                writer.say(step.before.zh(), step.before.as_str()),
                writer.conditions(&step.when),
                step.after.iter().map(title).collect::<Vec<_>>().join("、"),
                within,
                step.team
                    .map_or_else(|| writer.say(step.waits_on.zh(), step.waits_on.as_str()), |team| writer.say(team.zh(), team.as_str())),
                writer.conditions(&step.done),
                step.why.as_ref().map_or(String::new(), |why| why.of(writer.chinese).to_owned()),
            ]
        })
        .collect();
    let heads = [
        ("步骤", "step"),
        ("何时前", "before"),
        ("只在", "only when"),
        ("先做", "after"),
        ("时限", "within"),
        ("由谁", "whose move"),
        ("完成标志", "done when"),
        ("为什么", "why"),
    ];
    writer.table(&heads, &rows);
}

/// The clocks.
pub(super) fn clocks(writer: &mut Writer<'_>, book: &Playbook) {
    if book.deadlines.is_empty() {
        return;
    }
    writer.heading("时限与到期后果", "Deadlines and what happens at zero");
    let rows: Vec<Vec<String>> = book
        .deadlines
        .iter()
        .map(|rule| {
            vec![
                rule.label.of(writer.chinese).to_owned(),
                writer.conditions(&rule.when),
                ends(writer, rule),
                windows(writer, book, rule),
                writer.conditions(&rule.until),
                writer.say(rule.at_zero.zh(), rule.at_zero.as_str()),
                rule.source.line(),
            ]
        })
        .collect();
    let heads = [
        ("倒计时", "clock"),
        ("只在", "only when"),
        ("时长", "length"),
        ("节假日", "in windows"),
        ("完成标志", "over when"),
        ("到期后果", "at zero"),
        ("来源", "source"),
    ];
    writer.table(&heads, &rows);
}

fn ends(writer: &Writer<'_>, rule: &Deadline) -> String {
    let first = Ends { starts: rule.starts, length: rule.length };
    several(writer, std::iter::once(&first).chain(&rule.also), rule.take)
}

fn several<'a>(writer: &Writer<'_>, ends: impl Iterator<Item = &'a Ends>, take: Take) -> String {
    let all: Vec<String> = ends.map(|end| one_end(writer, end)).collect();
    let text = all.join(if writer.chinese { "；" } else { "; " });
    if all.len() > 1 { format!("{text} ({})", writer.say(take.zh(), take.as_str())) } else { text }
}

fn one_end(writer: &Writer<'_>, end: &Ends) -> String {
    let from = end.starts.map_or(String::new(), |id| writer.fact(id));
    match end.length {
        Length::Within(within) => {
            writer.say(&format!("{from}起 {}", writer.length(within)), &format!("{} from {from}", writer.length(within)))
        }
        Length::Days(days) => writer.say(&format!("{from}次日起 {days} 天"), &format!("{days} days from the day after {from}")),
        Length::Unknown => writer.say("时长未公布，以平台页面为准", "not published: see the platform's page"),
    }
}

fn windows(writer: &Writer<'_>, book: &Playbook, rule: &Deadline) -> String {
    let one = |during: &crate::playbook::table::During| {
        let title = book.windows.iter().find(|window| window.id == during.window).map_or("", |window| window.title.of(writer.chinese));
        let first = Ends { starts: rule.starts, length: during.length };
        let floor = during.not_before.map_or(String::new(), |day| writer.say(&format!("，不早于 {day}"), &format!(", not before {day}")));
        format!("{title}: {}{floor}", several(writer, std::iter::once(&first).chain(&during.also), during.take))
    };
    rule.during.iter().map(one).collect::<Vec<_>>().join(if writer.chinese { "；" } else { "; " })
}

/// What happens by itself.
pub(super) fn rules(writer: &mut Writer<'_>, book: &Playbook) {
    if book.rules.is_empty() {
        return;
    }
    writer.heading("系统自动处理（每条都可关闭）", "What the desk does by itself (each can be switched off)");
    let rows: Vec<Vec<String>> = book
        .rules
        .iter()
        .map(|rule| {
            vec![
                rule.title.of(writer.chinese).to_owned(),
                writer.conditions(&rule.when),
                writer.either(&rule.unless),
                format!("{} {}", writer.say(rule.act.zh(), rule.act.as_str()), writer.amount(rule.amount.as_ref())).trim_end().to_owned(),
                if rule.on { writer.say("开", "on") } else { writer.say("关", "off") },
                rule.why.of(writer.chinese).to_owned(),
            ]
        })
        .collect();
    let heads = [("规则", "rule"), ("条件", "when"), ("例外", "unless"), ("动作", "does"), ("默认", "default"), ("为什么", "why")];
    writer.table(&heads, &rows);
}

/// Exceptions from the seven days and when goods are intact.
pub(super) fn returns(writer: &mut Writer<'_>, book: &Playbook) {
    if book.exceptions.is_empty() && book.criteria.is_empty() {
        return;
    }
    writer.heading("退货标准", "Returns");
    let exceptions: Vec<Vec<String>> = book
        .exceptions
        .iter()
        .map(|exception| {
            let chinese = writer.chinese;
            vec![
                exception.title.of(chinese).to_owned(),
                writer.say(exception.kind.zh(), exception.kind.as_str()),
                exception.text.of(chinese).to_owned(),
                exception.source.line(),
            ]
        })
        .collect();
    writer.table(&[("例外", "exception"), ("性质", "kind"), ("告知", "told as"), ("来源", "source")], &exceptions);
    let criteria: Vec<Vec<String>> = book
        .criteria
        .iter()
        .map(|criterion| {
            let categories = criterion.categories.join(", ");
            vec![
                criterion.title.of(writer.chinese).to_owned(),
                categories,
                criterion.text.of(writer.chinese).to_owned(),
                writer.say(criterion.proof.zh(), criterion.proof.as_str()),
            ]
        })
        .collect();
    writer
        .table(&[("完好标准", "intact when"), ("类目", "categories"), ("告知", "told as"), ("不符合时留证", "proof otherwise")], &criteria);
}

/// How a case ends.
pub(super) fn closing(writer: &mut Writer<'_>, book: &Playbook) {
    writer.heading("结案", "Closing");
    let closing = &book.head.closing;
    let results: Vec<&str> = closing.results.iter().map(|result| result.title.of(writer.chinese)).collect();
    writer.item("处理结果", "Results", &results.join(if writer.chinese { "、" } else { ", " }));
    let by: Vec<String> = closing.by.iter().map(|by| writer.say(by.zh(), by.as_str())).collect();
    writer.item("确认方式", "Confirmed by", &by.join(if writer.chinese { "、" } else { ", " }));
    let needs = writer.conditions(&closing.needs);
    writer.item("还需要", "Also needed", &needs);
    let silence = closing.silence.map_or(String::new(), |silence| writer.length(silence));
    writer.item("告知结果后多久无回复算超时", "Silence after the result that counts as a time-out", &silence);
    let follow_up = closing.follow_up.map_or(String::new(), |after| writer.length(after));
    writer.item("回访", "Return visit after", &follow_up);
    writer.gap();
}

/// What the rules rest on.
pub(super) fn sources(writer: &mut Writer<'_>, book: &Playbook) {
    let mut rules: Vec<String> =
        book.deadlines.iter().map(|rule| &rule.source).filter(|source| source.rule.is_some()).map(|source| source.line()).collect();
    rules.sort();
    rules.dedup();
    let law = book.documents.iter().any(|document| document.section == Section::Law);
    if rules.is_empty() && !law {
        return;
    }
    writer.heading("依据", "Sources");
    texts(writer, book, Section::Law);
    rules.iter().for_each(|rule| writer.item("规则", "Rule", rule));
    writer.gap();
}
