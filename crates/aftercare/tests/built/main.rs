//! The built program from outside: backup and restore, crash, power cut, two nodes. One program, so that it links once.

mod canary;
mod care;
mod crash;
mod demo;
mod imports;
mod nodes;
mod power;
mod program;
