//! Words that promise: an act of the shop with a time beside it. Owns the reading of the time; proposes who and when, makes nothing.

use super::folded::{Folded, ends_sentence};
use super::gate::Proposal;
use super::rules::Act;
use crate::deadline::day_end;
use crate::people::Team;
use crate::time::{Micros, Span};

/// The end of the desk's day, used for "today" and "tomorrow" without an hour.
const CLOSING: Span = Span::hours(21);

/// The first promise worded in the text, if any. Questions, conditions and the acts of others are none.
pub(crate) fn find(text: &Folded, acts: &[Act], others: &[String], now: Micros, offset_min: i32) -> Option<Proposal> {
    text.text.split_inclusive(ends_sentence).find_map(|sentence| {
        if sentence.ends_with(['?', '？']) || sentence.contains('吗') || others.iter().any(|word| sentence.contains(word.as_str())) {
            return None;
        }
        let team = whose(sentence, acts)?;
        let due_at = when(sentence, now, offset_min)?;
        Some(Proposal { team, due_at, text: sentence.trim_end_matches(ends_sentence).chars().take(60).collect() })
    })
}

/// The team of the act named first.
fn whose(sentence: &str, acts: &[Act]) -> Option<Team> {
    let first = |act: &Act| act.words.iter().filter_map(|word| sentence.find(word.as_str())).min().map(|at| (at, act.team));
    acts.iter().filter_map(first).min().map(|(_, team)| team)
}

/// The time named in the sentence.
fn when(sentence: &str, now: Micros, offset_min: i32) -> Option<Micros> {
    let chars: Vec<char> = sentence.chars().collect();
    within(&chars).map(|span| now + span).or_else(|| on_a_day(sentence, &chars, now, offset_min)).filter(|due| *due > now)
}

/// "24小时内", "两天之内", "3个工作日内", "半小时内".
fn within(chars: &[char]) -> Option<Span> {
    (0..chars.len()).find_map(|at| {
        let (count, after) = number(chars, at)?;
        let rest: String = chars[after..].iter().take(8).collect();
        let rest = rest.strip_prefix('个').unwrap_or(&rest);
        let units = [
            ("工作日", Span::days(1)),
            ("小时", Span::hours(1)),
            ("钟头", Span::hours(1)),
            ("分钟", Span::minutes(1)),
            ("天", Span::days(1)),
            ("日", Span::days(1)),
        ];
        let (name, unit) = units.into_iter().find(|(name, _)| rest.starts_with(name))?;
        let tail = &rest[name.len()..];
        let bounded = ["内", "之内", "以内", "里"].iter().any(|end| tail.starts_with(end));
        bounded.then_some(Span((unit.0 as f64 * count) as i64))
    })
}

/// "今天", "明天10点前", "后天下午3点", "15:30前".
fn on_a_day(sentence: &str, chars: &[char], now: Micros, offset_min: i32) -> Option<Micros> {
    let days = [("今天", 0), ("今晚", 0), ("今日", 0), ("当天", 0), ("明天", 1), ("明日", 1), ("明早", 1), ("明晚", 1), ("后天", 2)];
    let day = days.iter().find(|(name, _)| sentence.contains(name)).map(|(_, day)| *day);
    let hour = (0..chars.len()).find_map(|at| hour_at(chars, at));
    let midnight = day_end(now, offset_min) - Span::days(1);
    match (day, hour) {
        (None, None) => None,
        (day, Some(hour)) => Some(midnight + Span::days(day.unwrap_or(0)) + hour),
        (Some(day), None) => {
            let closing = midnight + Span::days(day) + CLOSING;
            Some(if closing > now { closing } else { day_end(now, offset_min) })
        }
    }
}

/// "10点", "下午3点半", "15:30" at this place.
fn hour_at(chars: &[char], at: usize) -> Option<Span> {
    if at > 0 && (chars[at - 1].is_ascii_digit() || chars[at - 1] == ':') {
        return None;
    }
    let (count, after) = number(chars, at)?;
    let minutes = match chars.get(after) {
        Some('点') if chars.get(after + 1) == Some(&'半') => 30.0,
        Some('点') => 0.0,
        Some(':' | '：') => number(chars, after + 1)?.0,
        _ => return None,
    };
    let before: String = chars[at.saturating_sub(3)..at].iter().collect();
    let later = ["下午", "晚上", "今晚", "明晚", "傍晚"].iter().any(|word| before.contains(word)) && count < 12.0;
    let hour = count + if later { 12.0 } else { 0.0 };
    (hour <= 24.0 && minutes < 60.0).then(|| Span::minutes((hour * 60.0 + minutes) as i64))
}

/// A number in digits or Chinese (up to ninety-nine, and a half), with the place after it.
fn number(chars: &[char], at: usize) -> Option<(f64, usize)> {
    let digits: String = chars[at..].iter().take(3).take_while(|c| c.is_ascii_digit()).collect();
    if !digits.is_empty() {
        return digits.parse().ok().map(|n| (n, at + digits.len()));
    }
    if chars.get(at) == Some(&'半') {
        return Some((0.5, at + 1));
    }
    let value = |c: &char| "零一二三四五六七八九".chars().position(|d| d == *c).or((*c == '两').then_some(2));
    let mut total = 0;
    let mut next = at;
    if let Some(first) = chars.get(next).and_then(value) {
        (total, next) = (first, next + 1);
    }
    if chars.get(next) == Some(&'十') {
        (total, next) = (total.max(1) * 10, next + 1);
        if let Some(last) = chars.get(next).and_then(value) {
            (total, next) = (total + last, next + 1);
        }
    }
    (next > at).then_some((total as f64, next))
}
