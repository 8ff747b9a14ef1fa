use super::{Channel, Fit, Gate, Level, Situation, Why};
use crate::people::{Role, Team};
use crate::time::{Micros, Span};
use proptest::prelude::*;

fn at(text: &str) -> Micros {
    Micros::parse(&format!("2026-11-24T{text}:00+08:00")).expect("a time")
}

fn unasked<'a>(channel: Channel, text: &'a str, time: &str) -> Situation<'a> {
    Situation {
        channel,
        text,
        now: at(time),
        offset_min: 480,
        role: Role::Agent,
        buyer_wrote: None,
        wants_call: false,
        no_contact: false,
        done_today: 0,
        asks_evidence: false,
        evidence_asked: 0,
        evidence_at_most: 1,
        fit: Fit::Fits,
        known: &[],
        promised: &[],
    }
}

fn words(text: &str) -> Vec<Why> {
    let mut found: Vec<Why> = Gate::china().wording(text).into_iter().map(|reason| reason.why).collect();
    found.sort();
    found
}

fn check(about: Situation<'_>, verdict: Level, whys: &[Why], allowed_from: Option<&str>) {
    let judged = Gate::china().judge(&about);
    let found: Vec<Why> = judged.reasons.iter().map(|reason| reason.why).collect();
    let from = allowed_from.map(|text| Micros::parse(&format!("{text}:00+08:00")).expect("a time"));
    assert_eq!((judged.verdict, found.as_slice(), judged.allowed_from), (verdict, whys, from), "{about:?}");
}

#[test]
fn calls_by_the_hour_and_by_number() {
    let call = |time, done_today| Situation { done_today, ..unasked(Channel::Phone, "跟进查件", time) };
    check(call("09:59", 0), Level::Refuse, &[Why::QuietHours], Some("2026-11-24T10:00"));
    check(call("10:00", 0), Level::Allow, &[], None);
    check(call("12:40", 1), Level::Allow, &[], None);
    check(call("17:59", 2), Level::Warn, &[Why::OftenToday], Some("2026-11-25T10:00"));
    check(call("19:30", 2), Level::Warn, &[Why::QuietHours, Why::OftenToday], Some("2026-11-25T10:00"));
    check(call("21:30", 2), Level::Refuse, &[Why::QuietHours, Why::OftenToday], Some("2026-11-25T10:00"));
    check(call("11:00", 3), Level::Refuse, &[Why::OftenToday], Some("2026-11-25T10:00"));
    check(Situation { wants_call: true, no_contact: true, ..call("22:30", 5) }, Level::Allow, &[], None);
    check(Situation { offset_min: 0, ..call("17:59", 0) }, Level::Refuse, &[Why::QuietHours], Some("2026-11-24T18:00"));
}

#[test]
fn an_answer_is_never_held_back_but_its_words_are_judged() {
    let wrote = |minutes: i64, unanswered| Some((at("23:30") - Span::minutes(minutes), unanswered));
    let night = unasked(Channel::Chat, "您好，我看一下再告诉您进展", "23:30");
    check(Situation { buyer_wrote: wrote(300, true), no_contact: true, ..night.clone() }, Level::Allow, &[], None);
    check(Situation { buyer_wrote: wrote(20, false), ..night.clone() }, Level::Allow, &[], None);
    check(Situation { buyer_wrote: wrote(90, false), ..night.clone() }, Level::Refuse, &[Why::QuietHours], Some("2026-11-25T08:00"));
    check(Situation { no_contact: true, ..unasked(Channel::Chat, "在吗", "12:00") }, Level::Refuse, &[Why::NoContact], None);
    let rude = Situation { buyer_wrote: wrote(1, true), text: "你是不是有病啊？傻 逼", ..night };
    check(rude, Level::Refuse, &[Why::Abuse], None);
    // a message is no reason to ring somebody up at night
    let rings = Situation { buyer_wrote: wrote(1, true), ..unasked(Channel::Phone, "回电", "23:30") };
    check(rings, Level::Refuse, &[Why::QuietHours], Some("2026-11-25T10:00"));
}

