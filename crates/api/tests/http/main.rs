//! The HTTP side, told on both engines without a network.

mod calls;
mod desk;
mod people;
mod table;
