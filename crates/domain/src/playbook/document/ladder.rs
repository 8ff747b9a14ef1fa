//! The parts of the document about talking and solving: the ladder, the texts, the call.

use super::words::Writer;
use crate::playbook::pack::Playbook;
use crate::playbook::read::Said;
use crate::playbook::table::{Freight, Rung};

/// The ladder.
pub(super) fn rungs(writer: &mut Writer<'_>, book: &Playbook) {
    if book.ladder.is_empty() {
        return;
    }
    writer.heading("方案阶梯", "The ladder");
    let order = writer.say(
        "从上往下提，买家不接受就换下一个；标“买家权利”的随时可以选。",
        "From top to bottom, the next when the buyer refuses; what is the buyer's right may be chosen at any time.",
    );
    writer.line(&order);
    for (n, rung) in book.ladder.iter().enumerate() {
        one(writer, n + 1, rung);
    }
}

fn one(writer: &mut Writer<'_>, n: usize, rung: &Rung) {
    let right = if rung.lawful { writer.say("（买家权利）", " (the buyer's right)") } else { String::new() };
    let title = format!("**{n}. {}{right}**", rung.title.of(writer.chinese));
    writer.line(&title);
    let when = writer.conditions(&rung.when);
    writer.item("可用条件", "Possible when", &when);
    let unless = writer.either(&rung.unless);
    writer.item("不可用", "Not when", &unless);
    let first = writer.conditions(&rung.first_when);
    writer.item("优先提出", "First when", &first);
    let means: Vec<String> = rung.means.iter().map(|means| writer.say(means.zh(), means.as_str())).collect();
    writer.item("方式（先虚拟后现金）", "Means, in order", &means.join("、"));
    for (zh, en, amount) in [
        ("金额", "Amount", &rung.amount),
        ("软上限（超过需审批）", "Cap (more needs an approval)", &rung.cap),
        ("硬上限", "Limit", &rung.limit),
        ("成本", "Cost", &rung.cost),
    ] {
        let amount = writer.amount(amount.as_ref());
        writer.item(zh, en, &amount);
    }
    let freight = rung.freight.as_ref().map_or(String::new(), |freight| freight_text(writer, freight));
    writer.item("运费", "Freight", &freight);
    let takes = rung.takes.map_or(String::new(), |takes| writer.length(takes));
    writer.item("所需时间", "Takes", &takes);
    let said = |said: &Option<Said>, chinese: bool| said.as_ref().map_or(String::new(), |said| said.0.of(chinese).to_owned());
    for (zh, en, text) in [
        ("对买家说", "What is said", &rung.what),
        ("为什么", "Why", &rung.why),
        ("买家要做", "The buyer's part", &rung.buyer_must),
        ("接下来", "What follows", &rung.follows),
    ] {
        let text = said(text, writer.chinese);
        writer.item(zh, en, &text);
    }
    if let Some(promise) = &rung.promise {
        let team = writer.say(promise.who.zh(), promise.who.as_str());
        let text = writer.say(
            &format!("{}（{team}，{} 内）", promise.text.0.zh, writer.length(promise.within)),
            &format!("{} ({team}, within {})", promise.text.0.en, writer.length(promise.within)),
        );
        writer.item("承诺", "Promise", &text);
    }
    let asks: Vec<&str> = rung.asks.iter().map(|ask| ask.of(writer.chinese)).collect();
    writer.item("发出前", "Before it is sent", &asks.join(if writer.chinese { "；" } else { "; " }));
    let then: Vec<String> = rung.then.iter().map(|act| writer.say(act.zh(), act.as_str())).collect();
    writer.item("接受后执行", "On acceptance", &then.join(" → "));
    writer.gap();
}

fn freight_text(writer: &Writer<'_>, freight: &Freight) -> String {
    let mut parts = Vec::new();
    if let Some(who) = freight.borne_by {
        parts.push(writer.say(&format!("{}承担", who.zh()), &format!("borne by {who}")));
    }
    if let Some(who) = freight.advanced_by {
        parts.push(writer.say(&format!("{}先垫付", who.zh()), &format!("advanced by {who}")));
    }
    if freight.cap.is_some() {
        let cap = writer.amount(freight.cap.as_ref());
        parts.push(writer.say(&format!("上限 {cap}"), &format!("at most {cap}")));
    }
    parts.extend(freight.reimbursed.as_ref().map(|text| text.of(writer.chinese).to_owned()));
    parts.join(if writer.chinese { "，" } else { ", " })
}

/// The texts.
pub(super) fn scripts(writer: &mut Writer<'_>, book: &Playbook) {
    if book.scripts.is_empty() {
        return;
    }
    writer.heading("话术", "Texts");
    for script in &book.scripts {
        let title = format!("**{}**", script.title.of(writer.chinese));
        writer.line(&title);
        let text = format!("> {}", script.text.0.of(writer.chinese).replace('\n', "\n> "));
        writer.line(&text);
        let fits = writer.conditions(&script.fits);
        writer.item("适用", "Fits when", &fits);
        let unfit = writer.either(&script.unfit);
        writer.item("不适用", "Does not fit when", &unfit);
        writer.gap();
    }
}

/// The call flow with the last line of retreat.
pub(super) fn calls(writer: &mut Writer<'_>, book: &Playbook) {
    if book.calls.is_empty() && book.head.bottom_line.is_none() {
        return;
    }
    writer.heading("通话流程", "The call");
    for (n, call) in book.calls.iter().enumerate() {
        let title = format!("**{}. {}**", n + 1, call.title.of(writer.chinese));
        writer.line(&title);
        if let Some(say) = &call.say {
            let text = format!("> {}", say.0.of(writer.chinese));
            writer.line(&text);
        }
        for outcome in &call.outcomes {
            let then = outcome.then.map_or(String::new(), |act| format!(" → {}", writer.say(act.zh(), act.as_str())));
            let text = format!("{}{then}", outcome.title.of(writer.chinese));
            writer.item("结果", "Outcome", &text);
        }
        writer.gap();
    }
    if let Some(line) = &book.head.bottom_line {
        writer.item("底线", "Bottom line", line.of(writer.chinese));
        writer.gap();
    }
}
