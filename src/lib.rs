//! **reportsql** reads the figures of Chinese corporate reports and loads them into SQLite.
//!
//! ```text
//! bytes ─read→ Document ─tidy→ Text ─recognise→ Mentions ─bind→ Claims ─normalise→ Figures ─check→ Findings
//!                                                                                 Report ─load→ SQLite ─serve→ people
//! ```
//!
//! [`pipeline::report`] is the whole way from a document to a [`model::Report`]; everything between the first and the last
//! arrow is a pure function of its input and of the [`knowledge`] (the tables of `data/`).

pub mod bind;
pub mod check;
pub mod cli;
pub mod decimal;
pub mod error;
pub mod feed;
pub mod knowledge;
pub mod load;
pub mod message;
pub mod model;
pub mod normalise;
pub mod pipeline;
pub mod read;
pub mod recognise;
pub mod serve;
pub mod tidy;
