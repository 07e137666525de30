//! The program and the library as their users meet them: one binary for all integration tests.

mod agree;
mod bind;
mod calibrate;
mod chart;
mod check;
mod cli;
#[cfg(feature = "clients")]
mod clients;
#[cfg(feature = "clients")]
mod clients_export;
mod corpus;
mod corrections;
mod crash;
mod export;
mod house;
mod inputs;
mod judge;
mod keys;
mod load;
mod merge;
mod numerals;
mod pdf;
mod pdf_fonts;
mod pdf_hostile;
mod planted;
mod query;
mod read;
mod recipes;
mod samples;
mod scene;
mod shell;
#[cfg(feature = "clients")]
mod shells;
mod typed;
mod views;
