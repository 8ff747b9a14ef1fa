//! The facts of a case: what its rows, its people and its callbacks know, under the names of the catalogue.
//!
//! Owns the precedence: usual values first, then what was told or marked, then what the desk's own rows prove.

mod goods;
mod known;
mod learn;
mod money;
mod parcels;
mod policy;
mod talk;
mod told;
mod usual;

pub(crate) use known::{Known, Request};
pub(crate) use policy::switches;

use crate::case::row::CaseRow;
use aftercare_domain::china;
use aftercare_domain::playbook::{Catalogue, Facts, Playbook};
use aftercare_domain::time::Micros;
use learn::Learner;

/// Facts, and the next instant at which time alone changes one that no line of a playbook can foresee.
#[derive(Clone, Debug)]
pub(crate) struct Projected {
    pub facts: Facts,
    pub next_turn: Option<Micros>,
}

/// Facts out of rows.
pub(crate) fn project(case: &CaseRow, known: &Known, catalogue: &Catalogue, book: Option<&Playbook>, now: Micros) -> Projected {
    let mut learner = Learner::new(catalogue, now, china::OFFSET_MIN);
    usual::learn(&mut learner, known);
    told::of_shop(&mut learner, &known.head.settings);
    goods::cards(&mut learner, known);
    told::learn(&mut learner, case);
    policy::learn(&mut learner, case, known, book);
    talk::request(&mut learner, case, known);
    goods::order(&mut learner, known);
    goods::lines(&mut learner, known);
    parcels::learn(&mut learner, case, known);
    talk::learn(&mut learner, case, known);
    money::learn(&mut learner, case, known);
    let next_turn = learner.turns.iter().copied().min();
    Projected { facts: learner.facts, next_turn }
}

#[cfg(test)]
mod tests;
