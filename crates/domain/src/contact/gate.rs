//! The decision: one function over the text, the channel and what is known of the case. Owns the order of the reasons and what may be lifted.

use super::folded::Folded;
use super::hours::Daily;
use super::personal::{self, Personal};
use super::rules::{Act, Rules};
use super::words::Words;
use super::{Channel, promise};
use crate::names::names;
use crate::people::{Role, Team};
use crate::time::{Micros, Span};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::LazyLock;

names! {
    /// How far the gate is open.
    Level {
        Allow, "allow", "可以发送";
        Warn, "warn", "请留意";
        Refuse, "refuse", "不能发送";
    }
}

names! {
    /// What stands against a contact.
    Why {
        QuietHours, "quiet_hours", "现在不是联系买家的时间";
        OftenToday, "often_today", "今天联系次数已多";
        NoContact, "no_contact", "买家要求不再联系";
        EvidenceAsked, "evidence_asked", "凭证已经要过，不再反复索要";
        AsksEvidence, "asks_evidence", "这是在索要凭证";
        Abuse, "abuse", "有辱骂或贬低的话";
        Threat, "threat", "有威胁的话";
        OffPlatform, "off_platform", "引导到平台之外";
        AbsoluteClaim, "absolute_claim", "绝对化的说法";
        OverPromise, "over_promise", "替银行、快递或平台作了保证";
        Arrival, "arrival", "到账由银行和平台决定，只说已打出";
        ReviewTied, "review_tied", "与评价挂钩";
        ReasonSteering, "reason_steering", "引导买家选择原因或撤销";
        PersonalData, "personal_data", "文字里有完整的个人信息";
        PromiseWording, "promise_wording", "这句话是承诺，请登记负责团队和期限";
        ScriptMisfit, "script_misfit", "话术不适合这个问题";
        ScriptFrozen, "script_frozen", "定稿话术不能改动";
        CalmOnly, "calm_only", "夜班只登记和安抚，不承诺处理结果";
    }
}

impl Why {
    /// The English text shown to users.
    pub const fn en(self) -> &'static str {
        match self {
            Self::QuietHours => "this is not a time to reach the buyer",
            Self::OftenToday => "the buyer was reached often enough today",
            Self::NoContact => "the buyer asked not to be contacted",
            Self::EvidenceAsked => "proof was asked for already; do not nag",
            Self::AsksEvidence => "this asks for proof",
            Self::Abuse => "it insults or belittles",
            Self::Threat => "it threatens",
            Self::OffPlatform => "it leads off the platform",
            Self::AbsoluteClaim => "it claims a superlative",
            Self::OverPromise => "it guarantees what a bank, carrier or platform decides",
            Self::Arrival => "when money arrives is the bank's affair; say that it was paid out",
            Self::ReviewTied => "it is tied to a review",
            Self::ReasonSteering => "it steers the reason or asks to withdraw",
            Self::PersonalData => "it spells out personal data",
            Self::PromiseWording => "this is a promise: record who keeps it and by when",
            Self::ScriptMisfit => "the script does not fit this problem",
            Self::ScriptFrozen => "this text is final and may not be changed",
            Self::CalmOnly => "the night shift takes in and calms; it promises no outcome",
        }
    }
}

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// What it is.
    pub why: Why,
    /// How grave.
    pub level: Level,
    /// No override lifts it.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// From when it is allowed, where time heals it.
    pub allowed_from: Option<Micros>,
    /// The words it is about; never personal data.
    pub found: Option<String>,
    /// The promise the words make.
    pub proposal: Option<Proposal>,
}

impl Reason {
    fn new(why: Why, level: Level) -> Self {
        Self { why, level, is_final: false, allowed_from: None, found: None, proposal: None }
    }
    pub(crate) fn timed(why: Why, level: Level, allowed_from: Micros) -> Self {
        Self { allowed_from: Some(allowed_from), ..Self::new(why, level) }
    }
    pub(crate) fn words(why: Why, level: Level, is_final: bool, found: String) -> Self {
        Self { is_final, found: Some(found), ..Self::new(why, level) }
    }
}

/// A promise read from words: who would have to keep it, and by when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// Who.
    pub team: Team,
    /// By when.
    pub due_at: Micros,
    /// The sentence.
    pub text: String,
}

/// How a script fits the problem at hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Fit {
    /// No script, or it fits.
    #[default]
    Fits,
    /// It does not; the condition that says so.
    Misfit(String),
    /// It is final, and the words are not its words.
    Altered,
}

/// What is known when something is to be said.
#[derive(Clone, Debug)]
pub struct Situation<'a> {
    /// By which way.
    pub channel: Channel,
    /// The words; on the phone a summary, whose wording is not judged.
    pub text: &'a str,
    /// The present.
    pub now: Micros,
    /// Minutes east of UTC where the buyer is.
    pub offset_min: i32,
    /// Who speaks.
    pub role: Role,
    /// The buyer's last message, and whether it still has no answer.
    pub buyer_wrote: Option<(Micros, bool)>,
    /// The buyer asked to be called back.
    pub wants_call: bool,
    /// The buyer asked not to be contacted.
    pub no_contact: bool,
    /// Contacts by this channel since the buyer's local midnight that answered nothing.
    pub done_today: u32,
    /// It asks for proof, by its script or mark.
    pub asks_evidence: bool,
    /// How often proof was asked for on this case.
    pub evidence_asked: u32,
    /// How often it may be.
    pub evidence_at_most: u32,
    /// How the script fits.
    pub fit: Fit,
    /// Numbers that belong to the matter: order number, waybills.
    pub known: &'a [&'a str],
    /// Promises that bind already: a wording that one of them covers needs no other.
    pub promised: &'a [(Team, Micros)],
}

