//! A whole pack: every playbook with what it includes, checked together. Owns includes and references; a pack with a fault does not exist.

use super::catalogue::Catalogue;
use super::fault::{Fault, Wrong};
use super::read::{Entry, File, Mention, Noun, file};
use super::table::{
    Call, Cause, Criterion, Deadline, Document, Exception, Head, Include, Need, Rule, Rung, Script, Severity, Step, Table, Window,
};
use super::text::nearest;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// One scenario's policy with everything it includes. Its own tables come first, then those of the included files in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Playbook {
    /// What it is.
    pub head: Head,
    /// What has to be known.
    pub needs: Vec<Need>,
    /// What is done, in order.
    pub steps: Vec<Step>,
    /// The offers, in order.
    pub ladder: Vec<Rung>,
    /// The clocks.
    pub deadlines: Vec<Deadline>,
    /// What may happen by itself.
    pub rules: Vec<Rule>,
    /// The texts.
    pub scripts: Vec<Script>,
    /// The call flow.
    pub calls: Vec<Call>,
    /// Causes proposed for the diagnosis.
    pub causes: Vec<Cause>,
    /// How grave it is.
    pub severities: Vec<Severity>,
    /// Further text of the process document.
    pub documents: Vec<Document>,
    /// Calendar windows.
    pub windows: Vec<Window>,
    /// Exceptions from the seven days.
    pub exceptions: Vec<Exception>,
    /// When goods count as intact.
    pub criteria: Vec<Criterion>,
}

/// Every playbook by scenario.
#[derive(Clone, Debug, Default)]
pub struct Pack {
    /// In alphabetical order of the scenarios.
    pub playbooks: BTreeMap<String, Arc<Playbook>>,
}

impl Pack {
    /// Reads files given by their path below `playbooks/` and their text.
    ///
    /// # Errors
    /// Every fault of every file, in the order of the files.
    pub fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>, catalogue: &Catalogue) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let files: BTreeMap<String, File> =
            files.into_iter().map(|(path, text)| (path.to_owned(), file(path, text, catalogue, &mut faults))).collect();
        let mut pack = Self::default();
        for scenario in files.values().filter(|file| file.head.is_some()) {
            let playbook = Gathering::of(scenario, &files, &mut faults).playbook();
            pack.playbooks.insert(playbook.head.scenario.clone(), Arc::new(playbook));
        }
        for unused in files.values().filter(|file| file.head.is_none()) {
            // ids of shared files are checked with each playbook; what they include has to exist in any case
            Gathering::of(unused, &files, &mut faults);
        }
        if faults.is_empty() {
            return Ok(pack);
        }
        // one mistake in a shared file shows up in every playbook that includes it
        Err(faults.into_iter().collect::<BTreeSet<_>>().into_iter().collect())
    }
}

/// The tables of one playbook being collected.
struct Gathering<'f, 'l> {
    root: &'f File,
    files: &'f BTreeMap<String, File>,
    faults: &'l mut Vec<Fault>,
    entries: Vec<(&'f File, &'f Entry)>,
    taken: BTreeSet<(&'f str, usize)>,
}

impl<'f, 'l> Gathering<'f, 'l> {
    fn of(root: &'f File, files: &'f BTreeMap<String, File>, faults: &'l mut Vec<Fault>) -> Self {
        let mut gathering = Self { root, files, faults, entries: Vec::new(), taken: BTreeSet::new() };
        gathering.take(root, None, &mut vec![&root.path]);
        gathering
    }

    fn take(&mut self, file: &'f File, group: Option<&str>, path: &mut Vec<&'f str>) {
        for (i, entry) in file.entries.iter().enumerate() {
            if (group.is_none() || entry.group.as_deref() == group) && self.taken.insert((&file.path, i)) {
                self.entries.push((file, entry));
            }
        }
        for include in &file.includes {
            self.include(file, include, path);
        }
    }

    fn include(&mut self, from: &'f File, include: &'f Include, path: &mut Vec<&'f str>) {
        let wrong = |expected: &str| Wrong::new(format!("\"{}\"", include.file), expected);
        let Some(file) = self.files.get(&include.file) else {
            let wrong = wrong("a file of the pack").near(&include.file, self.files.keys().map(String::as_str));
            return self.fault(from, include.at, wrong);
        };
        if path.contains(&file.path.as_str()) {
            return self.fault(from, include.at, wrong("a file that does not include this one"));
        }
        if let Some(group) = &include.group
            && !file.entries.iter().any(|entry| entry.group.as_ref() == Some(group))
        {
            let groups = file.entries.iter().filter_map(|entry| entry.group.as_deref());
            let wrong = Wrong::new(format!("\"#{group}\""), format!("a group of {}", include.file)).near(group, groups);
            return self.fault(from, include.at, wrong);
        }
        path.push(&file.path);
        self.take(file, include.group.as_deref(), path);
        path.pop();
    }

