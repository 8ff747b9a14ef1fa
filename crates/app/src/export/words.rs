//! Headings and the names behind codes, Chinese or English. Owns what a file calls things; names of scenarios, results and causes are the
//! playbooks' own.

use crate::Desk;
use crate::error::{Error, Result};
use aftercare_domain::case::{Stage, WaitingOn};
use aftercare_domain::deadline::AtZero;
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::playbook::Text;
use aftercare_domain::time::Micros;
use aftercare_store::values;
use std::collections::HashMap;

/// The words of one file.
pub(super) struct Words {
    pub(super) chinese: bool,
    scenarios: HashMap<String, String>,
    results: HashMap<String, String>,
    causes: HashMap<String, String>,
    shops: HashMap<ShopId, String>,
    people: HashMap<Id, String>,
}

impl Words {
    /// A text of ours.
    pub(super) const fn say<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        if self.chinese { zh } else { en }
    }

    /// A code as a word where nothing better is known.
    fn code(code: &str) -> String {
        code.replace('_', " ")
    }

    fn named(names: &HashMap<String, String>, code: &str) -> String {
        names.get(code).cloned().unwrap_or_else(|| Self::code(code))
    }

    pub(super) fn scenario(&self, code: &str) -> String {
        Self::named(&self.scenarios, code)
    }
    pub(super) fn result(&self, code: &str) -> String {
        Self::named(&self.results, code)
    }
    /// A cause; `未定` where nobody has said.
    pub(super) fn cause(&self, code: &str) -> String {
        if code.is_empty() || code == "unknown" { self.say("未定", "not set").to_owned() } else { Self::named(&self.causes, code) }
    }
    pub(super) fn shop(&self, shop: ShopId) -> String {
        self.shops.get(&shop).cloned().unwrap_or_default()
    }
    pub(super) fn stage(&self, code: &str) -> String {
        Stage::parse(code).filter(|_| self.chinese).map_or_else(|| Self::code(code), |stage| stage.zh().to_owned())
    }
    pub(super) fn waiting(&self, code: &str) -> String {
        WaitingOn::parse(code).filter(|_| self.chinese).map_or_else(|| Self::code(code), |who| who.zh().to_owned())
    }
    pub(super) fn at_zero(&self, code: &str) -> String {
        AtZero::parse(code).filter(|_| self.chinese).map_or_else(|| Self::code(code), |what| what.zh().to_owned())
    }
    pub(super) fn person(&self, id: Option<Id>) -> String {
        id.and_then(|id| self.people.get(&id).cloned()).unwrap_or_default()
    }
}

impl Desk {
    /// The names in force now.
    pub(super) async fn export_words(&self, chinese: bool, now: Micros) -> Result<Words> {
        let in_force = self.playbooks_in_force(now).await?;
        let text = |text: &Text| if chinese { text.zh.clone() } else { text.en.clone() };
        let (mut scenarios, mut results) = (HashMap::new(), HashMap::new());
        for (scenario, book) in in_force.books() {
            let head = &book.playbook.head;
            scenarios.insert(scenario.to_owned(), text(&head.title));
            results.extend(head.closing.results.iter().map(|result| (result.id.clone(), text(&result.title))));
        }
        let catalogue = &in_force.catalogue;
        let causes = catalogue.find("diagnosis.cause").map(|id| catalogue.fact(id).choices.clone()).unwrap_or_default();
        let causes = causes.into_iter().filter(|_| chinese).collect();
        let (shops, people) = self
            .store
            .read(move |tx| {
                let shops = tx.query("SELECT id, title FROM shop ORDER BY id", &values![], |row| Ok((row.get(0)?, row.get(1)?)))?;
                Ok::<_, Error>((
                    shops,
                    tx.query("SELECT id, display_name FROM staff ORDER BY id", &values![], |row| Ok((row.get(0)?, row.get(1)?)))?,
                ))
            })
            .await?;
        Ok(Words { chinese, scenarios, results, causes, shops: shops.into_iter().collect(), people: people.into_iter().collect() })
    }
}