/// The decision with its reasons, gravest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// Allow, warn or refuse.
    pub verdict: Level,
    /// Why.
    pub reasons: Vec<Reason>,
    /// From when the whole is allowed, where only time stands against it.
    pub allowed_from: Option<Micros>,
    /// What personal data stands in the text.
    pub personal: Vec<Personal>,
}

impl Judgement {
    /// Whether a named person's override may let it pass.
    pub fn may_be_lifted(&self) -> bool {
        !self.reasons.iter().any(|reason| reason.level == Level::Refuse && reason.is_final)
    }
}

/// An answer is whatever follows the buyer's message within this time.
const ANSWERS_WITHIN: Span = Span::hours(1);

/// The gate with its data.
#[derive(Debug)]
pub struct Gate {
    read: Date,
    hours: Vec<Daily>,
    fold: HashMap<char, char>,
    words: Words,
    acts: Vec<Act>,
    others: Vec<String>,
}

static CHINA: LazyLock<Gate> =
    LazyLock::new(|| Gate::parse(include_str!("../../data/gate_cn.toml")).expect("the shipped data is read by a test"));

impl Gate {
    /// Mainland China, from the file shipped with the product.
    pub fn china() -> &'static Self {
        &CHINA
    }

    /// A gate over `format = 1` text.
    ///
    /// # Errors
    /// What is wrong with the text, for whoever edits it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let rules = Rules::parse(text)?;
        let words = Words::new(rules.lists, rules.near)?;
        Ok(Self { read: rules.read, hours: rules.hours, fold: rules.fold, words, acts: rules.acts, others: rules.others })
    }

    /// The day on which the data was last gone through.
    pub fn read_on(&self) -> Date {
        self.read
    }

    /// What stands in the words alone, whoever says them and whenever.
    pub fn wording(&self, text: &str) -> Vec<Reason> {
        self.words.find(&Folded::new(text, &self.fold))
    }

    /// Judges one contact.
    pub fn judge(&self, about: &Situation<'_>) -> Judgement {
        let mut reasons = self.timing(about);
        let spoken = about.channel == Channel::Phone;
        let folded = Folded::new(about.text, &self.fold);
        let personal = if spoken { Vec::new() } else { personal::find(about.text, about.known) };
        if !spoken {
            reasons.extend(self.words.find(&folded));
            reasons.extend(personal.first().map(|kind| {
                let grave = matches!(kind, Personal::IdentityCard | Personal::BankCard);
                Reason::new(Why::PersonalData, if grave { Level::Refuse } else { Level::Warn })
            }));
        }
        evidence(about, &mut reasons);
        match &about.fit {
            Fit::Fits => {}
            Fit::Misfit(line) => reasons.push(Reason::words(Why::ScriptMisfit, Level::Warn, false, line.clone())),
            Fit::Altered => reasons.push(Reason { is_final: true, ..Reason::new(Why::ScriptFrozen, Level::Refuse) }),
        }
        if let Some(proposal) = promise::find(&folded, &self.acts, &self.others, about.now, about.offset_min) {
            reasons.extend(promised(about, proposal));
        }
        reasons.sort_by_key(|reason| std::cmp::Reverse((reason.level, reason.is_final)));
        let verdict = reasons.first().map_or(Level::Allow, |reason| reason.level);
        let only_time = reasons.iter().filter(|reason| reason.level == Level::Refuse).all(|reason| reason.allowed_from.is_some());
        let allowed_from = reasons.iter().filter(|reason| reason.level == verdict).filter_map(|reason| reason.allowed_from).max();
        Judgement { verdict, reasons, allowed_from: allowed_from.filter(|_| only_time), personal }
    }

    /// Hours, frequency and the buyer's own wish; an answer and a call the buyer asked for are never held back.
    fn timing(&self, about: &Situation<'_>) -> Vec<Reason> {
        let answers = about.buyer_wrote.is_some_and(|(at, unanswered)| unanswered || about.now <= at + ANSWERS_WITHIN);
        let answered_in_kind = answers && !matches!(about.channel, Channel::Phone | Channel::Sms);
        if answered_in_kind || (about.channel == Channel::Phone && about.wants_call) {
            return Vec::new();
        }
        let mut reasons = Vec::new();
        if about.no_contact {
            reasons.push(Reason::new(Why::NoContact, Level::Refuse));
        }
        if let Some(daily) = self.hours.iter().find(|daily| daily.channel == about.channel) {
            reasons.extend(daily.judge(about.now, about.offset_min, about.done_today));
        }
        reasons
    }
}

fn evidence(about: &Situation<'_>, reasons: &mut Vec<Reason>) {
    let worded = reasons.iter().any(|reason| reason.why == Why::AsksEvidence);
    reasons.retain(|reason| reason.why != Why::AsksEvidence);
    if (about.asks_evidence || worded) && about.evidence_asked >= about.evidence_at_most {
        // that words ask for proof is a guess; a script or mark says so itself
        let level = if about.asks_evidence { Level::Refuse } else { Level::Warn };
        reasons.push(Reason::new(Why::EvidenceAsked, level));
    }
}

fn promised(about: &Situation<'_>, proposal: Proposal) -> Option<Reason> {
    if about.role == Role::Night {
        return Some(Reason { proposal: Some(proposal), ..Reason::new(Why::CalmOnly, Level::Refuse) });
    }
    let covered = about.promised.iter().any(|(team, due)| *team == proposal.team && *due <= proposal.due_at + Span::hours(1));
    (!covered).then(|| Reason { proposal: Some(proposal), ..Reason::new(Why::PromiseWording, Level::Warn) })
}
