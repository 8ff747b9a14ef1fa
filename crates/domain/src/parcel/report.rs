//! One report of a carrier, made into an event in the desk's words. Owns which of code, state and sentence is believed.

use super::{Signer, State, when, words};
use crate::time::Micros;
use serde::{Deserialize, Serialize};

/// What a feed, a file or a person says happened to a parcel. Everything may be missing or wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Report {
    /// When, as it was written.
    pub at: Option<String>,
    /// The desk's own word for the state, where the reporter knows it.
    pub state: Option<String>,
    /// A code; `scheme:code` where the scheme is known.
    pub code: Option<String>,
    /// The carrier's sentence. May hold names, phones and addresses: it is sealed.
    pub text: Option<String>,
    /// Who signed, where it is known.
    pub signed_by: Option<String>,
}

/// A report made sense of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When; `None` where the date was missing or broken.
    pub at: Option<Micros>,
    /// Where it stands among the others: its own time, or that of its neighbour.
    pub place: Micros,
    /// What happened; `None` when nothing of it could be read.
    pub state: Option<State>,
    /// Who signed.
    pub signer: Option<Signer>,
    /// Position in the input.
    pub n: usize,
}

/// Makes events of reports, oldest first. Feeds list them either way round; times decide, and an untimed report stays beside its neighbour.
///
/// `now` is the place of a report that has no timed neighbour at all.
pub fn read(reports: &[Report], offset_min: i32, now: Micros) -> Vec<Event> {
    let mut events: Vec<Event> = reports.iter().enumerate().map(|(n, report)| event(report, n, offset_min, now)).collect();
    let timed: Vec<Micros> = events.iter().filter_map(|event| event.at).collect();
    if let (Some(first), Some(last)) = (timed.first(), timed.last())
        && first > last
    {
        events.reverse();
    }
    let mut before = timed.iter().min().copied().unwrap_or(now);
    for event in &mut events {
        event.place = event.at.unwrap_or(before);
        before = event.place;
    }
    events.sort_by_key(|event| event.place);
    events
}

fn event(report: &Report, n: usize, offset_min: i32, now: Micros) -> Event {
    let text = report.text.as_deref().unwrap_or_default();
    let at = report.at.as_deref().and_then(|at| when::read_time(at, offset_min, now));
    let told = report.state.as_deref().and_then(|state| State::parse(state).or_else(|| words::of_code(state)));
    let coded = told.or_else(|| report.code.as_deref().and_then(words::of_code));
    let state = match (coded, words::of_text(text)) {
        (Some(coded), Some(finer)) if coded.allows(finer) => Some(finer),
        (None, read) => read,
        (coded, _) => coded,
    };
    let named = report.signed_by.as_deref().and_then(|who| Signer::parse(who).or_else(|| words::signer(who)));
    let signer = state.filter(|state| state.is_signed()).map(|state| named.or_else(|| words::signer(text)).unwrap_or(by_state(state)));
    Event { at, place: at.unwrap_or(now), state: state.map(|state| refine(state, signer)), signer, n }
}

/// Who signed, when only the state says it.
fn by_state(state: State) -> Signer {
    match state {
        State::SignedSelf => Signer::Itself,
        State::SignedOther => Signer::Other,
        State::SignedLocker => Signer::Locker,
        _ => Signer::Unknown,
    }
}

/// A bare "signed" together with a named hand is the finer state.
fn refine(state: State, signer: Option<Signer>) -> State {
    match (state, signer) {
        (State::Signed, Some(Signer::Itself)) => State::SignedSelf,
        (State::Signed, Some(Signer::Family | Signer::Guard | Signer::Other)) => State::SignedOther,
        (State::Signed, Some(Signer::Locker | Signer::Station)) => State::SignedLocker,
        (state, _) => state,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Micros {
        Micros::parse("2026-11-24T10:00:00+08:00").expect("a time")
    }

    fn report(at: &str, text: &str) -> Report {
        Report { at: Some(at.into()), text: Some(text.into()), ..Report::default() }
    }

    fn check(report: Report, expect: (Option<State>, Option<Signer>)) {
        let events = read(std::slice::from_ref(&report), 480, now());
        assert_eq!((events[0].state, events[0].signer), expect, "{report:?}");
    }

    #[test]
    fn the_finer_of_code_and_sentence_counts() {
        let coded = |code: &str, text: &str| Report { code: Some(code.into()), ..report("2026-11-20 10:00:00", text) };
        check(coded("kdniao:3/301", "已签收, 签收人在丰巢柜领取"), (Some(State::SignedLocker), Some(Signer::Locker)));
        check(coded("kuaidi100:在途", "已由济南某西门店代收，请及时取件"), (Some(State::AtLocker), None));
        check(coded("kuaidi100:2", "收件人拒收"), (Some(State::Refused), None));
        check(coded("kuaidi100:5", "已签收"), (Some(State::OutForDelivery), None)); // the code is not overruled, only refined
        check(coded("kuaidi100:301", ""), (Some(State::SignedSelf), Some(Signer::Itself)));
        check(coded("kuaidi100:3", "客户签收人: 他人代签"), (Some(State::SignedOther), Some(Signer::Other)));
        check(coded("?", "？"), (None, None));
        let said = Report { state: Some("signed".into()), signed_by: Some("guard".into()), ..Report::default() };
        check(said, (Some(State::SignedOther), Some(Signer::Guard)));
    }

    #[test]
    fn either_order_of_the_list_gives_the_same_events_and_untimed_ones_keep_their_place() {
        let oldest_first = vec![
            report("2026-11-20 10:00:00", "已揽收"),
            report("2026-02-30 10:00:00", "已到达分拨中心"),
            report("2026-11-22 10:00:00", "正在派件"),
            report("2026-11-21 10:00:00", "离开杭州"),
        ];
        let newest_first: Vec<Report> = oldest_first.iter().rev().cloned().collect();
        let states = |reports: &[Report]| -> Vec<_> { read(reports, 480, now()).iter().map(|e| (e.state, e.at.is_some())).collect() };
        let expect = [
            (Some(State::PickedUp), true),
            (Some(State::InTransit), false),
            (Some(State::InTransit), true),
            (Some(State::OutForDelivery), true),
        ];
        assert_eq!(states(&oldest_first), expect);
        assert_eq!(states(&newest_first), expect);
    }
}
