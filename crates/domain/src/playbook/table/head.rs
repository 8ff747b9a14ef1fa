//! The head of a playbook or shared file: what it is, when it applies, what it includes, its defaults of policy.

use super::closing::Closing;
use super::{Fields, Node, Read, Reading};
use crate::names::names;
use crate::playbook::catalogue::FactId;
use crate::playbook::fault::Wrong;
use crate::playbook::line::{Conditions, literal};
use crate::playbook::read::{Id, Lines, read_names};
use crate::playbook::text::{Text, nearest};
use crate::playbook::value::Value;
use toml::de::DeValue;

names! {
    /// Complaint class proposed at intake.
    Class {
        Logistics, "logistics", "物流";
        Product, "product", "商品";
        Service, "service", "服务";
        Promotion, "promotion", "活动";
    }
}

read_names!(Class);

/// Another file's tables, or one group of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include {
    /// Path of the file below `playbooks/`.
    pub file: String,
    /// Only the tables of this group.
    pub group: Option<String>,
    /// Where it stands in the file.
    pub(in crate::playbook) at: usize,
}

/// The head of a playbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The scenario's id.
    pub scenario: String,
    /// The requirement's number.
    pub number: String,
    /// Counts up with every published change.
    pub version: u32,
    /// Applies to cases opened from that day on.
    pub valid_from: Option<jiff::civil::Date>,
    /// For people.
    pub title: Text,
    /// One or two sentences.
    pub summary: Text,
    /// Proposed at intake.
    pub class: Class,
    /// When the scenario is proposed.
    pub applies: Conditions,
    /// Words of the buyer that hint at it.
    pub words: Vec<String>,
    /// Defaults of policy switches.
    pub policy: Vec<(FactId, Value)>,
    /// The call sheet's last line of retreat.
    pub bottom_line: Option<Text>,
    /// How a case ends.
    pub closing: Closing,
}

impl Head {
    pub(in crate::playbook) fn read(fields: &mut Fields<'_, '_, '_>) -> Self {
        let version: u32 = fields.need("version");
        if version == 0 {
            fields.fault_at("version", Wrong::new("0", "a version from 1 on"));
        }
        Self {
            scenario: fields.need::<Id>("scenario").0,
            number: fields.need("number"),
            version,
            valid_from: fields.opt("valid_from"),
            title: fields.need("title"),
            summary: fields.need("summary"),
            class: fields.need("class"),
            applies: fields.conditions_needed("applies"),
            words: fields.or("words", Vec::new()),
            policy: fields.or("policy", Policy::default()).0,
            bottom_line: fields.opt("bottom_line"),
            closing: fields.need("closing"),
        }
    }
}

impl Read for Include {
    fn read(reading: &mut Reading<'_>, node: Node<'_>) -> Option<Self> {
        let text = String::read(reading, node)?;
        let (file, group) = text.split_once('#').map_or((text.as_str(), None), |(file, group)| (file, Some(group)));
        if !file.starts_with("shared/") || !file.ends_with(".toml") {
            reading.not(node, "a shared file such as shared/taobao.toml, or one group of it behind #");
            return None;
        }
        Some(Self { file: file.to_owned(), group: group.map(str::to_owned), at: node.at })
    }
    fn blank() -> Self {
        Self { file: String::new(), group: None, at: 0 }
    }
}

/// Defaults of policy switches.
#[derive(Default)]
struct Policy(Vec<(FactId, Value)>);

impl Read for Policy {
    fn read(reading: &mut Reading<'_>, node: Node<'_>) -> Option<Self> {
        let DeValue::Table(table) = node.value else {
            reading.not(node, "a table { \"policy.x\" = \"value\" }");
            return None;
        };
        let mut policy = Vec::new();
        for (key, value) in table {
            let name: &str = key.get_ref();
            let value = Node { value: value.get_ref(), at: value.span().start };
            match reading.catalogue.find(name).filter(|_| name.starts_with("policy.")) {
                Some(id) => policy.extend(switch(reading, id, value).map(|value| (id, value))),
                None => {
                    let known: Vec<&str> = reading.catalogue.names().filter(|name| name.starts_with("policy.")).collect();
                    let wrong = Wrong::new(format!("\"{name}\""), "a policy switch of the catalogue");
                    let near = nearest(name, known).map(str::to_owned);
                    reading.fault(key.span().start, Wrong { nearest: near, ..wrong });
                }
            }
        }
        Some(Self(policy))
    }
    fn blank() -> Self {
        Self::default()
    }
}

fn switch(reading: &mut Reading<'_>, id: FactId, node: Node<'_>) -> Option<Value> {
    let text = String::read(reading, node)?;
    literal(&text, reading.catalogue.fact(id)).map_err(|wrong| reading.fault(node.at, wrong.at(0))).ok()
}
