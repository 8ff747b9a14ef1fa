//! The HTTP side, told on both engines without a network.

mod calls;
mod desk;
mod live;
mod people;
mod portal;
mod table;
