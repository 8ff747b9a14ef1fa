//! Commands and reads of the desk on both engines, one file per matter. One program, so that it links once.

mod buyers;
mod desk;
mod door;
mod exchange;
mod figures;
mod gate;
mod history;
mod identities;
mod import;
mod import_job;
mod intake;
mod knowledge;
mod later;
mod merging;
mod offers;
mod parcels;
mod playbooks;
mod promises;
mod requests;
mod returns;
mod search;
mod shifts;
mod soundness;
mod tasks;
mod third_parties;
mod timers;
