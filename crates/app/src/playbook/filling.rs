//! Fills any text with what is known of a case, as the texts of its playbook are filled. Owns gathering facts and variables for it.

use super::advice::Reader;
use super::books::Playbooks;
use super::facts::{self, Known};
use super::standing;
use crate::case::row::CaseRow;
use crate::error::Result;
use aftercare_domain::china;
use aftercare_domain::playbook::answer::{Asking, Filled, Variables, fill};
use aftercare_domain::playbook::{Catalogue, Facts, Said, Text};
use aftercare_domain::time::Micros;
use aftercare_store::Tx;
use aftercare_store::vault::DataKey;
use std::sync::Arc;

/// What is known of one case.
pub(crate) struct Filler {
    facts: Facts,
    catalogue: Arc<Catalogue>,
    variables: Variables,
}

impl Filler {
    /// Gathers it. A case without a playbook has its facts and the shop's and agent's own variables.
    pub(crate) fn of(tx: &mut Tx<'_>, playbooks: &Playbooks, case: &CaseRow, key: &DataKey, reader: &Reader, now: Micros) -> Result<Self> {
        let known = Known::load(tx, case, china::midnight(now))?;
        let Some(book) = playbooks.pinned(tx, &case.scenario, case.playbook_version)? else {
            let catalogue = Arc::new(super::catalogue(tx)?);
            let facts = facts::project(case, &known, &catalogue, None, now).facts;
            let mut variables = Variables::new();
            variables.set("shop.title", known.head.shop_title.as_str());
            variables.set("agent.no", reader.agent_no.as_str());
            return Ok(Self { facts, catalogue, variables });
        };
        let facts = facts::project(case, &known, &book.catalogue, Some(&book.playbook), now).facts;
        let offers = standing::offers(tx, case)?;
        let asking = Asking { book: &book.playbook, catalogue: &book.catalogue, facts: &facts };
        let variables = standing::variables(tx, case, &asking, &known, key, &offers, reader)?;
        Ok(Self { facts, catalogue: book.catalogue.clone(), variables })
    }

    /// The text with what is known; what is not stays in braces and is listed.
    pub(crate) fn fill(&self, text: &Text) -> Filled {
        fill(&Said(text.clone()), &self.facts, &self.catalogue, &self.variables)
    }
}