#[test]
fn words_that_must_not_leave_the_shop() {
    let check = |text: &str, expect: &[Why]| assert_eq!(words(text), expect, "{text}");
    check("您加我微 信聊吧", &[Why::OffPlatform]);
    check("加薇信 abc123 给您转", &[Why::OffPlatform]);
    check("这边支付宝转账给您，不走平台", &[Why::OffPlatform]);
    check("看这个 https://short.top/x1", &[Why::OffPlatform]);
    check("退款在 https://www.taobao.com/refund 里看", &[]);
    check("请勿私下转账，谨防骗子", &[]);
    check("别相信让您加微信退款的人", &[]);
    check("钱明天一定到账", &[Why::OverPromise]);
    check("退款 24 小时内到账哦", &[Why::OverPromise]);
    check("钱已打出，到账时间以银行为准", &[]);
    check("打款后留意到账", &[Why::Arrival]);
    check("请问您收到账单了吗", &[]);
    check("我保证给您处理好", &[Why::OverPromise]);
    check("抱歉，不能保证今天送到", &[]);
    check("保证金已经退回，质量保证书在箱子里", &[]);
    check("绝对没问题的亲", &[Why::OverPromise]);
    check("我们是全网最低价", &[Why::AbsoluteClaim]);
    check("给个五星好评，返现 5 元", &[Why::ReviewTied]);
    check("补偿 20 元，麻烦把差评删一下", &[Why::ReviewTied]);
    check("感谢您的好评", &[]);
    check("给您补偿 20 元，实在抱歉", &[]);
    check("退款原因选“不想要了”会快一点", &[Why::ReasonSteering]);
    check("退款原因麻烦写七天无理由", &[Why::ReasonSteering]);
    check("您选择七天无理由退货的话，运费由您承担", &[]);
    check("退款原因您按实际情况选就行", &[]);
    check("您先撤销退款，我们再寄", &[Why::ReasonSteering]);
    check("不用撤销退款，我们来操作", &[]);
    check("再这样我就曝光你，走着瞧", &[Why::Threat]);
    check("你他妈有完没完", &[Why::Abuse]);
    check("买不起就别买", &[Why::Abuse]);
    check("USB 线、SBS 拉链、傻瓜式操作", &[]);
    check("真对不起，我操作失误了，生日你要用的吧", &[]);
}

#[test]
fn evidence_is_asked_for_once() {
    let asks = |text, asks_evidence, evidence_asked| Situation {
        asks_evidence,
        evidence_asked,
        buyer_wrote: Some((at("12:00"), true)),
        ..unasked(Channel::Chat, text, "12:00")
    };
    check(asks("麻烦您拍一张破损的照片", false, 0), Level::Allow, &[], None);
    check(asks("麻烦您再拍一张外箱的照片", false, 1), Level::Warn, &[Why::EvidenceAsked], None);
    check(asks("这张不清楚", true, 1), Level::Refuse, &[Why::EvidenceAsked], None);
    check(asks("不用再拍照片了", false, 1), Level::Allow, &[], None);
    check(asks("您发的照片收到了", false, 3), Level::Allow, &[], None);
}

#[test]
fn personal_data_and_scripts_that_do_not_fit() {
    let says = |text| Situation { buyer_wrote: Some((at("12:00"), true)), ..unasked(Channel::Chat, text, "12:00") };
    check(says("是 19900006021 这个号码吗"), Level::Warn, &[Why::PersonalData], None);
    check(says("身份证 11010519491231002X 对吗"), Level::Refuse, &[Why::PersonalData], None);
    check(Situation { known: &["19900006021"], ..says("运单 19900006021") }, Level::Allow, &[], None);
    let misfit = Situation { fit: Fit::Misfit("request.symptom is no_sound".into()), ..says("请拍一下") };
    check(misfit, Level::Warn, &[Why::ScriptMisfit], None);
}

