//! The program and the library as their users meet them: one binary for all integration tests.

mod cli;
mod corpus;
mod numerals;
mod read;
