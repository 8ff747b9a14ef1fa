//! The tables of a playbook file, one type each. Owns their keys and what each key may hold; references are checked in `pack`.

mod clock;
mod closing;
mod goods;
mod head;
mod need;
mod rung;
mod script;
mod small;
mod step;
mod words;

pub use clock::{Deadline, During, Ends, Length, Measure, Take};
pub use closing::{By, Closing, Outcome};
pub use goods::{Criterion, Exception, ExceptionKind, Proof, Window};
pub use head::{Class, Head, Include};
pub use need::{Ask, Need};
pub use rung::{Freight, Means, PromiseOf, Remedy, Rung};
pub use script::{Channel, Script};
pub use small::{Call, CallOutcome, Cause, Document, Section, Severity};
pub use step::{Rule, Step};
pub use words::{Act, Bearer, Gate, Source};

use super::read::{Fields, Node, Read, Reading};

/// One table of a file.
#[derive(Clone, Debug)]
pub enum Table {
    /// `[[fact]]`
    Need(Need),
    /// `[[step]]`
    Step(Step),
    /// `[[offer]]`
    Rung(Box<Rung>),
    /// `[[deadline]]`
    Deadline(Deadline),
    /// `[[rule]]`
    Rule(Rule),
    /// `[[script]]`
    Script(Script),
    /// `[[call]]`
    Call(Call),
    /// `[[cause]]`
    Cause(Cause),
    /// `[[severity]]`
    Severity(Severity),
    /// `[[document]]`
    Document(Document),
    /// `[[window]]`
    Window(Window),
    /// `[[exception]]`
    Exception(Exception),
    /// `[[criterion]]`
    Criterion(Criterion),
}

impl Table {
    /// The names of the arrays of tables, in the order of the format.
    pub(super) const NAMES: [&'static str; 13] = [
        "fact",
        "step",
        "offer",
        "deadline",
        "rule",
        "script",
        "call",
        "cause",
        "severity",
        "document",
        "window",
        "exception",
        "criterion",
    ];

    /// Reads one table of the array `name`, with its group.
    pub(super) fn read(reading: &mut Reading<'_>, name: &str, node: Node<'_>) -> Option<(Self, Option<String>)> {
        let mut fields = reading.fields(node)?;
        let group = fields.opt::<super::read::Id>("group").map(|id| id.0);
        let table = match name {
            "fact" => Self::Need(Need::read(&mut fields)),
            "step" => Self::Step(Step::read(&mut fields)),
            "offer" => Self::Rung(Box::new(Rung::read(&mut fields))),
            "deadline" => Self::Deadline(Deadline::read(&mut fields)),
            "rule" => Self::Rule(Rule::read(&mut fields)),
            "script" => Self::Script(Script::read(&mut fields)),
            "call" => Self::Call(Call::read(&mut fields)),
            "cause" => Self::Cause(Cause::read(&mut fields)),
            "severity" => Self::Severity(Severity::read(&mut fields)),
            "document" => Self::Document(Document::read(&mut fields)),
            "window" => Self::Window(Window::read(&mut fields)),
            "exception" => Self::Exception(Exception::read(&mut fields)),
            _ => Self::Criterion(Criterion::read(&mut fields)),
        };
        fields.done();
        Some((table, group))
    }
}