#[test]
fn words_that_promise_name_who_and_when() {
    let says = |text| Situation { buyer_wrote: Some((at("12:00"), true)), ..unasked(Channel::Chat, text, "12:00") };
    let check = |text, expect: Option<(Team, &str)>| {
        let judged = Gate::china().judge(&says(text));
        let found = judged.reasons.iter().find_map(|reason| reason.proposal.as_ref()).map(|p| (p.team, p.due_at));
        let expect = expect.map(|(team, due)| (team, Micros::parse(&format!("2026-11-{due}:00+08:00")).expect("a time")));
        assert_eq!(found, expect, "{text}");
    };
    check("清洗费明天10点前打款给您", Some((Team::Finance, "25T10:00")));
    check("我们24小时内给您补发一件", Some((Team::Warehouse, "25T12:00")));
    check("今天给您寄出", Some((Team::Warehouse, "24T21:00")));
    check("两天之内给您回复", Some((Team::Agent, "26T12:00")));
    check("后天下午3点师傅联系您", Some((Team::Technician, "26T15:00")));
    check("半小时内给您回电", Some((Team::Agent, "24T12:30")));
    check("我催一下，明天给您结果", Some((Team::Agent, "25T21:00")));
    check("平台会在24小时内退款", None);
    check("您48小时内寄回就行", None);
    check("明天能给您打款吗？", None);
    check("如果明天没到就给您补发", None);
    check("昨天已经给您打款", None);
    check("尽快给您处理", None);
    let promised = [(Team::Finance, at("12:00") + Span::hours(22))];
    let covered = Situation { promised: &promised, ..says("清洗费明天10点前打款给您") };
    assert_eq!(Gate::china().judge(&covered).verdict, Level::Allow);
    let night = Situation { role: Role::Night, ..says("明天给您退款") };
    let judged = Gate::china().judge(&night);
    assert_eq!((judged.verdict, judged.reasons[0].why), (Level::Refuse, Why::CalmOnly));
}

#[test]
fn only_what_nobody_punishes_can_be_lifted() {
    let judge = |text, channel, time| Gate::china().judge(&unasked(channel, text, time));
    assert!(judge("跟进", Channel::Phone, "21:30").may_be_lifted());
    assert!(judge("我保证", Channel::Chat, "12:00").may_be_lifted());
    assert!(!judge("加我微信", Channel::Chat, "12:00").may_be_lifted());
    assert!(!judge("傻逼", Channel::Chat, "23:00").may_be_lifted());
}

#[test]
fn the_data_is_checked_when_it_is_read() {
    let data = include_str!("../../data/gate_cn.toml");
    assert_eq!(Gate::china().read_on().to_string(), "2026-11-20");
    for (from, to, fault) in [
        ("format = 1", "format = 2", "format 2"),
        ("free = [10, 18]", "free = [18, 10]", "not in order"),
        ("code = \"abuse\"", "code = \"abuze\"", "abuze"),
        ("\"妳你\"", "\"妳你他\"", "two characters"),
    ] {
        let told = Gate::parse(&data.replacen(from, to, 1)).expect_err(from);
        assert!(told.contains(fault), "{told}");
    }
}

proptest! {
    /// Joiners, width and case never open the gate, and time alone never closes it for an answer.
    #[test]
    fn hiding_a_word_does_not_help(joiner in "[ *_~·\u{200b}]{1,3}", at_char in 1..3usize, minute in 0..1440i64) {
        let hidden: String = "加微信".chars().enumerate().map(|(n, c)| if n == at_char { format!("{joiner}{c}") } else { c.to_string() }).collect();
        prop_assert_eq!(words(&hidden), vec![Why::OffPlatform], "{}", hidden);
        let now = at("00:00") + Span::minutes(minute);
        let answer = Situation { now, buyer_wrote: Some((now, true)), ..unasked(Channel::Chat, "您好，在的", "12:00") };
        prop_assert_eq!(Gate::china().judge(&answer).verdict, Level::Allow);
    }
}
