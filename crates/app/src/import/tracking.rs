//! Carriers' traces from files: as tracking services send them (JSON), or as a table. Owns the shapes; what a trace means is `parcel`'s.
//!
//! Known shapes of JSON: a list of traces, or one; `nu`/`com`/`data` of 快递100, `LogisticCode`/`ShipperCode`/`Traces` of 快递鸟, and our own
//! `waybill`/`carrier`/`events`. A trace that cannot be right goes to the error list; the rest goes in, and again changes nothing.

use super::report::Fault;
use super::{Report, Table};
use crate::command::CaseRef;
use crate::error::Result;
use crate::parcel::{self, NewReport, NewTracking};
use crate::{Context, Desk};
use aftercare_domain::id::ShopId;
use aftercare_domain::people::{Action, policy::Object};
use serde_json::Value;

/// Traces written in one transaction, each with some ten events.
const BATCH: usize = 40;

/// The traces of one file, in order, and what could not be read of it.
#[derive(Default)]
pub struct Traces {
    traces: Vec<(String, u64, NewTracking)>,
    faults: Vec<Fault>,
}

impl Traces {
    /// Reads JSON; a file that is none, or holds no traces, is one fault. `line` is the place of the trace in the file.
    pub fn from_json(name: &str, bytes: &[u8]) -> Self {
        let mut found = Self::default();
        let all = match serde_json::from_slice::<Value>(bytes) {
            Ok(Value::Array(all)) => all,
            Ok(one @ Value::Object(_)) => vec![one],
            Ok(_) => return found.fault(name, 1, "", "expected a list of traces"),
            Err(error) => return found.fault(name, error.line() as u64, "", "this is no JSON"),
        };
        for (n, trace) in all.iter().enumerate() {
            let place = n as u64 + 1;
            let number = text(trace, &["waybill", "tracking_no", "nu", "LogisticCode", "mailNo"]).unwrap_or_default();
            found = match one(trace, &number) {
                Ok(trace) => found.add(name, place, trace),
                Err(problem) => found.fault(name, place, &number, problem),
            };
        }
        found
    }

    /// Reads a table with the columns `waybill` and `time`, and, where they are there, `carrier`, `state`, `code`, `text`, `signed_by`.
    ///
    /// # Errors
    /// What is wrong with the file as a whole.
    pub fn from_table(table: &Table) -> std::result::Result<Self, String> {
        let (number, time) = (table.column("waybill")?, table.column("time")?);
        let optional = ["carrier", "state", "code", "text", "signed_by"].map(|name| table.column(name).ok());
        let mut found = Self::default();
        for (line, row) in table.rows() {
            let cell =
                |place: Option<usize>| place.and_then(|at| row.get(at)).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
            let [carrier, state, code, words, signed_by] = optional.map(cell);
            let waybill = cell(Some(number)).unwrap_or_default();
            let report = NewReport { at: cell(Some(time)), state, code, text: words, signed_by };
            match found.traces.iter_mut().find(|(_, _, trace)| trace.waybill == waybill) {
                Some((.., trace)) => trace.events.push(report),
                None => {
                    let trace = NewTracking { carrier: carrier.unwrap_or_default(), waybill, events: vec![report] };
                    found.traces.push((table.name.clone(), line, trace));
                }
            }
        }
        Ok(found)
    }

    /// Reports in all traces.
    fn reports(&self) -> u64 {
        self.traces.iter().map(|(.., trace)| trace.events.len() as u64).sum()
    }

    fn add(mut self, name: &str, place: u64, trace: NewTracking) -> Self {
        self.traces.push((name.to_owned(), place, trace));
        self
    }

    fn fault(mut self, name: &str, line: u64, number: &str, reason: impl Into<String>) -> Self {
        self.faults.push(fault(name, line, number, reason));
        self
    }
}

fn fault(name: &str, line: u64, number: &str, reason: impl Into<String>) -> Fault {
    // A waybill is no one's secret, but a cell may hold anything.
    let order_no = if parcel::waybill(number).is_ok() { number } else { "" };
    Fault::new(name, line, order_no, "", &reason.into())
}

fn one(trace: &Value, number: &str) -> std::result::Result<NewTracking, &'static str> {
    let events = ["events", "data", "Traces", "traces"].into_iter().find_map(|name| trace[name].as_array());
    let events = events.ok_or("expected a trace with its events")?;
    if number.is_empty() {
        return Err("the waybill is missing");
    }
    let scheme = scheme(trace);
    let report = |event: &Value| {
        let code = text(event, &["code", "label", "statusCode", "Action", "status"]);
        let code = code.map(|code| if scheme.is_empty() || code.contains(':') { code } else { format!("{scheme}:{code}") });
        NewReport {
            at: text(event, &["at", "time", "ftime", "AcceptTime"]),
            state: text(event, &["state"]),
            code: code.filter(|code| code.len() <= 60),
            text: text(event, &["text", "context", "AcceptStation"]),
            signed_by: text(event, &["signed_by"]),
        }
    };
    let carrier = text(trace, &["carrier", "com", "ShipperCode"]).unwrap_or_default();
    Ok(NewTracking { carrier, waybill: number.to_owned(), events: events.iter().map(report).collect() })
}