    fn fault(&mut self, file: &File, at: usize, wrong: Wrong) {
        self.faults.push(Fault::at(&file.path, &file.text, at, wrong));
    }

    /// Checks every id, then sorts the tables by kind.
    fn playbook(mut self) -> Playbook {
        let known = self.definitions();
        self.references(&known);
        self.order_of_steps();
        let head = self.root.head.clone().unwrap_or_else(|| unreachable!("only playbooks are gathered to the end"));
        let mut playbook = Playbook::of(head);
        for (_, entry) in self.entries {
            playbook.add(entry.table.clone());
        }
        playbook
    }

    fn definitions(&mut self) -> HashMap<(Noun, &'f str), &'f str> {
        let mut known: HashMap<(Noun, &'f str), &'f str> = HashMap::new();
        let all: Vec<(&'f File, &'f Mention)> =
            self.entries.iter().flat_map(|(file, entry)| entry.defined.iter().map(|mention| (*file, mention))).collect();
        for (file, mention) in all {
            if let Some(first) = known.insert((mention.noun, &mention.id), &file.path) {
                let found = format!("the {} \"{}\" again, first in {first}", mention.noun.as_str(), mention.id);
                let wrong = Wrong::new(found, format!("an id of its own in {}", self.root.path));
                self.fault(file, mention.at, wrong);
            }
        }
        known
    }

    fn references(&mut self, known: &HashMap<(Noun, &'f str), &'f str>) {
        let all: Vec<(&'f File, &'f Mention)> =
            self.entries.iter().flat_map(|(file, entry)| entry.spoken_of.iter().map(|mention| (*file, mention))).collect();
        for (file, mention) in all {
            if !known.contains_key(&(mention.noun, mention.id.as_str())) {
                let ids = known.keys().filter(|(noun, _)| *noun == mention.noun).map(|(_, id)| *id);
                let expected = format!("a {} of {} or of what it includes", mention.noun.as_str(), self.root.path);
                let wrong =
                    Wrong { nearest: nearest(&mention.id, ids).map(str::to_owned), ..Wrong::new(format!("\"{}\"", mention.id), expected) };
                self.fault(file, mention.at, wrong);
            }
        }
    }

    /// No step comes after itself, however far around.
    fn order_of_steps(&mut self) {
        let steps: Vec<(&'f File, &'f Entry, &'f Step)> = self
            .entries
            .iter()
            .filter_map(|(file, entry)| if let Table::Step(step) = &entry.table { Some((*file, *entry, step)) } else { None })
            .collect();
        let after: HashMap<&str, &[String]> = steps.iter().map(|(_, _, step)| (step.id.as_str(), step.after.as_slice())).collect();
        for (file, entry, step) in steps {
            let (mut open, mut seen) = (vec![step.id.as_str()], BTreeSet::new());
            while let Some(id) = open.pop() {
                open.extend(after.get(id).into_iter().flat_map(|ids| ids.iter()).map(String::as_str).filter(|id| seen.insert(*id)));
            }
            if seen.contains(step.id.as_str()) {
                let at = entry.defined.first().map_or(0, |mention| mention.at);
                self.fault(file, at, Wrong::new(format!("the step \"{}\" after itself", step.id), "an order of steps without a circle"));
            }
        }
    }
}

impl Playbook {
    fn of(head: Head) -> Self {
        Self {
            head,
            needs: Vec::new(),
            steps: Vec::new(),
            ladder: Vec::new(),
            deadlines: Vec::new(),
            rules: Vec::new(),
            scripts: Vec::new(),
            calls: Vec::new(),
            causes: Vec::new(),
            severities: Vec::new(),
            documents: Vec::new(),
            windows: Vec::new(),
            exceptions: Vec::new(),
            criteria: Vec::new(),
        }
    }

    fn add(&mut self, table: Table) {
        match table {
            Table::Need(need) => self.needs.push(need),
            Table::Step(step) => self.steps.push(step),
            Table::Rung(rung) => self.ladder.push(*rung),
            Table::Deadline(deadline) => self.deadlines.push(deadline),
            Table::Rule(rule) => self.rules.push(rule),
            Table::Script(script) => self.scripts.push(script),
            Table::Call(call) => self.calls.push(call),
            Table::Cause(cause) => self.causes.push(cause),
            Table::Severity(severity) => self.severities.push(severity),
            Table::Document(document) => self.documents.push(document),
            Table::Window(window) => self.windows.push(window),
            Table::Exception(exception) => self.exceptions.push(exception),
            Table::Criterion(criterion) => self.criteria.push(criterion),
        }
    }
}
