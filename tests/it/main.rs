//! The program and the library as their users meet them: one binary for all integration tests.

mod agree;
mod check;
mod cli;
mod crash;
mod load;
mod planted;
mod read;
mod typed;