/// Whose codes the trace carries, where its shape or its own word says so.
fn scheme(trace: &Value) -> &'static str {
    let said = trace["label_scheme"].as_str().unwrap_or_default();
    match said.split_whitespace().next() {
        Some("kdniao") => "kdniao",
        Some("kuaidi100") => "kuaidi100",
        _ if trace.get("LogisticCode").is_some() => "kdniao",
        _ if trace.get("nu").is_some() => "kuaidi100",
        _ => "",
    }
}

fn text(value: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| match &value[*name] {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

impl Desk {
    /// Takes in the traces of files; the same again changes nothing.
    pub async fn import_tracking(
        &self,
        context: &Context,
        shop: ShopId,
        files: Vec<Traces>,
        progress: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<Report> {
        context.actor.may(Action::Import, &Object::shop("shop", shop))?;
        let mut report = Report { rows: files.iter().map(Traces::reports).sum(), ..Report::default() };
        let mut all = Vec::new();
        for file in files {
            report.faults.extend(file.faults);
            for (name, line, trace) in file.traces {
                match trace.check() {
                    Ok(_) => all.push((name, line, trace)),
                    Err(refusal) => report.faults.push(fault(&name, line, &trace.waybill, refusal.to_string())),
                }
            }
        }
        let mut done = 0;
        for batch in all.chunks(BATCH) {
            let traces: Vec<NewTracking> = batch.iter().map(|(.., trace)| trace.clone()).collect();
            let count: u64 = traces.iter().map(|trace| trace.events.len() as u64).sum();
            let (tools, frame) = (self.tools(), context.clone());
            let taken = self.store.write(move |tx| {
                let take = |trace: &NewTracking| parcel::take_in(tx, &tools, &frame, shop, trace);
                traces.iter().map(take).collect::<Result<Vec<_>>>()
            });
            for (tracked, changed) in taken.await? {
                report.traces += 1;
                report.events_new += tracked.new_events as u64;
                report.traces_with_broken_dates += u64::from(tracked.dates_broken);
                for (case, version) in changed {
                    self.announce(CaseRef { shop, id: case }, version);
                }
            }
            done += count;
            progress(done, report.rows);
        }
        self.work.notify_waiters();
        Ok(report)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::Mapping;

    #[test]
    fn every_known_shape_gives_the_same_trace() {
        let check = |json: &str| {
            let found = Traces::from_json("a.json", json.as_bytes());
            assert!(found.faults.is_empty(), "{:?}", found.faults);
            let (.., trace) = &found.traces[0];
            let event = &trace.events[0];
            assert_eq!((trace.carrier.as_str(), trace.waybill.as_str()), ("ZTO", "7319"), "{json}");
            let said = (event.at.as_deref(), event.text.as_deref(), event.code.as_deref());
            assert!(matches!(said, (Some("2022-09-20 16:20:38"), Some("已签收"), Some("kdniao:3/301" | "kuaidi100:301"))), "{said:?}");
        };
        check(
            r#"[{"carrier":"ZTO","tracking_no":"7319","label_scheme":"kdniao state","events":[{"time":"2022-09-20 16:20:38","text":"已签收","label":"3/301"}]}]"#,
        );
        check(
            r#"{"ShipperCode":"ZTO","LogisticCode":"7319","Traces":[{"AcceptTime":"2022-09-20 16:20:38","AcceptStation":"已签收","Action":"3/301"}]}"#,
        );
        check(r#"{"com":"ZTO","nu":"7319","data":[{"ftime":"2022-09-20 16:20:38","context":"已签收","statusCode":301}]}"#);
        let table =
            "waybill,carrier,time,text,code\n7319,ZTO,2022-09-20 16:20:38,已签收,kdniao:3/301\n7319,ZTO,2022-09-19 10:00:00,已揽收,\n";
        let table = Table::read("a.csv", table.as_bytes(), &Mapping::own()).expect("a table");
        let found = Traces::from_table(&table).expect("traces");
        assert_eq!((found.traces.len(), found.reports()), (1, 2));
    }

    #[test]
    fn what_is_no_trace_is_told() {
        let check = |json: &str, expect: &str| {
            let found = Traces::from_json("a.json", json.as_bytes());
            assert_eq!(found.faults.first().map(|fault| fault.reason.as_str()), Some(expect), "{json}");
        };
        check("{", "this is no JSON");
        check("3", "expected a list of traces");
        check(r#"{"kuaidi100":{"0":"在途"}}"#, "expected a trace with its events");
        check(r#"[{"tracking_no":null,"events":[]}]"#, "the waybill is missing");
    }
}
