//! Texts ready to use: filled in, or what is missing; whether they fit, or the line by which they do not.

use super::{Asking, Variables, fill};
use crate::playbook::eval::{Line, Truth, all, condition, explain};
use crate::playbook::table::{Channel, Script};
use crate::playbook::text::Text;
use serde::Serialize;

/// Why a text does not fit.
#[derive(Clone, Debug, Serialize)]
pub struct Unfit(pub Line);

/// A text as it stands.
#[derive(Clone, Debug, Serialize)]
pub struct ScriptNow<'a> {
    /// Its id.
    pub id: &'a str,
    /// For people who choose.
    pub title: &'a Text,
    /// The words, when every variable is known.
    pub text: Option<Text>,
    /// Variables that nobody knows; such a text is not sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// Whether it fits the problem.
    pub fits: bool,
    /// The line by which it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unfit_line: Option<Unfit>,
    /// Names of the facts that sending it makes true.
    pub marks: Vec<&'a str>,
    /// Where it may be used; everywhere when empty.
    pub channel: &'a [Channel],
    /// May not be edited before sending.
    pub frozen: bool,
}

impl<'a> Asking<'a> {
    /// Every text, fitting ones first.
    pub fn scripts(&self, variables: &Variables) -> Vec<ScriptNow<'a>> {
        let mut scripts: Vec<ScriptNow<'a>> = self.book.scripts.iter().map(|script| self.script_now(script, variables)).collect();
        scripts.sort_by_key(|script| !script.fits);
        scripts
    }

    /// One text by its id.
    pub fn script(&self, id: &str, variables: &Variables) -> Option<ScriptNow<'a>> {
        self.book.scripts.iter().find(|script| script.id == id).map(|script| self.script_now(script, variables))
    }

    fn script_now(&self, script: &'a Script, variables: &Variables) -> ScriptNow<'a> {
        let filled = fill(&script.text, self.facts, self.catalogue, variables);
        let unfit_line = self.unfit(script);
        ScriptNow {
            id: &script.id,
            title: &script.title,
            text: filled.complete().cloned(),
            missing: filled.missing,
            fits: unfit_line.is_none(),
            unfit_line,
            marks: script.marks.iter().map(|mark| self.catalogue.fact(mark.0).name.as_str()).collect(),
            channel: &script.channels,
            frozen: script.frozen,
        }
    }

    /// The first line that makes it a misfit: a condition that fails, or one of the ways out that holds.
    fn unfit(&self, script: &Script) -> Option<Unfit> {
        if all(&script.fits, self.facts).is_no() {
            let lines = explain(&script.fits, self.facts, self.catalogue);
            return lines.into_iter().find(|line| line.ok == Truth::No).map(Unfit);
        }
        let out = script.unfit.iter().find(|out| condition(out, self.facts).is_yes())?;
        explain(std::slice::from_ref(out), self.facts, self.catalogue).into_iter().next().map(Unfit)
    }
}
