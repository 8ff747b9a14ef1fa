//! Commands and reads of the desk on both engines, one file per matter. One program, so that it links once.

mod buyers;
mod colleagues;
mod desk;
mod exchange;
mod figures;
mod gate;
mod history;
mod import;
mod import_job;
mod intake;
mod knowledge;
mod later;
mod macros;
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
